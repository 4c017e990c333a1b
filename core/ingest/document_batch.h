#pragma once

#include "core/ingest/problem_list.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// What the records of a batch are.
enum class RecordForm : std::uint8_t {
    /// JSON documents.
    Json,
    /// Records of a Windows event log; the context is their chunk.
    EvtxRecord,
    /// `<Event>…</Event>`.
    EventXml,
    /// Lines of syslog with `<Event>…</Event>` in them.
    SyslogXml,
    /// The lines of one event of the Linux audit system.
    AuditLines,
    /// Rows of a CSV file; the context is its head.
    CsvRow,
};

/// Where one record lies in the text of its batch and in its source.
struct DocumentRef {
    std::size_t offset = 0;
    std::size_t length = 0;
    /// 0-based record in the source.
    std::uint64_t record = 0;
    /// 1-based place of its first byte; the column counts code points.
    std::uint64_t line = 1;
    std::uint64_t column = 1;
    /// The action line of a bulk body that goes with it; length 0: none.
    std::size_t actionOffset = 0;
    std::size_t actionLength = 0;
    /// The record surely ends here, though its brackets may say otherwise.
    bool endIsCertain = false;
    /// What its form needs beside it (see RecordForm).
    std::size_t contextOffset = 0;
    std::size_t contextLength = 0;
};

/// A run of consecutive records of one source: what a reader fills and a worker makes a segment
/// of. Its cut depends on the input and the limits alone.
struct DocumentBatch {
    RecordForm form = RecordForm::Json;
    std::string text;
    std::vector<DocumentRef> documents;
    /// What the reader could not make records of.
    ProblemList problems;
    /// Records and lines of the source up to the end of this batch.
    std::uint64_t recordsRead = 0;
    std::uint64_t nextLine = 1;
    /// Bytes of the unpacked source up to the end of this batch.
    std::uint64_t bytesConsumed = 0;
    /// The input ends inside its last record, which is among the problems.
    bool endsInsideRecord = false;

    [[nodiscard]] std::string_view document(const DocumentRef& ref) const
    {
        return std::string_view(text).substr(ref.offset, ref.length);
    }
    [[nodiscard]] std::string_view context(const DocumentRef& ref) const
    {
        return std::string_view(text).substr(ref.contextOffset, ref.contextLength);
    }
    [[nodiscard]] std::string_view action(const DocumentRef& ref) const
    {
        return std::string_view(text).substr(ref.actionOffset, ref.actionLength);
    }
};

} // namespace sequela::ingest
