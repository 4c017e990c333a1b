#pragma once

#include "tests/ui/journeys/journey_samples.h"
#include "ui/events/cell_menu.h"
#include "ui/events/event_grid.h"
#include "ui/events/events_panel.h"
#include "ui/jobs/job_board.h"
#include "ui/shell/main_window.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"
#include "ui/triage/alert_list_model.h"
#include "ui/triage/alerts_panel.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

namespace sequela::ui::journeys {

inline constexpr int longWaitMs = 20'000;

/// Everything main makes, over a folder of its own.
struct Program {
    QTemporaryDir folder;
    QSettings settings;
    Theme theme{SchemeChoice::Dark};
    JobBoard jobs;
    state::Selection selection;
    state::CaseSession session{selection, &jobs};
    state::TimeDisplay time;
    state::EventReader reader{nullptr};
    state::Context context{theme, jobs, selection, session, time, reader, nullptr};
    CellMenu cellMenu{context};
    std::unique_ptr<MainWindow> window;

    Program() : settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat)
    {
        context.cellMenu = &cellMenu;
        const auto follow = [this] {
            const auto snapshot = session.snapshot();
            reader.setSource(snapshot ? snapshot->events : nullptr);
        };
        QObject::connect(&session, &state::CaseSession::caseOpened, &reader, follow);
        QObject::connect(&session, &state::CaseSession::snapshotChanged, &reader, follow);
        write(QStringLiteral("events.ndjson"), samples::events);
        write(QStringLiteral("rule.toml"), samples::rule);
        session.setRulePaths({path(QStringLiteral("rule.toml"))});
        window = std::make_unique<MainWindow>(context, settings);
        window->show();
    }

    void write(const QString& name, const char* content) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    [[nodiscard]] std::filesystem::path path(const QString& name) const
    {
        return folder.filePath(name).toStdString();
    }

    void importSample() const
    {
        window->openPaths({path(QStringLiteral("events.ndjson"))});
        QTRY_COMPARE_WITH_TIMEOUT(window->alerts().model().rowCount(), 1, longWaitMs);
        QTRY_COMPARE_WITH_TIMEOUT(window->events().grid().rowCount(), 3, longWaitMs);
    }

    void picture(const QString& name) const
    {
        const QDir target(QStringLiteral(SEQUELA_BINARY_DIR "/screenshots"));
        target.mkpath(QStringLiteral("."));
        window->grab().save(target.filePath(name + QLatin1String(".png")));
    }
};

} // namespace sequela::ui::journeys
