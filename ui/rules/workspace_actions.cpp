#include "ui/editor/eql_editor.h"
#include "ui/rules/workshop_actions.h"
#include "ui/rules/workspace_parts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QAction>

namespace sequela::ui {

void RulesWorkspace::Parts::makeActions()
{
    const auto add = [this](const QString& text, const QString& icon, const QKeySequence& keys,
                            auto slot) {
        auto* action = new QAction(text, &page);
        if (!icon.isEmpty()) {
            action->setIcon(context.theme.icon(icon));
        }
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QObject::connect(action, &QAction::triggered, &page, slot);
        page.addAction(action);
        actions << action;
    };
    const auto inEditor = [this](auto method) {
        return [this, method] {
            if (OpenQuery* query = editor->current()) {
                (query->editor->*method)();
            }
        };
    };
    add(tr("New query"), QStringLiteral("new"), QKeySequence(Qt::CTRL | Qt::Key_N),
        [this] { editor->openScratch({}); });
    add(tr("Save rule"), QStringLiteral("check"), QKeySequence(Qt::CTRL | Qt::Key_S),
        [this] { editor->save(); });
    add(tr("Revert to the saved rule"), QStringLiteral("undo"), {}, [this] { editor->revert(); });
    add(tr("Close query"), QStringLiteral("close"), QKeySequence(Qt::CTRL | Qt::Key_W),
        [this] { editor->closeCurrent(); });
    add(tr("Run query"), QStringLiteral("run"), QKeySequence(Qt::CTRL | Qt::Key_Return),
        [this] { start(); });
    add(tr("Format query"), {}, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        inEditor(&EqlEditor::format));
    add(tr("Comment lines"), {}, QKeySequence(Qt::CTRL | Qt::Key_Slash),
        inEditor(&EqlEditor::toggleComment));
    add(tr("Complete"), {}, QKeySequence(Qt::CTRL | Qt::Key_Space), inEditor(&EqlEditor::complete));
    add(tr("Apply fix"), {}, QKeySequence(Qt::ALT | Qt::Key_Return),
        inEditor(&EqlEditor::applyFix));
    add(tr("Next problem"), {}, QKeySequence(Qt::Key_F8), inEditor(&EqlEditor::nextProblem));
    add(tr("Find in query"), QStringLiteral("search"), QKeySequence(Qt::CTRL | Qt::Key_F),
        inEditor(&EqlEditor::find));
    add(tr("Field card"), QStringLiteral("info"), QKeySequence(Qt::Key_F12),
        inEditor(&EqlEditor::showCard));
    add(tr("Larger text"), QStringLiteral("plus"), QKeySequence(Qt::CTRL | Qt::Key_Plus),
        inEditor(&EqlEditor::zoomIn));
    add(tr("Smaller text"), QStringLiteral("minus"), QKeySequence(Qt::CTRL | Qt::Key_Minus),
        inEditor(&EqlEditor::zoomOut));
}

void RulesWorkspace::Parts::makeRuleActions()
{
    const auto add = [this](const char* name, const QString& text, auto slot) {
        auto* action = new QAction(text, &page);
        action->setObjectName(QLatin1String(name));
        QObject::connect(action, &QAction::triggered, &page, slot);
        page.addAction(action);
        actions << action;
    };
    add("rules.draft", tr("New rule from what is selected"),
        [this] { workshop->draftFromSelection(); });
    add("rules.saveAs", tr("Save query as a rule…"), [this] { workshop->saveAsRule(); });
    add("rules.test", tr("Make a test of the selected match…"), [this] {
        const bool isMiss = results->header().currentTab() == NearMissesPage;
        workshop->makeTest((isMiss ? nearMisses : matches)->currentEvents(), !isMiss);
    });
    add("rules.copyEvidence", tr("Copy the evidence of the change"),
        [this] { workshop->copyEvidence(); });
    add("rules.saveEvidence", tr("Save the evidence of the change…"),
        [this] { workshop->saveEvidence(); });
}

} // namespace sequela::ui
