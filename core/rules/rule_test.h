#pragma once

#include "core/base/diagnostic.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sequela::rules {

/// An event of a rule test, defaults merged in and times resolved.
struct TestEvent {
    /// As written, else its 1-based number in the test.
    std::string id;
    /// One JSON document on one line: an event as any importer reads it.
    std::string document;
    TextPosition position;
};

/// Event ids by stage of each match, in order of the matches; "" stands for a missing slot.
using ExpectedMatches = std::vector<std::vector<std::string>>;

struct RuleTest {
    std::string name;
    /// Number of matches, or the matches themselves.
    std::variant<std::size_t, ExpectedMatches> expect;
    std::vector<TestEvent> events;
    TextPosition position;

    /// Whether the rule is expected not to match at all: a near miss.
    [[nodiscard]] bool expectsNothing() const;
};

struct RuleTestFile {
    std::string path;
    /// Sound tests; a broken one is left out and told in `diagnostics`.
    std::vector<RuleTest> tests;
    std::vector<Diagnostic> diagnostics;
};

/// Reads `NAME.tests.toml` (rules.md, "Rule tests"). Never fails as a whole: a file that is no TOML
/// has no tests and one diagnostic.
[[nodiscard]] RuleTestFile readRuleTests(std::string_view text, std::string_view path);

/// `dir/NAME.tests.toml` for `dir/NAME.toml`.
[[nodiscard]] std::filesystem::path testFileOf(const std::filesystem::path& ruleFile);
/// Whether the name is that of a test file.
[[nodiscard]] bool isTestFile(const std::filesystem::path& file);

/// Compares what a rule matched (event ids by stage) with what the test expects. Empty if they
/// agree, else one sentence that names the first difference. The order of matches does not count.
[[nodiscard]] std::string describeMismatch(const RuleTest& test, const ExpectedMatches& found);

} // namespace sequela::rules
