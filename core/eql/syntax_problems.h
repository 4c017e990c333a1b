#pragma once

#include "core/base/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

/// Collects what is wrong with one text, at most limits::maximumDiagnostics problems and a last one
/// that says so.
class SyntaxProblems {
public:
    /// Adds an error. The reference is for a hint or fixes and holds until the next call.
    Diagnostic& add(std::string_view code, SourceSpan span, std::string message,
                    std::string hint = {});
    /// Whether what is added now is only counted: its texts need not be made.
    [[nodiscard]] bool isFull() const;
    /// The problem of an earlier stage (see append) that lies at exactly @p span, or null.
    [[nodiscard]] Diagnostic* find(SourceSpan span);
    /// The latest problem with this place; null if there is none. Valid until the next report.
    [[nodiscard]] Diagnostic* findLatest(SourceSpan span);
    /// Takes over the problems of an earlier stage, which are in order of position.
    void append(std::vector<Diagnostic> diagnostics);
    /// All of them in order of position; the object is empty then.
    [[nodiscard]] std::vector<Diagnostic> take();

private:
    std::vector<Diagnostic> m_diagnostics;
    /// What goes nowhere once there are too many.
    Diagnostic m_surplus;
    bool m_hasSurplus = false;
    /// How many at the front came from earlier stages.
    std::size_t m_numAppended = 0;
};

/// Text from a query as it may stand in a message: at most 60 characters, invisible ones visible.
[[nodiscard]] std::string excerpt(std::string_view text);

} // namespace sequela::eql
