#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/case_index.h"
#include "core/engine/engine.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::engine {

/// Runtime warnings and how many events caused each. Merging is commutative.
class WarningCounter {
public:
    void add(const std::string& message, std::uint64_t count);
    void merge(const WarningCounter& other);
    [[nodiscard]] bool isEmpty() const { return m_counts.empty(); }
    /// By message.
    [[nodiscard]] std::vector<RuntimeWarning> list() const;

private:
    std::map<std::string, std::uint64_t> m_counts;
};

/// What all segments of one run share; read-only while segments are evaluated.
struct RunContext {
    CaseIndex& index;
    const RunOptions& options;
    std::stop_token stop;
    /// Answers of `descendant of` filters, by the number compiled expressions carry.
    std::vector<std::shared_ptr<const EventSet>> descendants;
    /// Only these take part in matching, in the order of the run; null is all that satisfied a
    /// stage.
    const std::vector<std::uint32_t>* chosen = nullptr;
};

/// Evaluation of one segment in one run, owned by one thread at a time.
struct SegmentRun {
    SegmentRun(const RunContext& runContext, SegmentNumber segmentNumber)
        : context(runContext), segment(segmentNumber)
    {
    }

    const RunContext& context;
    SegmentNumber segment;
    WarningCounter warnings;
    /// First thing that went wrong; evaluation stops at the next leaf.
    std::optional<Diagnostic> failure;
    std::uint64_t candidates = 0;
    std::uint64_t valuesTested = 0;
    std::uint64_t bytesScanned = 0;

    [[nodiscard]] std::uint32_t rowCount() const { return context.index.rowCount(segment); }
    [[nodiscard]] bool hasFailed() const { return failure.has_value(); }
    void fail(Diagnostic diagnostic);
    /// Notes a runtime error of @p eventCount events: a warning, or the end of the run.
    void runtimeError(const std::string& message, std::uint64_t eventCount);
};

} // namespace sequela::engine
