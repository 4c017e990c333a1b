#include "core/casefile/merged_segments.h"

#include "core/casefile/blob_cache.h"
#include "core/casefile/column_codec.h"
#include "core/casefile/value_dictionary.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace sequela::casefile {

namespace {

using schema::Column;
using Times = std::vector<std::int64_t>;

/// One dictionary for the columns of neighboring segments.
class ColumnMerger {
public:
    explicit ColumnMerger(std::uint32_t eventCount) : m_codes(eventCount) {}

    /// Appends the rows of the next segment; without a column none of them has a value.
    [[nodiscard]] bool append(const Column* column, std::uint32_t eventCount)
    {
        if (column != nullptr) {
            if (m_values.bytes().size() + column->parts().text.size()
                > std::numeric_limits<std::uint32_t>::max()) {
                return false;
            }
            translate(*column);
            for (std::uint32_t row = 0; row < eventCount; ++row) {
                m_codes[m_end + row] = m_codeOf[column->code(row)];
            }
            appendDerived(*column, eventCount);
        }
        m_end += eventCount;
        return true;
    }

    [[nodiscard]] std::shared_ptr<const Column> finish()
    {
        Column::Parts parts;
        parts.eventCount = m_end;
        parts.text = m_values.bytes();
        parts.textOffsets = m_values.offsets();
        parts.kinds = m_values.kinds();
        parts.listOffsets = m_lists.offsets();
        parts.listValues = m_lists.values();
        parts.derived = std::move(m_derived);
        const std::uint32_t firstList = 1 + m_values.size();
        for (std::uint32_t& code : m_codes) {
            if ((code & isList) != 0) {
                code = firstList + (code & ~isList);
            }
        }
        const std::uint32_t codeCount = firstList + m_lists.size();
        if (std::ranges::adjacent_find(m_codes, std::ranges::not_equal_to{}) == m_codes.end()) {
            parts.constantCode = m_codes.empty() ? 0 : m_codes.front();
        } else if (codeCount <= 0x100U) {
            narrow<std::uint8_t>(parts);
        } else if (codeCount <= 0x10000U) {
            narrow<std::uint16_t>(parts);
        } else {
            narrow<std::uint32_t>(parts);
        }
        return std::make_shared<const Column>(std::move(parts));
    }

private:
    /// Marks the code of a list until the number of values is known.
    static constexpr std::uint32_t isList = 0x8000'0000U;
    /// Documents cannot choose the order in which values are looked up, and the tables are gone
    /// when the column is there.
    static constexpr std::uint64_t seed = 0x5EC0'E1A5'0F7E'A5E5U;

    void translate(const Column& column)
    {
        m_codeOf.assign(column.codeCount(), 0);
        for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
            m_codeOf[1 + value] = 1 + m_values.intern(column.text(value), column.kind(value));
        }
        for (std::uint32_t list = 0; list < column.listCount(); ++list) {
            m_list.clear();
            for (const std::uint32_t value : column.list(list)) {
                m_list.push_back(m_codeOf[1 + value] - 1);
            }
            m_codeOf[1 + column.valueCount() + list] = isList | m_lists.intern(m_list);
        }
    }

    void appendDerived(const Column& column, std::uint32_t eventCount)
    {
        if (column.parts().derived.empty()) {
            return;
        }
        m_derived.resize((m_codes.size() + 63) / 64);
        for (std::uint32_t row = 0; row < eventCount; ++row) {
            const std::uint32_t at = m_end + row;
            m_derived[at / 64] |= std::uint64_t{column.isDerived(row)} << (at % 64);
        }
    }

    template <typename Code>
    void narrow(Column::Parts& parts) const
    {
        parts.codeWidth = sizeof(Code);
        parts.codes.resize(m_codes.size() * sizeof(Code));
        std::ranges::transform(m_codes, reinterpret_cast<Code*>(parts.codes.data()),
                               [](std::uint32_t code) { return static_cast<Code>(code); });
    }

    ValueDictionary m_values{seed};
    ListDictionary m_lists{seed};
    std::vector<std::uint32_t> m_codes;
    std::vector<std::uint64_t> m_derived;
    std::uint32_t m_end = 0;
    // Of the segment under way.
    std::vector<std::uint32_t> m_codeOf;
    std::vector<std::uint32_t> m_list;
};

class MergedSource final : public schema::ColumnSource {
public:
    MergedSource(std::shared_ptr<const schema::ColumnSource> source, const MergeOptions& options);

