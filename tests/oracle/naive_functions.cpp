#include "tests/oracle/naive_functions.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace sequela::oracle {

using eql::syntax::BinaryOperator;

namespace {

using Arguments = std::vector<Value>;
// Any result of one operation on longs fits.
__extension__ using Wide = __int128;

std::u32string points(const Value& value)
{
    const std::string& text = std::get<std::string>(value);
    std::u32string result;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, at);
        result += decoded.codePoint;
        at += decoded.byteCount;
    }
    return result;
}

std::string utf8(std::u32string_view text)
{
    std::string result;
    for (const char32_t point : text) {
        appendUtf8(result, point);
    }
    return result;
}

std::u32string foldedIf(bool fold, std::u32string text)
{
    for (char32_t& point : text) {
        point = fold ? foldCase(point) : point;
    }
    return text;
}

Value checkedReal(double result, bool& failed)
{
    if (!std::isfinite(result)) {
        failed = true;
        return {};
    }
    return result;
}

Value checkedWhole(Wide result, bool& failed)
{
    if (result < INT64_MIN || result > INT64_MAX) {
        failed = true;
        return {};
    }
    return static_cast<std::int64_t>(result);
}

double real(const Value& value)
{
    const auto* whole = std::get_if<std::int64_t>(&value);
    return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
}

/// A double as Java prints it, from the digits of its shortest decimal form.
std::string javaText(double number)
{
    const double magnitude = std::abs(number);
    std::string plain = textOf(number);
    if (magnitude == 0 || (magnitude >= 0.001 && magnitude < 10'000'000)) {
        return plain;
    }
    const std::size_t mark = std::min(plain.find('e'), plain.size());
    int exponent = mark == plain.size() ? 0 : std::stoi(plain.substr(mark + 1));
    std::string digits;
    bool behindPoint = false;
    for (const char letter : plain.substr(0, mark)) {
        if (letter == '.') {
            behindPoint = true;
        } else if (letter != '-') {
            digits += letter;
            exponent -= behindPoint ? 1 : 0;
        }
    }
    digits.erase(0, digits.find_first_not_of('0'));
    exponent += static_cast<int>(digits.size()) - 1;
    digits.erase(digits.find_last_not_of('0') + 1);
    digits += digits.size() == 1 ? "0" : "";
    return (number < 0 ? "-" : "") + digits.substr(0, 1) + '.' + digits.substr(1) + 'E'
           + std::to_string(exponent);
}

std::string writtenOut(const Value& value)
{
    const auto* number = std::get_if<double>(&value);
    return number == nullptr ? textOf(value) : javaText(*number);
}

Value between(const Arguments& arguments, bool fold)
{
    const std::u32string source = points(arguments[0]);
    const std::u32string searched = foldedIf(fold, source);
    const std::u32string left = foldedIf(fold, points(arguments[1]));
    const std::u32string right = foldedIf(fold, points(arguments[2]));
    const bool greedy = arguments.size() > 3 && std::get<bool>(arguments[3]);
    if (source.empty() || left.empty() || right.empty()) {
        return arguments[0];
    }
    const std::size_t found = searched.find(left);
    if (found == std::u32string::npos) {
        return std::string();
    }
    const std::size_t begin = found + left.size();
    const std::size_t end =
        greedy ? searched.substr(begin).rfind(right) : searched.substr(begin).find(right);
    return end == std::u32string::npos ? std::string() : utf8(source.substr(begin, end));
}

Value indexOf(const Arguments& arguments, bool fold)
{
    const std::u32string source = foldedIf(fold, points(arguments[0]));
    const std::u32string wanted = foldedIf(fold, points(arguments[1]));
    std::int64_t start = 0;
    if (arguments.size() > 2 && !isNull(arguments[2])) {
        start = std::max<std::int64_t>(0, std::get<std::int64_t>(arguments[2]));
    }
    if (wanted.empty()) {
        return start;
    }
    for (std::size_t at = static_cast<std::size_t>(start); at < source.size(); ++at) {
        if (source.substr(at, wanted.size()) == wanted) {
            return static_cast<std::int64_t>(at);
        }
    }
    return {};
}

Value substring(const Arguments& arguments)
{
    if (isNull(arguments[1])) {
        return arguments[0];
    }
    const std::u32string source = points(arguments[0]);
    const auto size = static_cast<std::int64_t>(source.size());
    const auto place = [size](std::int64_t index) {
        return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
    };
    const std::int64_t begin = place(std::get<std::int64_t>(arguments[1]));
    const std::int64_t end =
        arguments.size() > 2 ? place(std::get<std::int64_t>(arguments[2])) : size;
    return begin >= end ? std::string()
                        : utf8(source.substr(static_cast<std::size_t>(begin),
                                             static_cast<std::size_t>(end - begin)));
}

