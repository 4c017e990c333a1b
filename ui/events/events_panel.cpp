#include "ui/events/events_panel.h"

#include "ui/events/color_rules_bar.h"
#include "ui/events/column_chooser.h"
#include "ui/events/event_find_bar.h"
#include "ui/events/event_search.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace sequela::ui {

namespace {

/// Events marked by one key press; a selection of a million rows is a slip of the hand.
constexpr std::size_t maxMarkedAtOnce = 10'000;

int rowOf(const std::vector<EventNumber>& rows, EventNumber event)
{
    const auto found = std::ranges::find(rows, event);
    return found == rows.end() ? -1 : static_cast<int>(found - rows.begin());
}

} // namespace

EventsPanel::EventsPanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("events.table"), tr("Events"), parent),
      m_context(context),
      m_grid(new EventGrid(context, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("events"), this)),
      m_findBar(new EventFindBar(context.theme, this)),
      m_colors(new ColorRules(context.session, &context.jobs, this)),
      m_colorsBar(new ColorRulesBar(context, *m_colors, this)),
      m_columnsButton(makeChoiceButton(tr("Choose columns"), this)),
      m_groupButton(makeChoiceButton(tr("Group events"), this)),
      m_marksButton(makeChoiceButton(tr("List of marked events"), this)),
      m_sortJob(&context.jobs),
      m_marksJob(nullptr),
      m_rowMarksJob(nullptr),
      m_stepJob(&context.jobs),
      m_locateJob(nullptr)
{
    m_columnsButton->setText(tr("columns ▾"));
    auto* colorsButton = makeChoiceButton(tr("Colour rules"), this);
    colorsButton->setText(tr("colours"));
    header().addControl(m_marksButton);
    header().addControl(m_groupButton);
    header().addControl(colorsButton);
    header().addControl(m_columnsButton);
    m_grid->setColorRules(m_colors);
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_empty);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_colorsBar);
    layout->addWidget(m_findBar);
    layout->addWidget(m_stack, 1);
    addPage(page);
    connect(m_findBar, &EventFindBar::findRequested, this, &EventsPanel::findText);
    connect(m_findBar, &EventFindBar::closed, m_grid, [this] { m_grid->setFocus(); });
    connect(m_columnsButton, &QToolButton::clicked, this, &EventsPanel::showChooser);
    connect(m_groupButton, &QToolButton::clicked, this, &EventsPanel::showGrouping);
    connect(m_marksButton, &QToolButton::clicked, this, &EventsPanel::marksRequested);
    connect(colorsButton, &QToolButton::clicked, this, &EventsPanel::toggleColorRules);
    connect(m_grid, &EventGrid::columnsChanged, this, &EventsPanel::arrangementChanged);
    connect(m_grid, &EventGrid::headerMenuRequested, this,
            [this](int column, const QPoint& position) {
                auto* menu = new QMenu(this);
                menu->setAttribute(Qt::WA_DeleteOnClose);
                populateHeaderMenu(*menu, column);
                menu->popup(position);
            });
    connect(m_colors, &ColorRules::rulesChanged, this, &EventsPanel::arrangementChanged);
    connect(m_grid, &EventGrid::sortRequested, this, &EventsPanel::toggleSort);
    connect(m_grid, &EventGrid::selectionChanged, this, &EventsPanel::statusChanged);
    connect(m_grid, &EventGrid::currentEventChanged, this, [this] {
        if (const auto event = m_grid->currentEvent()) {
            m_context.selection.setEvent(event);
        }
    });
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &EventsPanel::rebuildRows);
    connect(&session, &state::CaseSession::filterChanged, this, &EventsPanel::rebuildRows);
    connect(&session, &state::CaseSession::bookmarksChanged, this, &EventsPanel::refreshControls);
    connect(&session, &state::CaseSession::bookmarksChanged, this, &EventsPanel::rebuildRowMarks);
    connect(&session, &state::CaseSession::caseOpened, this, &EventsPanel::rebuildMarks);
    connect(&session, &state::CaseSession::alertsChanged, this, &EventsPanel::rebuildMarks);
    connect(&context.selection, &state::Selection::eventChanged, this,
            &EventsPanel::followSelection);
    m_grid->setSort(m_sort);
    refreshControls();
    updateState();
}

