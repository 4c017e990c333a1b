#pragma once

#include <cstddef>
#include <functional>

namespace sequela {

/// Threads a parallel operation uses when nobody says otherwise: one per core.
[[nodiscard]] std::size_t defaultThreadCount();

/// Calls @p work(index) for every index below @p count on up to @p threadCount threads, the calling
/// one included, and returns when all are done. Indices are handed out in ascending order; work
/// must not throw and writes only what its index owns, so results do not depend on the schedule.
void parallelFor(std::size_t count, std::size_t threadCount,
                 const std::function<void(std::size_t index)>& work);

} // namespace sequela
