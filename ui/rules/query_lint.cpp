#include "ui/rules/query_lint.h"

#include "core/base/text_positions.h"
#include "core/eql/parser.h"
#include "core/eql/twin_lint.h"
#include "core/eql/value_lint.h"
#include "core/rules/lint.h"
#include "ui/editor/query_check.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace sequela::ui {

namespace {

/// The operator that asks without regard to case, in place of the clause's own.
void offerAnyCase(Diagnostic& diagnostic, std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> operators{
        {{"==", ":"}, {" in", " in~"}}};
    if (!diagnostic.span || diagnostic.span->end > text.size()) {
        return;
    }
    const std::string_view clause =
        text.substr(diagnostic.span->begin, diagnostic.span->end - diagnostic.span->begin);
    const std::string_view beforeTexts = clause.substr(0, clause.find('"'));
    for (const auto& [strict, loose] : operators) {
        const std::size_t at = beforeTexts.rfind(strict);
        if (at != std::string_view::npos) {
            const std::size_t begin = diagnostic.span->begin + at;
            const std::string_view shown = loose.substr(loose.find_first_not_of(' '));
            diagnostic.fixes.push_back(
                {{begin, begin + strict.size()}, std::string(loose), "use " + std::string(shown)});
            return;
        }
    }
}

/// What lint says of the rule's settings, with the query as it is being edited.
void addOfRule(const rules::Rule& rule, const eql::BoundQuery& query,
               std::vector<Diagnostic>& diagnostics)
{
    constexpr std::int64_t nsPerMs = 1'000'000;
    const std::optional<std::int64_t> maxspanNs =
        query.maxspanMs ? std::optional(*query.maxspanMs * nsPerMs) : std::nullopt;
    for (Diagnostic& diagnostic : rules::lintRule(rule, maxspanNs)) {
        // Its place is in the file, which is not what the editor shows.
        diagnostic.span.reset();
        diagnostic.begin.reset();
        diagnostic.end.reset();
        diagnostic.fixes.clear();
        diagnostics.push_back(std::move(diagnostic));
    }
}

} // namespace

Result<std::vector<Diagnostic>> lintQuery(const LiveRequest& request, const rules::Rule* rule,
                                          const std::stop_token& stop)
{
    const auto snapshot = request.workspace->snapshot();
    const eql::ParsedQuery parsed = eql::parseQuery(request.text, request.bind.dialect);
    std::vector<Diagnostic> diagnostics;
    if (hasErrors(parsed.diagnostics)) {
        return diagnostics;
    }
    const eql::BindResult bound =
        eql::bind(parsed.query, request.text, *snapshot->catalog, request.bind);
    if (!bound.query) {
        return diagnostics;
    }
    auto values = eql::lintValues(*bound.query, *snapshot->events, stop);
    if (!values) {
        return values;
    }
    diagnostics = std::move(*values);
    for (Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.code == "eql-lint-other-case" && diagnostic.fixes.empty()) {
            offerAnyCase(diagnostic, request.text);
        }
    }
    std::ranges::move(eql::lintTwins(parsed.query, *bound.query), std::back_inserter(diagnostics));
    locateAll(diagnostics, request.text, {});
    if (rule != nullptr) {
        addOfRule(*rule, *bound.query, diagnostics);
    }
    return diagnostics;
}

} // namespace sequela::ui
