#include "core/engine/leaf_evaluator.h"

#include "core/base/text.h"
#include "core/engine/limits.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace sequela::engine {

namespace {

using eql::Value;

/// Collects the runtime errors of one value.
class ErrorScope final : public ExpressionScope {
public:
    void runtimeError(const std::string& message) override
    {
        if (std::ranges::find(messages, message) == messages.end()) {
            messages.push_back(message);
        }
    }
    bool arraySearch(const CompiledArraySearch& /*search*/) override { return false; }
    bool isDescendant(std::uint32_t /*filter*/) override { return false; }

    std::vector<std::string> messages;
};

bool kernelHit(const Leaf& leaf, std::string_view text)
{
    const CompiledExpression::Node& root = leaf.expression.root();
    switch (leaf.kernel) {
    case Leaf::Kernel::HasText:
        return true;
    case Leaf::Kernel::TextEqual:
        return text == std::get<std::string>(root.children[1].literal);
    case Leaf::Kernel::TextSet:
        return root.textItems.contains(root.caseInsensitive ? foldCase(text) : std::string(text));
    case Leaf::Kernel::Patterns:
        return root.patterns->matches(text);
    case Leaf::Kernel::Generic:
        break;
    }
    return false;
}

/// A leaf over one field, on one segment.
class OneFieldEvaluator {
public:
    OneFieldEvaluator(Leaf& leaf, SegmentRun& run) : m_leaf(leaf), m_run(run) {}

    /// Answers @p wanted rows, or all rows where that is not dearer: then @p isComplete is set.
    RowSet evaluate(const RowSet& wanted, bool& isComplete)
    {
        const std::uint32_t rowCount = m_run.rowCount();
        const schema::Column* column = nullptr;
        if (m_leaf.fieldIds.front()) {
            auto loaded = m_run.context.index.column(m_run.segment, *m_leaf.fieldIds.front());
            if (!loaded) {
                m_run.fail(std::move(loaded).error());
                return RowSet(rowCount);
            }
            column = *loaded;
        }
        if (column == nullptr) {
            const bool holds = nullHolds();
            countErrors(m_nullErrors, wanted.count());
            isComplete = !m_leaf.isFallible;
            return isComplete ? RowSet(rowCount, holds) : (holds ? wanted : RowSet(rowCount));
        }
        m_column = column;
        m_holdsByCode.assign(column->codeCount(), 0);
        prepareSharedVerdicts();
        const std::uint32_t wantedCount = wanted.count();
        isComplete = !m_leaf.isFallible && column->codeCount() <= wantedCount;
        if (isComplete) {
            return evaluateAllCodes(rowCount);
        }
        RowSet holding(rowCount);
        wanted.forEach([&](std::uint32_t row) {
            const std::uint32_t code = column->code(row);
            if (codeHolds(code)) {
                holding.insert(row);
            }
            if (const auto errors = m_errorsByCode.find(code); errors != m_errorsByCode.end()) {
                countErrors(errors->second, 1);
            }
        });
        return holding;
    }

private:
    enum CodeAnswer : std::uint8_t { Unknown = 0, Holds = 1, Fails = 2 };

    void countErrors(const std::vector<std::string>& messages, std::uint64_t events)
    {
        for (const std::string& message : messages) {
            if (events > 0) {
                m_run.runtimeError(message, events);
            }
        }
    }

    bool nullHolds()
    {
        if (!m_nullAnswer) {
            const Value null;
            const Value* value = &null;
            ErrorScope scope;
            const bool hit = m_leaf.expression.isHit(std::span(&value, 1), scope);
            m_nullAnswer = m_leaf.expression.isNullTest() ? !hit : hit;
            m_nullErrors = std::move(scope.messages);
        }
        return *m_nullAnswer;
    }

    void prepareSharedVerdicts()
    {
        if (m_leaf.isFallible) {
            return;
        }
        const FieldId field = *m_leaf.fieldIds.front();
        m_sharedNumbers = m_run.context.index.sharedValues(m_run.segment, field, *m_column);
        if (m_sharedNumbers != nullptr && !m_sharedNumbers->empty()) {
            const std::uint32_t greatest =
                *std::max_element(m_sharedNumbers->begin(), m_sharedNumbers->end());
            m_shared = m_leaf.sharedVerdicts(greatest + 1);
        }
    }

