#include "core/base/text.h"
#include "core/eql/binder_expression.h"
#include "core/eql/limits.h"

#include <fmt/format.h>

namespace sequela::eql {

namespace {

bool isRegex(syntax::MatchOperator op)
{
    return op == syntax::MatchOperator::Regex || op == syntax::MatchOperator::RegexInsensitive;
}

bool foldsCase(syntax::MatchOperator op)
{
    return op != syntax::MatchOperator::Like && op != syntax::MatchOperator::Regex;
}

/// Byte in a written string of byte @p offset of its value.
std::size_t writtenOffset(std::string_view written, std::size_t offset)
{
    if (written.starts_with("\"\"\"")) {
        return std::min(3 + offset, written.size());
    }
    std::size_t place = 1;
    while (offset > 0 && place < written.size()) {
        if (written[place] != '\\') {
            ++place;
            --offset;
            continue;
        }
        if (place + 1 < written.size() && written[place + 1] == 'u') {
            // The escape may stand for several bytes; its beginning is near enough.
            const std::size_t close = written.find('}', place);
            if (close == std::string_view::npos) {
                break;
            }
            std::uint32_t codePoint = 0;
            for (const char c : written.substr(place + 3, close - place - 3)) {
                const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
                codePoint = codePoint * 16 + static_cast<std::uint32_t>(digit);
            }
            std::string bytes;
            appendUtf8(bytes, codePoint);
            if (offset < bytes.size()) {
                break;
            }
            offset -= bytes.size();
            place = close + 1;
            continue;
        }
        place += 2;
        --offset;
    }
    return std::min(place, written.size());
}

} // namespace

ExpressionPtr asText(ExpressionPtr expression)
{
    if (expression->type == ValueType::Keyword || expression->type == ValueType::Null) {
        return expression;
    }
    Call text;
    text.function = Function::String;
    const SourceSpan span = expression->span;
    text.arguments.push_back(std::move(expression));
    return makeExpression(span, ValueType::Keyword, std::move(text));
}

bool ExpressionBinder::checkMatchSubject(const syntax::Expression& expression,
                                         const syntax::MatchPredicate& match,
                                         ExpressionPtr& subject)
{
    if (subject->type == ValueType::Keyword || subject->type == ValueType::Null) {
        return true;
    }
    if (m_scope.isEndpoint() && literalOf(*subject) == nullptr) {
        subject = asText(std::move(subject));
        return true;
    }
    if (match.op != syntax::MatchOperator::Colon) {
        typeError(expression.span, "", "string", *subject);
        return false;
    }
    Diagnostic& diagnostic = m_scope.error(
        "eql-argument-type", subject->span,
        fmt::format("first argument of [:] must be [string], found value [{}] type [{}]; consider "
                    "using [==] instead",
                    m_scope.source(subject->span), messageTypeName(*subject)));
    diagnostic.fixes.push_back(
        {match.operatorSpan, match.isList ? "in" : "==", match.isList ? "use in" : "use =="});
    return false;
}

bool ExpressionBinder::collectPatterns(const syntax::Expression& expression,
                                       const syntax::MatchPredicate& match, TextMatch& result,
                                       std::vector<SourceSpan>& spans,
                                       std::vector<ExpressionPtr>& fields)
{
    bool fits = true;
    result.patterns.reserve(match.patterns.size());
    for (const syntax::ExpressionPtr& written : match.patterns) {
        ExpressionPtr pattern = bind(*written);
        const Value* const value = literalOf(*pattern);
        const auto* const text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
        if (text != nullptr) {
            result.patterns.push_back(*text);
            spans.push_back(pattern->span);
        } else if (m_scope.isEndpoint() && !result.isRegex && isFieldLike(*pattern)) {
            fields.push_back(std::move(pattern));
        } else if (value == nullptr) {
            m_scope.error("eql-argument-constant", pattern->span,
                          fmt::format("second argument of [{}] must be a constant, received [{}]",
                                      m_scope.source(expression.span),
                                      m_scope.source(pattern->span)));
            fits = false;
        } else if (m_scope.isEndpoint() && !isNull(*value)) {
            result.patterns.push_back(toText(*value));
            spans.push_back(pattern->span);
        } else if (!isNull(*value)) {
            const bool isColon = match.op == syntax::MatchOperator::Colon;
            Diagnostic& diagnostic = m_scope.error(
                "eql-argument-type", pattern->span,
                fmt::format(
                    "second argument of [{}] must be [string], found value [{}] type [{}]{}",
                    isColon ? std::string(":") : m_scope.source(expression.span),
                    m_scope.source(pattern->span), messageTypeName(*pattern),
                    isColon ? "; consider using [==] instead" : ""));
            diagnostic.fixes.push_back(
                {pattern->span, '"' + toText(*value) + '"', "write it as text"});
            fits = false;
        }
    }
    return fits;
}

ExpressionPtr ExpressionBinder::matchFields(const syntax::Expression& expression,
                                            ExpressionPtr subject, TextMatch constants,
                                            std::vector<ExpressionPtr> fields)
{
    const SourceSpan span = expression.span;
    const std::size_t uses = fields.size() + (constants.patterns.empty() ? 0 : 1);
    if (uses > 1 && !isFieldLike(*subject)) {
        m_scope.error("eql-field-comparison", span,
                      "A list with fields in it compares a field only; compare with each of them");
        return makeLiteral(span, {});
    }
    std::vector<ExpressionPtr> subjects;
    while (subjects.size() + 1 < uses) {
        subjects.push_back(copyFieldLike(*subject));
    }
    subjects.push_back(std::move(subject));
    std::vector<ExpressionPtr> parts;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        Comparison comparison;
        comparison.caseInsensitive = constants.caseInsensitive;
        comparison.left = std::move(subjects[i]);
        comparison.right = asText(std::move(fields[i]));
        parts.push_back(makeExpression(span, ValueType::Boolean, std::move(comparison)));
    }
    if (!constants.patterns.empty()) {
        constants.subject = std::move(subjects.back());
        parts.push_back(makeExpression(span, ValueType::Boolean, std::move(constants)));
    }
    return parts.size() == 1
               ? std::move(parts.front())
               : makeExpression(span, ValueType::Boolean, Logical{false, std::move(parts)});
}

