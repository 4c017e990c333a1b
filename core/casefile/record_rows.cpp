#include "core/casefile/record_rows.h"

namespace sequela::casefile {

SourceRecord sourceFromRow(const Statement& row)
{
    SourceRecord source;
    source.number = SourceNumber(static_cast<std::uint32_t>(row.integer(0)));
    source.path = row.text(1);
    source.key = {row.text(3), row.natural(4), row.text(2)};
    source.format = row.text(5);
    source.state = fromName<SourceState>(row.view(6), sourceStateNames);
    if (!row.isNull(7)) {
        source.continues = SourceNumber(static_cast<std::uint32_t>(row.integer(7)));
    }
    source.progress = {row.natural(8), row.natural(9), row.natural(10), row.text(11), row.text(12)};
    source.eventCount = row.natural(13);
    source.brokenCount = row.natural(14);
    source.skippedCount = row.natural(15);
    source.problemCount = row.natural(16);
    source.firstTime = row.time(17);
    source.lastTime = row.time(18);
    source.detailJson = row.text(19);
    return source;
}

} // namespace sequela::casefile
