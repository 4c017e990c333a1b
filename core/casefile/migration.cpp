#include "core/casefile/migration.h"

#include "core/casefile/blob.h"
#include "core/casefile/schema_text.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <system_error>
#include <utility>

namespace sequela::casefile {

namespace {

/// Name → definition of everything in the schema that has one.
Result<std::map<std::string, std::string>> definitions(Connection& connection)
{
    auto rows = connection.prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL");
    if (!rows) {
        return std::unexpected(std::move(rows).error());
    }
    std::map<std::string, std::string> found;
    for (;;) {
        const auto row = rows->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            return found;
        }
        if (rows->view(0) == "trigger") {
            return std::unexpected(damagedError("it holds a trigger, which no case has"));
        }
        found.emplace(rows->text(1), rows->text(2));
    }
}

Result<std::filesystem::path> backUp(Connection& connection, const std::filesystem::path& path,
                                     int version)
{
    std::filesystem::path backup = path;
    backup += fmt::format(".v{}.backup", version);
    std::error_code ignored;
    for (int attempt = 2; std::filesystem::exists(backup, ignored); ++attempt) {
        backup = path;
        backup += fmt::format(".v{}.backup-{}", version, attempt);
    }
    auto copy = connection.prepare("VACUUM INTO ?");
    if (!copy) {
        return std::unexpected(std::move(copy).error());
    }
    const std::string name = backup.string();
    copy->bind(1, std::string_view(name));
    if (auto done = copy->run(); !done) {
        std::filesystem::remove(backup, ignored);
        return std::unexpected(std::move(done).error());
    }
    return backup;
}

} // namespace

std::span<const Migration> knownMigrations()
{
    return {};
}

Result<int> recognizeCase(Connection& connection)
{
    const auto applicationId = connection.integer("PRAGMA application_id");
    if (!applicationId) {
        return std::unexpected(applicationId.error());
    }
    const auto version = connection.integer("PRAGMA user_version");
    if (!version) {
        return std::unexpected(version.error());
    }
    if (*applicationId != caseApplicationId || *version < 1) {
        return std::unexpected(
            makeError("case-not-a-case", "The file is a database, but not a Sequela case.",
                      "Event files are imported into a case, not opened as one."));
    }
    if (*version > caseSchemaVersion) {
        return std::unexpected(makeError(
            "case-newer",
            fmt::format("The case was written by a newer Sequela (format {}, this program knows "
                        "up to {}).",
                        *version, caseSchemaVersion),
            "Open it with a newer version of the program."));
    }
    return static_cast<int>(*version);
}

Result<std::filesystem::path> migrateCase(Connection& connection, const std::filesystem::path& path,
                                          std::span<const Migration> steps, int targetVersion)
{
    const auto stored = connection.integer("PRAGMA user_version");
    if (!stored) {
        return std::unexpected(stored.error());
    }
    int version = static_cast<int>(*stored);
    auto backup = backUp(connection, path, version);
    if (!backup) {
        return backup;
    }
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return std::unexpected(std::move(transaction).error());
    }
    for (const Migration& step : steps) {
        if (step.fromVersion == version && version < targetVersion) {
            SEQUELA_TRY(connection.execute(step.sql));
            ++version;
        }
    }
    if (version != targetVersion) {
        return std::unexpected(damagedError(
            fmt::format("there is no way from format {} to {}", version, targetVersion)));
    }
    SEQUELA_TRY(connection.execute(fmt::format("PRAGMA user_version={}", version).c_str()));
    SEQUELA_TRY(transaction->commit());
    return backup;
}

Result<void> createSchema(Connection& connection)
{
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return std::unexpected(std::move(transaction).error());
    }
    SEQUELA_TRY(connection.execute(std::string(schemaText).c_str()));
    SEQUELA_TRY(connection.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                               caseApplicationId, caseSchemaVersion)
                                       .c_str()));
    return transaction->commit();
}

Result<void> verifySchema(Connection& connection)
{
    auto found = definitions(connection);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    auto model = Connection::inMemory();
    if (!model) {
        return std::unexpected(std::move(model).error());
    }
    SEQUELA_TRY((*model)->execute(std::string(schemaText).c_str()));
    const auto expected = definitions(**model);
    if (!expected) {
        return std::unexpected(expected.error());
    }
    for (const auto& [name, definition] : *expected) {
        const auto there = found->find(name);
        if (there == found->end() || there->second != definition) {
            return std::unexpected(
                damagedError(fmt::format("\"{}\" is not what it should be", name)));
        }
    }
    return {};
}

} // namespace sequela::casefile
