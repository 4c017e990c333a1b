#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/mapping/command_line.h"
#include "core/mapping/conversions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sequela::mapping {

using namespace std::string_view_literals;
using schema::ValueKind;

std::size_t ConversionRun::nameOffset(std::string_view path) const
{
    const std::size_t last = isWindows() ? path.find_last_of("\\/"sv) : path.find_last_of('/');
    return last == std::string_view::npos ? 0 : last + 1;
}

bool ConversionRun::basename(const Value& value)
{
    return putText(m_field.target, value.text.substr(nameOffset(value.text)), Origin::Derived);
}

bool ConversionRun::image(const Value& value)
{
    const bool used = putText(part(0), value.text, Origin::Renamed);
    const std::string_view name = value.text.substr(nameOffset(value.text));
    if (used && !name.empty()) {
        putText(part(1), name, Origin::Derived);
    }
    return used;
}

bool ConversionRun::deviceImage(const Value& value)
{
    constexpr std::string_view device = "\\device\\harddiskvolume";
    std::string_view path = value.text;
    if (path.size() > device.size() && equalFolded(path.substr(0, device.size()), device)) {
        const std::size_t slash = path.find('\\', device.size());
        path = slash == std::string_view::npos ? path : path.substr(slash);
    }
    const bool used = putText(part(0), path, Origin::Derived);
    putText(part(1), path.substr(nameOffset(path)), Origin::Derived);
    return used;
}

bool ConversionRun::path(const Value& value)
{
    const bool used = putText(part(0), value.text, Origin::Renamed);
    const std::size_t at = nameOffset(value.text);
    const std::string_view name = value.text.substr(at);
    if (!used) {
        return false;
    }
    if (!name.empty()) {
        putText(part(1), name, Origin::Derived);
    }
    if (at > 0) {
        putText(part(2), value.text.substr(0, at > 1 ? at - 1 : at), Origin::Derived);
    }
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos && dot + 1 < name.size()) {
        putText(part(3), name.substr(dot + 1), Origin::Derived);
    }
    return true;
}

bool ConversionRun::fileUrl(const Value& value)
{
    Value decoded = value;
    if (value.text.starts_with("file://"sv)) {
        std::string text;
        std::string_view rest = value.text.substr("file://"sv.size());
        while (!rest.empty()) {
            unsigned byte = 0;
            if (rest.size() >= 3 && rest.front() == '%'
                && std::from_chars(rest.data() + 1, rest.data() + 3, byte, 16).ptr
                       == rest.data() + 3) {
                text += static_cast<char>(byte);
                rest.remove_prefix(3);
            } else {
                text += rest.front();
                rest.remove_prefix(1);
            }
        }
        decoded.text = m_values.keep(sanitizeUtf8(text));
    }
    return path(decoded);
}

bool ConversionRun::commandLine(const Value& value, bool keepsQuotes)
{
    if (!putText(part(0), value.text, Origin::Renamed)) {
        return false;
    }
    const std::vector<std::string> split = isWindows()
                                               ? splitWindowsCommandLine(value.text, keepsQuotes)
                                               : splitPosixCommandLine(value.text);
    for (const std::string& argument : split) {
        putMade(part(1), argument, ValueKind::String, Origin::Derived);
    }
    putMade(part(2), fmt::format_int(split.size()).str(), ValueKind::Number, Origin::Derived);
    return true;
}

/// A list of arguments: called for each, makes the whole with the first.
bool ConversionRun::arguments(const Value& value)
{
    if (m_values.has(part(1)) && m_values.first(part(1)) >= m_firstNew) {
        return true;
    }
    std::string line;
    std::size_t count = 0;
    static_cast<void>(value);
    for (std::uint32_t i = m_values.first(m_field.source); i != EventValues::none && i < m_firstNew;
         i = m_values.nextOf(i)) {
        const std::string_view text = m_values.at(i).text;
        line.append(count == 0 ? ""sv : " "sv).append(text);
        putText(part(1), text, Origin::Renamed);
        ++count;
    }
    putMade(part(0), line, ValueKind::String, Origin::Derived);
    putMade(part(2), fmt::format_int(count).str(), ValueKind::Number, Origin::Derived);
    return true;
}

bool ConversionRun::account(const Value& value)
{
    const std::size_t slash = value.text.find('\\');
    if (slash == std::string_view::npos) {
        return !isWindows() && putText(part(1), value.text, Origin::Renamed);
    }
    if (value.text.find('\\', slash + 1) != std::string_view::npos) {
        return false;
    }
    const bool used = putText(part(0), value.text.substr(0, slash), Origin::Derived);
    putText(part(1), value.text.substr(slash + 1), Origin::Derived);
    return used;
}

bool ConversionRun::hashes(const Value& value)
{
    constexpr std::array names{"md5"sv, "sha1"sv, "sha256"sv, "imphash"sv};
    constexpr std::size_t relatedPart = 4;
    std::string_view rest = value.text;
    bool any = false;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t sign = pair.find('=');
        if (sign == std::string_view::npos) {
            continue;
        }
        std::string hash = foldCase(pair.substr(sign + 1));
        const std::string algorithm = foldCase(pair.substr(0, sign));
        const auto* const found = std::ranges::find(names, algorithm);
        if (found == names.end() || hash.find_first_not_of('0') == std::string::npos) {
            continue;
        }
        const std::string_view kept = m_values.keep(hash);
        any = putText(part(static_cast<std::size_t>(found - names.begin())), kept, Origin::Renamed)
              || any;
        putAppended(part(relatedPart), kept);
    }
    return any;
}

// -- registry

