#pragma once

#include "core/eql/value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::engine {

/// Number of a join key value: equal values, equal numbers, across fields and segments. 0 is null.
using KeyNumber = std::uint32_t;
inline constexpr KeyNumber nullKey = 0;

/// Numbers join key values. Values are equal as `==` sees them: text by bytes, numbers by value
/// (5 and 5.0 are one), dates by whole milliseconds, addresses by address. Thread-safe.
class KeyInterner {
public:
    [[nodiscard]] KeyNumber intern(const eql::Value& value);
    /// The same for a text, without making a value of it.
    [[nodiscard]] KeyNumber internText(std::string_view text);
    /// What equal values have in common: whole milliseconds, whole numbers as integers.
    [[nodiscard]] eql::Value value(KeyNumber key) const;

private:
    static constexpr std::size_t shardCount = 16;
    struct Slot {
        std::uint32_t tag = 0;
        /// Item + 1; 0 is free.
        std::uint32_t item = 0;
    };
    /// Open addressing over the canonical bytes of all items, one after the other.
    struct Shard {
        [[nodiscard]] std::string_view bytesOf(std::uint32_t item) const
        {
            return std::string_view(bytes).substr(begins[item], begins[item + 1] - begins[item]);
        }
        [[nodiscard]] std::uint32_t itemCount() const
        {
            return static_cast<std::uint32_t>(begins.size() - 1);
        }
        void grow();

        mutable std::mutex mutex;
        std::vector<Slot> slots;
        std::string bytes;
        std::vector<std::size_t> begins{0};
        /// Values that are no text, by item.
        std::unordered_map<std::uint32_t, eql::Value> others;
    };
    /// @p kind tells texts from all others.
    [[nodiscard]] KeyNumber internBytes(char kind, std::string_view bytes, const eql::Value* value);

    std::array<Shard, shardCount> m_shards;
};

/// Orders key values ascending, null first: for results of equal last events and for samples.
[[nodiscard]] bool keyValueLess(const eql::Value& left, const eql::Value& right);

} // namespace sequela::engine
