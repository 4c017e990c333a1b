#pragma once

#include "ui/rules/rule_rows.h"

#include <QAbstractItemModel>

#include <vector>

namespace sequela::ui {

/// Groups of rules, two levels deep.
class RuleListModel : public QAbstractItemModel {
    Q_OBJECT

public:
    /// Of rules; EntryRole is -1 for groups.
    enum Role : int {
        EntryRole = Qt::UserRole + 1,
        HitsRole,
        SeverityRole,
        ObstacleRole,
        BrokenRole,
        /// Switched off.
        OffRole,
        /// Nanoseconds.
        CostRole,
        /// What lint says, empty for nothing.
        LintRole,
        /// One sentence: why it cannot run, what lint says, or what the last run found.
        SummaryRole
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setGroups(std::vector<RuleGroup> groups);
    [[nodiscard]] const std::vector<RuleGroup>& groups() const { return m_groups; }
    /// Invalid if the entry is not shown.
    [[nodiscard]] QModelIndex indexOfEntry(std::size_t entryIndex) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<RuleGroup> m_groups;
};

} // namespace sequela::ui
