#include "core/eql/syntax_problems.h"

#include "core/base/text.h"
#include "core/eql/limits.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sequela::eql {

Diagnostic& SyntaxProblems::add(std::string_view code, SourceSpan span, std::string message,
                                std::string hint)
{
    if (isFull() && m_hasSurplus) {
        m_surplus.fixes.clear();
        return m_surplus;
    }
    Diagnostic problem = makeError(std::string(code), std::move(message), std::move(hint));
    problem.span = span;
    if (isFull()) {
        m_hasSurplus = true;
        m_surplus = std::move(problem);
        return m_surplus;
    }
    m_diagnostics.push_back(std::move(problem));
    return m_diagnostics.back();
}

bool SyntaxProblems::isFull() const
{
    return m_diagnostics.size() >= limits::maximumDiagnostics;
}

Diagnostic* SyntaxProblems::find(SourceSpan span)
{
    const auto end = m_diagnostics.begin() + static_cast<std::ptrdiff_t>(m_numAppended);
    const auto found = std::lower_bound(
        m_diagnostics.begin(), end, span.begin,
        [](const Diagnostic& problem, std::size_t begin) { return problem.span->begin < begin; });
    return found != end && found->span == span ? &*found : nullptr;
}

Diagnostic* SyntaxProblems::findLatest(SourceSpan span)
{
    const auto found =
        std::find_if(m_diagnostics.rbegin(), m_diagnostics.rend(),
                     [&](const Diagnostic& problem) { return problem.span == span; });
    return found == m_diagnostics.rend() ? nullptr : &*found;
}

void SyntaxProblems::append(std::vector<Diagnostic> diagnostics)
{
    for (Diagnostic& diagnostic : diagnostics) {
        if (!isFull()) {
            m_diagnostics.push_back(std::move(diagnostic));
        } else {
            m_surplus = std::move(diagnostic);
            m_hasSurplus = true;
        }
    }
    m_numAppended = m_diagnostics.size();
}

std::vector<Diagnostic> SyntaxProblems::take()
{
    std::ranges::stable_sort(m_diagnostics, {}, [](const Diagnostic& problem) {
        return problem.span ? problem.span->begin : 0;
    });
    if (m_hasSurplus) {
        m_diagnostics.push_back(
            makeError(std::string(codes::tooManyProblems),
                      fmt::format("There are more than {} problems", limits::maximumDiagnostics),
                      "The first ones are listed; repair them and check again"));
        m_diagnostics.back().span = m_surplus.span;
    }
    m_hasSurplus = false;
    m_numAppended = 0;
    return std::exchange(m_diagnostics, {});
}

std::string excerpt(std::string_view text)
{
    constexpr std::size_t maximumCharacters = 60;
    // Four bytes a character at most: no need to walk through megabytes.
    const std::string_view head = text.substr(0, 4 * (maximumCharacters + 1));
    const std::size_t end = byteOffsetOfCodePoint(head, maximumCharacters);
    std::string shown = visibleText(head.substr(0, end));
    return end < text.size() ? shown + "…" : shown;
}

} // namespace sequela::eql
