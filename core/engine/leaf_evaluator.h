#pragma once

#include "core/engine/leaf.h"
#include "core/engine/row_scope.h"
#include "core/engine/run_context.h"

namespace sequela::engine {

/// The rows of @p candidates for which the leaf (without its negation) holds; keeps the answers in
/// the leaf where they may be kept. Failures and warnings go to @p run. A leaf that refers to other
/// stages' events answers with all candidates.
[[nodiscard]] RowSet rowsHolding(Leaf& leaf, const RowSet& candidates, SegmentRun& run,
                                 DocumentCache& documents);

} // namespace sequela::engine
