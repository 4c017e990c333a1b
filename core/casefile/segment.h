#pragma once

#include "core/base/strong_id.h"
#include "core/schema/column.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::casefile {

/// One field of a segment under its name; names become FieldIds when the segment joins a case.
struct NamedColumn {
    std::string name;
    std::shared_ptr<const schema::Column> column;
};

/// A run of consecutive events of one source, encoded: what travels from the importers' workers to
/// the writer, and what a case in memory is made of.
struct EncodedSegment {
    std::uint32_t eventCount = 0;
    std::vector<NamedColumn> columns;
    /// @timestamp of each event in nanoseconds, `schema::noTime` where there is none.
    std::vector<std::int64_t> times;
    /// 0-based record number in the source and 1-based line (0: the format has none) of each event.
    std::vector<std::uint64_t> records;
    std::vector<std::uint64_t> lines;
    /// The original documents, one after the other, and eventCount + 1 offsets.
    std::string documents;
    std::vector<std::uint64_t> documentOffsets{0};
};

/// Collects the flattened values of events and encodes them. One per worker, reused: buffers keep
/// their capacity, nothing is allocated per event once they have grown. Not thread-safe.
///
///     builder.beginEvent(record, line, document);
///     builder.add("process.name", "osascript", ValueKind::String);
///     builder.add("process.args", "-e", ValueKind::String);   // twice the same field: a list
///     builder.endEvent();
class SegmentBuilder {
public:
    SegmentBuilder();
    ~SegmentBuilder();
    SegmentBuilder(SegmentBuilder&&) noexcept;
    SegmentBuilder& operator=(SegmentBuilder&&) noexcept;

    void beginEvent(std::uint64_t record, std::uint64_t line, std::string_view document);
    /// Adds one value. Values of one field come in document order, interleaved with other fields or
    /// not. `text` is copied.
    void add(std::string_view field, std::string_view text, schema::ValueKind kind);
    /// The same for a value that was derived, not read.
    void addDerived(std::string_view field, std::string_view text, schema::ValueKind kind);
    /// A derived value in place of those the field has in the event under way.
    void replaceDerived(std::string_view field, std::string_view text, schema::ValueKind kind);
    /// Whether the event under way has a value for the field.
    [[nodiscard]] bool has(std::string_view field) const;
    /// First value of the field in the event under way, empty if it has none.
    [[nodiscard]] std::string_view first(std::string_view field) const;
    void setTime(std::int64_t nanoseconds);
    void endEvent();
    /// Forgets the event under way (it turned out to be broken).
    void abandonEvent();

    [[nodiscard]] std::uint32_t eventCount() const;
    /// Bytes of the documents so far. Finish a segment before it holds 512 MiB, whatever the number
    /// of events: offsets into a column's text are 32 bit, and packing refuses such a column.
    [[nodiscard]] std::size_t documentBytes() const;
    /// The segment so far; the builder is empty afterwards and ready for the next.
    [[nodiscard]] EncodedSegment finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sequela::casefile
