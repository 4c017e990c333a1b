#include "core/workspace/workspace.h"
#include "ui/events/cell_menu.h"
#include "ui/events/events_panel.h"
#include "ui/events/marks_panel.h"
#include "ui/export/export_dialog.h"
#include "ui/jobs/job_board.h"
#include "ui/process_tree/process_tree_view.h"
#include "ui/rules/rules_workspace.h"
#include "ui/shell/about_dialog.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/help_dialog.h"
#include "ui/shell/import_report.h"
#include "ui/shell/main_window.h"
#include "ui/shell/program_data.h"
#include "ui/shell/workspace_page.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/triage/alerts_panel.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/panel.h"

#include <QActionGroup>
#include <QClipboard>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QTableView>
#include <QUrl>

#include <array>
#include <utility>

namespace sequela::ui {

namespace {

std::filesystem::path toPath(const QString& file)
{
    return text::toUtf8(file);
}

} // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& objectName, const QString& text,
                               const QString& icon, const QKeySequence& key,
                               const std::function<void()>& run)
{
    auto* action = new QAction(text, this);
    action->setObjectName(objectName);
    if (!icon.isEmpty()) {
        action->setIcon(m_context.theme.icon(icon, Token::Muted));
    }
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, run);
    // On the window as well, so that keys work and the palette finds it.
    QMainWindow::addAction(action);
    menu->addAction(action);
    return action;
}

QAction* MainWindow::actionNamed(const QString& objectName) const
{
    return findChild<QAction*>(objectName, Qt::FindDirectChildrenOnly);
}

void MainWindow::makeActions()
{
    makeCaseMenu();
    makeEditMenu();
    makeViewMenu();
    makeRulesMenu();
    makeGoMenu();
    makeHelpMenu();
}

void MainWindow::makeCaseMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Case"));
    addAction(menu, QStringLiteral("case.open"), tr("&Open case…"), QStringLiteral("open"),
              QKeySequence::Open, [this] { openCaseDialog(); });
    addAction(menu, QStringLiteral("case.new"), tr("&New case…"), QStringLiteral("new"),
              QKeySequence::New, [this] { newCaseDialog(); });
    addAction(menu, QStringLiteral("case.save"), tr("&Save case as…"), QStringLiteral("case"),
              QKeySequence(tr("Ctrl+Shift+S")), [this] { saveCaseDialog(); });
    QAction* demo = addAction(menu, QStringLiteral("case.demo"), tr("Open the &demo case"),
                              QStringLiteral("triage"), {}, [this] { openDemo(); });
    demo->setVisible(shippedFolder(ShippedFolder::Demo).has_value());
    menu->addSeparator();
    addAction(menu, QStringLiteral("case.import"), tr("&Import event files…"),
              QStringLiteral("import"), QKeySequence(tr("Ctrl+I")),
              [this] { importFilesDialog(); });
    addAction(menu, QStringLiteral("case.importFolder"), tr("Import a &folder…"),
              QStringLiteral("folder"), QKeySequence(tr("Ctrl+Shift+I")),
              [this] { importFolderDialog(); });
    addAction(menu, QStringLiteral("case.paste"), tr("Import &pasted events"),
              QStringLiteral("import"), QKeySequence::Paste, [this] { importPasted(); });
    addAction(menu, QStringLiteral("case.importReport"), tr("Import &report"),
              QStringLiteral("note"), {}, [this] {
                  showWorkspace(WorkspaceKind::Events);
                  m_importReport->show();
              });
    menu->addSeparator();
    addAction(menu, QStringLiteral("case.export"), tr("&Export alerts…"), QStringLiteral("export"),
              QKeySequence(tr("Ctrl+E")), [this] { exportDialog(); });
    menu->addSeparator();
    addAction(menu, QStringLiteral("case.quit"), tr("&Quit"), {}, QKeySequence::Quit,
              [this] { close(); });
}

