#pragma once

#include "core/rules/rule_set.h"

#include <cstddef>

namespace sequela::bench {

/// A set of about @p count rules made of those of @p seeds: each rule as it is, then variants with
/// other names, paths and numbers in their literals while field names, structure and the words of
/// ECS categories stay. Every literal is changed in a share of the variants only, so that rules
/// share leaves as rules of one collection do. Deterministic.
[[nodiscard]] rules::RuleSet multiplied(const rules::RuleSet& seeds, std::size_t count);

} // namespace sequela::bench
