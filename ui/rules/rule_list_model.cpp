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
        spoken += QStringLiteral(", ") + row.obstacle;
    } else if (row.hits) {
        spoken += QStringLiteral(", ") + text::counted(*row.hits, RuleListModel::tr("alert"));
    }
    return row.lint.isEmpty() ? spoken : spoken + QStringLiteral(", ") + row.lint;
}

QString summaryOf(const RuleRow& row)
{
    QStringList parts;
    if (!row.obstacle.isEmpty()) {
        parts << (row.broken || row.isOff
                      ? row.obstacle
                      : RuleListModel::tr("Cannot run on this case: %1").arg(row.obstacle));
    } else if (row.hits) {
        parts << text::counted(*row.hits, RuleListModel::tr("alert"));
    }
    if (row.costNs) {
        parts << text::elapsed(*row.costNs);
    }
    if (row.warningCount > 0) {
        parts << (row.warningCount == 1 ? RuleListModel::tr("lint: %1").arg(row.lint)
                                        : RuleListModel::tr("lint: %1 and %2 more")
                                              .arg(row.lint, text::count(row.warningCount - 1)));
    }
    return parts.join(QStringLiteral(" · "));
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
    case OffRole:
        return row.isOff;
    case CostRole:
        return row.costNs ? QVariant::fromValue(static_cast<qulonglong>(*row.costNs)) : QVariant();
    case LintRole:
        return row.lint;
    case SummaryRole:
        return summaryOf(row);
    default:
        return {};
    }
}

} // namespace sequela::ui
