#include "core/workspace/workspace_state.h"

#include "core/casefile/merged_segments.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <pwd.h>
#include <set>
#include <unistd.h>
#include <utility>

namespace sequela::workspace {

Result<std::unique_ptr<TemporaryFolder>> TemporaryFolder::make()
{
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    if (error) {
        return std::unexpected(makeError("workspace-temporary",
                                         "there is no folder for temporary files",
                                         "set TMPDIR to a folder that can be written"));
    }
    std::string pattern = (parent / "sequela-XXXXXX").string();
    // mkdtemp makes the folder for its owner alone.
    if (::mkdtemp(pattern.data()) == nullptr) {
        return std::unexpected(
            makeError("workspace-temporary",
                      fmt::format("no temporary folder could be made in {}: {}", parent.string(),
                                  std::error_code(errno, std::generic_category()).message()),
                      "set TMPDIR to a folder that can be written"));
    }
    return std::make_unique<TemporaryFolder>(pattern);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

void Workspace::State::publish(std::shared_ptr<const schema::ColumnSource> events)
{
    const std::scoped_lock lock(access);
    auto next = std::make_shared<Snapshot>();
    next->catalog = std::make_shared<const schema::FieldCatalog>(schema, events->fields());
    // The engine depends on the events alone and keeps its caches over a change of schema.
    next->engine = snapshot && snapshot->events == events
                       ? snapshot->engine
                       : std::make_shared<engine::Engine>(casefile::mergeSegments(events));
    next->events = std::move(events);
    next->revision = ++lastRevision;
    snapshot = std::move(next);
}

Result<std::vector<casefile::VerdictRecord>> Workspace::State::verdictRecords() const
{
    if (caseFile) {
        return caseFile->verdicts();
    }
    const std::scoped_lock lock(access);
    std::vector<casefile::VerdictRecord> records;
    for (const auto& [id, record] : memoryVerdicts) {
        records.push_back(record);
    }
    return records;
}

Result<void> Workspace::State::saveVerdicts(const std::vector<casefile::VerdictRecord>& records)
{
    if (caseFile) {
        return caseFile->saveVerdicts(records);
    }
    const std::scoped_lock lock(access);
    for (const casefile::VerdictRecord& record : records) {
        memoryVerdicts.insert_or_assign(record.alertId, record);
    }
    return {};
}

Result<void> Workspace::State::applyVerdicts(detect::Detection& found) const
{
    auto records = verdictRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    const detect::VerdictBook book(*records);
    for (detect::Alert& alert : found.alerts) {
        alert.verdict = book.verdictOf(alert);
    }
    return {};
}

Result<std::shared_ptr<const detect::Detection>> Workspace::State::storedDetection() const
{
    auto stored = std::make_shared<detect::Detection>();
    if (!caseFile) {
        return stored;
    }
    auto ruleRecords = caseFile->rules();
    if (!ruleRecords) {
        return std::unexpected(std::move(ruleRecords).error());
    }
    std::map<std::string, std::shared_ptr<const detect::AlertRule>, std::less<>> byId;
    for (const casefile::RuleRecord& record : *ruleRecords) {
        byId.emplace(record.ruleId, detect::ruleFromRecord(record));
        detect::RuleOutcome outcome = detect::outcomeFromRecord(record);
        outcome.entryIndex = stored->outcomes.size();
        outcome.rule = byId.find(record.ruleId)->second;
        stored->outcomes.push_back(std::move(outcome));
    }
    auto alertRecords = caseFile->alerts();
    if (!alertRecords) {
        return std::unexpected(std::move(alertRecords).error());
    }
    const auto events = caseFile->snapshot();
    if (!events) {
        return std::unexpected(events.error());
    }
    for (const casefile::AlertRecord& record : *alertRecords) {
        auto rule = byId.find(record.ruleId);
        if (rule == byId.end()) {
            auto unnamed = std::make_shared<detect::AlertRule>();
            unnamed->ruleId = record.ruleId;
            unnamed->name = record.ruleName;
            rule = byId.emplace(record.ruleId, std::move(unnamed)).first;
        }
        stored->alerts.push_back(detect::alertFromRecord(record, rule->second));
        // A case may be a stranger's and name events that it does not have.
        for (auto& stage : stored->alerts.back().stages) {
            if (stage.event && stage.event->value() >= (*events)->eventCount()) {
                stage.event.reset();
            }
        }
    }
    SEQUELA_TRY(applyVerdicts(*stored));
    detect::sortAlerts(stored->alerts);
    return stored;
}

Result<void> Workspace::State::storeDetection(const detect::Detection& found,
                                              std::uint64_t eventCount, std::stop_token stop)
{
    if (!caseFile || caseFile->isReadOnly()) {
        return {};
    }
    const std::int64_t runTime = presentTime().nanoseconds();
    std::map<std::string, std::vector<casefile::AlertRecord>, std::less<>> alertsOfId;
    for (const detect::Alert& alert : found.alerts) {
        alertsOfId[alert.rule->ruleId].push_back(detect::toRecord(alert));
    }
    std::vector<casefile::CaseFile::RuleRun> runs;
    std::set<std::string, std::less<>> named;
    for (const detect::RuleOutcome& outcome : found.outcomes) {
        if (outcome.status == detect::RuleStatus::NotARule) {
            continue;
        }
        casefile::CaseFile::RuleRun run;
        run.rule = detect::toRecord(outcome, outcome.rule.get(), runTime, eventCount);
        if (!named.insert(run.rule.ruleId).second) {
            continue;
        }
        run.alerts = std::move(alertsOfId[outcome.ruleId]);
        runs.push_back(std::move(run));
    }
    SEQUELA_TRY(caseFile->replaceRuleRuns(runs, stop));
    auto kept = caseFile->rules();
    if (!kept) {
        return std::unexpected(std::move(kept).error());
    }
    std::vector<std::string> gone;
    for (const casefile::RuleRecord& record : *kept) {
        if (!named.contains(record.ruleId)) {
            gone.push_back(record.ruleId);
        }
    }
    return gone.empty() ? Result<void>() : caseFile->removeRules(gone);
}

SourceInfo sourceInfoOf(const ingest::FileReport& file)
{
    SourceInfo info;
    info.path = file.path;
    info.member = file.member;
    info.sha256 = file.sha256Hex;
    info.byteCount = file.bytes;
    info.eventCount = file.events;
    info.problemCount = file.problemTotal();
    info.format = file.format;
    if (file.hasTimes) {
        info.firstTime = Timestamp(file.firstTimeNs);
        info.lastTime = Timestamp(file.lastTimeNs);
    }
    return info;
}

SourceInfo sourceInfoOf(const casefile::SourceRecord& source)
{
    SourceInfo info;
    info.path = source.path;
    info.member = source.key.member;
    info.sha256 = source.key.sha256Hex;
    info.byteCount = source.key.sizeBytes;
    info.eventCount = source.eventCount;
    info.problemCount = source.problemCount;
    info.format = source.format;
    if (source.firstTime != schema::noTime) {
        info.firstTime = Timestamp(source.firstTime);
        info.lastTime = Timestamp(source.lastTime);
    }
    return info;
}

ImportOutcome outcomeOf(ingest::ImportReport report)
{
    ImportOutcome outcome;
    outcome.newEventCount = report.events();
    for (const ingest::FileReport& file : report.files) {
        ImportOutcome::File entry;
        entry.source = sourceInfoOf(file);
        entry.alreadyThere = file.outcome == ingest::FileOutcome::AlreadyThere;
        for (const ingest::Problem& problem : file.problems) {
            Diagnostic diagnostic =
                makeError(std::string(ingest::problemCode(problem.kind)), problem.reason);
            if (ingest::problemWeight(problem.kind) != ingest::ProblemWeight::Lost) {
                diagnostic.severity = Severity::Warning;
            }
            diagnostic.file = file.member.empty() ? file.path : file.path + "!/" + file.member;
            if (problem.line > 0) {
                diagnostic.begin = TextPosition{problem.line, problem.column};
            }
            if (file.outcome == ingest::FileOutcome::Failed && !entry.failure) {
                entry.failure = diagnostic;
            }
            entry.problems.push_back(std::move(diagnostic));
        }
        if (file.outcome == ingest::FileOutcome::Failed && !entry.failure) {
            entry.failure = makeError("ingest-failed", "the file could not be read");
            entry.failure->file = file.path;
        }
        outcome.files.push_back(std::move(entry));
    }
    outcome.report = std::move(report);
    return outcome;
}

std::string currentUser()
{
    constexpr std::size_t bufferBytes = 16'384;
    std::string buffer(bufferBytes, '\0');
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0
        && found != nullptr) {
        return found->pw_name;
    }
    return std::to_string(::getuid());
}

} // namespace sequela::workspace
