#pragma once

#include "app/cli/query_json.h"
#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/eql/bound_query.h"
#include "core/schema/column_source.h"

#include <stop_token>
#include <string>

namespace sequela::cli {

/// Matches for a terminal: a line an event, sequences and samples numbered, a count at the end.
[[nodiscard]] Result<std::string> queryTable(const schema::ColumnSource& source,
                                             const engine::QueryResult& result,
                                             const eql::BoundQuery& query,
                                             const std::string& timestampField, QueryJson& ids,
                                             std::stop_token stop);

} // namespace sequela::cli
