#include "core/eql/value.h"

#include <algorithm>
#include <vector>

namespace sequela::eql {

namespace {

/// A version taken apart; texts point into the original.
struct VersionParts {
    std::vector<std::string_view> numbers;
    std::vector<std::string_view> prerelease;
    bool valid = false;
};

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool isIdentifier(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
               || c == '-';
    });
}

std::vector<std::string_view> splitAtDots(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t dot = text.find('.', begin);
        parts.push_back(text.substr(begin, dot - begin));
        if (dot == std::string_view::npos) {
            return parts;
        }
        begin = dot + 1;
    }
}

VersionParts takeApart(std::string_view text)
{
    VersionParts parts;
    const std::size_t plus = text.find('+');
    if (plus != std::string_view::npos) {
        if (!std::ranges::all_of(splitAtDots(text.substr(plus + 1)), isIdentifier)) {
            return parts;
        }
        text = text.substr(0, plus);
    }
    const std::size_t hyphen = text.find('-');
    if (hyphen != std::string_view::npos) {
        parts.prerelease = splitAtDots(text.substr(hyphen + 1));
        if (!std::ranges::all_of(parts.prerelease, isIdentifier)) {
            return parts;
        }
        text = text.substr(0, hyphen);
    }
    parts.numbers = splitAtDots(text);
    parts.valid = std::ranges::all_of(parts.numbers, [](std::string_view number) {
        return isNumber(number) && (number.size() == 1 || number.front() != '0');
    });
    return parts;
}

int signOf(std::strong_ordering order)
{
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

/// Numbers of any length without leading zeros.
int compareNumbers(std::string_view left, std::string_view right)
{
    if (left.size() != right.size()) {
        return left.size() < right.size() ? -1 : 1;
    }
    return signOf(left <=> right);
}

int comparePrereleaseParts(std::string_view left, std::string_view right)
{
    const bool leftIsNumber = isNumber(left);
    const bool rightIsNumber = isNumber(right);
    if (leftIsNumber != rightIsNumber) {
        return leftIsNumber ? -1 : 1;
    }
    if (!leftIsNumber) {
        return signOf(left <=> right);
    }
    left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
    right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
    return compareNumbers(left, right);
}

template <typename Compare>
int compareLists(const std::vector<std::string_view>& left,
                 const std::vector<std::string_view>& right, Compare compare)
{
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        if (const int order = compare(left[i], right[i]); order != 0) {
            return order;
        }
    }
    return signOf(left.size() <=> right.size());
}

} // namespace

int compareVersions(const VersionValue& left, const VersionValue& right)
{
    const VersionParts leftParts = takeApart(left.text);
    const VersionParts rightParts = takeApart(right.text);
    if (leftParts.valid != rightParts.valid) {
        return leftParts.valid ? -1 : 1;
    }
    if (leftParts.valid) {
        if (const int order = compareLists(leftParts.numbers, rightParts.numbers, compareNumbers);
            order != 0) {
            return order;
        }
        if (leftParts.prerelease.empty() != rightParts.prerelease.empty()) {
            return leftParts.prerelease.empty() ? 1 : -1;
        }
        if (const int order =
                compareLists(leftParts.prerelease, rightParts.prerelease, comparePrereleaseParts);
            order != 0) {
            return order;
        }
    }
    return signOf(left.text <=> right.text);
}

} // namespace sequela::eql
