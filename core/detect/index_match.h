#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/schema/column_source.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::detect {

/// Whether an index name answers to the patterns of a rule's `index`: `*` wildcards, a leading `-`
/// excludes, `cluster:` before a pattern is ignored. A backing index of a data stream
/// (`.ds-NAME-2024.01.31-000001`) answers as NAME, too. No pattern: every name.
[[nodiscard]] bool indexMatches(std::span<const std::string> patterns, std::string_view index);

/// Events whose index matches: the wrapper's `_index`, else
/// `data_stream.type-dataset-namespace`; events that say neither are not in it.
[[nodiscard]] Result<engine::EventSet> eventsOfIndices(const schema::ColumnSource& source,
                                                       const std::vector<std::string>& patterns);

} // namespace sequela::detect
