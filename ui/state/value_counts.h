#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::ui::state {

/// How often the values of a field occur.
struct ValueCounts {
    struct Entry {
        std::string value;
        std::uint64_t eventCount = 0;
    };
    std::string field;
    /// Most frequent first, equal ones by value.
    std::vector<Entry> entries;
    std::uint64_t distinctCount = 0;
    std::uint64_t eventsWithValue = 0;
    std::uint64_t eventsWithout = 0;
};

/// Counts over @p shown (null: all). Events with several values count for each. Off the GUI thread.
[[nodiscard]] Result<ValueCounts> countValues(const schema::ColumnSource& source,
                                              const std::string& field,
                                              const engine::EventSet* shown, std::size_t limit,
                                              const std::stop_token& stop);

} // namespace sequela::ui::state
