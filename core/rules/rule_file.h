#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::rules {

enum class RuleStatus : std::uint8_t {
    /// Can be parsed and run.
    Loaded,
    /// A sound rule that is not run, `reason` says why.
    NotRun,
    /// Could not be read; `diagnostics` say where and why.
    Broken,
    /// A file that holds no rule; `reason` says what it looks like.
    NotARule,
};

enum class NotRunReason : std::uint8_t { None, OtherType, UnsupportedFilter, Deprecated };

/// What became of one rule file, or of one line of an export.
struct RuleEntry {
    std::string path;
    /// 1-based line of an export; 0 for TOML.
    std::size_t exportLine = 0;
    RuleStatus status = RuleStatus::Loaded;
    NotRunReason notRunReason = NotRunReason::None;
    /// One phrase, fit to follow "not run: " or "not a rule: ": "type esql".
    std::string reason;
    /// Present for Loaded and NotRun.
    std::shared_ptr<const Rule> rule;
    /// Errors of a broken file; warnings and notes (unknown keys) of one that loaded. Located.
    std::vector<Diagnostic> diagnostics;
    /// `NAME.tests.toml` beside it; empty if there is none.
    std::string testFile;
};

/// Reads one TOML rule from memory. @p path is for messages and for the id of rules without one.
[[nodiscard]] RuleEntry readRuleToml(std::string_view text, std::string_view path);

/// Reads a Kibana rule export: one entry a line that is not blank.
[[nodiscard]] std::vector<RuleEntry> readRuleExport(std::string_view text, std::string_view path);

/// @p fileText with the query replaced by @p newQuery and every other byte kept, quoting and line
/// ends included (line ends of the new query follow the file's). Errors: the file does not parse
/// (`rule-toml`), holds no query (`rule-no-query`), or the query cannot be written in the kind of
/// string the file uses (`rule-query-unwritable`: ''' inside a ''' string, a line break in a
/// one-line string). The result reads back as @p newQuery, checked.
[[nodiscard]] Result<std::string> replaceQuery(std::string_view fileText,
                                               std::string_view newQuery);

} // namespace sequela::rules
