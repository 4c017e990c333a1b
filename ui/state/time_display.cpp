#include "ui/state/time_display.h"

#include "core/base/timestamp.h"
#include "ui/text/event_text.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>

namespace sequela::ui::state {

namespace {

constexpr std::int64_t minuteNs = 60 * nanosecondsPerSecond;
constexpr std::int64_t hourNs = 60 * minuteNs;
constexpr std::int64_t dayNs = 24 * hourNs;

} // namespace

void TimeDisplay::setZone(TimeZoneChoice zone)
{
    if (zone != m_zone) {
        m_zone = zone;
        Q_EMIT changed();
    }
}

QString TimeDisplay::zoneLabel() const
{
    switch (m_zone.kind) {
    case TimeZoneKind::Utc:
        return QStringLiteral("UTC");
    case TimeZoneKind::Local:
        return tr("Local");
    case TimeZoneKind::Host:
        return tr("Host");
    case TimeZoneKind::Fixed:
        break;
    }
    const int minutes = std::abs(m_zone.fixedMinutes);
    return QStringLiteral("UTC%1%2:%3")
        .arg(m_zone.fixedMinutes < 0 ? QLatin1Char('-') : QLatin1Char('+'))
        .arg(minutes / 60, 2, 10, QLatin1Char('0'))
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

int TimeDisplay::offsetMinutes(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    switch (m_zone.kind) {
    case TimeZoneKind::Utc:
        return 0;
    case TimeZoneKind::Local: {
        const qint64 milliseconds = Timestamp(timeNs).milliseconds();
        return QTimeZone::systemTimeZone().offsetFromUtc(
                   QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC))
               / 60;
    }
    case TimeZoneKind::Host:
        return hostMinutes.value_or(0);
    case TimeZoneKind::Fixed:
        return m_zone.fixedMinutes;
    }
    return 0;
}

QString TimeDisplay::iso(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    return text::fromUtf8(formatIso(Timestamp(timeNs), offsetMinutes(timeNs, hostMinutes)));
}

QString TimeDisplay::dateTime(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    QString text = iso(timeNs, hostMinutes);
    const qsizetype zone = text.indexOf(QLatin1Char('.'));
    qsizetype end = zone < 0 ? qsizetype{19} : zone + 1;
    while (end < text.size() && text.at(end).isDigit()) {
        ++end;
    }
    text.truncate(end);
    text.replace(10, 1, QLatin1Char(' '));
    return text;
}

QString TimeDisplay::date(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    return iso(timeNs, hostMinutes).left(10);
}

QString TimeDisplay::timeOfDay(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    return iso(timeNs, hostMinutes).mid(11, 8);
}

QString TimeDisplay::timeOfDayMs(std::int64_t timeNs, std::optional<int> hostMinutes) const
{
    return iso(timeNs, hostMinutes).mid(11, 12);
}

QString TimeDisplay::axisLabel(std::int64_t timeNs, std::int64_t stepNs) const
{
    const QString text = iso(timeNs);
    if (stepNs >= dayNs) {
        return text.left(10);
    }
    const QString clock = text.mid(11, 8);
    if (stepNs >= minuteNs) {
        // Midnight names the day, else a long case would repeat itself.
        return clock == QLatin1String("00:00:00") ? text.mid(5, 5) : clock.left(5);
    }
    return stepNs >= nanosecondsPerSecond ? clock : text.mid(11, 12);
}

std::int64_t axisStepNs(std::int64_t rangeNs, int pixels, int minimumPixels)
{
    static constexpr std::array<std::int64_t, 30> steps{
        1'000'000,      2'000'000,      5'000'000,      10'000'000,    20'000'000,    50'000'000,
        100'000'000,    200'000'000,    500'000'000,    1'000'000'000, 2'000'000'000, 5'000'000'000,
        10'000'000'000, 15'000'000'000, 30'000'000'000, minuteNs,      2 * minuteNs,  5 * minuteNs,
        10 * minuteNs,  15 * minuteNs,  30 * minuteNs,  hourNs,        2 * hourNs,    3 * hourNs,
        6 * hourNs,     12 * hourNs,    dayNs,          2 * dayNs,     7 * dayNs,     14 * dayNs};
    const double perPixel = static_cast<double>(rangeNs) / std::max(pixels, 1);
    for (const std::int64_t step : steps) {
        if (static_cast<double>(step) >= perPixel * minimumPixels) {
            return step;
        }
    }
    std::int64_t step = 28 * dayNs;
    while (static_cast<double>(step) < perPixel * minimumPixels) {
        step *= 2;
    }
    return step;
}

} // namespace sequela::ui::state
