#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"

#include <string>
#include <string_view>
#include <vector>

namespace sequela::workspace {

/// The clauses of one stage: operands of its topmost `and`, nested ones included, as written.
struct StageClauses {
    std::vector<SourceSpan> spans;
    bool isUntil = false;
};

/// One entry a stage in the order written, then one for `until` if there is one; the single filter
/// of an event query is a stage. From the syntax alone.
[[nodiscard]] std::vector<StageClauses> clausesOf(std::string_view text, eql::Dialect dialect);

/// @p text with the clause replaced by `true`: the same query without it. Nothing moves in front of
/// the clause.
[[nodiscard]] std::string withoutClause(std::string text, SourceSpan clause);
/// The same for all clauses of a stage.
[[nodiscard]] std::string withoutClauses(std::string text, const StageClauses& clauses);

} // namespace sequela::workspace
