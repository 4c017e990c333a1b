#include "core/views/destination_summary.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace sequela::views {

namespace {

struct Tally {
    DestinationSummary summary;
    std::map<std::uint32_t, std::uint32_t> processes;
    std::set<std::uint32_t> hosts;
    std::vector<std::int64_t> starts;
};

void count(Tally& tally, const Flow& flow, std::uint32_t index)
{
    DestinationSummary& summary = tally.summary;
    if (summary.flowCount == 0) {
        summary.destination = flow.destination;
        summary.firstNs = flow.startNs;
        summary.firstFlow = index;
        summary.lastNs = flow.endNs;
    }
    ++summary.flowCount;
    summary.firstNs = std::min(summary.firstNs, flow.startNs);
    summary.lastNs = std::max(summary.lastNs, flow.endNs);
    summary.bytesOut += flow.bytesOut;
    summary.bytesIn += flow.bytesIn;
    tally.hosts.insert(flow.host);
    tally.starts.push_back(flow.startNs);
    if (flow.process) {
        ++tally.processes[flow.process->value()];
    }
}

} // namespace

std::vector<DestinationSummary> summarizeDestinations(const NetworkTimeline& timeline,
                                                      FlowKind kind,
                                                      std::span<const std::uint32_t> wanted)
{
    std::unordered_map<std::uint32_t, Tally> tallies;
    for (const std::uint32_t index : wanted) {
        const Flow& flow = timeline.flows()[index];
        if (flow.kind == kind) {
            count(tallies[flow.destination], flow, index);
        }
    }
    std::vector<DestinationSummary> summaries;
    summaries.reserve(tallies.size());
    for (auto& [destination, tally] : tallies) {
        tally.summary.processCount = static_cast<std::uint32_t>(tally.processes.size());
        tally.summary.hostCount = static_cast<std::uint32_t>(tally.hosts.size());
        const auto busiest = std::ranges::max_element(
            tally.processes, {}, &std::pair<const std::uint32_t, std::uint32_t>::second);
        if (busiest != tally.processes.end()) {
            tally.summary.busiest = ProcessIndex(busiest->first);
        }
        tally.summary.beacon = findBeacon(tally.starts);
        summaries.push_back(tally.summary);
    }
    std::ranges::sort(summaries, [](const auto& left, const auto& right) {
        return std::pair(right.flowCount, left.destination)
               < std::pair(left.flowCount, right.destination);
    });
    return summaries;
}

} // namespace sequela::views
