#include "ui/events/events_panel.h"

#include "ui/events/column_chooser.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace sequela::ui {

EventsPanel::EventsPanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("events.table"), tr("Events"), parent),
      m_context(context),
      m_grid(new EventGrid(context, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("events"), this)),
      m_columnsButton(makeChoiceButton(tr("Choose columns"), this)),
      m_sortJob(&context.jobs),
      m_marksJob(nullptr),
      m_stepJob(&context.jobs)
{
    m_columnsButton->setText(tr("columns ▾"));
    header().addControl(m_columnsButton);
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_empty);
    addPage(m_stack);
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
    m_sortJob.start<EventRows>(
        tr("Sorting events"),
        [snapshot, shown = m_context.session.filter()->events,
         sort = m_sort](const std::stop_token& stop, Progress&) {
            return buildEventRows(*snapshot, shown.get(), sort, stop);
        },
        [this](Result<EventRows> rows) {
            m_grid->setStale(false);
            if (!rows) {
                Q_EMIT m_context.session.failed(rows.error());
                return;
            }
            m_grid->setRows(std::move(*rows));
            updateState();
            followSelection();
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
    if (const auto event = m_context.selection.state().event) {
        m_grid->setCurrentEvent(*event);
    }
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
