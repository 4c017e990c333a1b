#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/case_index.h"
#include "core/engine/compiled_expression.h"
#include "core/engine/kept_rows.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::engine {

/// What is known of one value against a leaf.
namespace verdict {
inline constexpr std::uint8_t known = 1;
/// CompiledExpression::isHit.
inline constexpr std::uint8_t hit = 2;
/// The text is no value of the field's type.
inline constexpr std::uint8_t noValue = 4;
} // namespace verdict

/// One leaf predicate made ready to run, with the answers found so far. Shared by all runs; answers
/// only ever get more, so evaluation may go on from several threads. The negation of a leaf is not
/// part of it.
class Leaf {
public:
    /// How rows are answered.
    enum class Shape : std::uint8_t {
        /// No field: one answer for all.
        Constant,
        /// Once per distinct value.
        OneField,
        /// Once per distinct combination of values.
        SeveralFields,
        /// Per row: the document, the ancestry or another event is asked.
        PerRow,
    };
    /// Short cuts that read the dictionary text of a keyword field without building values.
    enum class Kernel : std::uint8_t { Generic, HasText, TextEqual, TextSet, Patterns };

    /// Compiles @p expression; @p filters collects the `descendant of` filters of the query.
    [[nodiscard]] static Result<std::shared_ptr<Leaf>>
    compile(const eql::Expression& expression, std::span<const eql::BoundField> queryFields,
            CaseIndex& index, std::vector<const eql::DescendantOf*>& filters);
    /// `field == text`, as categories are tested.
    [[nodiscard]] static std::shared_ptr<Leaf>
    textEquals(const eql::BoundField& field, const std::string& text, CaseIndex& index);

    CompiledExpression expression;
    std::vector<eql::BoundField> fields;
    /// Column of each field, nothing if the data has none.
    std::vector<std::optional<FieldId>> fieldIds;
    /// Columns that exist if the array of an array search does.
    std::vector<FieldId> arrayFields;
    Shape shape = Shape::PerRow;
    Kernel kernel = Kernel::Generic;
    /// Answers depend on the event alone, and cannot warn: they may be kept.
    bool isCacheable = false;
    bool isFallible = false;
    bool usesStages = false;
    /// Relative price of one row: of its code, and of its part of testing the distinct values.
    double cost = 1.0;

    /// Rows with a known answer and, of these, the rows that hold. Null `known` is every row, null
    /// `holding` none.
    struct Answers {
        bool isPresent = false;
        std::shared_ptr<const KeptRows> known;
        std::shared_ptr<const KeptRows> holding;
    };
    [[nodiscard]] Answers answers(SegmentNumber segment) const;
    void keep(SegmentNumber segment, Answers answers);

    /// Verdicts by case-wide value number, for at least @p valueCount values.
    using Verdicts = std::vector<std::atomic<std::uint8_t>>;
    [[nodiscard]] std::shared_ptr<Verdicts> sharedVerdicts(std::uint32_t valueCount);

    /// Share of rows that hold: measured, or as the counts of the field suggest while nothing is
    /// known.
    [[nodiscard]] double selectivity() const;
    /// Whether enough rows have been tested to trust the share.
    [[nodiscard]] bool isMeasured() const;
    void noteTested(std::uint64_t tested, std::uint64_t holding);
    [[nodiscard]] std::size_t byteCount() const { return m_byteCount; }

private:
    void chooseShape(const ExpressionContext& context, CaseIndex& index);
    void chooseKernel();
    void estimate(const CaseIndex& index);

    mutable std::mutex m_mutex;
    std::vector<Answers> m_answers;
    std::shared_ptr<Verdicts> m_verdicts;
    double m_expected = 0.5;
    std::atomic<std::size_t> m_byteCount = 0;
    std::atomic<std::uint64_t> m_tested = 0;
    std::atomic<std::uint64_t> m_holding = 0;
};

} // namespace sequela::engine
