#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/detection_diff.h"
#include "core/report/alert_summary.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::report {

/// What the difference of two versions of rules is written from. Referenced data outlives the
/// writing.
struct DiffSummary {
    const detect::DetectionDiff* diff = nullptr;
    /// What the versions are called: their paths.
    std::string beforeName;
    std::string afterName;
    std::vector<SummaryInput> inputs;
    std::uint64_t eventCount = 0;
    /// Name of the program with its version.
    std::string generator;
    /// Looks up why an alert of either side was made.
    std::function<Result<detect::AlertDetails>(const detect::Alert&)> details;
};

/// The evidence pack for people, as a pull request takes it: figures, then every match gained and
/// lost with its events and the values that matched, lost true positives first; kept ones counted.
/// Equal input, equal bytes. Errors: details could not be read, cancelled.
[[nodiscard]] Result<std::string> writeDiffMarkdown(const DiffSummary& summary,
                                                    std::stop_token stop = {});

/// The same for machines, one object: before, after, totals, rules with their gained, lost and kept
/// matches.
[[nodiscard]] Result<std::string> writeDiffJson(const DiffSummary& summary,
                                                std::stop_token stop = {});

} // namespace sequela::report
