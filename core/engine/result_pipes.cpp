#include "core/engine/result_pipes.h"

#include <algorithm>
#include <iterator>

namespace sequela::engine {

namespace {

void keep(std::vector<Match>& matches, std::uint64_t count, bool fromHead)
{
    if (count >= matches.size()) {
        return;
    }
    const auto kept = static_cast<std::ptrdiff_t>(count);
    if (fromHead) {
        matches.erase(matches.begin() + kept, matches.end());
    } else {
        matches.erase(matches.begin(), matches.end() - kept);
    }
}

} // namespace

void applyPipes(std::vector<Match>& matches, const eql::BoundQuery& query,
                const RunOptions& options)
{
    // Samples have no order of time: they are cut while they are found.
    if (options.size && query.kind != eql::BoundQueryKind::Sample) {
        const bool fromHead = query.pipes.empty() ? options.resultPosition == ResultPosition::Head
                                                  : query.pipes.front().isHead;
        keep(matches, *options.size, fromHead);
    }
    for (const eql::BoundPipe& pipe : query.pipes) {
        keep(matches, pipe.count, pipe.isHead);
    }
}

} // namespace sequela::engine
