#include "core/engine/leaf_evaluator.h"

#include "core/base/text.h"
#include "core/engine/limits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
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
        if (canLookUp()) {
            isComplete = true;
            lookUp();
            return rowsOfCodes();
        }
        prepareSharedVerdicts();
        prepareSignatures();
        isComplete = !m_leaf.isFallible && column->codeCount() <= wanted.count();
        if (isComplete) {
            return evaluateAllCodes(rowCount);
        }
        switch (column->codeWidth()) {
        case 1:
            return evaluateWanted(wanted, column->codesAs<std::uint8_t>());
        case 2:
            return evaluateWanted(wanted, column->codesAs<std::uint16_t>());
        case 4:
            return evaluateWanted(wanted, column->codesAs<std::uint32_t>());
        default:
            break;
        }
        countErrorsOf(column->parts().constantCode, wanted.count());
        return codeHolds(column->parts().constantCode) ? wanted : RowSet(rowCount);
    }

private:
    enum CodeAnswer : std::uint8_t { Unknown = 0, Holds = 1, Fails = 2 };

    template <typename Code>
    RowSet evaluateWanted(const RowSet& wanted, std::span<const Code> codes)
    {
        RowSet holding(m_run.rowCount());
        std::uint32_t steps = 0;
        wanted.forEach([&](std::uint32_t row) {
            m_run.bytesScanned += sizeof(Code);
            if (++steps % limits::stepsPerStopCheck == 0 && m_run.context.stop.stop_requested()) {
                m_run.fail(cancelledError());
            }
            if (m_run.hasFailed()) {
                return;
            }
            const std::uint32_t code = codes[row];
            if (codeHolds(code)) {
                holding.insert(row);
            }
            countErrorsOf(code, 1);
        });
        return holding;
    }

    /// Counts what went wrong with a code.
    void countErrorsOf(std::uint32_t code, std::uint64_t events)
    {
        if (!m_leaf.isFallible) {
            return;
        }
        static_cast<void>(codeHolds(code));
        if (const auto errors = m_errorsByCode.find(code); errors != m_errorsByCode.end()) {
            countErrors(errors->second, events);
        }
    }

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

    /// Whether the texts asked for can be looked up, which is cheaper than testing many values.
    bool canLookUp()
    {
        const CompiledExpression::Node& root = m_leaf.expression.root();
        const bool isEqual = m_leaf.kernel == Leaf::Kernel::TextEqual;
        if (!isEqual && m_leaf.kernel != Leaf::Kernel::TextSet) {
            return false;
        }
        const std::size_t texts = isEqual ? 1 : root.textItems.size();
        if (m_column->valueCount() <= m_run.context.index.tuning().sharedValuesPerSegment
            || m_column->valueCount() < texts) {
            return false;
        }
        m_table =
            m_run.context.index.valueTable(m_run.segment, *m_leaf.fieldIds.front(), *m_column);
        return m_table != nullptr;
    }

    /// Finds the codes that hold; the leaf is over a keyword field, whose texts are all values.
    void lookUp()
    {
        const CompiledExpression::Node& root = m_leaf.expression.root();
        const auto lookFor = [&](const std::string& text) {
            m_table->forEachLike(foldCase(text), [&](std::uint32_t value) {
                ++m_run.valuesTested;
                m_run.bytesScanned += m_column->text(value).size();
                if (kernelHit(m_leaf, m_column->text(value))) {
                    m_holdsByCode[1 + value] = 1;
                }
            });
        };
        if (m_leaf.kernel == Leaf::Kernel::TextEqual) {
            lookFor(std::get<std::string>(root.children[1].literal));
        } else {
            for (const std::string& text : root.textItems) {
                lookFor(text);
            }
        }
        const std::uint32_t firstList = 1 + m_column->valueCount();
        for (std::uint32_t list = 0; list < m_column->listCount(); ++list) {
            m_holdsByCode[firstList + list] =
                std::ranges::any_of(
                    m_column->list(list),
                    [&](std::uint32_t value) { return m_holdsByCode[1 + value] != 0; })
                    ? 1
                    : 0;
        }
        m_holdsByCode[0] = nullHolds() ? 1 : 0;
    }

    void prepareSignatures()
    {
        const CompiledExpression::Node& root = m_leaf.expression.root();
        if (m_leaf.kernel == Leaf::Kernel::Patterns && !m_shared && !root.signatures.empty()) {
            m_signatures =
                m_run.context.index.signatures(m_run.segment, *m_leaf.fieldIds.front(), *m_column);
        }
    }

    /// Whether a value may match a pattern, as far as can be told without its text.
    bool mayMatch(std::uint32_t valueIndex) const
    {
        const TextSignature& signature = (*m_signatures)[valueIndex];
        return std::ranges::any_of(
            m_leaf.expression.root().signatures,
            [&](const TextSignature& needed) { return signature.mayMatch(needed); });
    }

    void prepareSharedVerdicts()
    {
        if (m_leaf.isFallible) {
            return;
        }
        const FieldId field = *m_leaf.fieldIds.front();
        m_sharedValues = m_run.context.index.sharedValues(m_run.segment, field, *m_column);
        if (m_sharedValues != nullptr && m_sharedValues->end != 0) {
            m_shared = m_leaf.sharedVerdicts(m_sharedValues->end);
        }
    }

    std::uint8_t testValue(std::uint32_t valueIndex, std::vector<std::string>& errors)
    {
        ++m_run.valuesTested;
        if (m_signatures != nullptr) {
            m_run.bytesScanned += sizeof(TextSignature);
            if (!mayMatch(valueIndex)) {
                return verdict::known;
            }
        }
        const std::string_view text = m_column->text(valueIndex);
        m_run.bytesScanned += text.size();
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
        std::atomic<std::uint8_t>& slot = (*m_shared)[m_sharedValues->numbers[valueIndex]];
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
        return m_leaf.isFallible ? answerCounting(code) : answerPlainly(code);
    }

    bool answerPlainly(std::uint32_t code)
    {
        std::uint32_t scratch = 0;
        bool hasValue = false;
        for (const std::uint32_t value : m_column->valuesOfCode(code, scratch)) {
            const std::uint8_t result = verdictOf(value, m_noErrors);
            hasValue = hasValue || (result & verdict::noValue) == 0;
            if ((result & verdict::hit) != 0) {
                return !m_leaf.expression.isNullTest();
            }
        }
        return hasValue ? m_leaf.expression.isNullTest() : nullHolds();
    }

    /// What a leaf that can fail reports must not depend on which value was a hit.
    bool answerCounting(std::uint32_t code)
    {
        std::vector<std::string> errors;
        std::uint32_t scratch = 0;
        bool hasValue = false;
        bool hit = false;
        for (const std::uint32_t value : m_column->valuesOfCode(code, scratch)) {
            const std::uint8_t result = verdictOf(value, errors);
            hasValue = hasValue || (result & verdict::noValue) == 0;
            hit = hit || (result & verdict::hit) != 0;
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
            if (code % limits::stepsPerStopCheck == 0 && m_run.context.stop.stop_requested()) {
                m_run.fail(cancelledError());
                return RowSet(rowCount);
            }
            // Branch-free below: 1 holds, 0 does not.
            m_holdsByCode[code] = answerCode(code) ? 1 : 0;
            any = any || m_holdsByCode[code] != 0;
        }
        return any ? rowsOfCodes() : RowSet(rowCount);
    }

    /// Rows whose code holds.
    RowSet rowsOfCodes()
    {
        const std::uint32_t rowCount = m_run.rowCount();
        if (m_column->codeWidth() == 0) {
            return RowSet(rowCount, m_holdsByCode[m_column->parts().constantCode] != 0);
        }
        RowSet holding(rowCount);
        if (insertFewRows(holding)) {
            return holding;
        }
        m_run.bytesScanned += std::uint64_t{rowCount} * m_column->codeWidth();
        switch (m_column->codeWidth()) {
        case 1:
            fillRows(m_column->codesAs<std::uint8_t>(), holding);
            break;
        case 2:
            fillRows(m_column->codesAs<std::uint16_t>(), holding);
            break;
        default:
            fillRows(m_column->codesAs<std::uint32_t>(), holding);
            break;
        }
        return holding;
    }

    /// Inserts the rows of the codes that hold, unless they are so many that looking at every row
    /// is cheaper.
    bool insertFewRows(RowSet& holding)
    {
        if (m_run.rowCount() < m_run.context.index.tuning().rowsIndexed) {
            return false;
        }
        const RowsByCode* const index =
            m_run.context.index.rowsByCode(m_run.segment, *m_leaf.fieldIds.front(), *m_column);
        if (index == nullptr) {
            return false;
        }
        const auto forEachHolding = [&](const auto& visit) {
            const std::uint8_t* const begin = m_holdsByCode.data();
            const std::uint8_t* const end = begin + m_holdsByCode.size();
            for (const std::uint8_t* at = begin; at != end; ++at) {
                at = static_cast<const std::uint8_t*>(
                    std::memchr(at, 1, static_cast<std::size_t>(end - at)));
                if (at == nullptr) {
                    return;
                }
                visit(index->rows(static_cast<std::uint32_t>(at - begin)));
            }
        };
        std::size_t rows = 0;
        forEachHolding([&](std::span<const std::uint32_t> some) { rows += some.size(); });
        if (rows > m_run.rowCount() / 4) {
            return false;
        }
        m_run.bytesScanned += rows * sizeof(std::uint32_t);
        forEachHolding([&](std::span<const std::uint32_t> some) {
            for (const std::uint32_t row : some) {
                holding.insert(row);
            }
        });
        return true;
    }

    template <typename Code>
    void fillRows(std::span<const Code> codes, RowSet& holding) const
    {
        const std::span<std::uint64_t> words = holding.words();
        std::array<std::uint8_t, 64> flags{};
        for (std::size_t begin = 0; begin < codes.size(); begin += flags.size()) {
            const std::size_t count = std::min(flags.size(), codes.size() - begin);
            for (std::size_t bit = 0; bit < count; ++bit) {
                flags[bit] = m_holdsByCode[codes[begin + bit]];
            }
            std::fill(flags.begin() + static_cast<std::ptrdiff_t>(count), flags.end(),
                      std::uint8_t{0});
            std::uint64_t word = 0;
            for (std::size_t byte = 0; byte < sizeof word; ++byte) {
                word |= packFlags(flags.data() + 8 * byte) << (8 * byte);
            }
            words[begin / 64] = word;
        }
    }

    /// Eight bytes of 0 or 1 as eight bits.
    static std::uint64_t packFlags(const std::uint8_t* flags)
    {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, flags, sizeof bytes);
        return (bytes * 0x0102'0408'1020'4080U) >> 56U;
    }

    Leaf& m_leaf;
    SegmentRun& m_run;
    const schema::Column* m_column = nullptr;
    const CaseIndex::SharedValues* m_sharedValues = nullptr;
    std::shared_ptr<Leaf::Verdicts> m_shared;
    const ValueTable* m_table = nullptr;
    const std::vector<TextSignature>* m_signatures = nullptr;
    std::vector<std::uint8_t> m_holdsByCode;
    std::optional<bool> m_nullAnswer;
    std::vector<std::string> m_nullErrors;
    /// Stays empty: of a leaf that cannot fail.
    std::vector<std::string> m_noErrors;
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

