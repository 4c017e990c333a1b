#include "core/ingest/derivation.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"

#include <algorithm>
#include <array>
#include <string>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::array macosNames{"macos"sv, "darwin"sv, "mac os x"sv, "osx"sv, "mac os"sv};
constexpr std::array linuxNames{
    "linux"sv,      "debian"sv,     "ubuntu"sv,    "redhat"sv,   "rhel"sv,      "centos"sv,
    "fedora"sv,     "suse"sv,       "sles"sv,      "opensuse"sv, "amzn"sv,      "amazon"sv,
    "arch"sv,       "alpine"sv,     "gentoo"sv,    "oracle"sv,   "ol"sv,        "rocky"sv,
    "almalinux"sv,  "raspbian"sv,   "kali"sv,      "mint"sv,     "linuxmint"sv, "mariner"sv,
    "azurelinux"sv, "scientific"sv, "slackware"sv, "flatcar"sv,  "coreos"sv,    "photon"sv};

constexpr std::array osFields{"host.os.family"sv, "host.os.platform"sv, "host.os.name"sv,
                              "host.os.Ext.variant"sv, "host.os.full"sv};
/// Fields that only event logs of Windows have, in the shapes they are exported in.
constexpr std::array windowsFields{"winlog.channel"sv, "Channel"sv, "log_name"sv,
                                   "Event.System.Channel"sv};
/// A message of Endpoint Security always has both.
constexpr std::array endpointSecurityFields{"mach_time"sv, "global_seq_num"sv};

constexpr std::array timeFields{
    "UtcTime"sv,     "EventTime"sv,     "Event.System.TimeCreated.#attributes.SystemTime"sv,
    "TimeCreated"sv, "TimeGenerated"sv, "time"sv,
    "timestamp"sv,   "event.created"sv, "event.start"sv,
};

} // namespace

std::string_view osTypeOfName(std::string_view name)
{
    const std::string folded = foldCase(name);
    if (folded.starts_with("windows"sv)) {
        return "windows";
    }
    if (std::ranges::find(macosNames, folded) != macosNames.end()
        || folded.starts_with("macos"sv)) {
        return "macos";
    }
    const std::string_view firstWord = std::string_view(folded).substr(0, folded.find(' '));
    if (std::ranges::find(linuxNames, firstWord) != linuxNames.end()
        || folded.find("linux"sv) != std::string::npos) {
        return "linux";
    }
    return {};
}

std::string_view deriveOsType(const casefile::SegmentBuilder& event)
{
    for (const std::string_view field : osFields) {
        const std::string_view name = event.first(field);
        if (!name.empty()) {
            const std::string_view type = osTypeOfName(name);
            if (!type.empty()) {
                return type;
            }
        }
    }
    for (const std::string_view field : windowsFields) {
        const std::string_view channel = event.first(field);
        if (!channel.empty()) {
            return channel.starts_with("Linux-Sysmon"sv) ? "linux"sv : "windows"sv;
        }
    }
    const bool isEndpointSecurity = std::ranges::all_of(
        endpointSecurityFields, [&](std::string_view field) { return event.has(field); });
    return isEndpointSecurity ? "macos"sv : std::string_view();
}

std::optional<DerivedTime> deriveTime(const casefile::SegmentBuilder& event)
{
    for (const std::string_view field : timeFields) {
        const std::string_view text = event.first(field);
        if (text.empty()) {
            continue;
        }
        // Digits alone are what a number was; sources write no bare years.
        const bool isNumber =
            std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
        if (const auto time = parseEventTimestamp(text, isNumber)) {
            return DerivedTime{.field = field, .nanoseconds = time->nanoseconds()};
        }
    }
    return std::nullopt;
}

} // namespace sequela::ingest
