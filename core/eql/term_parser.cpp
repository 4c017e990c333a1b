#include "core/eql/limits.h"
#include "core/eql/recovering_parser.h"
#include "core/eql/syntax_codes.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace sequela::eql {

namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> unitMilliseconds{{
    {"ms", 1},
    {"s", 1000},
    {"m", 60'000},
    {"h", 3'600'000},
    {"d", 86'400'000},
}};

std::optional<std::int64_t> toInteger(std::string_view digits)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() ? std::optional(value)
                                                                        : std::nullopt;
}

/// The unit somebody meant who wrote `sec` or `Minutes`; empty if it cannot be told.
std::string_view guessUnit(std::string_view unit)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> spellings{{
        {"sec", "s"},
        {"secs", "s"},
        {"second", "s"},
        {"seconds", "s"},
        {"S", "s"},
        {"min", "m"},
        {"mins", "m"},
        {"minute", "m"},
        {"minutes", "m"},
        {"M", "m"},
        {"hour", "h"},
        {"hours", "h"},
        {"hr", "h"},
        {"H", "h"},
        {"day", "d"},
        {"days", "d"},
        {"msec", "ms"},
        {"D", "d"},
    }};
    for (const auto& [spelling, meant] : spellings) {
        if (unit == spelling) {
            return meant;
        }
    }
    return {};
}

} // namespace

/// span = "with" "maxspan" "=" number [ ident ]
syntax::Maxspan RecoveringParser::parseMaxspan()
{
    syntax::Maxspan maxspan;
    const std::size_t begin = m_stream.advance().begin;
    if (!m_stream.accept("maxspan")) {
        const SourceSpan span = m_stream.peek().span;
        if (Diagnostic* problem = reportMismatch("'maxspan'");
            problem != nullptr && m_stream.isKind(TokenKind::Identifier) && m_stream.is("=", 1)) {
            problem->fixes.push_back({span, "maxspan", "use [maxspan]"});
        }
        if (!m_stream.is("=", 1)) {
            maxspan.span = spanFrom(begin);
            return maxspan;
        }
        m_stream.advance();
    }
    expect("=");
    const bool isDecimal = m_stream.isKind(TokenKind::Decimal);
    if (!isDecimal && !m_stream.isKind(TokenKind::Integer)) {
        reportMismatch("a number", "Write a time span, as in [maxspan=30s]");
        skipTo({"[", "![", "by", "|"});
        maxspan.span = spanFrom(begin);
        return maxspan;
    }
    maxspan.number = m_stream.spelling();
    const SourceSpan numberSpan = m_stream.advance();
    SourceSpan unitSpan{numberSpan.end, numberSpan.end};
    if (m_stream.isKind(TokenKind::Identifier)) {
        maxspan.unit = m_stream.spelling();
        unitSpan = m_stream.advance();
    }
    maxspan.span = spanFrom(begin);
    checkMaxspan(maxspan, numberSpan, unitSpan, isDecimal);
    return maxspan;
}

void RecoveringParser::checkMaxspan(syntax::Maxspan& maxspan, SourceSpan numberSpan,
                                    SourceSpan unitSpan, bool isDecimal)
{
    const SourceSpan both{numberSpan.begin, unitSpan.end};
    if (isDecimal) {
        report(codes::maxspanDecimal, numberSpan,
               fmt::format("Decimal time interval [{}] not supported", excerpt(maxspan.number)),
               "Use a smaller unit: [1500ms] instead of [1.5s]");
        return;
    }
    const std::optional<std::int64_t> number = toInteger(maxspan.number);
    if (number && *number <= 0) {
        report(codes::maxspanNotPositive, numberSpan,
               fmt::format("A positive maxspan value is required; found [{}]", maxspan.number));
        return;
    }
    if (maxspan.unit.empty()) {
        report(codes::maxspanNoUnit, numberSpan,
               fmt::format("No time unit specified, did you mean [s] as in [{}s]?",
                           excerpt(maxspan.number)),
               "Units are ms, s, m, h and d")
            .fixes.push_back({{numberSpan.end, numberSpan.end}, "s", "add a unit: seconds"});
        return;
    }
    for (const auto& [unit, milliseconds] : unitMilliseconds) {
        if (maxspan.unit != unit) {
            continue;
        }
        std::int64_t total = 0;
        if (!number || __builtin_mul_overflow(*number, milliseconds, &total)) {
            report(codes::maxspanTooLarge, both,
                   fmt::format("Time interval [{}] is too large", excerpt(textOf(both))));
            return;
        }
        maxspan.milliseconds = total;
        return;
    }
    Diagnostic& problem =
        report(codes::maxspanUnknownUnit, unitSpan,
               fmt::format("Unrecognized time unit [{}] in [{}{}], please specify one of "
                           "[ms, s, m, h, d]",
                           excerpt(maxspan.unit), excerpt(maxspan.number), excerpt(maxspan.unit)));
    if (const std::string_view meant = guessUnit(maxspan.unit); !meant.empty()) {
        problem.fixes.push_back({unitSpan, std::string(meant), fmt::format("use [{}]", meant)});
    }
}

/// term = ( "[" | "![" ) filter "]" [ by ] [ "with" ident "=" number ] [ "as" ident ]
syntax::Term RecoveringParser::parseTerm()
{
    syntax::Term term;
    term.missing = m_stream.is("![");
    const SourceSpan opening = m_stream.advance();
    term.filter = parseFilter();
    closeTerm(opening);
    while (parseTermOption(term)) {
    }
    term.span = spanFrom(opening.begin);
    return term;
}

