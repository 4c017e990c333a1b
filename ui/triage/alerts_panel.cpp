#include "ui/triage/alerts_panel.h"

#include "ui/events/cell_menu.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/triage/alert_delegate.h"
#include "ui/triage/alert_list_model.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/severity.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMouseEvent>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>
#include <set>
#include <utility>

namespace sequela::ui {

namespace {

/// Room for the header with both of its menus.
constexpr int minimumPanelWidth = 290;

QString groupingName(AlertGrouping grouping)
{
    switch (grouping) {
    case AlertGrouping::Rule:
        return AlertsPanel::tr("rule");
    case AlertGrouping::Host:
        return AlertsPanel::tr("host");
    case AlertGrouping::User:
        return AlertsPanel::tr("user");
    case AlertGrouping::Process:
        return AlertsPanel::tr("process");
    case AlertGrouping::None:
        break;
    }
    return AlertsPanel::tr("none");
}

QString sortingName(AlertSorting sorting)
{
    switch (sorting) {
    case AlertSorting::Risk:
        return AlertsPanel::tr("risk");
    case AlertSorting::Time:
        return AlertsPanel::tr("time");
    case AlertSorting::Count:
        break;
    }
    return AlertsPanel::tr("count");
}

/// The event of an alert to look at first: the last stage that has one.
std::optional<EventNumber> eventOf(const detect::Alert& alert)
{
    for (auto stage = alert.stages.rbegin(); stage != alert.stages.rend(); ++stage) {
        if (stage->event) {
            return stage->event;
        }
    }
    return std::nullopt;
}

} // namespace

AlertsPanel::AlertsPanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("triage.alerts"), tr("Alerts"), parent),
      m_context(context),
      m_model(new AlertListModel(this)),
      m_list(new QListView(this)),
      m_search(new QLineEdit(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("triage"), this)),
      m_groupButton(makeChoiceButton(tr("Group alerts by"), this)),
      m_sortButton(makeChoiceButton(tr("Sort alerts by"), this)),
      m_job(nullptr),
      m_processJob(nullptr)
{
    m_search->setPlaceholderText(tr("Find rule, host, technique…"));
    m_search->setAccessibleName(tr("Find in alerts"));
    m_search->setClearButtonEnabled(true);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new AlertDelegate(context, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Alerts"));
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    m_list->viewport()->installEventFilter(this);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(6, 6, 6, 6);
    searchRow->addWidget(m_search);
    layout->addLayout(searchRow);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    layout->addWidget(m_stack, 1);
    page->setMinimumWidth(minimumPanelWidth);
    addPage(page);
    makeMenus();

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_options.search = text::toUtf8(words);
        rebuild();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AlertsPanel::choose);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_following) {
            return;
        }
        // The focus makes the first row current without choosing it; a click then chooses it.
        const QModelIndex current = m_list->currentIndex();
        const detect::Alert* alert = m_model->alert(current);
        if (alert != nullptr && m_list->selectionModel()->isSelected(current)
            && alert->id != m_context.selection.state().alertId) {
            choose(current);
        }
        Q_EMIT selectionChanged();
    });
    connect(m_list, &QListView::doubleClicked, this, &AlertsPanel::toggleFold);
    connect(m_list, &QListView::customContextMenuRequested, this, &AlertsPanel::showMenu);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &AlertsPanel::rebuild);
    connect(&session, &state::CaseSession::alertsChanged, this, &AlertsPanel::rebuild);
    connect(&session, &state::CaseSession::filterChanged, this, &AlertsPanel::rebuild);
    connect(&session, &state::CaseSession::activityChanged, this, &AlertsPanel::updateState);
    connect(&context.selection, &state::Selection::alertChanged, this,
            &AlertsPanel::followSelection);
    const auto repaint = [this] { m_list->viewport()->update(); };
    connect(&context.time, &state::TimeDisplay::changed, this, repaint);
    connect(&context.theme, &Theme::themeChanged, this, repaint);
    updateState();
}

