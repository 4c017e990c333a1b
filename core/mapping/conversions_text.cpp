#include "core/base/text.h"
#include "core/mapping/conversions.h"
#include "core/mapping/embedded_json.h"
#include "core/mapping/event_xml.h"
#include "core/mapping/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace sequela::mapping {

using namespace std::string_view_literals;
using schema::ValueKind;

namespace {

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Offset of the quote that ends the text a value begins with: quotes inside are not escaped, so
/// it is the one before the next `key=` or the end.
std::size_t closingQuote(std::string_view text)
{
    for (std::size_t at = text.find(text.front(), 1); at != std::string_view::npos;
         at = text.find(text.front(), at + 1)) {
        const std::string_view rest = text.substr(at + 1);
        if (trim(rest).empty()) {
            return at;
        }
        const std::size_t sign = rest.find('=');
        const bool isKey = rest.front() == ' ' && sign != std::string_view::npos && sign > 1
                           && std::ranges::all_of(rest.substr(1, sign - 1), [](char c) {
                                  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                                         || (c >= '0' && c <= '9') || c == '_';
                              });
        if (isKey) {
            return at;
        }
    }
    return text.size();
}

} // namespace

// -- putting

bool ConversionRun::put(NameId target, std::string_view text, ValueKind kind, Origin origin)
{
    const FieldRow& row = *m_field.row;
    if (row.append) {
        for (std::uint32_t i = m_values.first(target); i != EventValues::none;
             i = m_values.nextOf(i)) {
            if (m_values.at(i).text == text) {
                return true;
            }
        }
    } else {
        for (std::uint32_t i = m_values.first(target); i != EventValues::none && i < m_firstNew;
             i = m_values.nextOf(i)) {
            // What is on its way to another name is no obstacle; else the first row wins.
            if (m_values.at(i).isMoved) {
                continue;
            }
            if (!row.replace) {
                return false;
            }
            m_values.at(i).isLive = false;
        }
    }
    const bool isDerived = row.derived || m_comesFromDerived;
    m_values.add(target, text, kind, isDerived ? Origin::Derived : origin,
                 m_field.row->isConstant ? noName : m_field.source);
    m_values.at(m_values.size() - 1).isKnown = true;
    return true;
}

bool ConversionRun::putText(NameId target, std::string_view text, Origin origin)
{
    return put(target, text, ValueKind::String, origin);
}

bool ConversionRun::putMade(NameId target, std::string_view text, ValueKind kind, Origin origin)
{
    return put(target, m_values.keep(text), kind, origin);
}

void ConversionRun::putAppended(NameId target, std::string_view text)
{
    for (std::uint32_t i = m_values.first(target); i != EventValues::none; i = m_values.nextOf(i)) {
        if (m_values.at(i).text == text) {
            return;
        }
    }
    m_values.add(target, text, ValueKind::String, Origin::Derived, m_field.source);
    m_values.at(m_values.size() - 1).isKnown = true;
}

void ConversionRun::constant()
{
    putText(m_field.target, m_field.row->source, Origin::Derived);
}

bool ConversionRun::isWindows() const
{
    const NameId os = m_names.find("host.os.type");
    const std::string_view type = os == noName ? std::string_view() : m_values.text(os);
    return type.empty() || type == "windows"sv;
}

// -- scalars

bool ConversionRun::copy(const Value& value)
{
    return put(m_field.target, value.text, value.kind, Origin::Renamed);
}

bool ConversionRun::integer(const Value& value)
{
    std::string_view text = trim(value.text);
    const bool isHex = text.starts_with("0x"sv) || text.starts_with("0X"sv);
    if (isHex) {
        text.remove_prefix(2);
    }
    std::uint64_t number = 0;
    const bool isNegative = !isHex && text.starts_with('-');
    const char* const begin = text.data() + (isNegative ? 1 : 0);
    const auto [end, error] =
        std::from_chars(begin, text.data() + text.size(), number, isHex ? 16 : 10);
    if (error != std::errc() || end != text.data() + text.size() || begin == end) {
        return false;
    }
    if (!isHex && !(begin[0] == '0' && end - begin > 1)) {
        return put(m_field.target, text, ValueKind::Number, Origin::Renamed);
    }
    return putMade(m_field.target, fmt::format("{}{}", isNegative ? "-" : "", number),
                   ValueKind::Number, Origin::Renamed);
}

