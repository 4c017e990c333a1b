#pragma once

#include "core/ingest/limits.h"
#include "core/mapping/event_xml.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Sizes that the format of Windows event logs fixes.
inline constexpr std::size_t evtxHeaderBytes = 4'096;
inline constexpr std::size_t evtxChunkBytes = 65'536;

/// One record in a chunk.
struct EvtxRecord {
    std::size_t offset = 0;
    std::size_t length = 0;
    /// EventRecordID as the record's header has it.
    std::uint64_t id = 0;
};

/// What a chunk holds, found without reading the events themselves.
struct EvtxChunkScan {
    std::vector<EvtxRecord> records;
    /// The chunk's checksum of its records is another.
    bool isChecksumWrong = false;
    /// Places where no record was and the next one had to be looked for.
    std::size_t gaps = 0;
    /// Why the chunk cannot be read at all; empty if it can.
    std::string damage;
};

/// Finds the records of a chunk of evtxChunkBytes. Damaged places are stepped over.
[[nodiscard]] EvtxChunkScan scanEvtxChunk(std::string_view chunk);

/// Reads the binary XML of a record as an element. @p chunk: the whole chunk, which holds names and
/// templates the record refers to; may be hostile in every byte. Nothing, and why in @p reason, if
/// it is broken or past a bound.
[[nodiscard]] std::optional<mapping::XmlElement>
readEvtxRecord(std::string_view chunk, std::size_t offset, std::size_t length, const Limits& limits,
               std::string& reason);

} // namespace sequela::ingest
