#include "core/base/similar_names.h"
#include "core/base/text.h"
#include "core/eql/binder_expression.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

std::string_view expectedName(ArgumentType type)
{
    switch (type) {
    case ArgumentType::Any:
        return "any";
    case ArgumentType::String:
    case ArgumentType::ConstantString:
        return "string";
    case ArgumentType::Integer:
    case ArgumentType::ConstantInteger:
        return "integer";
    case ArgumentType::Numeric:
        return "numeric";
    case ArgumentType::Boolean:
        return "boolean";
    case ArgumentType::Ip:
        return "ip";
    }
    return {};
}

bool accepts(ArgumentType expected, ValueType type)
{
    if (type == ValueType::Null) {
        return true;
    }
    switch (expected) {
    case ArgumentType::Any:
        return true;
    case ArgumentType::String:
    case ArgumentType::ConstantString:
        return type == ValueType::Keyword;
    case ArgumentType::Integer:
    case ArgumentType::ConstantInteger:
        return type == ValueType::Long;
    case ArgumentType::Numeric:
        return type == ValueType::Long || type == ValueType::Double;
    case ArgumentType::Boolean:
        return type == ValueType::Boolean;
    case ArgumentType::Ip:
        return type == ValueType::Ip;
    }
    return false;
}

/// The address that a text literal spells.
std::optional<IpAddress> addressOf(const Expression& expression)
{
    const Value* const value = literalOf(expression);
    const auto* const text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    return text != nullptr ? IpAddress::parse(*text) : std::nullopt;
}

ValueType resultType(const FunctionInfo& info, const std::vector<ExpressionPtr>& arguments)
{
    if (info.result != ValueType::Null || info.function == Function::Number) {
        return info.result;
    }
    bool allLong = true;
    for (const ExpressionPtr& argument : arguments) {
        if (argument->type == ValueType::Double) {
            return ValueType::Double;
        }
        allLong = allLong && argument->type == ValueType::Long;
    }
    return allLong ? ValueType::Long : ValueType::Null;
}

bool isArraySearch(std::string_view name)
{
    return equalFolded(name, "arraySearch") || equalFolded(name, "_arraysearch");
}

} // namespace

ExpressionPtr ExpressionBinder::unknownFunction(const syntax::Expression& expression,
                                                const syntax::FunctionCall& call)
{
    std::vector<std::string> foldedNames;
    for (const FunctionInfo& info : functionTable) {
        foldedNames.push_back(foldCase(info.name));
    }
    const std::vector<std::string_view> candidates(foldedNames.begin(), foldedNames.end());
    const std::vector<std::string> similar = similarNames(foldCase(call.name), candidates);
    Diagnostic& diagnostic = m_scope.error(
        "eql-unknown-function", call.nameSpan,
        fmt::format("Unknown function [{}]{}", visibleText(call.name), didYouMean(similar)));
    if (isArraySearch(call.name)) {
        diagnostic.hint = "The endpoint dialect knows it.";
    } else if (equalFolded(call.name, "wildcard") || equalFolded(call.name, "matchLite")
               || equalFolded(call.name, "match")) {
        diagnostic.hint = "Write [field : \"pattern\"] or [field regex \"pattern\"].";
    }
    for (const std::string& name : similar) {
        const std::string proper(findFunction(name)->name);
        diagnostic.fixes.push_back({call.nameSpan, proper, "use " + proper});
    }
    return makeLiteral(expression.span, {});
}

bool ExpressionBinder::checkArguments(const syntax::Expression& expression,
                                      const FunctionInfo& info,
                                      const std::vector<ExpressionPtr>& arguments)
{
    bool fits = true;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Expression& argument = *arguments[i];
        const ArgumentType expected = info.argument(i).type;
        const std::string_view ordinal =
            info.maximumArguments == 1 ? std::string_view() : ordinalName(i);
        const bool wantsConstant =
            expected == ArgumentType::ConstantString || expected == ArgumentType::ConstantInteger;
        if (wantsConstant && literalOf(argument) == nullptr) {
            m_scope.error("eql-argument-constant", argument.span,
                          fmt::format("{}{}argument of [{}] must be a constant, received [{}]",
                                      ordinal, ordinal.empty() ? "" : " ",
                                      m_scope.source(expression.span),
                                      m_scope.source(argument.span)));
            fits = false;
        } else if (expected == ArgumentType::Ip && m_scope.textIsAddress && addressOf(argument)) {
            continue;
        } else if (!accepts(expected, argument.type)) {
            typeError(expression.span, ordinal, expectedName(expected), argument);
            fits = false;
        }
    }
    return fits;
}

