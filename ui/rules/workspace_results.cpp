#include "core/rules/rule_set.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/query_check.h"
#include "ui/rules/cost_view.h"
#include "ui/rules/exceptions_view.h"
#include "ui/rules/funnel_view.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_list_panel.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/rules/schedule_view.h"
#include "ui/rules/versions_view.h"
#include "ui/rules/workspace_parts.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <algorithm>
#include <utility>

namespace sequela::ui {

namespace {

std::shared_ptr<const MatchList> noMatches()
{
    return std::make_shared<const MatchList>();
}

} // namespace

void RulesWorkspace::Parts::setStale()
{
    stale = true;
    for (MatchTable* table : matchTables()) {
        table->matches().setStale(true);
    }
    funnel->setStale(true);
    near->setStale(true);
    cost->setStale(true);
    schedule->setStale(true);
    if (const OpenQuery* query = editor->current()) {
        query->editor->setNotesStale(true);
    }
    showStatus(true);
}

void RulesWorkspace::Parts::showCurrent()
{
    runJob.cancel();
    nearJob.cancel();
    costJob.cancel();
    lintJob.cancel();
    scheduleJob.cancel();
    pause.stop();
    longPause.stop();
    const OpenQuery* query = editor->current();
    showExceptionsOf(query);
    if (query != nullptr && query->entry) {
        if (const auto rules = context.session.rules()) {
            const auto found =
                std::ranges::find_if(rules->entries(), [query](const rules::RuleEntry& entry) {
                    return entry.path == query->entry->path
                           && entry.exportLine == query->entry->exportLine;
                });
            if (found != rules->entries().end()) {
                list->setCurrentEntry(static_cast<std::size_t>(found - rules->entries().begin()));
            }
        }
        editor->tests().run(query->entry->rule, query->entry->testFile, query->editor->text());
    }
    const bool fresh = query != nullptr && query->result
                       && query->result->text == query->editor->text()
                       && query->result->snapshot == context.session.snapshot();
    stale = !fresh;
    // What the page shows may be the replay of the rule that was open before.
    schedule->setRemark({});
    showResult();
    if (!fresh) {
        setStale();
        start();
        return;
    }
    startExamination();
    startReplay();
}

void RulesWorkspace::Parts::showExceptionsOf(const OpenQuery* query)
{
    ExceptionSubject subject;
    if (query != nullptr && query->isRule()) {
        subject.ruleId = query->entry->rule->id;
        subject.ruleName = query->entry->rule->name;
        if (query->entry->exportLine == 0) {
            subject.besideFile = exceptionsFileOf(query->entry->path);
        }
    }
    exceptions->setSubject(std::move(subject));
}

void RulesWorkspace::Parts::showVersions()
{
    const OpenQuery* query = editor->current();
    if (query == nullptr) {
        versions->setHistory(VersionHistory(), {}, false);
        results->header().setTabLabel(VersionsPage, tr("Versions"));
        return;
    }
    versions->setHistory(query->versions, query->editor->text(), query->isRule());
    const std::size_t count = query->versions.versions().size();
    results->header().setTabLabel(
        VersionsPage, count < 2 ? tr("Versions") : tr("Versions %1").arg(text::count(count)));
}

void RulesWorkspace::Parts::showSchedule()
{
    const OpenQuery* query = editor->current();
    if (query != nullptr && query->schedule) {
        schedule->setResult(query->schedule);
    } else if (query == nullptr || !query->isRule()) {
        schedule->setRemark(
            tr("A schedule belongs to a rule: open one, or save the query as one."));
    } else if (schedule->result() == nullptr) {
        schedule->setRemark(tr("The schedule is played while this page is open."));
    }
}

void RulesWorkspace::Parts::showResult()
{
    showVersions();
    showSchedule();
    const OpenQuery* query = editor->current();
    const LiveResult* result = query != nullptr ? query->result.get() : nullptr;
    if (result == nullptr) {
        for (MatchTable* table : matchTables()) {
            table->setRows(noMatches());
        }
        cost->setRemark(tr("Nothing has been run yet."));
        funnel->setEmptyText(!context.session.isOpen()
                                 ? tr("Open a case to see how the clauses narrow its events.")
                             : query == nullptr ? tr("Open a rule or start a query.")
                                                : tr("Nothing has been run yet."));
        funnel->setRows({});
        near->setNearMisses(nullptr, 0);
        if (query != nullptr) {
            query->editor->setNotes({});
        }
        results->header().setTabLabel(MatchesPage, tr("Matches"));
        results->header().setTabLabel(ChangesPage, tr("Changes"));
        results->header().setTabLabel(NearMissesPage, tr("Near misses"));
        showStatus(true);
        return;
    }
    const auto count = [](std::size_t number) { return text::count(number); };
    results->header().setTabLabel(MatchesPage,
                                  tr("Matches %1").arg(count(result->matches->size())));
    results->header().setTabLabel(
        ChangesPage,
        result->baseline && result->baseline->valid
            ? tr("Changes +%1 −%2").arg(count(result->gainedCount), count(result->lostCount))
            : tr("Changes"));
    matches->setRows(result->matches);
    changes->setRows(result->changes);
    showMisses(*query);
    if (query->clauses) {
        cost->setReport(query->clauses, result->text);
    } else {
        cost->setRemark(tr("The clauses are examined while this page is open."));
    }
    query->editor->setNotes(lineNotes(*result));
    query->editor->setNotesStale(stale);
    showStatus(stale);
}

void RulesWorkspace::Parts::showMisses(const OpenQuery& query)
{
    const LiveResult& result = *query.result;
    const ListedMisses* misses =
        query.nearMisses && *query.nearMisses ? &**query.nearMisses : nullptr;
    const workspace::NearMisses* found = misses != nullptr ? &misses->near : nullptr;
    results->header().setTabLabel(
        NearMissesPage, found != nullptr ? tr("Near misses %1").arg(text::count(found->total()))
                                         : tr("Near misses"));
    nearMisses->setRows(misses != nullptr ? misses->rows : noMatches());
    funnel->setRows(funnelRows(result, found));
    near->setNearMisses(found, result.matches->size(), result.text, result.bound.get());
}

void RulesWorkspace::Parts::showStatus(bool isStale)
{
    using Segment = QueryStatus::Segment;
    QueryStatus& status = editor->status();
    const OpenQuery* query = editor->current();
    status.setVisible(query != nullptr && query->isRunnable());
    if (query == nullptr || failed) {
        return;
    }
    const LiveResult* result = query->result.get();
    if (result == nullptr) {
        status.setAlarm({});
        status.setSegments(
            {{!context.session.isOpen()              ? tr("No case is open")
              : hasErrors(query->editor->problems()) ? tr("Not run: the query has errors")
                                                     : tr("Running…"),
              Token::Muted}},
            {});
        return;
    }
    const bool broken = hasErrors(query->editor->problems());
    const QString run =
        tr("%1 over %2")
            .arg(text::elapsed(result->found.nanoseconds),
                 text::counted(result->snapshot->events->eventCount(), tr("event")));
    std::vector<Segment> left{{!isStale ? run
                               : broken ? tr("last good run: %1").arg(run)
                                        : tr("running… last run: %1").arg(run),
                               isStale ? Token::Medium : Token::Muted}};
    for (const engine::RuntimeWarning& warning : result->found.warnings) {
        left.push_back({tr("%1 (%2)").arg(text::visible(warning.message),
                                          text::counted(warning.count, tr("event"))),
                        Token::Medium});
    }
    const std::size_t found = result->matches->size();
    const bool isEvent = !result->bound || result->bound->kind == eql::BoundQueryKind::Event;
    const QString what = !isEvent     ? text::counted(found, tr("sequence"))
                         : found == 1 ? tr("1 match")
                                      : tr("%1 matches").arg(text::count(found));
    std::vector<Segment> right{{what, isStale ? Token::Muted : Token::Text}};
    if (result->baseline && result->baseline->valid) {
        right.push_back({tr("+%1 new").arg(text::count(result->gainedCount)),
                         isStale || result->gainedCount == 0 ? Token::Muted : Token::Gained});
        right.push_back({tr("−%1 lost").arg(text::count(result->lostCount)),
                         isStale || result->lostCount == 0 ? Token::Muted : Token::Lost});
        right.push_back(
            {query->versions.pinned() ? tr("against pinned version") : tr("against saved rule"),
             Token::Muted});
    } else if (result->baseline) {
        right.push_back({query->versions.pinned() ? tr("the pinned version does not run here")
                                                  : tr("the saved query does not run here"),
                         Token::Muted});
    }
    status.setAlarm(result->lostTruePositives.empty()
                        ? QString()
                        : tr("This edit loses %1 marked true positive")
                              .arg(text::counted(result->lostTruePositives.size(), tr("alert"))));
    status.setSegments(std::move(left), std::move(right));
}

} // namespace sequela::ui
