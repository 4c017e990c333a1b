#include "core/ingest/import_report.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace sequela::ingest {
namespace {

struct KindFacts {
    std::string_view code;
    std::string_view title;
    ProblemWeight weight;
};

/// In the order of ProblemKind.
constexpr std::array<KindFacts, problemKindCount> kindFacts{{
    {"ingest-unreadable", "cannot be read", ProblemWeight::Lost},
    {"ingest-empty", "empty", ProblemWeight::Note},
    {"ingest-unknown-format", "unknown format", ProblemWeight::Lost},
    {"ingest-damaged-archive", "damaged or truncated archive", ProblemWeight::Lost},
    {"ingest-encrypted", "encrypted", ProblemWeight::Lost},
    {"ingest-archive-limit", "archive limit", ProblemWeight::Lost},
    {"ingest-skipped-file", "skipped file", ProblemWeight::Note},
    {"ingest-broken-document", "broken document", ProblemWeight::Lost},
    {"ingest-truncated-document", "truncated document", ProblemWeight::Lost},
    {"ingest-not-an-object", "not an object", ProblemWeight::Lost},
    {"ingest-document-too-large", "document too large", ProblemWeight::Lost},
    {"ingest-document-too-deep", "document nested too deeply", ProblemWeight::Lost},
    {"ingest-too-many-fields", "too many fields", ProblemWeight::Impaired},
    {"ingest-too-many-values", "too many values in a list", ProblemWeight::Impaired},
    {"ingest-field-name-too-long", "field name too long", ProblemWeight::Impaired},
    {"ingest-invalid-utf8", "invalid UTF-8 replaced", ProblemWeight::Note},
    {"ingest-lone-surrogate", "lone surrogate replaced", ProblemWeight::Note},
    {"ingest-control-character", "raw control character", ProblemWeight::Note},
    {"ingest-empty-key", "empty key", ProblemWeight::Note},
    {"ingest-missing-time", "no time", ProblemWeight::Impaired},
    {"ingest-broken-time", "broken time", ProblemWeight::Impaired},
    {"ingest-missing-host", "no host", ProblemWeight::Impaired},
    {"ingest-bulk-action", "bulk action without a document", ProblemWeight::Note},
    {"ingest-duplicate", "already imported", ProblemWeight::Note},
    {"ingest-damaged-chunk", "damaged chunk", ProblemWeight::Lost},
    {"ingest-wrong-checksum", "wrong checksum", ProblemWeight::Note},
    {"ingest-no-event", "line without an event", ProblemWeight::Note},
    {"ingest-unused-chunk", "unused chunk", ProblemWeight::Note},
    {"ingest-record-gap", "gap in record ids", ProblemWeight::Note},
    {"ingest-repeated-record", "repeated record id", ProblemWeight::Note},
    {"ingest-time-gap", "day without events", ProblemWeight::Note},
    {"ingest-clock-anomaly", "clocks that disagree", ProblemWeight::Note},
    {"ingest-trailing-comma", "trailing comma", ProblemWeight::Note},
    {"ingest-wrong-bracket", "bracket missing or too many", ProblemWeight::Note},
    {"ingest-triple-quotes", "text in triple quotes", ProblemWeight::Note},
    {"ingest-blind-spot", "not recorded by the source", ProblemWeight::Note},
    {"ingest-clock-corrected", "clock corrected", ProblemWeight::Note},
}};

std::string fileName(const FileReport& file)
{
    return visibleText(file.member.empty() ? file.path
                                           : fmt::format("{}!/{}", file.path, file.member));
}

} // namespace

std::string_view problemCode(ProblemKind kind)
{
    return kindFacts[static_cast<std::size_t>(kind)].code;
}

std::string_view problemTitle(ProblemKind kind)
{
    return kindFacts[static_cast<std::size_t>(kind)].title;
}

ProblemWeight problemWeight(ProblemKind kind)
{
    return kindFacts[static_cast<std::size_t>(kind)].weight;
}

std::string_view fileOutcomeName(FileOutcome outcome)
{
    switch (outcome) {
    case FileOutcome::Read:
        return "read";
    case FileOutcome::Partial:
        return "partly read";
    case FileOutcome::AlreadyThere:
        return "already there";
    case FileOutcome::Continued:
        return "continued";
    case FileOutcome::Skipped:
        return "skipped";
    case FileOutcome::Failed:
        return "not read";
    }
    return "";
}

