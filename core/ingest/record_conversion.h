#pragma once

#include "core/ingest/document_batch.h"
#include "core/ingest/limits.h"

#include <optional>
#include <string>
#include <string_view>

namespace sequela::ingest {

/// What became of a record that is no JSON document.
struct ConvertedRecord {
    /// The record as a JSON document of one line; empty where it is none.
    std::string json;
    /// Why there is none.
    std::string reason;
    /// The record is no event and never was one (banner lines of a log).
    bool isNoEvent = false;
    /// The input ends inside the record.
    bool isTruncated = false;
    /// Offset of what is wrong in the record.
    std::size_t offset = 0;
};

/// Makes JSON of a record. @p context: what the records of a run share (an EVTX chunk, the head of
/// a CSV file); may be hostile in every byte, like the record.
[[nodiscard]] ConvertedRecord convertRecord(RecordForm form, std::string_view record,
                                            std::string_view context, const Limits& limits);

} // namespace sequela::ingest
