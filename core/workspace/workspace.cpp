#include "core/workspace/workspace.h"

#include "core/base/text_positions.h"
#include "core/casefile/memory_case.h"
#include "core/detect/alert_details.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"
#include "core/eql/value_lint.h"
#include "core/ingest/import.h"
#include "core/workspace/workspace_state.h"
#include "core/workspace/workspace_switches.h"

#include <algorithm>
#include <utility>

namespace sequela::workspace {

namespace {

bool hasErrors(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

/// The error says which case it is about.
Diagnostic aboutFile(Diagnostic error, const std::filesystem::path& file)
{
    if (error.file.empty()) {
        error.file = file.string();
    }
    return error;
}

/// Adds what is allowed and probably not meant, in order of position.
Result<void> appendLint(std::vector<Diagnostic>& diagnostics, const QueryRequest& request,
                        const eql::BoundQuery& bound, const Snapshot& snapshot,
                        std::stop_token stop)
{
    const eql::ParsedQuery parsed = eql::parseQuery(request.text, request.bind.dialect);
    std::vector<Diagnostic> found = eql::lint(parsed.query, request.text, bound, *snapshot.catalog);
    auto ofValues = eql::lintValues(bound, *snapshot.events, std::move(stop));
    if (!ofValues) {
        return std::unexpected(std::move(ofValues).error());
    }
    std::ranges::move(*ofValues, std::back_inserter(found));
    locateAll(found, request.text, {});
    std::ranges::move(found, std::back_inserter(diagnostics));
    std::ranges::stable_sort(diagnostics, {}, [](const Diagnostic& diagnostic) {
        return diagnostic.span ? diagnostic.span->begin : 0;
    });
    return {};
}

} // namespace

Workspace::Workspace(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Workspace::~Workspace() = default;

std::unique_ptr<Workspace> Workspace::inMemory()
{
    auto state = std::make_unique<State>();
    state->publish(casefile::makeMemoryCase({}));
    return std::unique_ptr<Workspace>(new Workspace(std::move(state)));
}

Result<std::unique_ptr<Workspace>> Workspace::temporary()
{
    auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(std::move(folder).error());
    }
    auto workspace = create((*folder)->path() / "case.sequela");
    if (workspace) {
        (*workspace)->m_state->folder = std::move(*folder);
    }
    return workspace;
}

Result<std::unique_ptr<Workspace>> Workspace::create(const std::filesystem::path& file)
{
    auto caseFile = casefile::CaseFile::create(file);
    if (!caseFile) {
        return std::unexpected(aboutFile(std::move(caseFile).error(), file));
    }
    return adopt(std::move(*caseFile));
}

Result<std::unique_ptr<Workspace>> Workspace::open(const std::filesystem::path& file, OpenMode mode)
{
    casefile::OpenOptions options;
    options.access =
        mode == OpenMode::ReadOnly ? casefile::Access::ReadOnly : casefile::Access::ReadWrite;
    auto caseFile = casefile::CaseFile::open(file, options);
    if (!caseFile) {
        return std::unexpected(aboutFile(std::move(caseFile).error(), file));
    }
    return adopt(std::move(*caseFile));
}

Result<std::unique_ptr<Workspace>> Workspace::adopt(std::shared_ptr<casefile::CaseFile> caseFile)
{
    auto events = caseFile->snapshot();
    if (!events) {
        return std::unexpected(std::move(events).error());
    }
    auto state = std::make_unique<State>();
    state->file = caseFile->path();
    state->caseFile = std::move(caseFile);
    state->publish(std::move(*events));
    return std::unique_ptr<Workspace>(new Workspace(std::move(state)));
}

Result<void> Workspace::close()
{
    const std::scoped_lock lock(m_state->writing);
    return m_state->caseFile ? m_state->caseFile->close() : Result<void>();
}

Result<void> Workspace::saveCopy(const std::filesystem::path& file, Progress& progress,
                                 std::stop_token stop) const
{
    if (!m_state->caseFile) {
        return std::unexpected(makeError("workspace-in-memory",
                                         "a case in memory cannot be saved as a file",
                                         "import the files into a case file instead"));
    }
    return m_state->caseFile->saveCopy(file, progress, std::move(stop));
}

const std::filesystem::path& Workspace::file() const
{
    return m_state->file;
}

bool Workspace::isReadOnly() const
{
    return m_state->caseFile && m_state->caseFile->isReadOnly();
}

std::shared_ptr<const Snapshot> Workspace::snapshot() const
{
    const std::scoped_lock lock(m_state->access);
    return m_state->snapshot;
}

bool Workspace::refresh()
{
    if (!m_state->caseFile) {
        return false;
    }
    auto events = m_state->caseFile->snapshot();
    if (!events || (*events)->eventCount() == snapshot()->events->eventCount()) {
        return false;
    }
    m_state->publish(std::move(*events));
    return true;
}

std::vector<SourceInfo> Workspace::sources() const
{
    if (!m_state->caseFile) {
        const std::scoped_lock lock(m_state->access);
        return m_state->memorySources;
    }
    std::vector<SourceInfo> infos;
    const auto events = std::dynamic_pointer_cast<const casefile::CaseSnapshot>(snapshot()->events);
    for (const casefile::SourceRecord& source : events->sources()) {
        infos.push_back(sourceInfoOf(source));
    }
    return infos;
}

SourceInfo Workspace::sourceOf(EventNumber event) const
{
    const std::vector<SourceInfo> infos = sources();
    const auto origin = snapshot()->events->origin(event);
    if (!origin || origin->source.index() >= infos.size()) {
        return {};
    }
    return infos[origin->source.index()];
}

void Workspace::setSchema(std::shared_ptr<const schema::Schema> schema)
{
    std::shared_ptr<const schema::ColumnSource> events;
    {
        const std::scoped_lock lock(m_state->access);
        m_state->schema = std::move(schema);
        events = m_state->snapshot->events;
    }
    m_state->publish(std::move(events));
}

Result<ImportOutcome> Workspace::import(const ImportRequest& request, Progress& progress,
                                        std::stop_token stop)
{
    const std::scoped_lock lock(m_state->writing);
    std::vector<std::string> paths;
    for (const std::filesystem::path& path : request.paths) {
        paths.push_back(path.string());
    }
    std::vector<ingest::Input> inputs = ingest::inputsFromPaths(paths);
    for (const auto& [name, text] : request.texts) {
        inputs.push_back({.path = name, .text = text});
    }
    ingest::ImportOptions options;
    options.derive = request.derive;
    options.archivePasswords = request.archivePasswords;
    options.mappings = request.mappings;
    options.table = request.table;
    options.libraryAlias = request.libraryAlias;
    options.clockOffsets = request.clockOffsets;
    options.workerCount = request.threadCount;
    options.isUnread = request.isUnread;
    if (!m_state->caseFile) {
        return importIntoMemory(inputs, options, progress, stop);
    }
    auto report = ingest::importFiles(*m_state->caseFile, inputs, options, &progress, stop);
    refresh();
    if (!report) {
        return std::unexpected(std::move(report).error());
    }
    if (report->cancelled) {
        return std::unexpected(cancelledError());
    }
    return outcomeOf(std::move(*report));
}

Result<ImportOutcome> Workspace::importIntoMemory(std::span<const ingest::Input> inputs,
                                                  const ingest::ImportOptions& options,
                                                  Progress& progress, std::stop_token stop)
{
    if (m_state->memoryImported) {
        return std::unexpected(makeError("workspace-import-once",
                                         "a case in memory takes one import only",
                                         "name all files at once, or use a case file"));
    }
    auto events = ingest::readIntoMemory(inputs, options, &progress, stop);
    if (!events) {
        return std::unexpected(std::move(events).error());
    }
    if (events->report.cancelled) {
        return std::unexpected(cancelledError());
    }
    {
        const std::scoped_lock access(m_state->access);
        m_state->memoryImported = true;
        for (const ingest::FileReport& file : events->report.files) {
            // Only what was read became a source; sources are numbered in the order of the report.
            if (file.outcome == ingest::FileOutcome::Read
                || file.outcome == ingest::FileOutcome::Partial) {
                m_state->memorySources.push_back(sourceInfoOf(file));
            }
        }
    }
    m_state->publish(std::move(events->source));
    return outcomeOf(std::move(events->report));
}

Result<void> Workspace::loadRules(std::span<const std::filesystem::path> paths,
                                  std::stop_token stop)
{
    auto loaded = rules::loadRules(paths, std::move(stop));
    if (!loaded) {
        return std::unexpected(std::move(loaded).error());
    }
    setRules(std::make_shared<const rules::RuleSet>(std::move(*loaded)));
    return {};
}

void Workspace::setRules(std::shared_ptr<const rules::RuleSet> rules)
{
    const std::scoped_lock lock(m_state->access);
    m_state->rules = std::move(rules);
}

std::shared_ptr<const rules::RuleSet> Workspace::rules() const
{
    const std::scoped_lock lock(m_state->access);
    return m_state->rules;
}

Result<std::shared_ptr<const detect::Detection>>
Workspace::detect(const detect::DetectOptions& options, Progress& progress, std::stop_token stop)
{
    const std::scoped_lock lock(m_state->writing);
    const std::shared_ptr<const Snapshot> current = snapshot();
    const std::shared_ptr<const rules::RuleSet> ruleSet = rules();
    auto inCase = exceptions();
    if (!inCase) {
        return std::unexpected(std::move(inCase).error());
    }
    auto switches = ruleSwitches();
    if (!switches) {
        return std::unexpected(std::move(switches).error());
    }
    auto found = m_state->run(switches->empty() ? *ruleSet : switched(*ruleSet, *switches),
                              *current, *inCase, options, progress, stop);
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    SEQUELA_TRY(m_state->storeDetection(*found, current->events->eventCount(), stop));
    auto shared = std::make_shared<const detect::Detection>(std::move(*found));
    const std::scoped_lock access(m_state->access);
    m_state->detection = shared;
    return shared;
}

std::shared_ptr<const detect::Detection> Workspace::detection() const
{
    {
        const std::scoped_lock access(m_state->access);
        if (m_state->detection) {
            return m_state->detection;
        }
    }
    auto stored = m_state->storedDetection();
    const std::scoped_lock access(m_state->access);
    if (!m_state->detection && stored) {
        m_state->detection = std::move(*stored);
    } else if (!m_state->detection) {
        // Nobody waits for an error here: it stands where the missing alerts would.
        auto unreadable = std::make_shared<detect::Detection>();
        detect::RuleOutcome outcome;
        outcome.name = "alerts kept in the case";
        outcome.status = detect::RuleStatus::Failed;
        outcome.reason = "could not be read: " + stored.error().message;
        outcome.diagnostics.push_back(std::move(stored).error());
        unreadable->outcomes.push_back(std::move(outcome));
        m_state->detection = std::move(unreadable);
    }
    return m_state->detection;
}

Result<detect::AlertDetails> Workspace::details(const detect::Alert& alert) const
{
    const std::shared_ptr<const Snapshot> current = snapshot();
    auto details = detect::detailsOf(*current->engine, *current->catalog, alert);
    if (!details) {
        return details;
    }
    const std::vector<SourceInfo> infos = sources();
    for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
        if (!alert.stages[slot].event) {
            continue;
        }
        auto origin = current->events->origin(*alert.stages[slot].event);
        if (!origin) {
            return std::unexpected(std::move(origin).error());
        }
        if (origin->source.index() < infos.size()) {
            const SourceInfo& source = infos[origin->source.index()];
            details->stages[slot].sourcePath = source.path;
            details->stages[slot].sourceMember = source.member;
            details->stages[slot].sourceSha256 = source.sha256;
        }
    }
    return details;
}

Result<QueryAnswer> Workspace::query(const QueryRequest& request, std::stop_token stop) const
{
    QueryAnswer answer;
    answer.snapshot = snapshot();
    eql::BindResult bound = eql::bindQuery(request.text, *answer.snapshot->catalog, request.bind);
    answer.diagnostics = std::move(bound.diagnostics);
    locateAll(answer.diagnostics, request.text, {});
    answer.queryHash = detect::queryHash(request.text, request.bind.dialect);
    if (!bound.query || hasErrors(answer.diagnostics)) {
        return answer;
    }
    answer.bound = std::make_shared<const eql::BoundQuery>(std::move(*bound.query));
    if (request.lint) {
        SEQUELA_TRY(appendLint(answer.diagnostics, request, *answer.bound, *answer.snapshot, stop));
    }
    engine::RunOptions options = request.run;
    // Fields named beside the query may be aliases just as those in it.
    const auto columnOf = [&answer](const std::string& name) {
        const auto found = answer.snapshot->catalog->find(name);
        return found ? found->name : name;
    };
    options.timestampField = columnOf(options.timestampField);
    if (options.tiebreakerField) {
        options.tiebreakerField = columnOf(*options.tiebreakerField);
    }
    if (request.from || request.to) {
        auto inRange = detect::eventsBetween(*answer.snapshot->events, options.timestampField,
                                             request.from, request.to);
        if (!inRange) {
            return std::unexpected(std::move(inRange).error());
        }
        if (options.events) {
            for (std::size_t word = 0; word < inRange->words().size(); ++word) {
                inRange->words()[word] &= options.events->words()[word];
            }
        }
        options.events = std::make_shared<const engine::EventSet>(std::move(*inRange));
    }
    auto result = answer.snapshot->engine->run(*answer.bound, options, std::move(stop));
    if (!result) {
        return std::unexpected(std::move(result).error());
    }
    answer.result = std::move(*result);
    return answer;
}

Result<FilterAnswer> Workspace::filter(std::string_view text, std::stop_token stop) const
{
    FilterAnswer answer;
    answer.snapshot = snapshot();
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        answer.events = detect::allEvents(answer.snapshot->events->eventCount());
        return answer;
    }
    eql::BindResult bound = eql::bindFilter(text, *answer.snapshot->catalog, {});
    answer.diagnostics = std::move(bound.diagnostics);
    locateAll(answer.diagnostics, text, {});
    if (!bound.query || hasErrors(answer.diagnostics)) {
        return answer;
    }
    auto selected = answer.snapshot->engine->select(*bound.query, {}, std::move(stop));
    if (!selected) {
        return std::unexpected(std::move(selected).error());
    }
    answer.events = std::move(*selected);
    return answer;
}

} // namespace sequela::workspace
