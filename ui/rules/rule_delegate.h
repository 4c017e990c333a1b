#pragma once

#include <QStyledItemDelegate>

namespace sequela::ui {

class Theme;

/// Paints the rows of the rule list: groups with their fold mark, rules with severity, name and
/// what the last run found.
class RuleDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit RuleDelegate(Theme& theme, QObject* parent = nullptr);

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                    const QModelIndex& index) const;
    void paintRule(QPainter& painter, const QStyleOptionViewItem& option,
                   const QModelIndex& index) const;
    /// Right-aligned in the rectangle; the width it took.
    int paintCost(QPainter& painter, const QRect& rect, const QModelIndex& index) const;

    Theme& m_theme;
};

} // namespace sequela::ui