    std::uint8_t testValue(std::uint32_t valueIndex, std::vector<std::string>& errors)
    {
        ++m_run.valuesTested;
        const std::string_view text = m_column->text(valueIndex);
        if (m_leaf.kernel != Leaf::Kernel::Generic) {
            return kernelHit(m_leaf, text) ? verdict::known | verdict::hit : verdict::known;
        }
        const Value value =
            eql::decodeValue(m_leaf.fields.front().type, text, m_column->kind(valueIndex));
        if (eql::isNull(value)) {
            return verdict::known | verdict::noValue;
        }
        ErrorScope scope;
        const Value* bound = &value;
        const bool hit = m_leaf.expression.isHit(std::span(&bound, 1), scope);
        errors.insert(errors.end(), scope.messages.begin(), scope.messages.end());
        return hit ? verdict::known | verdict::hit : verdict::known;
    }

    std::uint8_t verdictOf(std::uint32_t valueIndex, std::vector<std::string>& errors)
    {
        if (!m_shared) {
            return testValue(valueIndex, errors);
        }
        std::atomic<std::uint8_t>& slot = (*m_shared)[(*m_sharedNumbers)[valueIndex]];
        std::uint8_t known = slot.load(std::memory_order_relaxed);
        if (known == 0) {
            known = testValue(valueIndex, errors);
            slot.store(known, std::memory_order_relaxed);
        }
        return known;
    }

    bool codeHolds(std::uint32_t code)
    {
        std::uint8_t& slot = m_holdsByCode[code];
        if (slot == Unknown) {
            slot = answerCode(code) ? Holds : Fails;
        }
        return slot == Holds;
    }

    bool answerCode(std::uint32_t code)
    {
        std::vector<std::string> errors;
        std::uint32_t scratch = 0;
        bool hasValue = false;
        bool hit = false;
        for (const std::uint32_t value : m_column->valuesOfCode(code, scratch)) {
            const std::uint8_t result = verdictOf(value, errors);
            hasValue = hasValue || (result & verdict::noValue) == 0;
            hit = hit || (result & verdict::hit) != 0;
            // What a leaf that can fail reports must not depend on which value was a hit.
            if (hit && !m_leaf.isFallible) {
                break;
            }
        }
        if (!hasValue) {
            const bool holds = nullHolds();
            errors = m_nullErrors;
            rememberErrors(code, errors);
            return holds;
        }
        rememberErrors(code, errors);
        return m_leaf.expression.isNullTest() ? !hit : hit;
    }

    void rememberErrors(std::uint32_t code, std::vector<std::string>& errors)
    {
        if (!errors.empty()) {
            std::ranges::sort(errors);
            errors.erase(std::ranges::unique(errors).begin(), errors.end());
            m_errorsByCode[code] = std::move(errors);
        }
    }

    RowSet evaluateAllCodes(std::uint32_t rowCount)
    {
        bool any = false;
        for (std::uint32_t code = 0; code < m_column->codeCount(); ++code) {
            // Branch-free below: 1 holds, 0 does not.
            m_holdsByCode[code] = answerCode(code) ? 1 : 0;
            any = any || m_holdsByCode[code] != 0;
        }
        RowSet holding(rowCount);
        if (!any) {
            return holding;
        }
        switch (m_column->codeWidth()) {
        case 1:
            fillRows(m_column->codesAs<std::uint8_t>(), holding);
            break;
        case 2:
            fillRows(m_column->codesAs<std::uint16_t>(), holding);
            break;
        case 4:
            fillRows(m_column->codesAs<std::uint32_t>(), holding);
            break;
        default:
            return RowSet(rowCount, m_holdsByCode[m_column->parts().constantCode] != 0);
        }
        return holding;
    }

