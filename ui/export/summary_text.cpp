#include "ui/export/summary_text.h"

#include "core/base/text.h"
#include "ui/export/paper_faces.h"
#include "ui/export/svg_painting.h"
#include "ui/text/event_text.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextDocument>
#include <QTextTable>

#include <algorithm>
#include <cmath>

namespace sequela::ui {

using report::DocumentColumn;
using report::DocumentFact;
using report::DocumentRow;
using report::TextLine;
using report::TextRun;

namespace {

constexpr double bodySize = 9;
constexpr double softSize = 8;
constexpr double codeSize = 7.8;
constexpr double headingSize = 13;
constexpr double alertSize = 10.5;
constexpr double titleSize = 20;
const QColor ink(0x1c, 0x24, 0x30);
const QColor softInk(0x5b, 0x66, 0x75);
const QColor rule(0xd5, 0xdb, 0xe3);

QColor colorOf(detect::AlertSeverity severity)
{
    return QColor(text::fromUtf8(report::severityColor(severity)));
}

/// Characters a cell would take, for sharing out the width of a table.
std::size_t lengthOf(const TextLine& line)
{
    std::size_t longest = 0;
    std::size_t current = 0;
    for (const TextRun& run : line) {
        current = run.style == TextRun::Style::Break ? 0 : current + run.text.size();
        longest = std::max(longest, current);
    }
    return longest;
}

} // namespace

QSizeF DrawingObject::intrinsicSize(QTextDocument* /*document*/, int /*position*/,
                                    const QTextFormat& format)
{
    const QSizeF size = drawingSize(format.property(svgProperty).toByteArray());
    return size.width() > 0 ? size * (m_width / size.width()) : QSizeF(0, 0);
}

void DrawingObject::drawObject(QPainter* painter, const QRectF& rect, QTextDocument* /*document*/,
                               int /*position*/, const QTextFormat& format)
{
    paintDrawing(*painter, format.property(svgProperty).toByteArray(), rect);
}

SummaryText::SummaryText(double unit, double width)
    : m_unit(unit), m_width(width), m_document(std::make_unique<QTextDocument>())
{
    m_document->setUndoRedoEnabled(false);
    m_document->setDocumentMargin(0);
    m_document->setDefaultFont(faceOf(Face::Body).font());
    m_document->documentLayout()->registerHandler(DrawingObject::objectType,
                                                  new DrawingObject(width, m_document.get()));
    m_cursor = QTextCursor(m_document.get());
}

SummaryText::~SummaryText() = default;

std::unique_ptr<QTextDocument> SummaryText::take()
{
    m_cursor = {};
    return std::move(m_document);
}

QTextCharFormat SummaryText::faceOf(Face face) const
{
    QTextCharFormat format;
    const bool isCode = face == Face::Code;
    format.setFontFamilies(isCode ? paperCodeFace() : paperFace());
    format.setForeground(face == Face::Soft ? softInk : ink);
    double size = bodySize;
    switch (face) {
    case Face::Body:
        break;
    case Face::Soft:
        size = softSize;
        break;
    case Face::Strong:
        format.setFontWeight(QFont::DemiBold);
        break;
    case Face::Code:
        size = codeSize;
        break;
    case Face::Heading:
        size = headingSize;
        format.setFontWeight(QFont::DemiBold);
        break;
    case Face::Title:
        size = titleSize;
        format.setFontWeight(QFont::DemiBold);
        break;
    }
    // Sizes in the document's own units: screens and paper lay out alike.
    format.setProperty(QTextFormat::FontPixelSize,
                       std::max(1, static_cast<int>(std::lround(size * m_unit))));
    return format;
}

void SummaryText::startBlock(double above, double below, double left)
{
    QTextBlockFormat block;
    block.setTopMargin(above * m_unit);
    block.setBottomMargin(below * m_unit);
    block.setLeftMargin(left * m_unit);
    constexpr double lineHeightPercent = 125;
    block.setLineHeight(lineHeightPercent, QTextBlockFormat::ProportionalHeight);
    m_cursor.movePosition(QTextCursor::End);
    if (m_isEmpty) {
        m_cursor.setBlockFormat(block);
        m_isEmpty = false;
    } else {
        m_cursor.insertBlock(block, faceOf(Face::Body));
    }
}

void SummaryText::insert(QTextCursor& cursor, const TextLine& line, bool strong) const
{
    for (const TextRun& run : line) {
        QTextCharFormat format = faceOf(strong ? Face::Strong : Face::Body);
        switch (run.style) {
        case TextRun::Style::Plain:
            break;
        case TextRun::Style::Code:
            format = faceOf(Face::Code);
            break;
        case TextRun::Style::Soft:
            format = faceOf(Face::Soft);
            break;
        case TextRun::Style::Severity:
            format = faceOf(Face::Strong);
            format.setForeground(colorOf(run.severity));
            break;
        case TextRun::Style::Break:
            cursor.insertText(QString(QChar::LineSeparator), format);
            continue;
        }
        cursor.insertText(text::visible(run.text), format);
    }
}

void SummaryText::title(const std::string& text)
{
    startBlock(0, 2);
    m_cursor.insertText(text::visible(text), faceOf(Face::Title));
}

void SummaryText::heading(std::string_view text)
{
    startBlock(16, 4);
    m_headings.push_back(m_cursor.position());
    m_cursor.insertText(text::visible(text), faceOf(Face::Heading));
}

void SummaryText::paragraph(const TextLine& line)
{
    startBlock(1, 4);
    insert(m_cursor, line);
}

void SummaryText::figures(const std::array<std::size_t, 4>& bySeverity)
{
    startBlock(2, 6);
    for (std::size_t level = bySeverity.size(); level-- > 0;) {
        const auto severity = static_cast<detect::AlertSeverity>(level);
        QTextCharFormat number = faceOf(Face::Heading);
        number.setForeground(colorOf(severity));
        m_cursor.insertText(QString::number(bySeverity[level]), number);
        m_cursor.insertText(QStringLiteral("\u00a0") + text::fromUtf8(rules::severityText(severity))
                                + (level > 0 ? QStringLiteral("     ") : QString()),
                            faceOf(Face::Soft));
    }
}

void SummaryText::insertTable(const std::vector<DocumentColumn>& columns,
                              const std::vector<DocumentRow>& rows, bool hasHead,
                              const std::vector<double>& shares, double left)
{
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellPadding(2.2 * m_unit);
    format.setCellSpacing(0);
    format.setLeftMargin(left * m_unit);
    format.setTopMargin(2 * m_unit);
    format.setBottomMargin(4 * m_unit);
    format.setHeaderRowCount(hasHead ? 1 : 0);
    format.setWidth(QTextLength(QTextLength::FixedLength, m_width - left * m_unit));
    QList<QTextLength> widths;
    for (const double share : shares) {
        widths.append(QTextLength(QTextLength::PercentageLength, share * 100));
    }
    format.setColumnWidthConstraints(widths);
    const int headRows = hasHead ? 1 : 0;
    m_cursor.movePosition(QTextCursor::End);
    QTextTable* table = m_cursor.insertTable(static_cast<int>(rows.size()) + headRows,
                                             static_cast<int>(columns.size()), format);
    const auto fill = [&](int row, int column, const TextLine& line, bool isHead) {
        QTextTableCell cell = table->cellAt(row, column);
        QTextTableCellFormat cellFormat = cell.format().toTableCellFormat();
        cellFormat.setBottomBorder(0.5 * m_unit);
        cellFormat.setBottomBorderBrush(rule);
        cellFormat.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        cell.setFormat(cellFormat);
        QTextCursor cursor = cell.firstCursorPosition();
        QTextBlockFormat block;
        if (columns[static_cast<std::size_t>(column)].isNumber) {
            block.setAlignment(Qt::AlignRight);
        }
        cursor.setBlockFormat(block);
        if (isHead) {
            cursor.insertText(text::visible(line.front().text), faceOf(Face::Soft));
        } else {
            insert(cursor, line);
        }
    };
    for (std::size_t column = 0; column < columns.size(); ++column) {
        if (hasHead) {
            fill(0, static_cast<int>(column), report::plainLine(columns[column].title), true);
        }
        for (std::size_t row = 0; row < rows.size(); ++row) {
            fill(static_cast<int>(row) + headRows, static_cast<int>(column), rows[row][column],
                 false);
        }
    }
    m_cursor.movePosition(QTextCursor::End);
}

void SummaryText::table(const std::vector<DocumentColumn>& columns,
                        const std::vector<DocumentRow>& rows)
{
    // Columns get room by their longest word, as far as the others let them.
    constexpr double fewest = 12;
    constexpr double most = 42;
    std::vector<double> shares;
    double sum = 0;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        auto wanted = static_cast<double>(columns[column].title.size());
        for (const DocumentRow& row : rows) {
            wanted = std::max(wanted, static_cast<double>(lengthOf(row[column])));
        }
        shares.push_back(std::clamp(wanted, fewest, most));
        sum += shares.back();
    }
    for (double& share : shares) {
        share /= sum;
    }
    insertTable(columns, rows, true, shares, 0);
}

