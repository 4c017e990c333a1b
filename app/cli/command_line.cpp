#include "app/cli/command_line.h"

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/help_text.h"
#include "core/report/export.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <functional>
#include <sstream>

namespace sequela::cli {

namespace {

using Command = std::function<ExitCode(std::stop_token)>;

/// Refuses signs, points and words where a count is wanted: `-1` would wrap around to all there is.
std::function<std::string(const std::string&)> wholeNumber(std::uint64_t smallest)
{
    return [smallest](const std::string& text) {
        std::uint64_t number = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (text.empty() || stop != end || error != std::errc{} || number < smallest) {
            return fmt::format("{} is no whole number from {} up", text, smallest);
        }
        return std::string();
    };
}

/// Formats of alert summaries by name.
std::vector<std::string> summaryFormats()
{
    std::vector<std::string> names;
    for (const report::Format format : report::allFormats()) {
        names.emplace_back(report::formatName(format));
    }
    return names;
}

/// The parser of the arguments and the options it fills.
class ArgumentParser {
public:
    ArgumentParser();

    /// The command to run, or the exit code to end with at once (help, version, wrong arguments).
    [[nodiscard]] std::expected<Command, ExitCode> parse(std::vector<std::string> arguments);

private:
    CLI::App* add(const char* name, const char* description, const char* examples,
                  CommonOptions& common);
    static void addEvents(CLI::App& app, EventOptions& events, bool caseIsRequired);
    static void addFormat(CLI::App& app, std::string& format,
                          const std::vector<std::string>& known);
    void addScan();
    void addSchedule(CLI::App& app);
    void addQuery();
    void addEval();
    void addCheck();
    void addFormatCommand();
    void addTest();
    void addImport();
    void addExport();
    void addDiff();
    void addFields();

