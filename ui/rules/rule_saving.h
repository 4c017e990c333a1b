#pragma once

#include "core/base/diagnostic.h"

#include <filesystem>
#include <string>

namespace sequela::ui {

/// Writes @p query into a rule file and leaves every other byte of it alone; the new file replaces
/// the old one in one step. Returns the file's new text. Errors: the file is not there or cannot be
/// written; its query is no longer @p savedQuery (`rule-changed-outside`); the file cannot hold the
/// query (rules::replaceQuery). Off the GUI thread.
[[nodiscard]] Result<std::string> saveRuleQuery(const std::filesystem::path& path,
                                                const std::string& savedQuery,
                                                const std::string& query);

} // namespace sequela::ui
