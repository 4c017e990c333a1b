#pragma once

#include "core/base/diagnostic.h"
#include "core/base/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::rules {

/// Unit of a date-math step. Months and years follow the calendar (UTC), the others are fixed.
enum class DateUnit : std::uint8_t { Second, Minute, Hour, Day, Week, Month, Year };

/// Which end of a rounded unit is meant: Elasticsearch rounds the lower bound of a range down to
/// the first instant and the upper bound up to the last millisecond of the unit.
enum class DateRounding : std::uint8_t { Down, Up };

/// Elasticsearch date math: `now-9m`, `now-1h/h`, `now+1d-2h/d`, `2024-01-01||+1M/d`, or a plain
/// ISO date. Units y M w d h H m s; a missing number is 1; steps apply from left to right; weeks
/// begin on Monday.
class DateMath {
public:
    /// Error `rule-date-math` with the offset of the first character that does not fit in `span`.
    [[nodiscard]] static Result<DateMath> parse(std::string_view text);

    /// The moment meant when the run starts at @p now. Nothing if it leaves the range of Timestamp.
    [[nodiscard]] std::optional<Timestamp> resolve(Timestamp now, DateRounding rounding) const;
    /// Whether the result depends on @p now.
    [[nodiscard]] bool isRelative() const { return !m_anchor.has_value(); }
    /// The text it was read from.
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    struct Step {
        DateUnit unit = DateUnit::Second;
        /// Signed number of units, or a rounding to the unit if `isRounding`.
        std::int64_t amount = 0;
        bool isRounding = false;
    };

    std::string m_text;
    std::optional<Timestamp> m_anchor;
    std::vector<Step> m_steps;
};

/// `5m`, `90s`, `1h`, `1d`: a positive whole number and one of s m h d, in nanoseconds. Error
/// `rule-interval`.
[[nodiscard]] Result<std::int64_t> parseInterval(std::string_view text);

/// When a rule runs and what each run searches. The defaults are those of the detection engine.
struct Schedule {
    std::int64_t intervalNs = 300 * nanosecondsPerSecond;
    std::string interval = "5m";
    std::string from = "now-6m";
    std::string to = "now";
    std::int64_t maxSignals = 100;
    /// Whether the rule itself says so, in this order; else the default stands.
    bool hasInterval = false;
    bool hasFrom = false;
    bool hasTo = false;
    bool hasMaxSignals = false;
};

/// A search window, both ends included.
struct SearchWindow {
    Timestamp from;
    Timestamp to;
};

/// The window of the run that starts at @p start. Errors: date math that does not parse, that
/// leaves the range of times, or a window that ends before it begins.
[[nodiscard]] Result<SearchWindow> windowOf(const Schedule& schedule, Timestamp start);

/// Length of the window of a run, nanoseconds; nothing if it cannot be resolved or is not relative
/// to the run.
[[nodiscard]] std::optional<std::int64_t> lookBackNs(const Schedule& schedule);

} // namespace sequela::rules
