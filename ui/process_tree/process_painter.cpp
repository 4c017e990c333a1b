#include "ui/process_tree/process_painter.h"

#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

namespace sequela::ui {

using views::Evidence;
using views::Process;
using views::TreeRow;

namespace {

constexpr int markSize = 12;

QString tr(const char* text)
{
    return QCoreApplication::translate("ProcessTree", text);
}

QString lifeText(const Process& process)
{
    if (!process.start || !process.end) {
        return QStringLiteral("—");
    }
    return text::fromUtf8(
        formatDuration(process.end->nanoseconds() - process.start->nanoseconds()));
}

QString countText(std::uint32_t count)
{
    return count == 0 ? QString() : text::count(count);
}

const std::string& nameOf(const Process& process)
{
    const views::ProcessImage& image = process.image();
    return !image.name.empty()         ? image.name
           : !image.executable.empty() ? image.executable
                                       : image.entityId;
}

Token columnToken(ProcessColumn column)
{
    switch (column) {
    case ProcessColumn::Net:
        return Token::Network;
    case ProcessColumn::Files:
        return Token::File;
    case ProcessColumn::CommandLine:
        return Token::Muted;
    default:
        return Token::Text;
    }
}

} // namespace

QString processColumnTitle(ProcessColumn column)
{
    switch (column) {
    case ProcessColumn::Name:
        return tr("Process");
    case ProcessColumn::Pid:
        return tr("PID");
    case ProcessColumn::User:
        return tr("User");
    case ProcessColumn::Start:
        return tr("Start");
    case ProcessColumn::Life:
        return tr("Life");
    case ProcessColumn::Net:
        return tr("Net");
    case ProcessColumn::Files:
        return tr("Files");
    case ProcessColumn::CommandLine:
        return tr("Command line");
    }
    return {};
}

QString processCell(const Process& process, ProcessColumn column, const state::TimeDisplay& time)
{
    switch (column) {
    case ProcessColumn::Name:
        return text::visibleCell(nameOf(process));
    case ProcessColumn::Pid:
        return process.pid ? QString::number(*process.pid) : QString();
    case ProcessColumn::User:
        return text::visibleCell(process.user);
    case ProcessColumn::Start:
        return process.start ? time.timeOfDay(process.start->nanoseconds()) : QStringLiteral("—");
    case ProcessColumn::Life:
        return lifeText(process);
    case ProcessColumn::Net:
        return countText(process.networkCount);
    case ProcessColumn::Files:
        return countText(process.fileCount);
    case ProcessColumn::CommandLine:
        return text::visibleCell(process.image().commandLine.empty() ? process.image().executable
                                                                     : process.image().commandLine);
    }
    return {};
}

QString processCard(const Process& process, const state::TimeDisplay& time)
{
    QStringList lines;
    QString title = text::visibleCell(nameOf(process));
    if (process.pid) {
        title += tr(" · PID %1").arg(*process.pid);
    }
    lines << title;
    if (!process.image().executable.empty()) {
        lines << text::visibleCell(process.image().executable);
    }
    if (!process.image().commandLine.empty()) {
        lines << text::visibleCell(process.image().commandLine);
    }
    if (process.start) {
        lines << tr("started %1").arg(time.dateTime(process.start->nanoseconds()));
    }
    if (process.end) {
        QString ended = tr("ended %1").arg(time.dateTime(process.end->nanoseconds()));
        if (!process.exitCode.empty()) {
            ended += tr(", exit code %1").arg(text::visibleCell(process.exitCode));
        }
        lines << ended;
    }
    if (process.images.size() > 1) {
        QStringList chain;
        for (const views::ProcessImage& image : process.images) {
            const std::string& name = image.name.empty() ? image.entityId : image.name;
            chain << text::visibleCell(image.action.empty() ? name
                                                            : name + " (" + image.action + ")");
        }
        lines << tr("images of this process: %1").arg(chain.join(QStringLiteral(" → ")));
    }
    lines << tr("%1 · %2 network · %3 files · %4 registry")
                 .arg(text::counted(process.eventCount, tr("event")),
                      text::count(process.networkCount), text::count(process.fileCount),
                      text::count(process.registryCount));
    if (!process.remark.empty()) {
        lines << text::visible(process.remark);
    }
    if (!process.image().entityId.empty()) {
        lines << tr("entity id %1").arg(text::visibleCell(process.image().entityId));
    }
    return lines.join(QLatin1Char('\n'));
}

QRect ProcessPainter::twisty(const QRect& line, const TreeRow& row)
{
    const int left = line.left() + metrics::padding + static_cast<int>(row.depth) * metrics::indent;
    return {left, line.top(), metrics::indent, line.height()};
}

void ProcessPainter::paint(QPainter& painter, const QRect& line, const ProcessColumnEdges& edges,
                           const TreeRow& row, const state::CaseViews::Built& built,
                           Look look) const
{
    if (look.selected) {
        painter.fillRect(line, m_theme.color(Token::Selected));
    } else if (look.hovered) {
        painter.fillRect(line, m_theme.color(Token::Hover));
    }
    painter.setPen(m_theme.color(Token::Line));
    painter.drawLine(line.left(), line.bottom(), line.right(), line.bottom());
    if (look.selected && look.hasFocus) {
        painter.fillRect(QRect(line.left(), line.top(), 2, line.height()),
                         m_theme.color(Token::Accent));
    }
    if (row.kind == TreeRow::Kind::More) {
        paintMore(painter, line, row);
        return;
    }
    const Process& process = built.forest.process(*row.process);
    const bool inferred = process.evidence == Evidence::NamedAsParent;
    painter.setFont(m_theme.dataFont());
    paintName(painter, QRect(QPoint(edges[0], line.top()), QPoint(edges[1] - 1, line.bottom())),
              row, process, built.alertRank[row.process->index()]);
    for (std::size_t i = 1; i < processColumnCount; ++i) {
        const auto column = static_cast<ProcessColumn>(i);
        const QRect cell(edges[i] + metrics::padding, line.top(),
                         edges[i + 1] - edges[i] - metrics::padding, line.height());
        painter.setPen(m_theme.color(inferred ? Token::Muted : columnToken(column)));
        const QString shown = processCell(process, column, m_time);
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(shown, Qt::ElideRight, cell.width()));
    }
}

