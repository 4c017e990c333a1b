#pragma once

#include "ui/events/color_rules.h"
#include "ui/state/context.h"

#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace sequela::ui {

/// The list of colour rules above the event table: condition, colour, order, on or off, and what
/// each found. A change counts at once, there is no dialog.
class ColorRulesBar : public QWidget {
    Q_OBJECT

public:
    ColorRulesBar(const state::Context& context, ColorRules& rules, QWidget* parent = nullptr);

    /// Shows the bar with the focus in its first rule, or on the button that makes one.
    void open();
    [[nodiscard]] std::vector<QLineEdit*> conditions() const;

private:
    struct Row {
        QWidget* widget = nullptr;
        QCheckBox* enabled = nullptr;
        QToolButton* swatch = nullptr;
        QLineEdit* condition = nullptr;
        QLabel* outcome = nullptr;
        QToolButton* up = nullptr;
        QToolButton* down = nullptr;
    };

    void addRow();
    void refresh();
    void refreshOutcomes();
    void fitHeight();
    void change(std::size_t index, const std::function<void(ColorRule&)>& edit);
    void remove(std::size_t index);
    void move(std::size_t index, int step);
    void add(const std::string& condition);
    [[nodiscard]] QIcon swatchIcon(RuleColor color) const;

    state::Context m_context;
    ColorRules& m_rules;
    std::vector<Row> m_rows;
    QWidget* m_list = nullptr;
    QScrollArea* m_area = nullptr;
    QVBoxLayout* m_listLayout = nullptr;
    QLabel* m_empty = nullptr;
    QToolButton* m_add = nullptr;
};

} // namespace sequela::ui
