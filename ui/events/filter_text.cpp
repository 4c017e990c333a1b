#include "ui/events/filter_text.h"

#include "core/eql/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sequela::ui {

namespace {

bool isIdentifier(std::string_view part)
{
    const auto isStart = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
    };
    const auto isRest = [isStart](char c) { return isStart(c) || (c >= '0' && c <= '9'); };
    return !part.empty() && isStart(part.front()) && std::ranges::all_of(part, isRest);
}

bool isWholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

/// Byte offset behind `where` if the text is a full event query.
std::optional<std::size_t> conditionStart(std::string_view filter)
{
    int words = 0;
    for (const eql::Token& token : eql::lex(filter, eql::Dialect::Elasticsearch).tokens) {
        if (token.kind == eql::TokenKind::Whitespace || token.kind == eql::TokenKind::LineComment
            || token.kind == eql::TokenKind::BlockComment) {
            continue;
        }
        if (++words == 2 && filter.substr(token.span.begin, token.span.length()) == "where") {
            return token.span.end;
        }
        if (words == 2) {
            break;
        }
    }
    return std::nullopt;
}

bool holdsOr(std::string_view condition)
{
    const eql::LexedText lexed = eql::lex(condition, eql::Dialect::Elasticsearch);
    return std::ranges::any_of(lexed.tokens, [condition](const eql::Token& token) {
        return token.kind == eql::TokenKind::Keyword
               && condition.substr(token.span.begin, token.span.length()) == "or";
    });
}

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

} // namespace

std::string quotedField(std::string_view field)
{
    std::string result;
    std::size_t begin = 0;
    while (begin <= field.size()) {
        const std::size_t end = std::min(field.find('.', begin), field.size());
        const std::string_view part = field.substr(begin, end - begin);
        if (!result.empty()) {
            result += '.';
        }
        if (isIdentifier(part)) {
            result += part;
        } else {
            result += '`';
            for (const char c : part) {
                result += c;
                if (c == '`') {
                    result += c;
                }
            }
            result += '`';
        }
        begin = end + 1;
    }
    return result;
}

std::string quotedString(std::string_view value)
{
    std::string result = "\"";
    for (const char c : value) {
        switch (c) {
        case '"':
        case '\\':
            result += '\\';
            result += c;
            break;
        case '\n':
            result += "\\n";
            break;
        case '\r':
            result += "\\r";
            break;
        case '\t':
            result += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                result += fmt::format("\\u{{{:02x}}}", static_cast<unsigned>(c));
            } else {
                result += c;
            }
        }
    }
    return result + '"';
}

std::string filterClause(const schema::FieldCatalog& catalog, std::string_view field,
                         std::string_view value, bool hasValue, bool negated)
{
    const std::string_view comparison = negated ? "!=" : "==";
    if (!hasValue) {
        return fmt::format("{} {} null", quotedField(field), comparison);
    }
    const auto known = catalog.find(field);
    const bool isNumber = known && known->type == schema::FieldType::Long && isWholeNumber(value);
    const bool isBoolean =
        known && known->type == schema::FieldType::Boolean && (value == "true" || value == "false");
    return fmt::format("{} {} {}", quotedField(field), comparison,
                       isNumber || isBoolean ? std::string(value) : quotedString(value));
}

std::string narrowedFilter(std::string_view filter, std::string_view clause)
{
    const std::string_view text = trimmed(filter);
    if (text.empty()) {
        return std::string(clause);
    }
    if (text.find(clause) != std::string_view::npos && !holdsOr(text)) {
        return std::string(text);
    }
    const std::size_t start = conditionStart(text).value_or(0);
    const std::string_view head = text.substr(0, start);
    const std::string_view condition = trimmed(text.substr(start));
    const std::string gap = head.empty() ? "" : " ";
    if (condition == "true") {
        return fmt::format("{}{}{}", head, gap, clause);
    }
    if (holdsOr(condition)) {
        return fmt::format("{}{}({}) and {}", head, gap, condition, clause);
    }
    return fmt::format("{}{}{} and {}", head, gap, condition, clause);
}

} // namespace sequela::ui
