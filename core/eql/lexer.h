#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sequela::eql {

enum class TokenKind : std::uint8_t {
    Whitespace,
    LineComment,
    BlockComment,
    Keyword,
    Identifier,
    QuotedIdentifier,
    /// `$entry` of the Endpoint dialect.
    Variable,
    /// An identifier directly followed by `~` (`startsWith~`); `in~ like~ regex~` are keywords.
    InsensitiveName,
    Integer,
    Decimal,
    String,
    RawString,
    /// `'…'`, `?"…"`, `?'…'`: recognised so that the message can say what to write instead.
    LegacyString,
    Operator,
    Punctuation,
    /// Bytes that form no token; a diagnostic says why.
    Invalid,
};

struct Token {
    TokenKind kind = TokenKind::Invalid;
    SourceSpan span;

    bool operator==(const Token&) const = default;
};

struct LexedText {
    /// Cover every byte of the text, in order, without gaps: what an editor colours.
    std::vector<Token> tokens;
    std::vector<Diagnostic> diagnostics;
};

/// Total: any bytes in, every byte in exactly one token. The editor colours with it and the parser
/// reads the same tokens without white space and comments. Past limits::maximumTokens the rest of
/// the text is one Invalid token. A string with a bad escape is still a String.
[[nodiscard]] LexedText lex(std::string_view text, Dialect dialect);

/// The reserved words, ascending: `and any by …`. As names they must be back-quoted.
[[nodiscard]] std::span<const std::string_view> keywords();
[[nodiscard]] bool isKeyword(std::string_view word);
/// Whether @p name can be written without back quotes: an identifier that is no keyword.
[[nodiscard]] bool isPlainName(std::string_view name);

} // namespace sequela::eql
