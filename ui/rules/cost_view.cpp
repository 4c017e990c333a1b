#include "ui/rules/cost_view.h"

#include "core/base/timestamp.h"
#include "ui/rules/funnel_rows.h"
#include "ui/rules/table_look.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QBrush>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace sequela::ui {

namespace {

/// A clause that takes this share of the run stands out.
constexpr double dearShare = 0.5;
/// Below this a run is cheap whatever its parts are.
constexpr std::uint64_t cheapRunNs = 2'000'000;
constexpr int cellPadding = 18;
/// Narrower tables leave columns out.
constexpr int widthForAll = 920;

std::string clauseText(const std::string& text, SourceSpan span)
{
    return span.begin <= span.end && span.end <= text.size()
               ? onOneLine(std::string_view(text).substr(span.begin, span.length()))
               : std::string();
}

} // namespace

QString costAdvice(const workspace::ClauseReport& report, const std::string& text)
{
    const auto dearest =
        std::ranges::max_element(report.clauses, {}, &workspace::ClauseEffect::nanoseconds);
    if (dearest == report.clauses.end() || report.nanoseconds < cheapRunNs
        || static_cast<double>(dearest->nanoseconds)
               < dearShare * static_cast<double>(report.nanoseconds)) {
        return {};
    }
    const std::string clause = clauseText(text, dearest->span);
    const QString shown = text::visibleCell(clause);
    if (clause.find("\"*") != std::string::npos) {
        return CostView::tr("%1 takes most of the time: its pattern begins with a wildcard, so "
                            "every distinct value is searched. endsWith~ or a clause on another "
                            "field beside it is cheaper.")
            .arg(shown);
    }
    if (clause.find("regex") != std::string::npos) {
        return CostView::tr("%1 takes most of the time: a regular expression is tried on every "
                            "distinct value. A wildcard (like~) is cheaper where it says the same.")
            .arg(shown);
    }
    return CostView::tr("%1 takes most of the time. Clauses run in the cheapest order whatever "
                        "order they are written in; only another clause can save it work.")
        .arg(shown);
}

ClauseModel::ClauseModel(Theme& theme, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
}

void ClauseModel::setReport(std::shared_ptr<const workspace::ClauseReport> report, std::string text)
{
    beginResetModel();
    m_report = std::move(report);
    m_text = std::move(text);
    endResetModel();
}

int ClauseModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->clauses.size());
}

int ClauseModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString ClauseModel::verdict(std::size_t row) const
{
    const workspace::ClauseEffect& clause = m_report->clauses[row];
    if (m_report->carrier == row) {
        return tr("carries the rule");
    }
    if (clause.changesNothing()) {
        return tr("changes nothing here");
    }
    if (clause.gainedWithout == 0 && clause.lostWithout == 0) {
        return tr("only the tests need it");
    }
    return clause.lostWithout == 0 ? QString()
           : clause.lostWithout == 1
               ? tr("1 match needs it")
               : tr("%1 matches need it").arg(text::count(clause.lostWithout));
}

QString ClauseModel::text(std::size_t row, int column) const
{
    const workspace::ClauseEffect& clause = m_report->clauses[row];
    switch (column) {
    case ClauseColumn:
        return tr("%1  %2").arg(clause.isUntil ? tr("until") : QString::number(clause.stage + 1),
                                text::visibleCell(clauseText(m_text, clause.span)));
    case EventsColumn:
        return tr("%1 → %2").arg(text::count(clause.eventsBefore), text::count(clause.eventsLeft));
    case KeepsOutColumn:
        return clause.gainedWithout == 0 ? QStringLiteral("—") : text::count(clause.gainedWithout);
    case TimeColumn:
        return text::fromUtf8(formatDuration(static_cast<std::int64_t>(clause.nanoseconds)));
    case ValuesColumn:
        return clause.distinctValuesTested == 0 ? QStringLiteral("—")
                                                : text::count(clause.distinctValuesTested);
    case BytesColumn:
        return clause.bytesScanned == 0 ? QStringLiteral("—") : text::bytes(clause.bytesScanned);
    default:
        return verdict(row);
    }
}