void MainWindow::makeEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    addAction(menu, QStringLiteral("go.filter"), tr("Edit the &filter"), QStringLiteral("filter"),
              QKeySequence(tr("Ctrl+L")), [this] { m_filterBar->focusText(); });
    addAction(menu, QStringLiteral("view.clearFilter"), tr("&Clear filter and time range"), {},
              QKeySequence(tr("Ctrl+R")), [this] { m_filterBar->clearFilter(); });
    addAction(menu, QStringLiteral("edit.keepFilter"), tr("&Keep or forget the filter"),
              QStringLiteral("bookmark"), QKeySequence(tr("Ctrl+Shift+L")),
              [this] { m_filterBar->toggleSaved(); });
    addAction(menu, QStringLiteral("edit.findAlert"), tr("Find in &alerts"),
              QStringLiteral("search"), QKeySequence(tr("Ctrl+Shift+F")), [this] {
                  showWorkspace(WorkspaceKind::Triage);
                  m_alerts->focusSearch();
              });
    const auto inEvents = [this, menu](const char* name, const QString& text, const QString& icon,
                                       const QKeySequence& key, const std::function<void()>& run) {
        addAction(menu, QLatin1String(name), text, icon, key, run);
    };
    inEvents("edit.find", tr("Find in &events"), QStringLiteral("search"), QKeySequence::Find,
             [this] { m_events->openFindBar(); });
    inEvents("edit.findNext", tr("Find &next"), {}, QKeySequence(Qt::Key_F3),
             [this] { m_events->findText(true); });
    inEvents("edit.findPrevious", tr("Find pre&vious"), {}, QKeySequence(Qt::SHIFT | Qt::Key_F3),
             [this] { m_events->findText(false); });
    inEvents("edit.mark", tr("&Mark or unmark events"), QStringLiteral("bookmark"),
             QKeySequence(tr("Ctrl+M")), [this] { m_events->toggleMark(); });
    inEvents("edit.nextMark", tr("Next mar&ked event"), {}, QKeySequence(tr("Ctrl+Shift+M")),
             [this] { m_events->goToMark(); });
    addAction(menu, QStringLiteral("edit.marks"), tr("&List of marked events"),
              QStringLiteral("bookmark"), QKeySequence(tr("Ctrl+Shift+B")), [this] {
                  const bool isSeen =
                      currentWorkspace() == WorkspaceKind::Events && m_marks->isVisible();
                  showWorkspace(WorkspaceKind::Events);
                  m_marks->setVisible(!isSeen);
                  if (!isSeen) {
                      m_marks->table().setFocus();
                  }
              });
    menu->addSeparator();
    using detect::VerdictReason;
    using detect::VerdictStatus;
    const auto verdict = [this, menu](const char* name, const QString& text, const QString& icon,
                                      const QKeySequence& key, VerdictStatus status,
                                      VerdictReason reason) {
        addAction(menu, QLatin1String(name), text, icon, key,
                  [this, status, reason] { m_alerts->setVerdictOfSelected(status, reason); });
    };
    verdict("verdict.acknowledge", tr("&Acknowledge selected alerts"),
            QStringLiteral("acknowledge"), QKeySequence(tr("Ctrl+Alt+A")),
            VerdictStatus::Acknowledged, VerdictReason::None);
    verdict("verdict.true", tr("Close as &true positive"), QStringLiteral("verdict-true"),
            QKeySequence(tr("Ctrl+Alt+T")), VerdictStatus::Closed, VerdictReason::TruePositive);
    verdict("verdict.false", tr("Close as &false positive"), QStringLiteral("verdict-false"),
            QKeySequence(tr("Ctrl+Alt+F")), VerdictStatus::Closed, VerdictReason::FalsePositive);
    verdict("verdict.benign", tr("Close as &benign"), QStringLiteral("verdict-false"),
            QKeySequence(tr("Ctrl+Alt+B")), VerdictStatus::Closed, VerdictReason::BenignPositive);
    verdict("verdict.reopen", tr("&Reopen selected alerts"), QStringLiteral("undo"),
            QKeySequence(tr("Ctrl+Alt+O")), VerdictStatus::Open, VerdictReason::None);
}

void MainWindow::makeViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    const std::array<std::pair<QString, QString>, workspaceCount> workspaces{
        {{tr("&Triage"), QStringLiteral("triage")},
         {tr("&Events"), QStringLiteral("events")},
         {tr("&Rules"), QStringLiteral("rules")},
         {tr("&Coverage"), QStringLiteral("coverage")}}};
    for (int index = 0; index < workspaceCount; ++index) {
        const auto& [label, icon] = workspaces.at(static_cast<std::size_t>(index));
        addAction(menu, QStringLiteral("view.workspace%1").arg(index + 1), label, icon,
                  QKeySequence(QStringLiteral("Ctrl+%1").arg(index + 1)),
                  [this, index] { showWorkspace(static_cast<WorkspaceKind>(index)); });
    }
    menu->addSeparator();
    auto* group = new QActionGroup(this);
    const auto scheme = [&](const char* name, const QString& text, SchemeChoice choice) {
        QAction* action = addAction(menu, QLatin1String(name), text, {}, {},
                                    [this, choice] { m_context.theme.setChoice(choice); });
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(m_context.theme.choice() == choice);
    };
    scheme("view.themeDesktop", tr("Colours of the &desktop"), SchemeChoice::Desktop);
    scheme("view.themeDark", tr("D&ark"), SchemeChoice::Dark);
    scheme("view.themeLight", tr("&Light"), SchemeChoice::Light);
    menu->addSeparator();
    addAction(menu, QStringLiteral("view.colors"), tr("Colour &rules of the events"),
              QStringLiteral("theme"), QKeySequence(tr("Ctrl+Shift+K")), [this] {
                  showWorkspace(WorkspaceKind::Events);
                  m_events->toggleColorRules();
              });
    addAction(menu, QStringLiteral("view.resetLayout"), tr("Reset the &layout"), {}, {},
              [this] { m_pages.at(static_cast<std::size_t>(currentWorkspace()))->resetLayout(); });
    addAction(menu, QStringLiteral("view.palette"), tr("Command &palette…"),
              QStringLiteral("palette"), QKeySequence(tr("Ctrl+Shift+P")),
              [this] { showPalette(); });
    QMenu* panels = menu->addMenu(tr("&Panels"));
    connect(panels, &QMenu::aboutToShow, this, [this, panels] {
        panels->clear();
        const auto page = m_pages.at(static_cast<std::size_t>(currentWorkspace()));
        for (Panel* panel : page->findChildren<Panel*>()) {
            panels->addAction(panel->toggleViewAction());
        }
    });
}

