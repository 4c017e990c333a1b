#pragma once

#include "core/ingest/document_reader.h"

#include <memory>

namespace sequela::ingest {

/// Reader for Windows event XML, audit logs and CSV: cuts events, groups of lines or rows out of
/// text of any length.
[[nodiscard]] std::unique_ptr<DocumentReader> makeCutReader(ByteSource& source, RecordForm form,
                                                            const Limits& limits);

/// Reader for Windows event logs: chunk by chunk, damaged ones stepped over and counted.
[[nodiscard]] std::unique_ptr<DocumentReader> makeEvtxReader(ByteSource& source,
                                                             const Limits& limits);

} // namespace sequela::ingest
