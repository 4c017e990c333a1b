#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>

namespace sequela::oracle {

/// Random choices that are the same on every platform for one seed.
class RandomSource {
public:
    explicit RandomSource(std::uint64_t seed) : m_engine(seed) {}

    /// 0 … count - 1.
    [[nodiscard]] std::size_t below(std::size_t count) { return m_engine() % count; }
    /// True once in @p count.
    [[nodiscard]] bool oneIn(std::size_t count) { return below(count) == 0; }

    template <typename T>
    [[nodiscard]] const T& pick(std::span<const T> choices)
    {
        return choices[below(choices.size())];
    }
    [[nodiscard]] std::string pick(std::initializer_list<const char*> choices)
    {
        return *(choices.begin() + below(choices.size()));
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace sequela::oracle
