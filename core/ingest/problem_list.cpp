#include "core/ingest/problem_list.h"

#include <algorithm>

namespace sequela::ingest {

bool ProblemList::isKept(ProblemKind kind, const Limits& limits) const
{
    const std::size_t most =
        problemWeight(kind) == ProblemWeight::Lost ? limits.problemsKept : limits.alikeProblemsKept;
    return m_keptCounts[static_cast<std::size_t>(kind)] < most;
}

void ProblemList::keep(Problem problem)
{
    ++m_keptCounts[static_cast<std::size_t>(problem.kind)];
    m_kept.push_back(std::move(problem));
}

void ProblemList::add(Problem problem, const Limits& limits, std::uint64_t count)
{
    m_counts[static_cast<std::size_t>(problem.kind)] += count;
    if (isKept(problem.kind, limits)) {
        keep(std::move(problem));
    }
}

void ProblemList::append(ProblemList later, const Limits& limits)
{
    for (std::size_t kind = 0; kind < problemKindCount; ++kind) {
        m_counts[kind] += later.m_counts[kind];
    }
    for (Problem& problem : later.m_kept) {
        if (isKept(problem.kind, limits)) {
            keep(std::move(problem));
        }
    }
}

void ProblemList::addCounted(ProblemKind kind, std::uint64_t count, std::string reason)
{
    if (count == 0) {
        return;
    }
    m_counts[static_cast<std::size_t>(kind)] += count;
    Problem problem;
    problem.kind = kind;
    problem.reason = std::move(reason);
    keep(std::move(problem));
}

void ProblemList::sortByPlace()
{
    // Line 0 wraps round to the greatest.
    std::ranges::stable_sort(m_kept, {}, [](const Problem& problem) { return problem.line - 1; });
}

std::string excerptAround(std::string_view text, std::size_t offset, const Limits& limits)
{
    const std::size_t before = limits.excerptBytes / 2;
    const std::size_t middle = std::min(offset, text.size());
    std::size_t begin = middle > before ? middle - before : 0;
    std::size_t end = std::min(text.size(), begin + limits.excerptBytes);
    const auto isContinuation = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (begin < middle && isContinuation(begin)) {
        ++begin;
    }
    while (end > middle && isContinuation(end)) {
        --end;
    }
    return std::string(text.substr(begin, end - begin));
}

} // namespace sequela::ingest
