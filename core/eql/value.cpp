#include "core/eql/value.h"

#include "core/base/text.h"
#include "core/eql/number_text.h"

#include <cmath>

namespace sequela::eql {

namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

int signOf(auto order)
{
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

/// Exact: neither side is rounded to the other's type.
std::optional<int> compareLongWithDouble(std::int64_t left, double right)
{
    constexpr double twoTo63 = 9223372036854775808.0;
    if (std::isnan(right)) {
        return std::nullopt;
    }
    if (right >= twoTo63) {
        return -1;
    }
    if (right < -twoTo63) {
        return 1;
    }
    const double whole = std::trunc(right);
    const auto rounded = static_cast<std::int64_t>(whole);
    if (left != rounded) {
        return left < rounded ? -1 : 1;
    }
    return right > whole ? -1 : (right < whole ? 1 : 0);
}

std::optional<int> compareDoubles(double left, double right)
{
    if (std::isnan(left) || std::isnan(right)) {
        return std::nullopt;
    }
    return left < right ? -1 : (left > right ? 1 : 0);
}

std::optional<int> negated(std::optional<int> order)
{
    return order ? std::optional<int>(-*order) : std::nullopt;
}

Value decodeLong(std::string_view text)
{
    if (const auto number = parseInteger(text)) {
        return *number;
    }
    const auto decimal = parseDecimal(text);
    if (!decimal) {
        return {};
    }
    // Elasticsearch cuts fractions off in integer fields; what leaves 64 bit (unsigned_long) is
    // kept as the nearest double.
    const double whole = std::trunc(*decimal);
    if (whole >= -9223372036854775808.0 && whole < 9223372036854775808.0) {
        return static_cast<std::int64_t>(whole);
    }
    return whole;
}

Value decodeBoolean(std::string_view text)
{
    if (text == "true") {
        return true;
    }
    if (text == "false" || text.empty()) {
        return false;
    }
    return {};
}

template <typename T>
Value valueOf(const std::optional<T>& parsed)
{
    return parsed ? Value(*parsed) : Value();
}

} // namespace

std::string_view valueTypeName(ValueType type)
{
    switch (type) {
    case ValueType::Null:
        return "NULL";
    case ValueType::Boolean:
        return "BOOLEAN";
    case ValueType::Long:
        return "LONG";
    case ValueType::Double:
        return "DOUBLE";
    case ValueType::Keyword:
        return "KEYWORD";
    case ValueType::Date:
        return "DATETIME";
    case ValueType::Ip:
        return "IP";
    case ValueType::Version:
        return "VERSION";
    }
    return {};
}

ValueType valueTypeOf(schema::FieldType type)
{
    switch (type) {
    case schema::FieldType::Keyword:
    case schema::FieldType::Text:
        return ValueType::Keyword;
    case schema::FieldType::Long:
        return ValueType::Long;
    case schema::FieldType::Double:
        return ValueType::Double;
    case schema::FieldType::Boolean:
        return ValueType::Boolean;
    case schema::FieldType::Date:
        return ValueType::Date;
    case schema::FieldType::Ip:
        return ValueType::Ip;
    case schema::FieldType::Version:
        return ValueType::Version;
    case schema::FieldType::Object:
        return ValueType::Null;
    }
    return ValueType::Null;
}

ValueType typeOf(const Value& value)
{
    return std::visit(Overloaded{[](std::monostate) { return ValueType::Null; },
                                 [](bool) { return ValueType::Boolean; },
                                 [](std::int64_t) { return ValueType::Long; },
                                 [](double) { return ValueType::Double; },
                                 [](const std::string&) { return ValueType::Keyword; },
                                 [](Timestamp) { return ValueType::Date; },
                                 [](const IpAddress&) { return ValueType::Ip; },
                                 [](const VersionValue&) { return ValueType::Version; }},
                      value);
}

Value decodeValue(schema::FieldType type, std::string_view text, schema::ValueKind kind)
{
    switch (type) {
    case schema::FieldType::Keyword:
    case schema::FieldType::Text:
        return std::string(text);
    case schema::FieldType::Long:
        return decodeLong(text);
    case schema::FieldType::Double:
        return valueOf(parseDecimal(text));
    case schema::FieldType::Boolean:
        return decodeBoolean(text);
    case schema::FieldType::Date:
        return valueOf(parseEventTimestamp(text, kind == schema::ValueKind::Number));
    case schema::FieldType::Ip:
        return valueOf(IpAddress::parse(text));
    case schema::FieldType::Version:
        return VersionValue{std::string(text)};
    case schema::FieldType::Object:
        return {};
    }
    return {};
}

std::string toText(const Value& value)
{
    return std::visit(
        Overloaded{[](std::monostate) { return std::string(); },
                   [](bool boolean) { return std::string(boolean ? "true" : "false"); },
                   [](std::int64_t number) { return std::to_string(number); },
                   [](double number) { return formatDouble(number); },
                   [](const std::string& text) { return text; },
                   [](Timestamp time) { return formatIso(time); },
                   [](const IpAddress& address) { return address.toString(); },
                   [](const VersionValue& version) { return version.text; }},
        value);
}

std::string toJson(const Value& value)
{
    switch (typeOf(value)) {
    case ValueType::Null:
        return "null";
    case ValueType::Boolean:
    case ValueType::Long:
    case ValueType::Double:
        return toText(value);
    case ValueType::Keyword:
    case ValueType::Date:
    case ValueType::Ip:
    case ValueType::Version:
        return quoteJson(toText(value));
    }
    return {};
}

std::optional<bool> equalValues(const Value& left, const Value& right, bool caseInsensitive)
{
    if (caseInsensitive) {
        const auto* const leftText = std::get_if<std::string>(&left);
        const auto* const rightText = std::get_if<std::string>(&right);
        if (leftText != nullptr && rightText != nullptr) {
            return equalFolded(*leftText, *rightText);
        }
    }
    const auto order = compareValues(left, right);
    return order ? std::optional<bool>(*order == 0) : std::nullopt;
}

std::optional<int> compareValues(const Value& left, const Value& right)
{
    using Order = std::optional<int>;
    return std::visit(
        Overloaded{
            [](bool a, bool b) -> Order {
                return signOf(static_cast<int>(a) - static_cast<int>(b));
            },
            [](std::int64_t a, std::int64_t b) -> Order { return signOf(a <=> b); },
            [](std::int64_t a, double b) -> Order { return compareLongWithDouble(a, b); },
            [](double a, std::int64_t b) -> Order { return negated(compareLongWithDouble(b, a)); },
            [](double a, double b) -> Order { return compareDoubles(a, b); },
            [](const std::string& a, const std::string& b) -> Order {
                // std::string compares as unsigned bytes, which for UTF-8 is code point order.
                return signOf(a.compare(b));
            },
            [](Timestamp a, Timestamp b) -> Order {
                return signOf(a.milliseconds() <=> b.milliseconds());
            },
            [](const IpAddress& a, const IpAddress& b) -> Order { return signOf(a <=> b); },
            [](const VersionValue& a, const VersionValue& b) -> Order {
                return compareVersions(a, b);
            },
            [](const auto&, const auto&) -> Order { return std::nullopt; }},
        left, right);
}

} // namespace sequela::eql
