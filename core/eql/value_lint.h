#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/bound_query.h"
#include "core/eql/limits.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace sequela::eql {

/// What the values of this data say about the texts a query compares with (rules.md, "Lint"), in
/// order of position:
///
/// - `eql-lint-other-case`, a warning: a clause that tells upper from lower case asks for a text
///   that occurs only in another case;
/// - `eql-lint-unseen-value`, a note: none of the texts and wildcard patterns of a clause occurs in
///   its field.
///
/// Clauses that are negated, and fields without any value, are not looked at (lint() names the
/// latter). Past @p maximumValues distinct values nothing more is read and what is undecided is not
/// reported. Errors: a column that cannot be read, `cancelledError()`.
[[nodiscard]] Result<std::vector<Diagnostic>>
lintValues(const BoundQuery& query, const schema::ColumnSource& events, std::stop_token stop = {},
           std::uint64_t maximumValues = limits::maximumLintValues);

} // namespace sequela::eql
