#pragma once

#include "core/base/strong_id.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <QAbstractTableModel>

#include <vector>

class QStackedWidget;
class QTableView;

namespace sequela::ui {

class EmptyState;

/// Marked events in the order of the case, with what was said about them. Values come from the
/// shared reader as they are shown.
class MarksModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int { TimeColumn, HostColumn, EventColumn, ProcessColumn, NoteColumn };
    static constexpr int columns = NoteColumn + 1;

    explicit MarksModel(const state::Context& context, QObject* parent = nullptr);

    [[nodiscard]] EventNumber eventAt(int row) const
    {
        return m_events[static_cast<std::size_t>(row)];
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

private:
    void refresh();
    void repaint();
    [[nodiscard]] QString text(EventNumber event, int column) const;

    state::Context m_context;
    std::vector<EventNumber> m_events;
};

/// The list of marks: a click or Return goes to the event, the note is written in place, Delete
/// takes the mark away.
class MarksPanel : public Panel {
    Q_OBJECT

public:
    explicit MarksPanel(state::Context& context, QWidget* parent = nullptr);

    [[nodiscard]] QTableView& table() { return *m_table; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void goTo(int row);
    void removeSelected();
    void refreshState();
    void showMenu(const QPoint& position);

    state::Context m_context;
    MarksModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedWidget* m_stack = nullptr;
};

} // namespace sequela::ui
