#include "core/eql/similar_names.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

namespace sequela::eql {

std::vector<std::string> similarNames(std::string_view name,
                                      std::span<const std::string_view> candidates)
{
    constexpr std::size_t maximumNames = 5;
    // Nobody misspells a kilobyte, and the distance is quadratic.
    constexpr std::size_t maximumLength = 200;
    struct Similar {
        std::size_t distance = 0;
        std::string_view name;
    };
    std::vector<Similar> similar;
    if (name.size() > maximumLength) {
        return {};
    }
    for (const std::string_view candidate : candidates) {
        const std::size_t longer = std::max(name.size(), candidate.size());
        const std::size_t shorter = std::min(name.size(), candidate.size());
        if (2 * (longer - shorter) > longer) {
            continue;
        }
        const std::size_t distance = editDistance(name, candidate);
        if (2 * distance <= longer) {
            similar.push_back({distance, candidate});
        }
    }
    // Not by a defaulted <=>: g++ 12 forgets to emit what it calls for string views.
    std::ranges::sort(similar, [](const Similar& left, const Similar& right) {
        return std::tie(left.distance, left.name) < std::tie(right.distance, right.name);
    });
    std::vector<std::string> names;
    for (const Similar& each : similar) {
        if (names.size() == maximumNames) {
            break;
        }
        names.emplace_back(each.name);
    }
    return names;
}

std::string didYouMean(std::span<const std::string> names)
{
    if (names.empty()) {
        return {};
    }
    if (names.size() == 1) {
        return fmt::format(", did you mean [{}]?", names.front());
    }
    return fmt::format(", did you mean any of [{}]?", fmt::join(names, ", "));
}

} // namespace sequela::eql
