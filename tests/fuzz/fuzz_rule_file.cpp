#include "core/rules/lint.h"
#include "core/rules/rule_file.h"
#include "core/rules/rule_test.h"
#include "tests/fuzz/fuzz_check.h"

#include <string_view>

using namespace sequela;
using namespace sequela::fuzz;

namespace {

void checkEntry(const rules::RuleEntry& entry)
{
    for (const Diagnostic& one : entry.diagnostics) {
        check(!formatDiagnostic(one).empty());
    }
    switch (entry.status) {
    case rules::RuleStatus::Loaded:
        check(entry.rule != nullptr);
        break;
    case rules::RuleStatus::NotRun:
        check(entry.rule != nullptr && !entry.reason.empty());
        break;
    case rules::RuleStatus::NotARule:
        check(!entry.reason.empty());
        break;
    case rules::RuleStatus::Broken:
        check(hasError(entry.diagnostics));
        break;
    }
    if (entry.rule) {
        static_cast<void>(rules::lintRule(*entry.rule));
    }
}

/// A query put in its own place changes no byte; another one reads back as it was given.
void checkReplacement(std::string_view text, const rules::RuleEntry& entry)
{
    const auto replaced = rules::replaceQuery(text, "any where true");
    if (!replaced) {
        return;
    }
    const rules::RuleEntry again = rules::readRuleToml(*replaced, "fuzz.toml");
    if (entry.rule) {
        check(again.rule != nullptr && again.rule->query.text == "any where true");
        const auto back = rules::replaceQuery(*replaced, entry.rule->query.text);
        check(!back || rules::readRuleToml(*back, "fuzz.toml").rule != nullptr);
    }
}

} // namespace

/// Any bytes as a rule file of either layout, as a Kibana export and as a file of rule tests.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const rules::RuleEntry entry = rules::readRuleToml(text, "fuzz.toml");
    checkEntry(entry);
    checkReplacement(text, entry);
    for (const rules::RuleEntry& each : rules::readRuleExport(text, "fuzz.ndjson")) {
        checkEntry(each);
    }
    for (const Diagnostic& one : rules::readRuleTests(text, "fuzz.tests.toml").diagnostics) {
        check(!formatDiagnostic(one).empty());
    }
    return 0;
}
