#include "ui/coverage/coverage_panel.h"

#include "core/workspace/workspace.h"
#include "ui/rules/live_run.h"
#include "ui/state/case_session.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>
#include <QToolTip>
#include <QTreeWidget>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr int minimumColumn = 118;
constexpr int minimumDetails = 320;

/// Longer than any case: sequences that only maxspan keeps away count as near.
constexpr std::int64_t endlessMs = std::int64_t{100} * 366 * 24 * 3'600 * 1'000;
constexpr int headHeight = 46;
constexpr int cellHeight = 38;
constexpr int spacing = 4;
/// Alerts listed under one rule at most; the list of alerts shows them all.
constexpr std::size_t maxListedAlerts = 50;

/// What an item of the list beside the matrix stands for.
constexpr int kindRole = Qt::UserRole;
constexpr int idRole = Qt::UserRole + 1;
enum ItemKind { PlainItem, RuleItem, AlertItem };

QTreeWidgetItem* addItem(QTreeWidgetItem* parent, const QString& text, const QString& remark,
                         ItemKind kind, const std::string& id)
{
    auto* item = new QTreeWidgetItem(parent, {text, remark});
    item->setData(0, kindRole, static_cast<int>(kind));
    item->setData(0, idRole, text::fromUtf8(id));
    item->setToolTip(0, text.toHtmlEscaped());
    return item;
}

/// "3 rules, 2 run, 1 fired, 1 near".
QString countsText(const CoverageCounts& counts)
{
    QString line = text::counted(counts.loaded, CoverageView::tr("rule"));
    if (counts.runnable < counts.loaded) {
        line += CoverageView::tr(", %1 run").arg(counts.runnable);
    }
    if (counts.fired > 0) {
        line += CoverageView::tr(", %1 fired").arg(counts.fired);
    }
    if (counts.nearMissed > 0) {
        line += CoverageView::tr(", %1 near").arg(counts.nearMissed);
    }
    return line;
}

/// The most telling of the counts, for a narrow cell: "2/3 fired".
QString shortCountsText(const CoverageCounts& counts)
{
    if (counts.fired > 0) {
        return CoverageView::tr("%1/%2 fired").arg(counts.fired).arg(counts.loaded);
    }
    if (counts.nearMissed > 0) {
        return CoverageView::tr("%1/%2 near").arg(counts.nearMissed).arg(counts.loaded);
    }
    if (counts.runnable < counts.loaded) {
        return CoverageView::tr("%1/%2 run").arg(counts.runnable).arg(counts.loaded);
    }
    return text::counted(counts.loaded, CoverageView::tr("rule"));
}

/// Rules that match nothing, but would if their maxspan were longer. Errors: cancelled.
Result<std::set<std::size_t>>
nearMissedRules(const rules::RuleSet& rules, const detect::Detection& detection,
                const std::shared_ptr<workspace::Workspace>& workspace, const std::stop_token& stop)
{
    std::set<std::size_t> nearMissed;
    for (const detect::RuleOutcome& outcome : detection.outcomes) {
        const bool mayBeNear = outcome.status == detect::RuleStatus::Ran && outcome.matchCount == 0
                               && outcome.entryIndex < rules.entries().size()
                               && rules.entries()[outcome.entryIndex].rule;
        if (!mayBeNear) {
            continue;
        }
        LiveRequest request = requestFor(*rules.entries()[outcome.entryIndex].rule);
        request.workspace = workspace;
        const auto near = countWithMaxspan(request, endlessMs, stop);
        if (!near && isCancelled(near.error())) {
            return std::unexpected(near.error());
        }
        if (near && *near > 0) {
            nearMissed.insert(outcome.entryIndex);
        }
    }
    return nearMissed;
}
} // namespace

CoverageView::CoverageView(state::Context& context, QWidget* parent)
    : QAbstractScrollArea(parent), m_context(context)
{
    setAccessibleName(tr("ATT&CK techniques that rules look for"));
    setFocusPolicy(Qt::StrongFocus);
    connect(&context.theme, &Theme::themeChanged, viewport(), qOverload<>(&QWidget::update));
}