void RecoveringParser::closeTerm(SourceSpan opening)
{
    if (m_stream.accept("]")) {
        return;
    }
    const std::size_t end = m_stream.previousEnd();
    const bool isOpen = m_stream.atEnd() || m_stream.is("[") || m_stream.is("![")
                        || m_stream.is("until") || m_stream.is("|");
    if (Diagnostic* problem =
            reportHere(isOpen ? codes::missingBracket : codes::syntax,
                       fmt::format("mismatched input {} expecting ']'", m_stream.quotedSpelling()),
                       isOpen ? "An opening bracket has no closing one"
                              : "An operator may be missing before this");
        problem != nullptr && isOpen) {
        if (m_stream.atEnd()) {
            problem->span = opening;
        }
        problem->fixes.push_back({{end, end}, "]", "close the bracket"});
    }
    if (!isOpen) {
        skipTo({"]", "[", "![", "until", "|"});
        (void)m_stream.accept("]");
    }
}

bool RecoveringParser::parseTermOption(syntax::Term& term)
{
    if (m_stream.is("by")) {
        if (term.by) {
            reportMismatch("'['", "The join keys are given already; separate several with commas");
        } else if (term.runs) {
            reportMismatch("'['", "[by] stands before [with runs]");
        }
        term.by = parseBy();
        return true;
    }
    if (m_stream.is("with")) {
        parseRuns(term);
        return true;
    }
    const bool isNamed = m_stream.isKind(TokenKind::Identifier);
    if (isNamed && m_stream.is("as")) {
        parseAlias(term);
        return true;
    }
    if (isNamed && m_stream.is("fork")) {
        parseFork();
        return true;
    }
    return false;
}

void RecoveringParser::parseRuns(syntax::Term& term)
{
    const std::size_t begin = m_stream.advance().begin;
    if (term.runs) {
        reportMismatch("'['", "[with runs] is given already");
    }
    const SourceSpan nameSpan = m_stream.peek().span;
    const bool isName = m_stream.isKind(TokenKind::Identifier);
    if (!isName && !m_stream.is("=", 1)) {
        reportMismatch("'runs'");
        return;
    }
    if (!m_stream.is("runs")) {
        Diagnostic& problem = report(
            codes::termOption, nameSpan,
            fmt::format("Unrecognized option [{}], expecting [runs]", excerpt(m_stream.spelling())),
            m_stream.is("maxspan") ? "[with maxspan=…] stands behind [sequence]" : "");
        if (isName) {
            problem.fixes.push_back({nameSpan, "runs", "use [runs]"});
        }
    }
    m_stream.advance();
    expect("=");
    if (!m_stream.isKind(TokenKind::Integer) && !m_stream.isKind(TokenKind::Decimal)) {
        reportMismatch("a number", "Write how often, as in [with runs=3]");
        skipTo({"[", "![", "until", "|", "by"});
        return;
    }
    const bool isDecimal = m_stream.isKind(TokenKind::Decimal);
    const SourceSpan numberSpan = m_stream.advance();
    const std::optional<std::int64_t> runs = toInteger(m_stream.text(numberSpan));
    term.runsSpan = {begin, numberSpan.end};
    term.runs = limits::minimumRuns;
    if (m_stream.text(nameSpan) != "runs") {
        return;
    }
    const std::string shown = excerpt(m_stream.text(numberSpan));
    if (isDecimal) {
        report(codes::runsOutOfRange, numberSpan,
               fmt::format("A whole number of runs is required; found [{}]", shown));
    } else if (runs && *runs < limits::minimumRuns) {
        report(codes::runsOutOfRange, numberSpan,
               fmt::format("A positive runs value is required; found [{}]", shown));
    } else if (!runs || *runs > limits::maximumRuns) {
        report(codes::runsOutOfRange, numberSpan,
               fmt::format("A query cannot be repeated more than [{}] times; found [{}]",
                           limits::maximumRuns, shown));
    } else {
        term.runs = runs;
    }
}

void RecoveringParser::parseAlias(syntax::Term& term)
{
    const std::size_t begin = m_stream.advance().begin;
    if (!m_stream.isKind(TokenKind::Identifier)) {
        reportMismatch("a name", "An alias is a name: [as event0]");
        return;
    }
    if (!term.alias.empty()) {
        report(codes::duplicateAlias, m_stream.peek().span,
               fmt::format("The term has the alias [{}] already", excerpt(term.alias)));
    }
    term.alias = m_stream.spelling();
    term.aliasSpan = m_stream.advance();
    if (m_dialect == Dialect::Elasticsearch) {
        report(codes::endpointOnly, spanFrom(begin),
               "mismatched input 'as' expecting {<EOF>, '[', 'by', 'with', 'until', '|'}",
               "Aliases belong to the endpoint dialect");
    }
}

void RecoveringParser::parseFork()
{
    const SourceSpan span = m_stream.advance();
    report(codes::forkNotSupported, span,
           "extraneous input 'fork' expecting {<EOF>, '[', 'by', 'with', 'until', '|'}",
           "[fork] is not supported; every event moves a sequence on")
        .fixes.push_back({span, "", "remove [fork]"});
    if (m_stream.accept("=") && !m_stream.atEnd() && !m_stream.is("[")) {
        m_stream.advance();
    }
}

} // namespace sequela::eql
