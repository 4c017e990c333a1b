#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace sequela {

std::size_t defaultThreadCount()
{
    return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

void parallelFor(std::size_t count, std::size_t threadCount,
                 const std::function<void(std::size_t index)>& work)
{
    std::atomic<std::size_t> next{0};
    const auto drain = [&] {
        for (std::size_t index = next.fetch_add(1); index < count; index = next.fetch_add(1)) {
            work(index);
        }
    };
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min(threadCount, count);
    for (std::size_t i = 1; i < wanted; ++i) {
        helpers.emplace_back(drain);
    }
    drain();
}

} // namespace sequela
