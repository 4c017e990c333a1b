#pragma once

#include "core/base/diagnostic.h"
#include "core/casefile/database.h"

#include <filesystem>
#include <span>

namespace sequela::casefile {

/// "SEQ1" in the file's header.
inline constexpr std::int64_t caseApplicationId = 0x5345'5131;
/// Version of schema.sql, in the file's user_version.
inline constexpr int caseSchemaVersion = 1;

/// SQL that takes a case from one version to the next.
struct Migration {
    int fromVersion = 0;
    const char* sql = nullptr;
};

/// All steps there are, ascending.
[[nodiscard]] std::span<const Migration> knownMigrations();

/// Application id and version fit: a case, and not one of a newer program.
[[nodiscard]] Result<int> recognizeCase(Connection& connection);

/// Copies the case beside itself (`NAME.vN.backup`) and then applies the steps from its version to
/// @p targetVersion in one transaction. Returns the copy's path.
[[nodiscard]] Result<std::filesystem::path> migrateCase(Connection& connection,
                                                        const std::filesystem::path& path,
                                                        std::span<const Migration> steps,
                                                        int targetVersion);

/// Creates all tables of an empty file.
[[nodiscard]] Result<void> createSchema(Connection& connection);
/// Whether the tables are those of schema.sql word for word and nothing hooks into them: a
/// doctored case could otherwise hide a program behind a table's name.
[[nodiscard]] Result<void> verifySchema(Connection& connection);

} // namespace sequela::casefile
