#include "core/eql/limits.h"
#include "core/eql/recovering_parser.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sequela::eql {

using syntax::QueryKind;
using syntax::Term;

void RecoveringParser::checkQuery(const syntax::Query& query)
{
    switch (query.kind) {
    case QueryKind::Event:
    case QueryKind::Join:
        break;
    case QueryKind::Sequence:
        checkSequence(query);
        break;
    case QueryKind::Sample:
        checkSample(query);
        break;
    }
    checkAliases(query);
    if (m_dialect == Dialect::Endpoint) {
        checkDialect(query);
    }
}

void RecoveringParser::checkSequence(const syntax::Query& query)
{
    if (query.until) {
        checkUntil(*query.until);
    }
    if (query.terms.empty()) {
        return;
    }
    std::size_t slots = 0;
    for (const Term& term : query.terms) {
        slots += static_cast<std::size_t>(term.runs.value_or(1));
    }
    const SourceSpan terms{query.terms.front().span.begin, query.terms.back().span.end};
    if (slots < limits::minimumSequenceSlots) {
        report(codes::tooFewQueries, terms,
               fmt::format("A sequence requires a minimum of {} queries, found [{}]",
                           limits::minimumSequenceSlots, slots),
               "Add a term, or repeat this one: [with runs=2]");
    }
    if (slots > limits::maximumSequenceSlots) {
        report(codes::tooManyQueries, terms,
               fmt::format("A sequence cannot have more than {} queries, found [{}]",
                           limits::maximumSequenceSlots, slots),
               "Each of [with runs=n] counts n times");
    }
    const auto missing = std::ranges::find(query.terms, true, &Term::missing);
    if (missing == query.terms.end()) {
        return;
    }
    if (!query.maxspan) {
        report(codes::missingWithoutMaxspan, missing->span,
               "A sequence with missing events requires [maxspan]",
               "Add [with maxspan=…] behind [sequence]");
    }
    if (std::ranges::all_of(query.terms, &Term::missing)) {
        report(codes::onlyMissing, terms,
               "A sequence requires at least one event that is not missing");
    }
}

void RecoveringParser::checkUntil(const Term& until)
{
    if (until.missing) {
        report(codes::untilTerm, {until.span.begin, until.span.begin + 2},
               "[until] does not support missing events")
            .fixes.push_back({{until.span.begin, until.span.begin + 1}, "", "remove [!]"});
    }
    if (until.runs) {
        report(codes::untilTerm, until.runsSpan, "[until] does not support [runs]")
            .fixes.push_back({until.runsSpan, "", "remove [with runs]"});
    }
    if (!until.alias.empty()) {
        report(codes::untilTerm, until.aliasSpan, "[until] does not support aliases");
    }
}

void RecoveringParser::checkSample(const syntax::Query& query)
{
    if (query.maxspan) {
        report(codes::sampleOption, query.maxspan->span, "A sample does not support [maxspan]",
               "The events of a sample have no order in time");
    }
    if (query.until) {
        report(codes::sampleOption, query.until->span, "A sample does not support [until]");
    }
    for (const Term& term : query.terms) {
        if (term.missing) {
            report(codes::misplacedMissing, {term.span.begin, term.span.begin + 2},
                   "A sample does not support missing events");
        }
        if (term.runs) {
            report(codes::sampleOption, term.runsSpan, "A sample does not support [runs]")
                .fixes.push_back({term.runsSpan, "", "remove [with runs]"});
        }
    }
    if (!query.terms.empty() && query.terms.size() < limits::minimumSampleSlots) {
        report(codes::tooFewQueries, query.terms.front().span,
               fmt::format("A sample requires a minimum of {} queries, found [{}]",
                           limits::minimumSampleSlots, query.terms.size()));
    }
    if (!query.pipes.empty()) {
        const SourceSpan pipes{query.pipes.front().span.begin, query.pipes.back().span.end};
        report(codes::samplePipe, pipes, "Samples do not support pipes yet");
    }
}

void RecoveringParser::checkAliases(const syntax::Query& query)
{
    std::set<std::string_view> aliases;
    for (const Term& term : query.terms) {
        if (!term.alias.empty() && !aliases.insert(term.alias).second) {
            report(codes::duplicateAlias, term.aliasSpan,
                   fmt::format("The alias [{}] is given to an earlier term already",
                               excerpt(term.alias)));
        }
    }
}

/// What only Elasticsearch knows.
void RecoveringParser::checkDialect(const syntax::Query& query)
{
    const auto refuse = [this](SourceSpan span, std::string_view what) {
        report(codes::elasticsearchOnly, span,
               fmt::format("{} not supported in the endpoint dialect", what));
    };
    if (query.kind == QueryKind::Sample) {
        refuse({query.span.begin, query.span.begin + 6}, "Samples are");
        return;
    }
    for (const Term& term : query.terms) {
        if (term.missing) {
            refuse({term.span.begin, term.span.begin + 2}, "Missing events are");
        }
        if (term.runs) {
            refuse(term.runsSpan, "Repeated terms are");
        }
    }
    for (const syntax::Pipe& pipe : query.pipes) {
        refuse(pipe.span, "Pipes are");
    }
}

} // namespace sequela::eql
