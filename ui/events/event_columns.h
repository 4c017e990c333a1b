#pragma once

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace sequela::ui {

/// A column of the event table: a field at a width. The time column is the field `@timestamp`.
struct EventColumn {
    std::string field;
    /// Device-independent pixels.
    int width = 120;

    bool operator==(const EventColumn&) const = default;
};

inline constexpr const char* timeField = "@timestamp";

/// What a fresh case shows: time, host, what happened, by which process, where to.
[[nodiscard]] std::vector<EventColumn> defaultEventColumns();
/// A width that suits the values most fields of this name have.
[[nodiscard]] int suggestedColumnWidth(const std::string& field);
/// What a column is called in the header: the ECS name, for the time a word.
[[nodiscard]] QString columnTitle(const std::string& field);

/// For settings: `field:width` per column. Reading skips what is malformed.
[[nodiscard]] QStringList saveColumns(const std::vector<EventColumn>& columns);
[[nodiscard]] std::vector<EventColumn> restoreColumns(const QStringList& saved);

} // namespace sequela::ui
