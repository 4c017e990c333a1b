#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "core/eql/dialect.h"
#include "core/eql/value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The checked form of a query, the only one the engine accepts: every name is looked up, every
/// type checked, constants folded, nulls settled (eql.md 3.2). There is no way to build one from
/// text except the binder.
namespace sequela::eql {

/// Index into BoundQuery::fields.
using FieldSlot = StrongId<struct FieldSlotTag>;

struct BoundField {
    /// Column name (an alias is already replaced by its target).
    std::string name;
    schema::FieldType type = schema::FieldType::Keyword;

    bool operator==(const BoundField&) const = default;
};

// ---------------------------------------------------------------------------------------------
// Expressions: three-valued (null is a value), evaluated for one combination of field values.

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Literal {
    Value value;
};
/// One value of a field of the event under test; the engine binds it (existentially, eql.md 3.4).
struct FieldValue {
    FieldSlot field;
};
/// Endpoint: a field of the event that filled an earlier stage (`event0.process.pid`).
struct StageFieldValue {
    std::uint32_t stage = 0;
    FieldSlot field;
};
/// Endpoint: `$entry.path` inside _arraysearch; an empty path is the element itself.
struct ElementValue {
    std::uint32_t variable = 0;
    std::string path;
};
enum class ArithmeticOperator : std::uint8_t { Add, Subtract, Multiply, Divide, Modulo };
struct Arithmetic {
    ArithmeticOperator op = ArithmeticOperator::Add;
    ExpressionPtr left;
    ExpressionPtr right;
};
struct Negation {
    ExpressionPtr operand;
};
enum class ComparisonOperator : std::uint8_t {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual
};
/// Operands have compatible types: literals were converted to the other side's type (dates,
/// addresses, versions). NotEqual stands only inside larger expressions; as a condition `a != 1` is
/// the negated leaf `a == 1`.
struct Comparison {
    ComparisonOperator op = ComparisonOperator::Equal;
    /// Endpoint: `a : b` between fields is equality that ignores case; a field's `*` is no
    /// wildcard.
    bool caseInsensitive = false;
    ExpressionPtr left;
    ExpressionPtr right;
};
/// `x == null`: true iff the operand is null. (`x != null` is its negation.)
struct IsNull {
    ExpressionPtr operand;
};
/// `: like like~` (wildcards) and `regex regex~`; true if any pattern matches the whole text.
struct TextMatch {
    bool isRegex = false;
    bool caseInsensitive = false;
    ExpressionPtr subject;
    std::vector<std::string> patterns;
};
/// `in`, `in~`: items are non-null, of the subject's type. A null item in the list only matters
/// when nothing else matches; it has been dropped, since a leaf counts null as false.
struct Membership {
    bool caseInsensitive = false;
    ExpressionPtr subject;
    std::vector<Value> items;
};
enum class Function : std::uint8_t {
    Add,
    Between,
    CidrMatch,
    Concat,
    Divide,
    EndsWith,
    IndexOf,
    Length,
    Modulo,
    Multiply,
    Number,
    StartsWith,
    String,
    StringContains,
    Substring,
    Subtract,
};
struct Call {
    Function function = Function::Length;
    bool caseInsensitive = false;
    std::vector<ExpressionPtr> arguments;
    /// For CidrMatch: the parsed blocks, and arguments holds the address only.
    std::vector<CidrBlock> blocks;
};
struct Logical {
    bool isAnd = true;
    std::vector<ExpressionPtr> operands;
};
struct Not {
    ExpressionPtr operand;
};
/// Endpoint: true if the predicate holds for some element of the array at `path`, taken from the
/// document as objects, not flattened; or, nested, of the array at `path` inside an outer element.
struct ArraySearch {
    std::string path;
    /// The variable the path starts from, nothing for the document itself.
    std::optional<std::uint32_t> outerVariable;
    /// Number of the variable the predicate's ElementValues refer to.
    std::uint32_t variable = 0;
    ExpressionPtr predicate;
};
struct BoundCondition;
/// Endpoint: an ancestor process of the event's process matched the filter before.
struct DescendantOf {
    /// Category the ancestor's event must have, nothing for any.
    std::optional<std::string> category;
    std::unique_ptr<BoundCondition> condition;
};

struct Expression {
    SourceSpan span;
    ValueType type = ValueType::Null;
    std::variant<Literal, FieldValue, StageFieldValue, ElementValue, Arithmetic, Negation,
                 Comparison, IsNull, TextMatch, Membership, Call, Logical, Not, ArraySearch,
                 DescendantOf>
        node;
};

// ---------------------------------------------------------------------------------------------
// Conditions: two-valued. Negation stands only at leaves and null constants are gone (a null
// constant is False under an even and under an odd number of negations, eql.md 3.2 rule 5), so And,
// Or and leaves are plain set operations.

struct Leaf {
    ExpressionPtr expression;
    /// The leaf holds where the expression holds for no combination of values.
    bool negated = false;
    /// Fields the expression reads (of the event under test), ascending, each once.
    std::vector<FieldSlot> fields;
    /// Canonical text of the expression without the negation: equal texts, equal answers. The key
    /// of leaf caches. Empty where an answer depends on more than the event (StageFieldValue).
    std::string canonical;
};
struct ConstantCondition {
    bool value = false;
};
struct AndCondition {
    std::vector<BoundCondition> operands;
};
struct OrCondition {
    std::vector<BoundCondition> operands;
};

struct BoundCondition {
    /// Of the conjunct as written, negation included.
    SourceSpan span;
    std::variant<ConstantCondition, Leaf, AndCondition, OrCondition> node;
};

struct BoundKey {
    FieldSlot field;
    /// Nothing mapped has this name: the key is always null.
    bool unmapped = false;
    bool optional = false;
};

struct BoundStage {
    SourceSpan span;
    SourceSpan categorySpan;
    /// Nothing for `any`.
    std::optional<std::string> category;
    BoundCondition condition;
    /// Global keys followed by the stage's own.
    std::vector<BoundKey> keys;
    /// `![ … ]`.
    bool missing = false;
    /// `with runs=n`; the engine expands.
    std::uint32_t runs = 1;
};

enum class BoundQueryKind : std::uint8_t { Event, Sequence, Sample };

struct BoundPipe {
    bool isHead = true;
    std::uint64_t count = 0;
};

struct BoundQuery {
    BoundQueryKind kind = BoundQueryKind::Event;
    Dialect dialect = Dialect::Elasticsearch;
    std::vector<BoundField> fields;
    /// Field that categories are compared with; nothing if the data has no such field.
    std::optional<FieldSlot> categoryField;
    /// One for an event query.
    std::vector<BoundStage> stages;
    std::optional<BoundStage> until;
    std::optional<std::int64_t> maxspanMs;
    std::vector<BoundPipe> pipes;
    /// Canonical print of the whole query: layout and comments do not change it.
    std::string canonical;
};

} // namespace sequela::eql
