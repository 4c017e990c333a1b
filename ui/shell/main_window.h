#pragma once

#include "ui/events/color_rules.h"
#include "ui/state/context.h"

#include <QJsonObject>
#include <QMainWindow>
#include <QStringList>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

class QLabel;
class QSettings;
class QStackedWidget;
class QToolButton;

namespace sequela::ui {

class AlertInspector;
class AlertsPanel;
class CaseArrangement;
class EventInspector;
class EventsPanel;
class FilterBar;
class ImportReport;
class MarksPanel;
class Notice;
class OverviewStrip;
class Panel;
class ProcessTreeView;
class RulesWorkspace;
class StatusStrip;
class TimelineView;
class WelcomePage;
class WorkspacePage;

namespace state {
class CaseViews;
}

/// The workspaces, in the order of their keys Ctrl+1 … Ctrl+4.
enum class WorkspaceKind : std::uint8_t { Triage, Events, Rules, Coverage };
inline constexpr int workspaceCount = 4;

/// The window: menus, workspace buttons, filter bar, overview, workspaces, status. Everything it
/// offers is a QAction, so that the command palette lists it.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// @p settings outlives the window. Layouts, recent cases and filters live there.
    MainWindow(state::Context& context, QSettings& settings, QWidget* parent = nullptr);
    ~MainWindow() override;

    void showWorkspace(WorkspaceKind kind);
    [[nodiscard]] WorkspaceKind currentWorkspace() const;
    /// Opens cases and imports everything else, as the command line, the menu and a drop do.
    void openPaths(const std::vector<std::filesystem::path>& paths);
    void showPalette();

    [[nodiscard]] FilterBar& filterBar() { return *m_filterBar; }
    [[nodiscard]] AlertsPanel& alerts() { return *m_alerts; }
    /// Opens a rule in the Rules workspace; says so in the window if it is not loaded.
    void tuneRule(const std::string& ruleId);
    [[nodiscard]] EventsPanel& events() { return *m_events; }
    [[nodiscard]] MarksPanel& marks() { return *m_marks; }
    [[nodiscard]] ImportReport& importReport() { return *m_importReport; }
    [[nodiscard]] Notice& notice() { return *m_notice; }
    [[nodiscard]] Notice& unsavedNotice() { return *m_unsavedNotice; }
    [[nodiscard]] WelcomePage& welcome() { return *m_welcome; }
    /// Saves the case to @p file as the action does, without its file dialog.
    void saveCaseTo(const QString& file);
    [[nodiscard]] QAction* actionNamed(const QString& objectName) const;

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    // main_window_actions.cpp
    void makeActions();
    void makeCaseMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makeRulesMenu();
    void makeGoMenu();
    void makeHelpMenu();
    QAction* addAction(QMenu* menu, const QString& objectName, const QString& text,
                       const QString& icon, const QKeySequence& key,
                       const std::function<void()>& run);
    void openCaseDialog();
    void newCaseDialog();
    void saveCaseDialog();
    void openDemo();
    void importFilesDialog();
    void importFolderDialog();
    /// What the clipboard holds: events, or files.
    void importPasted();
    void loadRulesDialog();
    /// @p format as exportFormatNamed knows it; empty: the usual one.
    void exportDialog(const QString& format = {});
    void stepRow(int rows);
    void cancelWork();
    void showHelp();

    // main_window_saving.cpp
    /// Runs @p leave at once if nothing would be lost, else asks in the window first.
    void askAboutEdits();
    void leaveCase(const std::function<void()>& leave);
    void connectSaving();

    // main_window_layout.cpp
    void connectArrangement();
    /// What a case keeps of how the window looks, and the way back.
    [[nodiscard]] QJsonObject arrangement() const;
    void arrange(const QJsonObject& kept);
    void saveLayout();
    void restoreLayout();
    /// Proportions of a workspace that nobody has arranged yet.
    void applyDefaultSizes(WorkspaceKind kind);

    // main_window.cpp
    void makeTopBar();
    QWidget* makeWorkspaces();
    Panel* makeTreePanel(QWidget* page);
    Panel* makeTimelinePanel(QWidget* page);
    WorkspacePage* makeTriage();
    WorkspacePage* makeEvents();
    WorkspacePage* makeRules();
    WorkspacePage* makeCoverage();
    QToolButton* makeZoneButton();
    QToolButton* makeRangeButton();
    void connectSession();
    void tellImport();
    void exceptAlert(const std::string& alertId);
    void refreshTitle();
    void refreshPages();
    void rememberCase();

    state::Context& m_context;
    QSettings& m_settings;
    state::CaseViews* m_views = nullptr;
    FilterBar* m_filterBar = nullptr;
    OverviewStrip* m_overview = nullptr;
    Notice* m_notice = nullptr;
    /// Stays until the case is saved or it is dismissed: verdicts that go with the window.
    Notice* m_unsavedNotice = nullptr;
    /// What was asked for before the case was to be saved.
    std::function<void()> m_afterSaving;
    bool m_unsavedNoticeShown = false;
    bool m_mayLoseWork = false;
    /// The user chose to close without saving edited rules.
    bool m_mayLoseEdits = false;
    QStackedWidget* m_body = nullptr;
    QStackedWidget* m_workspaces = nullptr;
    WelcomePage* m_welcome = nullptr;
    StatusStrip* m_status = nullptr;
    QLabel* m_caseLabel = nullptr;
    QWidget* m_topBar = nullptr;
    std::array<QToolButton*, workspaceCount> m_workspaceButtons{};
    std::array<WorkspacePage*, workspaceCount> m_pages{};
    AlertsPanel* m_alerts = nullptr;
    AlertInspector* m_alertInspector = nullptr;
    EventInspector* m_triageInspector = nullptr;
    ProcessTreeView* m_tree = nullptr;
    TimelineView* m_timeline = nullptr;
    EventsPanel* m_events = nullptr;
    EventInspector* m_eventInspector = nullptr;
    ImportReport* m_importReport = nullptr;
    MarksPanel* m_marks = nullptr;
    CaseArrangement* m_arrangement = nullptr;
    /// Colour rules of the settings while a case brings its own.
    std::optional<std::vector<ColorRule>> m_ownColors;
    RulesWorkspace* m_rules = nullptr;
    QStringList m_recentCases;
};

} // namespace sequela::ui
