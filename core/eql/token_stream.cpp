#include "core/eql/token_stream.h"

#include "core/eql/syntax_problems.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

TokenStream::TokenStream(std::string_view text, const std::vector<Token>& tokens) : m_text(text)
{
    bool followsInvalid = false;
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::Whitespace || token.kind == TokenKind::LineComment
            || token.kind == TokenKind::BlockComment) {
            continue;
        }
        const std::string_view word = this->text(token.span);
        if (token.kind == TokenKind::Invalid && word != "!:" && word != "&&" && word != "!") {
            followsInvalid = true;
            continue;
        }
        m_tokens.push_back(token);
        m_followsInvalid.push_back(followsInvalid);
        followsInvalid = false;
    }
    m_tokens.push_back({TokenKind::Invalid, {text.size(), text.size()}});
    m_followsInvalid.push_back(followsInvalid);
}

const Token& TokenStream::peek(std::size_t distance) const
{
    return m_tokens[std::min(m_position + distance, m_tokens.size() - 1)];
}

std::string_view TokenStream::spelling(std::size_t distance) const
{
    return text(peek(distance).span);
}

SourceSpan TokenStream::advance()
{
    const SourceSpan span = peek().span;
    if (!atEnd()) {
        ++m_position;
    }
    return span;
}

bool TokenStream::accept(std::string_view word)
{
    if (!is(word) || atEnd()) {
        return false;
    }
    ++m_position;
    return true;
}

std::size_t TokenStream::previousEnd() const
{
    return m_position == 0 ? 0 : m_tokens[m_position - 1].span.end;
}

std::string TokenStream::quotedSpelling() const
{
    return atEnd() ? "'<EOF>'" : fmt::format("'{}'", excerpt(spelling()));
}

} // namespace sequela::eql
