#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sequela::mapping {

/// What a row of a mapping does with its value. The comment is the word in the table and what the
/// target is: a field, or a prefix that several fields are made under.
enum class Conversion : std::uint8_t {
    Copy,              ///< (nothing): the value as it is
    Text,              ///< `text`: a number becomes a string
    Integer,           ///< `integer`: decimal or 0x… becomes a decimal number
    Boolean,           ///< `boolean`: the words true and false in any case
    Guid,              ///< `guid`: lower case with braces
    Lower,             ///< `lower`
    Ip,                ///< `ip`: `::ffff:` before IPv4 dropped; what is no address is left alone
    IpType,            ///< `ip-type`: ipv4 or ipv6
    Lookup,            ///< `lookup(a=b,…)`: nothing for values that are not listed
    Basename,          ///< `basename`: after the last separator of the platform
    Image,             ///< `image`: TARGET.executable, TARGET.name
    DeviceImage,       ///< `device-image`: the same for \device\harddiskvolumeN\…
    Path,              ///< `path`: TARGET.path, .name, .directory, .extension
    CommandLine,       ///< `command-line`: TARGET.command_line, .args, .args_count
    QuotedCommandLine, ///< `quoted-command-line`: the same, arguments keep their quotes
    Arguments,         ///< `arguments`: TARGET.args, .args_count, .command_line of a list
    Account,           ///< `account`: TARGET.domain and .name of `DOMAIN\name`
    Hashes,            ///< `hashes`: TARGET.hash.*, TARGET.pe.imphash of `MD5=…,SHA256=…`
    RegistryPath,      ///< `registry-path`: TARGET.path, .hive, .key, .value
    RegistryData,      ///< `registry-data`: TARGET.strings, .type
    DnsName,     ///< `dns-name`: TARGET.name, .registered_domain, .subdomain, .top_level_domain
    DnsAnswers,  ///< `dns-answers`: TARGET.answers.type, .answers.data, TARGET.resolved_ip
    CommunityId, ///< `community-id`: of source, destination and network.transport
    Time,        ///< `time`: ISO text, epoch or FILETIME
    SysmonTime,  ///< `sysmon-time`: on Linux TimeCreated where the two are a minute apart
    LocalTime,   ///< `local-time`: NXLog's, whose zone the time of arrival tells
    EpochTime,   ///< `epoch-time(FIELD)`: seconds, and milliseconds in FIELD
    Numbered,    ///< `numbered`: TARGET1, TARGET2, …
    KeyValues,   ///< `key-values`: TARGET.KEY of lines `KEY = VALUE`
    Json,        ///< `json`: TARGET.KEY of an object written as a string
    EventXml,    ///< `event-xml`: the members of a Windows event written as a string
    AuditFields, ///< `audit-fields`: TARGET.KEY of `key=value key="value" …`
    JoinPath,    ///< `join-path(FIELD)`: the value, "/", and FIELD
    FilePathUrl, ///< `file-url`: TARGET.path of file://…
    Token,       ///< `token(FIELD)`: "es-" and a hash of host, pid (the value) and FIELD
    ExitStatus,  ///< `exit-status`: the exit code of a wait status
    AuditToken,  ///< `audit-token`: TARGET.pid and so on of a token written as a list
    Present,     ///< `present`: true where there is a value
    Split,       ///< `split`: a list separated by commas
};

/// The conversion of a word, `text` or `lookup` (without its bracket).
[[nodiscard]] std::optional<Conversion> conversionNamed(std::string_view word);

} // namespace sequela::mapping
