#include "core/mapping/mapping_table.h"

#include "core/mapping/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::mapping {
namespace {

using namespace std::string_view_literals;

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r"sv);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r"sv) - first + 1);
}

std::vector<std::string> words(std::string_view text)
{
    std::vector<std::string> found;
    while (!(text = trim(text)).empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t"sv), text.size());
        found.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return found;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(trim(text.substr(0, end)));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

CodeSet codesOf(std::string_view cell)
{
    CodeSet set;
    set.codes = words(cell);
    if (!set.codes.empty() && set.codes.front() == "not") {
        set.excludes = true;
        set.codes.erase(set.codes.begin());
    }
    return set;
}

/// Words of a conversion cell; blanks inside brackets belong to the word.
std::vector<std::string_view> conversionWords(std::string_view cell)
{
    std::vector<std::string_view> found;
    while (!(cell = trim(cell)).empty()) {
        std::size_t end = 0;
        int depth = 0;
        while (end < cell.size() && (depth > 0 || (cell[end] != ' ' && cell[end] != '\t'))) {
            depth += cell[end] == '(' ? 1 : 0;
            depth -= cell[end] == ')' ? 1 : 0;
            ++end;
        }
        found.push_back(cell.substr(0, end));
        cell.remove_prefix(end);
    }
    return found;
}

class TableReader {
public:
    explicit TableReader(std::string_view name) : m_name(name) {}

    Result<std::vector<MappingTable>> read(std::string_view text)
    {
        if (text.size() > limits::fileBytes) {
            return std::unexpected(
                error(fmt::format("is longer than {} bytes", limits::fileBytes)));
        }
        while (!text.empty()) {
            ++m_line;
            const std::size_t end = std::min(text.find('\n'), text.size());
            const std::string_view line = trim(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.empty() || line.front() == '#') {
                continue;
            }
            SEQUELA_TRY(readLine(line));
        }
        return std::move(m_tables);
    }

private:
    enum class Section : std::uint8_t { Head, Events, Fields };

    [[nodiscard]] Diagnostic error(std::string message) const
    {
        Diagnostic diagnostic =
            makeError("mapping-syntax", fmt::format("line {}: {}", m_line, message),
                      "resources/mapping/README.md says how mapping files are written");
        diagnostic.file = m_name;
        return diagnostic;
    }

    Result<void> readLine(std::string_view line)
    {
        const auto firstWord = line.substr(0, std::min(line.find_first_of(" \t"sv), line.size()));
        if (firstWord == "table"sv) {
            const auto cells = split(line.substr(firstWord.size()), '|');
            MappingTable table;
            table.id = cells[0];
            table.title = cells.size() > 1 ? cells[1] : cells[0];
            if (table.id.empty()) {
                return std::unexpected(error("a table needs a name"));
            }
            m_tables.push_back(std::move(table));
            m_section = Section::Head;
            return {};
        }
        if (m_tables.empty()) {
            return std::unexpected(error("stands before the first `table`"));
        }
        if (line == "[events]"sv || line == "[fields]"sv) {
            m_section = line == "[events]"sv ? Section::Events : Section::Fields;
            return {};
        }
        switch (m_section) {
        case Section::Head:
            return readDirective(firstWord, trim(line.substr(firstWord.size())));
        case Section::Events:
            return readEvent(line);
        case Section::Fields:
            return readField(line);
        }
        return {};
    }

    Result<void> readDirective(std::string_view word, std::string_view rest)
    {
        MappingTable& table = m_tables.back();
        if (word == "keys"sv) {
            table.keys.push_back(words(rest));
        } else if (word == "absent"sv) {
            std::ranges::copy(words(rest), std::back_inserter(table.absent));
        } else if (word == "unless"sv) {
            std::ranges::copy(words(rest), std::back_inserter(table.unless));
        } else if (word == "then"sv) {
            std::ranges::copy(words(rest), std::back_inserter(table.next));
        } else if (word == "code"sv) {
            table.codeIsKey = rest.starts_with("under "sv);
            table.codeField = table.codeIsKey ? trim(rest.substr(6)) : rest;
        } else if (word == "applies"sv || word == "drop"sv) {
            const std::size_t sign = rest.find('=');
            PatternRow row{.pattern = std::string(trim(rest.substr(0, sign))), .values = {}};
            if (sign != std::string_view::npos) {
                for (const std::string_view value : split(rest.substr(sign + 1), '|')) {
                    row.values.emplace_back(value);
                }
            }
            (word == "drop"sv ? table.drops : table.applies).push_back(std::move(row));
        } else if (word == "rest"sv) {
            const auto cells = split(rest, '|');
            if (cells.size() != 2 || !cells[1].ends_with('*')) {
                return std::unexpected(error("`rest` needs a pattern and a new name with `*`"));
            }
            table.rests.push_back(
                {.pattern = std::string(cells[0]),
                 .values = {std::string(cells[1].substr(0, cells[1].size() - 1))}});
        } else {
            return std::unexpected(error(fmt::format("`{}` is no directive", word)));
        }
        return {};
    }

    Result<void> readEvent(std::string_view line)
    {
        const auto cells = split(line, '|');
        if (cells.size() < 4) {
            return std::unexpected(error("an event needs codes, category, type and action"));
        }
        EventRow row;
        row.codes = codesOf(cells[0]);
        row.categories = words(cells[1]);
        row.types = words(cells[2]);
        row.action = cells[3];
        m_tables.back().events.push_back(std::move(row));
        return {};
    }

    Result<void> readField(std::string_view line)
    {
        const auto cells = split(line, '|');
        if (cells.size() < 3 || cells[0].empty() || cells[1].empty()) {
            return std::unexpected(error("a field needs a source, a target and a conversion cell"));
        }
        FieldRow row;
        row.line = m_line;
        row.isConstant =
            cells[0].size() >= 2 && cells[0].front() == '\'' && cells[0].back() == '\'';
        row.source = row.isConstant ? cells[0].substr(1, cells[0].size() - 2) : cells[0];
        row.target = cells[1];
        row.codes = codesOf(cells.size() > 3 ? cells[3] : std::string_view());
        for (const std::string_view word : conversionWords(cells[2])) {
            SEQUELA_TRY(readWord(word, row));
        }
        m_tables.back().fields.push_back(std::move(row));
        return {};
    }

    Result<void> readWord(std::string_view word, FieldRow& row)
    {
        const std::size_t bracket = word.find('(');
        const std::string_view name = word.substr(0, bracket);
        std::string_view inside;
        if (bracket != std::string_view::npos) {
            if (word.back() != ')') {
                return std::unexpected(error(fmt::format("`{}` lacks its closing bracket", name)));
            }
            inside = word.substr(bracket + 1, word.size() - bracket - 2);
        }
        if (name == "keep"sv) {
            row.keep = true;
        } else if (name == "append"sv) {
            row.append = true;
        } else if (name == "replace"sv) {
            row.replace = true;
        } else if (name == "derived"sv) {
            row.derived = true;
        } else if (name == "if"sv) {
            for (const std::string_view value : split(inside, ',')) {
                row.onlyIf.emplace_back(value);
            }
        } else if (const auto conversion = conversionNamed(name)) {
            if (*conversion == Conversion::Boolean && row.conversion != Conversion::Copy) {
                row.asBoolean = true;
                return {};
            }
            row.conversion = *conversion;
            row.argument = inside;
            if (*conversion == Conversion::Lookup) {
                for (const std::string_view pair : split(inside, ',')) {
                    const std::size_t sign = pair.find('=');
                    if (sign == std::string_view::npos) {
                        return std::unexpected(error("a lookup needs pairs `from=to`"));
                    }
                    row.lookup.emplace_back(pair.substr(0, sign), pair.substr(sign + 1));
                }
            }
        } else {
            return std::unexpected(error(fmt::format("`{}` is no conversion", name)));
        }
        return {};
    }

    std::string m_name;
    std::size_t m_line = 0;
    Section m_section = Section::Head;
    std::vector<MappingTable> m_tables;
};

} // namespace

bool CodeSet::holds(std::string_view code) const
{
    if (codes.empty()) {
        return true;
    }
    return (std::ranges::find(codes, code) != codes.end()) != excludes;
}

Result<std::vector<MappingTable>> parseMappingFile(std::string_view text, std::string_view name)
{
    return TableReader(name).read(text);
}

bool matchesFieldPattern(std::string_view pattern, std::string_view field, std::string_view& rest)
{
    rest = {};
    for (;;) {
        if (pattern == "*"sv) {
            rest = field;
            return !field.empty();
        }
        const std::size_t patternEnd = std::min(pattern.find('.'), pattern.size());
        const std::size_t fieldEnd = std::min(field.find('.'), field.size());
        const std::string_view part = pattern.substr(0, patternEnd);
        if (part != "?"sv && part != field.substr(0, fieldEnd)) {
            return false;
        }
        const bool patternIsDone = patternEnd == pattern.size();
        const bool fieldIsDone = fieldEnd == field.size();
        if (patternIsDone || fieldIsDone) {
            return patternIsDone && fieldIsDone;
        }
        pattern.remove_prefix(patternEnd + 1);
        field.remove_prefix(fieldEnd + 1);
    }
}

} // namespace sequela::mapping
