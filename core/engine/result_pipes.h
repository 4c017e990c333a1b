#pragma once

#include "core/engine/engine.h"

namespace sequela::engine {

/// Cuts matches as `size` and the pipes say (eql.md 7, 10): first `size`, from the side of the
/// leading pipe or else of RunOptions::resultPosition, then the pipes from left to right.
void applyPipes(std::vector<Match>& matches, const eql::BoundQuery& query,
                const RunOptions& options);

} // namespace sequela::engine