void ContentCounts::add(const ContentCounts& other, std::size_t mostNames)
{
    const auto merge = [&](auto& into, const auto& from) {
        for (const auto& [name, count] : from) {
            const bool fits = into.size() < mostNames || into.contains(name);
            into[fits ? name : std::string("…")] += count;
        }
    };
    merge(shapes, other.shapes);
    merge(categories, other.categories);
    merge(unmapped, other.unmapped);
    merge(clocksCorrected, other.clocksCorrected);
}

std::uint64_t FileReport::problemTotal() const
{
    return std::accumulate(problemCounts.begin(), problemCounts.end(), std::uint64_t{0});
}

std::uint64_t FileReport::lostRecords() const
{
    return problemCount(ProblemKind::BrokenDocument) + problemCount(ProblemKind::TruncatedDocument)
           + problemCount(ProblemKind::NotAnObject) + problemCount(ProblemKind::DocumentTooLarge)
           + problemCount(ProblemKind::DocumentTooDeep);
}

std::uint64_t ImportReport::events() const
{
    std::uint64_t sum = 0;
    for (const FileReport& file : files) {
        sum += file.events;
    }
    return sum;
}

std::uint64_t ImportReport::bytes() const
{
    std::uint64_t sum = 0;
    for (const FileReport& file : files) {
        sum += file.bytes;
    }
    return sum;
}

std::uint64_t ImportReport::lostRecords() const
{
    std::uint64_t sum = 0;
    for (const FileReport& file : files) {
        sum += file.lostRecords();
    }
    return sum;
}

bool ImportReport::hasFailedInput() const
{
    const auto gaveEvents = [&](const FileReport& failed) {
        return std::ranges::any_of(files, [&](const FileReport& file) {
            return file.inputIndex == failed.inputIndex && file.outcome != FileOutcome::Failed
                   && file.outcome != FileOutcome::Skipped;
        });
    };
    return std::ranges::any_of(files, [&](const FileReport& file) {
        if (file.outcome != FileOutcome::Failed) {
            return false;
        }
        // A note beside the evidence, in its folder or archive, is reported but is no failure.
        const bool onlyUnknown =
            file.problemTotal() == file.problemCount(ProblemKind::UnknownFormat);
        return !onlyUnknown || !gaveEvents(file);
    });
}

std::string formatProblem(const FileReport& file, const Problem& problem)
{
    std::string text = fileName(file);
    if (problem.line > 0) {
        fmt::format_to(std::back_inserter(text), ":{}:{}", problem.line, problem.column);
    }
    fmt::format_to(std::back_inserter(text), ": {}: {}", problemCode(problem.kind),
                   visibleText(problem.reason));
    if (!problem.excerpt.empty()) {
        fmt::format_to(std::back_inserter(text), "\n    {}", visibleText(problem.excerpt));
    }
    return text;
}

