#pragma once

#include <QHeaderView>

namespace sequela::ui {

/// The header of the event table; its first column can stay in place while the others scroll.
class GridHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit GridHeader(QWidget* parent = nullptr) : QHeaderView(Qt::Horizontal, parent) {}

    void setPinned(bool pinned);
    [[nodiscard]] bool isPinned() const { return m_isPinned && count() > 0; }
    /// Width of what stays in place, 0 if nothing does.
    [[nodiscard]] int pinnedWidth() const { return isPinned() ? sectionSize(logicalIndex(0)) : 0; }
    /// Column in the order shown under @p x of the header; -1 for none.
    [[nodiscard]] int columnAt(int x) const;
    /// Left end of a column shown, as the header is scrolled.
    [[nodiscard]] int columnLeft(int column) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    bool m_isPinned = true;
};

} // namespace sequela::ui
