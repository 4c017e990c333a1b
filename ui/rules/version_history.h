#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ui {

/// A version of a query that has run, with what it found.
struct QueryVersion {
    std::string text;
    std::size_t matchCount = 0;
    /// Against what was compared with when it ran; 0 without a comparison.
    std::size_t gainedCount = 0;
    std::size_t lostCount = 0;
    /// Alerts marked true positive that it loses.
    std::size_t lostTruePositives = 0;
    /// When it first ran, milliseconds since 1970 UTC.
    std::int64_t firstRunMs = 0;

    bool operator==(const QueryVersion&) const = default;
};

/// The versions of a query that have run since it was opened, oldest first, each text once. GUI
/// thread only.
class VersionHistory {
public:
    /// Versions kept; then the oldest goes, never the pinned one.
    static constexpr std::size_t maxVersions = 200;

    /// A run: a text that is known gets the new figures and keeps its place.
    void note(QueryVersion version);
    [[nodiscard]] const std::vector<QueryVersion>& versions() const { return m_versions; }
    /// What every version is compared with in place of the saved rule; nothing: the saved rule.
    [[nodiscard]] const std::optional<std::string>& pinned() const { return m_pinned; }
    void pin(std::optional<std::string> text) { m_pinned = std::move(text); }

private:
    std::vector<QueryVersion> m_versions;
    std::optional<std::string> m_pinned;
};

/// The first line of @p text that is not as in @p before, without its indent; what went, where
/// lines were only taken away. Empty for equal texts.
[[nodiscard]] std::string firstChange(std::string_view before, std::string_view text);

} // namespace sequela::ui
