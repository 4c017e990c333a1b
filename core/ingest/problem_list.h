#pragma once

#include "core/ingest/import_report.h"
#include "core/ingest/limits.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Problems in the order of the input: all counted, a bounded number kept. Of kinds that lose
/// nothing only a few are kept, so that they never crowd out the others.
class ProblemList {
public:
    /// Adds one problem that stands for @p count alike ones.
    void add(Problem problem, const Limits& limits, std::uint64_t count = 1);
    /// Whether the next problem of the kind would be kept.
    [[nodiscard]] bool isKept(ProblemKind kind, const Limits& limits) const;
    /// Appends a later list, as if its problems had been added here.
    void append(ProblemList later, const Limits& limits);
    /// Counts @p count without a place; one entry with the reason is kept.
    void addCounted(ProblemKind kind, std::uint64_t count, std::string reason);

    /// Puts the kept ones in the order of their lines, those without a place last.
    void sortByPlace();

    [[nodiscard]] const std::vector<Problem>& kept() const { return m_kept; }
    [[nodiscard]] std::uint64_t count(ProblemKind kind) const
    {
        return m_counts[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] const std::array<std::uint64_t, problemKindCount>& counts() const
    {
        return m_counts;
    }

private:
    void keep(Problem problem);

    std::vector<Problem> m_kept;
    std::array<std::uint64_t, problemKindCount> m_counts{};
    std::array<std::uint32_t, problemKindCount> m_keptCounts{};
};

/// A piece of @p text around @p offset for a person to recognise the place by.
[[nodiscard]] std::string excerptAround(std::string_view text, std::size_t offset,
                                        const Limits& limits);

} // namespace sequela::ingest