ExpressionPtr ExpressionBinder::bindCall(const syntax::Expression& expression,
                                         const syntax::FunctionCall& call)
{
    const SourceSpan span = expression.span;
    if (m_scope.isEndpoint() && isArraySearch(call.name)) {
        return bindArraySearch(expression, call);
    }
    const FunctionInfo* const info = findFunction(call.name);
    std::vector<ExpressionPtr> arguments;
    arguments.reserve(call.arguments.size());
    // Without a function the arguments may be names of another language; one complaint is enough.
    if (info == nullptr) {
        return unknownFunction(expression, call);
    }
    for (const syntax::ExpressionPtr& argument : call.arguments) {
        arguments.push_back(bind(*argument));
        // Section 12 gives fields no types: what a function takes as text is read as text.
        const bool takesText = info->argument(arguments.size() - 1).type == ArgumentType::String;
        if (m_scope.isEndpoint() && takesText && isFieldLike(*arguments.back())) {
            arguments.back() = asText(std::move(arguments.back()));
        }
    }
    if (call.caseInsensitive && !info->hasInsensitiveVariant) {
        Diagnostic& diagnostic =
            m_scope.error("eql-no-insensitive-variant", call.nameSpan,
                          fmt::format("Function [{}] has no case-insensitive variant [{}~]",
                                      info->name, info->name));
        diagnostic.fixes.push_back({{call.nameSpan.begin, call.nameSpan.end},
                                    std::string(info->name),
                                    "use " + std::string(info->name)});
        return makeLiteral(span, {});
    }
    if (arguments.size() < info->minimumArguments
        || arguments.size() > info->maximumArguments.value_or(arguments.size())) {
        m_scope
            .error("eql-arity", span,
                   fmt::format("error building [{}]: {}", foldCase(info->name), arityText(*info)))
            .hint = std::string(info->signature);
        return makeLiteral(span, {});
    }
    if (!checkArguments(expression, *info, arguments)) {
        return makeLiteral(span, {});
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (isNullLiteral(*arguments[i]) && !toleratesNull(info->function, i)) {
            return makeLiteral(span, {});
        }
    }
    if (info->function == Function::CidrMatch) {
        return bindCidrMatch(expression, std::move(arguments));
    }
    std::vector<Value> values;
    for (const ExpressionPtr& argument : arguments) {
        if (const Value* const value = literalOf(*argument)) {
            values.push_back(*value);
        }
    }
    if (values.size() == arguments.size()) {
        return folded(span, callFunction(info->function, call.caseInsensitive, values));
    }
    const bool divides = info->function == Function::Divide || info->function == Function::Modulo;
    if (divides && literalOf(*arguments[1]) != nullptr
        && equalValues(*literalOf(*arguments[1]), Value(std::int64_t{0})) == true) {
        const std::vector<Value> zero{std::int64_t{1}, *literalOf(*arguments[1])};
        return folded(span, callFunction(info->function, false, zero));
    }
    const ValueType type = resultType(*info, arguments);
    Call result;
    result.function = info->function;
    result.caseInsensitive = call.caseInsensitive;
    result.arguments = std::move(arguments);
    return makeExpression(span, type, std::move(result));
}

ExpressionPtr ExpressionBinder::bindCidrMatch(const syntax::Expression& expression,
                                              std::vector<ExpressionPtr> arguments)
{
    Call result;
    result.function = Function::CidrMatch;
    bool fits = true;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const Value* const value = literalOf(*arguments[i]);
        const auto* const text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
        if (text == nullptr) {
            continue;
        }
        if (const auto block = CidrBlock::parse(*text)) {
            result.blocks.push_back(*block);
            continue;
        }
        m_scope
            .error("eql-bad-cidr", arguments[i]->span,
                   fmt::format("'{}' is not an IP string literal", visibleText(*text)))
            .hint = "A block reads \"10.0.0.0/8\" or \"fe80::/10\"; a bare address stands for "
                    "itself.";
        fits = false;
    }
    if (!fits) {
        return makeLiteral(expression.span, {});
    }
    if (const std::optional<IpAddress> address = addressOf(*arguments.front())) {
        const bool inside = std::ranges::any_of(
            result.blocks, [&](const CidrBlock& block) { return block.contains(*address); });
        return makeLiteral(expression.span, Value(inside));
    }
    result.arguments.push_back(std::move(arguments.front()));
    return makeExpression(expression.span, ValueType::Boolean, std::move(result));
}

ExpressionPtr ExpressionBinder::bindArraySearch(const syntax::Expression& expression,
                                                const syntax::FunctionCall& call)
{
    const SourceSpan span = expression.span;
    if (call.arguments.size() != 3) {
        m_scope
            .error("eql-arity", span,
                   fmt::format("error building [{}]: expects exactly three arguments",
                               foldCase(call.name)))
            .hint = "_arraysearch(array, $element, condition)";
        return makeLiteral(span, {});
    }
    const auto* const array = std::get_if<syntax::FieldReference>(&call.arguments[0]->node);
    const auto* const variable = std::get_if<syntax::FieldReference>(&call.arguments[1]->node);
    if (array == nullptr) {
        m_scope.error("eql-array-search", call.arguments[0]->span,
                      fmt::format("first argument of [{}] must be a field that holds an array",
                                  m_scope.source(call.nameSpan)));
    }
    if (variable == nullptr || variable->variable.empty() || !variable->path.empty()) {
        m_scope
            .error("eql-array-search", call.arguments[1]->span,
                   fmt::format("second argument of [{}] must be a variable",
                               m_scope.source(call.nameSpan)))
            .hint = "A variable reads $element.";
        return makeLiteral(span, {});
    }
    ArraySearch search;
    BinderScope::Variable element{variable->variable, m_scope.nextVariable++, {}};
    if (array != nullptr) {
        search.path = array->path;
        element.arrayPath = array->path;
        if (!array->variable.empty()) {
            const auto outer =
                std::ranges::find(m_scope.variables.rbegin(), m_scope.variables.rend(),
                                  array->variable, &BinderScope::Variable::name);
            if (outer == m_scope.variables.rend()) {
                return bindElement(*call.arguments[0], *array);
            }
            search.outerVariable = outer->number;
            element.arrayPath = outer->arrayPath + (array->path.empty() ? "" : ".") + array->path;
        }
    }
    search.variable = element.number;
    m_scope.variables.push_back(std::move(element));
    search.predicate = bind(*call.arguments[2]);
    m_scope.variables.pop_back();
    if (!requireBoolean(span, *search.predicate, "third")) {
        return makeLiteral(span, {});
    }
    return makeExpression(span, ValueType::Boolean, std::move(search));
}

} // namespace sequela::eql
