#include "ui/export/summary_pages.h"

#include "core/workspace/workspace.h"
#include "ui/export/paper_faces.h"
#include "ui/export/summary_text.h"
#include "ui/text/event_text.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QHash>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>
#include <cmath>

namespace sequela::ui {

namespace {

constexpr int resolution = 600;
constexpr double unit = resolution / 72.0;
constexpr double millimeter = resolution / 25.4;
constexpr double pageWidth = 210 * millimeter;
constexpr double pageHeight = 297 * millimeter;
constexpr double margin = 16 * millimeter;
constexpr double footHeight = 8 * millimeter;
constexpr double textWidth = pageWidth - 2 * margin;
constexpr double textHeight = pageHeight - 2 * margin - footHeight;

/// Headings in the last part of a page move to the next one, with what they are about. Front to
/// back, for each move shifts what follows.
void keepHeadingsWithText(QTextDocument& document, const std::vector<int>& headings,
                          const std::stop_token& stop)
{
    constexpr double reserved = 44 * unit;
    for (const int position : headings) {
        if (stop.stop_requested()) {
            return;
        }
        QTextBlock block = document.findBlock(position);
        const QRectF rect = document.documentLayout()->blockBoundingRect(block);
        const double top = rect.top() - std::floor(rect.top() / textHeight) * textHeight;
        const bool isFirst = top < 1;
        if (!isFirst && top + rect.height() + reserved > textHeight) {
            QTextBlockFormat format = block.blockFormat();
            format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
            QTextCursor(block).setBlockFormat(format);
            // Moving a block leaves some that follow it at their old place, where they are not
            // drawn: the rest is laid out anew.
            document.markContentsDirty(position, document.characterCount() - position);
        }
    }
}

/// The clock is the one thing in the file that two exports would not share.
void removeCreationDate(QByteArray& pdf)
{
    const QByteArray key("/CreationDate (D:");
    for (qsizetype at = pdf.indexOf(key); at >= 0; at = pdf.indexOf(key, at + 1)) {
        const qsizetype begin = at + key.size();
        const qsizetype end = pdf.indexOf(')', begin);
        for (qsizetype index = begin; index < end; ++index) {
            if (pdf[index] >= '0' && pdf[index] <= '9') {
                pdf[index] = '0';
            }
        }
        // A month and a day of zero would be no date; the length, and with it the table of
        // offsets, stays.
        pdf.replace(begin, 8, "20000101");
    }
}

/// Hashes made in its life are the same in every run of the program.
class FixedHashes {
public:
    FixedHashes() { QHashSeed::setDeterministicGlobalSeed(); }
    ~FixedHashes() { QHashSeed::resetRandomGlobalSeed(); }
    FixedHashes(const FixedHashes&) = delete;
    FixedHashes& operator=(const FixedHashes&) = delete;
};

void drawFoot(QPainter& painter, const QString& title, int page, int pages)
{
    QFont font(paperFace());
    font.setPixelSize(static_cast<int>(7.5 * unit));
    painter.setFont(font);
    painter.setPen(QColor(0x5b, 0x66, 0x75));
    const QRectF foot(margin, pageHeight - margin - footHeight / 2, textWidth, footHeight);
    painter.drawText(
        foot, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(title, Qt::ElideRight, static_cast<int>(textWidth * 0.8)));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("%1 / %2").arg(page).arg(pages));
}

} // namespace

Result<QByteArray> writePdf(const workspace::Workspace& workspace,
                            const report::ExportRequest& request, std::stop_token stop)
{
    SummaryText sink(unit, textWidth);
    SEQUELA_TRY(workspace.describeAlerts(request, sink, stop));
    const std::unique_ptr<QTextDocument> document = sink.take();
    // Fonts go into the file in the order of a hash.
    const FixedHashes fixed;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(resolution);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    const QString title = text::visible(request.title);
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Sequela"));
    document->setPageSize(QSizeF(textWidth, textHeight));
    keepHeadingsWithText(*document, sink.headings(), stop);
    document->markContentsDirty(0, document->characterCount());
    const int pages = document->pageCount();
    QPainter painter(&writer);
    for (int page = 0; page < pages; ++page) {
        if (stop.stop_requested()) {
            painter.end();
            return std::unexpected(cancelledError());
        }
        if (page > 0) {
            writer.newPage();
        }
        painter.save();
        painter.translate(margin, margin - page * textHeight);
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = QRectF(0, page * textHeight, textWidth, textHeight);
        painter.setClipRect(context.clip);
        document->documentLayout()->draw(&painter, context);
        painter.restore();
        drawFoot(painter, title, page + 1, pages);
    }
    painter.end();
    buffer.close();
    removeCreationDate(bytes);
    return bytes;
}

Result<std::unique_ptr<QTextDocument>> previewDocument(const workspace::Workspace& workspace,
                                                       const report::ExportRequest& request,
                                                       double width, std::stop_token stop)
{
    constexpr double pixelsPerPoint = 96.0 / 72.0;
    SummaryText sink(pixelsPerPoint, width);
    SEQUELA_TRY(workspace.describeAlerts(request, sink, std::move(stop)));
    return sink.take();
}

} // namespace sequela::ui
