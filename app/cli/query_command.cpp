#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "app/cli/query_explain.h"
#include "app/cli/query_json.h"
#include "app/cli/query_table.h"
#include "core/base/present_time.h"
#include "core/base/text.h"
#include "core/base/text_positions.h"
#include "core/eql/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::cli {

namespace {

constexpr std::string_view queryName = "--eql";

/// What is wrong with the query, where the format wants it.
ExitCode reportProblems(std::vector<Diagnostic> diagnostics, const QueryOptions& options)
{
    for (Diagnostic& diagnostic : diagnostics) {
        diagnostic.file = queryName;
    }
    const bool broken = hasErrors(diagnostics);
    if (broken || !options.common.quiet) {
        sayDiagnostics(diagnostics);
    }
    if (broken && options.format == "json") {
        const ExitCode written = writeResult(diagnosticsJson(diagnostics), options.common);
        return written == ExitCode::Done ? ExitCode::Usage : written;
    }
    return broken ? ExitCode::Usage : ExitCode::Done;
}

/// Names the options whose field no event has: their query finds less than was meant, or nothing.
void sayAbsentFields(const QueryOptions& options, const schema::FieldCatalog& catalog)
{
    const std::array<std::pair<std::string_view, const std::string&>, 4> fields{
        {{"--timestamp-field", options.timestampField},
         {"--tiebreaker-field", options.tiebreakerField},
         {"--event-category-field", options.eventCategoryField},
         {"--id-field", options.idField}}};
    for (const auto& [option, field] : fields) {
        const auto found = catalog.find(field);
        if (!field.empty() && (!found || found->eventCount == 0)) {
            say(fmt::format("{}: warning: no event has the field [{}]\n", option,
                            visibleText(field)));
        }
    }
}

constexpr std::string_view usualTimestampField = "@timestamp";

/// What the import says of @timestamp is of no use where another field holds the time.
void forgetTimes(ingest::ImportReport& report)
{
    using ingest::ProblemKind;
    for (ingest::FileReport& file : report.files) {
        for (const ProblemKind kind : {ProblemKind::MissingTime, ProblemKind::BrokenTime}) {
            file.problemCounts[static_cast<std::size_t>(kind)] = 0;
            std::erase_if(file.problems,
                          [kind](const ingest::Problem& problem) { return problem.kind == kind; });
        }
    }
}

/// Counts the events that --timestamp-field gives no time, as the import does for @timestamp.
void sayUntimedEvents(const QueryOptions& options, const workspace::Snapshot& snapshot)
{
    const schema::ColumnSource& events = *snapshot.events;
    const auto known = snapshot.catalog->find(options.timestampField);
    const auto field = known ? events.field(known->name) : std::nullopt;
    if (options.timestampField == usualTimestampField || !field) {
        return;
    }
    std::uint64_t untimed = 0;
    for (std::uint32_t segment = 0; segment < events.segments().size(); ++segment) {
        const auto times = events.times(SegmentNumber(segment), *field);
        if (!times) {
            return;
        }
        untimed += *times == nullptr
                       ? events.segments()[segment].eventCount
                       : static_cast<std::uint64_t>(std::ranges::count(**times, schema::noTime));
    }
    if (untimed > 0) {
        say(fmt::format("--timestamp-field: warning: [{}] holds no usable time in {} of {} events; "
                        "they take part in no sequence\n",
                        visibleText(options.timestampField), untimed, events.eventCount()));
    }
}

/// Names the fields of the query whose type the values leave open.
void sayMixedFields(const eql::BoundQuery& query, const schema::FieldCatalog& catalog)
{
    for (const eql::BoundField& field : query.fields) {
        const auto found = catalog.find(field.name);
        if (found && found->conflicting) {
            say(fmt::format("{}: warning: [{}] holds values of several kinds and is compared as "
                            "keyword\n",
                            queryName, visibleText(field.name)));
        }
    }
}

workspace::QueryRequest requestOf(const QueryOptions& options, const TimeRange& range,
                                  std::string text)
{
    workspace::QueryRequest request;
    request.text = std::move(text);
    request.bind.dialect = options.common.dialect();
    request.bind.eventCategoryField = options.eventCategoryField;
    request.bind.strictFields = options.strictFields;
    request.bind.now = presentTime();
    request.run.timestampField = options.timestampField;
    if (!options.tiebreakerField.empty()) {
        request.run.tiebreakerField = options.tiebreakerField;
    }
    request.run.size = options.size;
    request.run.resultPosition = options.resultPosition == "head" ? engine::ResultPosition::Head
                                                                  : engine::ResultPosition::Tail;
    request.run.maxSamplesPerKey = options.maxSamplesPerKey;
    request.run.runtimeErrors = options.runtimeErrors == "fail"
                                    ? engine::RuntimeErrors::Fail
                                    : engine::RuntimeErrors::CountAsNull;
    request.run.threadCount = options.common.jobs;
    request.run.collectFunnel = options.explain;
    request.from = range.from;
    request.to = range.to;
    return request;
}

Result<std::string> answerText(const QueryOptions& options, const workspace::QueryAnswer& answer,
                               std::stop_token stop)
{
    const schema::ColumnSource& events = *answer.snapshot->events;
    const auto idField = answer.snapshot->catalog->find(options.idField);
    QueryJson json(events, idField ? idField->name : options.idField);
    std::optional<ingest::ProvenanceReader> provenance;
    if (options.provenance) {
        // Read once already, so it can be read again.
        auto tables = mappingTables(options.events);
        if (!tables) {
            return std::unexpected(std::move(tables).error());
        }
        const std::string forced = forcedTable(*tables);
        provenance.emplace(std::move(*tables), forced);
        json.showProvenance(*provenance);
    }
    if (options.format == "json") {
        return json.response(*answer.result, answer.bound->kind, stop);
    }
    if (options.format == "ndjson") {
        return json.lines(*answer.result, answer.bound->kind, stop);
    }
    return queryTable(events, *answer.result, *answer.bound, options.timestampField, json, stop);
}

} // namespace

