#include "ui/rules/rules_workspace.h"
#include "ui/shell/main_window.h"
#include "ui/shell/welcome_page.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/widgets/notice.h"

#include <QFileDialog>

#include <utility>

namespace sequela::ui {

void MainWindow::connectSaving()
{
    state::CaseSession& session = m_context.session;
    connect(&session, &state::CaseSession::caseOpened, this, [this] {
        m_unsavedNotice->clear();
        m_unsavedNoticeShown = false;
        m_mayLoseWork = false;
    });
    connect(&session, &state::CaseSession::unsavedWork, this, [this] {
        // Once: who dismisses it has read it, and closing asks again.
        if (m_unsavedNoticeShown) {
            return;
        }
        m_unsavedNoticeShown = true;
        m_unsavedNotice->remind(
            tr("This case has no file yet: its verdicts and marks go when the window closes."),
            {{QStringLiteral("unsaved.save"), tr("Save case as…"), [this] { saveCaseDialog(); }}});
    });
    connect(&session, &state::CaseSession::caseSaved, this, [this] {
        m_unsavedNotice->clear();
        refreshTitle();
        rememberCase();
        m_notice->showRemark(tr("Saved as %1.").arg(m_context.session.name()));
        if (const auto next = std::exchange(m_afterSaving, nullptr)) {
            next();
        }
    });
    connect(&session, &state::CaseSession::failed, this, [this] {
        m_afterSaving = nullptr;
        m_mayLoseWork = false;
    });
}

void MainWindow::saveCaseDialog()
{
    if (!m_context.session.isOpen()) {
        return;
    }
    // SQLite never gets to see a file that exists: there is nothing to confirm.
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save case as"), {}, tr("Sequela cases (*.sequela)"),
                                     nullptr, QFileDialog::DontConfirmOverwrite);
    if (file.isEmpty()) {
        m_afterSaving = nullptr;
        return;
    }
    saveCaseTo(file);
}

void MainWindow::saveCaseTo(const QString& file)
{
    const QString ending = QStringLiteral(".sequela");
    m_context.session.saveCaseAs(text::toUtf8(file.endsWith(ending) ? file : file + ending));
}

void MainWindow::leaveCase(const std::function<void()>& leave)
{
    if (m_mayLoseWork || !m_context.session.hasUnsavedWork()) {
        leave();
        return;
    }
    m_unsavedNotice->ask(
        tr("Verdicts and marks of this case are not in a file yet and would be lost."),
        {{QStringLiteral("unsaved.save"), tr("Save case as…"),
          [this, leave] {
              m_afterSaving = leave;
              saveCaseDialog();
          }},
         {QStringLiteral("unsaved.discard"), tr("Go on without saving"),
          [this, leave] {
              m_mayLoseWork = true;
              leave();
          }},
         {QStringLiteral("unsaved.stay"), tr("Stay here"), [] {}}});
}

void MainWindow::askAboutEdits()
{
    m_unsavedNotice->ask(
        tr("Edited and not saved: %1.").arg(m_rules->unsavedNames().join(QStringLiteral(", "))),
        {{QStringLiteral("edits.show"), tr("Show them"),
          [this] { showWorkspace(WorkspaceKind::Rules); }},
         {QStringLiteral("edits.discard"), tr("Close without saving"),
          [this] {
              m_mayLoseEdits = true;
              close();
          }},
         {QStringLiteral("edits.stay"), tr("Stay here"), [] {}}});
}

} // namespace sequela::ui
