#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/events_input.h"
#include "app/cli/rule_check.h"
#include "core/base/parallel.h"
#include "core/base/present_time.h"
#include "core/base/text.h"
#include "core/base/text_positions.h"
#include "core/eql/binder.h"
#include "core/rules/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sequela::cli {

namespace {

/// One line on what became of a file.
std::string accountOf(const rules::RuleEntry& entry, const std::vector<Diagnostic>& diagnostics)
{
    const std::string place = entry.exportLine == 0
                                  ? visibleText(entry.path)
                                  : fmt::format("{}:{}", visibleText(entry.path), entry.exportLine);
    const auto count = [&diagnostics](Severity severity) {
        return std::ranges::count(diagnostics, severity, &Diagnostic::severity);
    };
    const auto errors = count(Severity::Error);
    const auto warnings = count(Severity::Warning);
    std::string state = "ok";
    if (errors > 0) {
        state = fmt::format("broken: {} error{}", errors, errors == 1 ? "" : "s");
    } else if (entry.status == rules::RuleStatus::NotRun) {
        state = fmt::format("not run: {}", visibleText(entry.reason));
    } else if (entry.status == rules::RuleStatus::NotARule) {
        state = fmt::format("not a rule: {}", visibleText(entry.reason));
    }
    if (warnings > 0) {
        state += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
    }
    return fmt::format("{}: {}\n", place, state);
}

ExitCode checkText(const CheckOptions& options, const CheckScope& scope, std::stop_token stop)
{
    std::string text = options.eql;
    if (text == "-") {
        auto read = readText("-");
        if (!read) {
            return failWith(read.error(), ExitCode::Input);
        }
        text = std::move(*read);
    }
    eql::BindOptions bind;
    bind.dialect = options.common.dialect();
    bind.eventCategoryField = options.eventCategoryField;
    bind.now = presentTime();
    std::vector<Diagnostic> diagnostics =
        checkQuery(text, scope, bind, std::move(stop)).diagnostics;
    locateAll(diagnostics, text, "--eql");
    ExitCode written = ExitCode::Done;
    if (options.format == "json") {
        written = writeResult(diagnosticsJson(diagnostics), options.common);
    } else {
        sayDiagnostics(diagnostics);
        if (!hasErrors(diagnostics)) {
            written = writeResult("--eql: ok\n", options.common);
        }
    }
    if (written != ExitCode::Done) {
        return written;
    }
    return hasErrors(diagnostics) ? ExitCode::Usage : ExitCode::Done;
}

/// The fields to check against: those of --schema or ECS, and of --case if one is named.
std::expected<CheckScope, ExitCode> scopeOf(const CheckOptions& options, std::stop_token stop)
{
    CheckScope scope;
    scope.strictFields = options.strictFields;
    scope.twins = options.twins || options.hasEql;
    if (options.data.caseFile.empty()) {
        auto schema = loadSchema(options.data.schemaFile);
        if (!schema) {
            return std::unexpected(schema.error());
        }
        scope.catalog = std::make_shared<schema::FieldCatalog>(
            std::move(*schema), std::span<const schema::SeenField>());
        return scope;
    }
    auto opened =
        openEvents(options.data, options.common, CaseAccess::Read, false, std::move(stop));
    if (!opened) {
        return std::unexpected(opened.error());
    }
    scope.workspace = std::move(opened->workspace);
    const auto snapshot = scope.workspace->snapshot();
    scope.catalog = snapshot->catalog;
    scope.events = snapshot->events;
    return scope;
}

} // namespace

ExitCode runCheck(const CheckOptions& options, std::stop_token stop)
{
    if (options.hasEql == !options.rules.empty()) {
        sayError(makeError("cli-usage", "check takes rule paths or --eql TEXT",
                           "sequela-cli check rules"));
        return ExitCode::Usage;
    }
    if (outputIsTaken(options.common)) {
        return ExitCode::Output;
    }
    const auto scope = scopeOf(options, stop);
    if (!scope) {
        return scope.error();
    }
    if (options.hasEql) {
        return checkText(options, *scope, std::move(stop));
    }
    const std::vector<std::filesystem::path> paths(options.rules.begin(), options.rules.end());
    auto ruleSet = rules::loadRules(paths, stop);
    if (!ruleSet) {
        return failWith(ruleSet.error(), ExitCode::Input);
    }
    const std::vector<rules::RuleEntry>& entries = ruleSet->entries();
    std::vector<std::vector<Diagnostic>> found(entries.size());
    const std::size_t threads =
        options.common.jobs == 0 ? defaultThreadCount() : options.common.jobs;
    parallelFor(entries.size(), threads, [&](std::size_t index) {
        if (!stop.stop_requested()) {
            found[index] = checkRule(entries[index], *scope, stop);
        }
    });
    if (stop.stop_requested()) {
        return failWith(cancelledError(), ExitCode::Cancelled);
    }
    std::string account;
    std::vector<Diagnostic> all = ruleSet->diagnostics();
    for (std::size_t index = 0; index < entries.size(); ++index) {
        account += accountOf(entries[index], found[index]);
        std::ranges::move(found[index], std::back_inserter(all));
    }
    account += fmt::format("{} files checked\n", entries.size());
    if (options.format != "json") {
        sayDiagnostics(all);
    }
    const ExitCode written =
        writeResult(options.format == "json" ? diagnosticsJson(all) : account, options.common);
    if (written != ExitCode::Done) {
        return written;
    }
    return hasErrors(all) ? ExitCode::Findings : ExitCode::Done;
}

} // namespace sequela::cli
