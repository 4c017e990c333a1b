#include "core/base/diagnostic.h"

#include "core/base/text.h"

#include <fmt/format.h>

namespace sequela {
namespace {

constexpr std::string_view cancelledCode = "cancelled";

} // namespace

TextPosition positionOf(std::string_view text, std::size_t offset)
{
    offset = std::min(offset, text.size());
    TextPosition position;
    std::size_t lineStart = 0;
    for (std::size_t i = 0; i < offset; ++i) {
        const bool lineEnds =
            text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
        if (lineEnds) {
            ++position.line;
            lineStart = i + 1;
        }
    }
    position.column = 1 + countCodePoints(text.substr(lineStart, offset - lineStart));
    return position;
}

std::string_view severityName(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return "error";
    case Severity::Warning:
        return "warning";
    case Severity::Note:
        return "note";
    }
    return {};
}

Diagnostic makeError(std::string code, std::string message, std::string hint)
{
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    return diagnostic;
}

Diagnostic cancelledError()
{
    return makeError(std::string(cancelledCode), "the operation was cancelled");
}

bool isCancelled(const Diagnostic& diagnostic)
{
    return diagnostic.code == cancelledCode;
}

void locate(Diagnostic& diagnostic, std::string_view text, std::string_view file)
{
    if (diagnostic.file.empty()) {
        diagnostic.file = file;
    }
    if (diagnostic.span) {
        diagnostic.begin = positionOf(text, diagnostic.span->begin);
        diagnostic.end = positionOf(text, diagnostic.span->end);
    }
}

std::string formatDiagnostic(const Diagnostic& diagnostic)
{
    std::string result;
    if (!diagnostic.file.empty()) {
        result += visibleText(diagnostic.file) + ':';
    }
    if (diagnostic.begin) {
        result += fmt::format("{}:{}:", diagnostic.begin->line, diagnostic.begin->column);
    }
    if (!result.empty()) {
        result += ' ';
    }
    if (diagnostic.severity != Severity::Error) {
        result += fmt::format("{}: ", severityName(diagnostic.severity));
    }
    result += fmt::format("{}: {}", diagnostic.code, visibleText(diagnostic.message));
    if (!diagnostic.hint.empty()) {
        result += fmt::format(" ({})", visibleText(diagnostic.hint));
    }
    return result;
}

} // namespace sequela