void MainWindow::makeRulesMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Rules"));
    addAction(menu, QStringLiteral("rules.load"), tr("&Load rules from a folder…"),
              QStringLiteral("folder"), {}, [this] { loadRulesDialog(); });
    addAction(menu, QStringLiteral("rules.run"), tr("&Run all rules"), QStringLiteral("run"),
              QKeySequence(Qt::Key_F5), [this] { m_context.session.runRules(); });
    const QList<QAction*> workshop = m_rules->workspaceActions();
    if (!workshop.isEmpty()) {
        menu->addSeparator();
        menu->addActions(workshop);
    }
}

void MainWindow::makeGoMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Go"));
    QAction* back =
        addAction(menu, QStringLiteral("go.back"), tr("&Back"), QStringLiteral("back"),
                  QKeySequence(tr("Alt+Left")), [this] { m_context.selection.goBack(); });
    QAction* forward =
        addAction(menu, QStringLiteral("go.forward"), tr("&Forward"), QStringLiteral("forward"),
                  QKeySequence(tr("Alt+Right")), [this] { m_context.selection.goForward(); });
    const auto refresh = [this, back, forward] {
        back->setEnabled(m_context.selection.canGoBack());
        forward->setEnabled(m_context.selection.canGoForward());
    };
    connect(&m_context.selection, &state::Selection::historyChanged, this, refresh);
    refresh();
    menu->addSeparator();
    QAction* next = addAction(menu, QStringLiteral("go.nextRow"), tr("&Next row"),
                              QStringLiteral("down"), {}, [this] { stepRow(1); });
    next->setShortcuts({QKeySequence(tr("Ctrl+Down")), QKeySequence(Qt::Key_F8)});
    QAction* previous = addAction(menu, QStringLiteral("go.previousRow"), tr("&Previous row"),
                                  QStringLiteral("up"), {}, [this] { stepRow(-1); });
    previous->setShortcuts({QKeySequence(tr("Ctrl+Up")), QKeySequence(Qt::Key_F7)});
    addAction(menu, QStringLiteral("go.nextOfProcess"), tr("Next event of the same process"), {},
              QKeySequence(tr("Ctrl+.")), [this] { m_events->stepInProcess(true); });
    addAction(menu, QStringLiteral("go.previousOfProcess"),
              tr("Previous event of the same process"), {}, QKeySequence(tr("Ctrl+,")),
              [this] { m_events->stepInProcess(false); });
    addAction(menu, QStringLiteral("go.tree"), tr("Process &tree"), QStringLiteral("process"),
              QKeySequence(tr("Ctrl+T")), [this] {
                  if (const auto event = m_context.selection.state().event) {
                      m_context.cellMenu->followProcess(*event);
                  }
                  showWorkspace(WorkspaceKind::Triage);
                  m_tree->setFocus();
              });
    menu->addSeparator();
    addAction(menu, QStringLiteral("go.cancel"), tr("&Cancel running work"),
              QStringLiteral("cancel"), QKeySequence(Qt::Key_Escape), [this] { cancelWork(); });
}

void MainWindow::makeHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    addAction(menu, QStringLiteral("help.help"), tr("&Help and keys"), QStringLiteral("help"),
              QKeySequence::HelpContents, [this] { showHelp(); });
    addAction(menu, QStringLiteral("help.about"), tr("&About Sequela"), QStringLiteral("info"), {},
              [this] { (new AboutDialog(m_context.theme, this))->show(); });
}

void MainWindow::openCaseDialog()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open a case"), {}, tr("Sequela cases (*.sequela)"));
    if (!file.isEmpty()) {
        openPaths({toPath(file)});
    }
}

