#include "ui/coverage/coverage_panel.h"

#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr int minimumColumn = 104;
constexpr int headHeight = 46;
constexpr int cellHeight = 38;
constexpr int spacing = 4;
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
    m_tactics = std::move(tactics);
    updateScrollBars();
    viewport()->update();
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
    for (const CoveredTactic& tactic : m_tactics) {
        int y = headHeight - verticalScrollBar()->value();
        for (const CoveredTechnique& technique : tactic.techniques) {
            paintTechnique(painter, QRect(x, y, width, cellHeight), technique);
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
        QString line = text::counted(tactic.ruleCount, tr("rule"));
        if (tactic.alertCount > 0) {
            line += QStringLiteral(" · ") + text::counted(tactic.alertCount, tr("alert"));
        }
        painter.drawText(head.adjusted(4, 0, -4, -3), Qt::AlignBottom | Qt::AlignLeft, line);
        x += width + spacing;
    }
}

void CoverageView::paintTechnique(QPainter& painter, const QRect& rect,
                                  const CoveredTechnique& technique)
{
    const Theme& theme = m_context.theme;
    const bool fired = technique.alertCount > 0;
    const QColor ground = fired
                              ? mixed(theme.color(Token::Panel), theme.color(Token::HighFill), 0.2)
                              : theme.color(Token::Raised);
    painter.fillRect(rect, ground);
    painter.setPen(fired ? theme.color(Token::HighFill) : theme.color(Token::Line));
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
    const QRect inner = rect.adjusted(6, 3, -6, -3);
    painter.setFont(theme.interfaceFont());
    painter.setPen(theme.color(Token::Text));
    painter.drawText(inner, Qt::AlignTop | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text::visible(technique.name), Qt::ElideRight,
                                                      inner.width()));
    painter.setFont(theme.smallFont());
    painter.setPen(theme.color(Token::Muted));
    QString line = text::visible(technique.id) + QStringLiteral(" · ")
                   + text::counted(technique.ruleCount, tr("rule"));
    if (fired) {
        line += QStringLiteral(" · ") + text::counted(technique.alertCount, tr("alert"));
    }
    painter.drawText(inner, Qt::AlignBottom | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(line, Qt::ElideRight, inner.width()));
}

const CoveredTechnique* CoverageView::techniqueAt(const QPoint& point) const
{
    const int step = columnWidth() + spacing;
    const int column = (point.x() + horizontalScrollBar()->value() - spacing) / step;
    const int row =
        (point.y() + verticalScrollBar()->value() - headHeight) / (cellHeight + spacing);
    if (point.y() < headHeight || column < 0 || column >= static_cast<int>(m_tactics.size())) {
        return nullptr;
    }
    const auto& techniques = m_tactics[static_cast<std::size_t>(column)].techniques;
    return row >= 0 && row < static_cast<int>(techniques.size())
               ? &techniques[static_cast<std::size_t>(row)]
               : nullptr;
}

bool CoverageView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const CoveredTechnique* technique = techniqueAt(help->pos())) {
            QToolTip::showText(help->globalPos(),
                               QStringLiteral("<span>%1 %2</span>")
                                   .arg(text::visible(technique->id).toHtmlEscaped(),
                                        text::visible(technique->name).toHtmlEscaped()),
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
      m_view(new CoverageView(context, this)),
      m_job(nullptr)
{
    header().setTitle(tr("ATT&CK coverage of the rules"));
    addPage(m_view);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &CoveragePanel::refresh);
    connect(&session, &state::CaseSession::rulesChanged, this, &CoveragePanel::refresh);
    connect(&session, &state::CaseSession::alertsChanged, this, &CoveragePanel::refresh);
}

void CoveragePanel::refresh()
{
    const auto rules = m_context.session.rules();
    const auto detection = m_context.session.detection();
    if (!rules || !detection) {
        m_view->setTactics({});
        return;
    }
    using Tactics = std::vector<CoveredTactic>;
    m_job.start<Tactics>(
        tr("Working out coverage"),
        [rules, detection](const std::stop_token&, Progress&) -> Result<Tactics> {
            return coverageOf(*rules, *detection);
        },
        [this](Result<Tactics> tactics) {
            if (tactics) {
                m_view->setTactics(std::move(*tactics));
            }
        });
}

} // namespace sequela::ui
