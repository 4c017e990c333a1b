#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"
#include "core/eql/syntax_tree.h"

#include <string_view>
#include <vector>

namespace sequela::eql {

/// A tree and what is wrong with it, always both: parsing never fails, it recovers. A query may run
/// only if `diagnostics` holds no error.
struct ParsedQuery {
    syntax::Query query;
    std::vector<Diagnostic> diagnostics;
};
struct ParsedExpression {
    syntax::ExpressionPtr expression;
    std::vector<Diagnostic> diagnostics;
};

/// Parses a whole statement. Spans are byte offsets into @p text; text of any content and size is
/// safe (limits.h), diagnostics come in order of position.
[[nodiscard]] ParsedQuery parseQuery(std::string_view text, Dialect dialect);

/// Parses one expression: the filter bar's condition, an exception, `sequela-cli eval`.
[[nodiscard]] ParsedExpression parseExpression(std::string_view text, Dialect dialect);

} // namespace sequela::eql