void SummaryText::drawing(const std::string& svg, std::string_view caption)
{
    startBlock(6, 0);
    // A line as high as the drawing, and no higher.
    QTextBlockFormat block = m_cursor.blockFormat();
    block.setLineHeight(0, QTextBlockFormat::SingleHeight);
    m_cursor.setBlockFormat(block);
    QTextCharFormat object;
    object.setObjectType(DrawingObject::objectType);
    object.setProperty(DrawingObject::svgProperty, QByteArray::fromStdString(svg));
    m_cursor.insertText(QString(QChar::ObjectReplacementCharacter), object);
    startBlock(1, 6);
    m_cursor.insertText(text::visible(caption), faceOf(Face::Soft));
}

void SummaryText::beginAlert(const detect::Alert& alert, const std::string& name)
{
    startBlock(14, 2);
    m_headings.push_back(m_cursor.position());
    QTextCharFormat mark = faceOf(Face::Strong);
    mark.setForeground(colorOf(alert.severity));
    QTextCharFormat head = faceOf(Face::Strong);
    head.setProperty(QTextFormat::FontPixelSize, static_cast<int>(std::lround(alertSize * m_unit)));
    m_cursor.insertText(text::visible(name), head);
    m_cursor.insertText(QStringLiteral("   %1 %2")
                            .arg(text::fromUtf8(rules::severityText(alert.severity)))
                            .arg(alert.riskScore),
                        mark);
}

void SummaryText::facts(const std::vector<DocumentFact>& facts)
{
    std::vector<DocumentRow> rows;
    for (const auto& [label, line] : facts) {
        rows.push_back({{{std::string(label), TextRun::Style::Soft, {}}}, line});
    }
    constexpr double labelShare = 0.14;
    insertTable({{"label"}, {"value"}}, rows, false, {labelShare, 1 - labelShare}, 0);
}

void SummaryText::stage(std::size_t number, const TextLine& head,
                        const std::vector<DocumentRow>& clauses)
{
    constexpr double indent = 10;
    startBlock(3, 1, indent);
    m_headings.push_back(m_cursor.position());
    m_cursor.insertText(QString::number(number) + QStringLiteral(".  "), faceOf(Face::Strong));
    insert(m_cursor, head);
    if (!clauses.empty()) {
        insertTable({{"clause"}, {"matched"}}, clauses, true, {0.5, 0.5}, 2 * indent);
    }
}

} // namespace sequela::ui
