#pragma once

#include "core/casefile/case_records.h"
#include "core/detect/alert.h"
#include "core/detect/detection.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Alerts, rules and verdicts as the case file keeps them. What has no column of its own goes into
/// the records' JSON, which only this file reads; what it cannot read it leaves empty.
namespace sequela::detect {

[[nodiscard]] casefile::AlertRecord toRecord(const Alert& alert);
/// @p rule as `ruleFromRecord` gives it.
[[nodiscard]] Alert alertFromRecord(const casefile::AlertRecord& record,
                                    std::shared_ptr<const AlertRule> rule);

/// @p rule is null for a file that holds none or has no alerts.
[[nodiscard]] casefile::RuleRecord toRecord(const RuleOutcome& outcome, const AlertRule* rule,
                                            std::int64_t runTime, std::uint64_t eventsSearched);
[[nodiscard]] std::shared_ptr<const AlertRule> ruleFromRecord(const casefile::RuleRecord& record);
[[nodiscard]] RuleOutcome outcomeFromRecord(const casefile::RuleRecord& record);

[[nodiscard]] casefile::VerdictRecord toRecord(const Verdict& verdict, const Alert& alert);
[[nodiscard]] Verdict verdictFromRecord(const casefile::VerdictRecord& record);

/// Verdicts of a case, ready to be given to alerts.
class VerdictBook {
public:
    explicit VerdictBook(std::span<const casefile::VerdictRecord> records);

    /// The alert's own verdict, else the newest over the same events of the same rule with
    /// `inheritedFrom` set, else an open one.
    [[nodiscard]] Verdict verdictOf(const Alert& alert) const;

private:
    std::map<std::string, casefile::VerdictRecord, std::less<>> m_byAlert;
    std::map<std::pair<std::string, std::string>, casefile::VerdictRecord> m_byEvents;
};

} // namespace sequela::detect
