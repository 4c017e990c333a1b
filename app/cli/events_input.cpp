#include "app/cli/events_input.h"

#include "core/base/present_time.h"
#include "core/base/text.h"
#include "core/rules/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

namespace sequela::cli {

namespace {

namespace fs = std::filesystem;

Diagnostic usageError(std::string message, std::string hint)
{
    return makeError("cli-usage", std::move(message), std::move(hint));
}

/// Whether a file begins as compressed files and archives do.
bool looksCompressed(const fs::path& file)
{
    constexpr std::array<std::string_view, 6> magics{"\x1F\x8B",
                                                     "\x28\xB5\x2F\xFD",
                                                     "PK\x03\x04",
                                                     "\xFD"
                                                     "7zXZ",
                                                     "BZh",
                                                     "7z\xBC\xAF"};
    constexpr std::size_t longestMagic = 5;
    std::array<char, longestMagic> begin{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(begin.data(), begin.size());
    const std::string_view read(begin.data(), static_cast<std::size_t>(stream.gcount()));
    for (const std::string_view magic : magics) {
        if (read.starts_with(magic)) {
            return true;
        }
    }
    return false;
}

std::uint64_t expectedBytes(const fs::path& file)
{
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) {
        return 0;
    }
    return looksCompressed(file) ? size * expectedExpansion : size;
}

/// Whether the inputs are too much for memory. A pipe may bring anything, so it is.
bool needsCaseFile(const std::vector<std::string>& events)
{
    std::uint64_t bytes = 0;
    for (const std::string& path : events) {
        std::error_code error;
        if (path == "-") {
            constexpr const char* standardInput = "/dev/stdin";
            if (!fs::is_regular_file(standardInput, error)) {
                return true;
            }
            bytes += expectedBytes(standardInput);
            continue;
        }
        if (!fs::is_directory(path, error)) {
            bytes += expectedBytes(path);
            continue;
        }
        for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
             entry.increment(error)) {
            if (entry->is_regular_file(error)) {
                bytes += expectedBytes(entry->path());
            }
        }
    }
    return bytes > maxBytesInMemory;
}

Result<std::unique_ptr<workspace::Workspace>> openCase(const EventOptions& options,
                                                       CaseAccess access)
{
    using workspace::Workspace;
    if (options.caseFile.empty()) {
        if (needsCaseFile(options.events)) {
            return Workspace::temporary();
        }
        return Workspace::inMemory();
    }
    std::error_code error;
    if (!options.events.empty() && !fs::exists(options.caseFile, error)) {
        return Workspace::create(options.caseFile);
    }
    const bool writes = access == CaseAccess::Write || !options.events.empty();
    auto opened = Workspace::open(options.caseFile, writes ? Workspace::OpenMode::ReadWrite
                                                           : Workspace::OpenMode::ReadOnly);
    if (!opened && writes && options.events.empty()
        && (opened.error().code == "case-read-only" || opened.error().code == "case-locked")) {
        // Running rules over evidence on read-only media keeps nothing but still answers.
        return Workspace::open(options.caseFile, Workspace::OpenMode::ReadOnly);
    }
    return opened;
}

/// Whether a path the user named gave nothing: it could not be opened, or nothing in it was
/// recognised. Strange files beside evidence in a folder or an archive are told, not held against
/// it; unreadable ones are.
bool inputFailed(const std::string& path, const ingest::ImportReport& report)
{
    const std::string below = path.ends_with('/') ? path : path + '/';
    bool anyRead = false;
    bool anyFailed = false;
    for (const ingest::FileReport& file : report.files) {
        if (file.path != path && !file.path.starts_with(below)) {
            continue;
        }
        if (file.problemCount(ingest::ProblemKind::Unreadable) > 0) {
            return true;
        }
        const bool failed = file.outcome == ingest::FileOutcome::Failed;
        anyFailed = anyFailed || failed;
        anyRead = anyRead || (!failed && file.outcome != ingest::FileOutcome::Skipped);
    }
    return anyFailed && !anyRead;
}

/// HOST=+5m, HOST=-90s as nanoseconds by host.
std::expected<std::map<std::string, std::int64_t>, ExitCode>
clockOffsets(const std::vector<std::string>& texts)
{
    std::map<std::string, std::int64_t> offsets;
    for (const std::string& text : texts) {
        const std::size_t equals = text.rfind('=');
        const bool hasSign = equals != std::string::npos && equals + 1 < text.size()
                             && (text[equals + 1] == '+' || text[equals + 1] == '-');
        const auto span = rules::parseInterval(
            equals == std::string::npos ? std::string() : text.substr(equals + (hasSign ? 2 : 1)));
        if (!span || equals == 0) {
            sayError(usageError(
                fmt::format("--clock-offset wants a host and how far to move its times, not {}",
                            visibleText(text)),
                "write --clock-offset web01=+5m; s, m, h and d are known"));
            return std::unexpected(ExitCode::Usage);
        }
        offsets[text.substr(0, equals)] = hasSign && text[equals + 1] == '-' ? -*span : *span;
    }
    return offsets;
}

} // namespace

