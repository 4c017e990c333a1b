#pragma once

#include "ui/state/context.h"

#include <QObject>
#include <QSize>
#include <QStringList>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <vector>

class QApplication;

namespace sequela::ui {

class MainWindow;
class RulesWorkspace;

/// Draws the real window, screen by screen, into PNG files: every workspace, both themes, two
/// sizes. Waits for each screen's background work before it takes the picture.
class Screenshots : public QObject {
    Q_OBJECT

public:
    Screenshots(state::Context& context, MainWindow& window, std::filesystem::path folder,
                bool expectsCase);

    /// Runs the event loop until all are written. 0, or 1 where a file could not be written or
    /// nothing could be opened.
    [[nodiscard]] int run(QApplication& application);

private:
    struct Shot {
        QString name;
        QSize size;
        std::function<void()> prepare;
    };

    /// Puts a screen into a theme.
    using Themed = std::function<std::function<void()>(const std::function<void()>&)>;

    void plan();
    /// The event table grouped, coloured, with its marks and the import report.
    void planEvents(const QString& suffix, const Themed& themed);
    void planWorkshop(const QString& suffix, const Themed& themed);
    void planPanels(const QString& suffix, const Themed& themed,
                    const std::function<void()>& triage);
    void add(const QString& name, QSize size, std::function<void()> prepare);
    void tick();
    [[nodiscard]] bool isQuiet() const;
    void take(const Shot& shot);
    void selectBestAlert();
    /// Opens the rule of an alert in the Rules workspace.
    void openTellingRule();
    [[nodiscard]] RulesWorkspace& rulesPage();
    /// Shows a page of a panel.
    void turnTo(const char* panel, int tab);

    state::Context& m_context;
    MainWindow& m_window;
    std::filesystem::path m_folder;
    bool m_expectsCase = false;
    std::vector<Shot> m_shots;
    std::size_t m_next = 0;
    int m_quietTicks = 0;
    int m_waitedTicks = 0;
    bool m_prepared = false;
    bool m_planned = false;
    int m_exitCode = 0;
    QTimer m_timer;
};

} // namespace sequela::ui
