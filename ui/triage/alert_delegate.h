#pragma once

#include "ui/state/context.h"

#include <QStyledItemDelegate>

namespace sequela::ui {

/// An alert in two lines: severity bar with its letter, name, host and time, count at the right,
/// verdict icon.
class AlertDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    AlertDelegate(state::Context& context, QObject* parent);

    static constexpr int rowHeight = 46;
    /// Left part of a group row that folds it.
    static constexpr int foldWidth = 34;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

private:
    state::Context& m_context;
};

} // namespace sequela::ui