    [[nodiscard]] std::uint32_t eventCount() const override { return m_source->eventCount(); }
    [[nodiscard]] std::span<const schema::Segment> segments() const override { return m_segments; }
    [[nodiscard]] std::span<const schema::SeenField> fields() const override
    {
        return m_source->fields();
    }
    [[nodiscard]] std::optional<FieldId> field(std::string_view name) const override
    {
        return m_source->field(name);
    }
    [[nodiscard]] Result<std::shared_ptr<const Column>> column(SegmentNumber segment,
                                                               FieldId field) const override;
    [[nodiscard]] Result<std::shared_ptr<const Times>> times(SegmentNumber segment,
                                                             FieldId field) const override;
    [[nodiscard]] Result<std::string> document(EventNumber event) const override
    {
        return m_source->document(event);
    }
    [[nodiscard]] Result<schema::EventOrigin> origin(EventNumber event) const override
    {
        return m_source->origin(event);
    }
    [[nodiscard]] Result<std::string> identity(EventNumber event) const override
    {
        return m_source->identity(event);
    }

private:
    /// Segments of the source, [first, end).
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t end = 0;
    };
    [[nodiscard]] Result<std::shared_ptr<const Column>> merge(const Range& range, FieldId field,
                                                              std::uint32_t eventCount) const;

    std::shared_ptr<const schema::ColumnSource> m_source;
    std::vector<schema::Segment> m_segments;
    std::vector<Range> m_ranges;
    mutable BlobCache m_cache;
};

MergedSource::MergedSource(std::shared_ptr<const schema::ColumnSource> source,
                           const MergeOptions& options)
    : m_source(std::move(source)), m_cache(options.cacheBytes)
{
    const std::span<const schema::Segment> parts = m_source->segments();
    for (std::uint32_t number = 0; number < parts.size(); ++number) {
        const schema::Segment& part = parts[number];
        const bool joins =
            !m_segments.empty() && m_segments.back().source == part.source
            && m_segments.back().originRank == part.originRank
            && m_segments.back().eventCount < options.eventsPerSegment
            && part.eventCount <= options.eventsPerSegment - m_segments.back().eventCount
            && number - m_ranges.back().first < limits::mergedSegments;
        if (joins) {
            m_segments.back().eventCount += part.eventCount;
            m_ranges.back().end = number + 1;
        } else {
            m_segments.push_back(part);
            m_ranges.push_back({number, number + 1});
        }
    }
}

Result<std::shared_ptr<const Column>> MergedSource::column(SegmentNumber segment,
                                                           FieldId field) const
{
    const Range& range = m_ranges[segment.index()];
    if (range.end - range.first == 1) {
        return m_source->column(SegmentNumber(range.first), field);
    }
    const BlobCache::Key key{BlobCache::Kind::Column, segment.value(), field.value(), 0};
    if (auto known = m_cache.find<Column>(key)) {
        return std::move(*known);
    }
    auto merged = merge(range, field, m_segments[segment.index()].eventCount);
    if (!merged) {
        return merged;
    }
    const std::size_t bytes = *merged ? memoryOf(**merged) : 0;
    return m_cache.keep<Column>(key, std::move(*merged), bytes);
}

Result<std::shared_ptr<const Column>> MergedSource::merge(const Range& range, FieldId field,
                                                          std::uint32_t eventCount) const
{
    ColumnMerger merger(eventCount);
    bool isPresent = false;
    for (std::uint32_t number = range.first; number < range.end; ++number) {
        auto column = m_source->passingColumn(SegmentNumber(number), field);
        if (!column) {
            return column;
        }
        isPresent = isPresent || *column != nullptr;
        if (!merger.append(column->get(), m_source->segments()[number].eventCount)) {
            return std::unexpected(
                makeError("case-column-too-large",
                          "the values of a field take more than 4 GiB in one stretch "
                          "of events",
                          "import the file in several parts"));
        }
    }
    return isPresent ? merger.finish() : nullptr;
}

Result<std::shared_ptr<const Times>> MergedSource::times(SegmentNumber segment, FieldId field) const
{
    const Range& range = m_ranges[segment.index()];
    if (range.end - range.first == 1) {
        return m_source->times(SegmentNumber(range.first), field);
    }
    const BlobCache::Key key{BlobCache::Kind::Times, segment.value(), field.value(), 0};
    if (auto known = m_cache.find<Times>(key)) {
        return std::move(*known);
    }
    Times all;
    all.reserve(m_segments[segment.index()].eventCount);
    for (std::uint32_t number = range.first; number < range.end; ++number) {
        auto part = m_source->times(SegmentNumber(number), field);
        if (!part) {
            return part;
        }
        if (*part) {
            all.insert(all.end(), (*part)->begin(), (*part)->end());
        } else {
            all.resize(all.size() + m_source->segments()[number].eventCount, schema::noTime);
        }
    }
    const std::size_t bytes = all.size() * sizeof(std::int64_t);
    return m_cache.keep<Times>(key, std::make_shared<const Times>(std::move(all)), bytes);
}

} // namespace

std::shared_ptr<const schema::ColumnSource>
mergeSegments(std::shared_ptr<const schema::ColumnSource> source, const MergeOptions& options)
{
    return std::make_shared<const MergedSource>(std::move(source), options);
}

} // namespace sequela::casefile
