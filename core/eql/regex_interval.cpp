#include "core/eql/regex_interval.h"

#include "core/eql/limits.h"
#include "core/eql/number_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

using Kind = RegexNode::Kind;

RegexNode digits(char first, char last)
{
    RegexNode node;
    node.kind = Kind::OneOf;
    node.ranges.push_back({static_cast<char32_t>(first), static_cast<char32_t>(last)});
    return node;
}

RegexNode nodeOf(Kind kind, std::vector<RegexNode> children)
{
    RegexNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

RegexNode concatenated(RegexNode first, RegexNode second)
{
    std::vector<RegexNode> parts;
    parts.push_back(std::move(first));
    parts.push_back(std::move(second));
    return nodeOf(Kind::Concatenation, std::move(parts));
}

RegexNode anyDigits(std::size_t count)
{
    RegexNode node;
    node.kind = Kind::Repetition;
    node.children.push_back(digits('0', '9'));
    node.minimum = static_cast<std::uint32_t>(count);
    node.maximum = node.minimum;
    return node;
}

/// Digit strings of the length of both bounds, from @p low to @p high.
RegexNode between(std::string_view low, std::string_view high)
{
    if (low.empty()) {
        return {};
    }
    const std::string_view lowRest = low.substr(1);
    const std::string_view highRest = high.substr(1);
    if (low.front() == high.front()) {
        return concatenated(digits(low.front(), low.front()), between(lowRest, highRest));
    }
    const std::string nines(lowRest.size(), '9');
    const std::string zeros(lowRest.size(), '0');
    std::vector<RegexNode> alternatives;
    alternatives.push_back(concatenated(digits(low.front(), low.front()), between(lowRest, nines)));
    if (high.front() - low.front() > 1) {
        alternatives.push_back(concatenated(
            digits(static_cast<char>(low.front() + 1), static_cast<char>(high.front() - 1)),
            anyDigits(lowRest.size())));
    }
    alternatives.push_back(
        concatenated(digits(high.front(), high.front()), between(zeros, highRest)));
    return nodeOf(Kind::Union, std::move(alternatives));
}

RegexNode withLeadingZeros(RegexNode node)
{
    RegexNode zeros;
    zeros.kind = Kind::Repetition;
    zeros.children.push_back(digits('0', '0'));
    return concatenated(std::move(zeros), std::move(node));
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::expected<RegexNode, std::string> numericInterval(std::string_view body)
{
    const std::size_t dash = body.find('-');
    if (dash == std::string_view::npos || !isNumber(body.substr(0, dash))
        || !isNumber(body.substr(dash + 1))) {
        return std::unexpected(fmt::format("[<{}>] is not supported: a numeric interval reads "
                                           "[<1-99>]; write [\\<] for the character",
                                           body));
    }
    std::string_view low = body.substr(0, dash);
    std::string_view high = body.substr(dash + 1);
    if (std::max(low.size(), high.size()) > limits::maximumRegexIntervalDigits) {
        return std::unexpected(fmt::format("Numbers of more than {} digits are not supported in "
                                           "an interval",
                                           limits::maximumRegexIntervalDigits));
    }
    std::int64_t lowNumber = parseInteger(low).value_or(0);
    std::int64_t highNumber = parseInteger(high).value_or(0);
    if (lowNumber > highNumber) {
        std::swap(low, high);
        std::swap(lowNumber, highNumber);
    }
    if (low.size() == high.size()) {
        return between(low, high);
    }
    std::vector<RegexNode> alternatives;
    std::int64_t floor = 0;
    for (std::int64_t ceiling = 9; floor <= highNumber; ceiling = ceiling * 10 + 9) {
        if (lowNumber <= ceiling) {
            alternatives.push_back(between(std::to_string(std::max(floor, lowNumber)),
                                           std::to_string(std::min(ceiling, highNumber))));
        }
        floor = ceiling + 1;
    }
    return withLeadingZeros(nodeOf(Kind::Union, std::move(alternatives)));
}

} // namespace sequela::eql
