#include "ui/editor/eql_editor.h"
#include "ui/editor/query_check.h"
#include "ui/rules/cost_view.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/query_lint.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/schedule_view.h"
#include "ui/rules/workshop_actions.h"
#include "ui/rules/workspace_parts.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QDateTime>

#include <utility>

namespace sequela::ui {

void RulesWorkspace::Parts::followEdit()
{
    setStale();
    // What follows a run is of the old text; the new run is to have the processors.
    longPause.stop();
    for (JobRunner* job : {&nearJob, &previewJob, &costJob, &lintJob, &scheduleJob}) {
        job->cancel();
    }
    const OpenQuery* query = editor->current();
    if (query == nullptr) {
        return;
    }
    Q_EMIT page.statusChanged(query->isChanged() && query->entry ? tr("Rule changed — not saved")
                                                                 : QString());
    if (hasErrors(query->editor->problems())) {
        // What runs was asked for before the mistake; nobody waits for it any more.
        pause.stop();
        runJob.cancel();
        showStatus(true);
        return;
    }
    pause.start();
}

void RulesWorkspace::Parts::start()
{
    pause.stop();
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (!asked || hasErrors(query->editor->problems())) {
        showStatus(true);
        return;
    }
    failed = false;
    setStale();
    runJob.start<LiveResult>(
        tr("Running the query"),
        [asked = std::move(*asked)](const std::stop_token& stop, Progress&) {
            return runLive(asked, stop);
        },
        [this](Result<LiveResult> result) { take(std::move(result)); });
}

void RulesWorkspace::Parts::take(Result<LiveResult> result)
{
    OpenQuery* query = editor->current();
    if (!result) {
        failed = true;
        editor->status().setSegments(
            {{tr("The query could not be run: %1").arg(text::visible(result.error().message)),
              Token::Critical}},
            {});
        return;
    }
    // The text may have moved on, or another tab may be shown: then it is not its result.
    if (query == nullptr || result->text != query->editor->text() || !result->ran) {
        return;
    }
    query->baseline = result->baseline;
    query->result = std::make_shared<const LiveResult>(std::move(*result));
    query->nearMisses.reset();
    query->clauses.reset();
    query->schedule.reset();
    noteVersion(*query);
    stale = false;
    showResult();
    longPause.start();
}

void RulesWorkspace::Parts::startFollowUps()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked || !query->result) {
        return;
    }
    if (query->isRule()) {
        editor->tests().run(query->entry->rule, query->entry->testFile, asked->text);
    }
    startExamination();
    startReplay();
    startLint();
    nearJob.start<std::optional<ListedMisses>>(
        tr("Looking for near misses"),
        [asked = *asked](const std::stop_token& stop, Progress&) {
            return listNearMisses(asked, stop);
        },
        [this, ran = asked->text](Result<std::optional<ListedMisses>> found) {
            OpenQuery* open = editor->current();
            if (open == nullptr || !open->result || open->result->text != ran || !found) {
                return;
            }
            open->nearMisses =
                std::make_shared<const std::optional<ListedMisses>>(std::move(*found));
            if (!stale) {
                showMisses(*open);
            }
        });
}

void RulesWorkspace::Parts::startLint()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (query == nullptr || !asked) {
        return;
    }
    lintJob.start<std::vector<Diagnostic>>(
        tr("Linting the query"),
        [asked = *asked, rule = query->isRule() ? query->entry->rule : nullptr](
            const std::stop_token& stop, Progress&) { return lintQuery(asked, rule.get(), stop); },
        [this, ran = asked->text](Result<std::vector<Diagnostic>> found) {
            if (const OpenQuery* open = editor->current(); open != nullptr && found) {
                open->editor->addProblems(ran, std::move(*found));
            }
        });
}

/// Many runs: only while somebody looks at what comes of them.
void RulesWorkspace::Parts::startExamination()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked || !query->result || query->clauses || !cost->isVisible()) {
        return;
    }
    cost->setRemark(tr("Running the query without each of its clauses…"));
    const bool isRule = query->isRule();
    costJob.start<std::optional<workspace::ClauseReport>>(
        tr("Examining the clauses"),
        [asked = *asked, rule = isRule ? query->entry->rule : nullptr,
         tests = isRule ? query->entry->testFile : std::string()](const std::stop_token& stop,
                                                                  Progress&) {
            return examineClauses(asked, rule.get(), tests, stop);
        },
        [this, ran = asked->text](Result<std::optional<workspace::ClauseReport>> report) {
            OpenQuery* open = editor->current();
            if (open == nullptr || !open->result || open->result->text != ran) {
                return;
            }
            if (!report) {
                cost->setRemark(text::visible(report.error().message));
                return;
            }
            if (*report) {
                open->clauses =
                    std::make_shared<const workspace::ClauseReport>(std::move(**report));
                cost->setReport(open->clauses, ran);
            }
        });
}

/// Plays many windows: only while somebody looks at what comes of it.
void RulesWorkspace::Parts::startReplay()
{
    const OpenQuery* query = editor->current();
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked || !query->result || !query->isRule() || !schedule->isVisible()) {
        return;
    }
    const ScheduleSwitches switches = schedule->switches();
    if (query->schedule && query->schedule->switches == switches) {
        // What is being played is of switches that were taken back.
        scheduleJob.cancel();
        showSchedule();
        return;
    }
    scheduleJob.start<std::optional<ScheduleResult>>(
        tr("Replaying the schedule"),
        [asked = *asked, rule = query->entry->rule, switches](const std::stop_token& stop,
                                                              Progress&) {
            return replaySchedule(asked, *rule, switches, stop);
        },
        [this, ran = asked->text](Result<std::optional<ScheduleResult>> played) {
            OpenQuery* open = editor->current();
            if (open == nullptr || !open->result || open->result->text != ran) {
                return;
            }
            if (!played) {
                schedule->setRemark(diagnosticText(played.error()));
                return;
            }
            if (*played) {
                open->schedule = std::make_shared<const ScheduleResult>(std::move(**played));
                showSchedule();
            }
        });
}

void RulesWorkspace::Parts::noteVersion(OpenQuery& query)
{
    const LiveResult& result = *query.result;
    QueryVersion version;
    version.text = result.text;
    version.matchCount = result.matches->size();
    version.gainedCount = result.gainedCount;
    version.lostCount = result.lostCount;
    version.lostTruePositives = result.lostTruePositives.size();
    version.firstRunMs = QDateTime::currentMSecsSinceEpoch();
    query.versions.note(std::move(version));
}

void RulesWorkspace::Parts::startPreview(std::int64_t maxspanMs)
{
    auto asked = liveRequestOf(*editor, context);
    if (stale || !asked) {
        return;
    }
    previewJob.start<std::uint64_t>(
        tr("Trying another maxspan"),
        [asked = std::move(*asked), maxspanMs](const std::stop_token& stop, Progress&) {
            return countWithMaxspan(asked, maxspanMs, stop);
        },
        [this, maxspanMs](Result<std::uint64_t> count) {
            if (count && !stale) {
                near->setPreview(maxspanMs, *count);
            }
        });
}

} // namespace sequela::ui
