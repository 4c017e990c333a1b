#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela {

/// Names that a misspelt one may have meant: an edit distance of at most half of the longer name,
/// letter case aside.
class SimilarNames {
public:
    /// Names in one message at most.
    static constexpr std::size_t maximumNames = 5;
    /// Bytes of a name past which nothing is similar: nobody misspells a kilobyte, and the distance
    /// is quadratic.
    static constexpr std::size_t maximumLength = 200;

    explicit SimilarNames(std::string_view name);

    /// Takes @p candidate in if it is close enough; it must live as long as this.
    void consider(std::string_view candidate);
    /// Closest first (distance as a share of the longer name), equally close ones in alphabetical
    /// order, each once.
    [[nodiscard]] std::vector<std::string> closest(std::size_t limit = maximumNames);

private:
    struct Candidate {
        std::size_t distance = 0;
        std::size_t longer = 1;
        std::string_view name;
    };

    std::string m_folded;
    std::vector<Candidate> m_candidates;
};

/// SimilarNames among a list.
[[nodiscard]] std::vector<std::string> similarNames(std::string_view name,
                                                    std::span<const std::string_view> candidates);

/// `, did you mean [a]?` or `, did you mean any of [a, b]?`; empty for no names.
[[nodiscard]] std::string didYouMean(std::span<const std::string> names);

} // namespace sequela
