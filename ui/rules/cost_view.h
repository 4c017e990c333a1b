#pragma once

#include "core/workspace/clause_effects.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <memory>
#include <optional>
#include <string>

class QLabel;
class QTableView;

namespace sequela::ui {

/// The clauses of a query with what each does and costs.
class ClauseModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        ClauseColumn,
        EventsColumn,
        KeepsOutColumn,
        TimeColumn,
        ValuesColumn,
        BytesColumn,
        VerdictColumn
    };
    static constexpr int columns = VerdictColumn + 1;

    explicit ClauseModel(Theme& theme, QObject* parent = nullptr);

    /// @p text: the query the report speaks of. Null: nothing to show.
    void setReport(std::shared_ptr<const workspace::ClauseReport> report, std::string text);
    [[nodiscard]] const workspace::ClauseReport* report() const { return m_report.get(); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(std::size_t row, int column) const;
    [[nodiscard]] QString verdict(std::size_t row) const;

    Theme& m_theme;
    std::shared_ptr<const workspace::ClauseReport> m_report;
    std::string m_text;
};

/// What the query costs, clause by clause, and which clauses neither the case nor the tests need. A
/// click shows the clause in the query.
class CostView : public QWidget {
    Q_OBJECT

public:
    explicit CostView(const state::Context& context, QWidget* parent = nullptr);

    void setReport(std::shared_ptr<const workspace::ClauseReport> report, const std::string& text);
    void setStale(bool stale);
    /// Said while there is no report.
    void setRemark(const QString& remark);
    [[nodiscard]] const ClauseModel& model() const { return *m_model; }
    /// One sentence: what the whole run costs and what to do about it.
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void clauseActivated(sequela::SourceSpan span);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    state::Context m_context;
    ClauseModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_summary = nullptr;
};

/// What to do about the dearest clause: another operator, another place. Empty if nothing stands
/// out.
[[nodiscard]] QString costAdvice(const workspace::ClauseReport& report, const std::string& text);

} // namespace sequela::ui