ExitCode runQuery(const QueryOptions& options, std::stop_token stop)
{
    auto range = timeRange(options.common);
    if (!range) {
        return range.error();
    }
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    std::string text = options.eql;
    if (text == "-") {
        auto read = readText("-");
        if (!read) {
            return failWith(read.error(), ExitCode::Input);
        }
        text = std::move(*read);
    }
    // What does not parse is told before anything is read; binding needs the fields of the data.
    eql::ParsedQuery parsed = eql::parseQuery(text, options.common.dialect());
    if (hasErrors(parsed.diagnostics)) {
        locateAll(parsed.diagnostics, text, queryName);
        return reportProblems(std::move(parsed.diagnostics), options);
    }
    auto opened = openEvents(options.events, options.common, CaseAccess::Read, true, stop);
    if (!opened) {
        return opened.error();
    }
    if (opened->import) {
        if (options.timestampField != usualTimestampField) {
            forgetTimes(opened->import->report);
        }
        sayImport(*opened->import, options.common.quiet);
    }
    const workspace::QueryRequest request = requestOf(options, *range, std::move(text));
    auto answer = opened->workspace->query(request, stop);
    if (!answer) {
        return failWith(answer.error(),
                        isDataError(answer.error()) ? ExitCode::Input : ExitCode::Usage);
    }
    if (const ExitCode code = reportProblems(answer->diagnostics, options);
        code != ExitCode::Done) {
        return code;
    }
    const bool holdsEvents = answer->snapshot->events->eventCount() > 0;
    if (holdsEvents && !options.common.quiet) {
        sayAbsentFields(options, *answer->snapshot->catalog);
        sayUntimedEvents(options, *answer->snapshot);
        sayMixedFields(*answer->bound, *answer->snapshot->catalog);
    }
    for (const engine::RuntimeWarning& warning : answer->result->warnings) {
        say(fmt::format("{}: warning: {} ({} times)\n", queryName, warning.message, warning.count));
    }
    std::string result;
    if (options.explain) {
        result = explainQuery(request.text, request.bind.dialect, *answer);
    } else {
        auto written = answerText(options, *answer, stop);
        if (!written) {
            return failWith(written.error(), ExitCode::Input);
        }
        result = std::move(*written);
    }
    const ExitCode code = writeResult(result, options.common);
    return code == ExitCode::Done ? opened->inputCode : code;
}

} // namespace sequela::cli
