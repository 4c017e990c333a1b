#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/rules/match_model.h"
#include "ui/rules/match_sorting.h"

#include <QTableView>

#include <optional>

class QMenu;

namespace sequela::ui {

/// A table of matches; a click selects the event for the whole window, Return and double click ask
/// for it in the event table, a click on a column sorts in a job (three times: back to the list's
/// own order). Each cell has the window's context menu.
class MatchTable : public QTableView {
    Q_OBJECT

public:
    explicit MatchTable(const state::Context& context, QWidget* parent = nullptr);

    /// Keeps the sorting.
    void setRows(std::shared_ptr<const MatchList> rows);
    [[nodiscard]] MatchModel& matches() { return *m_model; }
    /// Events of the current row by slot, nothing in empty ones; empty without a current row.
    [[nodiscard]] std::vector<std::optional<EventNumber>> currentEvents() const;
    /// Nothing: the list's own order.
    void sortBy(std::optional<MatchSorting> sorting);

Q_SIGNALS:
    void eventActivated(sequela::EventNumber event);
    /// The menu of a row is about to show; what the page can do with the match goes on top.
    void menuRequested(QMenu* menu);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void layOutColumns();
    void cycleSorting(int column);
    void startSorting();
    void selectEvent(const QModelIndex& index);

    state::Context m_context;
    MatchModel* m_model = nullptr;
    std::optional<MatchSorting> m_sorting;
    bool m_settingRows = false;
    bool m_widthsChosen = false;
    JobRunner m_sortJob;
};

} // namespace sequela::ui
