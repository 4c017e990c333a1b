#include "core/base/ip_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace sequela {
namespace {

constexpr int addressBits = 128;
/// Bits in front of the IPv4 part of a mapped address.
constexpr int mappedBits = 96;

bool parseV4(std::string_view text, std::span<std::uint8_t, 4> bytes)
{
    for (std::size_t part = 0; part < 4; ++part) {
        const std::size_t length = std::min(text.find('.'), text.size());
        const std::string_view digits = text.substr(0, length);
        unsigned value = 0;
        const auto [stop, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool wrong = error != std::errc() || stop != digits.data() + digits.size()
                           || digits.size() > 3 || value > 255
                           || (digits.size() > 1 && digits.front() == '0');
        if (wrong || (part < 3) != (length < text.size())) {
            return false;
        }
        bytes[part] = static_cast<std::uint8_t>(value);
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return text.empty();
}

/// Groups of an IPv6 address on one side of `::`, two bytes each; the last may be dotted IPv4.
std::optional<std::size_t> parseGroups(std::string_view text, std::span<std::uint8_t> bytes,
                                       bool mayEndInV4)
{
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find(':'), text.size());
        const std::string_view group = text.substr(0, length);
        const bool isLast = length == text.size();
        if (isLast && mayEndInV4 && group.find('.') != std::string_view::npos) {
            if (used + 4 > bytes.size() || !parseV4(group, bytes.subspan(used).first<4>())) {
                return std::nullopt;
            }
            return used + 4;
        }
        unsigned value = 0;
        const auto [stop, error] =
            std::from_chars(group.data(), group.data() + group.size(), value, 16);
        if (error != std::errc() || stop != group.data() + group.size() || group.size() > 4
            || used + 2 > bytes.size()) {
            return std::nullopt;
        }
        bytes[used] = static_cast<std::uint8_t>(value >> 8U);
        bytes[used + 1] = static_cast<std::uint8_t>(value & 0xFFU);
        used += 2;
        if (!isLast && length + 1 == text.size()) {
            return std::nullopt; // a single colon at the end
        }
        text.remove_prefix(isLast ? length : length + 1);
    }
    return used;
}

std::optional<IpAddress> parseV6(std::string_view text)
{
    IpAddress::Bytes bytes{};
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        const auto used = parseGroups(text, bytes, true);
        return used == bytes.size() ? std::optional(IpAddress(bytes)) : std::nullopt;
    }
    const auto head = parseGroups(text.substr(0, gap), bytes, false);
    IpAddress::Bytes tailBytes{};
    const auto tail = parseGroups(text.substr(gap + 2), tailBytes, true);
    // `::` stands for at least one group.
    if (!head || !tail || *head + *tail > bytes.size() - 2) {
        return std::nullopt;
    }
    std::copy_n(tailBytes.begin(), *tail, bytes.end() - static_cast<std::ptrdiff_t>(*tail));
    return IpAddress(bytes);
}

struct LongestZeroRun {
    std::size_t begin = 8;
    std::size_t length = 0;
};

LongestZeroRun findZeroRun(std::span<const unsigned, 8> groups)
{
    LongestZeroRun longest;
    for (std::size_t i = 0; i < groups.size();) {
        std::size_t end = i;
        while (end < groups.size() && groups[end] == 0) {
            ++end;
        }
        if (end - i > longest.length && end - i >= 2) {
            longest = {i, end - i};
        }
        i = std::max(end, i + 1);
    }
    return longest;
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    if (text.find(':') != std::string_view::npos) {
        return parseV6(text);
    }
    Bytes bytes{};
    bytes[10] = 0xFF;
    bytes[11] = 0xFF;
    if (!parseV4(text, std::span(bytes).last<4>())) {
        return std::nullopt;
    }
    return IpAddress(bytes);
}

bool IpAddress::isV4() const
{
    return std::all_of(m_bytes.begin(), m_bytes.begin() + 10, [](auto byte) { return byte == 0; })
           && m_bytes[10] == 0xFF && m_bytes[11] == 0xFF;
}

std::string IpAddress::toString() const
{
    if (isV4()) {
        return fmt::format("{}.{}.{}.{}", m_bytes[12], m_bytes[13], m_bytes[14], m_bytes[15]);
    }
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i] = m_bytes[2 * i] * 256U + m_bytes[2 * i + 1];
    }
    const LongestZeroRun zeros = findZeroRun(groups);
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == zeros.begin) {
            text += "::";
            i += zeros.length - 1;
            continue;
        }
        if (!text.empty() && !text.ends_with(':')) {
            text += ':';
        }
        text += fmt::format("{:x}", groups[i]);
    }
    return text;
}