void CoverageView::setTactics(std::vector<CoveredTactic> tactics)
{
    // The same technique stays chosen when alerts or a filter change around it.
    const CoveredTechnique* chosen = techniqueAt(m_current);
    const std::string techniqueId = chosen != nullptr ? chosen->id : std::string();
    const std::string tacticId = chosen != nullptr
                                     ? m_tactics[static_cast<std::size_t>(m_current.column)].id
                                     : std::string();
    m_tactics = std::move(tactics);
    m_current = {};
    updateScrollBars();
    choose(tacticId, techniqueId);
    if (m_current == Place{}) {
        setCurrent({});
    }
}

int CoverageView::columnWidth() const
{
    const int count = std::max(1, static_cast<int>(m_tactics.size()));
    return std::max(minimumColumn, (viewport()->width() - spacing) / count - spacing);
}

void CoverageView::updateScrollBars()
{
    std::size_t rows = 0;
    for (const CoveredTactic& tactic : m_tactics) {
        rows = std::max(rows, tactic.techniques.size());
    }
    const int height = headHeight + static_cast<int>(rows) * (cellHeight + spacing) + spacing;
    const int width = static_cast<int>(m_tactics.size()) * (columnWidth() + spacing) + spacing;
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(minimumColumn / 2);
    verticalScrollBar()->setSingleStep(cellHeight);
}

void CoverageView::resizeEvent(QResizeEvent* /*event*/)
{
    updateScrollBars();
}

void CoverageView::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme.color(Token::Panel));
    const int width = columnWidth();
    int x = spacing - horizontalScrollBar()->value();
    for (int column = 0; column < static_cast<int>(m_tactics.size()); ++column) {
        const CoveredTactic& tactic = m_tactics[static_cast<std::size_t>(column)];
        int y = headHeight - verticalScrollBar()->value();
        for (int row = 0; row < static_cast<int>(tactic.techniques.size()); ++row) {
            paintTechnique(painter, QRect(x, y, width, cellHeight),
                           tactic.techniques[static_cast<std::size_t>(row)],
                           m_current == Place{column, row});
            y += cellHeight + spacing;
        }
        const QRect head(x, 0, width, headHeight - spacing);
        painter.fillRect(QRect(x - spacing, 0, width + 2 * spacing, headHeight),
                         theme.color(Token::Panel));
        painter.setFont(theme.strongFont());
        painter.setPen(theme.color(Token::Text));
        painter.drawText(head.adjusted(4, 6, -4, 0), Qt::AlignTop | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(text::visible(tactic.name),
                                                          Qt::ElideRight, width - 8));
        painter.setFont(theme.smallFont());
        painter.setPen(theme.color(Token::Muted));
        painter.drawText(
            head.adjusted(4, 0, -4, -3), Qt::AlignBottom | Qt::AlignLeft,
            painter.fontMetrics().elidedText(countsText(tactic.counts), Qt::ElideRight, width - 8));
        x += width + spacing;
    }
}

void CoverageView::paintTechnique(QPainter& painter, const QRect& rect,
                                  const CoveredTechnique& technique, bool isCurrent)
{
    const Theme& theme = m_context.theme;
    const CoverageCounts& counts = technique.counts;
    const bool fired = counts.fired > 0;
    QColor ground = theme.color(Token::Raised);
    QColor frame = theme.color(Token::Line);
    if (fired) {
        ground = mixed(theme.color(Token::Panel), theme.color(Token::HighFill), 0.2);
        frame = theme.color(Token::HighFill);
    } else if (counts.nearMissed > 0) {
        frame = theme.color(Token::MediumFill);
    }
    painter.fillRect(rect, ground);
    if (counts.runnable == 0) {
        // Nothing of it can run on this data.
        painter.fillRect(rect, QBrush(theme.color(Token::Line), Qt::BDiagPattern));
    }
    painter.setPen(QPen(isCurrent ? theme.color(Token::Accent) : frame, isCurrent ? 2 : 1));
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
    const QRect inner = rect.adjusted(6, 3, -6, -3);
    painter.setFont(theme.interfaceFont());
    painter.setPen(theme.color(Token::Text));
    painter.drawText(inner, Qt::AlignTop | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text::visible(technique.name), Qt::ElideRight,
                                                      inner.width()));
    painter.setFont(theme.smallFont());
    painter.setPen(theme.color(Token::Muted));
    const QString line =
        text::visible(technique.id) + QStringLiteral(" · ") + shortCountsText(counts);
    painter.drawText(inner, Qt::AlignBottom | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(line, Qt::ElideRight, inner.width()));
}

