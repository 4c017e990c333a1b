#include "core/engine/leaf.h"

#include "core/engine/limits.h"

#include <algorithm>
#include <bit>

namespace sequela::engine {

namespace {

using Node = CompiledExpression::Node;
using NodeKind = CompiledExpression::NodeKind;

/// Paths of all array searches of the document, outermost only.
void collectArrayPaths(const Node& node, std::vector<std::string>& paths)
{
    if (node.search && !node.search->outerVariable) {
        paths.push_back(node.search->path);
    }
    for (const Node& child : node.children) {
        collectArrayPaths(child, paths);
    }
}

double costOf(const Node& node)
{
    double cost = 1.0;
    switch (node.kind) {
    case NodeKind::TextMatch:
        cost = node.isRegex ? 30.0 : 8.0;
        break;
    case NodeKind::Call:
        cost = 10.0;
        break;
    case NodeKind::ArraySearch:
        cost = 3000.0;
        break;
    default:
        break;
    }
    for (const Node& child : node.children) {
        cost += costOf(child);
    }
    return cost;
}

bool isFieldReference(const Node& node)
{
    return node.kind == NodeKind::Reference;
}

const std::string* textLiteral(const Node& node)
{
    return node.kind == NodeKind::Literal ? std::get_if<std::string>(&node.literal) : nullptr;
}

} // namespace

Result<std::shared_ptr<Leaf>> Leaf::compile(const eql::Expression& expression,
                                            std::span<const eql::BoundField> queryFields,
                                            CaseIndex& index,
                                            std::vector<const eql::DescendantOf*>& filters)
{
    ExpressionContext context;
    context.queryFields = queryFields;
    context.descendantFilters = &filters;
    auto compiled = CompiledExpression::compile(expression, context);
    if (!compiled) {
        return std::unexpected(std::move(compiled).error());
    }
    auto leaf = std::make_shared<Leaf>();
    leaf->expression = std::move(*compiled);
    leaf->chooseShape(context, index);
    leaf->chooseKernel();
    leaf->estimate(index);
    return leaf;
}

std::shared_ptr<Leaf> Leaf::textEquals(const eql::BoundField& field, const std::string& text,
                                       CaseIndex& index)
{
    eql::Comparison comparison;
    comparison.left = std::make_unique<eql::Expression>();
    comparison.left->node = eql::FieldValue{eql::FieldSlot(0)};
    comparison.right = std::make_unique<eql::Expression>();
    comparison.right->node = eql::Literal{text};
    eql::Expression expression;
    expression.node = std::move(comparison);
    const eql::BoundField asText{field.name, schema::FieldType::Keyword};
    std::vector<const eql::DescendantOf*> noFilters;
    // A comparison has no pattern that could fail to compile.
    return *compile(expression, std::span(&asText, 1), index, noFilters);
}

void Leaf::chooseShape(const ExpressionContext& context, CaseIndex& index)
{
    fields = context.fields;
    for (const eql::BoundField& field : fields) {
        fieldIds.push_back(index.source().field(field.name));
    }
    isFallible = context.isFallible;
    usesStages = context.usesStages;
    isCacheable = !isFallible && !usesStages && !context.usesDescendants;
    cost = costOf(expression.root());
    if (context.usesArraySearch || context.usesDescendants || usesStages) {
        shape = Shape::PerRow;
    } else if (fields.empty()) {
        shape = Shape::Constant;
    } else {
        shape = fields.size() == 1 ? Shape::OneField : Shape::SeveralFields;
    }
    if (shape == Shape::SeveralFields) {
        cost *= 20.0;
    }
    std::vector<std::string> paths;
    collectArrayPaths(expression.root(), paths);
    const auto seen = index.source().fields();
    for (std::uint32_t field = 0; field < seen.size(); ++field) {
        const std::string& name = seen[field].name;
        const bool isInside = std::ranges::any_of(paths, [&](const std::string& path) {
            return name.starts_with(path)
                   && (name.size() == path.size() || name[path.size()] == '.');
        });
        if (isInside) {
            arrayFields.push_back(FieldId(field));
        }
    }
}

void Leaf::chooseKernel()
{
    if (shape != Shape::OneField || fields.front().type != schema::FieldType::Keyword) {
        return;
    }
    const Node& root = expression.root();
    if (expression.isNullTest()) {
        kernel = isFieldReference(root) ? Kernel::HasText : Kernel::Generic;
        return;
    }
    const bool readsField = !root.children.empty() && isFieldReference(root.children.front());
    if (root.kind == NodeKind::Comparison && !root.caseInsensitive
        && root.comparison == eql::ComparisonOperator::Equal && readsField
        && textLiteral(root.children[1]) != nullptr) {
        kernel = Kernel::TextEqual;
    } else if (root.kind == NodeKind::Membership && readsField) {
        kernel = Kernel::TextSet;
    } else if (root.kind == NodeKind::TextMatch && readsField) {
        kernel = Kernel::Patterns;
    }
}

Leaf::Answers Leaf::answers(SegmentNumber segment) const
{
    const std::scoped_lock lock(m_mutex);
    return segment.index() < m_answers.size() ? m_answers[segment.index()] : Answers{};
}

void Leaf::keep(SegmentNumber segment, Answers answers)
{
    const auto bytes = [](const Answers& part) {
        return (part.known ? part.known->byteCount() + 64 : 0)
               + (part.holding ? part.holding->byteCount() + 64 : 0);
    };
    answers.isPresent = true;
    const std::scoped_lock lock(m_mutex);
    if (segment.index() >= m_answers.size()) {
        const std::size_t size = std::bit_ceil(segment.index() + 1);
        m_byteCount += (size - m_answers.size()) * sizeof(Answers);
        m_answers.resize(size);
    }
    Answers& slot = m_answers[segment.index()];
    m_byteCount += bytes(answers);
    m_byteCount -= bytes(slot);
    slot = std::move(answers);
}

std::shared_ptr<Leaf::Verdicts> Leaf::sharedVerdicts(std::uint32_t valueCount)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_verdicts || m_verdicts->size() < valueCount) {
        auto grown = std::make_shared<Verdicts>(std::bit_ceil(valueCount + 1));
        const std::size_t oldSize = m_verdicts ? m_verdicts->size() : 0;
        for (std::size_t at = 0; at < oldSize; ++at) {
            (*grown)[at].store((*m_verdicts)[at].load(std::memory_order_relaxed),
                               std::memory_order_relaxed);
        }
        m_byteCount += grown->size() - oldSize;
        m_verdicts = std::move(grown);
    }
    return m_verdicts;
}