Value numberOf(const Arguments& arguments, bool& failed)
{
    std::string text = std::get<std::string>(arguments[0]);
    const bool hasBase = arguments.size() > 1 && !isNull(arguments[1]);
    std::int64_t base = hasBase ? std::get<std::int64_t>(arguments[1]) : 10;
    if (text.starts_with("0x") && (!hasBase || base == 16)) {
        base = 16;
        text.erase(0, 2);
    }
    std::string_view digits = text;
    if (digits.starts_with('+') && !digits.starts_with("+-")) {
        digits.remove_prefix(1);
    }
    std::int64_t whole = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, whole, static_cast<int>(base));
    if (read.ec == std::errc{} && read.ptr == end) {
        return whole;
    }
    double fraction = 0;
    const auto readReal = std::from_chars(digits.data(), end, fraction);
    if (base == 10 && readReal.ec == std::errc{} && readReal.ptr == end
        && std::isfinite(fraction)) {
        return fraction;
    }
    failed = true;
    return {};
}

Value cidrMatch(const Arguments& arguments, bool& failed)
{
    bool inside = false;
    std::optional<IpAddress> address;
    if (const auto* text = std::get_if<std::string>(&arguments[0])) {
        address = IpAddress::parse(*text);
    } else {
        address = std::get<IpAddress>(arguments[0]);
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const auto result = inBlock(address.value(), std::get<std::string>(arguments[i]));
        failed = failed || !result;
        inside = inside || result.value_or(false);
    }
    return inside;
}

std::optional<BinaryOperator> arithmeticName(const std::string& name)
{
    static const std::map<std::string, BinaryOperator> names{{"add", BinaryOperator::Add},
                                                             {"subtract", BinaryOperator::Subtract},
                                                             {"multiply", BinaryOperator::Multiply},
                                                             {"divide", BinaryOperator::Divide},
                                                             {"modulo", BinaryOperator::Modulo}};
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::string lowerCase(std::string name)
{
    std::ranges::transform(name, name.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
    });
    return name;
}

Value textTest(const std::string& name, const Arguments& arguments, bool fold)
{
    const std::u32string source = foldedIf(fold, points(arguments[0]));
    const std::u32string wanted = foldedIf(fold, points(arguments[1]));
    if (name == "startswith") {
        return source.starts_with(wanted);
    }
    if (name == "endswith") {
        return source.ends_with(wanted);
    }
    return !source.empty() && !wanted.empty() && source.find(wanted) != std::u32string::npos;
}

} // namespace

bool toleratesNull(const std::string& writtenName, std::size_t index)
{
    const std::string name = lowerCase(writtenName);
    return (name == "indexof" && index == 2) || (name == "number" && index == 1)
           || (name == "substring" && index == 1);
}

Value arithmetic(BinaryOperator op, const Value& left, const Value& right, bool& failed)
{
    if (isNull(left) || isNull(right)) {
        return {};
    }
    const bool divides = op == BinaryOperator::Divide || op == BinaryOperator::Modulo;
    if (divides && real(right) == 0) {
        failed = true;
        return {};
    }
    if (const auto* one = std::get_if<std::int64_t>(&left)) {
        if (const auto* other = std::get_if<std::int64_t>(&right)) {
            const Wide a = *one;
            const Wide b = *other;
            switch (op) {
            case BinaryOperator::Add:
                return checkedWhole(a + b, failed);
            case BinaryOperator::Subtract:
                return checkedWhole(a - b, failed);
            case BinaryOperator::Multiply:
                return checkedWhole(a * b, failed);
            case BinaryOperator::Divide:
                return checkedWhole(a / b, failed);
            default:
                return checkedWhole(a % b, failed);
            }
        }
    }
    switch (op) {
    case BinaryOperator::Add:
        return checkedReal(real(left) + real(right), failed);
    case BinaryOperator::Subtract:
        return checkedReal(real(left) - real(right), failed);
    case BinaryOperator::Multiply:
        return checkedReal(real(left) * real(right), failed);
    case BinaryOperator::Divide:
        return checkedReal(real(left) / real(right), failed);
    default:
        return checkedReal(std::fmod(real(left), real(right)), failed);
    }
}

Value negated(const Value& operand, bool& failed)
{
    if (isNull(operand)) {
        return {};
    }
    if (const auto* whole = std::get_if<std::int64_t>(&operand)) {
        return checkedWhole(-static_cast<Wide>(*whole), failed);
    }
    return -std::get<double>(operand);
}

Value call(const std::string& writtenName, bool fold, const Arguments& arguments, bool& failed)
{
    const std::string name = lowerCase(writtenName);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (isNull(arguments[i]) && !toleratesNull(name, i)) {
            return {};
        }
    }
    if (const auto op = arithmeticName(name)) {
        return arithmetic(*op, arguments[0], arguments[1], failed);
    }
    if (name == "between") {
        return between(arguments, fold);
    }
    if (name == "cidrmatch") {
        return cidrMatch(arguments, failed);
    }
    if (name == "concat") {
        std::string joined;
        for (const Value& argument : arguments) {
            joined += writtenOut(argument);
        }
        return joined;
    }
    if (name == "indexof") {
        return indexOf(arguments, fold);
    }
    if (name == "length") {
        return static_cast<std::int64_t>(points(arguments[0]).size());
    }
    if (name == "number") {
        return numberOf(arguments, failed);
    }
    if (name == "string") {
        return writtenOut(arguments[0]);
    }
    if (name == "substring") {
        return substring(arguments);
    }
    if (name == "startswith" || name == "endswith" || name == "stringcontains") {
        return textTest(name, arguments, fold);
    }
    fmt::print(stderr, "oracle: no function {}\n", writtenName);
    std::abort();
}

} // namespace sequela::oracle