    template <typename Code>
    void fillRows(std::span<const Code> codes, RowSet& holding) const
    {
        const std::span<std::uint64_t> words = holding.words();
        for (std::size_t begin = 0; begin < codes.size(); begin += 64) {
            const std::size_t count = std::min<std::size_t>(64, codes.size() - begin);
            std::uint64_t word = 0;
            for (std::size_t bit = 0; bit < count; ++bit) {
                word |= std::uint64_t{m_holdsByCode[codes[begin + bit]]} << bit;
            }
            words[begin / 64] = word;
        }
    }

    Leaf& m_leaf;
    SegmentRun& m_run;
    const schema::Column* m_column = nullptr;
    const std::vector<std::uint32_t>* m_sharedNumbers = nullptr;
    std::shared_ptr<Leaf::Verdicts> m_shared;
    std::vector<std::uint8_t> m_holdsByCode;
    std::optional<bool> m_nullAnswer;
    std::vector<std::string> m_nullErrors;
    std::unordered_map<std::uint32_t, std::vector<std::string>> m_errorsByCode;
};

struct CodesHash {
    std::size_t operator()(const std::vector<std::uint32_t>& codes) const noexcept
    {
        std::uint64_t hash = 1469598103934665603U;
        for (const std::uint32_t code : codes) {
            hash = (hash ^ code) * 1099511628211U;
        }
        return static_cast<std::size_t>(hash);
    }
};

/// Columns of all fields of a leaf in one segment; false where one cannot be read.
bool loadColumns(std::span<const std::optional<FieldId>> fields, SegmentRun& run,
                 std::vector<const schema::Column*>& columns)
{
    for (const std::optional<FieldId>& field : fields) {
        columns.push_back(nullptr);
        if (!field) {
            continue;
        }
        auto column = run.context.index.column(run.segment, *field);
        if (!column) {
            run.fail(std::move(column).error());
            return false;
        }
        columns.back() = *column;
    }
    return true;
}

/// Row by row, each combination of codes once. Rows that caused a warning leave @p wanted: kept
/// answers would not warn again.
RowSet evaluateSeveralFields(Leaf& leaf, RowSet& wanted, SegmentRun& run, DocumentCache& documents)
{
    struct Answer {
        bool holds = false;
        std::vector<std::string> errors;
    };
    RowSet holding(run.rowCount());
    RowSet unsettled(run.rowCount());
    std::vector<const schema::Column*> columns;
    if (!loadColumns(leaf.fieldIds, run, columns)) {
        return holding;
    }
    RowScope scope(run, leaf, documents);
    std::unordered_map<std::vector<std::uint32_t>, Answer, CodesHash> answers;
    std::vector<std::uint32_t> codes(columns.size());
    std::uint32_t steps = 0;
    wanted.forEach([&](std::uint32_t row) {
        if (run.hasFailed()) {
            return;
        }
        if (++steps % limits::stepsPerStopCheck == 0 && run.context.stop.stop_requested()) {
            run.fail(cancelledError());
            return;
        }
        std::ranges::transform(columns, codes.begin(), [&](const schema::Column* column) {
            return column == nullptr ? 0 : column->code(row);
        });
        auto known = answers.find(codes);
        if (known == answers.end()) {
            ++run.valuesTested;
            const bool holds = scope.holds(row);
            known = answers.emplace(codes, Answer{holds, scope.errors()}).first;
        }
        if (known->second.holds) {
            holding.insert(row);
        }
        for (const std::string& message : known->second.errors) {
            run.runtimeError(message, 1);
            unsettled.insert(row);
        }
    });
    wanted -= unsettled;
    return holding;
}

/// Rows whose document can have one of the arrays the leaf searches.
RowSet rowsWithArrays(const Leaf& leaf, const RowSet& wanted, SegmentRun& run)
{
    RowSet rows(run.rowCount());
    std::vector<const schema::Column*> columns;
    const std::vector<std::optional<FieldId>> fields(leaf.arrayFields.begin(),
                                                     leaf.arrayFields.end());
    if (!loadColumns(fields, run, columns)) {
        return rows;
    }
    wanted.forEach([&](std::uint32_t row) {
        const bool isPresent = std::ranges::any_of(columns, [&](const schema::Column* column) {
            return column != nullptr && column->code(row) != 0;
        });
        if (isPresent) {
            rows.insert(row);
        }
    });
    return rows;
}

/// Rows that caused a warning leave @p wanted: kept answers would not warn again.
RowSet evaluatePerRow(Leaf& leaf, RowSet& wanted, SegmentRun& run, DocumentCache& documents)
{
    RowSet holding(run.rowCount());
    RowSet unsettled(run.rowCount());
    const bool onlySearches =
        leaf.expression.root().kind == CompiledExpression::NodeKind::ArraySearch;
    RowSet rows = onlySearches ? rowsWithArrays(leaf, wanted, run) : wanted;
    RowScope scope(run, leaf, documents);
    std::uint32_t steps = 0;
    rows.forEach([&](std::uint32_t row) {
        // Documents are dear: look at the stop request often.
        if (++steps % 64 == 0 && run.context.stop.stop_requested()) {
            run.fail(cancelledError());
        }
        if (run.hasFailed()) {
            return;
        }
        ++run.valuesTested;
        if (scope.holds(row)) {
            holding.insert(row);
        }
        for (const std::string& message : scope.errors()) {
            run.runtimeError(message, 1);
            unsettled.insert(row);
        }
    });
    wanted -= unsettled;
    return holding;
}

RowSet evaluateConstant(Leaf& leaf, const RowSet& wanted, SegmentRun& run, bool& isComplete)
{
    ErrorScope scope;
    const bool hit = leaf.expression.isHit({}, scope);
    const bool holds = leaf.expression.isNullTest() ? !hit : hit;
    for (const std::string& message : scope.messages) {
        run.runtimeError(message, wanted.count());
    }
    isComplete = true;
    return RowSet(run.rowCount(), holds);
}

RowSet evaluate(Leaf& leaf, RowSet& wanted, SegmentRun& run, DocumentCache& documents,
                bool& isComplete)
{
    switch (leaf.shape) {
    case Leaf::Shape::Constant:
        return evaluateConstant(leaf, wanted, run, isComplete);
    case Leaf::Shape::OneField:
        return OneFieldEvaluator(leaf, run).evaluate(wanted, isComplete);
    case Leaf::Shape::SeveralFields:
        return evaluateSeveralFields(leaf, wanted, run, documents);
    case Leaf::Shape::PerRow:
        return evaluatePerRow(leaf, wanted, run, documents);
    }
    return RowSet(run.rowCount());
}

} // namespace

