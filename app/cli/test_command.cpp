#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/json_writer.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/detect/rule_test_run.h"
#include "core/report/text_table.h"
#include "core/report/xml_text.h"
#include "core/rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sequela::cli {

namespace {

/// One test, or a rule or test file that is broken and so fails as a whole.
struct TestRow {
    std::string file;
    std::string ruleId;
    std::string ruleName;
    detect::RuleTestResult result;
};

struct TestJob {
    const rules::RuleEntry* entry = nullptr;
    rules::RuleTest test;
};

TestRow failedRow(const rules::RuleEntry& entry, std::string name, std::string message)
{
    TestRow row;
    row.file = entry.path;
    if (entry.rule) {
        row.ruleId = entry.rule->id;
        row.ruleName = entry.rule->name;
    }
    row.result.name = std::move(name);
    row.result.message = std::move(message);
    return row;
}

/// What is wrong with a rule before any of its tests can run.
void collectBroken(const rules::RuleEntry& entry, std::vector<TestRow>& rows)
{
    if (entry.status != rules::RuleStatus::Broken) {
        return;
    }
    const auto error = std::ranges::find(entry.diagnostics, Severity::Error, &Diagnostic::severity);
    rows.push_back(failedRow(entry, "the rule file",
                             error == entry.diagnostics.end() ? "it is broken" : error->message));
}

/// Tests of a rule; what cannot be read of them fails.
void collectTests(const rules::RuleEntry& entry, std::vector<TestJob>& jobs,
                  std::vector<TestRow>& rows)
{
    if (!entry.rule || entry.testFile.empty()) {
        return;
    }
    auto text = rules::readRuleText(entry.testFile);
    if (!text) {
        rows.push_back(failedRow(entry, entry.testFile, text.error().message));
        return;
    }
    rules::RuleTestFile file = rules::readRuleTests(*text, entry.testFile);
    for (const Diagnostic& diagnostic : file.diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            rows.push_back(failedRow(entry, "the test file", formatDiagnostic(diagnostic)));
        }
    }
    for (rules::RuleTest& test : file.tests) {
        jobs.push_back({&entry, std::move(test)});
    }
}

std::string asTable(const std::vector<TestRow>& rows, std::size_t rulesWithout)
{
    constexpr std::size_t width = 48;
    report::TextTable table({{"RESULT"}, {"RULE", false, width}, {"TEST", false, width}, {"WHY"}});
    std::size_t failed = 0;
    for (const TestRow& row : rows) {
        failed += row.result.passed ? 0U : 1U;
        table.addRow({row.result.passed ? "ok" : "FAILED",
                      row.ruleName.empty() ? row.file : row.ruleName, row.result.name,
                      row.result.message});
    }
    std::string text = rows.empty() ? std::string() : table.toString() + "\n";
    text += fmt::format("{} tests, {} failed", rows.size(), failed);
    if (rulesWithout > 0) {
        text += fmt::format(", {} rules without tests", rulesWithout);
    }
    return text + "\n";
}

std::string asJson(const std::vector<TestRow>& rows)
{
    std::string text = "[";
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const TestRow& row = rows[index];
        JsonWriter json;
        json.beginObject();
        json.member("file", row.file);
        json.member("rule_id", row.ruleId);
        json.member("rule", row.ruleName);
        json.member("test", row.result.name);
        json.key("passed");
        json.boolean(row.result.passed);
        json.member("message", row.result.message);
        json.key("found");
        json.beginArray();
        for (const std::vector<std::string>& match : row.result.found) {
            json.beginArray();
            for (const std::string& id : match) {
                json.string(id);
            }
            json.endArray();
        }
        json.endArray();
        json.endObject();
        text += (index == 0 ? "\n" : ",\n") + json.take();
    }
    return text + (rows.empty() ? "]\n" : "\n]\n");
}

std::string asJunit(const std::vector<TestRow>& rows)
{
    const auto failed =
        std::ranges::count_if(rows, [](const TestRow& row) { return !row.result.passed; });
    std::string text = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<testsuites tests=\"{0}\" failures=\"{1}\">\n"
                                   "<testsuite name=\"sequela rules\" tests=\"{0}\" "
                                   "failures=\"{1}\" errors=\"0\">\n",
                                   rows.size(), failed);
    for (const TestRow& row : rows) {
        text += fmt::format("<testcase classname=\"{}\" name=\"{}\" file=\"{}\"",
                            report::escapeXml(row.ruleName.empty() ? row.file : row.ruleName),
                            report::escapeXml(row.result.name), report::escapeXml(row.file));
        if (row.result.passed) {
            text += "/>\n";
        } else {
            text += fmt::format("><failure message=\"{0}\">{0}</failure></testcase>\n",
                                report::escapeXml(row.result.message));
        }
    }
    return text + "</testsuite>\n</testsuites>\n";
}

} // namespace

ExitCode runTest(const TestOptions& options, std::stop_token stop)
{
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    const std::vector<std::filesystem::path> paths(options.rules.begin(), options.rules.end());
    auto ruleSet = rules::loadRules(paths, stop);
    if (!ruleSet) {
        return failWith(ruleSet.error(), ExitCode::Input);
    }
    std::vector<TestRow> rows;
    std::vector<TestJob> jobs;
    std::size_t rulesWithout = 0;
    for (const rules::RuleEntry& entry : ruleSet->entries()) {
        collectBroken(entry, rows);
        collectTests(entry, jobs, rows);
        rulesWithout += entry.rule && entry.testFile.empty() ? 1U : 0U;
    }
    const std::size_t broken = rows.size();
    rows.resize(broken + jobs.size());
    const std::size_t threads =
        options.common.jobs == 0 ? defaultThreadCount() : options.common.jobs;
    parallelFor(jobs.size(), threads, [&](std::size_t index) {
        const rules::Rule& rule = *jobs[index].entry->rule;
        TestRow& row = rows[broken + index];
        row = failedRow(*jobs[index].entry, jobs[index].test.name, "cancelled");
        if (auto result = detect::runRuleTest(rule, jobs[index].test, stop)) {
            row.result = std::move(*result);
        }
    });
    if (stop.stop_requested()) {
        return failWith(cancelledError(), ExitCode::Cancelled);
    }
    const std::string text = options.format == "json"    ? asJson(rows)
                             : options.format == "junit" ? asJunit(rows)
                                                         : asTable(rows, rulesWithout);
    const ExitCode written = writeResult(text, options.common);
    if (written != ExitCode::Done) {
        return written;
    }
    const bool allPassed =
        std::ranges::all_of(rows, [](const TestRow& row) { return row.result.passed; });
    return allPassed ? ExitCode::Done : ExitCode::Findings;
}

} // namespace sequela::cli
