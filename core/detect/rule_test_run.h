#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule.h"
#include "core/rules/rule_test.h"

#include <cstdint>
#include <stop_token>
#include <string>

namespace sequela::detect {

/// What came of one test of a rule.
struct RuleTestResult {
    std::string name;
    bool passed = false;
    /// One sentence why not; empty if it passed.
    std::string message;
    /// What the rule matched: event ids by stage, "" for a missing slot.
    rules::ExpectedMatches found;
    std::uint64_t nanoseconds = 0;
};

/// Runs a rule over the events of one of its tests, in memory, as a scan would: filters and
/// overrides of fields apply, suppression does not. A rule that is switched off is run all the
/// same. Errors: cancelled.
[[nodiscard]] Result<RuleTestResult>
runRuleTest(const rules::Rule& rule, const rules::RuleTest& test, std::stop_token stop = {});

} // namespace sequela::detect
