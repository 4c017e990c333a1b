#pragma once

#include "core/detect/alert.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sequela::ui {

/// What the verdicts of several alerts have in common. Pure.
struct CommonVerdict {
    std::size_t alertCount = 0;
    /// Of all alerts; nothing if they differ.
    std::optional<std::pair<detect::VerdictStatus, detect::VerdictReason>> decision;
    std::optional<std::string> note;
    /// Every tag with the number of alerts that have it, in order of first appearance.
    std::vector<std::pair<std::string, std::size_t>> tags;
    /// Alerts by decision, most frequent first; equal ones in order of appearance.
    std::vector<std::pair<detect::Verdict, std::size_t>> decisions;
};

[[nodiscard]] CommonVerdict commonVerdict(std::span<const detect::Alert* const> alerts);

} // namespace sequela::ui
