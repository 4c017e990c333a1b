#pragma once

#include "ui/editor/completion.h"

#include <QAbstractListModel>
#include <QFrame>

#include <vector>

class QListView;

namespace sequela::ui {

class Theme;

/// The entries of a completion list; texts of events are made visible.
class CompletionModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role : int { DetailRole = Qt::UserRole + 1, KindRole };

    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<Completion> entries);
    [[nodiscard]] const std::vector<Completion>& entries() const { return m_entries; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Completion> m_entries;
};

/// The list under the caret. It never takes the focus: the editor hands it its keys.
class CompletionPopup : public QFrame {
    Q_OBJECT

public:
    /// A child of the editor's window, so that it may hang over other panels.
    CompletionPopup(Theme& theme, QWidget* parent);

    /// Shows @p list with its prefix's begin at @p anchor (of the parent), below a line of
    /// @p lineHeight or above it where there is no room.
    void open(const CompletionList& list, QPoint anchor, int lineHeight);
    [[nodiscard]] const CompletionModel& model() const { return *m_model; }
    [[nodiscard]] int currentRow() const;
    /// Up, Down, Page keys. True if it was one.
    bool moveBy(QKeyEvent* event);

Q_SIGNALS:
    /// A click on an entry.
    void chosen(int row);

private:
    Theme& m_theme;
    CompletionModel* m_model = nullptr;
    QListView* m_view = nullptr;
};

} // namespace sequela::ui