void MainWindow::openDemo()
{
    if (const auto folder = shippedFolder(ShippedFolder::Demo)) {
        // What explains and makes the demo lies beside its events.
        const QDir demo(text::fromUtf8(folder->string()));
        std::vector<std::filesystem::path> files;
        for (const QString& name : demo.entryList({QStringLiteral("*.ndjson*")}, QDir::Files)) {
            files.push_back(toPath(demo.filePath(name)));
        }
        leaveCase([this, files] { m_context.session.importIntoNewCase(files); });
    }
}

void MainWindow::newCaseDialog()
{
    QString file =
        QFileDialog::getSaveFileName(this, tr("New case"), {}, tr("Sequela cases (*.sequela)"));
    if (file.isEmpty()) {
        return;
    }
    if (!file.endsWith(QLatin1String(".sequela"))) {
        file += QLatin1String(".sequela");
    }
    leaveCase([this, file] { m_context.session.createCase(toPath(file)); });
}

void MainWindow::importFilesDialog()
{
    std::vector<std::filesystem::path> paths;
    for (const QString& file : QFileDialog::getOpenFileNames(this, tr("Import event files"))) {
        paths.push_back(toPath(file));
    }
    if (!paths.empty()) {
        m_context.session.importPaths(std::move(paths));
    }
}

void MainWindow::importPasted()
{
    const QMimeData* pasted = QGuiApplication::clipboard()->mimeData();
    std::vector<std::filesystem::path> files;
    if (pasted != nullptr) {
        for (const QUrl& url : pasted->urls()) {
            if (url.isLocalFile()) {
                files.push_back(toPath(url.toLocalFile()));
            }
        }
    }
    if (!files.empty()) {
        openPaths(files);
        return;
    }
    const QString text = pasted != nullptr ? pasted->text() : QString();
    if (text.trimmed().isEmpty()) {
        m_notice->showRemark(tr("The clipboard holds no text: copy an event first."));
        return;
    }
    const QString time = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    m_context.session.importText(text::toUtf8(tr("pasted at %1").arg(time)), text::toUtf8(text));
}

void MainWindow::importFolderDialog()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Import a folder"));
    if (!folder.isEmpty()) {
        m_context.session.importPaths({toPath(folder)});
    }
}

void MainWindow::loadRulesDialog()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Load rules from a folder"));
    if (!folder.isEmpty()) {
        m_context.session.setRulePaths({toPath(folder)});
    }
}

void MainWindow::exportDialog(const QString& format)
{
    const auto detection = m_context.session.detection();
    if (!m_context.session.workspace() || !detection) {
        return;
    }
    ExportScopes scopes;
    scopes.selected = m_alerts->selectedAlertIds();
    const AlertGrouping grouping = m_alerts->options().grouping;
    const detect::Alert* current = m_context.session.alert(m_context.selection.state().alertId);
    if (current != nullptr && grouping != AlertGrouping::None) {
        const std::string key = groupKey(*current, grouping);
        const std::string& name = grouping == AlertGrouping::Rule      ? current->name
                                  : grouping == AlertGrouping::Process ? current->process
                                                                       : key;
        scopes.groupName = text::visibleCell(name);
        for (const detect::Alert& alert : detection->alerts) {
            if (!alert.rule->buildingBlock && groupKey(alert, grouping) == key) {
                scopes.group.push_back(alert.id);
            }
        }
    }
    auto* dialog = new ExportDialog(m_context, std::move(scopes), this);
    connect(dialog, &ExportDialog::exported, this, [this](const QString& file) {
        m_notice->showRemark(tr("Alerts exported to %1").arg(file));
    });
    if (!format.isEmpty()) {
        dialog->setFormat(format);
    }
    dialog->show();
}

void MainWindow::showPalette()
{
    QList<QAction*> commands;
    for (QAction* action : actions() + m_rules->workspaceActions()) {
        if (action->isEnabled() && !action->text().isEmpty()) {
            commands.append(action);
        }
    }
    auto* palette = new CommandPalette(m_context.theme, commands, this);
    palette->show();
    palette->raise();
}

void MainWindow::stepRow(int rows)
{
    if (currentWorkspace() == WorkspaceKind::Events) {
        m_events->grid().setCurrentRow(m_events->grid().currentRow() + rows);
    } else {
        m_alerts->step(rows);
    }
}

void MainWindow::cancelWork()
{
    m_context.session.cancelImport();
    m_context.jobs.cancelAll();
    m_notice->clear();
}

void MainWindow::showHelp()
{
    QStringList keys;
    for (const QAction* action : actions()) {
        if (!action->shortcut().isEmpty()) {
            keys.append(QStringLiteral("%1 %2")
                            .arg(action->shortcut().toString(QKeySequence::NativeText), -18)
                            .arg(commandName(*action)));
        }
    }
    keys.sort();
    (new HelpDialog(m_context.theme, keys, this))->show();
}

} // namespace sequela::ui