    CLI::App m_app{"Runs EQL detection rules over endpoint event files, without a display.",
                   "sequela-cli"};
    ScanOptions m_scan;
    QueryOptions m_query;
    EvalOptions m_eval;
    CheckOptions m_check;
    FormatOptions m_format;
    TestOptions m_test;
    ImportOptions m_import;
    ExportOptions m_export;
    DiffOptions m_diff;
    FieldsOptions m_fields;
    Command m_command;
};

ArgumentParser::ArgumentParser()
{
    m_app.set_version_flag("--version", "sequela-cli " SEQUELA_VERSION);
    m_app.set_help_flag("-h,--help", "Show this help; every command has its own");
    m_app.require_subcommand(1);
    m_app.footer(help::overview);
    addScan();
    addImport();
    addQuery();
    addEval();
    addCheck();
    addFormatCommand();
    addTest();
    addDiff();
    addFields();
    addExport();
}

CLI::App* ArgumentParser::add(const char* name, const char* description, const char* examples,
                              CommonOptions& common)
{
    CLI::App* app = m_app.add_subcommand(name, description);
    app->footer(examples);
    app->set_help_flag("-h,--help", "Show this help");
    app->set_version_flag("--version", "sequela-cli " SEQUELA_VERSION);
    app->add_option("-o,--output", common.outputFile, "Write the result to FILE")
        ->type_name("FILE");
    app->add_flag("--force", common.force, "Let -o replace a file that exists");
    app->add_flag("--quiet", common.quiet, "No progress, no remarks; only what went wrong");
    app->add_option("--jobs", common.jobs, "Threads to use; 0 is one per core")
        ->type_name("N")
        ->check(wholeNumber(0));
    app->add_option("--from", common.from,
                    "Only events at or after TIME (ISO 8601, epoch milliseconds, now-1h)")
        ->type_name("TIME");
    app->add_option("--to", common.to, "Only events at or before TIME")->type_name("TIME");
    app->add_option("--dialect", common.dialectName,
                    "Language of queries on the command line: elasticsearch (default) or endpoint")
        ->type_name("NAME")
        ->check(CLI::IsMember({"elasticsearch", "endpoint"}));
    return app;
}

void ArgumentParser::addEvents(CLI::App& app, EventOptions& events, bool caseIsRequired)
{
    app.add_option("EVENTS", events.events,
                   "Event files, archives, folders, or - for standard input");
    CLI::Option* caseFile =
        app.add_option("--case", events.caseFile, "Case file to search, or to import into")
            ->type_name("FILE");
    if (caseIsRequired) {
        caseFile->required();
    }
    app.add_flag("--no-derive", events.noDerive,
                 "Do not fill in host.os.type, host.id and the like");
    app.add_option("--mapping", events.mappingFile,
                   "Mapping to ECS of your own (resources/mapping/README.md), asked before ours")
        ->type_name("FILE");
    app.add_option("--archive-password", events.archivePasswords,
                   "Password to try on encrypted archives; may be given several times")
        ->type_name("TEXT")
        ->allow_extra_args(false);
    app.add_flag("--library-alias", events.libraryAlias,
                 "Give Sysmon's image loads the category library too, as Elastic Defend has it");
    app.add_option("--clock-offset", events.clockOffsets,
                   "Move the times of a host whose clock was wrong: HOST=+5m, HOST=-1h")
        ->type_name("HOST=OFFSET")
        ->allow_extra_args(false);
    app.add_option("--schema", events.schemaFile,
                   "Field types: lines of field TAB type [TAB aliased field]; default ECS")
        ->type_name("FILE");
    app.add_flag("--strict-input", events.strictInput, "Broken records end in exit code 3");
}

void ArgumentParser::addFormat(CLI::App& app, std::string& format,
                               const std::vector<std::string>& known)
{
    std::string list;
    for (const std::string& name : known) {
        list += (list.empty() ? "" : ", ") + name;
    }
    app.add_option("--format", format, fmt::format("{} (default {})", list, format))
        ->type_name("NAME")
        ->check([known, list](const std::string& name) {
            if (std::ranges::find(known, name) != known.end()) {
                return std::string();
            }
            if (name == "pdf") {
                return fmt::format("PDF is written by the desktop program: sequela --export pdf "
                                   "--case FILE -o FILE; this command writes {}",
                                   list);
            }
            return fmt::format("{} is no format; this command writes {}", name, list);
        });
}

void ArgumentParser::addScan()
{
    CLI::App* app =
        add("scan", "Run rules over events and print the alerts", help::scan, m_scan.common);
    addEvents(*app, m_scan.events, false);
    app->add_option("--rules", m_scan.rules, "Rule files or folders")->type_name("PATH");
    addFormat(*app, m_scan.format, summaryFormats());
    app->add_option("--fail-on", m_scan.failOn,
                    "Exit code 1 if an alert has this severity or a higher one")
        ->type_name("SEVERITY")
        ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
    app->add_option("--report", m_scan.reportFile,
                    "Rules not run, broken rules and import problems as JSON into FILE")
        ->type_name("FILE");
    app->add_flag("--match-index", m_scan.matchIndex, "Hold rules to their index patterns");
    app->add_flag("--strict-fields", m_scan.strictFields, "Unknown fields are errors");
    app->add_flag("--building-blocks", m_scan.buildingBlocks,
                  "Show alerts of building-block rules, too");
    app->add_option("--runtime-errors", m_scan.runtimeErrors,
                    "null (default): count 1/0 and the like as null; fail: end the rule")
        ->check(CLI::IsMember({"null", "fail"}));
    addSchedule(*app);
    app->callback([this] { m_command = [this](auto stop) { return runScan(m_scan, stop); }; });
}

void ArgumentParser::addSchedule(CLI::App& app)
{
    CLI::Option* schedule =
        app.add_flag("--schedule", m_scan.schedule,
                     "Run each rule as its interval, from and max_signals say, and report what "
                     "its runs find, find again, cut and miss");
    app.add_option("--ingest-delay", m_scan.ingestDelay,
                   "Events without event.ingested arrive this much after @timestamp: 30s, 5m")
        ->type_name("TIME")
        ->needs(schedule);
    app.add_option("--run-delay", m_scan.runDelay, "Every run starts this much late: 7m")
        ->type_name("TIME")
        ->needs(schedule);
    app.add_option("--outage", m_scan.outage,
                   "No run starts in this time; the next one catches up: "
                   "2026-04-14T09:00Z/2026-04-14T10:00Z")
        ->type_name("FROM/TO")
        ->needs(schedule);
}

void ArgumentParser::addQuery()
{
    CLI::App* app = add("query", "Run one EQL query over events", help::query, m_query.common);
    addEvents(*app, m_query.events, false);
    app->add_option("--eql", m_query.eql, "The query, or - to read it from standard input")
        ->type_name("TEXT")
        ->required();
    addFormat(*app, m_query.format, {"table", "json", "ndjson"});
    app->add_flag("--provenance", m_query.provenance,
                  "Add every field to the JSON answer, and where it comes from");
    app->add_flag("--explain", m_query.explain, "Print syntax tree, bound tree, plan and funnel");
    app->add_option("--timestamp-field", m_query.timestampField, "Field that orders events")
        ->type_name("FIELD");
    app->add_option("--tiebreaker-field", m_query.tiebreakerField,
                    "Field that orders events of the same time")
        ->type_name("FIELD");
    app->add_option("--event-category-field", m_query.eventCategoryField,
                    "Field that categories are compared with")
        ->type_name("FIELD");
    app->add_option("--id-field", m_query.idField, "Field that gives _id in the answer")
        ->type_name("FIELD");
    app->add_option("--size", m_query.size, "Matches at most; default: all")
        ->type_name("N")
        ->check(wholeNumber(0));
    app->add_option("--result-position", m_query.resultPosition,
                    "Which matches --size keeps: tail (default) or head")
        ->check(CLI::IsMember({"head", "tail"}));
    app->add_option("--max-samples-per-key", m_query.maxSamplesPerKey,
                    "Samples for each set of join keys")
        ->type_name("N")
        ->check(wholeNumber(1));
    app->add_flag("--strict-fields", m_query.strictFields, "Unknown fields are errors");
    app->add_option("--runtime-errors", m_query.runtimeErrors,
                    "null (default): count 1/0 and the like as null; fail: end the query")
        ->check(CLI::IsMember({"null", "fail"}));
    app->callback([this] { m_command = [this](auto stop) { return runQuery(m_query, stop); }; });
}

void ArgumentParser::addEval()
{
    CLI::App* app =
        add("eval", "Print the value of a constant expression as JSON", help::eval, m_eval.common);
    app->add_option("EXPRESSION", m_eval.expression, "The expression, or - for standard input")
        ->required();
    addFormat(*app, m_eval.format, {"text", "json"});
    app->callback([this] { m_command = [this](auto) { return runEval(m_eval); }; });
}

void ArgumentParser::addCheck()
{
    CLI::App* app =
        add("check", "Check rules or a query: syntax, types, lint", help::check, m_check.common);
    app->add_option("RULES", m_check.rules, "Rule files or folders");
    CLI::Option* eql =
        app->add_option("--eql", m_check.eql, "A query instead of rules, or -")->type_name("TEXT");
    addFormat(*app, m_check.format, {"text", "json"});
    app->add_option("--case", m_check.data.caseFile,
                    "Case whose fields and values the lint compares with")
        ->type_name("FILE");
    app->add_option("--schema", m_check.data.schemaFile, "Field types; default ECS")
        ->type_name("FILE");
    app->add_option("--event-category-field", m_check.eventCategoryField,
                    "Field that categories are compared with")
        ->type_name("FIELD");
    app->add_flag("--strict-fields", m_check.strictFields, "Unknown fields are errors");
    app->add_flag("--twins", m_check.twins,
                  "Also for rule files: say where python-eql would answer otherwise");
    app->callback([this, eql] {
        m_check.hasEql = eql->count() > 0;
        m_command = [this](auto stop) { return runCheck(m_check, stop); };
    });
}

void ArgumentParser::addFormatCommand()
{
    CLI::App* app = add("format", "Lay out a query, or the query of a rule file", help::format,
                        m_format.common);
    app->add_option("FILE", m_format.file, "Rule (.toml) or query file, or - for standard input")
        ->required();
    app->callback([this] { m_command = [this](auto) { return runFormat(m_format); }; });
}

void ArgumentParser::addTest()
{
    CLI::App* app = add("test", "Run the tests beside rules", help::test, m_test.common);
    app->add_option("RULES", m_test.rules, "Rule files or folders")->required();
    addFormat(*app, m_test.format, {"table", "json", "junit"});
    app->callback([this] { m_command = [this](auto stop) { return runTest(m_test, stop); }; });
}

void ArgumentParser::addImport()
{
    CLI::App* app = add("import", "Add event files to a case file", help::import, m_import.common);
    addEvents(*app, m_import.events, true);
    app->get_option("EVENTS")->required();
    addFormat(*app, m_import.format, {"text", "json"});
    app->add_option("--what", m_import.what,
                    "events (default), or what export wrote: verdicts, notes, exceptions")
        ->check(CLI::IsMember({"events", "verdicts", "notes", "exceptions"}));
    app->callback([this] { m_command = [this](auto stop) { return runImport(m_import, stop); }; });
}

void ArgumentParser::addExport()
{
    CLI::App* app = add("export", "Write alert summaries or verdicts of a case", help::exportText,
                        m_export.common);
    app->add_option("--case", m_export.caseFile, "Case file")->type_name("FILE")->required();
    addFormat(*app, m_export.format, summaryFormats());
    app->add_option("--what", m_export.what,
                    "alerts (default), or as JSON: verdicts, notes, exceptions")
        ->check(CLI::IsMember({"alerts", "verdicts", "notes", "exceptions"}));
    app->add_option("--alert", m_export.alertIds, "Only this alert; may be given again")
        ->type_name("ID");
    app->add_option("--title", m_export.title, "Heading of Markdown and HTML")->type_name("TEXT");
    app->add_flag("--building-blocks", m_export.buildingBlocks,
                  "Alerts of building-block rules, too");
    app->callback([this] { m_command = [this](auto stop) { return runExport(m_export, stop); }; });
}

void ArgumentParser::addDiff()
{
    CLI::App* app =
        add("diff", "Compare what two versions of rules match", help::diff, m_diff.common);
    app->add_option("OLD", m_diff.oldRules, "Rule file or folder before the change")->required();
    app->add_option("NEW", m_diff.newRules, "Rule file or folder after it")->required();
    addEvents(*app, m_diff.events, false);
    addFormat(*app, m_diff.format, {"markdown", "json"});
    app->add_flag("--match-index", m_diff.matchIndex, "Hold rules to their index patterns");
    app->callback([this] { m_command = [this](auto stop) { return runDiff(m_diff, stop); }; });
}

void ArgumentParser::addFields()
{
    CLI::App* app = add("fields", "List fields with types, counts and frequent values",
                        help::fields, m_fields.common);
    addEvents(*app, m_fields.events, false);
    addFormat(*app, m_fields.format, {"table", "json", "ndjson"});
    app->add_option("--top", m_fields.top, "Frequent values shown for each field (default 3)")
        ->type_name("N")
        ->check(wholeNumber(0));
    app->callback([this] { m_command = [this](auto stop) { return runFields(m_fields, stop); }; });
}

/// Expressions may begin with a minus (`-7 % 3`, `-(1)`): whatever follows `eval` and is no option
/// of it is moved behind `--`.
void protectExpression(std::vector<std::string>& arguments)
{
    if (arguments.empty() || arguments.front() != "eval"
        || std::ranges::find(arguments, "--") != arguments.end()) {
        return;
    }
    constexpr std::array<std::string_view, 7> withValue{"-o",     "--output", "--format", "--jobs",
                                                        "--from", "--to",     "--dialect"};
    constexpr std::array<std::string_view, 5> flags{"--force", "--quiet", "-h", "--help",
                                                    "--version"};
    std::vector<std::string> options{"eval"};
    std::vector<std::string> expressions;
    for (std::size_t index = 1; index < arguments.size(); ++index) {
        const std::string& argument = arguments[index];
        const std::string_view name = std::string_view(argument).substr(0, argument.find('='));
        if (std::ranges::find(flags, argument) != flags.end()) {
            options.push_back(argument);
        } else if (std::ranges::find(withValue, name) != withValue.end()) {
            options.push_back(argument);
            if (name.size() == argument.size() && index + 1 < arguments.size()) {
                options.push_back(arguments[++index]);
            }
        } else {
            expressions.push_back(argument);
        }
    }
    if (!expressions.empty()) {
        options.emplace_back("--");
    }
    std::ranges::move(expressions, std::back_inserter(options));
    arguments = std::move(options);
}

std::expected<Command, ExitCode> ArgumentParser::parse(std::vector<std::string> arguments)
{
    protectExpression(arguments);
    // CLI11 wants the arguments from the last to the first.
    std::ranges::reverse(arguments);
    try {
        m_app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        std::ostringstream complaints;
        const int code = m_app.exit(error, out, complaints);
        if (code == 0) {
            return std::unexpected(writeResult(out.str(), {}));
        }
        say("sequela-cli: " + complaints.str());
        return std::unexpected(ExitCode::Usage);
    }
    return m_command;
}

} // namespace

int runCommandLine(std::vector<std::string> arguments)
{
    const Interrupts interrupts;
    try {
        ArgumentParser parser;
        const std::expected<Command, ExitCode> command = parser.parse(std::move(arguments));
        return static_cast<int>(command ? (*command)(interrupts.token()) : command.error());
    } catch (const std::exception& error) {
        say(fmt::format("sequela-cli: internal error: {}\n", error.what()));
        return static_cast<int>(ExitCode::Internal);
    }
}

} // namespace sequela::cli
