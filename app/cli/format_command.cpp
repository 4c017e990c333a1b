#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/text_positions.h"
#include "core/eql/formatter.h"
#include "core/rules/rule_file.h"

namespace sequela::cli {

namespace {

/// A rule file comes back whole with its query laid out; anything else is taken for a query.
bool isRuleFile(const std::string& file)
{
    return file.ends_with(".toml");
}

ExitCode refuse(std::vector<Diagnostic> diagnostics, std::string_view text, const std::string& file)
{
    locateAll(diagnostics, text, file == "-" ? "standard input" : file);
    sayDiagnostics(diagnostics);
    return ExitCode::Usage;
}

ExitCode formatRule(const std::string& text, const FormatOptions& options)
{
    const rules::RuleEntry entry = rules::readRuleToml(text, options.file);
    if (!entry.rule || entry.status == rules::RuleStatus::NotRun) {
        sayDiagnostics(entry.diagnostics);
        sayError(
            makeError("cli-no-query", options.file + ": there is no EQL query to lay out"
                                          + (entry.reason.empty() ? "" : ": " + entry.reason)));
        return ExitCode::Usage;
    }
    auto formatted = eql::formatQuery(entry.rule->query.text, entry.rule->dialect);
    if (!formatted) {
        for (Diagnostic& diagnostic : formatted.error()) {
            rules::locateInRuleFile(diagnostic, *entry.rule, text);
        }
        sayDiagnostics(formatted.error());
        return ExitCode::Usage;
    }
    auto replaced = rules::replaceQuery(text, *formatted + "\n");
    if (!replaced) {
        return failWith(replaced.error(), ExitCode::Usage);
    }
    return writeResult(*replaced, options.common);
}

} // namespace

ExitCode runFormat(const FormatOptions& options)
{
    auto text = readText(options.file);
    if (!text) {
        return failWith(text.error(), ExitCode::Input);
    }
    if (isRuleFile(options.file)) {
        return formatRule(*text, options);
    }
    auto formatted = eql::formatQuery(*text, options.common.dialect());
    if (!formatted) {
        return refuse(std::move(formatted.error()), *text, options.file);
    }
    return writeResult(*formatted + "\n", options.common);
}

} // namespace sequela::cli
