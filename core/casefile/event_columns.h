#pragma once

#include <array>
#include <string_view>

namespace sequela::casefile {

/// Fields that have a column in the `event` table beside event_no, "@timestamp", source_no,
/// record_no and line; the same names in the same order as in schema.sql.
inline constexpr std::array<std::string_view, 24> eventColumns{
    "host.name",
    "host.id",
    "host.os.type",
    "event.id",
    "event.category",
    "event.type",
    "event.action",
    "event.dataset",
    "process.name",
    "process.pid",
    "process.entity_id",
    "process.parent.name",
    "process.parent.entity_id",
    "process.executable",
    "process.command_line",
    "user.name",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "file.path",
    "dns.question.name",
    "registry.path",
    "dll.path",
};

/// Joins several values of one field in an `event` row: U+001F, the unit separator.
inline constexpr std::string_view valueSeparator = "\x1F";

} // namespace sequela::casefile
