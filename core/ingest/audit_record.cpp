#include "core/ingest/audit_record.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view serialBegin = "msg=audit(";

/// Fields that the kernel writes in hexadecimal when they hold anything but plain characters.
constexpr std::array encodedFields{"comm"sv, "exe"sv,  "cwd"sv,  "name"sv, "proctitle"sv,
                                   "cmd"sv,  "acct"sv, "data"sv, "key"sv,  "path"sv};

struct Field {
    std::string_view key;
    std::string_view value;
    bool isQuoted = false;
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\x1d';
}

std::vector<Field> fieldsOf(std::string_view text)
{
    constexpr std::size_t mostFields = 1'024;
    std::vector<Field> fields;
    while (fields.size() < mostFields) {
        while (!text.empty() && isBlank(text.front())) {
            text.remove_prefix(1);
        }
        const std::size_t sign = text.find_first_of("= "sv);
        if (sign == std::string_view::npos) {
            return fields;
        }
        if (text[sign] == ' ') {
            text.remove_prefix(sign + 1);
            continue;
        }
        Field field{.key = text.substr(0, sign), .value = {}};
        text.remove_prefix(sign + 1);
        if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
            const char quote = text.front();
            const std::size_t end = std::min(text.find(quote, 1), text.size());
            field.value = text.substr(1, end - 1);
            field.isQuoted = true;
            text.remove_prefix(std::min(end + 1, text.size()));
            if (quote == '\'') {
                // User-space records hold their fields in one quoted `msg`.
                for (const Field& inner : fieldsOf(field.value)) {
                    fields.push_back(inner);
                }
                continue;
            }
        } else {
            std::size_t end = 0;
            while (end < text.size() && !isBlank(text[end])) {
                ++end;
            }
            field.value = text.substr(0, end);
            text.remove_prefix(end);
        }
        fields.push_back(field);
    }
    return fields;
}

bool isHex(std::string_view text)
{
    return text.size() >= 2 && text.size() % 2 == 0 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
           });
}

/// Arguments of a PROCTITLE or EXECVE are separated by NUL.
std::string decoded(const Field& field, bool isArgument)
{
    const bool mayBeHex =
        !field.isQuoted
        && (isArgument || std::ranges::find(encodedFields, field.key) != encodedFields.end());
    if (!mayBeHex || !isHex(field.value)) {
        return sanitizeUtf8(field.value);
    }
    std::string bytes;
    for (std::size_t i = 0; i + 1 < field.value.size(); i += 2) {
        unsigned byte = 0;
        std::from_chars(field.value.data() + i, field.value.data() + i + 2, byte, 16);
        bytes += byte == 0 ? ' ' : static_cast<char>(byte);
    }
    while (bytes.ends_with(' ')) {
        bytes.pop_back();
    }
    return sanitizeUtf8(bytes);
}

bool isArgumentKey(std::string_view key)
{
    return key.size() > 1 && key.front() == 'a'
           && std::ranges::all_of(key.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

std::string lowerCase(std::string_view text)
{
    return foldCase(sanitizeUtf8(text));
}

std::string recordJson(const std::string& type, std::span<const Field> fields)
{
    std::string json = "{";
    std::string arguments;
    const bool isExecve = type == "execve";
    for (const Field& field : fields) {
        if (field.key == "type"sv || field.key == "msg"sv || field.key == "node"sv
            || field.value == "(null)"sv || field.value == "(none)"sv || field.key.empty()) {
            continue;
        }
        if (isExecve && isArgumentKey(field.key)) {
            arguments.append(arguments.empty() ? ""sv : ","sv)
                .append(quoteJson(decoded(field, true)));
            continue;
        }
        json.append(json.size() > 1 ? ","sv : ""sv)
            .append(quoteJson(sanitizeUtf8(field.key)))
            .append(1, ':')
            .append(quoteJson(decoded(field, false)));
    }
    if (!arguments.empty()) {
        json.append(json.size() > 1 ? ","sv : ""sv)
            .append("\"args\":[")
            .append(arguments)
            .append(1, ']');
    }
    return json + "}";
}

} // namespace

std::string_view auditSerial(std::string_view line)
{
    std::size_t begin = line.find(serialBegin);
    std::size_t length = serialBegin.size();
    if (begin == std::string_view::npos) {
        // auoms leaves `msg=` out.
        begin = line.find(" audit("sv);
        length = " audit("sv.size();
    }
    if (begin == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = line.substr(begin + length);
    const std::size_t end = rest.find(')');
    constexpr std::size_t longest = 48;
    // Not there is past any bound.
    return end > longest ? std::string_view() : rest.substr(0, end);
}

std::string auditJson(std::string_view lines)
{
    std::string time;
    std::string serial;
    std::string node;
    std::vector<std::pair<std::string, std::string>> records;
    std::map<std::string, std::size_t> counts;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        const std::string_view stamp = auditSerial(line);
        const std::size_t typeAt = line.find("type="sv);
        if (stamp.empty() || typeAt == std::string_view::npos) {
            continue;
        }
        const std::size_t colon = std::min(stamp.rfind(':'), stamp.size());
        time = stamp.substr(0, colon);
        serial = stamp.substr(std::min(colon + 1, stamp.size()));
        const std::vector<Field> fields = fieldsOf(line);
        std::string type;
        for (const Field& field : fields) {
            if (field.key == "type"sv && type.empty()) {
                type = lowerCase(field.value);
            } else if (field.key == "node"sv) {
                node = sanitizeUtf8(field.value);
            }
        }
        if (type == "eoe") {
            continue;
        }
        ++counts[type];
        records.emplace_back(type, recordJson(type, fields));
    }
    if (time.empty()) {
        return {};
    }
    std::string json =
        R"({"audit":{"time":)" + quoteJson(time) + R"(,"serial":)" + quoteJson(serial);
    if (!node.empty()) {
        json += R"(,"node":)" + quoteJson(node);
    }
    if (!records.empty()) {
        json += R"(,"type":)" + quoteJson(records.front().first);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string& type = records[i].first;
        const auto isFirst =
            std::ranges::find(records, type, &std::pair<std::string, std::string>::first)
            == records.begin() + static_cast<std::ptrdiff_t>(i);
        if (!isFirst) {
            continue;
        }
        json += "," + quoteJson(type) + ":";
        if (counts[type] == 1) {
            json += records[i].second;
            continue;
        }
        json += '[';
        for (std::size_t j = i; j < records.size(); ++j) {
            if (records[j].first == type) {
                json.append(j == i ? ""sv : ","sv).append(records[j].second);
            }
        }
        json += ']';
    }
    return json + "}}";
}

} // namespace sequela::ingest
