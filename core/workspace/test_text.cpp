#include "core/workspace/test_text.h"

#include "core/base/timestamp.h"
#include "core/detect/alert_builder.h"
#include "core/workspace/test_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sequela::workspace {

namespace {

/// 2024-01-01T00:00:00Z, where the offsets of tests count from.
constexpr Timestamp testEpoch(1'704'067'200 * nanosecondsPerSecond);

bool isBareKey(std::string_view part)
{
    return !part.empty() && std::ranges::all_of(part, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '_' || c == '-';
    });
}

/// A number that JSON and TOML write alike; others are kept as strings, which match alike.
bool isTomlNumber(std::string_view text)
{
    constexpr std::size_t mostDigits = 18;
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool isInteger = !digits.empty() && digits.size() <= mostDigits
                           && digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (isInteger) {
        return digits.size() == 1 || digits.front() != '0';
    }
    const std::size_t point = digits.find('.');
    return point != std::string_view::npos && point > 0 && point + 1 < digits.size()
           && digits.find('.', point + 1) == std::string_view::npos
           && digits.find_first_not_of("0123456789.") == std::string_view::npos
           && (point == 1 || digits.front() != '0');
}

std::string tomlValue(const detect::FieldText& value)
{
    switch (value.kind) {
    case schema::ValueKind::Number:
        return isTomlNumber(value.text) ? value.text : tomlString(value.text);
    case schema::ValueKind::Boolean:
        return value.text;
    case schema::ValueKind::String:
        break;
    }
    return tomlString(value.text);
}

std::string fieldLine(const DraftField& field)
{
    std::string values;
    for (const detect::FieldText& value : field.values) {
        values += (values.empty() ? "" : ", ") + tomlValue(value);
    }
    return fmt::format("{} = {}{}{}\n", tomlKey(field.name), field.values.size() == 1 ? "" : "[",
                       values, field.values.size() == 1 ? "" : "]");
}

std::string eventText(const DraftEvent& event, const std::string& timeField)
{
    std::string text = fmt::format("[[test.event]]\nid = {}\nat = \"{}\"\n", tomlString(event.id),
                                   offsetText(event.offsetNs));
    if (!event.document.empty()) {
        return text + fmt::format("json = {}\n", tomlString(event.document));
    }
    for (const DraftField& field : event.fields) {
        if (field.name == timeField) {
            const Timestamp time(testEpoch.nanoseconds() + event.offsetNs);
            text += fmt::format("{} = {}\n", tomlKey(field.name), tomlString(formatIso(time)));
        } else {
            text += fieldLine(field);
        }
    }
    return text;
}

} // namespace

std::string tomlString(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
            quoted += "\\\"";
            break;
        case '\\':
            quoted += "\\\\";
            break;
        case '\n':
            quoted += "\\n";
            break;
        case '\r':
            quoted += "\\r";
            break;
        case '\t':
            quoted += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
            } else {
                quoted += c;
            }
        }
    }
    return quoted + '"';
}

std::string tomlKey(std::string_view dottedName)
{
    std::string key;
    while (true) {
        const std::size_t dot = dottedName.find('.');
        const std::string_view part = dottedName.substr(0, dot);
        key += isBareKey(part) ? std::string(part) : tomlString(part);
        if (dot == std::string_view::npos) {
            return key;
        }
        key += '.';
        dottedName.remove_prefix(dot + 1);
    }
}

std::string offsetText(std::int64_t nanoseconds)
{
    static constexpr std::array<std::pair<std::int64_t, std::string_view>, 3> units{
        {{nanosecondsPerSecond, "s"}, {nanosecondsPerMillisecond, "ms"}, {1'000, "us"}}};
    const std::string_view sign = nanoseconds < 0 ? "-" : "+";
    const std::int64_t size = nanoseconds < 0 ? -nanoseconds : nanoseconds;
    for (const auto& [length, unit] : units) {
        if (size % length == 0) {
            return fmt::format("{}{}{}", sign, size / length, unit);
        }
    }
    return fmt::format("{}{}ns", sign, size);
}

std::string testText(const TestDraft& draft, const rules::Rule& rule)
{
    std::string text = fmt::format("[[test]]\nname = {}\n", tomlString(draft.name));
    if (draft.expected.empty()) {
        text += "expect = 0\n";
    } else {
        std::string ids;
        for (const std::string& id : draft.expected) {
            ids += (ids.empty() ? "" : ", ") + tomlString(id);
        }
        text += fmt::format("expect = [[{}]]\n", ids);
    }
    const std::string timeField = detect::timestampFieldOf(rule);
    for (const DraftEvent& event : draft.events) {
        text += eventText(event, timeField);
    }
    return text;
}

} // namespace sequela::workspace