namespace {

/// Applies a kept answer for all candidates; no rows hold where there is none.
void applyKept(const KeptRows* holding, bool negated, RowSet& candidates)
{
    if (holding == nullptr) {
        if (!negated) {
            candidates.clear();
        }
    } else if (negated) {
        holding->removeFrom(candidates);
    } else {
        holding->keepIn(candidates);
    }
}

} // namespace

void keepHolding(Leaf& leaf, bool negated, RowSet& candidates, SegmentRun& run,
                 DocumentCache& documents)
{
    if (leaf.usesStages) {
        return;
    }
    Leaf::Answers answers;
    if (leaf.isCacheable) {
        answers = leaf.answers(run.segment);
        if (answers.isPresent && (!answers.known || answers.known->containAll(candidates))) {
            applyKept(answers.holding.get(), negated, candidates);
            return;
        }
    }
    RowSet wanted = candidates;
    if (answers.known) {
        answers.known->removeFrom(wanted);
    }
    bool isComplete = false;
    RowSet holding = evaluate(leaf, wanted, run, documents, isComplete);
    if (run.hasFailed()) {
        candidates.clear();
        return;
    }
    if (leaf.isCacheable && !isComplete) {
        if (answers.holding) {
            answers.holding->addTo(holding);
        }
        if (answers.known) {
            answers.known->addTo(wanted);
        }
    }
    const std::uint32_t tested = leaf.isMeasured() ? 0 : candidates.count();
    if (negated) {
        candidates -= holding;
    } else {
        candidates &= holding;
    }
    if (tested != 0) {
        const std::uint32_t left = candidates.count();
        leaf.noteTested(tested, negated ? tested - left : left);
    }
    if (leaf.isCacheable) {
        Leaf::Answers grown;
        if (!isComplete) {
            grown.known = std::make_shared<const KeptRows>(std::move(wanted));
        }
        if (!holding.isEmpty()) {
            grown.holding = std::make_shared<const KeptRows>(std::move(holding));
        }
        leaf.keep(run.segment, std::move(grown));
    }
}

} // namespace sequela::engine
