#include "core/engine/key_interner.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>

namespace sequela::engine {

namespace {

void appendBytes(std::string& text, std::uint64_t bits)
{
    std::array<char, sizeof bits> bytes{};
    std::memcpy(bytes.data(), &bits, sizeof bits);
    text.append(bytes.data(), bytes.size());
}

void appendInteger(std::string& text, std::int64_t value)
{
    appendBytes(text, std::bit_cast<std::uint64_t>(value));
}

/// Limits of the doubles that a 64-bit integer can equal.
constexpr double integerLimit = 9'223'372'036'854'775'808.0;

constexpr char textKind = 's';

/// A kind and bytes per canonical value.
struct CanonicalKey {
    char kind = 0;
    std::string bytes;

    void operator()(std::monostate) {}
    void operator()(bool value)
    {
        kind = 'b';
        bytes.assign(1, value ? '1' : '0');
    }
    void operator()(std::int64_t value)
    {
        kind = 'n';
        appendInteger(bytes, value);
    }
    void operator()(double value)
    {
        kind = 'd';
        appendBytes(bytes, std::bit_cast<std::uint64_t>(value));
    }
    void operator()(const std::string& value)
    {
        kind = textKind;
        bytes = value;
    }
    void operator()(Timestamp value)
    {
        kind = 't';
        appendInteger(bytes, value.nanoseconds());
    }
    void operator()(const IpAddress& value)
    {
        kind = 'i';
        for (const std::uint8_t byte : value.bytes()) {
            bytes += static_cast<char>(byte);
        }
    }
    void operator()(const eql::VersionValue& value)
    {
        kind = 'v';
        bytes = value.text;
    }
};

/// One value per class of equal values, so that a result never shows which of them came first.
eql::Value canonicalValue(const eql::Value& value)
{
    if (const auto* time = std::get_if<Timestamp>(&value)) {
        return timestampFromMilliseconds(time->milliseconds()).value_or(*time);
    }
    const auto* real = std::get_if<double>(&value);
    if (real != nullptr && std::trunc(*real) == *real && *real >= -integerLimit
        && *real < integerLimit) {
        return static_cast<std::int64_t>(*real);
    }
    return value;
}

std::uint64_t hashOf(char kind, std::string_view bytes)
{
    return std::hash<std::string_view>{}(bytes)
           ^ (static_cast<unsigned char>(kind) * 0x9E37'79B9'7F4A'7C15U);
}

} // namespace

KeyNumber KeyInterner::intern(const eql::Value& value)
{
    if (eql::isNull(value)) {
        return nullKey;
    }
    const eql::Value representative = canonicalValue(value);
    CanonicalKey canonical;
    std::visit(canonical, representative);
    return internBytes(canonical.kind, canonical.bytes, &representative);
}

KeyNumber KeyInterner::internText(std::string_view text)
{
    return internBytes(textKind, text, nullptr);
}

void KeyInterner::Shard::grow()
{
    std::vector<Slot> before(std::max<std::size_t>(64, slots.size() * 2));
    before.swap(slots);
    // The tag tells the place, so no text is looked at again.
    for (const Slot& moved : before) {
        if (moved.item == 0) {
            continue;
        }
        std::size_t slot = moved.tag & (slots.size() - 1);
        while (slots[slot].item != 0) {
            slot = (slot + 1) & (slots.size() - 1);
        }
        slots[slot] = moved;
    }
}

KeyNumber KeyInterner::internBytes(char kind, std::string_view bytes, const eql::Value* value)
{
    const std::uint64_t hash = hashOf(kind, bytes);
    const std::size_t shardIndex = hash % shardCount;
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    const auto numberOf = [&](std::uint32_t item) {
        return static_cast<KeyNumber>(1 + shardIndex + shardCount * item);
    };
    Shard& shard = m_shards[shardIndex];
    const std::scoped_lock lock(shard.mutex);
    if (std::size_t{2} * (shard.itemCount() + 1) > shard.slots.size()) {
        shard.grow();
    }
    std::size_t slot = tag & (shard.slots.size() - 1);
    for (; shard.slots[slot].item != 0; slot = (slot + 1) & (shard.slots.size() - 1)) {
        const std::uint32_t item = shard.slots[slot].item - 1;
        if (shard.slots[slot].tag != tag) {
            continue;
        }
        const std::string_view stored = shard.bytesOf(item);
        if (stored.front() == kind && stored.substr(1) == bytes) {
            return numberOf(item);
        }
    }
    const std::uint32_t item = shard.itemCount();
    shard.slots[slot] = {tag, item + 1};
    shard.bytes += kind;
    shard.bytes += bytes;
    shard.begins.push_back(shard.bytes.size());
    if (kind != textKind) {
        shard.others.emplace(item, *value);
    }
    return numberOf(item);
}

eql::Value KeyInterner::value(KeyNumber key) const
{
    if (key == nullKey) {
        return {};
    }
    const Shard& shard = m_shards[(key - 1) % shardCount];
    const std::scoped_lock lock(shard.mutex);
    const std::uint32_t item = (key - 1) / shardCount;
    const std::string_view stored = shard.bytesOf(item);
    return stored.front() == textKind ? eql::Value(std::string(stored.substr(1)))
                                      : shard.others.at(item);
}

bool keyValueLess(const eql::Value& left, const eql::Value& right)
{
    if (eql::isNull(left) || eql::isNull(right)) {
        return eql::isNull(left) && !eql::isNull(right);
    }
    if (const auto* leftFlag = std::get_if<bool>(&left)) {
        if (const auto* rightFlag = std::get_if<bool>(&right)) {
            return !*leftFlag && *rightFlag;
        }
    }
    if (const std::optional<int> order = eql::compareValues(left, right)) {
        return *order < 0;
    }
    return left.index() < right.index();
}

} // namespace sequela::engine
