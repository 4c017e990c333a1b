#include "core/rules/filter.h"

#include "core/base/text.h"
#include "core/rules/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace sequela::rules {

namespace {

[[nodiscard]] FilterValue valueOf(const Node& node)
{
    return FilterValue{node.text, node.isString() || node.kind == NodeKind::DateTime};
}

[[nodiscard]] bool isConstant(const Node& node)
{
    return node.isScalar() && node.kind != NodeKind::Null;
}

/// `{ "<field>": value }`: the one member of a clause body.
[[nodiscard]] const Node::Member* onlyMember(const Node& body)
{
    return body.isObject() && body.members.size() == 1 ? &body.members.front() : nullptr;
}

/// TOML writes `match_phrase."a.b"`, but also `match_phrase.a.b`: nested tables down to the value.
struct FieldBody {
    std::string field;
    const Node* body = nullptr;
};

[[nodiscard]] FieldBody fieldBody(const Node& clause, std::initializer_list<std::string_view> stops)
{
    FieldBody result;
    const Node* node = &clause;
    while (const Node::Member* member = onlyMember(*node)) {
        const bool isBody = std::ranges::find(stops, member->first) != stops.end();
        if (isBody && !result.field.empty()) {
            break;
        }
        result.field += (result.field.empty() ? "" : ".") + member->first;
        node = &member->second;
    }
    result.body = node;
    return result;
}

[[nodiscard]] bool readPhrase(const Node& clause, bool needsPhraseType, RuleFilter& filter)
{
    const FieldBody found = fieldBody(clause, {"query", "type"});
    const Node* value = found.body;
    if (value->isObject()) {
        const Node* type = value->find("type");
        if (needsPhraseType && (type == nullptr || type->text != "phrase")) {
            return false;
        }
        const auto isSideKey = [](const Node::Member& member) {
            return member.first == "query" || member.first == "type";
        };
        if (!std::ranges::all_of(value->members, isSideKey)) {
            return false;
        }
        value = value->find("query");
    } else if (needsPhraseType) {
        return false;
    }
    if (value == nullptr || !isConstant(*value) || found.field.empty()) {
        return false;
    }
    filter.kind = FilterKind::Phrase;
    filter.field = found.field;
    filter.values = {valueOf(*value)};
    return true;
}

[[nodiscard]] bool readExists(const Node& clause, RuleFilter& filter)
{
    const Node* field = clause.find("field");
    if (field == nullptr || !field->isString() || clause.members.size() != 1) {
        return false;
    }
    filter.kind = FilterKind::Exists;
    filter.field = field->text;
    return true;
}

[[nodiscard]] bool readRange(const Node& clause, RuleFilter& filter)
{
    const FieldBody found = fieldBody(clause, {"gte", "gt", "lte", "lt"});
    if (!found.body->isObject() || found.field.empty()) {
        return false;
    }
    filter.kind = FilterKind::Range;
    filter.field = found.field;
    for (const auto& [key, value] : found.body->members) {
        std::optional<FilterValue>* bound = key == "gte"   ? &filter.gte
                                            : key == "gt"  ? &filter.gt
                                            : key == "lte" ? &filter.lte
                                            : key == "lt"  ? &filter.lt
                                                           : nullptr;
        if (bound == nullptr || !isConstant(value)) {
            return false;
        }
        *bound = valueOf(value);
    }
    return filter.gte || filter.gt || filter.lte || filter.lt;
}

/// bool.should of phrases on one field with minimum_should_match 1: Kibana's "is one of".
[[nodiscard]] bool readPhrases(const Node& clause, RuleFilter& filter)
{
    const Node* should = clause.find("should");
    const Node* minimum = clause.find("minimum_should_match");
    const auto isOwnKey = [](const Node::Member& member) {
        return member.first == "should" || member.first == "minimum_should_match";
    };
    if (should == nullptr || !should->isArray() || should->items.empty()
        || (minimum != nullptr && minimum->text != "1")
        || !std::ranges::all_of(clause.members, isOwnKey)) {
        return false;
    }
    for (const Node& item : should->items) {
        const Node::Member* member = onlyMember(item);
        RuleFilter phrase;
        if (member == nullptr || member->first != "match_phrase"
            || !readPhrase(member->second, false, phrase)
            || (!filter.field.empty() && filter.field != phrase.field)) {
            return false;
        }
        filter.field = phrase.field;
        filter.values.push_back(phrase.values.front());
    }
    filter.kind = FilterKind::Phrases;
    return true;
}

[[nodiscard]] bool flagOf(const Node* meta, std::string_view key)
{
    const Node* flag = meta == nullptr ? nullptr : meta->find(key);
    return flag != nullptr && flag->kind == NodeKind::Boolean && flag->text == "true";
}

/// Name of what the filter does, for the reason why a rule is not run.
[[nodiscard]] bool readFilter(const Node& node, RuleFilter& filter, std::string& clauseName)
{
    const Node* meta = node.find("meta");
    filter.negate = flagOf(meta, "negate");
    filter.disabled = flagOf(meta, "disabled");
    const Node* query = node.find("query");
    // Old exports have the clause beside `meta`.
    const Node* exists = node.find("exists");
    const Node* range = node.find("range");
    if (query == nullptr && (exists != nullptr || range != nullptr)) {
        clauseName = exists != nullptr ? "exists" : "range";
        return exists != nullptr ? readExists(*exists, filter) : readRange(*range, filter);
    }
    const Node::Member* clause = query == nullptr ? nullptr : onlyMember(*query);
    if (clause == nullptr) {
        clauseName = "custom";
        return false;
    }
    clauseName = clause->first;
    const Node& body = clause->second;
    if (clauseName == "match_phrase") {
        return readPhrase(body, false, filter);
    }
    if (clauseName == "match") {
        return readPhrase(body, true, filter);
    }
    if (clauseName == "exists") {
        return readExists(body, filter);
    }
    if (clauseName == "range") {
        return readRange(body, filter);
    }
    return clauseName == "bool" && readPhrases(body, filter);
}

[[nodiscard]] bool isPlainName(std::string_view part)
{
    static constexpr std::array keywords{
        "and", "any", "by",    "false",  "in",       "join", "like",  "maxspan", "not", "null",
        "of",  "or",  "regex", "sample", "sequence", "true", "until", "where",   "with"};
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto isFurther = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9'); };
    return !part.empty() && (isLetter(part.front()) || part.front() == '@')
           && std::ranges::all_of(part.substr(1), isFurther)
           && std::ranges::find(keywords, part) == keywords.end();
}

/// `?a.b`, parts quoted where EQL needs it.
[[nodiscard]] std::string eqlField(std::string_view path)
{
    std::string text = "?";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        text += begin == 0 ? "" : ".";
        if (isPlainName(part)) {
            text += part;
        } else {
            text += '`';
            for (const char c : part) {
                text += c == '`' ? "``" : std::string(1, c);
            }
            text += '`';
        }
        begin = end + 1;
    }
    return text;
}

