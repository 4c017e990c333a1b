#include "core/ingest/import.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Any bytes as an event file: recognised, unpacked, cut, repaired and flattened, under small
/// limits so that their edges are met.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    sequela::ingest::ImportOptions options;
    options.workerCount = 1;
    options.limits.documentBytes = 4'096;
    options.limits.nestingDepth = 16;
    options.limits.fieldsPerDocument = 32;
    options.limits.valuesPerField = 16;
    options.limits.segmentDocuments = 4;
    options.limits.expandedBytes = 1U << 22U;
    const std::vector<sequela::ingest::Input> inputs{
        {.path = "fuzz", .text = std::string(reinterpret_cast<const char*>(data), size)}};
    const auto events = sequela::ingest::readIntoMemory(inputs, options, nullptr, {});
    if (!events) {
        return 0;
    }
    if (events->source->eventCount() != events->report.events()) {
        __builtin_trap();
    }
    static_cast<void>(sequela::ingest::reportJson(events->report));
    static_cast<void>(sequela::ingest::formatReport(events->report, 10));
    return 0;
}