bool ConversionRun::boolean(const Value& value)
{
    for (const std::string_view word : {"true"sv, "false"sv}) {
        if (equalFolded(value.text, word)) {
            return put(m_field.target, word, ValueKind::Boolean, Origin::Renamed);
        }
    }
    return false;
}

bool ConversionRun::guid(const Value& value)
{
    std::string_view inside = value.text;
    if (inside.size() > 2 && inside.front() == '{' && inside.back() == '}') {
        inside = inside.substr(1, inside.size() - 2);
    }
    constexpr std::size_t guidLength = 36;
    if (inside.size() != guidLength) {
        return putText(m_field.target, value.text, Origin::Renamed);
    }
    std::array<char, guidLength + 2> canonical{};
    canonical.front() = '{';
    canonical.back() = '}';
    for (std::size_t i = 0; i < guidLength; ++i) {
        const char c = inside[i];
        canonical[i + 1] = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return putMade(m_field.target, {canonical.data(), canonical.size()}, ValueKind::String,
                   Origin::Renamed);
}

bool ConversionRun::lower(const Value& value)
{
    std::string text(value.text);
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return putMade(m_field.target, text, ValueKind::String, Origin::Renamed);
}

bool ConversionRun::lookup(const Value& value)
{
    const auto& pairs = m_field.row->lookup;
    const auto same = [&](const auto& pair) { return pair.first == value.text; };
    const auto found = std::ranges::find_if(pairs, same);
    if (found == pairs.end()) {
        return false;
    }
    return put(m_field.target, found->second,
               m_field.row->asBoolean ? ValueKind::Boolean : ValueKind::String, Origin::Derived);
}

// -- several values in one text

bool ConversionRun::numbered(const Value& value)
{
    std::size_t number = 1;
    for (std::uint32_t i = m_values.first(m_field.source); i != EventValues::none;
         i = m_values.nextOf(i), ++number) {
        if (&m_values.at(i) == &value || m_values.at(i).text.data() == value.text.data()) {
            break;
        }
    }
    const NameId target = m_names.intern(fmt::format("{}{}", m_field.row->target, number));
    return put(target, value.text, value.kind, Origin::Renamed);
}

bool ConversionRun::keyValues(const Value& value)
{
    std::string_view text = value.text;
    std::string name;
    bool any = false;
    for (std::size_t lines = 0; !text.empty() && lines < limits::keyValueLines; ++lines) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t sign = line.find('=');
        if (sign == std::string_view::npos) {
            continue;
        }
        const std::string_view key = trim(line.substr(0, sign));
        const std::string_view content = trim(line.substr(sign + 1));
        constexpr std::size_t longestKey = 64;
        if (key.empty() || key.size() > longestKey || content.empty()) {
            continue;
        }
        name.assign(m_field.row->target).append(1, '.').append(key);
        any = putText(m_names.intern(name), content, Origin::Renamed) || any;
    }
    return any;
}

bool ConversionRun::json(const Value& value)
{
    std::string name;
    return readEmbeddedJson(
        value.text, [&](std::string_view key, std::string_view text, ValueKind kind) {
            name.assign(m_field.row->target).append(1, '.').append(key);
            const NameId target = m_names.intern(name);
            m_values.add(target, m_values.keep(text), kind, Origin::Original, target);
        });
}

bool ConversionRun::eventXml(const Value& value)
{
    const std::size_t begin = value.text.find("<Event"sv);
    if (begin == std::string_view::npos) {
        return false;
    }
    const auto element = parseEventXml(value.text.substr(begin));
    if (!element) {
        return false;
    }
    // As if the document held the event itself: the next table takes it from there.
    flattenXml(*element, [&](std::string_view field, std::string_view text) {
        const NameId target = m_names.intern(field);
        m_values.add(target, m_values.keep(text), ValueKind::String, Origin::Original, target);
    });
    return true;
}

