#pragma once

#include "core/eql/bound_query.h"
#include "core/eql/syntax_tree.h"

#include <string>

namespace sequela::eql {

/// The syntax tree, one node a line, indented, with spans: `--explain` and golden files.
[[nodiscard]] std::string dumpSyntaxTree(const syntax::Query& query);
/// The bound tree, likewise, with types and leaf markers.
[[nodiscard]] std::string dumpBoundQuery(const BoundQuery& query);
/// Canonical one-line text of a query as written: same meaning, same text, whatever the layout and
/// the comments. Parses back (in the dialect it was written in) to an equal tree. The query hash of
/// rules.md is its SHA-256.
[[nodiscard]] std::string printQuery(const syntax::Query& query);
[[nodiscard]] std::string printExpression(const syntax::Expression& expression);

} // namespace sequela::eql
