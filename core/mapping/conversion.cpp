#include "core/mapping/conversion.h"

#include <algorithm>
#include <array>

namespace sequela::mapping {
namespace {

using namespace std::string_view_literals;

struct Named {
    std::string_view word;
    Conversion conversion;
};

constexpr std::array words{
    Named{"copy"sv, Conversion::Copy},
    Named{"text"sv, Conversion::Text},
    Named{"integer"sv, Conversion::Integer},
    Named{"boolean"sv, Conversion::Boolean},
    Named{"guid"sv, Conversion::Guid},
    Named{"lower"sv, Conversion::Lower},
    Named{"ip"sv, Conversion::Ip},
    Named{"ip-type"sv, Conversion::IpType},
    Named{"lookup"sv, Conversion::Lookup},
    Named{"basename"sv, Conversion::Basename},
    Named{"image"sv, Conversion::Image},
    Named{"device-image"sv, Conversion::DeviceImage},
    Named{"path"sv, Conversion::Path},
    Named{"command-line"sv, Conversion::CommandLine},
    Named{"quoted-command-line"sv, Conversion::QuotedCommandLine},
    Named{"arguments"sv, Conversion::Arguments},
    Named{"account"sv, Conversion::Account},
    Named{"hashes"sv, Conversion::Hashes},
    Named{"registry-path"sv, Conversion::RegistryPath},
    Named{"registry-data"sv, Conversion::RegistryData},
    Named{"dns-name"sv, Conversion::DnsName},
    Named{"dns-answers"sv, Conversion::DnsAnswers},
    Named{"community-id"sv, Conversion::CommunityId},
    Named{"time"sv, Conversion::Time},
    Named{"sysmon-time"sv, Conversion::SysmonTime},
    Named{"local-time"sv, Conversion::LocalTime},
    Named{"epoch-time"sv, Conversion::EpochTime},
    Named{"numbered"sv, Conversion::Numbered},
    Named{"key-values"sv, Conversion::KeyValues},
    Named{"json"sv, Conversion::Json},
    Named{"event-xml"sv, Conversion::EventXml},
    Named{"audit-fields"sv, Conversion::AuditFields},
    Named{"join-path"sv, Conversion::JoinPath},
    Named{"file-url"sv, Conversion::FilePathUrl},
    Named{"token"sv, Conversion::Token},
    Named{"exit-status"sv, Conversion::ExitStatus},
    Named{"audit-token"sv, Conversion::AuditToken},
    Named{"present"sv, Conversion::Present},
    Named{"split"sv, Conversion::Split},
};

} // namespace

std::optional<Conversion> conversionNamed(std::string_view word)
{
    const auto* const found = std::ranges::find(words, word, &Named::word);
    return found == words.end() ? std::nullopt : std::optional(found->conversion);
}

} // namespace sequela::mapping
