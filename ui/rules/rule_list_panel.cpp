#include "ui/rules/rule_list_panel.h"

#include "core/workspace/workspace.h"
#include "ui/rules/rule_delegate.h"
#include "ui/rules/rule_list_model.h"
#include "ui/state/case_session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"

#include <QActionGroup>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace sequela::ui {

RuleListPanel::RuleListPanel(const state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("rules.list"), tr("Rules"), parent),
      m_context(context),
      m_search(new QLineEdit(this)),
      m_tree(new QTreeView(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("rules"), this)),
      m_model(new RuleListModel(this)),
      m_searchTimer(new QTimer(this)),
      m_summary(new ElidedLabel(this)),
      m_lintJob(nullptr)
{
    makeGroupingChoice();
    layOut();
    connectParts();
    refresh();
}

void RuleListPanel::makeGroupingChoice()
{
    auto* choice = makeChoiceButton(tr("Group rules"), this);
    auto* menu = new QMenu(choice);
    auto* group = new QActionGroup(menu);
    for (const auto& [label, grouping] : {std::pair(tr("by tactic"), RuleGrouping::Tactic),
                                          std::pair(tr("by pack"), RuleGrouping::Pack),
                                          std::pair(tr("by folder"), RuleGrouping::Folder),
                                          std::pair(tr("by status"), RuleGrouping::Status)}) {
        QAction* action = menu->addAction(label);
        action->setCheckable(true);
        action->setChecked(grouping == m_grouping);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice, label, grouping] {
            choice->setText(tr("%1 ▾").arg(label));
            setGrouping(grouping);
        });
    }
    menu->addSeparator();
    auto* orders = new QActionGroup(menu);
    for (const auto& [label, order] : {std::pair(tr("most alerts first"), RuleOrder::MostHits),
                                       std::pair(tr("dearest first"), RuleOrder::Dearest),
                                       std::pair(tr("by name"), RuleOrder::Name)}) {
        QAction* action = menu->addAction(label);
        action->setCheckable(true);
        action->setChecked(order == m_order);
        orders->addAction(action);
        connect(action, &QAction::triggered, this, [this, order] { setOrder(order); });
    }
    choice->setMenu(menu);
    choice->setText(tr("%1 ▾").arg(tr("by tactic")));
    header().addControl(choice);
}

void RuleListPanel::layOut()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* searchRow = new QVBoxLayout;
    searchRow->setContentsMargins(6, 6, 6, 6);
    searchRow->addWidget(m_search);
    layout->addLayout(searchRow);
    layout->addWidget(m_stack, 1);
    auto* summaryRow = new QVBoxLayout;
    summaryRow->setContentsMargins(8, 4, 8, 4);
    summaryRow->addWidget(m_summary);
    layout->addLayout(summaryRow);
    m_summary->setProperty("class", QStringLiteral("muted"));
    m_summary->setAccessibleName(tr("About the current rule"));
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_empty);
    addPage(page);

    m_search->setPlaceholderText(tr("Find rule, technique, field…"));
    m_search->setAccessibleName(tr("Find rules"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_tree->setModel(m_model);
    m_tree->setItemDelegate(new RuleDelegate(m_context.theme, m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(0);
    m_tree->setUniformRowHeights(true);
    m_tree->setMouseTracking(true);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setAccessibleName(tr("Rules"));
    m_tree->viewport()->installEventFilter(this);
    m_tree->setMinimumWidth(180);
}

void RuleListPanel::connectParts()
{
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &RuleListPanel::showMenu);
    m_searchTimer->setSingleShot(true);
    m_searchTimer->setInterval(120);
    connect(m_searchTimer, &QTimer::timeout, this, &RuleListPanel::refresh);
    connect(m_search, &QLineEdit::textChanged, m_searchTimer, qOverload<>(&QTimer::start));
    connect(m_tree, &QTreeView::collapsed, this,
            [this](const QModelIndex& index) { m_folded.insert(index.data().toString()); });
    connect(m_tree, &QTreeView::expanded, this,
            [this](const QModelIndex& index) { m_folded.erase(index.data().toString()); });
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (index.data(RuleListModel::EntryRole).toInt() < 0) {
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        } else {
            choose(index, true);
        }
    });
    connect(m_tree, &QTreeView::activated, this,
            [this](const QModelIndex& index) { choose(index, false); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (!m_refreshing && m_tree->hasFocus()) {
                    choose(index, true);
                }
            });
    state::CaseSession& session = m_context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &RuleListPanel::refresh);
    connect(&session, &state::CaseSession::rulesChanged, this, &RuleListPanel::refresh);
    connect(&session, &state::CaseSession::alertsChanged, this, &RuleListPanel::refresh);
    connect(&session, &state::CaseSession::caseOpened, this, &RuleListPanel::startLint);
    connect(&session, &state::CaseSession::rulesChanged, this, &RuleListPanel::startLint);
    connect(&session, &state::CaseSession::importFinished, this, &RuleListPanel::startLint);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RuleListPanel::showSummary);
    connect(&m_context.theme, &Theme::themeChanged, m_tree->viewport(),
            qOverload<>(&QWidget::update));
}