CoverageView::Place CoverageView::placeAt(const QPoint& point) const
{
    const int step = columnWidth() + spacing;
    const Place place{(point.x() + horizontalScrollBar()->value() - spacing) / step,
                      (point.y() + verticalScrollBar()->value() - headHeight)
                          / (cellHeight + spacing)};
    return point.y() < headHeight || techniqueAt(place) == nullptr ? Place{} : place;
}

const CoveredTechnique* CoverageView::techniqueAt(Place place) const
{
    if (place.column < 0 || place.column >= static_cast<int>(m_tactics.size())) {
        return nullptr;
    }
    const auto& techniques = m_tactics[static_cast<std::size_t>(place.column)].techniques;
    return place.row >= 0 && place.row < static_cast<int>(techniques.size())
               ? &techniques[static_cast<std::size_t>(place.row)]
               : nullptr;
}

void CoverageView::setCurrent(Place place)
{
    m_current = place;
    scrollTo(place);
    viewport()->update();
    Q_EMIT techniqueChosen(techniqueAt(place));
}

void CoverageView::scrollTo(Place place)
{
    if (place.column < 0) {
        return;
    }
    const auto reveal = [](QScrollBar& bar, int begin, int size, int room) {
        bar.setValue(std::clamp(bar.value(), begin + size - room, begin));
    };
    reveal(*horizontalScrollBar(), place.column * (columnWidth() + spacing),
           columnWidth() + 2 * spacing, viewport()->width());
    reveal(*verticalScrollBar(), place.row * (cellHeight + spacing),
           headHeight + cellHeight + 2 * spacing, viewport()->height());
}

void CoverageView::choose(const std::string& tacticId, const std::string& techniqueId)
{
    for (int column = 0; column < static_cast<int>(m_tactics.size()); ++column) {
        const CoveredTactic& tactic = m_tactics[static_cast<std::size_t>(column)];
        for (int row = 0; row < static_cast<int>(tactic.techniques.size()); ++row) {
            if (tactic.id == tacticId
                && tactic.techniques[static_cast<std::size_t>(row)].id == techniqueId) {
                setCurrent({column, row});
                return;
            }
        }
    }
}

void CoverageView::mousePressEvent(QMouseEvent* event)
{
    setCurrent(placeAt(event->pos()));
}

void CoverageView::keyPressEvent(QKeyEvent* event)
{
    Place place = m_current.column < 0 ? Place{0, 0} : m_current;
    const int direction = event->key() == Qt::Key_Left || event->key() == Qt::Key_Up ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        place.row += m_current.column < 0 ? 0 : direction;
        break;
    case Qt::Key_Left:
    case Qt::Key_Right:
        // Columns without techniques are stepped over; short ones end at their last cell.
        for (place.column += direction;
             place.column >= 0 && place.column < static_cast<int>(m_tactics.size());
             place.column += direction) {
            const auto count = static_cast<int>(
                m_tactics[static_cast<std::size_t>(place.column)].techniques.size());
            if (count > 0) {
                place.row = std::min(place.row, count - 1);
                break;
            }
        }
        break;
    case Qt::Key_Escape:
        setCurrent({});
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if (techniqueAt(place) != nullptr) {
        setCurrent(place);
    }
}

bool CoverageView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const CoveredTechnique* technique = techniqueAt(placeAt(help->pos()))) {
            QToolTip::showText(help->globalPos(),
                               QStringLiteral("<span>%1 %2<br>%3</span>")
                                   .arg(text::visible(technique->id).toHtmlEscaped(),
                                        text::visible(technique->name).toHtmlEscaped(),
                                        countsText(technique->counts).toHtmlEscaped()),
                               viewport());
            return true;
        }
        QToolTip::hideText();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

