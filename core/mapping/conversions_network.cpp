#include "core/base/ip_address.h"
#include "core/mapping/conversions.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <libpsl.h>
#include <memory>
#include <string>

namespace sequela::mapping {

using namespace std::string_view_literals;
using schema::ValueKind;

namespace {

constexpr std::string_view mappedPrefix = "::ffff:";

std::string_view withoutMapping(std::string_view text)
{
    const bool isMapped =
        text.starts_with(mappedPrefix) && text.find('.') != std::string_view::npos;
    return isMapped ? text.substr(mappedPrefix.size()) : text;
}

} // namespace

bool ConversionRun::ip(const Value& value)
{
    const std::string_view text = withoutMapping(value.text);
    return IpAddress::parse(text).has_value() && putText(m_field.target, text, Origin::Renamed);
}

bool ConversionRun::ipType(const Value& value)
{
    const auto address = IpAddress::parse(value.text);
    return address
           && putText(m_field.target, address->isV4() ? "ipv4"sv : "ipv6"sv, Origin::Derived);
}

// -- dns

bool ConversionRun::dnsName(const Value& value)
{
    constexpr std::size_t hostsPart = 4;
    const bool used = putText(part(0), value.text, Origin::Renamed);
    putAppended(part(hostsPart), value.text);
    if (used) {
        domainParts(value.text);
    }
    return used;
}

/// "www" + "example.co.uk", of which "co.uk" is the suffix that anyone can register below.
void ConversionRun::domainParts(std::string_view name)
{
    constexpr std::size_t registeredPart = 1;
    constexpr std::size_t subdomainPart = 2;
    constexpr std::size_t suffixPart = 3;
    constexpr std::size_t longestName = 255;
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    if (name.empty() || name.size() > longestName || name.find('\0') != std::string_view::npos
        || IpAddress::parse(name)) {
        return;
    }
    // Folding ASCII keeps every offset; other names are compared as they are.
    std::string folded(name);
    std::ranges::transform(folded, folded.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const psl_ctx_t* const list = psl_builtin();
    if (list == nullptr) {
        return;
    }
    const char* const suffix = psl_unregistrable_domain(list, folded.c_str());
    if (suffix != nullptr) {
        const auto offset = static_cast<std::size_t>(suffix - folded.c_str());
        putMade(part(suffixPart), name.substr(offset), ValueKind::String, Origin::Derived);
    }
    const char* const registered = psl_registrable_domain(list, folded.c_str());
    if (registered != nullptr) {
        const auto offset = static_cast<std::size_t>(registered - folded.c_str());
        putMade(part(registeredPart), name.substr(offset), ValueKind::String, Origin::Derived);
        if (offset > 1) {
            putMade(part(subdomainPart), name.substr(0, offset - 1), ValueKind::String,
                    Origin::Derived);
        }
    }
}

namespace {

struct RecordType {
    std::string_view number;
    std::string_view name;
};
constexpr std::array recordTypes{
    RecordType{"1"sv, "A"sv},      RecordType{"2"sv, "NS"sv},    RecordType{"5"sv, "CNAME"sv},
    RecordType{"6"sv, "SOA"sv},    RecordType{"12"sv, "PTR"sv},  RecordType{"15"sv, "MX"sv},
    RecordType{"16"sv, "TXT"sv},   RecordType{"28"sv, "AAAA"sv}, RecordType{"33"sv, "SRV"sv},
    RecordType{"35"sv, "NAPTR"sv}, RecordType{"64"sv, "SVCB"sv}, RecordType{"65"sv, "HTTPS"sv},
};

std::string_view trim(std::string_view text)
{
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    return text;
}

} // namespace

/// `type:  5 cname.example;::ffff:1.2.3.4;`
bool ConversionRun::dnsAnswers(const Value& value)
{
    constexpr std::size_t typePart = 0;
    constexpr std::size_t dataPart = 1;
    constexpr std::size_t ipPart = 2;
    constexpr std::size_t hostsPart = 3;
    constexpr std::size_t relatedIpPart = 4;
    std::string_view rest = value.text;
    bool any = false;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::string_view answer = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (answer.empty()) {
            continue;
        }
        any = true;
        if (answer.starts_with("type:"sv)) {
            answer = trim(answer.substr("type:"sv.size()));
            const std::size_t blank = std::min(answer.find(' '), answer.size());
            const std::string_view number = answer.substr(0, blank);
            const std::string_view data = trim(answer.substr(blank));
            const auto* const type = std::ranges::find(recordTypes, number, &RecordType::number);
            putText(part(typePart), type == recordTypes.end() ? number : type->name,
                    Origin::Derived);
            if (!data.empty()) {
                putText(part(dataPart), data, Origin::Derived);
                putAppended(part(hostsPart), data);
            }
            continue;
        }
        answer = withoutMapping(answer);
        const auto address = IpAddress::parse(answer);
        if (address) {
            putText(part(typePart), address->isV4() ? "A"sv : "AAAA"sv, Origin::Derived);
            putText(part(ipPart), answer, Origin::Derived);
            putAppended(part(relatedIpPart), answer);
        }
        putText(part(dataPart), answer, Origin::Derived);
    }
    return any;
}

// -- community id (version 1, seed 0)

namespace {

struct Flow {
    IpAddress source;
    IpAddress destination;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    std::uint8_t protocol = 0;
};

std::string communityIdOf(Flow flow)
{
    const auto order = [](const IpAddress& address, std::uint16_t port) {
        return std::pair(address, port);
    };
    if (order(flow.destination, flow.destinationPort) < order(flow.source, flow.sourcePort)) {
        std::swap(flow.source, flow.destination);
        std::swap(flow.sourcePort, flow.destinationPort);
    }
    std::string bytes(2, '\0');
    const auto addPort = [&](std::uint16_t port) {
        bytes += static_cast<char>(port >> 8U);
        bytes += static_cast<char>(port & 0xFFU);
    };
    for (const IpAddress* address : {&flow.source, &flow.destination}) {
        constexpr std::size_t v4Offset = 12;
        const auto& all = address->bytes();
        for (std::size_t i = address->isV4() ? v4Offset : 0; i < all.size(); ++i) {
            bytes += static_cast<char>(all[i]);
        }
    }
    bytes += static_cast<char>(flow.protocol);
    bytes += '\0';
    addPort(flow.sourcePort);
    addPort(flow.destinationPort);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1) {
        return {};
    }
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
    const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(length));
    return "1:" + std::string(text.begin(), text.begin() + size);
}

} // namespace

bool ConversionRun::communityId(const Value& value)
{
    struct Protocol {
        std::string_view name;
        std::uint8_t number;
    };
    constexpr std::array protocols{Protocol{"tcp"sv, 6}, Protocol{"udp"sv, 17},
                                   Protocol{"sctp"sv, 132}};
    const auto port = [&](NameId field, std::uint16_t& number) {
        const std::string_view text = m_values.text(field);
        const char* const end = text.data() + text.size();
        return !text.empty() && std::from_chars(text.data(), end, number).ptr == end;
    };
    const auto source = IpAddress::parse(value.text);
    const auto destination = IpAddress::parse(m_values.text(part(0)));
    const auto* const protocol =
        std::ranges::find(protocols, m_values.text(part(3)), &Protocol::name);
    Flow flow;
    if (!source || !destination || source->isV4() != destination->isV4()
        || protocol == protocols.end() || !port(part(1), flow.sourcePort)
        || !port(part(2), flow.destinationPort)) {
        return false;
    }
    flow.source = *source;
    flow.destination = *destination;
    flow.protocol = protocol->number;
    const std::string id = communityIdOf(flow);
    return !id.empty() && putMade(m_field.target, id, ValueKind::String, Origin::Derived);
}

} // namespace sequela::mapping