namespace {

struct Hive {
    std::string_view prefix;
    std::string_view name;
};
constexpr std::array hives{
    Hive{"HKEY_LOCAL_MACHINE"sv, "HKLM"sv},
    Hive{"HKEY_CURRENT_USER"sv, "HKCU"sv},
    Hive{"HKEY_USERS"sv, "HKU"sv},
    Hive{"HKEY_CLASSES_ROOT"sv, "HKCR"sv},
    Hive{"HKEY_CURRENT_CONFIG"sv, "HKCC"sv},
    Hive{"\\REGISTRY\\MACHINE"sv, "HKLM"sv},
    Hive{"\\REGISTRY\\USER"sv, "HKU"sv},
    Hive{"HKLM"sv, "HKLM"sv},
    Hive{"HKCU"sv, "HKCU"sv},
    Hive{"HKU"sv, "HKU"sv},
    Hive{"HKCR"sv, "HKCR"sv},
    Hive{"HKCC"sv, "HKCC"sv},
};

} // namespace

bool ConversionRun::registryPath(const Value& value)
{
    if (!putText(part(0), value.text, Origin::Renamed)) {
        return false;
    }
    for (const Hive& hive : hives) {
        const std::string_view path = value.text;
        if (path.size() <= hive.prefix.size() || path[hive.prefix.size()] != '\\'
            || !equalFolded(path.substr(0, hive.prefix.size()), hive.prefix)) {
            continue;
        }
        const std::string_view key = path.substr(hive.prefix.size() + 1);
        putText(part(1), hive.name, Origin::Derived);
        if (!key.empty()) {
            putText(part(2), key, Origin::Derived);
        }
        break;
    }
    const std::string_view last = value.text.substr(value.text.rfind('\\') + 1);
    if (!last.empty()) {
        putText(part(3), last, Origin::Derived);
    }
    return true;
}

bool ConversionRun::registryData(const Value& value)
{
    constexpr std::string_view dword = "DWORD (";
    constexpr std::string_view qword = "QWORD (";
    const std::string_view text = value.text;
    const auto hex = [](std::string_view digits, std::uint64_t& number) {
        if (!digits.starts_with("0x"sv)) {
            return false;
        }
        const auto [end, error] =
            std::from_chars(digits.data() + 2, digits.data() + digits.size(), number, 16);
        return error == std::errc() && end == digits.data() + digits.size();
    };
    const auto finish = [&](std::string_view string, std::string_view type) {
        const bool used = putMade(part(0), string, ValueKind::String, Origin::Derived);
        putText(part(1), type, Origin::Derived);
        return used;
    };
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    if (text.ends_with(')') && text.starts_with(dword)
        && hex(text.substr(dword.size(), text.size() - dword.size() - 1), low)) {
        return finish(fmt::format_int(low).str(), "SZ_DWORD"sv);
    }
    if (text.ends_with(')') && text.starts_with(qword)) {
        const std::string_view inside = text.substr(qword.size(), text.size() - qword.size() - 1);
        const std::size_t dash = inside.find('-');
        if (dash != std::string_view::npos && hex(inside.substr(0, dash), high)
            && hex(inside.substr(dash + 1), low)) {
            return finish(fmt::format_int(high << 32U | low).str(), "SZ_QWORD"sv);
        }
    }
    if (text == "Binary Data"sv) {
        putText(part(1), "REG_BINARY"sv, Origin::Derived);
        return true;
    }
    const bool used = putText(part(0), text, Origin::Renamed);
    putText(part(1), "REG_SZ"sv, Origin::Derived);
    return used;
}

// -- Endpoint Security

bool ConversionRun::joinPath(const Value& value)
{
    const std::string_view name = m_values.text(part(0));
    const bool hasSlash = value.text.ends_with('/');
    return putMade(m_field.target, fmt::format("{}{}{}", value.text, hasSlash ? "" : "/", name),
                   ValueKind::String, Origin::Derived);
}

bool ConversionRun::token(const Value& value)
{
    const std::string_view version = m_values.text(part(0));
    if (version.empty()) {
        return false;
    }
    constexpr std::size_t hashBytes = 10;
    const std::string key = fmt::format("{}|{}|{}", m_values.text(part(1)), value.text, version);
    return putMade(m_field.target, "es-" + toHex(sha256(key), hashBytes), ValueKind::String,
                   Origin::Derived);
}

/// macOS 26 writes tokens as lists.
bool ConversionRun::auditToken(const Value& value)
{
    constexpr std::array names{"auid"sv, "euid"sv, "egid"sv, "ruid"sv,
                               "rgid"sv, "pid"sv,  "asid"sv, "pidversion"sv};
    std::size_t position = 0;
    for (std::uint32_t i = m_values.first(m_field.source); i != EventValues::none && i < m_firstNew;
         i = m_values.nextOf(i), ++position) {
        if (m_values.at(i).text.data() == value.text.data()) {
            break;
        }
    }
    if (position >= names.size()) {
        return false;
    }
    const NameId target =
        m_names.intern(fmt::format("{}.{}", m_field.row->target, names[position]));
    m_values.add(target, value.text, value.kind, Origin::Original, m_field.source);
    return true;
}

bool ConversionRun::exitStatus(const Value& value)
{
    std::uint32_t status = 0;
    const char* const end = value.text.data() + value.text.size();
    if (std::from_chars(value.text.data(), end, status).ptr != end) {
        return false;
    }
    constexpr std::uint32_t codeShift = 8;
    return putMade(m_field.target, fmt::format_int((status >> codeShift) & 0xFFU).str(),
                   ValueKind::Number, Origin::Derived);
}

} // namespace sequela::mapping
