#pragma once

#include "ui/state/context.h"

#include <QFrame>

#include <string>
#include <vector>

class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace sequela::ui {

/// A list to drop down: every field of the case with the number of events that have it; a tick
/// shows it as a column.
class ColumnChooser : public QFrame {
    Q_OBJECT

public:
    ColumnChooser(state::Context& context, const std::vector<std::string>& shown,
                  QWidget* parent = nullptr);

Q_SIGNALS:
    void columnToggled(const std::string& field, bool shown);

private:
    void fill(const std::vector<std::string>& shown);
    void narrow(const QString& words);

    state::Context& m_context;
    QLineEdit* m_search = nullptr;
    QListWidget* m_list = nullptr;
};

} // namespace sequela::ui
