#pragma once

#include "core/eql/syntax_tree.h"
#include "tests/oracle/naive_value.h"

#include <functional>
#include <optional>
#include <set>

namespace sequela::oracle {

/// The element that a variable of `_arraysearch` stands for.
struct NaiveElement {
    /// Full name of the array, for the types of what is in it.
    std::string array;
    /// `""` → the element itself, if it is a scalar; else its members.
    NaiveEvent members;
};

/// What names can refer to while one event is under test (section 12 adds all but the event).
struct NaiveScope {
    const NaiveEvent* event = nullptr;
    /// Events of earlier stages by alias.
    std::map<std::string, const NaiveEvent*> aliases;
    std::map<std::string, NaiveElement> variables;
    /// Whether the event is a descendant in the sense of the relation.
    std::function<bool(const eql::syntax::ProcessRelation&)> isDescendant;
};

/// eql.md 3.2 to 6 on one event at a time.
class NaiveEvaluator {
public:
    explicit NaiveEvaluator(const NaiveCatalog& catalog) : m_catalog(catalog) {}

    /// Whether the event is of the filter's category and meets its condition (section 7).
    [[nodiscard]] bool matches(const eql::syntax::Filter& filter, const NaiveScope& scope,
                               const std::string& categoryField) const;
    /// Value of an expression without fields; nothing for what is a query error.
    [[nodiscard]] std::optional<Value> constant(const eql::syntax::Expression& expression) const;

    /// Whether `?name` is the literal null.
    [[nodiscard]] bool isLiteralNull(const eql::syntax::FieldReference& field) const;

private:
    using Bindings = std::map<std::string, Value>;

    [[nodiscard]] Value condition(const eql::syntax::Expression& expression,
                                  const NaiveScope& scope) const;
    [[nodiscard]] std::optional<Value> booleanComparison(const eql::syntax::Binary& binary,
                                                         const NaiveScope& scope) const;
    template <typename Test>
    [[nodiscard]] bool existsBinding(const eql::syntax::Expression& expression,
                                     const NaiveScope& scope, const Test& test) const;
    /// `name`, `alias.name` or `$variable.name` of what the reference reads.
    [[nodiscard]] std::string nameOf(const eql::syntax::FieldReference& field) const;
    [[nodiscard]] std::vector<Value> valuesOfName(const std::string& name,
                                                  const NaiveScope& scope) const;
    [[nodiscard]] Value arraySearch(const eql::syntax::FunctionCall& search,
                                    const NaiveScope& scope) const;
    void collectFields(const eql::syntax::Expression& expression,
                       std::set<std::string>& fields) const;
    [[nodiscard]] bool isConstant(const eql::syntax::Expression& expression) const;
    [[nodiscard]] std::optional<Value> settled(const eql::syntax::Expression& expression) const;
    [[nodiscard]] std::optional<Value> settledLogical(const eql::syntax::Logical& logical) const;
    [[nodiscard]] bool isAlwaysNull(const eql::syntax::Expression& expression) const;
    [[nodiscard]] Value evaluate(const eql::syntax::Expression& expression,
                                 const Bindings& bindings, bool& failed) const;
    [[nodiscard]] Value evaluateBinary(const eql::syntax::Binary& binary, const Bindings& bindings,
                                       bool& failed) const;
    [[nodiscard]] Value evaluateIn(const eql::syntax::InPredicate& in, const Bindings& bindings,
                                   bool& failed) const;
    [[nodiscard]] Value evaluateMatch(const eql::syntax::MatchPredicate& match,
                                      const Bindings& bindings, bool& failed) const;

    const NaiveCatalog& m_catalog;
};

} // namespace sequela::oracle
