#include "core/ingest/memory_sink.h"

#include <algorithm>

namespace sequela::ingest {

bool MemorySink::mayKnowFile(std::uint64_t sizeBytes)
{
    const std::scoped_lock lock(m_mutex);
    const auto first = m_files.lower_bound({sizeBytes, std::string()});
    return first != m_files.end() && first->first == sizeBytes;
}

Result<bool> MemorySink::isKnownFile(const std::string& sha256Hex, std::uint64_t sizeBytes)
{
    const std::scoped_lock lock(m_mutex);
    return m_files.contains({sizeBytes, sha256Hex});
}

Result<SourcePlan> MemorySink::begin(const SourceStart& start)
{
    const std::scoped_lock lock(m_mutex);
    m_sources.push_back({.sha256Hex = start.sha256Hex, .member = start.member, .segments = {}});
    return SourcePlan{.handle = m_sources.size() - 1};
}

Result<PreparedSegment> MemorySink::prepare(casefile::EncodedSegment segment,
                                            const std::stop_token& /*stop*/)
{
    return PreparedSegment{.encoded = std::move(segment), .packed = {}};
}

Result<std::uint64_t> MemorySink::append(std::uint64_t handle, PreparedSegment segment,
                                         const casefile::SourceProgress& /*progress*/)
{
    const std::scoped_lock lock(m_mutex);
    auto& segments = m_sources[handle].segments;
    segments.push_back(std::move(*segment.encoded));
    return segments.size() - 1;
}

Result<std::vector<KnownSegment>> MemorySink::knownSegments(std::uint64_t /*handle*/)
{
    return std::vector<KnownSegment>();
}

Result<void> MemorySink::replaceColumns(std::uint64_t handle,
                                        std::vector<HostResolver::Column> columns)
{
    const std::scoped_lock lock(m_mutex);
    for (HostResolver::Column& replacement : columns) {
        auto& existing = m_sources[handle].segments[replacement.key].columns;
        const auto same =
            std::ranges::find(existing, replacement.column.name, &casefile::NamedColumn::name);
        if (same != existing.end()) {
            *same = std::move(replacement.column);
        } else {
            existing.push_back(std::move(replacement.column));
        }
    }
    return {};
}

Result<void> MemorySink::finish(std::uint64_t handle, const FileReport& report,
                                const casefile::SourceProgress& /*progress*/)
{
    const std::scoped_lock lock(m_mutex);
    m_sources[handle].sha256Hex = report.sha256Hex;
    m_files.insert({report.fileBytes, report.sha256Hex});
    return {};
}

std::shared_ptr<const schema::ColumnSource> MemorySink::take()
{
    const std::scoped_lock lock(m_mutex);
    return casefile::makeMemoryCase(std::exchange(m_sources, {}));
}

} // namespace sequela::ingest
