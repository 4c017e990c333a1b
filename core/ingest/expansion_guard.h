#pragma once

#include "core/base/diagnostic.h"
#include "core/ingest/limits.h"

#include <cstdint>

namespace sequela::ingest {

/// Watches how much comes out of packed data for what goes in (decompression bombs).
class ExpansionGuard {
public:
    explicit ExpansionGuard(const Limits& limits)
        : m_ratio(limits.expansionRatio),
          m_free(limits.expandedBytesFree),
          m_most(limits.expandedBytes)
    {
    }

    /// @p packedTotal bytes went in so far, @p unpacked more came out. Error
    /// `ingest-archive-limit`.
    [[nodiscard]] Result<void> count(std::uint64_t packedTotal, std::uint64_t unpacked);

private:
    std::uint64_t m_ratio;
    std::uint64_t m_free;
    std::uint64_t m_most;
    std::uint64_t m_total = 0;
};

} // namespace sequela::ingest
