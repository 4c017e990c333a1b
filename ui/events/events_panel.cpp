#include "ui/events/events_panel.h"

#include "ui/events/column_chooser.h"
#include "ui/events/event_find_bar.h"
#include "ui/events/event_search.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

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
      m_columnsButton(makeChoiceButton(tr("Choose columns"), this)),
      m_sortJob(&context.jobs),
      m_marksJob(nullptr),
      m_stepJob(&context.jobs),
      m_locateJob(nullptr)
{
    m_columnsButton->setText(tr("columns ▾"));
    header().addControl(m_columnsButton);
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_empty);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_findBar);
    layout->addWidget(m_stack, 1);
    addPage(page);
    connect(m_findBar, &EventFindBar::findRequested, this, &EventsPanel::findText);
    connect(m_findBar, &EventFindBar::closed, m_grid, [this] { m_grid->setFocus(); });
    connect(m_columnsButton, &QToolButton::clicked, this, &EventsPanel::showChooser);
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
    connect(&session, &state::CaseSession::caseOpened, this, &EventsPanel::rebuildMarks);
    connect(&session, &state::CaseSession::alertsChanged, this, &EventsPanel::rebuildMarks);
    connect(&context.selection, &state::Selection::eventChanged, this,
            &EventsPanel::followSelection);
    m_grid->setSort(m_sort);
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
        EventRows rows;
        int currentRow = -1;
    };
    const std::optional<EventNumber> wanted = m_context.selection.state().event
                                                  ? m_context.selection.state().event
                                                  : m_grid->currentEvent();
    m_sortJob.start<Ordered>(
        tr("Sorting events"),
        [snapshot, shown = m_context.session.filter()->events, sort = m_sort,
         wanted](const std::stop_token& stop, Progress&) -> Result<Ordered> {
            auto rows = buildEventRows(*snapshot, shown.get(), sort, stop);
            if (!rows) {
                return std::unexpected(std::move(rows).error());
            }
            const int row = wanted ? rowOf(**rows, *wanted) : -1;
            return Ordered{std::move(*rows), row};
        },
        [this](Result<Ordered> rows) {
            m_grid->setStale(false);
            if (!rows) {
                Q_EMIT m_context.session.failed(rows.error());
                return;
            }
            m_grid->setRows(std::move(rows->rows), rows->currentRow);
            updateState();
        });
}

void EventsPanel::rebuildMarks()
{
    const auto detection = m_context.session.detection();
    if (!detection) {
        m_grid->setMarks(nullptr);
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
            }
        });
}

void EventsPanel::toggleSort(const std::string& field)
{
    m_sort = m_sort.field == field ? EventSort{field, !m_sort.descending} : EventSort{field, false};
    m_grid->setSort(m_sort);
    rebuildRows();
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
                std::vector<EventColumn> columns = m_grid->columns();
                std::erase_if(
                    columns, [&field](const EventColumn& column) { return column.field == field; });
                m_grid->setColumns(std::move(columns));
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
        [this, rows = m_grid->rows()](const Result<int>& row) {
            // Other rows by now: those were built with the event in view.
            if (row && m_grid->rows() == rows) {
                m_grid->showRow(*row);
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
        [snapshot, rows = m_grid->rows(), search = std::move(search), from = m_grid->currentRow(),
         forward](const std::stop_token& stop, Progress&) {
            return findRow(*snapshot->events, *rows, search, from, forward, stop);
        },
        [this](const Result<int>& row) {
            if (!row) {
                m_findBar->setResult({});
                Q_EMIT m_context.session.failed(row.error());
                return;
            }
            if (*row < 0) {
                m_findBar->setResult(tr("not found"));
                return;
            }
            m_findBar->setResult(
                tr("row %1").arg(text::count(static_cast<std::uint64_t>(*row) + 1)));
            m_grid->setCurrentRow(*row);
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
         from = m_grid->currentRow()](const std::stop_token&, Progress&) -> Result<int> {
            const auto isMarked = [&marks](EventNumber event) { return marks.contains(event); };
            const auto after = rows->begin() + from + 1;
            auto found = std::find_if(after, rows->end(), isMarked);
            if (found == rows->end()) {
                found = std::find_if(rows->begin(), after, isMarked);
                return found == after ? -1 : static_cast<int>(found - rows->begin());
            }
            return static_cast<int>(found - rows->begin());
        },
        [this](const Result<int>& row) {
            if (row && *row >= 0) {
                m_grid->setCurrentRow(*row);
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
        [snapshot, rows = m_grid->rows(), from = m_grid->currentRow(),
         forward](const std::stop_token& stop, Progress&) {
            return rowOfSameProcess(*snapshot->events, *rows, from, forward, stop);
        },
        [this](const Result<int>& row) {
            if (row && *row >= 0) {
                m_grid->setCurrentRow(*row);
            }
        });
}

void EventsPanel::updateState()
{
    const std::uint64_t total = m_context.session.eventCount();
    const auto shown = static_cast<std::uint64_t>(m_grid->rowCount());
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
