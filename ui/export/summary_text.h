#pragma once

#include "core/report/summary_document.h"

#include <QFont>
#include <QObject>
#include <QTextCursor>
#include <QTextObjectInterface>

#include <memory>
#include <vector>

class QTextDocument;

namespace sequela::ui {

/// Draws the SVG drawings of a summary as what they are, at any resolution.
class DrawingObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)

public:
    static constexpr int objectType = QTextFormat::UserObject + 1;
    /// Property that holds the SVG document, a QByteArray of ours.
    static constexpr int svgProperty = QTextFormat::UserProperty + 1;

    DrawingObject(double width, QObject* parent) : QObject(parent), m_width(width) {}

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;

private:
    double m_width;
};

/// Sets an alert summary in type: one text document for the PDF and for the preview. No markup is
/// parsed; texts go in as characters.
class SummaryText : public report::DocumentSink {
public:
    /// @p unit is the size of a typographic point in the document's units, @p width the width of
    /// a line in them.
    SummaryText(double unit, double width);
    ~SummaryText() override;

    [[nodiscard]] bool wantsDrawings() const override { return true; }
    void title(const std::string& text) override;
    void heading(std::string_view text) override;
    void paragraph(const report::TextLine& line) override;
    void figures(const std::array<std::size_t, 4>& bySeverity) override;
    void table(const std::vector<report::DocumentColumn>& columns,
               const std::vector<report::DocumentRow>& rows) override;
    void drawing(const std::string& svg, std::string_view caption) override;
    void beginAlert(const detect::Alert& alert, const std::string& name) override;
    void facts(const std::vector<report::DocumentFact>& facts) override;
    void beginStages() override {}
    void stage(std::size_t number, const report::TextLine& head,
               const std::vector<report::DocumentRow>& clauses) override;
    void endStages() override {}
    void endAlert() override {}

    /// The finished document; the sink is done.
    [[nodiscard]] std::unique_ptr<QTextDocument> take();
    /// Positions of headings: a page should not end with one.
    [[nodiscard]] const std::vector<int>& headings() const { return m_headings; }

private:
    enum class Face : std::uint8_t { Body, Soft, Strong, Code, Heading, Title };
    [[nodiscard]] QTextCharFormat faceOf(Face face) const;
    /// A new block below what is there.
    void startBlock(double above, double below, double left = 0);
    void insert(QTextCursor& cursor, const report::TextLine& line, bool strong = false) const;
    void insertTable(const std::vector<report::DocumentColumn>& columns,
                     const std::vector<report::DocumentRow>& rows, bool hasHead,
                     const std::vector<double>& shares, double left);

    double m_unit;
    double m_width;
    std::unique_ptr<QTextDocument> m_document;
    QTextCursor m_cursor;
    std::vector<int> m_headings;
    bool m_isEmpty = true;
};

} // namespace sequela::ui
