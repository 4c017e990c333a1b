#include "core/engine/stage_rows.h"

namespace sequela::engine {

SegmentRun& SegmentCursor::at(EventNumber event)
{
    if (m_run && event.value() >= m_first && event.value() < m_end) {
        return *m_run;
    }
    if (m_run) {
        static_cast<void>(hasFailed());
        m_warnings.merge(m_run->warnings);
    }
    const SegmentNumber segment = m_context.index.source().segmentOf(event);
    m_run = std::make_unique<SegmentRun>(m_context, segment);
    m_documents = DocumentCache{};
    m_first = m_context.index.firstEvent(segment);
    m_end = m_first + m_context.index.rowCount(segment);
    return *m_run;
}

WarningCounter SegmentCursor::warnings() const
{
    WarningCounter all = m_warnings;
    if (m_run) {
        all.merge(m_run->warnings);
    }
    return all;
}

bool SegmentCursor::hasFailed()
{
    if (!m_failure && m_run && m_run->failure) {
        m_failure = m_run->failure;
    }
    return m_failure.has_value();
}

} // namespace sequela::engine
