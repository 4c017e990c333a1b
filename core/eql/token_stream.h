#pragma once

#include "core/eql/lexer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

/// The tokens of a text that mean something, for the parser: without white space, comments and
/// Invalid tokens (the lexer has reported those), except the foreign operators that the parser
/// repairs (`!:`, `&&`, `!`).
class TokenStream {
public:
    TokenStream(std::string_view text, const std::vector<Token>& tokens);

    /// Behind the last token stands an empty one for the end of the text, at every distance.
    [[nodiscard]] const Token& peek(std::size_t distance = 0) const;
    [[nodiscard]] std::string_view spelling(std::size_t distance = 0) const;
    [[nodiscard]] bool atEnd() const { return m_position + 1 >= m_tokens.size(); }
    /// Keyword, operator, punctuation or identifier written like that.
    [[nodiscard]] bool is(std::string_view word, std::size_t distance = 0) const
    {
        return spelling(distance) == word;
    }
    [[nodiscard]] bool isKind(TokenKind kind, std::size_t distance = 0) const
    {
        return peek(distance).kind == kind && !isEnd(distance);
    }
    /// Whether Invalid tokens stood between the previous token and this one.
    [[nodiscard]] bool followsInvalid() const { return m_followsInvalid[m_position]; }

    /// Consumes the current token and returns its place.
    SourceSpan advance();
    /// Consumes the current token if it is @p word.
    bool accept(std::string_view word);
    /// Skips what is left.
    void abandon() { m_position = m_tokens.size() - 1; }

    [[nodiscard]] std::size_t position() const { return m_position; }
    void rewind(std::size_t position) { m_position = position; }
    /// Offset behind the last consumed token, 0 before the first.
    [[nodiscard]] std::size_t previousEnd() const;
    /// Current token as it may stand in a message: `'x'`, `'<EOF>'`.
    [[nodiscard]] std::string quotedSpelling() const;
    [[nodiscard]] std::string_view text(SourceSpan span) const
    {
        return m_text.substr(span.begin, span.length());
    }

private:
    [[nodiscard]] bool isEnd(std::size_t distance) const
    {
        return m_position + distance + 1 >= m_tokens.size();
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    std::vector<bool> m_followsInvalid;
    std::size_t m_position = 0;
};

} // namespace sequela::eql
