#include "core/engine/stage_evaluation.h"

#include "core/base/parallel.h"
#include "core/engine/limits.h"

#include <algorithm>
#include <bit>
#include <chrono>

namespace sequela::engine {

namespace {

std::size_t threadsFor(const RunContext& context)
{
    const std::size_t wanted =
        context.options.threadCount == 0 ? defaultThreadCount() : context.options.threadCount;
    return std::max<std::size_t>(1, std::min(wanted, context.index.segmentCount()));
}

/// What one segment contributed.
struct SegmentPart {
    std::vector<RowSet> rows;
    std::vector<StageFunnel> funnels;
    WarningCounter warnings;
    RunCost cost;
    std::optional<Diagnostic> failure;
};

/// The first few rows of @p before that are not in @p after; the rest is not even looked at.
void addDropped(FunnelStep& step, const RowSet& before, const RowSet& after, std::uint32_t first)
{
    for (std::size_t word = 0; word < before.words().size(); ++word) {
        for (std::uint64_t bits = before.words()[word] & ~after.words()[word]; bits != 0;
             bits &= bits - 1) {
            if (step.droppedSamples.size() == limits::droppedSamples) {
                return;
            }
            step.droppedSamples.emplace_back(first + static_cast<std::uint32_t>(word * 64)
                                             + static_cast<std::uint32_t>(std::countr_zero(bits)));
        }
    }
}

/// Clause by clause in the order written, counting.
RowSet evaluateCounting(const StagePlan& stage, RowSet rows, SegmentRun& run,
                        DocumentCache& documents, StageFunnel& funnel)
{
    using Clock = std::chrono::steady_clock;
    funnel.span = stage.stage->span;
    funnel.categoryEvents = rows.count();
    std::uint64_t candidates = funnel.categoryEvents;
    for (const PlanNode* conjunct : conjunctsOf(stage)) {
        FunnelStep& step = funnel.steps.emplace_back();
        step.span = conjunct->span;
        const auto begin = Clock::now();
        const std::uint64_t testedBefore = run.valuesTested;
        const std::uint64_t scannedBefore = run.bytesScanned;
        step.candidates = candidates;
        RowSet left = rowsSatisfying(*conjunct, rows, run, documents);
        step.nanoseconds = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count());
        step.distinctValuesTested = run.valuesTested - testedBefore;
        step.bytesScanned = run.bytesScanned - scannedBefore;
        step.eventsLeft = left.count();
        candidates = step.eventsLeft;
        addDropped(step, rows, left, run.context.index.firstEvent(run.segment));
        rows = std::move(left);
    }
    return rows;
}

SegmentPart evaluateSegment(const std::vector<const StagePlan*>& stages, const RunContext& context,
                            SegmentNumber segment)
{
    SegmentPart part;
    SegmentRun run(context, segment);
    DocumentCache documents;
    const RowSet taking = rowsTakingPart(run);
    for (const StagePlan* stage : stages) {
        if (context.stop.stop_requested()) {
            run.fail(cancelledError());
        }
        if (run.hasFailed()) {
            break;
        }
        RowSet rows =
            rowsOfCategory(stage->category, stage->matchesNothing, taking, run, documents);
        run.candidates += rows.count();
        if (context.options.collectFunnel) {
            rows = evaluateCounting(*stage, std::move(rows), run, documents,
                                    part.funnels.emplace_back());
        } else {
            rows = rowsSatisfying(stage->condition, std::move(rows), run, documents);
        }
        part.rows.push_back(std::move(rows));
    }
    part.warnings = std::move(run.warnings);
    part.cost.candidates = run.candidates;
    part.cost.distinctValuesTested = run.valuesTested;
    part.cost.bytesScanned = run.bytesScanned;
    part.failure = std::move(run.failure);
    return part;
}

void addFunnel(StageFunnel& total, const StageFunnel& part)
{
    total.span = part.span;
    total.categoryEvents += part.categoryEvents;
    total.steps.resize(part.steps.size());
    for (std::size_t at = 0; at < part.steps.size(); ++at) {
        FunnelStep& step = total.steps[at];
        const FunnelStep& added = part.steps[at];
        step.span = added.span;
        step.eventsLeft += added.eventsLeft;
        step.nanoseconds += added.nanoseconds;
        step.candidates += added.candidates;
        step.distinctValuesTested += added.distinctValuesTested;
        step.bytesScanned += added.bytesScanned;
        for (const EventNumber event : added.droppedSamples) {
            if (step.droppedSamples.size() < limits::droppedSamples) {
                step.droppedSamples.push_back(event);
            }
        }
    }
}

/// Funnels of a case without segments: every clause with nothing left.
StageFunnel emptyFunnel(const StagePlan& stage)
{
    StageFunnel funnel;
    funnel.span = stage.stage->span;
    for (const PlanNode* conjunct : conjunctsOf(stage)) {
        funnel.steps.emplace_back().span = conjunct->span;
    }
    return funnel;
}

/// The first failure by segment, so that it does not depend on the schedule; a stop request only
/// if nothing else went wrong.
std::optional<Diagnostic> firstFailure(std::vector<SegmentPart>& parts)
{
    std::optional<Diagnostic> cancelled;
    for (SegmentPart& part : parts) {
        if (!part.failure) {
            continue;
        }
        if (!isCancelled(*part.failure)) {
            return std::move(part.failure);
        }
        cancelled = std::move(part.failure);
    }
    return cancelled;
}

} // namespace

