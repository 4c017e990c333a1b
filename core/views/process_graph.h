#pragma once

#include "core/views/process_forest.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace sequela::views {

/// A process in the graph. Units: one column is one generation, one row one line of boxes.
struct GraphNode {
    ProcessIndex process;
    double column = 0.0;
    double row = 0.0;
    /// Node of the parent; nothing for the first.
    std::optional<std::size_t> parent;
    /// Children that are not in the graph.
    std::uint32_t hiddenChildren = 0;
};

/// The neighbourhood of a process as a drawing: its ancestors from left to right, then everything
/// below it, parents beside the middle of their children. Pure geometry.
struct ProcessGraph {
    /// Parents before children.
    std::vector<GraphNode> nodes;
    /// Node of the process it was made for.
    std::size_t focus = 0;
    std::size_t columns = 0;
    std::size_t rows = 0;

    /// Node of a process, if it is drawn.
    [[nodiscard]] std::optional<std::size_t> find(ProcessIndex process) const;
};

struct GraphOptions {
    /// Boxes at most; what comes first by generation, then by importance, is drawn.
    std::size_t maxNodes = 400;
    /// Children of one process at most; the others are counted.
    std::size_t maxChildren = 24;
    /// Which children are kept first: higher is more important. May be empty.
    std::function<int(ProcessIndex)> importance;
};

/// Lays out the process with its ancestors and descendants.
[[nodiscard]] ProcessGraph layOutProcessGraph(const ProcessForest& forest, ProcessIndex focus,
                                              const GraphOptions& options = {});

} // namespace sequela::views
