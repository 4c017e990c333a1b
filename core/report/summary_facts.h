#pragma once

#include "core/detect/alert.h"
#include "core/detect/detection.h"
#include "core/report/alert_summary.h"

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace sequela::report {

/// The figures that summaries for people begin with.
struct SummaryFacts {
    /// Indexed by AlertSeverity.
    std::array<std::size_t, 4> bySeverity{};
    /// Alerts of each host by severity.
    std::map<std::string, std::array<std::size_t, 4>> byHost;
    /// Rules with alerts, in order of severity (highest first), then name.
    struct RuleCount {
        std::shared_ptr<const detect::AlertRule> rule;
        std::size_t count = 0;
    };
    std::vector<RuleCount> byRule;
    std::optional<Timestamp> firstTime;
    std::optional<Timestamp> lastTime;
    std::size_t rulesRun = 0;
    /// Outcomes other than Ran, in the order of the set.
    std::vector<const detect::RuleOutcome*> notRun;
};

[[nodiscard]] SummaryFacts summaryFacts(const AlertSummary& summary);

/// "T1059.002 AppleScript (Execution)".
[[nodiscard]] std::string attackText(const detect::AttackReference& reference);
/// "closed: true positive".
[[nodiscard]] std::string verdictText(const detect::Verdict& verdict);
/// Whether a schedule had anything to find or to miss.
[[nodiscard]] bool hasFindings(const detect::ReplayCounts& counts);
/// Runs, found, found again, cut, missed for want of a window, for coming late, otherwise: a row of
/// a table.
[[nodiscard]] std::array<std::uint64_t, 7> replayFigures(const detect::ReplayCounts& counts);
/// What a schedule made of a rule, on one line: "from now-9m, every 5m: 288 runs found 3, 1 of them
/// again, cut 0, missed 2 (no window 1, late 1, otherwise 0)". Empty if it was not played.
[[nodiscard]] std::string replayText(const detect::RuleOutcome& outcome);
/// "evidence.zip ▸ day1.ndjson, line 12" or "…, record 3".
[[nodiscard]] std::string originText(const detect::StageDetails& stage);

} // namespace sequela::report