void EventsPanel::rebuildRows()
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        m_grid->setRows(nullptr);
        updateState();
        return;
    }
    m_grid->setStale(true);
    // What is looked for is found in the same job: a scan of all rows is too much for a frame.
    struct Ordered {
        GroupedRows rows;
        int currentIndex = -1;
    };
    const std::optional<EventNumber> wanted = m_context.selection.state().event
                                                  ? m_context.selection.state().event
                                                  : m_grid->currentEvent();
    m_sortJob.start<Ordered>(
        tr("Sorting events"),
        [snapshot, shown = m_context.session.filter()->events, sort = m_sort, group = m_groupField,
         wanted](const std::stop_token& stop, Progress&) -> Result<Ordered> {
            auto rows = buildEventRows(*snapshot, shown.get(), sort, stop);
            if (!rows) {
                return std::unexpected(std::move(rows).error());
            }
            Ordered ordered{{std::move(*rows), nullptr}, -1};
            if (!group.empty()) {
                auto grouped = groupEventRows(*snapshot->events, *ordered.rows.rows, group, stop);
                if (!grouped) {
                    return std::unexpected(std::move(grouped).error());
                }
                ordered.rows = std::move(*grouped);
            }
            ordered.currentIndex = wanted ? rowOf(*ordered.rows.rows, *wanted) : -1;
            return ordered;
        },
        [this, group = m_groupField](Result<Ordered> rows) {
            m_grid->setStale(false);
            if (!rows) {
                Q_EMIT m_context.session.failed(rows.error());
                return;
            }
            m_grid->setGroupedRows(std::move(rows->rows.rows), std::move(rows->rows.groups), group,
                                   rows->currentIndex);
            rebuildRowMarks();
            updateState();
        });
}

void EventsPanel::rebuildMarks()
{
    const auto detection = m_context.session.detection();
    if (!detection) {
        m_grid->setMarks(nullptr);
        m_grid->setRowMarks({});
        return;
    }
    using Marks = std::shared_ptr<const AlertMarks>;
    m_marksJob.start<Marks>(
        tr("Marking alerts"),
        [detection](const std::stop_token&, Progress&) -> Result<Marks> {
            auto marks = std::make_shared<AlertMarks>();
            for (const detect::Alert& alert : detection->alerts) {
                for (const detect::AlertStage& stage : alert.stages) {
                    if (stage.event) {
                        auto& mark = marks->try_emplace(*stage.event, alert.severity).first->second;
                        mark = std::max(mark, alert.severity);
                    }
                }
            }
            return marks;
        },
        [this](Result<Marks> marks) {
            if (marks) {
                m_grid->setMarks(std::move(*marks));
                rebuildRowMarks();
            }
        });
}

/// Where alerts and marks are in the table; closed groups would put them elsewhere.
void EventsPanel::rebuildRowMarks()
{
    const EventRows rows = m_grid->rows();
    if (!rows || m_grid->groups()) {
        m_rowMarksJob.cancel();
        m_grid->setRowMarks({});
        return;
    }
    using Marks = std::shared_ptr<const RowMarks>;
    m_rowMarksJob.start<Marks>(
        tr("Marking the scroll bar"),
        [rows, alerts = m_grid->marks(), bookmarks = m_context.session.bookmarks()](
            const std::stop_token&, Progress&) -> Result<Marks> {
            const AlertMarks none;
            return std::make_shared<const RowMarks>(
                summarizeMarks(*rows, alerts ? *alerts : none, bookmarks));
        },
        [this](const Result<Marks>& marks) {
            if (marks) {
                m_grid->setRowMarks(**marks);
            }
        });
}

void EventsPanel::toggleSort(const std::string& field)
{
    setSort(m_sort.field == field ? EventSort{field, !m_sort.descending} : EventSort{field, false});
}

void EventsPanel::setSort(const EventSort& sort)
{
    if (sort == m_sort) {
        return;
    }
    m_sort = sort;
    m_grid->setSort(m_sort);
    rebuildRows();
    Q_EMIT arrangementChanged();
}

void EventsPanel::setGrouping(const std::string& field)
{
    if (field == m_groupField || field == timeField) {
        return;
    }
    m_groupField = field;
    refreshControls();
    rebuildRows();
    Q_EMIT arrangementChanged();
}

void EventsPanel::refreshControls()
{
    m_groupButton->setText(m_groupField.empty() ? tr("group ▾")
                                                : tr("by %1 ▾").arg(text::visible(m_groupField)));
    const std::size_t marks = m_context.session.bookmarks().size();
    m_marksButton->setText(marks == 0 ? tr("marks") : tr("marks %1").arg(text::count(marks)));
}

void EventsPanel::toggleColorRules()
{
    if (m_colorsBar->isVisible()) {
        m_colorsBar->hide();
        m_grid->setFocus();
    } else {
        m_colorsBar->open();
    }
}