void ProcessPainter::paintName(QPainter& painter, const QRect& cell, const TreeRow& row,
                               const Process& process, std::uint8_t alertRank) const
{
    QRect place = twisty(cell, row);
    if (row.expandable) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(Token::Muted));
        const QPointF middle = QRectF(place).center();
        QPainterPath triangle;
        constexpr double half = 3.5;
        if (row.expanded) {
            triangle.moveTo(middle + QPointF(-half, -half / 2));
            triangle.lineTo(middle + QPointF(half, -half / 2));
            triangle.lineTo(middle + QPointF(0, half));
        } else {
            triangle.moveTo(middle + QPointF(-half / 2, -half));
            triangle.lineTo(middle + QPointF(-half / 2, half));
            triangle.lineTo(middle + QPointF(half, 0));
        }
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.drawPath(triangle);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
    }
    int left = place.right() + 3;
    if (alertRank > 0) {
        const QRectF disc(left, cell.center().y() - markSize / 2.0 + 0.5, markSize, markSize);
        paintSeverityMark(painter, disc, static_cast<detect::AlertSeverity>(alertRank - 1),
                          m_theme);
        left += markSize + 5;
    }
    painter.setFont(m_theme.dataFont());
    const QRect where(left, cell.top(), std::max(0, cell.right() - left - 4), cell.height());
    const QString shown = painter.fontMetrics().elidedText(
        processCell(process, ProcessColumn::Name, m_time), Qt::ElideRight, where.width());
    const bool inferred = process.evidence == Evidence::NamedAsParent;
    painter.setPen(m_theme.color(inferred ? Token::Muted : Token::Text));
    painter.drawText(where, Qt::AlignLeft | Qt::AlignVCenter, shown);
    if (process.evidence != Evidence::Recorded) {
        // What was inferred is underlined with dashes; the hover card gives the reason.
        QPen dashes(m_theme.color(Token::Muted), 1, Qt::DashLine);
        painter.setPen(dashes);
        const int baseline = where.center().y() + painter.fontMetrics().ascent() / 2 + 2;
        painter.drawLine(where.left(), baseline,
                         where.left() + painter.fontMetrics().horizontalAdvance(shown), baseline);
    }
}

void ProcessPainter::paintMore(QPainter& painter, const QRect& line, const TreeRow& row) const
{
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(Token::Accent));
    const QRect place = twisty(line, row);
    const QString noun = row.process ? tr("child process") : tr("process");
    const QString nouns = row.process ? tr("child processes") : tr("processes");
    const QString shown = row.foldedCount == 1
                              ? tr("+ 1 more %1").arg(noun)
                              : tr("+ %1 more %2").arg(text::count(row.foldedCount), nouns);
    painter.drawText(line.adjusted(place.right() + 3 - line.left(), 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, shown);
}

} // namespace sequela::ui
