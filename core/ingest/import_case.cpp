#include "core/ingest/case_sink.h"
#include "core/ingest/import_run.h"

#include <utility>

namespace sequela::ingest {

Result<ImportReport> importFiles(casefile::CaseFile& file, std::span<const Input> inputs,
                                 const ImportOptions& options, Progress* progress,
                                 std::stop_token stop)
{
    CaseSink sink(file);
    if (!options.isUnread) {
        return importInto(sink, inputs, options, progress, std::move(stop));
    }
    SEQUELA_TRY(file.beginFilling());
    auto report = importInto(sink, inputs, options, progress, std::move(stop));
    if (auto ended = file.endFilling(); !ended && report) {
        return std::unexpected(std::move(ended).error());
    }
    return report;
}

} // namespace sequela::ingest
