#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <optional>

namespace sequela::ui::state {

enum class TimeZoneKind : std::uint8_t {
    Utc,
    /// Of this machine, daylight saving of the moment shown included.
    Local,
    /// Of the host the event came from, where the event says (`event.timezone`); else UTC.
    Host,
    /// A fixed offset.
    Fixed,
};

struct TimeZoneChoice {
    TimeZoneKind kind = TimeZoneKind::Utc;
    /// East of UTC, for Fixed.
    int fixedMinutes = 0;

    bool operator==(const TimeZoneChoice&) const = default;
};

/// How every panel writes times. GUI thread only.
class TimeDisplay : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] TimeZoneChoice zone() const { return m_zone; }
    void setZone(TimeZoneChoice zone);
    /// "UTC", "Local", "Host", "UTC+05:30".
    [[nodiscard]] QString zoneLabel() const;

    /// Minutes to add to UTC at that moment. @p hostMinutes: what the event's host says.
    [[nodiscard]] int offsetMinutes(std::int64_t timeNs,
                                    std::optional<int> hostMinutes = std::nullopt) const;
    /// `2026-04-12 09:31:11.318`; more decimals where the time has them.
    [[nodiscard]] QString dateTime(std::int64_t timeNs,
                                   std::optional<int> hostMinutes = std::nullopt) const;
    /// `2026-04-12T09:31:11.318Z`, with the offset written: for details and copies.
    [[nodiscard]] QString iso(std::int64_t timeNs,
                              std::optional<int> hostMinutes = std::nullopt) const;
    /// `09:31:11`
    [[nodiscard]] QString timeOfDay(std::int64_t timeNs,
                                    std::optional<int> hostMinutes = std::nullopt) const;
    /// `09:31:11.318`
    [[nodiscard]] QString timeOfDayMs(std::int64_t timeNs,
                                      std::optional<int> hostMinutes = std::nullopt) const;
    /// `2026-04-12`
    [[nodiscard]] QString date(std::int64_t timeNs,
                               std::optional<int> hostMinutes = std::nullopt) const;
    /// Label of a tick on an axis whose ticks are @p stepNs apart: `09:31`, `09:31:05`, `12 Apr`.
    [[nodiscard]] QString axisLabel(std::int64_t timeNs, std::int64_t stepNs) const;

Q_SIGNALS:
    /// The zone is another; every time on screen is to be written anew.
    void changed();

private:
    TimeZoneChoice m_zone;
};

/// A step of 1, 2, 5 … seconds, minutes, hours, days … so that ticks over @p rangeNs on
/// @p pixels stand at least @p minimumPixels apart. Nanoseconds.
[[nodiscard]] std::int64_t axisStepNs(std::int64_t rangeNs, int pixels, int minimumPixels);

} // namespace sequela::ui::state
