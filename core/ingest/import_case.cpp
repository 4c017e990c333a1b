#include "core/ingest/case_sink.h"
#include "core/ingest/import_run.h"

#include <utility>

namespace sequela::ingest {

Result<ImportReport> importFiles(casefile::CaseFile& file, std::span<const Input> inputs,
                                 const ImportOptions& options, Progress* progress,
                                 std::stop_token stop)
{
    CaseSink sink(file);
    return importInto(sink, inputs, options, progress, std::move(stop));
}

} // namespace sequela::ingest