QVariant ClauseModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const auto row = static_cast<std::size_t>(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return QStringLiteral("<span>%1</span>").arg(text(row, column).toHtmlEscaped());
    case Qt::FontRole:
        return column == VerdictColumn ? m_theme.interfaceFont() : m_theme.dataFont();
    case Qt::TextAlignmentRole:
        return static_cast<int>(
            Qt::AlignVCenter
            | (column == ClauseColumn || column == VerdictColumn ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::ForegroundRole:
        if (column == VerdictColumn) {
            return QBrush(m_theme.color(m_report->carrier == row                  ? Token::Accent
                                        : m_report->clauses[row].changesNothing() ? Token::Medium
                                                                                  : Token::Muted));
        }
        return QBrush(m_theme.color(
            column == ClauseColumn || column == KeepsOutColumn ? Token::Text : Token::Muted));
    default:
        return {};
    }
}

QVariant ClauseModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter
                                | (section == ClauseColumn || section == VerdictColumn
                                       ? Qt::AlignLeft
                                       : Qt::AlignRight));
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case KeepsOutColumn:
            return tr("Matches that would come without this clause and with all others");
        case TimeColumn:
            return tr("Time spent on the clause in a run without earlier answers");
        case ValuesColumn:
            return tr("Distinct values the clause was tried on");
        case BytesColumn:
            return tr("Bytes of values and codes that were looked at");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, columns> titles{tr("Clause"), tr("Events"), tr("Alone keeps out"),
                                              tr("Time"),   tr("Values"), tr("Bytes"),
                                              tr("Verdict")};
    return titles.at(static_cast<std::size_t>(section));
}

CostView::CostView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new ClauseModel(context.theme, this)),
      m_table(new QTableView(this)),
      m_summary(new QLabel(this))
{
    setProperty("class", QStringLiteral("plain"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(10, 8, 10, 8);
    m_table->setModel(m_model);
    giveTableLook(*m_table);
    m_table->setAccessibleName(tr("Clauses and what they cost"));
    QHeaderView* header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(ClauseModel::ClauseColumn, QHeaderView::Stretch);
    const QFontMetrics figures(context.theme.dataFont());
    const QFontMetrics words(context.theme.interfaceFont());
    m_table->setColumnWidth(ClauseModel::EventsColumn,
                            figures.horizontalAdvance(QStringLiteral("999,999 → 99,999"))
                                + cellPadding);
    m_table->setColumnWidth(ClauseModel::KeepsOutColumn,
                            words.horizontalAdvance(tr("Alone keeps out")) + 2 * cellPadding);
    m_table->setColumnWidth(ClauseModel::TimeColumn,
                            figures.horizontalAdvance(QStringLiteral("999.9 ms")) + cellPadding);
    m_table->setColumnWidth(ClauseModel::ValuesColumn,
                            figures.horizontalAdvance(QStringLiteral("999,999")) + cellPadding);
    m_table->setColumnWidth(ClauseModel::BytesColumn,
                            figures.horizontalAdvance(QStringLiteral("999.9 MiB")) + cellPadding);
    m_table->setColumnWidth(ClauseModel::VerdictColumn,
                            words.horizontalAdvance(tr("changes nothing here")) + 2 * cellPadding);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (m_model->report() != nullptr && index.isValid()) {
                    Q_EMIT clauseActivated(
                        m_model->report()->clauses[static_cast<std::size_t>(index.row())].span);
                }
            });
    setRemark(tr("Nothing has been run yet."));
}

void CostView::setReport(std::shared_ptr<const workspace::ClauseReport> report,
                         const std::string& text)
{
    QString summary;
    if (report) {
        const auto idle = std::ranges::count_if(
            report->clauses, [](const auto& clause) { return clause.changesNothing(); });
        summary = tr("%1 without earlier answers").arg(text::elapsed(report->nanoseconds));
        if (report->bytesScanned > 0) {
            summary += tr(" · %1 looked at").arg(text::bytes(report->bytesScanned));
        }
        if (report->peakPartials > 0) {
            summary += tr(" · at most %1 under way at once")
                           .arg(text::counted(report->peakPartials, tr("sequence")));
        }
        if (idle > 0) {
            summary += tr(" · %1 change nothing on this case and its tests")
                           .arg(text::counted(static_cast<std::uint64_t>(idle), tr("clause")));
        }
        const QString advice = costAdvice(*report, text);
        if (!advice.isEmpty()) {
            summary += QLatin1Char('\n') + advice;
        }
    }
    m_summary->setText(summary);
    m_model->setReport(std::move(report), text);
    m_table->setVisible(m_model->report() != nullptr);
    setStale(false);
}

QString CostView::summary() const
{
    return m_summary->text();
}

void CostView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // The clause itself comes first; what the funnel tells, too, can go.
    const bool isNarrow = width() < widthForAll;
    m_table->setColumnHidden(ClauseModel::EventsColumn, isNarrow);
    m_table->setColumnHidden(ClauseModel::ValuesColumn, isNarrow);
}

void CostView::setStale(bool stale)
{
    m_table->setEnabled(!stale);
    m_summary->setProperty("class", stale ? QStringLiteral("muted") : QString());
}

void CostView::setRemark(const QString& remark)
{
    m_model->setReport(nullptr, {});
    m_table->hide();
    m_summary->setText(remark);
}

} // namespace sequela::ui
