#include "ui/rules/rule_list_model.h"

#include "ui/text/numbers.h"
#include "ui/widgets/severity.h"

namespace sequela::ui {

namespace {

/// Internal id of groups; rules hold their group's row + 1.
constexpr quintptr groupId = 0;

QString spokenText(const RuleRow& row)
{
    QString spoken = row.name;
    if (row.severity) {
        spoken += QStringLiteral(", ") + severityName(*row.severity);
    }
    if (!row.obstacle.isEmpty()) {
        return spoken + QStringLiteral(", ") + row.obstacle;
    }
    return row.hits ? spoken + QStringLiteral(", ")
                          + text::counted(*row.hits, RuleListModel::tr("alert"))
                    : spoken;
}

} // namespace

void RuleListModel::setGroups(std::vector<RuleGroup> groups)
{
    if (groups == m_groups) {
        return;
    }
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
}

QModelIndex RuleListModel::indexOfEntry(std::size_t entryIndex) const
{
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        for (std::size_t row = 0; row < m_groups[group].rows.size(); ++row) {
            if (m_groups[group].rows[row].entryIndex == entryIndex) {
                return createIndex(static_cast<int>(row), 0, quintptr{group + 1});
            }
        }
    }
    return {};
}

QModelIndex RuleListModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : groupId);
}

QModelIndex RuleListModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == groupId) {
        return {};
    }
    return createIndex(static_cast<int>(child.internalId() - 1), 0, groupId);
}

int RuleListModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return static_cast<int>(m_groups.size());
    }
    if (parent.internalId() != groupId || parent.column() != 0) {
        return 0;
    }
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int RuleListModel::columnCount(const QModelIndex& /*parent*/) const
{
    return 1;
}

QVariant RuleListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    if (index.internalId() == groupId) {
        const RuleGroup& group = m_groups[static_cast<std::size_t>(index.row())];
        if (role == Qt::DisplayRole) {
            return group.title;
        }
        if (role == Qt::AccessibleTextRole) {
            return QString(group.title + QStringLiteral(", ")
                           + text::counted(group.rows.size(), tr("rule")));
        }
        return role == EntryRole ? QVariant(-1) : QVariant();
    }
    const RuleRow& row =
        m_groups[index.internalId() - 1].rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case Qt::AccessibleTextRole:
        return spokenText(row);
    case EntryRole:
        return static_cast<int>(row.entryIndex);
    case HitsRole:
        return row.hits ? QVariant::fromValue(static_cast<qulonglong>(*row.hits)) : QVariant();
    case SeverityRole:
        return row.severity ? QVariant(static_cast<int>(*row.severity)) : QVariant();
    case ObstacleRole:
        return row.obstacle;
    case BrokenRole:
        return row.broken;
    default:
        return {};
    }
}

} // namespace sequela::ui
