#pragma once

#include "core/base/diagnostic.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// What every fuzz target asks of what it is handed back.
namespace sequela::fuzz {

/// Stops the run with the input at hand as the finding.
inline void check(bool condition)
{
    if (!condition) {
        __builtin_trap();
    }
}

inline bool hasError(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(
        diagnostics, [](const Diagnostic& one) { return one.severity == Severity::Error; });
}

/// Every place lies in the text, and every problem can be put into words.
inline void checkPlaces(const std::vector<Diagnostic>& diagnostics, std::string_view text)
{
    for (const Diagnostic& one : diagnostics) {
        check(!one.span || (one.span->begin <= one.span->end && one.span->end <= text.size()));
        check(!formatDiagnostic(one).empty());
    }
}

} // namespace sequela::fuzz
