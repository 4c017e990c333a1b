#pragma once

#include "core/base/diagnostic.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the parser makes of a query: names as written, nothing looked up, nothing folded. Every
/// node knows its place in the text. Where the parser had to recover, the tree has
/// `syntax::Missing`.
namespace sequela::eql::syntax {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// A place where an expression should have stood; a diagnostic says so.
struct Missing {};

struct NullLiteral {};
struct BooleanLiteral {
    bool value = false;
};
/// `text` as written (`1e3`, `.5`); a literal without point and exponent is an integer.
struct NumberLiteral {
    std::string text;
    bool isInteger = true;
};
struct StringLiteral {
    /// After escapes.
    std::string value;
    /// Written as """…""".
    bool raw = false;
};
/// `?process.Ext.x`, `` `a b`.c ``: the dotted path with quotes removed.
struct FieldReference {
    std::string path;
    bool optional = false;
    /// `[0]` was written somewhere: an error in both dialects, which the parser has reported.
    bool hasIndex = false;
    /// Endpoint: `$entry.symbol_info`; path then is `symbol_info` (empty for a bare `$entry`) and
    /// variable is `entry`.
    std::string variable;
};
struct FunctionCall {
    /// As written, without the `~`.
    std::string name;
    SourceSpan nameSpan;
    bool caseInsensitive = false;
    std::vector<ExpressionPtr> arguments;
};
enum class UnaryOperator : std::uint8_t { Minus, Plus, Not };
struct Unary {
    UnaryOperator op = UnaryOperator::Minus;
    ExpressionPtr operand;
};
enum class LogicalOperator : std::uint8_t { Or, And };
/// `a and b and c` is one node of three operands, so that a hundred thousand of them are a long
/// list and not a deep tree. An operand that is a Logical of the same operator stood in
/// parentheses.
struct Logical {
    LogicalOperator op = LogicalOperator::And;
    /// Two or more, in order.
    std::vector<ExpressionPtr> operands;
    /// Of the words between the operands: one fewer than operands.
    std::vector<SourceSpan> operatorSpans;
};
/// Comparisons and arithmetic. `a + b + c` leans to the left.
enum class BinaryOperator : std::uint8_t {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
};
struct Binary {
    BinaryOperator op = BinaryOperator::Equal;
    SourceSpan operatorSpan;
    ExpressionPtr left;
    ExpressionPtr right;
};
/// `in`, `in~`, `not in`, `not in~`.
struct InPredicate {
    ExpressionPtr subject;
    bool negated = false;
    bool caseInsensitive = false;
    std::vector<ExpressionPtr> items;
};
/// `:`, `like`, `like~`, `regex`, `regex~` with one constant or a list.
enum class MatchOperator : std::uint8_t { Colon, Like, LikeInsensitive, Regex, RegexInsensitive };
struct MatchPredicate {
    MatchOperator op = MatchOperator::Colon;
    SourceSpan operatorSpan;
    ExpressionPtr subject;
    /// Written with parentheses.
    bool isList = false;
    std::vector<ExpressionPtr> patterns;
};
struct Filter;
/// Endpoint: `descendant of [ process where … ]`; relation is the word before `of`.
struct ProcessRelation {
    std::string relation;
    SourceSpan relationSpan;
    std::unique_ptr<Filter> filter;
};

struct Expression {
    SourceSpan span;
    /// Number of parentheses written around it, for the formatter.
    std::uint32_t parentheses = 0;
    /// Levels of nodes from here down, 1 for a leaf. The parser builds nothing higher than
    /// limits::maximumTreeHeight, so walking and destroying a tree by recursion is safe.
    std::uint32_t height = 1;
    std::variant<Missing, NullLiteral, BooleanLiteral, NumberLiteral, StringLiteral, FieldReference,
                 FunctionCall, Unary, Logical, Binary, InPredicate, MatchPredicate, ProcessRelation>
        node;
};

/// `process where …`, `any where …`, `"my category" where …`.
struct Filter {
    SourceSpan span;
    SourceSpan categorySpan;
    /// Nothing for `any`.
    std::optional<std::string> category;
    ExpressionPtr condition;
};

struct JoinKeys {
    SourceSpan span;
    std::vector<ExpressionPtr> keys;
};

struct Maxspan {
    SourceSpan span;
    /// Number and unit as written; the parser has reported what is wrong with them.
    std::string number;
    std::string unit;
    /// Milliseconds, if it is a positive whole number with a known unit.
    std::optional<std::int64_t> milliseconds;
};

/// One `[ … ]` or `![ … ]` of a sequence, a sample, a join or `until`.
struct Term {
    SourceSpan span;
    bool missing = false;
    Filter filter;
    std::optional<JoinKeys> by;
    /// `with runs=3`; the option's name as written (an unknown one has been reported).
    std::optional<std::int64_t> runs;
    SourceSpan runsSpan;
    /// Endpoint: `as event0`.
    std::string alias;
    SourceSpan aliasSpan;
};

enum class QueryKind : std::uint8_t { Event, Sequence, Sample, Join };

struct Pipe {
    SourceSpan span;
    std::string name;
    SourceSpan nameSpan;
    std::vector<ExpressionPtr> arguments;
};

/// Whole number that an expression of integer literals, signs, parentheses and `+ - * / %` stands
/// for; nothing if it is anything else, overflows or divides by zero. Pipe arguments are such.
[[nodiscard]] std::optional<std::int64_t> integerConstant(const Expression& expression);

struct Query {
    QueryKind kind = QueryKind::Event;
    SourceSpan span;
    /// For Event; absent when the parser found none.
    std::optional<Filter> filter;
    /// For Sequence, Sample and Join.
    std::optional<JoinKeys> by;
    std::optional<Maxspan> maxspan;
    std::vector<Term> terms;
    std::optional<Term> until;
    std::vector<Pipe> pipes;
};

/// The one spelling of a number's value: `7` for `007`, `1500.0` for `1.5e3`. Of the same kind,
/// integer or not, as the literal.
[[nodiscard]] std::string canonicalNumber(const NumberLiteral& number);

/// Whether two trees say the same in the same structure: spans, the number of parentheses and the
/// spelling of numbers and strings do not count.
[[nodiscard]] bool sameTree(const Expression& left, const Expression& right);
[[nodiscard]] bool sameTree(const Query& left, const Query& right);

} // namespace sequela::eql::syntax
