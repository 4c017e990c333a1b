#pragma once

#include "ui/rules/funnel_rows.h"
#include "ui/state/context.h"

#include <QAbstractScrollArea>

#include <vector>

namespace sequela::ui {

/// Bars of what each clause leaves, widths by the logarithm of the counts. A click shows the clause
/// in the query; Return or a double click filters the events by what is left there. Arrow keys
/// move.
class FunnelView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit FunnelView(const state::Context& context, QWidget* parent = nullptr);

    void setRows(std::vector<FunnelRow> rows);
    [[nodiscard]] const std::vector<FunnelRow>& rows() const { return m_rows; }
    void setStale(bool stale);
    /// Said where there are no rows.
    void setEmptyText(const QString& text);

Q_SIGNALS:
    void clauseActivated(sequela::SourceSpan span);
    /// Show the events left here.
    void filterRequested(const std::string& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    [[nodiscard]] int rowAt(int y) const;
    void setCurrent(int row);
    void updateScrollBar();
    void paintRow(QPainter& painter, const FunnelRow& row, const QRect& rect, double highest) const;

    state::Context m_context;
    std::vector<FunnelRow> m_rows;
    QString m_emptyText;
    int m_current = -1;
    bool m_stale = false;
};

} // namespace sequela::ui
