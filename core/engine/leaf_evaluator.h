#pragma once

#include "core/engine/leaf.h"
#include "core/engine/row_scope.h"
#include "core/engine/run_context.h"

namespace sequela::engine {

/// Leaves in @p candidates only the rows for which the leaf holds, with @p negated only those for
/// which it does not; keeps the answers in the leaf where they may be kept. Failures and warnings
/// go to @p run; after a failure no candidate is left. A leaf that refers to other stages' events
/// lets all candidates through.
void keepHolding(Leaf& leaf, bool negated, RowSet& candidates, SegmentRun& run,
                 DocumentCache& documents);

} // namespace sequela::engine
