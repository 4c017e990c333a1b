#pragma once

#include "ui/rules/match_model.h"

#include <QTableView>

namespace sequela::ui {

/// A table of matches; a click selects the event for the whole window, Return and double click ask
/// for it in the event table.
class MatchTable : public QTableView {
    Q_OBJECT

public:
    explicit MatchTable(const state::Context& context, QWidget* parent = nullptr);

    void setRows(std::vector<MatchRow> rows, std::size_t stageCount);
    [[nodiscard]] MatchModel& matches() { return *m_model; }

Q_SIGNALS:
    void eventActivated(sequela::EventNumber event);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOutColumns();

    state::Context m_context;
    MatchModel* m_model = nullptr;
    bool m_settingRows = false;
};

} // namespace sequela::ui