CoveragePanel::CoveragePanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("coverage.matrix"), tr("ATT&&CK coverage of the rules"),
            parent),
      m_context(context),
      m_view(new CoverageView(context)),
      m_details(new QTreeWidget),
      m_job(&context.jobs)
{
    header().setTitle(tr("ATT&CK coverage of the rules"));
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_view);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    m_details->setMinimumWidth(minimumDetails);
    addPage(splitter);
    m_details->setColumnCount(2);
    m_details->setHeaderLabels({tr("Blocked on this data"), {}});
    m_details->setAccessibleName(tr("Rules of the chosen technique, or what is blocked and why"));
    m_details->setUniformRowHeights(true);
    m_details->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_details->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_details->header()->setStretchLastSection(false);
    makeControls();
    connect(m_view, &CoverageView::techniqueChosen, this,
            [this](const CoveredTechnique* technique) {
                technique == nullptr ? showBlocked() : showTechnique(*technique);
            });
    connect(m_details, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const std::string id = text::toUtf8(item->data(0, idRole).toString());
        const int kind = item->data(0, kindRole).toInt();
        if (kind == RuleItem) {
            Q_EMIT ruleRequested(id);
        } else if (kind == AlertItem) {
            Q_EMIT alertRequested(id);
        }
    });
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &CoveragePanel::refresh);
    connect(&session, &state::CaseSession::rulesChanged, this, &CoveragePanel::refresh);
    connect(&session, &state::CaseSession::alertsChanged, this, &CoveragePanel::refresh);
}

void CoveragePanel::makeControls()
{
    m_platform = new QComboBox;
    m_platform->setAccessibleName(tr("Platform"));
    m_platform->addItem(tr("All platforms"), QString());
    for (const auto& [label, name] : {std::pair(tr("macOS"), QStringLiteral("macos")),
                                      std::pair(tr("Windows"), QStringLiteral("windows")),
                                      std::pair(tr("Linux"), QStringLiteral("linux"))}) {
        m_platform->addItem(label, name);
    }
    m_pack = new QComboBox;
    m_pack->setAccessibleName(tr("Pack of rules"));
    m_pack->addItem(tr("All packs"), QString());
    auto* layer = new QToolButton;
    layer->setText(tr("Navigator layer…"));
    layer->setToolTip(tr("Export the coverage as a layer of the ATT&CK Navigator"));
    header().addControl(m_platform);
    header().addControl(m_pack);
    header().addControl(layer);
    connect(layer, &QToolButton::clicked, this, &CoveragePanel::layerExportRequested);
    const auto chosen = [this] {
        setFilter({text::toUtf8(m_platform->currentData().toString()),
                   text::toUtf8(m_pack->currentData().toString())});
    };
    connect(m_platform, &QComboBox::currentIndexChanged, this, chosen);
    connect(m_pack, &QComboBox::currentIndexChanged, this, chosen);
}

void CoveragePanel::setFilter(const CoverageFilter& filter)
{
    if (filter == m_filter) {
        return;
    }
    m_filter = filter;
    m_platform->setCurrentIndex(std::max(0, m_platform->findData(text::fromUtf8(filter.platform))));
    m_pack->setCurrentIndex(std::max(0, m_pack->findData(text::fromUtf8(filter.pack))));
    refresh();
}

void CoveragePanel::refreshPacks()
{
    const std::vector<std::string> packs = packsOf(*m_rules);
    const QSignalBlocker quiet(m_pack);
    m_pack->clear();
    m_pack->addItem(tr("All packs"), QString());
    for (const std::string& pack : packs) {
        m_pack->addItem(text::visibleCell(pack), text::fromUtf8(pack));
    }
    m_pack->setCurrentIndex(std::max(0, m_pack->findData(text::fromUtf8(m_filter.pack))));
    m_filter.pack = text::toUtf8(m_pack->currentData().toString());
}

void CoveragePanel::showEvent(QShowEvent* event)
{
    Panel::showEvent(event);
    if (m_isStale) {
        refresh();
    }
}

