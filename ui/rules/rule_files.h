#pragma once

#include "core/base/diagnostic.h"

#include <filesystem>
#include <string>

/// What the workshop does with files of rules. Everything here reads and writes the disk: in jobs.
namespace sequela::ui {

/// Writes the whole file at once: what was there stays as it is until all of the new one is on
/// disk. Errors: `rule-not-written`.
[[nodiscard]] Result<bool> writeWhole(const std::filesystem::path& file, const std::string& text);

/// Puts a `[[test]]` behind those of the file, which is made if it is not there.
[[nodiscard]] Result<bool> appendToTestFile(const std::filesystem::path& file,
                                            const std::string& test);

/// Writes a new rule file. Errors: `rule-exists`.
[[nodiscard]] Result<bool> createRule(const std::filesystem::path& file, const std::string& text);

/// A copy of a rule under another file name, rule name and id. Tests stay with the original.
/// Errors: `rule-exists`, `rule-copy`, unreadable.
[[nodiscard]] Result<bool> duplicateRule(const std::filesystem::path& from,
                                         const std::filesystem::path& to, const std::string& name,
                                         const std::string& ruleId);

/// Moves a rule file with its tests, to another name or another folder. Errors: `rule-exists`,
/// `rule-not-moved`; then nothing has moved.
[[nodiscard]] Result<bool> moveRule(const std::filesystem::path& from,
                                    const std::filesystem::path& to);

/// A file name for a rule: lower case, words joined by `_`, `.toml`.
[[nodiscard]] std::string fileNameFor(const std::string& ruleName);

} // namespace sequela::ui
