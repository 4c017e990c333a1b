#pragma once

#include "ui/triage/alert_rows.h"

#include <QAbstractListModel>

#include <memory>
#include <optional>

namespace sequela::ui {

/// The rows of buildAlertRows over one detection. Immutable content, replaced as a whole.
class AlertListModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setContent(std::shared_ptr<const detect::Detection> detection,
                    std::shared_ptr<const AlertRows> rows, AlertGrouping grouping);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    /// Null where the index is not of this model.
    [[nodiscard]] const AlertRow* row(const QModelIndex& index) const;
    /// The alert of a row, the head of a group. Null where the index is not of this model.
    [[nodiscard]] const detect::Alert* alert(const QModelIndex& index) const;
    /// Row of an alert, its group's if that is folded.
    [[nodiscard]] QModelIndex indexOf(const std::string& alertId) const;
    [[nodiscard]] AlertGrouping grouping() const { return m_grouping; }
    [[nodiscard]] const AlertRows* rows() const { return m_rows.get(); }
    [[nodiscard]] const std::shared_ptr<const detect::Detection>& detection() const
    {
        return m_detection;
    }

    /// First line of a row: the rule's name, or what the group has in common.
    [[nodiscard]] QString title(const AlertRow& row) const;

private:
    std::shared_ptr<const detect::Detection> m_detection;
    std::shared_ptr<const AlertRows> m_rows;
    AlertGrouping m_grouping = AlertGrouping::Rule;
};

} // namespace sequela::ui