ExpressionPtr ExpressionBinder::bindMatch(const syntax::Expression& expression,
                                          const syntax::MatchPredicate& match)
{
    const SourceSpan span = expression.span;
    ExpressionPtr subject = bind(*match.subject);
    TextMatch result;
    result.isRegex = isRegex(match.op);
    result.caseInsensitive = foldsCase(match.op);
    std::vector<SourceSpan> spans;
    std::vector<ExpressionPtr> fields;
    if (!checkMatchSubject(expression, match, subject)
        || !collectPatterns(expression, match, result, spans, fields)) {
        return makeLiteral(span, {});
    }
    if (!fields.empty()) {
        return matchFields(expression, std::move(subject), std::move(result), std::move(fields));
    }
    const Value* const constant = literalOf(*subject);
    if (!result.isRegex && constant == nullptr && !result.patterns.empty()) {
        result.subject = std::move(subject);
        return makeExpression(span, ValueType::Boolean, std::move(result));
    }
    if (result.isRegex && m_scope.regexCost > limits::maximumRegexCost) {
        m_scope.error("eql-regex", span,
                      "The regular expressions of the query are too large together");
        return makeLiteral(span, {});
    }
    const auto compiled =
        CompiledPatterns::compile(result.patterns, result.isRegex, result.caseInsensitive);
    m_scope.regexCost += compiled ? compiled->cost() : compiled.error().cost;
    if (!compiled) {
        const auto& problem = compiled.error();
        const SourceSpan place = spans[problem.patternIndex];
        const std::size_t begin =
            place.begin + writtenOffset(m_scope.rawSource(place), problem.offset);
        const std::size_t end = std::min(begin + 1, place.end);
        m_scope.error("eql-regex", {std::min(begin, end), end}, problem.message);
        return makeLiteral(span, {});
    }
    if (result.patterns.empty() || isNullLiteral(*subject)) {
        return makeLiteral(span, {});
    }
    if (constant != nullptr) {
        const auto* const text = std::get_if<std::string>(constant);
        const bool found = text != nullptr && compiled->matches(*text);
        // A null beside patterns that miss leaves the answer open, as a null in a list of `in`
        // does.
        const bool isOpen = !found && match.patterns.size() > result.patterns.size();
        return makeLiteral(span, isOpen ? Value() : Value(found));
    }
    result.subject = std::move(subject);
    return makeExpression(span, ValueType::Boolean, std::move(result));
}

} // namespace sequela::eql
