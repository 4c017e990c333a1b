#pragma once

#include "ui/events/event_columns.h"
#include "ui/text/event_text.h"

#include <QAbstractTableModel>

#include <string>
#include <utility>
#include <vector>

namespace sequela::ui {

/// The sections of the header; there are no cells.
class GridHeaderModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setFields(std::vector<std::string> fields)
    {
        beginResetModel();
        m_fields = std::move(fields);
        endResetModel();
    }
    [[nodiscard]] int rowCount(const QModelIndex& /*parent*/) const override { return 0; }
    [[nodiscard]] int columnCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex& /*index*/, int /*role*/) const override
    {
        return {};
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount({})) {
            return {};
        }
        const std::string& field = m_fields[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole) {
            return columnTitle(field);
        }
        if (role == Qt::ToolTipRole) {
            return text::visible(field).toHtmlEscaped();
        }
        if (role == Qt::TextAlignmentRole) {
            return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
        }
        return {};
    }

private:
    std::vector<std::string> m_fields;
};

} // namespace sequela::ui
