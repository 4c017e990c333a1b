#pragma once

#include "ui/events/event_details.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QWidget>

#include <string>
#include <vector>

class QVBoxLayout;

namespace sequela::ui {

/// A question about events like this one, ready for the filter bar.
struct RelatedQuery {
    QString label;
    std::string filter;
};

/// Which questions an event gives rise to: same process, its children, same parent, same user,
/// destination, file, hash, by what fields it has.
[[nodiscard]] std::vector<RelatedQuery> relatedQueries(const EventDetails& details);

/// Those questions with the number of events each finds; a click makes one the filter.
class RelatedEvents : public QWidget {
    Q_OBJECT

public:
    explicit RelatedEvents(state::Context& context, QWidget* parent = nullptr);

    void setEvent(const EventDetails& details);
    void clear();

private:
    void showCounts(const std::vector<RelatedQuery>& queries,
                    const std::vector<std::uint64_t>& counts);

    state::Context& m_context;
    QVBoxLayout* m_list = nullptr;
    JobRunner m_job;
};

} // namespace sequela::ui
