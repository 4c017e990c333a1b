#include "core/ingest/csv_record.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

std::string_view withoutLineEnd(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

bool isFieldName(std::string_view cell)
{
    return !cell.empty() && std::ranges::all_of(cell, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '_' || c == '.' || c == '@' || c == '-' || c == ' ' || c == '(' || c == ')'
               || c == '/' || c == '#';
    });
}

/// Kibana's `Jan 25, 2021 @ 07:48:47.976` as ISO; empty for other texts.
std::string kibanaTime(std::string_view text)
{
    constexpr std::array months{"Jan"sv, "Feb"sv, "Mar"sv, "Apr"sv, "May"sv, "Jun"sv,
                                "Jul"sv, "Aug"sv, "Sep"sv, "Oct"sv, "Nov"sv, "Dec"sv};
    constexpr std::size_t least = 20;
    if (text.size() < least) {
        return {};
    }
    const auto* const month = std::ranges::find(months, text.substr(0, 3));
    const std::size_t comma = text.find(", "sv);
    const std::size_t sign = text.find(" @ "sv);
    if (month == months.end() || comma == std::string_view::npos || sign != comma + 6) {
        return {};
    }
    int day = 0;
    int year = 0;
    const std::string_view dayText = text.substr(4, comma - 4);
    const std::string_view yearText = text.substr(comma + 2, 4);
    if (std::from_chars(dayText.data(), dayText.data() + dayText.size(), day).ec != std::errc()
        || std::from_chars(yearText.data(), yearText.data() + yearText.size(), year).ec
               != std::errc()) {
        return {};
    }
    return fmt::format("{:04}-{:02}-{:02}T{}Z", year, month - months.begin() + 1, day,
                       text.substr(sign + 3));
}

} // namespace

std::optional<std::size_t> csvRowEnd(std::string_view text, char separator)
{
    bool inQuotes = false;
    bool atCellBegin = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inQuotes) {
            inQuotes = c != '"';
        } else if (c == '"') {
            // A quote inside an unquoted cell is only a character.
            inQuotes = atCellBegin || (i > 0 && text[i - 1] == '"');
            atCellBegin = false;
        } else if (c == '\n') {
            return i + 1;
        } else {
            atCellBegin = c == separator;
        }
    }
    return std::nullopt;
}

std::vector<std::string> csvCells(std::string_view row, char separator)
{
    std::vector<std::string> cells;
    row = withoutLineEnd(row);
    for (;;) {
        std::string cell;
        if (row.starts_with('"')) {
            row.remove_prefix(1);
            while (!row.empty()) {
                const std::size_t quote = std::min(row.find('"'), row.size());
                cell += row.substr(0, quote);
                row.remove_prefix(std::min(quote + 1, row.size()));
                if (!row.starts_with('"')) {
                    break;
                }
                cell += '"';
                row.remove_prefix(1);
            }
        }
        const std::size_t end = std::min(row.find(separator), row.size());
        cell += row.substr(0, end);
        cells.push_back(std::move(cell));
        if (end == row.size()) {
            return cells;
        }
        row.remove_prefix(end + 1);
    }
}

std::optional<char> csvSeparator(std::string_view head)
{
    head = withoutLineEnd(head);
    for (const char separator : {',', '\t', ';'}) {
        const std::vector<std::string> cells = csvCells(head, separator);
        if (cells.size() < 2 || !std::ranges::all_of(cells, isFieldName)) {
            continue;
        }
        const std::set<std::string> names(cells.begin(), cells.end());
        if (names.size() == cells.size()) {
            return separator;
        }
    }
    return std::nullopt;
}

std::string csvJson(std::string_view row, std::string_view head, const Limits& limits,
                    std::string& reason)
{
    const char separator = csvSeparator(head).value_or(',');
    const std::vector<std::string> names = csvCells(head, separator);
    const std::vector<std::string> cells = csvCells(row, separator);
    if (cells.size() > names.size()) {
        reason = fmt::format("the row has {} cells, the head {}", cells.size(), names.size());
        return {};
    }
    if (cells.size() > limits.fieldsPerDocument) {
        reason = fmt::format("the row has more than {} cells", limits.fieldsPerDocument);
        return {};
    }
    std::string json = "{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& cell = cells[i];
        if (cell.empty() || cell == "-") {
            continue;
        }
        const std::string time = kibanaTime(cell);
        json.append(json.size() > 1 ? ","sv : ""sv)
            .append(quoteJson(sanitizeUtf8(names[i])))
            .append(1, ':')
            .append(quoteJson(sanitizeUtf8(time.empty() ? cell : time)));
    }
    return json + "}";
}

} // namespace sequela::ingest
