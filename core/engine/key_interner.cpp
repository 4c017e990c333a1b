#include "core/engine/key_interner.h"

#include <bit>
#include <cmath>
#include <cstring>
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
    text += 'n';
    appendBytes(text, std::bit_cast<std::uint64_t>(value));
}

/// Limits of the doubles that a 64-bit integer can equal.
constexpr double integerLimit = 9'223'372'036'854'775'808.0;

/// One text per canonical value.
struct CanonicalKey {
    std::string text;

    void operator()(std::monostate) {}
    void operator()(bool value) { text += value ? "b1" : "b0"; }
    void operator()(std::int64_t value) { appendInteger(text, value); }
    void operator()(double value)
    {
        text += 'd';
        appendBytes(text, std::bit_cast<std::uint64_t>(value));
    }
    void operator()(const std::string& value)
    {
        text += 's';
        text += value;
    }
    void operator()(Timestamp value)
    {
        text += 't';
        appendBytes(text, std::bit_cast<std::uint64_t>(value.nanoseconds()));
    }
    void operator()(const IpAddress& value)
    {
        text += 'i';
        for (const std::uint8_t byte : value.bytes()) {
            text += static_cast<char>(byte);
        }
    }
    void operator()(const eql::VersionValue& value)
    {
        text += 'v';
        text += value.text;
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

} // namespace

KeyNumber KeyInterner::intern(const eql::Value& value)
{
    if (eql::isNull(value)) {
        return nullKey;
    }
    eql::Value representative = canonicalValue(value);
    CanonicalKey canonical;
    std::visit(canonical, representative);
    const std::size_t shardIndex = TextHash{}(canonical.text) % shardCount;
    Shard& shard = m_shards[shardIndex];
    const std::scoped_lock lock(shard.mutex);
    auto found = shard.numbers.find(canonical.text);
    if (found == shard.numbers.end()) {
        const auto number =
            static_cast<std::uint32_t>(1 + shardIndex + shardCount * shard.values.size());
        shard.values.push_back(std::move(representative));
        found = shard.numbers.emplace(std::move(canonical.text), number).first;
    }
    return found->second;
}

eql::Value KeyInterner::value(KeyNumber key) const
{
    if (key == nullKey) {
        return {};
    }
    const Shard& shard = m_shards[(key - 1) % shardCount];
    const std::scoped_lock lock(shard.mutex);
    return shard.values[(key - 1) / shardCount];
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
