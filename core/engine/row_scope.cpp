#include "core/engine/row_scope.h"

#include "core/engine/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::engine {

using eql::Value;

const DocumentCache::Entry& DocumentCache::document(SegmentRun& run, std::uint32_t row)
{
    if (const auto known = m_documents.find(row); known != m_documents.end()) {
        return known->second;
    }
    if (m_documents.size() >= limits::parsedDocuments) {
        m_documents.clear();
    }
    Entry& entry = m_documents[row];
    const CaseIndex& index = run.context.index;
    auto text = index.source().document(EventNumber(index.firstEvent(run.segment) + row));
    if (!text) {
        run.fail(std::move(text).error());
        return entry;
    }
    auto parsed = parseJsonValue(*text);
    if (parsed) {
        entry.value = std::make_unique<JsonValue>(std::move(*parsed));
    } else {
        entry.problem = std::move(parsed).error().message;
    }
    return entry;
}

bool RowScope::holds(std::uint32_t row)
{
    m_row = row;
    m_errors.clear();
    m_witness.clear();
    return holdsForSome(m_leaf.expression);
}

bool RowScope::holdsForSome(const CompiledExpression& expression)
{
    const auto references = expression.references();
    std::vector<std::vector<Value>> lists(references.size());
    std::vector<std::size_t> at(references.size(), 0);
    std::vector<const Value*> values(references.size());
    std::uint64_t combinations = 1;
    for (std::size_t index = 0; index < references.size(); ++index) {
        valuesOf(references[index], lists[index]);
        if (lists[index].empty()) {
            lists[index].emplace_back();
        }
        values[index] = &lists[index].front();
        combinations *= lists[index].size();
        combinations = std::min(combinations, limits::maxValueCombinations + 1);
    }
    if (combinations > limits::maxValueCombinations) {
        runtimeError(fmt::format("an event has more than {} combinations of values in one clause; "
                                 "the rest was left out",
                                 limits::maxValueCombinations));
        combinations = limits::maxValueCombinations;
    }
    bool isHit = false;
    // A leaf that can fail tries every combination, so that what it reports does not depend on
    // which one was a hit.
    for (std::uint64_t tried = 0; tried < combinations; ++tried) {
        const bool hit = expression.isHit(values, *this);
        if (hit && !isHit && m_elements.empty()) {
            m_witness.clear();
            std::ranges::transform(values, std::back_inserter(m_witness),
                                   [](const Value* value) { return *value; });
        }
        isHit = isHit || hit;
        if (isHit && !m_leaf.isFallible) {
            break;
        }
        for (std::size_t index = references.size(); index-- > 0;) {
            if (++at[index] < lists[index].size()) {
                values[index] = &lists[index][at[index]];
                break;
            }
            at[index] = 0;
            values[index] = &lists[index].front();
        }
    }
    return expression.isNullTest() ? !isHit : isHit;
}

bool RowScope::holds(const CompiledPredicate& predicate)
{
    const auto operandHolds = [this](const CompiledPredicate& operand) { return holds(operand); };
    switch (predicate.kind) {
    case CompiledPredicate::Kind::And:
        return std::ranges::all_of(predicate.operands, operandHolds);
    case CompiledPredicate::Kind::Or:
        return std::ranges::any_of(predicate.operands, operandHolds);
    case CompiledPredicate::Kind::Not:
        return !holds(predicate.operands.front());
    case CompiledPredicate::Kind::Leaf:
        return holdsForSome(*predicate.leaf);
    }
    return false;
}

void RowScope::fieldValues(std::uint32_t field, SegmentNumber segment, std::uint32_t row,
                           std::vector<Value>& values)
{
    if (!m_leaf.fieldIds[field]) {
        return;
    }
    auto column = m_run.context.index.column(segment, *m_leaf.fieldIds[field]);
    if (!column) {
        m_run.fail(std::move(column).error());
        return;
    }
    if (*column == nullptr) {
        return;
    }
    std::uint32_t scratch = 0;
    for (const std::uint32_t value : (*column)->valuesOfCode((*column)->code(row), scratch)) {
        Value decoded = eql::decodeValue(m_leaf.fields[field].type, (*column)->text(value),
                                         (*column)->kind(value));
        if (!eql::isNull(decoded)) {
            values.push_back(std::move(decoded));
        }
    }
}

void RowScope::valuesOf(const Reference& reference, std::vector<Value>& values)
{
    switch (reference.kind) {
    case Reference::Kind::Field:
        fieldValues(reference.field, m_run.segment, m_row, values);
        return;
    case Reference::Kind::StageField: {
        if (reference.owner >= m_stageEvents.size() || !m_stageEvents[reference.owner]) {
            return;
        }
        const EventNumber event = *m_stageEvents[reference.owner];
        const CaseIndex& index = m_run.context.index;
        const SegmentNumber segment = index.source().segmentOf(event);
        fieldValues(reference.field, segment, event.value() - index.firstEvent(segment), values);
        return;
    }
    case Reference::Kind::Element:
        break;
    }
    const auto bound = std::find_if(m_elements.rbegin(), m_elements.rend(), [&](const auto& entry) {
        return entry.first == reference.owner;
    });
    if (bound == m_elements.rend()) {
        return;
    }
    std::vector<const JsonValue*> found;
    collectAt(*bound->second, reference.path, found);
    for (const JsonValue* value : found) {
        if (value->kind == JsonValue::Kind::Scalar && !eql::isNull(value->scalar)) {
            values.push_back(value->scalar);
        }
    }
}

void RowScope::runtimeError(const std::string& message)
{
    if (std::ranges::find(m_errors, message) == m_errors.end()) {
        m_errors.push_back(message);
    }
}

bool RowScope::arraySearch(const CompiledArraySearch& search)
{
    const JsonValue* start = nullptr;
    if (search.outerVariable) {
        const auto bound =
            std::find_if(m_elements.rbegin(), m_elements.rend(),
                         [&](const auto& entry) { return entry.first == *search.outerVariable; });
        start = bound == m_elements.rend() ? nullptr : bound->second;
    } else {
        const DocumentCache::Entry& entry = m_documents.document(m_run, m_row);
        if (!entry.problem.empty()) {
            runtimeError(entry.problem);
        }
        start = entry.value.get();
    }
    if (start == nullptr) {
        return false;
    }
    std::vector<const JsonValue*> elements;
    collectAt(*start, search.path, elements);
    bool isFound = false;
    for (const JsonValue* element : elements) {
        if (element->kind == JsonValue::Kind::Scalar && eql::isNull(element->scalar)) {
            continue;
        }
        m_elements.emplace_back(search.variable, element);
        isFound = holds(search.predicate);
        m_elements.pop_back();
        if (isFound) {
            break;
        }
    }
    return isFound;
}

bool RowScope::isDescendant(std::uint32_t filter)
{
    const auto& sets = m_run.context.descendants;
    const std::uint32_t event = m_run.context.index.firstEvent(m_run.segment) + m_row;
    return filter < sets.size() && sets[filter]->contains(EventNumber(event));
}

} // namespace sequela::engine
