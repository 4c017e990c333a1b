#include "ui/rules/rules_workspace.h"

#include "ui/state/case_session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

namespace sequela::ui {

struct RulesWorkspace::Parts {
    explicit Parts(const state::Context& shared) : context(shared) {}

    state::Context context;
    QList<QAction*> actions;
};

RulesWorkspace::RulesWorkspace(const state::Context& context, QWidget* parent)
    : QMainWindow(parent), m_parts(std::make_unique<Parts>(context))
{
    setObjectName(QStringLiteral("rules"));
    setAccessibleName(tr("Rules"));
}

RulesWorkspace::~RulesWorkspace() = default;

bool RulesWorkspace::openRule(const std::string& ruleId)
{
    const auto rules = m_parts->context.session.rules();
    return rules && rules->find(ruleId) != nullptr;
}

void RulesWorkspace::newQuery(const std::string& /*text*/) {}

QList<QAction*> RulesWorkspace::workspaceActions() const
{
    return m_parts->actions;
}

QStringList RulesWorkspace::unsavedNames() const
{
    return {};
}

void RulesWorkspace::focusEditor()
{
    setFocus();
}

} // namespace sequela::ui
