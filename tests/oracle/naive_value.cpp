#include "tests/oracle/naive_value.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sequela::oracle {

namespace {

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<double> fraction(std::string_view text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

Type typeNamed(std::string_view name)
{
    if (name == "long") {
        return Type::Long;
    }
    if (name == "double") {
        return Type::Double;
    }
    if (name == "boolean") {
        return Type::Boolean;
    }
    if (name == "date") {
        return Type::Date;
    }
    if (name == "ip") {
        return Type::Ip;
    }
    return name == "version" ? Type::Version : Type::Keyword;
}

Type sniffed(const JsonScalar& scalar)
{
    if (scalar.kind == JsonScalar::Kind::Boolean) {
        return Type::Boolean;
    }
    if (scalar.kind == JsonScalar::Kind::String) {
        return Type::Keyword;
    }
    return wholeNumber(scalar.text) ? Type::Long : Type::Double;
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts(1);
    for (const char letter : text) {
        if (letter == separator) {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

bool isDigits(std::string_view text)
{
    return !text.empty()
           && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

struct ParsedVersion {
    bool valid = false;
    std::vector<std::int64_t> numbers;
    std::vector<std::string> preRelease;
};

ParsedVersion parseVersion(const std::string& text)
{
    ParsedVersion version;
    const std::size_t dash = text.find('-');
    const std::vector<std::string> parts = split(text.substr(0, dash), '.');
    version.valid = parts.size() == 3 && std::ranges::all_of(parts, isDigits);
    if (version.valid) {
        for (const std::string& part : parts) {
            version.numbers.push_back(std::stoll(part));
        }
        if (dash != std::string::npos) {
            version.preRelease = split(text.substr(dash + 1), '.');
        }
    }
    return version;
}

int sign(bool less, bool greater)
{
    return less ? -1 : (greater ? 1 : 0);
}

int orderPreRelease(const std::string& left, const std::string& right)
{
    if (isDigits(left) != isDigits(right)) {
        return isDigits(left) ? -1 : 1;
    }
    if (isDigits(left)) {
        return sign(std::stoll(left) < std::stoll(right), std::stoll(left) > std::stoll(right));
    }
    return sign(left<right, left> right);
}

/// Semantic versions; invalid ones last, by text.
int orderVersions(const std::string& left, const std::string& right)
{
    const ParsedVersion one = parseVersion(left);
    const ParsedVersion other = parseVersion(right);
    if (one.valid != other.valid) {
        return one.valid ? -1 : 1;
    }
    if (!one.valid) {
        return sign(left<right, left> right);
    }
    if (one.numbers != other.numbers) {
        return one.numbers < other.numbers ? -1 : 1;
    }
    if (one.preRelease.empty() != other.preRelease.empty()) {
        return one.preRelease.empty() ? 1 : -1;
    }
    for (std::size_t i = 0; i < std::min(one.preRelease.size(), other.preRelease.size()); ++i) {
        if (const int part = orderPreRelease(one.preRelease[i], other.preRelease[i]); part != 0) {
            return part;
        }
    }
    return sign(one.preRelease.size() < other.preRelease.size(),
                one.preRelease.size() > other.preRelease.size());
}

/// x86's long double holds every long and every double exactly.
std::optional<long double> number(const Value& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return static_cast<long double>(*whole);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return static_cast<long double>(*real);
    }
    return std::nullopt;
}

std::optional<Timestamp> timeOf(const Value& value)
{
    if (const auto* time = std::get_if<Timestamp>(&value)) {
        return *time;
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return parseEventTimestamp(*text, false);
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return timestampFromMilliseconds(*whole);
    }
    return std::nullopt;
}

std::optional<IpAddress> addressOf(const Value& value)
{
    if (const auto* address = std::get_if<IpAddress>(&value)) {
        return *address;
    }
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : IpAddress::parse(*text);
}

std::optional<std::string> versionOf(const Value& value)
{
    if (const auto* version = std::get_if<VersionText>(&value)) {
        return version->text;
    }
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : std::optional(*text);
}

template <typename T>
std::optional<int> compared(const std::optional<T>& left, const std::optional<T>& right)
{
    if (!left || !right) {
        return std::nullopt;
    }
    return sign(*left < *right, *right < *left);
}

template <typename T>
bool either(const Value& left, const Value& right)
{
    return std::holds_alternative<T>(left) || std::holds_alternative<T>(right);
}

} // namespace

NaiveCatalog::NaiveCatalog(std::string_view schema, const NaiveData& data)
{
    for (const std::string& line : split(schema, '\n')) {
        const std::vector<std::string> parts = split(line, '\t');
        if (parts.size() == 3) {
            m_aliases[parts[0]] = parts[2];
        } else if (parts.size() == 2) {
            m_types[parts[0]] = typeNamed(parts[1]);
        }
    }
    std::map<std::string, Type> seen;
    for (const NaiveSource& source : data) {
        for (const NaiveEvent& event : source.events) {
            for (const auto& [name, field] : event) {
                for (const JsonScalar& value : field.values) {
                    if (value.kind == JsonScalar::Kind::Null || m_types.contains(name)) {
                        continue;
                    }
                    const auto [place, isNew] = seen.try_emplace(name, sniffed(value));
                    if (!isNew && place->second != sniffed(value)) {
                        place->second = Type::Keyword;
                    }
                }
            }
        }
    }
    m_types.merge(seen);
}

std::string NaiveCatalog::resolve(const std::string& name) const
{
    const auto alias = m_aliases.find(name);
    return alias == m_aliases.end() ? name : alias->second;
}

bool NaiveCatalog::isMapped(const std::string& name) const
{
    return m_types.contains(resolve(name));
}

Type NaiveCatalog::type(const std::string& name) const
{
    const auto found = m_types.find(resolve(name));
    return found == m_types.end() ? Type::Keyword : found->second;
}

Value decode(Type type, const JsonScalar& scalar)
{
    const auto orNull = [](const auto& value) { return value ? Value(*value) : Value{}; };
    if (scalar.kind == JsonScalar::Kind::Null) {
        return {};
    }
    switch (type) {
    case Type::Keyword:
        return scalar.text;
    case Type::Long:
        return orNull(wholeNumber(scalar.text));
    case Type::Double:
        return orNull(fraction(scalar.text));
    case Type::Boolean:
        return scalar.text == "true" || scalar.text == "false" ? Value(scalar.text == "true")
                                                               : Value{};
    case Type::Date:
        return orNull(parseEventTimestamp(scalar.text, scalar.kind == JsonScalar::Kind::Number));
    case Type::Ip:
        return orNull(IpAddress::parse(scalar.text));
    case Type::Version:
        return VersionText{scalar.text};
    }
    return {};
}

std::vector<Value> valuesOf(const NaiveCatalog& catalog, const NaiveEvent& event,
                            const std::string& name)
{
    std::vector<Value> values;
    const auto field = event.find(catalog.resolve(name));
    if (field != event.end()) {
        for (const JsonScalar& scalar : field->second.values) {
            const Value value = decode(catalog.type(name), scalar);
            if (!isNull(value)) {
                values.push_back(value);
            }
        }
    }
    return values;
}

std::optional<bool> inBlock(const IpAddress& address, std::string_view block)
{
    const std::size_t slash = block.find('/');
    const std::optional<IpAddress> network = IpAddress::parse(block.substr(0, slash));
    if (!network) {
        return std::nullopt;
    }
    std::int64_t bits = network->isV4() ? 32 : 128;
    if (slash != std::string_view::npos) {
        const auto length = wholeNumber(block.substr(slash + 1));
        if (!length || *length < 0 || *length > bits) {
            return std::nullopt;
        }
        bits = *length;
    }
    if (network->isV4() != address.isV4()) {
        return false;
    }
    const std::size_t skipped = network->isV4() ? 96 : 0;
    for (std::size_t bit = skipped; bit < skipped + static_cast<std::size_t>(bits); ++bit) {
        const auto at = [bit](const IpAddress& one) {
            return (one.bytes()[bit / 8] >> (7 - bit % 8)) & 1;
        };
        if (at(*network) != at(address)) {
            return false;
        }
    }
    return true;
}

bool equal(const Value& left, const Value& right)
{
    if (either<VersionText>(left, right)) {
        return versionOf(left) == versionOf(right);
    }
    if (either<IpAddress>(left, right)) {
        const auto* block = std::get_if<std::string>(&right);
        if (block != nullptr && block->find('/') != std::string::npos) {
            return inBlock(std::get<IpAddress>(left), *block).value_or(false);
        }
    }
    return order(left, right) == 0;
}

std::optional<int> order(const Value& left, const Value& right)
{
    if (either<Timestamp>(left, right)) {
        const auto one = timeOf(left);
        const auto other = timeOf(right);
        if (!one || !other) {
            return std::nullopt;
        }
        return sign(one->milliseconds() < other->milliseconds(),
                    one->milliseconds() > other->milliseconds());
    }
    if (either<IpAddress>(left, right)) {
        return compared(addressOf(left), addressOf(right));
    }
    if (either<VersionText>(left, right)) {
        const auto one = versionOf(left);
        const auto other = versionOf(right);
        return one && other ? std::optional(orderVersions(*one, *other)) : std::nullopt;
    }
    if (const auto one = number(left)) {
        return compared(one, number(right));
    }
    if (left.index() != right.index()) {
        return std::nullopt;
    }
    if (const auto* text = std::get_if<std::string>(&left)) {
        return compared(std::optional(*text), std::optional(std::get<std::string>(right)));
    }
    if (const auto* boolean = std::get_if<bool>(&left)) {
        return compared(std::optional(*boolean), std::optional(std::get<bool>(right)));
    }
    return std::nullopt;
}

bool keyLess(const Value& left, const Value& right)
{
    if (isNull(left) || isNull(right)) {
        return isNull(left) && !isNull(right);
    }
    // Instants as stored: keys compare exactly.
    if (std::holds_alternative<Timestamp>(left) && std::holds_alternative<Timestamp>(right)) {
        return std::get<Timestamp>(left) < std::get<Timestamp>(right);
    }
    return order(left, right).value_or(sign(left.index() < right.index(), true)) < 0;
}

std::string textOf(const Value& value)
{
    if (const auto* boolean = std::get_if<bool>(&value)) {
        return *boolean ? "true" : "false";
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*whole);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        const std::string text = fmt::format("{}", *real);
        return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return *text;
    }
    if (const auto* time = std::get_if<Timestamp>(&value)) {
        return formatIso(*time);
    }
    if (const auto* address = std::get_if<IpAddress>(&value)) {
        return address->toString();
    }
    const auto* version = std::get_if<VersionText>(&value);
    return version == nullptr ? std::string() : version->text;
}

std::string jsonOf(const Value& value)
{
    if (isNull(value)) {
        return "null";
    }
    const bool isBare = std::holds_alternative<bool>(value)
                        || std::holds_alternative<std::int64_t>(value)
                        || std::holds_alternative<double>(value);
    return isBare ? textOf(value) : quoteJson(textOf(value));
}

} // namespace sequela::oracle
