#pragma once

#include "core/ingest/import.h"
#include "core/ingest/segment_sink.h"

namespace sequela::ingest {

/// Reads inputs into a sink: what importFiles and readIntoMemory share.
[[nodiscard]] Result<ImportReport> importInto(SegmentSink& sink, std::span<const Input> inputs,
                                              const ImportOptions& options, Progress* progress,
                                              std::stop_token stop);

} // namespace sequela::ingest
