#pragma once

#include "tests/ui/rules/workshop_samples.h"
#include "ui/editor/eql_editor.h"
#include "ui/jobs/job_board.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/match_table.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rules_workspace.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <string>

namespace sequela::ui::testing {

inline constexpr int longWaitMs = 10'000;

/// A case with one rule and the workspace over it.
struct Program {
    QTemporaryDir folder;
    Theme theme{SchemeChoice::Dark};
    JobBoard jobs;
    state::Selection selection;
    state::CaseSession session{selection, &jobs};
    state::TimeDisplay time;
    state::EventReader reader{nullptr};
    state::Context context{theme, jobs, selection, session, time, reader, nullptr};
    std::unique_ptr<RulesWorkspace> page;

    Program()
    {
        const auto follow = [this] {
            const auto snapshot = session.snapshot();
            reader.setSource(snapshot ? snapshot->events : nullptr);
        };
        QObject::connect(&session, &state::CaseSession::caseOpened, &reader, follow);
        QObject::connect(&session, &state::CaseSession::snapshotChanged, &reader, follow);
    }

    void write(const QString& name, const std::string& content) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content.data(), static_cast<qint64>(content.size()));
    }
    [[nodiscard]] std::filesystem::path path(const QString& name) const
    {
        return folder.filePath(name).toStdString();
    }
    [[nodiscard]] std::string read(const QString& name) const
    {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }
    void show(QSize size = {1280, 800})
    {
        page = std::make_unique<RulesWorkspace>(context);
        page->resize(size);
        page->show();
        page->activateWindow();
    }
    void openSamples()
    {
        write(QStringLiteral("events.ndjson"), samples::events);
        write(QStringLiteral("rule.toml"),
              std::string(samples::ruleHead) + samples::query + samples::ruleTail);
        write(QStringLiteral("rule.tests.toml"), samples::ruleTests);
        session.setRulePaths({path(QStringLiteral("rule.toml"))});
        session.importPaths({path(QStringLiteral("events.ndjson"))});
        show();
        QTRY_VERIFY_WITH_TIMEOUT(session.rules() && session.rules()->entries().size() == 1
                                     && session.detection()
                                     && session.detection()->alerts.size() == 1,
                                 longWaitMs);
    }
    [[nodiscard]] EditorPanel& panel() const { return *page->findChild<EditorPanel*>(); }
    [[nodiscard]] EqlEditor& editor() const { return *panel().current()->editor; }
    [[nodiscard]] QString status() const { return panel().status().text(); }
    void showResults(int tab) const
    {
        page->findChild<Panel*>(QStringLiteral("rules.results"))->header().setCurrentTab(tab);
    }
    [[nodiscard]] MatchTable& matches() const
    {
        return *page->findChild<MatchTable*>(QStringLiteral("rules.matches"));
    }
    void openRule() const
    {
        QVERIFY(page->openRule("11111111-2222-3333-4444-555555555555"));
        page->focusEditor();
    }
};

} // namespace sequela::ui::testing