std::expected<std::shared_ptr<const schema::Schema>, ExitCode> loadSchema(const std::string& file)
{
    if (file.empty()) {
        return schema::Schema::ecs();
    }
    auto text = readText(file);
    if (!text) {
        return std::unexpected(failWith(text.error(), ExitCode::Input));
    }
    auto schema = schema::Schema::parse(*text, file);
    if (!schema) {
        return std::unexpected(failWith(schema.error(), ExitCode::Input));
    }
    return std::move(*schema);
}

void sayImport(const workspace::ImportOutcome& import, bool quiet)
{
    constexpr std::size_t problemsPerFile = 5;
    const bool isClean = import.report.lostRecords() == 0 && !import.report.hasFailedInput();
    if (!quiet || !isClean) {
        say(ingest::formatReport(import.report, problemsPerFile));
    }
}

Result<std::vector<mapping::MappingTable>> mappingTables(const EventOptions& options)
{
    if (options.mappingFile.empty()) {
        return std::vector<mapping::MappingTable>();
    }
    auto text = readText(options.mappingFile);
    if (!text) {
        return std::unexpected(std::move(text).error());
    }
    return mapping::parseMappingFile(*text, options.mappingFile);
}

std::string forcedTable(const std::vector<mapping::MappingTable>& tables)
{
    return !tables.empty() && tables.front().keys.empty() ? tables.front().id : std::string();
}

std::expected<OpenedEvents, ExitCode> openEvents(const EventOptions& options,
                                                 const CommonOptions& common, CaseAccess access,
                                                 bool reportLater, std::stop_token stop)
{
    if (options.events.empty() && options.caseFile.empty()) {
        sayError(
            usageError("there are no events to read",
                       "name event files, folders or - (before other options), or --case FILE"));
        return std::unexpected(ExitCode::Usage);
    }
    auto schema = loadSchema(options.schemaFile);
    if (!schema) {
        return std::unexpected(schema.error());
    }
    auto opened = openCase(options, access);
    if (!opened) {
        const bool isOutput = opened.error().code == "case-disk-full"
                              || opened.error().code == "workspace-temporary"
                              || (!options.events.empty() && opened.error().code == "case-io");
        return std::unexpected(
            failWith(opened.error(), isOutput ? ExitCode::Output : ExitCode::Input));
    }
    OpenedEvents events;
    events.workspace = std::move(*opened);
    if (!options.schemaFile.empty()) {
        events.workspace->setSchema(*schema);
    }
    if (options.events.empty()) {
        return events;
    }
    workspace::ImportRequest request;
    request.paths.assign(options.events.begin(), options.events.end());
    // Foreign field names mean what their schema says, so nothing is added to them.
    request.derive = !options.noDerive && options.schemaFile.empty();
    request.threadCount = common.jobs;
    request.archivePasswords = options.archivePasswords;
    request.libraryAlias = options.libraryAlias;
    request.isUnread = true;
    auto offsets = clockOffsets(options.clockOffsets);
    if (!offsets) {
        return std::unexpected(offsets.error());
    }
    request.clockOffsets = std::move(*offsets);
    auto tables = mappingTables(options);
    if (!tables) {
        return std::unexpected(failWith(tables.error(), ExitCode::Input));
    }
    request.table = forcedTable(*tables);
    request.mappings = std::move(*tables);
    Progress progress;
    Result<workspace::ImportOutcome> import = [&] {
        const ProgressLine line(progress, "events", common.quiet);
        return events.workspace->import(request, progress, stop);
    }();
    if (!import) {
        Diagnostic problem = std::move(import).error();
        if (problem.file.empty()) {
            problem.file = options.caseFile;
        }
        return std::unexpected(failWith(problem, ExitCode::Output));
    }
    const bool brokenCounts = options.strictInput && import->report.lostRecords() > 0;
    const bool anyFailed = std::ranges::any_of(options.events, [&import](const std::string& path) {
        return inputFailed(path, import->report);
    });
    if (anyFailed || brokenCounts) {
        events.inputCode = ExitCode::Input;
    }
    if (!reportLater) {
        sayImport(*import, common.quiet);
    }
    events.import = std::move(*import);
    return events;
}

std::expected<TimeRange, ExitCode> timeRange(const CommonOptions& common)
{
    const Timestamp start = presentTime();
    TimeRange range;
    const auto read = [&start](const std::string& text, rules::DateRounding rounding,
                               std::string_view option, std::optional<Timestamp>& moment) -> bool {
        if (text.empty()) {
            return true;
        }
        if (!text.starts_with("now") && text.find("||") == std::string::npos) {
            moment = parseEventTimestamp(text, false);
        }
        if (!moment) {
            if (const auto math = rules::DateMath::parse(text)) {
                moment = math->resolve(start, rounding);
            }
        }
        if (!moment) {
            sayError(usageError(fmt::format("{} is no time: {}", option, text),
                                "write 2024-01-31T12:00:00Z, epoch milliseconds or now-1h"));
        }
        return moment.has_value();
    };
    if (!read(common.from, rules::DateRounding::Down, "--from", range.from)
        || !read(common.to, rules::DateRounding::Up, "--to", range.to)) {
        return std::unexpected(ExitCode::Usage);
    }
    return range;
}

} // namespace sequela::cli
