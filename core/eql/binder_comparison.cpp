#include "core/base/text.h"
#include "core/eql/binder_expression.h"
#include "core/eql/date_constant.h"
#include "core/eql/expression_text.h"
#include "core/eql/number_text.h"

#include <fmt/format.h>

namespace sequela::eql {

namespace {

ComparisonOperator comparisonOperator(syntax::BinaryOperator op)
{
    switch (op) {
    case syntax::BinaryOperator::NotEqual:
        return ComparisonOperator::NotEqual;
    case syntax::BinaryOperator::Less:
        return ComparisonOperator::Less;
    case syntax::BinaryOperator::LessEqual:
        return ComparisonOperator::LessEqual;
    case syntax::BinaryOperator::Greater:
        return ComparisonOperator::Greater;
    case syntax::BinaryOperator::GreaterEqual:
        return ComparisonOperator::GreaterEqual;
    default:
        return ComparisonOperator::Equal;
    }
}

/// The operator with its sides exchanged.
ComparisonOperator mirrored(ComparisonOperator op)
{
    switch (op) {
    case ComparisonOperator::Less:
        return ComparisonOperator::Greater;
    case ComparisonOperator::LessEqual:
        return ComparisonOperator::GreaterEqual;
    case ComparisonOperator::Greater:
        return ComparisonOperator::Less;
    case ComparisonOperator::GreaterEqual:
        return ComparisonOperator::LessEqual;
    default:
        return op;
    }
}

bool isEquality(ComparisonOperator op)
{
    return op == ComparisonOperator::Equal || op == ComparisonOperator::NotEqual;
}

ExpressionPtr notOf(ExpressionPtr expression)
{
    const SourceSpan span = expression->span;
    return makeExpression(span, ValueType::Boolean, Not{std::move(expression)});
}

ExpressionPtr compare(SourceSpan span, ComparisonOperator op, ExpressionPtr left,
                      ExpressionPtr right)
{
    const bool negated = op == ComparisonOperator::NotEqual;
    auto result = makeExpression(span, ValueType::Boolean,
                                 Comparison{negated ? ComparisonOperator::Equal : op, false,
                                            std::move(left), std::move(right)});
    return negated ? notOf(std::move(result)) : std::move(result);
}

/// A condition over one value that must not fall apart into leaves, each of which another value
/// could satisfy.
ExpressionPtr asOneLeaf(SourceSpan span, ExpressionPtr expression)
{
    return compare(span, ComparisonOperator::Equal, std::move(expression), makeLiteral(span, true));
}

/// The literal as a value of the field's type, where the two are compared by Elasticsearch.
std::optional<Value> convert(ValueType type, const Value& literal)
{
    if (typeOf(literal) == type) {
        return literal;
    }
    const auto* const text = std::get_if<std::string>(&literal);
    const bool isNumber =
        typeOf(literal) == ValueType::Long || typeOf(literal) == ValueType::Double;
    switch (type) {
    case ValueType::Keyword:
        return Value(toText(literal));
    case ValueType::Long:
    case ValueType::Double:
        if (isNumber) {
            return literal;
        }
        if (text != nullptr) {
            if (const auto integer = parseInteger(*text)) {
                return Value(*integer);
            }
            if (const auto decimal = parseDecimal(*text)) {
                return Value(*decimal);
            }
        }
        return std::nullopt;
    case ValueType::Boolean:
        if (text != nullptr && (*text == "true" || *text == "false")) {
            return Value(*text == "true");
        }
        return std::nullopt;
    case ValueType::Version:
        return isNumber || text != nullptr ? std::optional(Value(VersionValue{toText(literal)}))
                                           : std::nullopt;
    case ValueType::Null:
        return literal;
    case ValueType::Date:
    case ValueType::Ip:
        break;
    }
    return std::nullopt;
}

std::expected<DateRange, std::string> dateOf(const Value& literal, Timestamp now)
{
    if (const auto* const text = std::get_if<std::string>(&literal)) {
        return parseDateConstant(*text, now);
    }
    const bool isNumber =
        std::holds_alternative<std::int64_t>(literal) || std::holds_alternative<double>(literal);
    // The same reading as for the numbers of events, so that FILETIME compares with FILETIME.
    const auto moment =
        isNumber ? parseEventTimestamp(toText(literal), true) : std::optional<Timestamp>();
    if (!moment) {
        return std::unexpected(fmt::format("failed to parse date [{}]", toText(literal)));
    }
    return DateRange{*moment, *moment};
}

bool isBlock(std::string_view text)
{
    return text.find('/') != std::string_view::npos;
}

ExpressionPtr cidrCall(SourceSpan span, ExpressionPtr subject, std::vector<CidrBlock> blocks)
{
    Call call;
    call.function = Function::CidrMatch;
    call.arguments.push_back(std::move(subject));
    call.blocks = std::move(blocks);
    return makeExpression(span, ValueType::Boolean, std::move(call));
}

} // namespace

ExpressionPtr ExpressionBinder::bindComparison(const syntax::Expression& expression,
                                               const syntax::Binary& binary)
{
    ExpressionPtr left = bind(*binary.left);
    ExpressionPtr right = bind(*binary.right);
    const SourceSpan span = expression.span;
    ComparisonOperator op = comparisonOperator(binary.op);
    const Value* const leftValue = literalOf(*left);
    const Value* const rightValue = literalOf(*right);
    if (isNullLiteral(*left) || isNullLiteral(*right)) {
        if (!isEquality(op)) {
            return makeLiteral(span, {});
        }
        ExpressionPtr& other = isNullLiteral(*right) ? left : right;
        if (const Value* const value = literalOf(*other)) {
            return makeLiteral(span, isNull(*value) == (op == ComparisonOperator::Equal));
        }
        auto test = makeExpression(span, ValueType::Boolean, IsNull{std::move(other)});
        return op == ComparisonOperator::Equal ? std::move(test) : notOf(std::move(test));
    }
    if (leftValue != nullptr && rightValue != nullptr) {
        return makeLiteral(span, applyComparison(op, *leftValue, *rightValue));
    }
    if (leftValue == nullptr && rightValue == nullptr) {
        if (m_scope.isEndpoint()) {
            return compare(span, op, std::move(left), std::move(right));
        }
        m_scope
            .error("eql-field-comparison", right->span,
                   fmt::format("Comparisons against fields are not (currently) supported; offender "
                               "[{}] in [{}]",
                               m_scope.source(right->span), comparisonSymbol(op)))
            .hint = "Elasticsearch compares fields with constants only; the endpoint dialect "
                    "compares field with field.";
        return makeLiteral(span, {});
    }
    if (leftValue != nullptr) {
        std::swap(left, right);
        op = mirrored(op);
    }
    const Value literal = *literalOf(*right);
    return compareWithLiteral(expression, op, std::move(left), literal, right->span);
}

ExpressionPtr ExpressionBinder::compareWithLiteral(const syntax::Expression& expression,
                                                   ComparisonOperator op, ExpressionPtr subject,
                                                   const Value& literal, SourceSpan literalSpan)
{
    const SourceSpan span = expression.span;
    const auto* const boolean = std::get_if<bool>(&literal);
    if (isFieldLike(*subject)) {
        if (ExpressionPtr special = compareField(expression, op, subject, literal, literalSpan)) {
            return special;
        }
    } else if (boolean != nullptr && isEquality(op) && subject->type == ValueType::Boolean) {
        const bool keeps = (op == ComparisonOperator::Equal) == *boolean;
        subject->span = span;
        return keeps ? std::move(subject) : notOf(std::move(subject));
    }
    const auto converted =
        isFieldLike(*subject) ? convert(subject->type, literal) : std::optional(literal);
    const bool neverEqual =
        !converted
        || (subject->type != ValueType::Null && typeOf(*converted) != subject->type
            && !(typeOf(*converted) == ValueType::Long && subject->type == ValueType::Double)
            && !(typeOf(*converted) == ValueType::Double && subject->type == ValueType::Long));
    if (neverEqual) {
        m_scope
            .add(Severity::Warning, "eql-type-mismatch", literalSpan,
                 fmt::format("[{}] of type [{}] never compares with [{}]",
                             m_scope.source(subject->span), messageTypeName(*subject),
                             m_scope.source(literalSpan)))
            .hint = "The comparison is false for every event, its negation true.";
    }
    return compare(span, op, std::move(subject),
                   makeLiteral(literalSpan, converted.value_or(literal)));
}

ExpressionPtr ExpressionBinder::compareField(const syntax::Expression& expression,
                                             ComparisonOperator op, ExpressionPtr& subject,
                                             const Value& literal, SourceSpan literalSpan)
{
    if (subject->type == ValueType::Date) {
        return compareDate(expression.span, op, subject, literal, literalSpan);
    }
    if (subject->type == ValueType::Ip) {
        return compareAddress(expression.span, op, subject, literal, literalSpan);
    }
    return nullptr;
}

ExpressionPtr ExpressionBinder::compareDate(SourceSpan span, ComparisonOperator op,
                                            ExpressionPtr& subject, const Value& literal,
                                            SourceSpan literalSpan)
{
    const auto range = dateOf(literal, m_scope.now());
    if (!range) {
        m_scope.error("eql-bad-date", literalSpan, range.error()).hint =
            "Write ISO 8601 (\"2021-01-25T07:48:47Z\"), epoch milliseconds or date math "
            "(\"now-1d\").";
        return makeLiteral(span, {});
    }
    const bool usesLast = op == ComparisonOperator::LessEqual || op == ComparisonOperator::Greater;
    if (!isEquality(op) || range->first == range->last) {
        return compare(span, op, std::move(subject),
                       makeLiteral(literalSpan, usesLast ? range->last : range->first));
    }
    Logical within;
    ExpressionPtr copy = copyFieldLike(*subject);
    within.operands.push_back(compare(span, ComparisonOperator::GreaterEqual, std::move(subject),
                                      makeLiteral(literalSpan, range->first)));
    within.operands.push_back(compare(span, ComparisonOperator::LessEqual, std::move(copy),
                                      makeLiteral(literalSpan, range->last)));
    auto leaf = asOneLeaf(span, makeExpression(span, ValueType::Boolean, std::move(within)));
    return op == ComparisonOperator::Equal ? std::move(leaf) : notOf(std::move(leaf));
}

ExpressionPtr ExpressionBinder::compareAddress(SourceSpan span, ComparisonOperator op,
                                               ExpressionPtr& subject, const Value& literal,
                                               SourceSpan literalSpan)
{
    const auto* const text = std::get_if<std::string>(&literal);
    if (text == nullptr) {
        return nullptr;
    }
    if (isBlock(*text) && isEquality(op)) {
        if (const auto block = CidrBlock::parse(*text)) {
            auto call = cidrCall(span, std::move(subject), {*block});
            return op == ComparisonOperator::Equal ? std::move(call) : notOf(std::move(call));
        }
    }
    if (const auto address = IpAddress::parse(*text)) {
        return compare(span, op, std::move(subject), makeLiteral(literalSpan, *address));
    }
    m_scope
        .error("eql-bad-address", literalSpan,
               fmt::format("'{}' is not an IP string literal", visibleText(*text)))
        .hint = "Write an address such as \"10.0.0.1\" or \"fe80::1\", or a block such as "
                "\"10.0.0.0/8\".";
    return makeLiteral(span, {});
}

// ---------------------------------------------------------------------------------------------
// in, in~

bool ExpressionBinder::checkItem(const syntax::Expression& expression, const Expression& subject,
                                 const Expression& item, std::size_t index)
{
    const ValueType type = subject.type;
    const ValueType itemType = item.type;
    const auto isNumeric = [](ValueType each) {
        return each == ValueType::Long || each == ValueType::Double;
    };
    const bool takesText =
        type == ValueType::Date || type == ValueType::Ip || type == ValueType::Version;
    if (type == ValueType::Null || itemType == ValueType::Null || type == itemType
        || (isNumeric(type) && isNumeric(itemType)) || (takesText && itemType == ValueType::Keyword)
        || (type == ValueType::Date && isNumeric(itemType))) {
        return true;
    }
    const std::size_t number = index + 1;
    const std::size_t lastTwo = number % 100;
    const std::string_view ending = lastTwo >= 11 && lastTwo <= 13 ? "th"
                                    : number % 10 == 1             ? "st"
                                    : number % 10 == 2             ? "nd"
                                    : number % 10 == 3             ? "rd"
                                                                   : "th";
    Diagnostic& diagnostic = m_scope.error(
        "eql-argument-type", item.span,
        fmt::format("{}{} argument of [{}] must be [{}], found value [{}] type [{}]", number,
                    ending, m_scope.source(expression.span), messageTypeName(subject),
                    m_scope.source(item.span), messageTypeName(item)));
    if (type == ValueType::Keyword && literalOf(item) != nullptr) {
        diagnostic.fixes.push_back(
            {item.span, '"' + toText(*literalOf(item)) + '"', "write it as text"});
    }
    return false;
}

ExpressionPtr ExpressionBinder::constantMembership(SourceSpan span, const Value& subject,
                                                   const std::vector<ExpressionPtr>& items,
                                                   bool caseInsensitive)
{
    Value result = false;
    for (const ExpressionPtr& item : items) {
        const auto equal = equalValues(subject, *literalOf(*item), caseInsensitive);
        result = kleeneOr(result, equal ? Value(*equal) : Value());
    }
    return makeLiteral(span, result);
}

ExpressionPtr ExpressionBinder::bindMembership(const syntax::Expression& expression,
                                               const syntax::InPredicate& in)
{
    const SourceSpan span = expression.span;
    ExpressionPtr subject = bind(*in.subject);
    std::vector<ExpressionPtr> items;
    items.reserve(in.items.size());
    bool fits = true;
    for (std::size_t i = 0; i < in.items.size(); ++i) {
        ExpressionPtr item = bind(*in.items[i]);
        if (literalOf(*item) == nullptr && (!m_scope.isEndpoint() || !isFieldLike(*subject))) {
            m_scope
                .error("eql-field-comparison", item->span,
                       fmt::format("Comparisons against fields are not (currently) supported; "
                                   "offender [{}] in [{}]",
                                   m_scope.source(item->span), m_scope.source(span)))
                .hint = "The list may hold constants only.";
            fits = false;
        } else if (literalOf(*item) != nullptr) {
            fits = checkItem(expression, *subject, *item, i) && fits;
        }
        items.push_back(std::move(item));
    }
    if (in.caseInsensitive && subject->type != ValueType::Keyword
        && subject->type != ValueType::Null) {
        typeError(span, "first", "string", *subject);
        fits = false;
    }
    if (!fits || isNullLiteral(*subject)) {
        return makeLiteral(span, {});
    }
    ExpressionPtr result = membershipOf(expression, in, std::move(subject), std::move(items));
    if (!in.negated) {
        return result;
    }
    if (const Value* const value = literalOf(*result)) {
        return makeLiteral(span, kleeneNot(*value));
    }
    return notOf(std::move(result));
}

ExpressionPtr ExpressionBinder::membershipOf(const syntax::Expression& expression,
                                             const syntax::InPredicate& in, ExpressionPtr subject,
                                             std::vector<ExpressionPtr> items)
{
    const SourceSpan span = expression.span;
    if (const Value* const constant = literalOf(*subject)) {
        return constantMembership(span, *constant, items, in.caseInsensitive);
    }
    Membership plain;
    plain.caseInsensitive = in.caseInsensitive;
    // What no list of plain values can say: blocks, spans of time, other fields.
    std::vector<ExpressionPtr> others;
    for (ExpressionPtr& item : items) {
        const Value* const value = literalOf(*item);
        if (value != nullptr && isNull(*value)) {
            continue;
        }
        if (value == nullptr && in.caseInsensitive) {
            Comparison folded;
            folded.caseInsensitive = true;
            folded.left = copyFieldLike(*subject);
            folded.right = asText(std::move(item));
            others.push_back(makeExpression(span, ValueType::Boolean, std::move(folded)));
        } else if (value == nullptr) {
            others.push_back(
                compare(span, ComparisonOperator::Equal, copyFieldLike(*subject), std::move(item)));
        } else if (isFieldLike(*subject)
                   && (subject->type == ValueType::Date || subject->type == ValueType::Ip)) {
            ExpressionPtr copy = copyFieldLike(*subject);
            others.push_back(compareWithLiteral(expression, ComparisonOperator::Equal,
                                                std::move(copy), *value, item->span));
            const auto* const comparison = std::get_if<Comparison>(&others.back()->node);
            const Value* const right =
                comparison != nullptr ? literalOf(*comparison->right) : nullptr;
            if (right != nullptr && typeOf(*right) == subject->type) {
                plain.items.push_back(*right);
                others.pop_back();
            }
        } else {
            plain.items.push_back(convert(subject->type, *value).value_or(*value));
        }
    }
    if (plain.items.empty() && others.empty()) {
        return makeLiteral(span, {});
    }
    if (!plain.items.empty()) {
        plain.subject = others.empty() ? std::move(subject) : copyFieldLike(*subject);
        others.push_back(makeExpression(span, ValueType::Boolean, std::move(plain)));
    }
    if (others.size() == 1) {
        return std::move(others.front());
    }
    return makeExpression(span, ValueType::Boolean, Logical{false, std::move(others)});
}

} // namespace sequela::eql
