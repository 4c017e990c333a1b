#pragma once

#include "core/views/process_columns.h"

#include <cstdint>
#include <optional>
#include <vector>

/// Inside of ProcessForest: which images are one process, and which process started which.
namespace sequela::views {

struct ParentLink {
    std::optional<std::uint32_t> parent;
    Evidence evidence = Evidence::Recorded;
    /// The parent the data names is a descendant; the link was dropped.
    bool cycleCut = false;
};

struct ProcessLinks {
    /// Image numbers of every process, in order of start.
    std::vector<std::vector<std::uint32_t>> groups;
    std::vector<std::uint32_t> groupOfImage;
    /// One per group.
    std::vector<ParentLink> parents;
};

/// Folds fork and exec images of one pid (Elastic Defend gives each its own entity id, formats.md
/// section 3), adds images for parents that are only named (to @p columns), and links processes.
[[nodiscard]] ProcessLinks linkImages(ProcessColumns& columns);

} // namespace sequela::views