[[nodiscard]] std::string eqlString(std::string_view value)
{
    std::string text = "\"";
    for (const char c : value) {
        switch (c) {
        case '"':
            text += "\\\"";
            break;
        case '\\':
            text += "\\\\";
            break;
        case '\n':
            text += "\\n";
            break;
        case '\r':
            text += "\\r";
            break;
        default:
            text += c;
        }
    }
    return text + '"';
}

[[nodiscard]] std::string eqlConstant(const FilterValue& value)
{
    return value.isString ? eqlString(value.text) : value.text;
}

[[nodiscard]] std::string positiveCondition(const RuleFilter& filter)
{
    const std::string field = eqlField(filter.field);
    switch (filter.kind) {
    case FilterKind::Exists:
        return field + " != null";
    case FilterKind::Phrase:
        return field + " == " + eqlConstant(filter.values.front());
    case FilterKind::Phrases: {
        // `==` rather than `in`: on a field nobody has it is false, not null, so that it negates.
        std::string list;
        for (const FilterValue& value : filter.values) {
            list += (list.empty() ? "" : " or ") + field + " == " + eqlConstant(value);
        }
        return list;
    }
    case FilterKind::Range: {
        std::string text = field + " != null";
        const auto add = [&](const std::optional<FilterValue>& bound, std::string_view op) {
            if (bound) {
                text += fmt::format(" and {} {} {}", field, op, eqlConstant(*bound));
            }
        };
        add(filter.gte, ">=");
        add(filter.gt, ">");
        add(filter.lte, "<=");
        add(filter.lt, "<");
        return text;
    }
    }
    return {};
}

} // namespace

bool readFilters(const Node& list, std::vector<RuleFilter>& filters, std::string& reason)
{
    const auto refuse = [&](std::string_view what) {
        reason = fmt::format("unsupported filter ({})", visibleText(what));
        return false;
    };
    if (!list.isArray()) {
        return refuse("not a list");
    }
    for (const Node& node : list.items) {
        RuleFilter filter;
        std::string clause = "custom";
        const bool supported = readFilter(node, filter, clause);
        if (!supported && !filter.disabled) {
            return refuse(clause);
        }
        if (supported) {
            filters.push_back(std::move(filter));
        }
    }
    return true;
}

std::string conditionOf(const RuleFilter& filter)
{
    const std::string condition = positiveCondition(filter);
    return filter.negate ? "not (" + condition + ")" : condition;
}

std::string conditionOf(const std::vector<RuleFilter>& filters)
{
    std::string text;
    for (const RuleFilter& filter : filters) {
        if (!filter.disabled) {
            text += fmt::format("{}({})", text.empty() ? "" : " and ", conditionOf(filter));
        }
    }
    return text;
}

} // namespace sequela::rules
