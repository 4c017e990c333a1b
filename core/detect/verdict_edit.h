#pragma once

#include "core/detect/alert.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sequela::detect {

/// A change to the verdicts of some alerts at once. What it does not speak of stays as each alert
/// has it, so that deciding about many alerts loses no note and no tag.
struct VerdictEdit {
    /// Status, with the reason of a closed one.
    std::optional<std::pair<VerdictStatus, VerdictReason>> decision;
    /// Replaces the note; an empty one removes it.
    std::optional<std::string> note;
    /// Appended where they are not yet, without blanks around them; empty ones are ignored.
    std::vector<std::string> addedTags;
    std::vector<std::string> removedTags;
};

/// @p verdict after the edit: tags in order of appearance, each once. Author and time become the
/// edit's business: they are emptied, and so is what the verdict was inherited from.
[[nodiscard]] Verdict editedVerdict(Verdict verdict, const VerdictEdit& edit);

} // namespace sequela::detect
