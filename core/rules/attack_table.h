#pragma once

#include "core/rules/attack.h"

#include <span>

/// Private to core/rules: the tables that the build generates from resources/attack.
namespace sequela::rules::attack {

[[nodiscard]] std::span<const Tactic> tacticTable();
[[nodiscard]] std::span<const Technique> techniqueTable();

} // namespace sequela::rules::attack
