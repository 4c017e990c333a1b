#include "ui/events/event_inspector.h"
#include "ui/events/events_panel.h"
#include "ui/shell/case_arrangement.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/import_report.h"
#include "ui/shell/main_window.h"
#include "ui/shell/welcome_page.h"
#include "ui/shell/workspace_page.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/triage/alert_inspector.h"
#include "ui/triage/alerts_panel.h"
#include "ui/widgets/panel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include <optional>
#include <utility>

namespace sequela::ui {

namespace {

/// What an arrangement in a case says of itself; others are left alone.
constexpr int arrangementVersion = 1;
/// Characters of a filter that a case brings along.
constexpr qsizetype maxFilterLength = 20'000;

/// A text of a case that may be shown in a line for editing: nothing in it is invisible.
QString plainText(const QJsonValue& value)
{
    const QString text = value.toString();
    return text::visible(text::toUtf8(text)) == text ? text : QString();
}

} // namespace

void MainWindow::applyDefaultSizes(WorkspaceKind kind)
{
    WorkspacePage& page = *m_pages.at(static_cast<std::size_t>(kind));
    if (page.hasSizes()) {
        return;
    }
    // resizeDocks shares out what room there is, so these are proportions; it only works once the
    // page is laid out.
    if (kind == WorkspaceKind::Triage) {
        auto* tree = page.findChild<Panel*>(QStringLiteral("triage.tree"));
        auto* timeline = page.findChild<Panel*>(QStringLiteral("triage.timeline"));
        page.resizeDocks({m_alerts, tree, m_alertInspector}, {300, 780, 350}, Qt::Horizontal);
        page.resizeDocks({tree, timeline}, {400, 350}, Qt::Vertical);
        page.resizeDocks({m_alertInspector, m_triageInspector}, {460, 290}, Qt::Vertical);
    } else if (kind == WorkspaceKind::Events) {
        page.resizeDocks({m_events, m_eventInspector}, {1060, 380}, Qt::Horizontal);
        page.resizeDocks({m_events, m_importReport}, {560, 190}, Qt::Vertical);
    }
    page.rememberDefault();
}

void MainWindow::saveLayout()
{
    m_settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    for (const WorkspacePage* page : m_pages) {
        if (page->hasSizes()) {
            m_settings.setValue(QStringLiteral("layout/") + page->key(), page->saveState());
        }
    }
    m_settings.setValue(QStringLiteral("events/columns"), m_events->savedColumns());
    m_settings.setValue(QStringLiteral("events/pinned"), m_events->grid().isPinned());
    m_settings.setValue(
        QStringLiteral("events/colors"),
        QJsonDocument(saveColorRules(m_ownColors.value_or(m_events->colorRules().rules())))
            .toJson(QJsonDocument::Compact));
    m_settings.setValue(QStringLiteral("filters/recent"), m_filterBar->history());
    m_settings.setValue(QStringLiteral("filters/kept"), m_filterBar->savedFilters());
    m_settings.setValue(QStringLiteral("cases/recent"), m_recentCases);
    m_settings.setValue(QStringLiteral("theme"), static_cast<int>(m_context.theme.choice()));
}

void MainWindow::restoreLayout()
{
    restoreGeometry(m_settings.value(QStringLiteral("window/geometry")).toByteArray());
    for (WorkspacePage* page : m_pages) {
        page->restoreLayout(
            m_settings.value(QStringLiteral("layout/") + page->key()).toByteArray());
    }
    m_events->restoreColumns(m_settings.value(QStringLiteral("events/columns")).toStringList());
    m_events->grid().setPinned(m_settings.value(QStringLiteral("events/pinned"), true).toBool());
    m_events->colorRules().setRules(restoreColorRules(
        QJsonDocument::fromJson(m_settings.value(QStringLiteral("events/colors")).toByteArray())
            .array()));
    m_filterBar->setHistory(m_settings.value(QStringLiteral("filters/recent")).toStringList());
    m_filterBar->setSavedFilters(m_settings.value(QStringLiteral("filters/kept")).toStringList());
    m_recentCases = m_settings.value(QStringLiteral("cases/recent")).toStringList();
    m_welcome->setRecentCases(m_recentCases);
}

void MainWindow::connectArrangement()
{
    m_arrangement = new CaseArrangement(m_context, [this] { return arrangement(); }, this);
    connect(m_arrangement, &CaseArrangement::loaded, this, &MainWindow::arrange);
    connect(&m_context.session, &state::CaseSession::caseOpened, this, [this] {
        if (m_ownColors) {
            m_events->colorRules().setRules(*std::exchange(m_ownColors, std::nullopt));
        }
    });
    const auto touch = [this] { m_arrangement->touch(); };
    connect(m_events, &EventsPanel::arrangementChanged, this, touch);
    connect(&m_context.session, &state::CaseSession::filterChanged, this, touch);
    for (WorkspacePage* page : m_pages) {
        for (Panel* panel : page->findChildren<Panel*>()) {
            connect(panel, &QDockWidget::visibilityChanged, this, touch);
            connect(panel, &QDockWidget::dockLocationChanged, this, touch);
            connect(panel, &Panel::resized, this, touch);
            connect(&panel->header(), &PanelHeader::tabSelected, this, touch);
        }
    }
}

QJsonObject MainWindow::arrangement() const
{
    QJsonArray hidden;
    QJsonObject tabs;
    for (const WorkspacePage* page : m_pages) {
        for (Panel* panel : page->findChildren<Panel*>()) {
            if (panel->isHidden()) {
                hidden.append(panel->objectName());
            }
            if (const int tab = panel->header().currentTab(); tab > 0) {
                tabs.insert(panel->objectName(), tab);
            }
        }
    }
    const EventSort& sort = m_events->sort();
    QJsonObject kept{
        {QStringLiteral("version"), arrangementVersion},
        {QStringLiteral("workspace"), static_cast<int>(currentWorkspace())},
        {QStringLiteral("hidden"), hidden},
        {QStringLiteral("tabs"), tabs},
        {QStringLiteral("columns"), QJsonArray::fromStringList(m_events->savedColumns())},
        {QStringLiteral("pinned"), m_events->grid().isPinned()},
        {QStringLiteral("sort"), text::fromUtf8(sort.field)},
        {QStringLiteral("descending"), sort.descending},
        {QStringLiteral("group"), text::fromUtf8(m_events->grouping())},
        {QStringLiteral("colors"), saveColorRules(m_events->colorRules().rules())},
        {QStringLiteral("filter"), text::fromUtf8(m_context.session.filter()->text)}};
    if (const auto range = m_context.selection.state().timeRange) {
        // As words: a number of JSON has fewer digits than a time.
        kept.insert(QStringLiteral("range"),
                    QJsonArray{QString::number(range->beginNs), QString::number(range->endNs)});
    }
    return kept;
}

void MainWindow::arrange(const QJsonObject& kept)
{
    if (kept.value(QStringLiteral("version")).toInt() != arrangementVersion) {
        return;
    }
    // Names of panels, not the docks' own bytes: those are not safe to take from a stranger.
    const QJsonArray hidden = kept.value(QStringLiteral("hidden")).toArray();
    const QJsonObject tabs = kept.value(QStringLiteral("tabs")).toObject();
    for (WorkspacePage* page : m_pages) {
        for (Panel* panel : page->findChildren<Panel*>()) {
            if (kept.value(QStringLiteral("hidden")).isArray()) {
                panel->setVisible(!hidden.contains(QJsonValue(panel->objectName())));
            }
            if (panel->header().currentTab() >= 0) {
                panel->header().setCurrentTab(tabs.value(panel->objectName()).toInt());
            }
        }
    }
    QStringList columns;
    const QJsonArray keptColumns = kept.value(QStringLiteral("columns")).toArray();
    for (const auto& column : keptColumns) {
        columns.append(plainText(column));
    }
    m_events->restoreColumns(columns);
    m_events->grid().setPinned(kept.value(QStringLiteral("pinned")).toBool(true));
    const std::string sort = text::toUtf8(plainText(kept.value(QStringLiteral("sort"))));
    if (!sort.empty()) {
        m_events->setSort({sort, kept.value(QStringLiteral("descending")).toBool()});
    }
    m_events->setGrouping(text::toUtf8(plainText(kept.value(QStringLiteral("group")))));
    if (kept.contains(QStringLiteral("colors"))) {
        if (!m_ownColors) {
            m_ownColors = m_events->colorRules().rules();
        }
        m_events->colorRules().setRules(
            restoreColorRules(kept.value(QStringLiteral("colors")).toArray()));
    }
    const QJsonArray range = kept.value(QStringLiteral("range")).toArray();
    if (range.size() == 2) {
        const qint64 begin = range.at(0).toString().toLongLong();
        const qint64 end = range.at(1).toString().toLongLong();
        qint64 length = 0;
        if (begin < end && !__builtin_sub_overflow(end, begin, &length)) {
            m_context.selection.setTimeRange(state::TimeRange{begin, end});
        }
    }
    const QString filter = plainText(kept.value(QStringLiteral("filter")));
    if (!filter.isEmpty() && filter.size() <= maxFilterLength) {
        m_context.session.applyFilter(text::toUtf8(filter));
    }
    const int workspace = kept.value(QStringLiteral("workspace")).toInt();
    if (workspace >= 0 && workspace < workspaceCount) {
        showWorkspace(static_cast<WorkspaceKind>(workspace));
    }
}

} // namespace sequela::ui
