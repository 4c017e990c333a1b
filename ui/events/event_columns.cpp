#include "ui/events/event_columns.h"

#include "ui/text/event_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>

namespace sequela::ui {

namespace {
constexpr int minimumWidth = 40;
constexpr int maximumWidth = 4000;
/// A case may bring its own, and each costs at every row that is painted.
constexpr std::size_t maximumColumns = 200;
} // namespace

std::vector<EventColumn> defaultEventColumns()
{
    std::vector<EventColumn> columns;
    for (const char* field :
         {timeField, "host.name", "event.category", "event.action", "process.name", "process.pid",
          "user.name", "process.command_line", "destination.ip", "destination.port", "file.path"}) {
        columns.push_back({field, suggestedColumnWidth(field)});
    }
    return columns;
}

int suggestedColumnWidth(const std::string& field)
{
    const std::string_view name = field;
    if (name == timeField) {
        return 226;
    }
    if (name == "process.command_line") {
        return 400;
    }
    if (name.ends_with(".pid")) {
        return 98;
    }
    if (name.ends_with(".port")) {
        return 134;
    }
    if (name.ends_with(".ip") || name == "event.category" || name == "user.name") {
        return 116;
    }
    if (name.ends_with(".path") || name.ends_with(".executable") || name.ends_with(".url")) {
        return 300;
    }
    if (name.ends_with(".entity_id") || name.find(".hash.") != std::string_view::npos) {
        return 260;
    }
    return 140;
}

QString columnTitle(const std::string& field)
{
    return field == timeField ? QCoreApplication::translate("EventColumns", "Time")
                              : text::visible(field);
}

QStringList saveColumns(const std::vector<EventColumn>& columns)
{
    QStringList saved;
    for (const EventColumn& column : columns) {
        saved.append(text::fromUtf8(column.field) + QLatin1Char(':')
                     + QString::number(column.width));
    }
    return saved;
}

std::vector<EventColumn> restoreColumns(const QStringList& saved)
{
    std::vector<EventColumn> columns;
    for (const QString& entry : saved) {
        if (columns.size() == maximumColumns) {
            break;
        }
        const qsizetype colon = entry.lastIndexOf(QLatin1Char(':'));
        bool isNumber = false;
        const int width = entry.mid(colon + 1).toInt(&isNumber);
        if (colon > 0 && isNumber) {
            columns.push_back(
                {text::toUtf8(entry.left(colon)), std::clamp(width, minimumWidth, maximumWidth)});
        }
    }
    return columns;
}

} // namespace sequela::ui
