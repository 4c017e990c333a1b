#pragma once

#include "core/eql/value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sequela::engine {

/// Number of a join key value: equal values, equal numbers, across fields and segments. 0 is null.
using KeyNumber = std::uint32_t;
inline constexpr KeyNumber nullKey = 0;

/// Numbers join key values. Values are equal as `==` sees them: text by bytes, numbers by value
/// (5 and 5.0 are one), dates by whole milliseconds, addresses by address. Thread-safe.
class KeyInterner {
public:
    [[nodiscard]] KeyNumber intern(const eql::Value& value);
    /// What equal values have in common: whole milliseconds, whole numbers as integers.
    [[nodiscard]] eql::Value value(KeyNumber key) const;

private:
    static constexpr std::size_t shardCount = 16;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers;
        std::deque<eql::Value> values;
    };
    std::array<Shard, shardCount> m_shards;
};

/// Orders key values ascending, null first: for results of equal last events and for samples.
[[nodiscard]] bool keyValueLess(const eql::Value& left, const eql::Value& right);

} // namespace sequela::engine
