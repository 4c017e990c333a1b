#pragma once

#include "core/detect/detection.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sequela::detect {

/// What became of the matches of one rule between two versions of it. Pointers refer to the two
/// detections compared, which outlive the difference.
struct RuleDiff {
    std::string ruleId;
    /// Null where only the other side has the rule.
    const RuleOutcome* before = nullptr;
    const RuleOutcome* after = nullptr;
    /// Matches over events that the old version did not match, and the other way round.
    std::vector<const Alert*> gained;
    std::vector<const Alert*> lost;
    /// Matches over the same events, as the new version has them.
    std::vector<const Alert*> kept;

    /// Lost ones that an analyst closed as true positives.
    [[nodiscard]] std::vector<const Alert*> lostTruePositives() const;
};

struct DetectionDiff {
    /// In order of rule id; rules that nothing changed for are among them.
    std::vector<RuleDiff> rules;

    [[nodiscard]] std::uint64_t gainedCount() const;
    [[nodiscard]] std::uint64_t lostCount() const;
    [[nodiscard]] std::uint64_t keptCount() const;
};

/// Compares two runs over the same events. Rules pair by rule id; if each side holds a single rule,
/// these pair whatever their ids are. Two matches are the same if they cover the same events in the
/// same slots, whatever the query is.
[[nodiscard]] DetectionDiff diffDetections(const Detection& before, const Detection& after);

} // namespace sequela::detect
