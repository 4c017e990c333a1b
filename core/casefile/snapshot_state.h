#pragma once

#include "core/casefile/case_snapshot.h"
#include "core/casefile/case_storage.h"
#include "core/casefile/column_codec.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::casefile {

struct CaseSnapshot::State {
    std::shared_ptr<CaseStorage> storage;
    /// Columns of later revisions are not seen.
    std::uint32_t columnRevision = 0;
    std::uint32_t eventCount = 0;
    std::vector<schema::Segment> segments;
    std::vector<schema::SeenField> fields;
    std::unordered_map<std::string_view, FieldId> fieldIds;
    std::vector<SourceRecord> sources;
    std::optional<FieldId> timestamp;
    std::int64_t firstTime = schema::noTime;
    std::int64_t lastTime = schema::noTime;

    /// Reads what a snapshot knows without touching a blob.
    [[nodiscard]] static Result<std::unique_ptr<State>> load(std::shared_ptr<CaseStorage> storage);

    [[nodiscard]] Result<std::shared_ptr<const schema::Column>>
    column(SegmentNumber segment, FieldId field, bool keeps = true) const;
    [[nodiscard]] Result<std::shared_ptr<const Positions>> positions(SegmentNumber segment) const;
    [[nodiscard]] Result<std::shared_ptr<const DocumentBlock>> documents(SegmentNumber segment,
                                                                         std::uint32_t row) const;

private:
    [[nodiscard]] Result<void> loadSources(Connection& connection);
    [[nodiscard]] Result<void> loadFields(Connection& connection);
    [[nodiscard]] Result<void> loadSegments(Connection& connection);
};

} // namespace sequela::casefile
