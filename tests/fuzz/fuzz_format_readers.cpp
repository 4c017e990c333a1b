#include "core/ingest/csv_record.h"
#include "core/ingest/evtx_chunk.h"
#include "core/ingest/import.h"
#include "core/ingest/limits.h"
#include "core/ingest/record_conversion.h"
#include "core/mapping/event_mapper.h"
#include "core/mapping/event_xml.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sequela::ingest;

/// A file of one format: its signature or first line is given, the fuzzer writes the rest.
void importAs(std::string_view head, std::string_view rest)
{
    ImportOptions options;
    options.workerCount = 1;
    options.limits.documentBytes = 4'096;
    options.limits.segmentDocuments = 4;
    options.limits.evtxRecordBytes = 1U << 16U;
    const std::vector<Input> inputs{
        {.path = "fuzz", .text = std::string(head) + std::string(rest)}};
    const auto events = readIntoMemory(inputs, options, nullptr, {});
    if (events && events->source->eventCount() != events->report.events()) {
        __builtin_trap();
    }
}

void readChunk(std::string_view bytes)
{
    std::string chunk(bytes.substr(0, evtxChunkBytes));
    chunk.resize(evtxChunkBytes, '\0');
    const EvtxChunkScan scan = scanEvtxChunk(chunk);
    Limits limits;
    limits.evtxRecordBytes = 1U << 16U;
    for (const EvtxRecord& record : scan.records) {
        const auto converted = convertRecord(
            RecordForm::EvtxRecord, std::string_view(chunk).substr(record.offset, record.length),
            chunk, limits);
        if (converted.json.empty() == converted.reason.empty()) {
            __builtin_trap();
        }
    }
}

} // namespace

/// Hostile bytes for the readers that are not JSON: the first byte chooses which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
    case 0:
        readChunk(rest);
        break;
    case 1: {
        std::string file("ElfFile\0", 8);
        file.resize(evtxHeaderBytes, '\0');
        importAs(file, rest);
        break;
    }
    case 2:
        importAs("<Event><System>", rest);
        break;
    case 3:
        importAs("@timestamp,host.name,process.args\n", rest);
        break;
    case 4:
        importAs("type=SYSCALL msg=audit(1.0:1): syscall=59 ", rest);
        break;
    default:
        importAs("x sysmon: <Event><System><Provider Name=\"Linux-Sysmon\"/>", rest);
        break;
    }
    return 0;
}
