#pragma once

#include "core/base/strong_id.h"
#include "ui/events/color_rules.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QObject>

#include <optional>
#include <string>
#include <vector>

class QMenu;

namespace sequela::ui {

/// A cell of some table as the context menu sees it.
struct CellContext {
    /// The event behind the row, if there is one.
    std::optional<EventNumber> event;
    /// Full ECS name; empty for cells that show no field.
    std::string field;
    /// The raw value, not the one made fit for display.
    std::string value;
    bool hasValue = true;
};

/// The one context menu of every cell of every table: filter in and out, copy, add as column, top
/// values, follow process, go to parent, events ±N s. Made once, handed round in the context.
class CellMenu : public QObject {
    Q_OBJECT

public:
    explicit CellMenu(state::Context& context, QObject* parent = nullptr);

    /// Adds the actions that make sense for @p cell. The caller shows the menu.
    void populate(QMenu& menu, const CellContext& cell);
    /// Makes, shows and forgets a menu.
    void popup(QWidget* parent, const QPoint& globalPosition, const CellContext& cell);

    /// The same as the menu's entries, for keys.
    void filterIn(const CellContext& cell, bool negated);
    void copyValue(const CellContext& cell);
    void showAround(EventNumber event, std::int64_t halfWidthNs);
    void followProcess(EventNumber event);
    void goToParent(EventNumber event);

Q_SIGNALS:
    void columnRequested(const std::string& field);
    void topValuesRequested(const std::string& field);
    void groupingRequested(const std::string& field);
    /// Rows like this one are to have a colour.
    void colorRequested(const sequela::ui::ColorRule& rule);
    /// The line of the source that this event came from.
    void sourceLineRequested(sequela::EventNumber event);
    /// Show the event table / the process tree of the selection.
    void eventsRequested();
    void processTreeRequested();
    /// An exception for what this event shows.
    void exceptionRequested(sequela::EventNumber event);
    /// A test beside the open rule that keeps it silent on this event.
    void testRequested(sequela::EventNumber event);

private:
    void addFilterActions(QMenu& menu, const CellContext& cell);
    void addColorActions(QMenu& menu, const CellContext& cell);
    void addCopyActions(QMenu& menu, const CellContext& cell);
    void addEventActions(QMenu& menu, EventNumber event);
    void copyDocument(EventNumber event);
    /// First values of fields of an event, in the order asked, read in a job.
    void withValues(EventNumber event, std::vector<std::string> fields,
                    std::function<void(const std::vector<std::optional<std::string>>&)> then);

    state::Context& m_context;
    JobRunner m_job;
};

} // namespace sequela::ui
