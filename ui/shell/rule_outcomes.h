#pragma once

#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

class QLineEdit;
class QTableView;

namespace sequela::detect {
struct Detection;
}

namespace sequela::ui {

/// What became of every rule file in the last run: ran, could not run and why, broken and where.
class RuleOutcomeModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit RuleOutcomeModel(state::Context& context, QObject* parent = nullptr);

    void setDetection(std::shared_ptr<const detect::Detection> detection);
    /// Rows whose name, file or reason holds all words.
    void setWords(const QString& words);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void refill();

    state::Context& m_context;
    std::shared_ptr<const detect::Detection> m_detection;
    std::vector<std::size_t> m_rows;
    QString m_words;
    int m_sortColumn = 1;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

class RuleOutcomesPanel : public Panel {
    Q_OBJECT

public:
    RuleOutcomesPanel(state::Context& context, QWidget* parent = nullptr);

private:
    void refresh();

    state::Context& m_context;
    RuleOutcomeModel* m_model = nullptr;
    QLineEdit* m_search = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace sequela::ui
