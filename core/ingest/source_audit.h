#pragma once

#include "core/casefile/segment.h"
#include "core/ingest/limits.h"
#include "core/ingest/problem_list.h"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::ingest {

/// Looks at what a source does not say: record ids that are missing or come twice, days without
/// events, clocks that disagree, and what rules look for but the source never records. What it
/// finds are remarks; nothing is changed.
class SourceAudit {
public:
    explicit SourceAudit(const Limits& limits) : m_limits(limits) {}

    /// @p segment: the columns of columnsUsed() and the times.
    void see(const casefile::EncodedSegment& segment);
    /// Adds the remarks.
    void report(ProblemList& problems) const;

    /// Columns of a segment that see() looks at, beside its times.
    [[nodiscard]] static std::span<const std::string_view> columnsUsed();

private:
    /// Record ids of one log, as runs without gaps in the order of the source.
    struct Log {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;
        /// There were more runs than are kept: nothing can be said.
        bool isTooMixed = false;
    };
    void seeRecordIds(const casefile::EncodedSegment& segment);
    void seeTimes(const casefile::EncodedSegment& segment);
    void reportLog(const std::string& name, const Log& log, ProblemList& problems) const;
    void reportTimes(ProblemList& problems) const;
    void seeContent(const casefile::EncodedSegment& segment);
    void reportBlindSpots(ProblemList& problems) const;

    const Limits& m_limits;
    std::map<std::string, Log> m_logs;
    /// Hours since 1970 that have events.
    std::set<std::int64_t> m_hours;
    /// Process creations of the Security channel (4688), and those without a command line.
    std::uint64_t m_securityStarts = 0;
    std::uint64_t m_startsWithoutCommandLine = 0;
    /// Messages of Endpoint Security, and those of category network.
    std::uint64_t m_endpointSecurity = 0;
    std::uint64_t m_endpointSecurityNetwork = 0;
    std::uint64_t m_clockAnomalies = 0;
    std::int64_t m_greatestDifferenceNs = 0;
};

} // namespace sequela::ingest