Result<StageEvaluation> evaluateStages(const QueryPlan& plan, const RunContext& context)
{
    std::vector<const StagePlan*> stages;
    for (const StagePlan& stage : plan.stages) {
        stages.push_back(&stage);
    }
    if (plan.until) {
        stages.push_back(&*plan.until);
    }
    std::vector<SegmentPart> parts(context.index.segmentCount());
    parallelFor(parts.size(), threadsFor(context), [&](std::size_t segment) {
        parts[segment] =
            evaluateSegment(stages, context, SegmentNumber(static_cast<std::uint32_t>(segment)));
    });
    if (auto failure = firstFailure(parts)) {
        return std::unexpected(std::move(*failure));
    }
    StageEvaluation evaluation;
    evaluation.rows.resize(stages.size());
    if (context.options.collectFunnel) {
        for (const StagePlan* stage : stages) {
            evaluation.funnels.push_back(emptyFunnel(*stage));
        }
    }
    for (SegmentPart& part : parts) {
        for (std::size_t stage = 0; stage < stages.size(); ++stage) {
            evaluation.rows[stage].push_back(std::move(part.rows[stage]));
        }
        for (std::size_t stage = 0; stage < part.funnels.size(); ++stage) {
            addFunnel(evaluation.funnels[stage], part.funnels[stage]);
        }
        evaluation.warnings.merge(part.warnings);
        evaluation.cost.candidates += part.cost.candidates;
        evaluation.cost.distinctValuesTested += part.cost.distinctValuesTested;
        evaluation.cost.bytesScanned += part.cost.bytesScanned;
    }
    return evaluation;
}

Result<StageRows> evaluateFilter(const FilterPlan& filter, const RunContext& context,
                                 WarningCounter& warnings)
{
    std::vector<SegmentPart> parts(context.index.segmentCount());
    parallelFor(parts.size(), threadsFor(context), [&](std::size_t number) {
        SegmentRun run(context, SegmentNumber(static_cast<std::uint32_t>(number)));
        DocumentCache documents;
        RowSet rows = rowsOfCategory(filter.category, filter.matchesNothing, rowsTakingPart(run),
                                     run, documents);
        parts[number].rows.push_back(
            rowsSatisfying(filter.condition, std::move(rows), run, documents));
        parts[number].warnings = std::move(run.warnings);
        parts[number].failure = std::move(run.failure);
    });
    if (auto failure = firstFailure(parts)) {
        return std::unexpected(std::move(*failure));
    }
    StageRows rows;
    for (SegmentPart& part : parts) {
        rows.push_back(std::move(part.rows.front()));
        warnings.merge(part.warnings);
    }
    return rows;
}

} // namespace sequela::engine