bool ConversionRun::auditFields(const Value& value)
{
    std::string_view text = value.text;
    std::string name;
    bool any = false;
    for (std::size_t count = 0; count < limits::embeddedMembers; ++count) {
        text = trim(text);
        const std::size_t sign = text.find('=');
        if (sign == std::string_view::npos) {
            break;
        }
        std::string_view key = text.substr(0, sign);
        key = key.substr(key.find_last_of(" \t"sv) + 1);
        text.remove_prefix(sign + 1);
        std::string_view content;
        if (text.starts_with('"') || text.starts_with('\'')) {
            const std::size_t end = closingQuote(text);
            content = text.substr(1, end - 1);
            text.remove_prefix(std::min(end + 1, text.size()));
        } else {
            // Values may hold blanks (proctitle): they go on to the word before the next '='.
            const std::size_t nextSign = std::min(text.find('='), text.size());
            const std::size_t end =
                nextSign == text.size() ? nextSign : std::min(text.rfind(' ', nextSign), nextSign);
            content = trim(text.substr(0, end));
            text.remove_prefix(end);
        }
        if (!key.empty() && !content.empty()) {
            name.assign(m_field.row->target).append(1, '.').append(key);
            const NameId target = m_names.intern(name);
            m_values.add(target, content, ValueKind::String, Origin::Original, target);
            any = true;
        }
    }
    return any;
}

bool ConversionRun::split(const Value& value)
{
    std::string_view rest = value.text;
    for (std::size_t count = 0; count < limits::arguments; ++count) {
        const std::size_t end = rest.find(',');
        if (!putText(m_field.target, trim(rest.substr(0, end)), Origin::Derived)) {
            return false;
        }
        if (end == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(end + 1);
    }
    return true;
}

// -- which

bool ConversionRun::convert(const Value& value)
{
    m_comesFromDerived = value.origin == Origin::Derived;
    switch (m_field.row->conversion) {
    case Conversion::Copy:
        return copy(value);
    case Conversion::Text:
        return putText(m_field.target, value.text, Origin::Renamed);
    case Conversion::Integer:
        return integer(value);
    case Conversion::Boolean:
        return boolean(value);
    case Conversion::Guid:
        return guid(value);
    case Conversion::Lower:
        return lower(value);
    case Conversion::Ip:
        return ip(value);
    case Conversion::IpType:
        return ipType(value);
    case Conversion::Lookup:
        return lookup(value);
    case Conversion::Basename:
        return basename(value);
    case Conversion::Image:
        return image(value);
    case Conversion::DeviceImage:
        return deviceImage(value);
    case Conversion::Path:
        return path(value);
    case Conversion::CommandLine:
        return commandLine(value, false);
    case Conversion::QuotedCommandLine:
        return commandLine(value, true);
    case Conversion::Arguments:
        return arguments(value);
    case Conversion::Account:
        return account(value);
    case Conversion::Hashes:
        return hashes(value);
    case Conversion::RegistryPath:
        return registryPath(value);
    case Conversion::RegistryData:
        return registryData(value);
    case Conversion::DnsName:
        return dnsName(value);
    case Conversion::DnsAnswers:
        return dnsAnswers(value);
    case Conversion::CommunityId:
        return communityId(value);
    case Conversion::Time:
        return time(value);
    case Conversion::SysmonTime:
        return sysmonTime(value);
    case Conversion::LocalTime:
        return localTime(value);
    case Conversion::EpochTime:
        return epochTime(value);
    case Conversion::Numbered:
        return numbered(value);
    case Conversion::KeyValues:
        return keyValues(value);
    case Conversion::Json:
        return json(value);
    case Conversion::EventXml:
        return eventXml(value);
    case Conversion::AuditFields:
        return auditFields(value);
    case Conversion::JoinPath:
        return joinPath(value);
    case Conversion::FilePathUrl:
        return fileUrl(value);
    case Conversion::Token:
        return token(value);
    case Conversion::ExitStatus:
        return exitStatus(value);
    case Conversion::AuditToken:
        return auditToken(value);
    case Conversion::Present:
        return put(m_field.target, "true"sv, ValueKind::Boolean, Origin::Derived);
    case Conversion::Split:
        return split(value);
    }
    return false;
}

} // namespace sequela::mapping