RowSet rowsHolding(Leaf& leaf, const RowSet& candidates, SegmentRun& run, DocumentCache& documents)
{
    if (leaf.usesStages) {
        return candidates;
    }
    Leaf::Answers answers;
    RowSet wanted = candidates;
    if (leaf.isCacheable) {
        answers = leaf.answers(run.segment);
        if (answers.isPresent) {
            if (answers.known) {
                wanted -= *answers.known;
            }
            if (!answers.known || wanted.isEmpty()) {
                RowSet holding = answers.holding ? candidates : RowSet(candidates.rowCount());
                if (answers.holding) {
                    holding &= *answers.holding;
                }
                return holding;
            }
        }
    }
    bool isComplete = false;
    RowSet holding = evaluate(leaf, wanted, run, documents, isComplete);
    if (run.hasFailed()) {
        return RowSet(candidates.rowCount());
    }
    if (leaf.isCacheable) {
        Leaf::Answers grown;
        if (!isComplete) {
            if (answers.holding) {
                holding |= *answers.holding;
            }
            if (answers.known) {
                wanted |= *answers.known;
            }
            grown.known = std::make_shared<const RowSet>(std::move(wanted));
        }
        if (!holding.isEmpty()) {
            grown.holding = std::make_shared<const RowSet>(holding);
        }
        leaf.keep(run.segment, std::move(grown));
    }
    holding &= candidates;
    leaf.noteTested(candidates.count(), holding.count());
    return holding;
}

} // namespace sequela::engine
