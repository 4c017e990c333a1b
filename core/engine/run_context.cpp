#include "core/engine/run_context.h"

#include "core/engine/limits.h"

namespace sequela::engine {

void WarningCounter::add(const std::string& message, std::uint64_t count)
{
    if (const auto known = m_counts.find(message); known != m_counts.end()) {
        known->second += count;
        return;
    }
    m_counts.emplace(message, count);
}

void WarningCounter::merge(const WarningCounter& other)
{
    for (const auto& [message, count] : other.m_counts) {
        add(message, count);
    }
}

std::vector<RuntimeWarning> WarningCounter::list() const
{
    std::vector<RuntimeWarning> warnings;
    RuntimeWarning rest{"further kinds of runtime problems", 0};
    for (const auto& [message, count] : m_counts) {
        if (warnings.size() < limits::maxWarningMessages) {
            warnings.push_back({message, count});
        } else {
            rest.count += count;
        }
    }
    if (rest.count > 0) {
        warnings.push_back(std::move(rest));
    }
    return warnings;
}

void SegmentRun::fail(Diagnostic diagnostic)
{
    if (!failure) {
        failure = std::move(diagnostic);
    }
}

void SegmentRun::runtimeError(const std::string& message, std::uint64_t eventCount)
{
    if (context.options.runtimeErrors == RuntimeErrors::Fail) {
        fail(makeError("engine-runtime-error", message,
                       "guard the clause with a test before it, or count such events as null"));
        return;
    }
    warnings.add(message, eventCount);
}

} // namespace sequela::engine
