#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/text_signature.h"
#include "core/eql/bound_query.h"
#include "core/eql/scalar.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace sequela::engine {

class CompiledExpression;

/// A value an expression reads anew for every combination.
struct Reference {
    enum class Kind : std::uint8_t { Field, StageField, Element };
    Kind kind = Kind::Field;
    /// Field, StageField: index into ExpressionContext::fields.
    std::uint32_t field = 0;
    /// StageField: the stage as written. Element: the variable.
    std::uint32_t owner = 0;
    /// Element: path inside the element.
    std::string path;

    bool operator==(const Reference&) const = default;
};

/// Two-valued condition inside `_arraysearch`: leaves are existential, as everywhere.
struct CompiledPredicate {
    enum class Kind : std::uint8_t { And, Or, Not, Leaf };
    Kind kind = Kind::Leaf;
    std::vector<CompiledPredicate> operands;
    std::unique_ptr<CompiledExpression> leaf;
};

struct CompiledArraySearch {
    std::string path;
    std::optional<std::uint32_t> outerVariable;
    std::uint32_t variable = 0;
    CompiledPredicate predicate;
};

/// What an expression asks of the event under test besides values. Implemented by whoever has one.
class ExpressionScope {
public:
    ExpressionScope() = default;
    virtual ~ExpressionScope() = default;
    ExpressionScope(const ExpressionScope&) = delete;
    ExpressionScope& operator=(const ExpressionScope&) = delete;

    /// A value of the event made an operation impossible; its result is null.
    virtual void runtimeError(const std::string& message) = 0;
    virtual bool arraySearch(const CompiledArraySearch& search) = 0;
    /// Whether the event is a descendant in the sense of filter number @p filter of the query.
    virtual bool isDescendant(std::uint32_t filter) = 0;
};

/// Shared by the expressions of one leaf.
struct ExpressionContext {
    std::span<const eql::BoundField> queryFields;
    /// Fields the leaf reads of any event, each once.
    std::vector<eql::BoundField> fields;
    /// `descendant of` filters in the order met, over the whole query.
    std::vector<const eql::DescendantOf*>* descendantFilters = nullptr;
    bool usesArraySearch = false;
    bool usesDescendants = false;
    bool usesStages = false;
    /// Some values can make an operation fail (division by zero, number("x"), overflow).
    bool isFallible = false;

    [[nodiscard]] std::uint32_t fieldIndex(eql::FieldSlot slot);
};

/// An expression made ready to be evaluated often: patterns compiled, references numbered. Owns
/// everything it needs. Immutable, safe to share.
class CompiledExpression {
public:
    [[nodiscard]] static Result<CompiledExpression> compile(const eql::Expression& expression,
                                                            ExpressionContext& context);

    [[nodiscard]] std::span<const Reference> references() const { return m_references; }
    /// Whether the root is `x == null`. Then the event satisfies it if no combination `isHit`.
    [[nodiscard]] bool isNullTest() const { return m_isNullTest; }
    /// Of a null test: whether the operand has a value; else whether the expression is true.
    /// @p values holds one value a reference.
    [[nodiscard]] bool isHit(std::span<const eql::Value* const> values,
                             ExpressionScope& scope) const;

    /// Root shapes with a short cut over text: see value_test.cpp.
    enum class NodeKind : std::uint8_t {
        Literal,
        Reference,
        Arithmetic,
        Negation,
        Comparison,
        IsNull,
        TextMatch,
        Membership,
        Call,
        CidrMatch,
        And,
        Or,
        Not,
        ArraySearch,
        DescendantOf,
    };
    struct Node {
        NodeKind kind = NodeKind::Literal;
        eql::ArithmeticOperator arithmetic = eql::ArithmeticOperator::Add;
        eql::ComparisonOperator comparison = eql::ComparisonOperator::Equal;
        eql::Function function = eql::Function::Length;
        bool caseInsensitive = false;
        bool isRegex = false;
        /// Reference: index into references(). DescendantOf: filter number.
        std::uint32_t number = 0;
        eql::Value literal;
        std::vector<Node> children;
        std::shared_ptr<const eql::CompiledPatterns> patterns;
        /// What a text must have to match one of the patterns; empty where that says nothing.
        std::vector<TextSignature> signatures;
        std::vector<eql::Value> items;
        /// Items of a membership that are text, folded if insensitive.
        std::unordered_set<std::string> textItems;
        std::vector<CidrBlock> blocks;
        std::shared_ptr<const CompiledArraySearch> search;
    };
    [[nodiscard]] const Node& root() const { return m_root; }

private:
    friend class ExpressionCompiler;

    Node m_root;
    std::vector<Reference> m_references;
    bool m_isNullTest = false;
};

} // namespace sequela::engine
