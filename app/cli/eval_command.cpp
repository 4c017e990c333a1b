#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/text_positions.h"
#include "core/eql/binder.h"

namespace sequela::cli {

ExitCode runEval(const EvalOptions& options)
{
    constexpr std::string_view expressionName = "expression";
    std::string text = options.expression;
    if (text == "-") {
        auto read = readText("-");
        if (!read) {
            return failWith(read.error(), ExitCode::Input);
        }
        text = std::move(*read);
    }
    auto value = eql::evaluateConstant(text);
    if (value) {
        return writeResult(eql::toJson(*value) + "\n", options.common);
    }
    locateAll(value.error(), text, expressionName);
    sayDiagnostics(value.error());
    if (options.format == "json") {
        const ExitCode written = writeResult(diagnosticsJson(value.error()), options.common);
        return written == ExitCode::Done ? ExitCode::Usage : written;
    }
    return ExitCode::Usage;
}

} // namespace sequela::cli
