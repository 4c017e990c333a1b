#pragma once

#include "core/casefile/case_records.h"
#include "core/schema/column_source.h"

#include <memory>
#include <span>

namespace sequela::casefile {

/// The events of a case as of one moment. Immutable, safe to read from any number of threads;
/// columns and documents are read from the file when first needed and kept in a cache that all
/// snapshots of one open case share, bounded in bytes.
///
/// A snapshot may outlive the CaseFile it came from; what then is not in the cache any more yields
/// `case-closed`. Damaged blobs yield `case-damaged` and nothing worse.
class CaseSnapshot final : public schema::ColumnSource {
public:
    struct State;
    /// Made by CaseFile::snapshot().
    explicit CaseSnapshot(std::unique_ptr<State> state);
    ~CaseSnapshot() override;

    [[nodiscard]] std::uint32_t eventCount() const override;
    [[nodiscard]] std::span<const schema::Segment> segments() const override;
    [[nodiscard]] std::span<const schema::SeenField> fields() const override;
    [[nodiscard]] std::optional<FieldId> field(std::string_view name) const override;
    [[nodiscard]] Result<std::shared_ptr<const schema::Column>>
    column(SegmentNumber segment, FieldId field) const override;
    [[nodiscard]] Result<std::shared_ptr<const schema::Column>>
    passingColumn(SegmentNumber segment, FieldId field) const override;
    [[nodiscard]] Result<std::shared_ptr<const std::vector<std::int64_t>>>
    times(SegmentNumber segment, FieldId field) const override;
    [[nodiscard]] Result<std::string> document(EventNumber event) const override;
    [[nodiscard]] Result<schema::EventOrigin> origin(EventNumber event) const override;
    [[nodiscard]] Result<std::string> identity(EventNumber event) const override;

    /// Sources as of the snapshot, indexed by SourceNumber.
    [[nodiscard]] std::span<const SourceRecord> sources() const;
    /// Smallest and greatest time of any event; `schema::noTime` if there is none.
    [[nodiscard]] std::int64_t firstTime() const;
    [[nodiscard]] std::int64_t lastTime() const;

private:
    std::unique_ptr<State> m_state;
};

} // namespace sequela::casefile
