#pragma once

#include "core/engine/engine.h"
#include "core/eql/binder.h"

#include <memory>
#include <string>
#include <string_view>

namespace sequela::tests {

/// Binds a query against ECS and the fields the data has; ends the program with the diagnostics of
/// a query that does not bind: it is part of a test.
[[nodiscard]] eql::BoundQuery bindText(std::string_view query, const schema::ColumnSource& source,
                                       eql::Dialect dialect = eql::Dialect::Elasticsearch);

/// matchesEverywhere (query_notation.h) for query text over JSON lines.
[[nodiscard]] std::string queryEverywhere(const std::string& lines, std::string_view query,
                                          eql::Dialect dialect = eql::Dialect::Elasticsearch,
                                          const engine::RunOptions& options = {});

} // namespace sequela::tests