void RuleListPanel::setGrouping(RuleGrouping grouping)
{
    m_grouping = grouping;
    refresh();
}

void RuleListPanel::setOrder(RuleOrder order)
{
    m_order = order;
    refresh();
}

QString RuleListPanel::summary() const
{
    return m_summary->text();
}

void RuleListPanel::showSummary()
{
    m_summary->setText(m_tree->currentIndex().data(RuleListModel::SummaryRole).toString());
}

void RuleListPanel::startLint()
{
    const auto rules = m_context.session.rules();
    const auto snapshot = m_context.session.snapshot();
    if (!rules) {
        m_lintJob.cancel();
        return;
    }
    m_lintJob.start<std::vector<RuleLint>>(
        tr("Linting the rules"),
        [rules, snapshot](const std::stop_token& stop, Progress&) {
            return lintRules(*rules, snapshot ? snapshot->catalog.get() : nullptr, stop);
        },
        [this, rules](Result<std::vector<RuleLint>> lints) {
            if (lints) {
                m_lints = std::move(*lints);
                m_lintedRules = rules;
                refresh();
            }
        });
}

void RuleListPanel::refresh()
{
    const auto rules = m_context.session.rules();
    m_refreshing = true;
    if (rules) {
        m_model->setGroups(ruleGroups(*rules, m_context.session.detection().get(), m_grouping,
                                      m_search->text(), m_order,
                                      m_lintedRules == rules ? m_lints : std::vector<RuleLint>()));
        header().setCount(rules->entries().size());
    } else {
        m_model->setGroups({});
        header().setCount(std::nullopt);
    }
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        m_tree->setExpanded(group, !m_folded.contains(group.data().toString()));
    }
    if (m_current) {
        setCurrentEntry(*m_current);
    }
    m_refreshing = false;
    if (!rules) {
        m_empty->setText(tr("No case is open"), tr("Open or import events to run rules on them."));
    } else if (rules->entries().empty()) {
        m_empty->setText(tr("No rules are loaded"),
                         tr("Choose a folder of rules in the menu Rules."));
    } else {
        m_empty->setText(tr("No rule has these words"), tr("Clear the box to see all rules."));
    }
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    showSummary();
}

void RuleListPanel::setCurrentEntry(std::size_t entryIndex)
{
    m_current = entryIndex;
    const bool wasRefreshing = std::exchange(m_refreshing, true);
    const QModelIndex index = m_model->indexOfEntry(entryIndex);
    if (index.isValid() && m_tree->currentIndex() != index) {
        m_tree->setCurrentIndex(index);
        m_tree->scrollTo(index);
    }
    m_refreshing = wasRefreshing;
}

void RuleListPanel::showMenu(const QPoint& position)
{
    const QVariant entry = m_tree->indexAt(position).data(RuleListModel::EntryRole);
    if (!entry.isValid() || entry.toInt() < 0) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    Q_EMIT menuRequested(menu, static_cast<std::size_t>(entry.toInt()));
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

void RuleListPanel::choose(const QModelIndex& index, bool stay)
{
    const QVariant entry = index.data(RuleListModel::EntryRole);
    if (entry.isValid() && entry.toInt() >= 0) {
        m_current = static_cast<std::size_t>(entry.toInt());
        Q_EMIT entryChosen(*m_current, stay);
    }
}

bool RuleListPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Return) {
            refresh();
            m_tree->setFocus(Qt::TabFocusReason);
            if (const QModelIndex first = m_model->index(0, 0, m_model->index(0, 0));
                first.isValid()) {
                m_tree->setCurrentIndex(first);
            }
            return true;
        }
        if (key->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
    }
    if (watched == m_tree->viewport() && event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QModelIndex index = m_tree->indexAt(help->pos());
        const QString summary = index.data(RuleListModel::SummaryRole).toString();
        // A tool tip takes markup; these texts come from files.
        m_tree->viewport()->setToolTip(
            index.isValid()
                ? (summary.isEmpty() ? index.data().toString()
                                     : index.data().toString() + QStringLiteral(": ") + summary)
                      .toHtmlEscaped()
                      .prepend(QStringLiteral("<span>"))
                      .append(QStringLiteral("</span>"))
                : QString());
    }
    return Panel::eventFilter(watched, event);
}

} // namespace sequela::ui