void AlertsPanel::makeMenus()
{
    auto* groupMenu = new QMenu(m_groupButton);
    auto* groupActions = new QActionGroup(this);
    for (const AlertGrouping grouping :
         {AlertGrouping::Rule, AlertGrouping::Host, AlertGrouping::User, AlertGrouping::Process,
          AlertGrouping::None}) {
        QAction* action = groupMenu->addAction(groupingName(grouping));
        action->setCheckable(true);
        action->setActionGroup(groupActions);
        action->setChecked(grouping == m_options.grouping);
        connect(action, &QAction::triggered, this, [this, grouping] { setGrouping(grouping); });
    }
    groupMenu->addSeparator();
    QAction* hide = groupMenu->addAction(tr("Hide closed alerts"));
    hide->setCheckable(true);
    connect(hide, &QAction::toggled, this, &AlertsPanel::setHideClosed);
    QAction* blocks = groupMenu->addAction(tr("Show alerts of building-block rules"));
    blocks->setCheckable(true);
    connect(blocks, &QAction::toggled, this, [this](bool show) {
        m_options.buildingBlocks = show;
        rebuild();
    });
    m_groupButton->setMenu(groupMenu);

    auto* sortMenu = new QMenu(m_sortButton);
    auto* sortActions = new QActionGroup(this);
    for (const AlertSorting sorting :
         {AlertSorting::Risk, AlertSorting::Time, AlertSorting::Count}) {
        QAction* action = sortMenu->addAction(sortingName(sorting));
        action->setCheckable(true);
        action->setActionGroup(sortActions);
        action->setChecked(sorting == m_options.sorting);
        connect(action, &QAction::triggered, this, [this, sorting] { setSorting(sorting); });
    }
    m_sortButton->setMenu(sortMenu);
    header().addControl(m_groupButton);
    header().addControl(m_sortButton);
    setGrouping(m_options.grouping);
    setSorting(m_options.sorting);
}

void AlertsPanel::setGrouping(AlertGrouping grouping)
{
    m_options.grouping = grouping;
    m_options.expanded.clear();
    m_groupButton->setText(tr("group: %1 ▾").arg(groupingName(grouping)));
    rebuild();
}

void AlertsPanel::setSorting(AlertSorting sorting)
{
    m_options.sorting = sorting;
    m_sortButton->setText(tr("sort: %1 ▾").arg(sortingName(sorting)));
    rebuild();
}

void AlertsPanel::setHideClosed(bool hide)
{
    m_options.hideClosed = hide;
    rebuild();
}

void AlertsPanel::rebuild()
{
    const auto detection = m_context.session.detection();
    m_options.shown = m_context.session.filter()->events;
    if (!detection) {
        m_model->setContent(nullptr, nullptr, m_options.grouping);
        updateState();
        return;
    }
    using Rows = std::shared_ptr<const AlertRows>;
    m_job.start<Rows>(
        tr("Listing alerts"),
        [detection, options = m_options](const std::stop_token&, Progress&) -> Result<Rows> {
            return std::make_shared<const AlertRows>(buildAlertRows(*detection, options));
        },
        [this, detection, grouping = m_options.grouping](Result<Rows> rows) {
            if (rows) {
                showRows(detection, std::move(*rows), grouping);
            }
        });
}

void AlertsPanel::showRows(std::shared_ptr<const detect::Detection> detection,
                           std::shared_ptr<const AlertRows> rows, AlertGrouping grouping)
{
    // Several rows stay selected when what changed is their verdict.
    const auto keyOf = [this](const QModelIndex& index) {
        const AlertRow* row = m_model->row(index);
        return row->isGroup ? 'g' + row->key : 'a' + m_model->alert(index)->id;
    };
    QItemSelectionModel& selection = *m_list->selectionModel();
    std::set<std::string> selected;
    for (const QModelIndex& index : selection.selectedIndexes()) {
        selected.insert(keyOf(index));
    }
    m_following = true;
    m_model->setContent(std::move(detection), std::move(rows), grouping);
    updateState();
    followSelection();
    if (selected.size() > 1) {
        QItemSelection again;
        for (int at = 0; at < m_model->rowCount(); ++at) {
            const QModelIndex index = m_model->index(at);
            if (selected.contains(keyOf(index))) {
                again.select(index, index);
            }
        }
        selection.select(again, QItemSelectionModel::Select);
    }
    m_following = false;
    Q_EMIT selectionChanged();
}

