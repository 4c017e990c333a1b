#pragma once

#include "core/detect/detection.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The alert list as rows, without Qt: grouping, sorting, searching. Pure; runs in a job.
namespace sequela::ui {

enum class AlertGrouping : std::uint8_t { Rule, Host, User, Process, None };
enum class AlertSorting : std::uint8_t { Risk, Time, Count };

struct AlertListOptions {
    AlertGrouping grouping = AlertGrouping::Rule;
    AlertSorting sorting = AlertSorting::Risk;
    /// Words that must all occur in rule name, host, user, process, tactic or technique; folded.
    std::string search;
    /// Alerts with a closed verdict are left out.
    bool hideClosed = false;
    /// Alerts of building-block rules are listed, too.
    bool buildingBlocks = false;
    /// Only alerts with an event among these; null is all.
    std::shared_ptr<const engine::EventSet> shown;
    /// Keys of groups that are open.
    std::set<std::string> expanded;

    [[nodiscard]] bool operator==(const AlertListOptions&) const = default;
};

/// A line of the list: a group of alerts, or one alert.
struct AlertRow {
    /// Index into Detection::alerts: the alert, or the group's most severe, latest one.
    std::uint32_t alert = 0;
    /// Alerts of the group; 1 for a single alert.
    std::uint32_t count = 1;
    /// Hosts the group's alerts are on.
    std::uint32_t hostCount = 1;
    /// Alerts of the group that are not closed.
    std::uint32_t openCount = 1;
    bool isGroup = false;
    bool isExpanded = false;
    /// Stands under an open group.
    bool isMember = false;
    /// What the group has in common; keys AlertListOptions::expanded.
    std::string key;
};

struct AlertRows {
    std::vector<AlertRow> rows;
    /// Alerts in the list, folded groups included, and all there are (building blocks left out).
    std::uint32_t shownCount = 0;
    std::uint32_t totalCount = 0;
    /// Shown alerts by row order, for selecting "all".
    std::vector<std::uint32_t> alerts;
};

[[nodiscard]] AlertRows buildAlertRows(const detect::Detection& detection,
                                       const AlertListOptions& options);

/// What an alert is grouped under.
[[nodiscard]] std::string groupKey(const detect::Alert& alert, AlertGrouping grouping);

} // namespace sequela::ui