void EventsPanel::populateGrouping(QMenu& menu)
{
    const auto add = [this, &menu](const QString& label, const std::string& field) {
        QAction* action = menu.addAction(label);
        action->setCheckable(true);
        action->setChecked(field == m_groupField);
        connect(action, &QAction::triggered, this, [this, field] { setGrouping(field); });
    };
    add(tr("Not grouped"), {});
    menu.addSeparator();
    std::vector<std::string> fields;
    for (const EventColumn& column : m_grid->columns()) {
        if (column.field != timeField) {
            fields.push_back(column.field);
        }
    }
    // Any other field comes here from the menu of its cells.
    if (!m_groupField.empty() && std::ranges::find(fields, m_groupField) == fields.end()) {
        fields.push_back(m_groupField);
    }
    for (const std::string& field : fields) {
        add(text::visible(field), field);
    }
    menu.addSeparator();
    for (const bool open : {true, false}) {
        QAction* action = menu.addAction(open ? tr("Open all groups") : tr("Close all groups"));
        action->setEnabled(m_grid->groups() != nullptr);
        connect(action, &QAction::triggered, this,
                [this, open] { m_grid->setAllGroupsOpen(open); });
    }
}

void EventsPanel::removeColumn(const std::string& field)
{
    std::vector<EventColumn> columns = m_grid->columns();
    std::erase_if(columns, [&field](const EventColumn& column) { return column.field == field; });
    m_grid->setColumns(std::move(columns));
}

void EventsPanel::populateHeaderMenu(QMenu& menu, int column)
{
    const std::vector<EventColumn> columns = m_grid->columns();
    if (column < 0 || column >= static_cast<int>(columns.size())) {
        return;
    }
    const std::string field = columns[static_cast<std::size_t>(column)].field;
    const auto add = [this, &menu](const QString& label, const std::function<void()>& run) {
        QAction* action = menu.addAction(label);
        connect(action, &QAction::triggered, this, run);
        return action;
    };
    add(tr("Sort upwards"), [this, field] { setSort({field, false}); });
    add(tr("Sort downwards"), [this, field] { setSort({field, true}); });
    menu.addSeparator();
    if (field != timeField) {
        add(tr("Group by %1").arg(text::visible(field)), [this, field] { setGrouping(field); });
        add(tr("Top values"),
            [this, field] { Q_EMIT m_context.cellMenu->topValuesRequested(field); });
        menu.addSeparator();
    }
    QAction* pin = add(tr("Keep the first column in place"),
                       [this] { m_grid->setPinned(!m_grid->isPinned()); });
    pin->setCheckable(true);
    pin->setChecked(m_grid->isPinned());
    QAction* removal = add(tr("Take the column away"), [this, field] { removeColumn(field); });
    removal->setEnabled(columns.size() > 1);
}

void EventsPanel::showGrouping()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    populateGrouping(*menu);
    menu->popup(m_groupButton->mapToGlobal(QPoint(0, m_groupButton->height() + 2)));
}

void EventsPanel::addColumn(const std::string& field)
{
    std::vector<EventColumn> columns = m_grid->columns();
    if (std::ranges::find(columns, field, &EventColumn::field) == columns.end()) {
        columns.push_back({field, suggestedColumnWidth(field)});
        m_grid->setColumns(std::move(columns));
    }
}

QStringList EventsPanel::savedColumns() const
{
    return saveColumns(m_grid->columns());
}

void EventsPanel::restoreColumns(const QStringList& saved)
{
    std::vector<EventColumn> columns = ui::restoreColumns(saved);
    if (!columns.empty()) {
        m_grid->setColumns(std::move(columns));
    }
}

void EventsPanel::showChooser()
{
    std::vector<std::string> shown;
    for (const EventColumn& column : m_grid->columns()) {
        shown.push_back(column.field);
    }
    auto* chooser = new ColumnChooser(m_context, shown, this);
    connect(chooser, &ColumnChooser::columnToggled, this,
            [this](const std::string& field, bool isShown) {
                if (isShown) {
                    addColumn(field);
                    return;
                }
                removeColumn(field);
            });
    const QPoint corner = m_columnsButton->mapToGlobal(
        QPoint(m_columnsButton->width() - chooser->width(), m_columnsButton->height() + 2));
    chooser->move(corner);
    chooser->show();
}

void EventsPanel::followSelection()
{
    const auto event = m_context.selection.state().event;
    if (!event || m_grid->currentEvent() == event || !m_grid->rows()) {
        return;
    }
    m_locateJob.start<int>(
        tr("Looking for the event"),
        [rows = m_grid->rows(), event = *event](const std::stop_token&, Progress&) -> Result<int> {
            return rowOf(*rows, event);
        },
        [this, rows = m_grid->rows()](const Result<int>& index) {
            // Other rows by now: those were built with the event in view.
            if (index && m_grid->rows() == rows) {
                m_grid->showIndex(*index);
            }
        });
}

