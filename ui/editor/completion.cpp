#include "ui/editor/completion.h"

#include "core/eql/function_table.h"
#include "core/eql/lexer.h"
#include "core/eql/string_literal.h"
#include "ui/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace sequela::ui {

namespace {

using eql::Token;
using eql::TokenKind;

enum class Expected : std::uint8_t { Filter, Operand, Operator, Value, JoinKey };

struct Place {
    Expected expected = Expected::Operand;
    SourceSpan replaced;
    std::string prefix;
    std::string field;
    /// The start of the whole query: `sequence`, `sample`.
    bool isStart = false;
};

constexpr std::array<std::string_view, 6> valueOperators{"==", "!=", ":", "like", "like~", "in"};

char folded(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

std::string foldedText(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), folded);
    return result;
}

/// Tokens up to the caret without white space and comments; the one that the caret touches is cut.
class Before {
public:
    Before(std::string_view text, eql::Dialect dialect, std::size_t offset)
        : m_text(text.substr(0, offset))
    {
        for (const Token& token : eql::lex(m_text, dialect).tokens) {
            if (token.kind == TokenKind::LineComment && token.span.end == offset) {
                m_inComment = true;
            }
            if (token.kind != TokenKind::Whitespace && token.kind != TokenKind::LineComment
                && token.kind != TokenKind::BlockComment) {
                m_tokens.push_back(token);
            }
        }
    }

    [[nodiscard]] bool inComment() const { return m_inComment; }
    [[nodiscard]] Place place()
    {
        Place place;
        takePrefix(place);
        if (const std::string field = fieldBeforeValue(); !field.empty()) {
            place.expected = Expected::Value;
            place.field = field;
            return place;
        }
        place.isStart = m_tokens.empty();
        const std::string_view last = m_tokens.empty() ? "[" : spelling(m_tokens.back());
        if (last == "[") {
            place.expected = Expected::Filter;
        } else if (isInKeyList()) {
            place.expected = Expected::JoinKey;
        } else if (last == "where" || last == "and" || last == "or" || last == "not" || last == "("
                   || last == "," || isOperator(m_tokens.back())) {
            place.expected = Expected::Operand;
        } else {
            place.expected = Expected::Operator;
        }
        return place;
    }

private:
    [[nodiscard]] std::string_view spelling(const Token& token) const
    {
        return m_text.substr(token.span.begin, token.span.length());
    }
    static bool isOperator(const Token& token) { return token.kind == TokenKind::Operator; }
    [[nodiscard]] bool isPathPart(const Token& token) const
    {
        return token.kind == TokenKind::Identifier || token.kind == TokenKind::QuotedIdentifier
               || spelling(token) == ".";
    }
    [[nodiscard]] static bool isString(const Token& token)
    {
        return token.kind == TokenKind::String || token.kind == TokenKind::RawString;
    }

    /// Takes what is typed of the word at the caret off the tokens.
    void takePrefix(Place& place)
    {
        place.replaced = {m_text.size(), m_text.size()};
        if (m_tokens.empty() || m_tokens.back().span.end != m_text.size()) {
            return;
        }
        const std::string_view last = spelling(m_tokens.back());
        if (m_tokens.back().kind == TokenKind::Invalid && last.starts_with('"')) {
            place.replaced = m_tokens.back().span;
            place.prefix = last.substr(1);
            m_tokens.pop_back();
            return;
        }
        if (m_tokens.back().kind == TokenKind::Keyword
            || m_tokens.back().kind == TokenKind::InsensitiveName
            || m_tokens.back().kind == TokenKind::Integer) {
            place.replaced = m_tokens.back().span;
            place.prefix = last;
            m_tokens.pop_back();
            if (m_tokens.empty() || m_tokens.back().span.end != place.replaced.begin
                || spelling(m_tokens.back()) != ".") {
                return;
            }
        }
        while (!m_tokens.empty() && m_tokens.back().span.end == place.replaced.begin
               && isPathPart(m_tokens.back())) {
            place.replaced.begin = m_tokens.back().span.begin;
            m_tokens.pop_back();
        }
        place.prefix = m_text.substr(place.replaced.begin);
    }