void AlertsPanel::choose(const QModelIndex& index)
{
    const detect::Alert* alert = m_model->alert(index);
    if (alert == nullptr || m_following) {
        return;
    }
    state::SelectionState selection = m_context.selection.state();
    selection.alertId = alert->id;
    selection.event = eventOf(*alert);
    m_context.selection.set(selection);
    const auto snapshot = m_context.session.snapshot();
    if (alert->processEntityId.empty() || !selection.event || !snapshot) {
        return;
    }
    // Alerts name the process, but not the host's id.
    m_processJob.start<std::string>(
        tr("Looking up a host"),
        [snapshot, event = *selection.event](const std::stop_token&,
                                             Progress&) -> Result<std::string> {
            const schema::ColumnSource& source = *snapshot->events;
            const auto field = source.field("host.id");
            if (!field) {
                return std::string();
            }
            const SegmentNumber segment = source.segmentOf(event);
            const auto column = source.column(segment, *field);
            if (!column) {
                return std::unexpected(column.error());
            }
            std::uint32_t scratch = 0;
            const std::uint32_t row =
                event.value() - source.segments()[segment.index()].firstEvent.value();
            if (!*column) {
                return std::string();
            }
            const auto values = (*column)->valuesOfCode((*column)->code(row), scratch);
            return values.empty() ? std::string() : std::string((*column)->text(values[0]));
        },
        [this, id = alert->id, entity = alert->processEntityId](const Result<std::string>& host) {
            if (host && m_context.selection.state().alertId == id) {
                m_context.selection.setProcess(state::ProcessKey{*host, entity});
            }
        });
}

void AlertsPanel::toggleFold(const QModelIndex& index)
{
    const AlertRow* row = m_model->row(index);
    if (row == nullptr || !row->isGroup) {
        return;
    }
    if (!m_options.expanded.erase(row->key)) {
        m_options.expanded.insert(row->key);
    }
    rebuild();
}

void AlertsPanel::followSelection()
{
    const std::string& id = m_context.selection.state().alertId;
    const detect::Alert* current = m_model->alert(m_list->currentIndex());
    if (id.empty() || (current != nullptr && current->id == id)) {
        return;
    }
    const QModelIndex index = m_model->indexOf(id);
    if (index.isValid()) {
        const bool wasFollowing = std::exchange(m_following, true);
        m_list->setCurrentIndex(index);
        m_following = wasFollowing;
        if (!m_following) {
            Q_EMIT selectionChanged();
        }
    }
}

void AlertsPanel::chooseAlert(const std::string& alertId)
{
    const QModelIndex index = m_model->indexOf(alertId);
    if (index.isValid()) {
        m_list->setCurrentIndex(index);
        choose(index);
    }
}

void AlertsPanel::step(int rows)
{
    const int next = std::clamp(m_list->currentIndex().row() + rows, 0, m_model->rowCount() - 1);
    m_list->setCurrentIndex(m_model->index(next));
}

void AlertsPanel::focusSearch()
{
    m_search->setFocus();
    m_search->selectAll();
}

std::vector<std::string> AlertsPanel::selectedAlertIds() const
{
    std::vector<std::string> ids;
    const AlertRows* rows = m_model->rows();
    if (rows == nullptr) {
        return ids;
    }
    std::set<std::string> groups;
    for (const QModelIndex& index : m_list->selectionModel()->selectedIndexes()) {
        const AlertRow* row = m_model->row(index);
        if (row->isGroup) {
            groups.insert(row->key);
        } else {
            ids.push_back(m_model->alert(index)->id);
        }
    }
    if (groups.empty()) {
        return ids;
    }
    // Once over the alerts, however many groups are selected.
    for (const std::uint32_t member : rows->alerts) {
        const detect::Alert& alert = m_model->detection()->alerts[member];
        if (groups.contains(groupKey(alert, m_model->grouping()))) {
            ids.push_back(alert.id);
        }
    }
    return ids;
}

