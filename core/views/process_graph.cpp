#include "core/views/process_graph.h"

#include <algorithm>

namespace sequela::views {

namespace {

/// The children that are drawn, in their own order.
std::vector<ProcessIndex> chosenChildren(const Process& process, const GraphOptions& options)
{
    std::vector<ProcessIndex> children = process.children;
    if (children.size() <= options.maxChildren) {
        return children;
    }
    if (options.importance) {
        std::vector<std::pair<int, std::size_t>> order;
        for (std::size_t at = 0; at < children.size(); ++at) {
            order.emplace_back(-options.importance(children[at]), at);
        }
        std::ranges::sort(order);
        order.resize(options.maxChildren);
        std::ranges::sort(order, {}, &std::pair<int, std::size_t>::second);
        std::vector<ProcessIndex> chosen;
        for (const auto& [rank, at] : order) {
            chosen.push_back(process.children[at]);
        }
        return chosen;
    }
    children.resize(options.maxChildren);
    return children;
}

void addAncestors(ProcessGraph& graph, const ProcessForest& forest, ProcessIndex focus)
{
    for (const ProcessIndex ancestor : forest.ancestors(focus)) {
        GraphNode node;
        node.process = ancestor;
        node.column = static_cast<double>(graph.nodes.size());
        if (!graph.nodes.empty()) {
            node.parent = graph.nodes.size() - 1;
        }
        node.hiddenChildren =
            static_cast<std::uint32_t>(forest.process(ancestor).children.size() - 1);
        graph.nodes.push_back(node);
    }
    GraphNode node;
    node.process = focus;
    node.column = static_cast<double>(graph.nodes.size());
    if (!graph.nodes.empty()) {
        node.parent = graph.nodes.size() - 1;
    }
    graph.focus = graph.nodes.size();
    graph.nodes.push_back(node);
}

/// Generation by generation, so that the limit cuts the farthest.
void addDescendants(ProcessGraph& graph, const ProcessForest& forest, const GraphOptions& options)
{
    for (std::size_t at = graph.focus; at < graph.nodes.size(); ++at) {
        const Process& process = forest.process(graph.nodes[at].process);
        std::size_t drawn = 0;
        for (const ProcessIndex child : chosenChildren(process, options)) {
            if (graph.nodes.size() >= options.maxNodes) {
                break;
            }
            GraphNode node;
            node.process = child;
            node.column = graph.nodes[at].column + 1.0;
            node.parent = at;
            graph.nodes.push_back(node);
            ++drawn;
        }
        graph.nodes[at].hiddenChildren =
            static_cast<std::uint32_t>(process.children.size() - drawn);
    }
}

/// Leaves take the next row, parents stand beside the middle of their children. Without recursion:
/// chains of processes can be as long as the data.
void placeRows(ProcessGraph& graph)
{
    std::vector<std::vector<std::size_t>> children(graph.nodes.size());
    for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
        if (graph.nodes[at].parent) {
            children[*graph.nodes[at].parent].push_back(at);
        }
    }
    double nextRow = 0.0;
    std::vector<std::pair<std::size_t, std::size_t>> path{{0, 0}};
    while (!path.empty()) {
        auto& [at, done] = path.back();
        if (done < children[at].size()) {
            const std::size_t child = children[at][done];
            ++done;
            path.emplace_back(child, 0);
            continue;
        }
        graph.nodes[at].row =
            children[at].empty()
                ? nextRow++
                : (graph.nodes[children[at].front()].row + graph.nodes[children[at].back()].row)
                      / 2.0;
        path.pop_back();
    }
    graph.rows = static_cast<std::size_t>(nextRow);
}

} // namespace

std::optional<std::size_t> ProcessGraph::find(ProcessIndex process) const
{
    const auto found = std::ranges::find(nodes, process, &GraphNode::process);
    return found == nodes.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - nodes.begin()));
}

ProcessGraph layOutProcessGraph(const ProcessForest& forest, ProcessIndex focus,
                                const GraphOptions& options)
{
    ProcessGraph graph;
    addAncestors(graph, forest, focus);
    addDescendants(graph, forest, options);
    placeRows(graph);
    for (const GraphNode& node : graph.nodes) {
        graph.columns = std::max(graph.columns, static_cast<std::size_t>(node.column) + 1);
    }
    return graph;
}

} // namespace sequela::views