void Leaf::estimate(const CaseIndex& index)
{
    if (shape != Shape::OneField) {
        return;
    }
    const bool isNullTest = expression.isNullTest();
    const std::uint32_t events = index.source().eventCount();
    if (!fieldIds.front() || events == 0) {
        m_expected = isNullTest ? 1.0 : 0.0;
        cost = 0.0;
        return;
    }
    const schema::SeenField& seen = index.source().fields()[fieldIds.front()->index()];
    const auto all = static_cast<double>(events);
    const double present = static_cast<double>(seen.eventCount) / all;
    const auto distinct = static_cast<double>(seen.stringCount + seen.integerCount
                                              + seen.fractionCount + seen.booleanCount);
    constexpr double perCode = 1.0;
    cost = perCode + cost * std::min(1.0, distinct / all);
    if (isNullTest) {
        m_expected = 1.0 - present;
        return;
    }
    const CompiledExpression::Node& root = expression.root();
    double items = 0.0;
    if (kernel == Kernel::TextEqual) {
        items = 1.0;
    } else if (root.kind == NodeKind::Membership) {
        items = static_cast<double>(root.items.size());
    } else if (root.kind == NodeKind::TextMatch) {
        // A pattern fits several values, and more of them where there are more.
        constexpr double valuesOfPattern = 4.0;
        items = valuesOfPattern;
    }
    const double valuesPerSegment = distinct / static_cast<double>(index.segmentCount());
    constexpr double unknownShare = 0.5;
    m_expected =
        present * (items == 0.0 ? unknownShare : std::min(1.0, items / (1.0 + valuesPerSegment)));
}

double Leaf::selectivity() const
{
    const std::uint64_t tested = m_tested.load(std::memory_order_relaxed);
    return tested == 0 ? m_expected
                       : static_cast<double>(m_holding.load(std::memory_order_relaxed))
                             / static_cast<double>(tested);
}

bool Leaf::isMeasured() const
{
    return m_tested.load(std::memory_order_relaxed) >= limits::rowsMeasured;
}

void Leaf::noteTested(std::uint64_t tested, std::uint64_t holding)
{
    m_tested.fetch_add(tested, std::memory_order_relaxed);
    m_holding.fetch_add(holding, std::memory_order_relaxed);
}

} // namespace sequela::engine
