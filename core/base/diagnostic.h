#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela {

/// Half-open range of byte offsets in a text.
struct SourceSpan {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(const SourceSpan&) const = default;
    [[nodiscard]] std::size_t length() const { return end - begin; }
};

/// 1-based line and column; the column counts code points.
struct TextPosition {
    std::size_t line = 1;
    std::size_t column = 1;

    bool operator==(const TextPosition&) const = default;
};

/// Line and column of byte @p offset in @p text. Lines end at LF, CR LF or CR. An offset past the
/// end yields the position just behind the last character.
[[nodiscard]] TextPosition positionOf(std::string_view text, std::size_t offset);

enum class Severity : std::uint8_t { Error, Warning, Note };

/// "error", "warning" or "note".
[[nodiscard]] std::string_view severityName(Severity severity);

/// A replacement of one range of the text that an editor can apply with a click.
struct SuggestedFix {
    SourceSpan span;
    std::string replacement;
    /// What applying it does, in a few words: "use destination.port".
    std::string label;

    bool operator==(const SuggestedFix&) const = default;
};

/// One thing that a user should know: what happened, where, and what to do about it.
///
/// `code` is stable and short ("eql-unknown-field"); `message` is one sentence without a final
/// stop's worth of jargon; `hint` says the way out and may be empty. For texts (queries, rule
/// files) `span` holds the place; for event files `line`/`column` are filled directly because the
/// text is long gone by the time anybody reads the message.
struct Diagnostic {
    std::string code;
    Severity severity = Severity::Error;
    std::string message;
    std::string hint;
    /// File, or rule, or empty where the text has no name.
    std::string file;
    std::optional<SourceSpan> span;
    /// Filled by whoever still has the text, see `locate`.
    std::optional<TextPosition> begin;
    std::optional<TextPosition> end;
    std::vector<SuggestedFix> fixes;

    bool operator==(const Diagnostic&) const = default;
};

/// A value or the one reason why there is none.
template <typename T>
using Result = std::expected<T, Diagnostic>;

/// An error without a place in a text.
[[nodiscard]] Diagnostic makeError(std::string code, std::string message, std::string hint = {});

/// The error every cancelled operation returns. `isCancelled` recognises it; it is never shown.
[[nodiscard]] Diagnostic cancelledError();
[[nodiscard]] bool isCancelled(const Diagnostic& diagnostic);

/// Fills `begin` and `end` from `span` with the text the span refers to, and `file` where empty.
void locate(Diagnostic& diagnostic, std::string_view text, std::string_view file);

/// `file:line:column: code: message (hint)`, parts that are absent left out. Control characters in
/// it are made visible (see text.h), so that it is safe on a terminal.
[[nodiscard]] std::string formatDiagnostic(const Diagnostic& diagnostic);

} // namespace sequela

/// Leaves the function with the error of @p expression, else yields nothing: for Result<void>.
// libstdc++ 12 has no monadic members on std::expected.
#define SEQUELA_TRY(expression)                                                                    \
    do {                                                                                           \
        if (auto sequelaTryResult = (expression); !sequelaTryResult) {                             \
            return std::unexpected(std::move(sequelaTryResult).error());                           \
        }                                                                                          \
    } while (false)