    /// The field that a value at the end of the tokens is compared with; empty if there is none.
    [[nodiscard]] std::string fieldBeforeValue() const
    {
        std::size_t end = m_tokens.size();
        while (end > 0
               && (spelling(m_tokens[end - 1]) == "," || isString(m_tokens[end - 1])
                   || m_tokens[end - 1].kind == TokenKind::Integer)) {
            // A complete value must be followed by a comma to be in a list.
            if (end == m_tokens.size() && spelling(m_tokens[end - 1]) != ",") {
                return {};
            }
            --end;
        }
        bool inList = false;
        if (end > 0 && spelling(m_tokens[end - 1]) == "(") {
            inList = true;
            --end;
        } else if (end != m_tokens.size()) {
            return {};
        }
        if (end == 0) {
            return {};
        }
        const std::string_view op = spelling(m_tokens[end - 1]);
        const bool isIn = op == "in" || op == "in~";
        if (isIn != (isIn && inList)
            || (!isIn && std::ranges::find(valueOperators, op) == valueOperators.end())
            || (inList && (op == "==" || op == "!="))) {
            return {};
        }
        --end;
        if (end > 0 && spelling(m_tokens[end - 1]) == "not") {
            --end;
        }
        return pathBefore(end);
    }

    [[nodiscard]] std::string pathBefore(std::size_t end) const
    {
        std::size_t begin = end;
        while (begin > 0 && isPathPart(m_tokens[begin - 1])
               && (begin == end || m_tokens[begin - 1].span.end == m_tokens[begin].span.begin)) {
            --begin;
        }
        std::string path;
        for (std::size_t index = begin; index < end; ++index) {
            std::string_view part = spelling(m_tokens[index]);
            if (m_tokens[index].kind == TokenKind::QuotedIdentifier && part.size() >= 2) {
                part = part.substr(1, part.size() - 2);
            }
            path += part;
        }
        return path;
    }

    /// Behind `by` and its keys.
    [[nodiscard]] bool isInKeyList() const
    {
        std::size_t index = m_tokens.size();
        bool wantsKey = true;
        while (index > 0) {
            const std::string_view word = spelling(m_tokens[index - 1]);
            if (word == "by") {
                return wantsKey;
            }
            if (word == ",") {
                wantsKey = index == m_tokens.size() || wantsKey;
            } else if (isPathPart(m_tokens[index - 1]) || word == "?") {
                wantsKey = wantsKey && index != m_tokens.size();
            } else {
                return false;
            }
            --index;
        }
        return false;
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    bool m_inComment = false;
};

/// How well a candidate fits what is typed: 0 at its beginning, 1 at the beginning of one of its
/// parts, 2 somewhere; nothing if not at all.
std::optional<int> fit(std::string_view candidate, const std::string& foldedPrefix)
{
    const std::string name = foldedText(candidate);
    const std::size_t at = name.find(foldedPrefix);
    if (at == std::string::npos) {
        return std::nullopt;
    }
    if (at == 0) {
        return 0;
    }
    return name.find('.' + foldedPrefix) != std::string::npos ? 1 : 2;
}

struct Ranked {
    Completion completion;
    /// Smaller is better.
    int group = 0;
    int fit = 0;
};

class Collector {
public:
    explicit Collector(std::string_view prefix) : m_prefix(foldedText(prefix)) {}

