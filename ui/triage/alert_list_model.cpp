#include "ui/triage/alert_list_model.h"

#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/widgets/severity.h"

namespace sequela::ui {

void AlertListModel::setContent(std::shared_ptr<const detect::Detection> detection,
                                std::shared_ptr<const AlertRows> rows, AlertGrouping grouping)
{
    beginResetModel();
    m_detection = std::move(detection);
    m_rows = std::move(rows);
    m_grouping = grouping;
    endResetModel();
}

int AlertListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_rows ? 0 : static_cast<int>(m_rows->rows.size());
}

const AlertRow* AlertListModel::row(const QModelIndex& index) const
{
    return index.isValid() && checkIndex(index)
               ? &m_rows->rows[static_cast<std::size_t>(index.row())]
               : nullptr;
}

const detect::Alert* AlertListModel::alert(const QModelIndex& index) const
{
    const AlertRow* found = row(index);
    return found == nullptr ? nullptr : &m_detection->alerts[found->alert];
}

QString AlertListModel::title(const AlertRow& row) const
{
    const detect::Alert& head = m_detection->alerts[row.alert];
    const auto named = [](const std::string& value, const QString& none) {
        return value.empty() ? none : text::visibleCell(value);
    };
    if (row.isGroup) {
        switch (m_grouping) {
        case AlertGrouping::Host:
            return named(head.host, tr("No host"));
        case AlertGrouping::User:
            return named(head.user, tr("No user"));
        case AlertGrouping::Process:
            return named(head.process, tr("No process"));
        case AlertGrouping::Rule:
        case AlertGrouping::None:
            break;
        }
    }
    if (row.isMember && m_grouping == AlertGrouping::Rule) {
        return named(head.process, text::visibleCell(head.name));
    }
    return text::visibleCell(head.name);
}

QVariant AlertListModel::data(const QModelIndex& index, int role) const
{
    const AlertRow* found = row(index);
    if (found == nullptr) {
        return {};
    }
    const detect::Alert& head = m_detection->alerts[found->alert];
    if (role == Qt::DisplayRole) {
        return title(*found);
    }
    if (role == Qt::AccessibleTextRole) {
        return tr("%1, %2, on %3, %4")
            .arg(title(*found), severityName(head.severity), text::visibleCell(head.host),
                 text::counted(found->count, tr("alert")));
    }
    return {};
}

QModelIndex AlertListModel::indexOf(const std::string& alertId) const
{
    if (!m_rows) {
        return {};
    }
    QModelIndex folded;
    std::string key;
    for (const detect::Alert& candidate : m_detection->alerts) {
        if (candidate.id == alertId) {
            key = groupKey(candidate, m_grouping);
            break;
        }
    }
    for (int at = 0; at < rowCount(); ++at) {
        const AlertRow& candidate = m_rows->rows[static_cast<std::size_t>(at)];
        if (candidate.key != key) {
            continue;
        }
        if (!candidate.isExpanded && m_detection->alerts[candidate.alert].id == alertId) {
            return index(at);
        }
        if (candidate.isGroup && !candidate.isExpanded) {
            folded = index(at);
        }
    }
    return folded;
}

} // namespace sequela::ui
