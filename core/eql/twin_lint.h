#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/bound_query.h"
#include "core/eql/syntax_tree.h"

#include <vector>

namespace sequela::eql {

/// Where python-eql (Endgame's engine, and what lints detection rules) would answer this query
/// otherwise: notes, each kind once, at its first place, in order of position. The eql.md sections
/// are marked ES!=PY there.
///
/// Codes: eql-twin-case (4, 6), eql-twin-wildcard (4), eql-twin-null (3.2), eql-twin-null-key
/// (8.1), eql-twin-until (8.4).
[[nodiscard]] std::vector<Diagnostic> lintTwins(const syntax::Query& query,
                                                const BoundQuery& bound);

} // namespace sequela::eql
