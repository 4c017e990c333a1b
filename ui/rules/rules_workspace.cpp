#include "ui/rules/rules_workspace.h"

#include "core/rules/rule_set.h"
#include "ui/editor/eql_editor.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/workshop_actions.h"
#include "ui/rules/workspace_parts.h"
#include "ui/state/case_session.h"

#include <QResizeEvent>
#include <QShowEvent>
#include <QTimer>

#include <utility>

namespace sequela::ui {

RulesWorkspace::RulesWorkspace(const state::Context& context, QWidget* parent) : QMainWindow(parent)
{
    setObjectName(QStringLiteral("rules"));
    setAccessibleName(tr("Rules"));
    setWindowFlags(Qt::Widget);
    m_parts = std::make_unique<Parts>(*this, context);
}

RulesWorkspace::~RulesWorkspace()
{
    // The panels go after the parts and must not speak to them any more.
    for (QObject* part : findChildren<QObject*>()) {
        part->disconnect(this);
    }
}

void RulesWorkspace::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!m_parts->sized) {
        m_parts->sized = true;
        QTimer::singleShot(0, this, [this] { m_parts->sizeDocks(); });
    }
}

void RulesWorkspace::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    if (m_parts && m_parts->sized) {
        m_parts->scaleDocks();
    }
}

bool RulesWorkspace::openRule(const std::string& ruleId)
{
    const auto rules = m_parts->context.session.rules();
    const rules::RuleEntry* entry = rules ? rules->find(ruleId) : nullptr;
    if (entry == nullptr) {
        return false;
    }
    m_parts->editor->openEntry(*entry);
    return true;
}

TestDraftDialog* RulesWorkspace::makeTest(std::vector<std::optional<EventNumber>> events,
                                          bool expectsMatch)
{
    return m_parts->workshop->makeTest(std::move(events), expectsMatch);
}

void RulesWorkspace::makeException(EventNumber event)
{
    m_parts->workshop->makeException(event);
}

WorkshopActions& RulesWorkspace::workshop()
{
    return *m_parts->workshop;
}

void RulesWorkspace::newQuery(const std::string& text)
{
    m_parts->editor->openScratch(text);
}

QList<QAction*> RulesWorkspace::workspaceActions() const
{
    return m_parts->actions;
}

QStringList RulesWorkspace::unsavedNames() const
{
    QStringList names;
    for (const auto& query : m_parts->editor->queries()) {
        if (query->isRule() && query->isChanged()) {
            names << query->title;
        }
    }
    return names;
}

void RulesWorkspace::focusEditor()
{
    if (const OpenQuery* query = m_parts->editor->current()) {
        query->editor->setFocus(Qt::OtherFocusReason);
    }
}

} // namespace sequela::ui