void EventsPanel::openFindBar()
{
    m_findBar->open();
}

void EventsPanel::findText(bool forward)
{
    const auto snapshot = m_context.session.snapshot();
    if (m_findBar->text().isEmpty()) {
        m_findBar->open();
        return;
    }
    if (!snapshot || !m_grid->rows()) {
        return;
    }
    EventSearch search{m_findBar->text(), {}, m_context.time.zone()};
    for (const EventColumn& column : m_grid->columns()) {
        search.fields.push_back(column.field);
    }
    m_findBar->setResult(tr("looking…"));
    m_stepJob.start<int>(
        tr("Finding"),
        [snapshot, rows = m_grid->rows(), search = std::move(search), from = m_grid->currentIndex(),
         forward](const std::stop_token& stop, Progress&) {
            return findRow(*snapshot->events, *rows, search, from, forward, stop);
        },
        [this, rows = m_grid->rows()](const Result<int>& row) {
            if (!row) {
                m_findBar->setResult({});
                Q_EMIT m_context.session.failed(row.error());
                return;
            }
            if (m_grid->rows() != rows) {
                m_findBar->setResult({});
                return;
            }
            if (*row < 0) {
                m_findBar->setResult(tr("not found"));
                return;
            }
            m_findBar->setResult(
                tr("row %1").arg(text::count(static_cast<std::uint64_t>(*row) + 1)));
            m_grid->setCurrentIndex(*row);
        });
}

void EventsPanel::toggleMark()
{
    const auto event = m_grid->currentEvent();
    if (!event) {
        return;
    }
    const bool marked = m_context.session.bookmarks().contains(*event);
    m_context.session.setBookmarked(m_grid->selectedEvents(maxMarkedAtOnce), !marked);
}

void EventsPanel::goToMark()
{
    if (!m_grid->rows() || m_context.session.bookmarks().empty()) {
        return;
    }
    m_stepJob.start<int>(
        tr("Looking for a mark"),
        [rows = m_grid->rows(), marks = m_context.session.bookmarks(),
         from = m_grid->currentIndex()](const std::stop_token&, Progress&) -> Result<int> {
            const auto isMarked = [&marks](EventNumber event) { return marks.contains(event); };
            const auto after = rows->begin() + from + 1;
            auto found = std::find_if(after, rows->end(), isMarked);
            if (found == rows->end()) {
                found = std::find_if(rows->begin(), after, isMarked);
                return found == after ? -1 : static_cast<int>(found - rows->begin());
            }
            return static_cast<int>(found - rows->begin());
        },
        [this, rows = m_grid->rows()](const Result<int>& row) {
            // In other rows the index is that of another event.
            if (row && *row >= 0 && m_grid->rows() == rows) {
                m_grid->setCurrentIndex(*row);
            }
        });
}

void EventsPanel::stepInProcess(bool forward)
{
    const auto event = m_grid->currentEvent();
    const auto snapshot = m_context.session.snapshot();
    if (!event || !snapshot) {
        return;
    }
    m_stepJob.start<int>(
        tr("Looking for the next event of the process"),
        [snapshot, rows = m_grid->rows(), from = m_grid->currentIndex(),
         forward](const std::stop_token& stop, Progress&) {
            return rowOfSameProcess(*snapshot->events, *rows, from, forward, stop);
        },
        [this, rows = m_grid->rows()](const Result<int>& row) {
            // In other rows the index is that of another event.
            if (row && *row >= 0 && m_grid->rows() == rows) {
                m_grid->setCurrentIndex(*row);
            }
        });
}

void EventsPanel::updateState()
{
    const std::uint64_t total = m_context.session.eventCount();
    const std::uint64_t shown = m_grid->rows() ? m_grid->rows()->size() : 0;
    if (!m_context.session.isOpen()) {
        header().setCount(std::nullopt);
    } else {
        header().setCount(shown);
    }
    if (total == 0) {
        m_empty->setText(tr("No events yet"),
                         tr("Import event files or drop them anywhere on this window."));
    } else {
        m_empty->setText(tr("No event matches"),
                         tr("%1 are in this case. Widen the filter or the time range: Ctrl+R "
                            "clears both.")
                             .arg(text::counted(total, tr("event"))));
    }
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    Q_EMIT statusChanged();
}

} // namespace sequela::ui
