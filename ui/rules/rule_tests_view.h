#pragma once

#include "core/rules/rule.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QLabel;
class QTableView;

namespace sequela::ui {

/// One test beside a rule and what came of it.
struct RuleTestRow {
    std::string name;
    /// "1 match", "no match".
    QString expectation;
    std::size_t eventCount = 0;
    /// Nothing while it has not been run with the current query.
    std::optional<bool> passed;
    /// Why it failed.
    std::string message;

    bool operator==(const RuleTestRow&) const = default;
};

class RuleTestModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit RuleTestModel(Theme& theme, QObject* parent = nullptr);

    void setRows(std::vector<RuleTestRow> rows);
    [[nodiscard]] const std::vector<RuleTestRow>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    Theme& m_theme;
    std::vector<RuleTestRow> m_rows;
};

/// The tests beside a rule, run with the query as it is in the editor.
class RuleTestsView : public QWidget {
    Q_OBJECT

public:
    explicit RuleTestsView(const state::Context& context, QWidget* parent = nullptr);

    /// Runs the tests of @p testFile (empty: there is none) with @p query in the rule. Null rule:
    /// nothing to show.
    void run(const std::shared_ptr<const rules::Rule>& rule, const std::string& testFile,
             const std::string& query);
    [[nodiscard]] const RuleTestModel& model() const { return *m_model; }

Q_SIGNALS:
    /// Counts of the last run: for the tab and the status bar.
    void finished(std::size_t passed, std::size_t total);

private:
    state::Context m_context;
    RuleTestModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_remark = nullptr;
    JobRunner m_job;
};

} // namespace sequela::ui