void AlertsPanel::setVerdictOfSelected(detect::VerdictStatus status, detect::VerdictReason reason)
{
    std::vector<std::string> ids = selectedAlertIds();
    if (ids.empty()) {
        return;
    }
    detect::VerdictEdit edit;
    edit.decision = {status, reason};
    m_context.session.editVerdicts(std::move(ids), std::move(edit));
}

void AlertsPanel::showMenu(const QPoint& position)
{
    const QModelIndex index = m_list->indexAt(position);
    const detect::Alert* alert = m_model->alert(index);
    if (alert == nullptr) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    struct Entry {
        detect::VerdictStatus status;
        detect::VerdictReason reason;
    };
    using detect::VerdictReason;
    using detect::VerdictStatus;
    for (const Entry& entry : {Entry{VerdictStatus::Open, VerdictReason::None},
                               Entry{VerdictStatus::Acknowledged, VerdictReason::None},
                               Entry{VerdictStatus::Closed, VerdictReason::TruePositive},
                               Entry{VerdictStatus::Closed, VerdictReason::FalsePositive},
                               Entry{VerdictStatus::Closed, VerdictReason::BenignPositive}}) {
        detect::Verdict verdict;
        verdict.status = entry.status;
        verdict.reason = entry.reason;
        QAction* action =
            menu->addAction(m_context.theme.icon(verdictIcon(verdict)), verdictLabel(verdict));
        connect(action, &QAction::triggered, this,
                [this, entry] { setVerdictOfSelected(entry.status, entry.reason); });
    }
    menu->addSeparator();
    CellContext cell;
    cell.event = eventOf(*alert);
    cell.field = "host.name";
    cell.value = alert->host;
    cell.hasValue = !alert->host.empty();
    m_context.cellMenu->populate(*menu, cell);
    menu->popup(m_list->viewport()->mapToGlobal(position));
}

bool AlertsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const QModelIndex index = m_list->currentIndex();
        const AlertRow* row = m_model->row(index);
        const bool opens = key == Qt::Key_Right && row != nullptr && !row->isExpanded;
        const bool closes = key == Qt::Key_Left && row != nullptr && row->isExpanded;
        if (opens || closes || key == Qt::Key_Return) {
            toggleFold(index);
            return true;
        }
    }
    if (watched == m_list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && mouse->pos().x() < AlertDelegate::foldWidth) {
            toggleFold(m_list->indexAt(mouse->pos()));
        }
    }
    return Panel::eventFilter(watched, event);
}

void AlertsPanel::updateState()
{
    const AlertRows* rows = m_model->rows();
    const state::CaseSession& session = m_context.session;
    if (rows == nullptr) {
        header().setPill({});
    } else if (rows->shownCount == rows->totalCount) {
        header().setCount(rows->totalCount);
    } else {
        header().setPill(
            tr("%1 of %2").arg(text::count(rows->shownCount), text::count(rows->totalCount)));
    }
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    if (!session.isOpen()) {
        m_empty->setText(tr("No case open"), tr("Open a case, or drop event files here."));
    } else if (session.isImporting()) {
        m_empty->setText(tr("Importing"), tr("Rules run as soon as the events are in."));
    } else if (session.isDetecting()) {
        m_empty->setText(tr("Running rules"), {});
    } else if (rows != nullptr && rows->totalCount > 0) {
        m_empty->setText(tr("No alert here"),
                         tr("%1 are hidden by the search, the filter or the time range.")
                             .arg(text::counted(rows->totalCount, tr("alert"))));
    } else if (session.rulePaths().empty()) {
        m_empty->setText(tr("No rules loaded"), tr("Choose Rules → Load rules…"));
    } else {
        m_empty->setText(tr("Nothing fired"),
                         tr("No rule found anything in these events. The Rules workspace says "
                            "which rules could not run, and why."));
    }
}

} // namespace sequela::ui
