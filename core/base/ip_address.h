#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sequela {

/// An IPv4 or IPv6 address. IPv4 is kept in its mapped form (::ffff:a.b.c.d), so an address and
/// its mapped twin are equal (eql.md 4.1); order is that of the 16 bytes.
class IpAddress {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    constexpr IpAddress() = default;
    constexpr explicit IpAddress(const Bytes& bytes) : m_bytes(bytes) {}

    /// Dotted IPv4 with four decimal parts, or IPv6 text (RFC 4291, zone ids refused).
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool isV4() const;
    [[nodiscard]] const Bytes& bytes() const { return m_bytes; }
    /// Canonical text: dotted for IPv4, RFC 5952 for IPv6.
    [[nodiscard]] std::string toString() const;

    auto operator<=>(const IpAddress&) const = default;

private:
    Bytes m_bytes{};
};

/// A block of addresses of one family. Host bits are masked away; a bare address is a block of one.
class CidrBlock {
public:
    /// `10.0.0.0/8`, `fe80::/10`, `::1`. Nothing if address or prefix length are wrong.
    [[nodiscard]] static std::optional<CidrBlock> parse(std::string_view text);

    /// IPv4 and IPv6 never contain each other; `0.0.0.0/0` holds every IPv4 address only.
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] const IpAddress& network() const { return m_network; }
    /// Bits of the 128-bit mapped form, so an IPv4 /8 is 104.
    [[nodiscard]] int prefixBits() const { return m_prefixBits; }
    [[nodiscard]] std::string toString() const;

    bool operator==(const CidrBlock&) const = default;

private:
    IpAddress m_network;
    int m_prefixBits = 128;
    bool m_isV4 = false;
};

/// What an address is reachable as; colours of the network timeline and of reports.
enum class AddressClass : std::uint8_t { Public, Private, Loopback, LinkLocal, Multicast, Special };

/// Class by the IANA special-purpose registries (RFC 6890 and successors).
[[nodiscard]] AddressClass classify(const IpAddress& address);

} // namespace sequela