namespace {

/// The greatest counts of a map as "a 3, b 1 and 5 more".
std::string greatest(const std::map<std::string, std::uint64_t>& counts, std::size_t most,
                     std::string_view nameOfNone)
{
    std::vector<std::pair<std::uint64_t, std::string>> sorted;
    for (const auto& [name, count] : counts) {
        sorted.emplace_back(count, name);
    }
    std::ranges::sort(sorted, [](const auto& left, const auto& right) {
        return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    std::string text;
    for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i) {
        const std::string& name = sorted[i].second;
        fmt::format_to(std::back_inserter(text), "{}{} {}", i == 0 ? "" : ", ",
                       name.empty() ? nameOfNone : std::string_view(visibleText(name)),
                       sorted[i].first);
    }
    if (sorted.size() > most) {
        fmt::format_to(std::back_inserter(text), " and {} more", sorted.size() - most);
    }
    return text;
}

void appendContent(const ContentCounts& content, std::string& text)
{
    constexpr std::size_t namesShown = 12;
    const auto out = std::back_inserter(text);
    if (!content.shapes.empty()) {
        fmt::format_to(out, "  read as {}\n", greatest(content.shapes, namesShown, ""));
    }
    if (!content.categories.empty()) {
        fmt::format_to(out, "  by category: {}\n",
                       greatest(content.categories, namesShown, "(none)"));
    }
    if (!content.unmapped.empty()) {
        fmt::format_to(out, "  fields kept under their own names: {}\n",
                       greatest(content.unmapped, namesShown, ""));
    }
}

std::string countsJson(const std::map<std::string, std::uint64_t>& counts)
{
    std::string text = "{";
    for (const auto& [name, count] : counts) {
        fmt::format_to(std::back_inserter(text), "{}{}:{}", text.size() > 1 ? "," : "",
                       quoteJson(name), count);
    }
    return text + "}";
}

} // namespace

std::string formatReport(const ImportReport& report, std::size_t problemsPerFile)
{
    std::string text;
    const auto out = std::back_inserter(text);
    for (const FileReport& file : report.files) {
        fmt::format_to(out, "{}: {}, {} events", fileName(file), fileOutcomeName(file.outcome),
                       file.events);
        if (!file.format.empty()) {
            fmt::format_to(out, ", {} ({})", file.format, visibleText(file.formatReason));
        }
        text += '\n';
        appendContent(file.content, text);
        const std::size_t shown = std::min(problemsPerFile, file.problems.size());
        for (std::size_t i = 0; i < shown; ++i) {
            fmt::format_to(out, "  {}\n", formatProblem(file, file.problems[i]));
        }
        std::string counts;
        for (std::size_t i = 0; i < problemKindCount; ++i) {
            if (file.problemCounts[i] > 0) {
                fmt::format_to(std::back_inserter(counts), "{}{} {}", counts.empty() ? "" : ", ",
                               file.problemCounts[i], problemTitle(static_cast<ProblemKind>(i)));
            }
        }
        if (file.problemTotal() > shown) {
            fmt::format_to(out, "  in all: {}\n", counts);
        }
    }
    fmt::format_to(out, "{} files, {} events, {} records lost{}\n", report.files.size(),
                   report.events(), report.lostRecords(), report.cancelled ? ", cancelled" : "");
    return text;
}

std::string reportJson(const ImportReport& report)
{
    std::string text = R"({"files":[)";
    const auto out = std::back_inserter(text);
    for (const FileReport& file : report.files) {
        if (&file != &report.files.front()) {
            text += ',';
        }
        fmt::format_to(out,
                       R"({{"path":{},"member":{},"format":{},"format_reason":{},"outcome":{},)"
                       R"("sha256":{},"file_bytes":{},"bytes":{},"records":{},"events":{},)"
                       R"("placeholders":{},"lost_records":{},)",
                       quoteJson(file.path), quoteJson(file.member), quoteJson(file.format),
                       quoteJson(file.formatReason), quoteJson(fileOutcomeName(file.outcome)),
                       quoteJson(file.sha256Hex), file.fileBytes, file.bytes, file.records,
                       file.events, file.placeholders, file.lostRecords());
        if (file.hasTimes) {
            fmt::format_to(out, R"("first_time":"{}","last_time":"{}",)",
                           formatIso(Timestamp(file.firstTimeNs)),
                           formatIso(Timestamp(file.lastTimeNs)));
        }
        fmt::format_to(out, R"("shapes":{},"categories":{},"unmapped_fields":{},)",
                       countsJson(file.content.shapes), countsJson(file.content.categories),
                       countsJson(file.content.unmapped));
        text += R"("problem_counts":{)";
        bool first = true;
        for (std::size_t i = 0; i < problemKindCount; ++i) {
            if (file.problemCounts[i] > 0) {
                fmt::format_to(out, R"({}"{}":{})", first ? "" : ",", kindFacts[i].code,
                               file.problemCounts[i]);
                first = false;
            }
        }
        text += R"(},"problems":[)";
        for (const Problem& problem : file.problems) {
            if (&problem != &file.problems.front()) {
                text += ',';
            }
            fmt::format_to(out,
                           R"({{"code":"{}","line":{},"column":{},"record":{},)"
                           R"("reason":{},"excerpt":{}}})",
                           problemCode(problem.kind), problem.line, problem.column, problem.record,
                           quoteJson(problem.reason), quoteJson(problem.excerpt));
        }
        text += "]}";
    }
    fmt::format_to(out, R"(],"events":{},"lost_records":{},"cancelled":{}}})", report.events(),
                   report.lostRecords(), report.cancelled);
    return text;
}

} // namespace sequela::ingest
