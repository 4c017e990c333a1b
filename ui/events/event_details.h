#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ui {

/// One field of one event.
struct FieldValues {
    std::string field;
    std::vector<std::string> values;
    /// Worked out by the importer, not in the document.
    bool derived = false;
    /// The document calls it otherwise, and how; empty where nothing in it alone says so.
    bool renamed = false;
    std::string from;
};

/// Everything about one event, read in a job.
struct EventDetails {
    EventNumber event;
    /// `schema::noTime` where there is none.
    std::int64_t timeNs = schema::noTime;
    /// By name.
    std::vector<FieldValues> fields;
    std::string document;
    schema::EventOrigin origin;
};

/// Runs off the GUI thread.
[[nodiscard]] Result<EventDetails> readEventDetails(const schema::ColumnSource& source,
                                                    EventNumber event, const std::stop_token& stop);

/// What a field is filed under: `event`, `host`, `process` …, `other` for names without a dot but
/// for `@timestamp`, which is `event`.
[[nodiscard]] std::string fieldGroup(const std::string& field);

} // namespace sequela::ui
