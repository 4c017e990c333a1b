#include "ui/text/numbers.h"

#include <QLocale>

#include <array>

namespace sequela::ui::text {

QString count(std::uint64_t number)
{
    QString digits = QString::number(number);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, QLatin1Char(','));
    }
    return digits;
}

QString counted(std::uint64_t number, const QString& noun)
{
    const QString figure = count(number) + QLatin1Char(' ') + noun;
    return number == 1 ? figure : figure + QLatin1Char('s');
}

QString bytes(std::uint64_t number)
{
    static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(number);
    std::size_t unit = 0;
    while (value >= 1024.0 && unit + 1 < units.size()) {
        value /= 1024.0;
        ++unit;
    }
    const int decimals = unit == 0 || value >= 100.0 ? 0 : 1;
    return QString::number(value, 'f', decimals) + QLatin1Char(' ') + QLatin1String(units.at(unit));
}

QString elapsed(std::uint64_t nanoseconds)
{
    const double milliseconds = static_cast<double>(nanoseconds) / 1e6;
    if (milliseconds < 1000.0) {
        return QString::number(milliseconds, 'f', milliseconds < 10.0 ? 1 : 0)
               + QStringLiteral(" ms");
    }
    const double seconds = milliseconds / 1000.0;
    return QString::number(seconds, 'f', seconds < 100.0 ? 1 : 0) + QStringLiteral(" s");
}

} // namespace sequela::ui::text
