#include "ui/editor/query_check.h"

#include "core/base/text_positions.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"

#include <algorithm>

namespace sequela::ui {

std::vector<Diagnostic> checkQuery(std::string_view text, const schema::FieldCatalog* catalog,
                                   const eql::BindOptions& options)
{
    eql::ParsedQuery parsed = eql::parseQuery(text, options.dialect);
    std::vector<Diagnostic> diagnostics = std::move(parsed.diagnostics);
    if (catalog != nullptr && !hasErrors(diagnostics)) {
        eql::BindResult bound = eql::bind(parsed.query, text, *catalog, options);
        std::ranges::move(bound.diagnostics, std::back_inserter(diagnostics));
        if (bound.query) {
            std::ranges::move(eql::lint(parsed.query, text, *bound.query, *catalog),
                              std::back_inserter(diagnostics));
        }
    }
    locateAll(diagnostics, text, {});
    sortProblems(diagnostics);
    return diagnostics;
}

void sortProblems(std::vector<Diagnostic>& diagnostics)
{
    const auto begin = [](const Diagnostic& diagnostic) {
        return diagnostic.span ? diagnostic.span->begin : 0;
    };
    std::ranges::stable_sort(diagnostics, [&begin](const auto& left, const auto& right) {
        return begin(left) != begin(right) ? begin(left) < begin(right)
                                           : left.severity < right.severity;
    });
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

} // namespace sequela::ui
