#pragma once

#include "core/rules/rule_file.h"
#include "ui/state/context.h"

#include <QScrollArea>

class QFormLayout;

namespace sequela::ui {

/// What a rule file says about its rule, to read.
class MetadataView : public QScrollArea {
    Q_OBJECT

public:
    explicit MetadataView(const state::Context& context, QWidget* parent = nullptr);

    /// Null: the query belongs to no rule.
    void setEntry(const rules::RuleEntry* entry);

private:
    void addRow(QFormLayout& form, const QString& label, const QString& value);

    state::Context m_context;
};

} // namespace sequela::ui