void CoveragePanel::refresh()
{
    m_isStale = !isVisible();
    if (m_isStale) {
        return;
    }
    const auto rules = m_context.session.rules();
    m_detection = m_context.session.detection();
    if (!rules || !m_detection) {
        m_rules = nullptr;
        m_blocked.clear();
        m_view->setTactics({});
        m_details->clear();
        return;
    }
    if (rules != m_rules) {
        m_rules = rules;
        refreshPacks();
    }
    const auto snapshot = m_context.session.snapshot();
    const bool isKnown = m_nearRules == rules && m_nearSnapshot.lock() == snapshot;
    m_job.start<Covered>(
        tr("Working out coverage"),
        [rules, detection = m_detection, filter = m_filter, isKnown, known = m_nearMissed,
         workspace = m_context.session.workspace()](const std::stop_token& stop,
                                                    Progress&) -> Result<Covered> {
            std::set<std::size_t> nearMissed = known;
            if (!isKnown) {
                auto found = nearMissedRules(*rules, *detection, workspace, stop);
                if (!found) {
                    return std::unexpected(std::move(found).error());
                }
                nearMissed = std::move(*found);
            }
            return Covered{coverageOf(*rules, *detection, filter, nearMissed),
                           blockedRules(*rules, *detection, filter), nearMissed};
        },
        [this, rules, snapshot](Result<Covered> covered) {
            if (covered) {
                m_nearRules = rules;
                m_nearSnapshot = snapshot;
                m_nearMissed = std::move(covered->nearMissed);
                m_blocked = std::move(covered->blocked);
                m_view->setTactics(std::move(covered->tactics));
            }
        });
}

void CoveragePanel::showBlocked()
{
    m_details->clear();
    m_details->setHeaderLabels({tr("Blocked on this data, and why"), tr("rules")});
    for (const BlockedRules& blocked : m_blocked) {
        auto* reason = new QTreeWidgetItem(
            m_details, {text::visibleCell(blocked.reason), text::count(blocked.outcomes.size())});
        reason->setToolTip(0, text::visibleCell(blocked.reason).toHtmlEscaped());
        for (const std::size_t index : blocked.outcomes) {
            const detect::RuleOutcome& outcome = m_detection->outcomes[index];
            addItem(reason, text::visibleCell(outcome.name.empty() ? outcome.file : outcome.name),
                    {}, RuleItem, outcome.ruleId);
        }
    }
    if (m_blocked.empty()) {
        new QTreeWidgetItem(m_details, {tr("Nothing: every rule ran."), {}});
    }
}

void CoveragePanel::showTechnique(const CoveredTechnique& technique)
{
    m_details->clear();
    m_details->setHeaderLabels(
        {text::visibleCell(technique.id + " " + technique.name), tr("alerts")});
    for (const std::size_t index : technique.rules) {
        showRule(m_rules->entries()[index], index);
    }
}

void CoveragePanel::showRule(const rules::RuleEntry& entry, std::size_t index)
{
    auto* item = addItem(m_details->invisibleRootItem(), text::visibleCell(entry.rule->name), {},
                         RuleItem, entry.rule->id);
    const auto outcome =
        std::ranges::find(m_detection->outcomes, index, &detect::RuleOutcome::entryIndex);
    if (outcome == m_detection->outcomes.end()) {
        item->setText(1, tr("not run"));
        return;
    }
    if (outcome->status != detect::RuleStatus::Ran) {
        item->setText(1, tr("blocked"));
        addItem(item, text::visibleCell(outcome->reason), {}, RuleItem, entry.rule->id);
        item->setExpanded(true);
        return;
    }
    std::size_t count = 0;
    for (const detect::Alert& alert : m_detection->alerts) {
        if (alert.rule->ruleId != entry.rule->id) {
            continue;
        }
        if (++count <= maxListedAlerts) {
            const QString when = alert.lastTime
                                     ? m_context.time.dateTime(alert.lastTime->nanoseconds())
                                     : tr("no time");
            addItem(item, when + QStringLiteral(" ") + text::visibleCell(alert.host),
                    text::fromUtf8(rules::severityText(alert.severity)), AlertItem, alert.id);
        }
    }
    item->setText(1, text::count(count));
    item->setExpanded(count > 0);
    if (count > maxListedAlerts) {
        new QTreeWidgetItem(
            item, {tr("… %1 more in Triage").arg(text::count(count - maxListedAlerts)), {}});
    }
    if (count == 0 && m_nearMissed.contains(index)) {
        item->setText(1, tr("near"));
        addItem(item, tr("would match with a longer maxspan: open the rule, see Near misses"), {},
                RuleItem, entry.rule->id);
        item->setExpanded(true);
    }
}

} // namespace sequela::ui
