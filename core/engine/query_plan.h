#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/leaf_cache.h"
#include "core/engine/leaf_evaluator.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sequela::engine {

/// A condition with its leaves made ready and an order of evaluation chosen.
struct PlanNode {
    enum class Kind : std::uint8_t { Constant, Leaf, And, Or };
    Kind kind = Kind::Constant;
    SourceSpan span;
    /// Constant.
    bool value = false;
    /// Leaf.
    bool negated = false;
    std::shared_ptr<Leaf> leaf;
    /// And, Or: as written.
    std::vector<PlanNode> operands;
    /// Indices of operands in the order of evaluation.
    std::vector<std::uint32_t> order;
    /// Some leaf below refers to another stage's event, or can fail.
    bool usesStages = false;
    bool isFallible = false;
    /// Price per row, and the share of rows expected to pass.
    double cost = 0.0;
    double selectivity = 1.0;
};

struct StagePlan {
    const eql::BoundStage* stage = nullptr;
    /// Tests the category; nothing for `any`.
    std::shared_ptr<Leaf> category;
    /// A category is asked for and no field holds categories.
    bool matchesNothing = false;
    PlanNode condition;
};
/// Top-level conjuncts of a stage as written, nested And flattened.
[[nodiscard]] std::vector<const PlanNode*> conjunctsOf(const StagePlan& stage);

/// A filter of `descendant of`, evaluated before the stages.
struct FilterPlan {
    std::shared_ptr<Leaf> category;
    bool matchesNothing = false;
    PlanNode condition;
};

struct QueryPlan {
    const eql::BoundQuery* query = nullptr;
    std::vector<StagePlan> stages;
    std::optional<StagePlan> until;
    /// By number; a filter nested in another comes after it.
    std::vector<FilterPlan> filters;
};

/// Compiles a query. The query must outlive the plan.
[[nodiscard]] Result<QueryPlan> planQuery(const eql::BoundQuery& query, CaseIndex& index,
                                          LeafCache& cache);

/// Rows of @p candidates that satisfy a condition. References to other stages' events count as
/// satisfied.
[[nodiscard]] RowSet rowsSatisfying(const PlanNode& node, RowSet candidates, SegmentRun& run,
                                    DocumentCache& documents);
/// Whether one row satisfies a condition, references to other stages' events included.
[[nodiscard]] bool rowSatisfies(const PlanNode& node, std::uint32_t row,
                                std::span<const std::optional<EventNumber>> stageEvents,
                                SegmentRun& run, DocumentCache& documents);
/// Rows of @p candidates of the category.
[[nodiscard]] RowSet rowsOfCategory(const std::shared_ptr<Leaf>& category, bool matchesNothing,
                                    RowSet candidates, SegmentRun& run, DocumentCache& documents);
/// Rows of the segment that take part in the run: all, or those of RunOptions::events.
[[nodiscard]] RowSet rowsTakingPart(const SegmentRun& run);

} // namespace sequela::engine
