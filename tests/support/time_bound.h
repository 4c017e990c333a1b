#pragma once

#include <cstdint>
#include <ctime>
#include <string>

/// Bounds on how long something may take. Processor time, since the machine may be busy with other
/// tests; and under a sanitizer, which slows everything down, so much more of it.
namespace sequela::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::int64_t timeScale = 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::int64_t timeScale = 20;
#else
inline constexpr std::int64_t timeScale = 1;
#endif
#else
inline constexpr std::int64_t timeScale = 1;
#endif

/// Processor time since it was made.
class ProcessorTime {
public:
    [[nodiscard]] std::int64_t milliseconds() const
    {
        return std::int64_t{std::clock() - m_start} * 1000 / CLOCKS_PER_SEC;
    }
    /// Whether less than @p bound milliseconds went by, sanitizers aside.
    [[nodiscard]] bool isBelow(std::int64_t bound) const
    {
        return milliseconds() < bound * timeScale;
    }
    [[nodiscard]] std::string text() const { return std::to_string(milliseconds()) + " ms"; }

private:
    std::clock_t m_start = std::clock();
};

} // namespace sequela::test
