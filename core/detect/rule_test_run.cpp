#include "core/detect/rule_test_run.h"

#include "core/base/progress.h"
#include "core/detect/detection.h"
#include "core/ingest/import.h"
#include "core/schema/field_catalog.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>

namespace sequela::detect {

namespace {

/// The documents, one a line: an event's record number is its place in the test.
Result<ingest::EventsInMemory> eventsOf(const rules::RuleTest& test, std::stop_token stop)
{
    std::string lines;
    for (const rules::TestEvent& event : test.events) {
        lines += event.document + "\n";
    }
    const std::vector<ingest::Input> inputs{{test.name, std::move(lines)}};
    ingest::ImportOptions options;
    options.workerCount = 1;
    return ingest::readIntoMemory(inputs, options, nullptr, std::move(stop));
}

Result<rules::ExpectedMatches> foundIds(const Detection& detection,
                                        const schema::ColumnSource& source,
                                        const rules::RuleTest& test)
{
    rules::ExpectedMatches found;
    for (const Alert& alert : detection.alerts) {
        std::vector<std::string> ids;
        for (const AlertStage& stage : alert.stages) {
            if (!stage.event) {
                ids.emplace_back();
                continue;
            }
            auto origin = source.origin(*stage.event);
            if (!origin) {
                return std::unexpected(std::move(origin).error());
            }
            ids.push_back(origin->record < test.events.size() ? test.events[origin->record].id
                                                              : std::string("?"));
        }
        found.push_back(std::move(ids));
    }
    return found;
}

/// Why a rule gave no answer at all; empty where it did.
std::string troubleOf(const RuleOutcome& outcome)
{
    switch (outcome.status) {
    case RuleStatus::Ran:
    case RuleStatus::MissingCategory:
    case RuleStatus::FieldNeverPopulated:
        return {};
    case RuleStatus::Disabled:
    case RuleStatus::OtherType:
    case RuleStatus::Unsupported:
    case RuleStatus::Broken:
    case RuleStatus::NotARule:
    case RuleStatus::Failed:
        break;
    }
    return outcome.reason.empty() ? "the rule could not be run" : outcome.reason;
}

} // namespace

Result<RuleTestResult> runRuleTest(const rules::Rule& rule, const rules::RuleTest& test,
                                   std::stop_token stop)
{
    const auto start = std::chrono::steady_clock::now();
    RuleTestResult result;
    result.name = test.name;
    auto events = eventsOf(test, stop);
    if (!events) {
        if (isCancelled(events.error())) {
            return std::unexpected(std::move(events).error());
        }
        result.message = fmt::format("its events could not be read: {}", events.error().message);
        return result;
    }
    if (events->report.lostRecords() > 0 || !events->source) {
        result.message = "an event of the test is no document that could be imported";
        return result;
    }

    auto unsuppressed = std::make_shared<rules::Rule>(rule);
    unsuppressed->suppression.reset();
    rules::RuleEntry entry;
    entry.path = rule.path;
    entry.rule = std::move(unsuppressed);
    rules::RuleSet set;
    std::vector<rules::RuleEntry> entries;
    entries.push_back(std::move(entry));
    set.append(std::move(entries));

    engine::Engine engine(events->source);
    const schema::FieldCatalog catalog(schema::Schema::ecs(), events->source->fields());
    DetectOptions options;
    options.includeDisabled = true;
    options.threadCount = 1;
    Progress progress;
    auto detection = detect(set, engine, catalog, options, progress, stop);
    if (!detection) {
        if (isCancelled(detection.error())) {
            return std::unexpected(std::move(detection).error());
        }
        result.message = detection.error().message;
        return result;
    }
    result.message = troubleOf(detection->outcomes.front());
    if (result.message.empty()) {
        auto found = foundIds(*detection, *events->source, test);
        if (!found) {
            return std::unexpected(std::move(found).error());
        }
        result.found = std::move(*found);
        result.message = rules::describeMismatch(test, result.found);
    }
    result.passed = result.message.empty();
    result.nanoseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::steady_clock::now() - start)
                                       .count());
    return result;
}

} // namespace sequela::detect