std::optional<CidrBlock> CidrBlock::parse(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    CidrBlock block;
    // `::ffff:1.2.3.4/104` is written as IPv6: its prefix counts from the first of 128 bits.
    const bool writtenAsV4 = text.substr(0, slash).find(':') == std::string_view::npos;
    block.m_prefixBits = addressBits;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        int length = 0;
        const auto [stop, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error != std::errc() || stop != digits.data() + digits.size() || digits.starts_with('-')
            || length > (writtenAsV4 ? addressBits - mappedBits : addressBits)) {
            return std::nullopt;
        }
        block.m_prefixBits = writtenAsV4 ? mappedBits + length : length;
    }
    block.m_isV4 = address->isV4() && block.m_prefixBits >= mappedBits;
    IpAddress::Bytes bytes = address->bytes();
    for (int bit = block.m_prefixBits; bit < addressBits; ++bit) {
        const auto index = static_cast<std::size_t>(bit) / 8;
        bytes[index] =
            static_cast<std::uint8_t>(bytes[index] & ~(0x80U >> (static_cast<unsigned>(bit) % 8)));
    }
    block.m_network = IpAddress(bytes);
    return block;
}

bool CidrBlock::contains(const IpAddress& address) const
{
    if (address.isV4() != m_isV4) {
        return false;
    }
    const auto whole = static_cast<std::size_t>(m_prefixBits) / 8;
    const auto& left = address.bytes();
    const auto& right = m_network.bytes();
    if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(whole),
                    right.begin())) {
        return false;
    }
    const unsigned rest = static_cast<unsigned>(m_prefixBits) % 8;
    return rest == 0 || ((left[whole] ^ right[whole]) >> (8 - rest)) == 0;
}

std::string CidrBlock::toString() const
{
    return fmt::format("{}/{}", m_network.toString(),
                       m_isV4 ? m_prefixBits - mappedBits : m_prefixBits);
}

AddressClass classify(const IpAddress& address)
{
    struct Row {
        std::string_view block;
        AddressClass kind;
    };
    // IANA IPv4 and IPv6 special-purpose address registries.
    constexpr std::array rows{
        Row{"10.0.0.0/8", AddressClass::Private},
        Row{"172.16.0.0/12", AddressClass::Private},
        Row{"192.168.0.0/16", AddressClass::Private},
        Row{"fc00::/7", AddressClass::Private},
        Row{"127.0.0.0/8", AddressClass::Loopback},
        Row{"::1", AddressClass::Loopback},
        Row{"169.254.0.0/16", AddressClass::LinkLocal},
        Row{"fe80::/10", AddressClass::LinkLocal},
        Row{"224.0.0.0/4", AddressClass::Multicast},
        Row{"ff00::/8", AddressClass::Multicast},
        Row{"0.0.0.0/8", AddressClass::Special},
        Row{"100.64.0.0/10", AddressClass::Special},
        Row{"192.0.0.0/24", AddressClass::Special},
        Row{"192.0.2.0/24", AddressClass::Special},
        Row{"192.31.196.0/24", AddressClass::Special},
        Row{"192.52.193.0/24", AddressClass::Special},
        Row{"192.88.99.0/24", AddressClass::Special},
        Row{"192.175.48.0/24", AddressClass::Special},
        Row{"198.18.0.0/15", AddressClass::Special},
        Row{"198.51.100.0/24", AddressClass::Special},
        Row{"203.0.113.0/24", AddressClass::Special},
        Row{"240.0.0.0/4", AddressClass::Special},
        Row{"::", AddressClass::Special},
        Row{"64:ff9b:1::/48", AddressClass::Special},
        Row{"100::/64", AddressClass::Special},
        Row{"2001:db8::/32", AddressClass::Special},
    };
    struct Entry {
        CidrBlock block;
        AddressClass kind = AddressClass::Public;
    };
    static const auto table = [&rows] {
        std::array<Entry, rows.size()> entries;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            entries[i] = {CidrBlock::parse(rows[i].block).value_or(CidrBlock{}), rows[i].kind};
        }
        return entries;
    }();
    const auto found = std::ranges::find_if(
        table, [&](const Entry& entry) { return entry.block.contains(address); });
    return found == table.end() ? AddressClass::Public : found->kind;
}

} // namespace sequela
