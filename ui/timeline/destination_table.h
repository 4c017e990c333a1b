#pragma once

#include "core/views/destination_summary.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/case_views.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>
#include <QTableView>

#include <memory>
#include <optional>
#include <vector>

namespace sequela::ui {

/// Destinations, or names looked up, as rows.
class DestinationModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        NameColumn,
        ClassColumn,
        FlowsColumn,
        ProcessColumn,
        HostsColumn,
        OutColumn,
        InColumn,
        FirstColumn,
        LastColumn,
        RegularColumn
    };
    static constexpr int columns = RegularColumn + 1;

    DestinationModel(const state::Context& context, views::FlowKind kind,
                     QObject* parent = nullptr);

    void setRows(std::shared_ptr<const state::CaseViews::Built> built,
                 std::vector<views::DestinationSummary> rows);
    [[nodiscard]] const std::vector<views::DestinationSummary>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const views::DestinationSummary& row, int column) const;
    /// What a cell leaves out stands here.
    [[nodiscard]] QString wholeText(const views::DestinationSummary& row, int column) const;
    /// Month to second: the year and the fraction are in the tool tip.
    [[nodiscard]] QString shortTime(std::int64_t timeNs) const;

    state::Context m_context;
    views::FlowKind m_kind;
    std::shared_ptr<const state::CaseViews::Built> m_built;
    std::vector<views::DestinationSummary> m_rows;
};

/// Where the case's hosts connect to, or which names they look up: one line a destination, within
/// the window's filter of time. A click selects the first event; a click on a column sorts.
class DestinationTable : public QTableView {
    Q_OBJECT

public:
    DestinationTable(const state::Context& context, state::CaseViews& views, views::FlowKind kind,
                     QWidget* parent = nullptr);

    [[nodiscard]] const DestinationModel& destinations() const { return *m_model; }

Q_SIGNALS:
    void counted(std::size_t rows);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void fitColumns();

    state::Context m_context;
    state::CaseViews& m_views;
    views::FlowKind m_kind;
    DestinationModel* m_model = nullptr;
    int m_sortColumn = DestinationModel::FlowsColumn;
    bool m_ascending = false;
    bool m_isStale = true;
    /// Somebody has pulled at a column: from then on the widths are theirs.
    bool m_hasOwnWidths = false;
    bool m_isFitting = false;
    JobRunner m_job;
};

/// "public", "private", …
[[nodiscard]] QString addressClassName(AddressClass addressClass);

} // namespace sequela::ui
