#include "core/base/similar_names.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sequela {

SimilarNames::SimilarNames(std::string_view name)
    : m_folded(name.size() > maximumLength ? std::string() : foldCase(name))
{
}

void SimilarNames::consider(std::string_view candidate)
{
    const std::size_t longer = std::max(m_folded.size(), candidate.size());
    const std::size_t shorter = std::min(m_folded.size(), candidate.size());
    if (m_folded.empty() || 2 * (longer - shorter) > longer) {
        return;
    }
    const std::size_t distance = editDistance(m_folded, foldCase(candidate));
    if (2 * distance <= longer) {
        m_candidates.push_back({distance, longer, candidate});
    }
}

std::vector<std::string> SimilarNames::closest(std::size_t limit)
{
    std::ranges::sort(m_candidates, [](const Candidate& left, const Candidate& right) {
        const std::size_t leftShare = left.distance * right.longer;
        const std::size_t rightShare = right.distance * left.longer;
        return leftShare != rightShare ? leftShare < rightShare : left.name < right.name;
    });
    std::vector<std::string> names;
    for (const Candidate& candidate : m_candidates) {
        if (names.size() == limit) {
            break;
        }
        if (names.empty() || names.back() != candidate.name) {
            names.emplace_back(candidate.name);
        }
    }
    return names;
}

std::vector<std::string> similarNames(std::string_view name,
                                      std::span<const std::string_view> candidates)
{
    SimilarNames similar(name);
    for (const std::string_view candidate : candidates) {
        similar.consider(candidate);
    }
    return similar.closest();
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

} // namespace sequela
