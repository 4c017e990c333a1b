#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"

#include <cstdint>
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
/// reads the same tokens without white space and comments.
[[nodiscard]] LexedText lex(std::string_view text, Dialect dialect);

} // namespace sequela::eql