    void add(Completion completion, std::string_view name, int group)
    {
        if (const auto quality = fit(name, m_prefix)) {
            m_ranked.push_back({std::move(completion), group, *quality});
        }
    }
    void addWord(std::string_view word, std::string_view detail, int group)
    {
        // A word is worth a line only where it begins with what is typed.
        if (foldedText(word).starts_with(m_prefix)) {
            add({CompletionKind::Keyword, std::string(word), std::string(word), std::string(detail),
                 0},
                word, group);
        }
    }
    [[nodiscard]] std::vector<Completion> take()
    {
        std::ranges::stable_sort(m_ranked, [](const Ranked& left, const Ranked& right) {
            if (left.fit != right.fit) {
                return left.fit < right.fit;
            }
            if (left.group != right.group) {
                return left.group < right.group;
            }
            return left.completion.eventCount > right.completion.eventCount;
        });
        std::vector<Completion> entries;
        for (Ranked& ranked : m_ranked) {
            if (entries.size() == maxCompletions) {
                break;
            }
            entries.push_back(std::move(ranked.completion));
        }
        return entries;
    }

private:
    std::string m_prefix;
    std::vector<Ranked> m_ranked;
};

std::string eventsText(std::uint64_t count)
{
    return text::counted(count, QStringLiteral("event")).toStdString();
}

/// A name as a query writes it.
std::string writtenPath(std::string_view name)
{
    std::string path;
    std::size_t begin = 0;
    while (begin <= name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        path += (path.empty() && begin == 0 ? "" : ".");
        path += eql::isPlainName(part) ? std::string(part) : eql::quoteName(part);
        begin = end + 1;
    }
    return path;
}

void addFields(Collector& collector, const schema::FieldCatalog* catalog, int group)
{
    const schema::Schema& schema = catalog ? catalog->schema() : *schema::Schema::ecs();
    if (catalog) {
        for (const auto& [name, seen] : catalog->seen()) {
            const auto field = catalog->find(name);
            const auto type = field ? field->type : schema::sniffType(seen);
            collector.add(
                {CompletionKind::Field, writtenPath(name), name,
                 fmt::format("{} · {}", schema::fieldTypeName(type), eventsText(seen.eventCount)),
                 seen.eventCount},
                name, group);
        }
    }
    for (const std::string& name : schema.names()) {
        if (!catalog || !catalog->seen().contains(name)) {
            const auto type = schema.type(name);
            if (type && *type == schema::FieldType::Object) {
                continue;
            }
            collector.add({CompletionKind::Field, writtenPath(name), name,
                           fmt::format("{} · not in this case",
                                       type ? schema::fieldTypeName(*type) : "alias"),
                           0},
                          name, group + 1);
        }
    }
}

void addFunctions(Collector& collector, int group)
{
    for (const eql::FunctionInfo& function : eql::functionTable) {
        collector.add({CompletionKind::Function, std::string(function.name) + '(',
                       std::string(function.signature), std::string(function.help), 0},
                      function.name, group);
    }
}

void addValues(Collector& collector, const Place& place, const schema::FieldCatalog* catalog,
               const state::ValueCounts* values)
{
    if (!values || values->field != place.field) {
        return;
    }
    const auto field = catalog ? catalog->find(place.field) : std::nullopt;
    const bool isBare =
        field
        && (field->type == schema::FieldType::Long || field->type == schema::FieldType::Double
            || field->type == schema::FieldType::Boolean);
    for (const state::ValueCounts::Entry& entry : values->entries) {
        collector.add({CompletionKind::Value, isBare ? entry.value : eql::quoteString(entry.value),
                       entry.value, eventsText(entry.eventCount), entry.eventCount},
                      entry.value, 0);
    }
}

void addFilterStart(Collector& collector, const Place& place, const state::ValueCounts* values)
{
    if (values && values->field == "event.category") {
        for (const state::ValueCounts::Entry& entry : values->entries) {
            const std::string category =
                eql::isPlainName(entry.value) ? entry.value : eql::quoteString(entry.value);
            collector.add({CompletionKind::Category, category + " where ", entry.value,
                           eventsText(entry.eventCount), entry.eventCount},
                          entry.value, 0);
        }
    }
    collector.addWord("any where ", "events of every category", 1);
    if (place.isStart) {
        collector.addWord("sequence by ", "stages in order that share keys", 1);
        collector.addWord("sample by ", "stages in any order that share keys", 2);
    }
}

} // namespace

bool saysNothingNew(const CompletionList& list)
{
    return list.entries.size() == 1 && list.entries.front().insert == list.prefix;
}

SourceSpan replacedBy(const Completion& entry, const CompletionList& list, std::string_view text)
{
    SourceSpan span = list.replaced;
    if (entry.kind == CompletionKind::Value && entry.insert.starts_with('"')
        && span.end < text.size() && text[span.end] == '"' && span.begin < span.end) {
        ++span.end;
    }
    return span;
}

CompletionList completionsAt(std::string_view text, eql::Dialect dialect, std::size_t offset,
                             const schema::FieldCatalog* catalog, const state::ValueCounts* values)
{
    CompletionList list;
    Before before(text, dialect, std::min(offset, text.size()));
    if (before.inComment()) {
        return list;
    }
    const Place place = before.place();
    list.replaced = place.replaced;
    list.prefix = place.prefix;
    Collector collector(place.prefix);
    switch (place.expected) {
    case Expected::Value:
        list.valuesOf = place.field;
        addValues(collector, place, catalog, values);
        break;
    case Expected::Filter:
        list.valuesOf = "event.category";
        addFilterStart(collector, place, values);
        break;
    case Expected::JoinKey:
        addFields(collector, catalog, 0);
        break;
    case Expected::Operand:
        addFields(collector, catalog, 0);
        addFunctions(collector, 1);
        for (const std::string_view word : {"not", "true", "false", "null"}) {
            collector.addWord(word, "", 1);
        }
        break;
    case Expected::Operator:
        for (const std::string_view word :
             {"and", "or", "in (", "in~ (", "like", "like~", "regex", "regex~", "not in (",
              "with maxspan=", "until [", "by"}) {
            collector.addWord(word, "", 0);
        }
        break;
    }
    list.entries = collector.take();
    return list;
}

} // namespace sequela::ui
