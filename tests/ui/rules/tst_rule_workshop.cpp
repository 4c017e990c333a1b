#include "core/ingest/import.h"
#include "core/rules/rule_set.h"
#include "core/workspace/workspace.h"
#include "tests/ui/rules/workshop_samples.h"
#include "ui/rules/evidence.h"
#include "ui/rules/funnel_rows.h"
#include "ui/rules/live_run.h"
#include "ui/rules/match_model.h"
#include "ui/rules/match_sorting.h"
#include "ui/rules/near_misses_view.h"
#include "ui/rules/rule_files.h"
#include "ui/rules/rule_list_model.h"
#include "ui/rules/rule_rows.h"
#include "ui/rules/rule_saving.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace sequela;
using namespace sequela::ui;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    const std::size_t at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

} // namespace

/// What the workshop works out without widgets.
class RuleWorkshopTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void matchesAndFunnel();
    void changesAgainstTheSavedRule();
    void lostTruePositivesAreCalledOut();
    void brokenQueryDoesNotRun();
    void nearMisses();
    void listsOfMatchesHold();
    void sortsInAnyColumn_data();
    void sortsInAnyColumn();
    void evidenceOfAnEdit();
    void ruleFilesMoveWithTheirTests();
    void notesBesideTheClauses();
    void savingKeepsAllOtherBytes();
    void savingRefusesWhatChangedOutside();
    void groupsAccountForEveryEntry_data();
    void groupsAccountForEveryEntry();
    void searchFindsFieldsAndTechniques();
    void listModelHolds();

private:
    [[nodiscard]] LiveRequest request(const std::string& text) const;
    void write(const char* name, const std::string& content) const;
    [[nodiscard]] std::filesystem::path path(const char* name) const;

    QTemporaryDir m_folder;
    std::shared_ptr<workspace::Workspace> m_workspace;
    std::shared_ptr<const rules::Rule> m_rule;
};

void RuleWorkshopTest::write(const char* name, const std::string& content) const
{
    QFile file(m_folder.filePath(QString::fromLatin1(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content.data(), static_cast<qint64>(content.size()));
}

std::filesystem::path RuleWorkshopTest::path(const char* name) const
{
    return m_folder.filePath(QString::fromLatin1(name)).toStdString();
}

void RuleWorkshopTest::initTestCase()
{
    write("events.ndjson", samples::events);
    write("rule.toml", std::string(samples::ruleHead) + samples::query + samples::ruleTail);
    write("broken.toml", "[rule\n");
    write("esql.toml", "[rule]\nname=\"Other\"\ntype=\"esql\"\nlanguage=\"esql\"\nrule_id=\"x\"\n"
                       "description=\"d\"\nrisk_score=1\nseverity=\"low\"\nquery=\"from *\"\n");
    m_workspace = workspace::Workspace::inMemory();
    workspace::ImportRequest import;
    import.paths = {path("events.ndjson")};
    Progress progress;
    QVERIFY(m_workspace->import(import, progress));
    const std::filesystem::path rulePaths[] = {path("rule.toml"), path("broken.toml"),
                                               path("esql.toml")};
    QVERIFY(m_workspace->loadRules(rulePaths));
    const auto set = m_workspace->rules();
    const rules::RuleEntry* entry = set->find("11111111-2222-3333-4444-555555555555");
    QVERIFY(entry != nullptr);
    m_rule = entry->rule;
    QVERIFY(m_workspace->detect({}, progress));
}

LiveRequest RuleWorkshopTest::request(const std::string& text) const
{
    LiveRequest request = requestFor(*m_rule);
    request.workspace = m_workspace;
    request.text = text;
    request.detection = m_workspace->detection();
    return request;
}

void RuleWorkshopTest::matchesAndFunnel()
{
    const auto result = runLive(request(samples::query), {});
    QVERIFY(result.has_value());
    QVERIFY(result->ran);
    QCOMPARE(result->matches->size(), std::size_t{1});
    QCOMPARE(result->gainedCount, std::size_t{0});
    QCOMPARE(result->lostCount, std::size_t{0});
    QCOMPARE(result->keptCount, std::size_t{1});
    QStringList rows;
    for (const FunnelRow& row : funnelRows(*result, nullptr)) {
        rows << QStringLiteral("%1 %2").arg(row.label).arg(row.count);
    }
    QVERIFY2(rows.contains(QStringLiteral("process events 4")), qPrintable(rows.join(u'\n')));
    QVERIFY(rows.contains(QStringLiteral("process.name == \"osascript\" 3")));
    QVERIFY(rows.contains(QStringLiteral("not cidrmatch(destination.ip, \"10.0.0.0/8\") 2")));
    QVERIFY(rows.contains(QStringLiteral("within 30 s 1")));
    // What a bar stands for can be shown as events.
    for (const FunnelRow& row : funnelRows(*result, nullptr)) {
        if (!row.filter.empty()) {
            const auto events = m_workspace->filter(row.filter);
            QVERIFY2(events && events->events, row.filter.c_str());
            QCOMPARE(events->events->count(), row.count);
        }
    }
}

void RuleWorkshopTest::changesAgainstTheSavedRule()
{
    const auto wider = runLive(request(replaced(samples::query, "30s", "60s")), {});
    QVERIFY(wider.has_value());
    QCOMPARE(wider->matches->size(), std::size_t{2});
    // The gained one stands first; in the changes, what was lost would.
    QCOMPARE(wider->matches->change(0), MatchChange::Gained);
    QCOMPARE(wider->matches->change(1), MatchChange::None);
    QCOMPARE(wider->matches->firstEvent(0), std::optional(EventNumber(2)));
    QCOMPARE(wider->changes->size(), std::size_t{2});
    QCOMPARE(wider->changes->change(1), MatchChange::Kept);
    QCOMPARE(wider->lostCount, std::size_t{0});
    LiveRequest next = request(replaced(samples::query, "30s", "1s"));
    next.baseline = wider->baseline;
    const auto narrower = runLive(next, {});
    QVERIFY(narrower.has_value());
    QCOMPARE(narrower->lostCount, std::size_t{1});
    QCOMPARE(narrower->changes->change(0), MatchChange::Lost);
    QCOMPARE(narrower->matches->size(), std::size_t{0});
    // The saved rule was run once for both.
    QCOMPARE(narrower->baseline.get(), wider->baseline.get());
    QVERIFY(narrower->queryHash != wider->queryHash);
}

void RuleWorkshopTest::lostTruePositivesAreCalledOut()
{
    const auto alerts = m_workspace->detection()->alerts;
    QCOMPARE(alerts.size(), std::size_t{1});
    const std::string narrow = replaced(samples::query, "30s", "1s");
    QVERIFY(runLive(request(narrow), {})->lostTruePositives.empty());
    detect::Verdict verdict;
    verdict.status = detect::VerdictStatus::Closed;
    verdict.reason = detect::VerdictReason::TruePositive;
    const std::string ids[] = {alerts.front().id};
    QVERIFY(m_workspace->setVerdict(ids, verdict));
    QCOMPARE(runLive(request(narrow), {})->lostTruePositives,
             std::vector<std::string>{alerts.front().id});
    QVERIFY(runLive(request(samples::query), {})->lostTruePositives.empty());
}

void RuleWorkshopTest::brokenQueryDoesNotRun()
{
    const auto result = runLive(request("process where ("), {});
    QVERIFY(result.has_value());
    QVERIFY(!result->ran);
    QVERIFY(!result->diagnostics.empty());
}

void RuleWorkshopTest::nearMisses()
{
    const auto listed = listNearMisses(request(samples::query), {});
    QVERIFY(listed.has_value() && listed->has_value());
    const workspace::NearMisses& near = (*listed)->near;
    QCOMPARE(near.inOrderCount, std::uint64_t{2});
    QCOMPARE(near.count(workspace::MissKind::TooLate), std::uint64_t{1});
    QCOMPARE(near.spansNs, (std::vector<std::int64_t>{4'000'000'000, 48'000'000'000}));
    const SpanHistogram histogram = spanHistogram(near);
    QCOMPARE(histogram.firstLate, std::size_t{5});
    QCOMPARE(histogram.stepNs, std::int64_t{6'000'000'000});
    QCOMPARE(histogram.counts[0], std::uint64_t{1});
    QCOMPARE(histogram.counts[8], std::uint64_t{1});
    QStringList notes;
    for (std::size_t row = 0; row < (*listed)->rows->size(); ++row) {
        notes << QString::fromStdString((*listed)->rows->note(row));
    }
    QCOMPARE(notes,
             (QStringList{QStringLiteral("18 s too late"),
                          QStringLiteral("fails not cidrmatch(destination.ip, \"10.0.0.0/8\")")}));
    const std::vector<MissLine> lines = missLines(near, samples::query, nullptr);
    QCOMPARE(lines.size(), std::size_t{1});
    QCOMPARE(lines.front().title, QStringLiteral("1 was stopped at stage 2"));
    QCOMPARE(*countWithMaxspan(request(samples::query), 48'000, {}), std::uint64_t{2});
    QCOMPARE(*countWithMaxspan(request(samples::query), 47'999, {}), std::uint64_t{1});
    QVERIFY(!listNearMisses(request("process where true"), {})->has_value());
}

void RuleWorkshopTest::listsOfMatchesHold()
{
    MatchList list(2);
    engine::Match match;
    match.events = {EventNumber(3), std::nullopt};
    list.add(match, MatchChange::None);
    match.events = {EventNumber(1)};
    list.add(match, MatchChange::Lost, "why");
    QCOMPARE(list.size(), std::size_t{2});
    QCOMPARE(list.note(0), std::string());
    QCOMPARE(list.note(1), std::string("why"));
    QVERIFY(list.hasNotes());
    QCOMPARE(list.event(0, 1), std::optional<EventNumber>());
    QCOMPARE(list.events(0)[1], noEvent);
    QCOMPARE(list.events(1)[1], noSlot);
    const MatchIndex index(list);
    QCOMPARE(index.find(std::vector<std::uint32_t>{3, noEvent}), std::optional<std::size_t>(0));
    QCOMPARE(index.find(std::vector<std::uint32_t>{1, noSlot}), std::optional<std::size_t>(1));
    QVERIFY(!index.find(std::vector<std::uint32_t>{3}));
    QVERIFY(!index.find(std::vector<std::uint32_t>{2, noEvent}));
}

void RuleWorkshopTest::sortsInAnyColumn_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("ascending");
    QTest::addColumn<QVector<int>>("rows");
    QTest::newRow("time") << int{MatchModel::TimeColumn} << true << QVector<int>{1, 0, 2};
    QTest::newRow("time, latest first")
        << int{MatchModel::TimeColumn} << false << QVector<int>{2, 0, 1};
    QTest::newRow("span") << int{MatchModel::SpanColumn} << true << QVector<int>{2, 1, 0};
    QTest::newRow("mark") << int{MatchModel::MarkColumn} << false << QVector<int>{2, 0, 1};
    QTest::newRow("host, all equal")
        << int{MatchModel::HostColumn} << true << QVector<int>{0, 1, 2};
    QTest::newRow("stage 2, nothing there last")
        << int{MatchModel::FirstStageColumn + 1} << true << QVector<int>{0, 1, 2};
}

void RuleWorkshopTest::sortsInAnyColumn()
{
    QFETCH(int, column);
    QFETCH(bool, ascending);
    QFETCH(QVector<int>, rows);
    MatchList list(2);
    list.add(std::vector<std::uint32_t>{2, 3}, MatchChange::None);
    list.add(std::vector<std::uint32_t>{0, 1}, MatchChange::None);
    list.add(std::vector<std::uint32_t>{4, noEvent}, MatchChange::Lost);
    const auto order = sortMatches(list, *m_workspace->snapshot()->events, {column, ascending}, {});
    QVERIFY(order.has_value());
    QCOMPARE(QVector<int>(order->begin(), order->end()), rows);
}

void RuleWorkshopTest::evidenceOfAnEdit()
{
    const rules::RuleEntry* entry =
        m_workspace->rules()->find("11111111-2222-3333-4444-555555555555");
    const auto text = writeEvidence(request(replaced(samples::query, "30s", "60s")), *entry, {});
    QVERIFY2(text.has_value(), text ? "" : text.error().message.c_str());
    QVERIFY2(text->find("rule\\.toml") != std::string::npos
                 || text->find("rule.toml") != std::string::npos,
             text->c_str());
    QVERIFY(text->find("## Tests") != std::string::npos);
    QVERIFY(text->find("## Cost") != std::string::npos);
    QVERIFY2(text->find("151.101.1.140") != std::string::npos, text->c_str());
}

void RuleWorkshopTest::ruleFilesMoveWithTheirTests()
{
    write("old.toml", std::string(samples::ruleHead) + samples::query + samples::ruleTail);
    write("old.tests.toml", samples::ruleTests);
    QVERIFY(appendToTestFile(path("old.tests.toml"), "[[test]]\nname = \"more\"\nexpect = 0\n"));
    QVERIFY(moveRule(path("old.toml"), path("new.toml")));
    QVERIFY(!std::filesystem::exists(path("old.toml")));
    QVERIFY(std::filesystem::exists(path("new.tests.toml")));
    QVERIFY(duplicateRule(path("new.toml"), path("copy.toml"), "A copy", "copy-id"));
    const auto copied = rules::readRuleText(path("copy.toml"));
    QVERIFY(copied.has_value());
    const rules::RuleEntry copy = rules::readRuleToml(*copied, "copy.toml");
    QCOMPARE(copy.rule->name, std::string("A copy"));
    QCOMPARE(copy.rule->id, std::string("copy-id"));
    QCOMPARE(copy.rule->query.text, std::string(samples::query));
    // Nothing is ever written over.
    QCOMPARE(moveRule(path("new.toml"), path("copy.toml")).error().code,
             std::string("rule-exists"));
    QCOMPARE(createRule(path("copy.toml"), "x").error().code, std::string("rule-exists"));
    QCOMPARE(moveRule(path("new.toml"), path("nowhere/new.toml")).error().code,
             std::string("rule-not-moved"));
    QVERIFY(std::filesystem::exists(path("new.toml")));
    QCOMPARE(fileNameFor("Curl to a raw IP-address!"),
             std::string("curl_to_a_raw_ip_address.toml"));
    QCOMPARE(fileNameFor("\xc3\xa9"), std::string("rule.toml"));
}

void RuleWorkshopTest::notesBesideTheClauses()
{
    const auto result = runLive(request(samples::query), {});
    QVERIFY(result.has_value());
    QStringList notes;
    for (const LineNote& note : lineNotes(*result)) {
        notes << note.strong + note.text;
    }
    QCOMPARE(notes,
             (QStringList{QStringLiteral("joined on 2 keys"), QStringLiteral("3 of 4 process"),
                          QStringLiteral("2 of 3 network"), QStringLiteral(" 2 left  −1")}));
}

void RuleWorkshopTest::savingKeepsAllOtherBytes()
{
    write("save.toml", std::string(samples::ruleHead) + samples::query + samples::ruleTail);
    QFile::setPermissions(m_folder.filePath(QStringLiteral("save.toml")),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
    const std::string edited = replaced(samples::query, "30s", "60s");
    const auto written = saveRuleQuery(path("save.toml"), samples::query, edited);
    QVERIFY(written.has_value());
    QFile file(m_folder.filePath(QStringLiteral("save.toml")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(),
             std::string(samples::ruleHead) + edited + samples::ruleTail);
    QVERIFY((file.permissions() & QFile::ReadGroup) != 0);
    QVERIFY((file.permissions() & QFile::ReadOther) == 0);
    // No temporary file stays behind.
    QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("save*")}).size(), 1);
    const auto unwritable = saveRuleQuery(path("save.toml"), edited, "any where x == '''");
    QVERIFY(!unwritable.has_value());
}

void RuleWorkshopTest::savingRefusesWhatChangedOutside()
{
    write("outside.toml", std::string(samples::ruleHead) + samples::query + samples::ruleTail);
    const auto refused =
        saveRuleQuery(path("outside.toml"), "process where true", "process where false");
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, std::string("rule-changed-outside"));
    const auto missing = saveRuleQuery(path("nowhere.toml"), "", "");
    QVERIFY(!missing.has_value());
}

void RuleWorkshopTest::groupsAccountForEveryEntry_data()
{
    QTest::addColumn<int>("grouping");
    QTest::newRow("tactic") << static_cast<int>(RuleGrouping::Tactic);
    QTest::newRow("pack") << static_cast<int>(RuleGrouping::Pack);
    QTest::newRow("status") << static_cast<int>(RuleGrouping::Status);
}

void RuleWorkshopTest::groupsAccountForEveryEntry()
{
    QFETCH(int, grouping);
    const auto rules = m_workspace->rules();
    const auto groups =
        ruleGroups(*rules, m_workspace->detection().get(), static_cast<RuleGrouping>(grouping), {});
    std::set<std::size_t> seen;
    for (const RuleGroup& group : groups) {
        for (const RuleRow& row : group.rows) {
            QVERIFY(seen.insert(row.entryIndex).second);
            const rules::RuleEntry& entry = rules->entries()[row.entryIndex];
            QCOMPARE(row.obstacle.isEmpty(), entry.status == rules::RuleStatus::Loaded);
            QCOMPARE(row.broken, entry.status == rules::RuleStatus::Broken);
            if (entry.status == rules::RuleStatus::Loaded) {
                QCOMPARE(row.hits, std::optional<std::uint64_t>(1));
            }
        }
    }
    QCOMPARE(seen.size(), rules->entries().size());
}

void RuleWorkshopTest::searchFindsFieldsAndTechniques()
{
    const auto rules = m_workspace->rules();
    const auto found = [&rules](const char* search) {
        std::size_t count = 0;
        for (const RuleGroup& group :
             ruleGroups(*rules, nullptr, RuleGrouping::Pack, QString::fromLatin1(search))) {
            count += group.rows.size();
        }
        return count;
    };
    QCOMPARE(found("destination.ip"), std::size_t{1});
    QCOMPARE(found("ta0002 APPLESCRIPT"), std::size_t{1});
    QCOMPARE(found("applescript nonsense"), std::size_t{0});
    QCOMPARE(found(""), std::size_t{3});
}

void RuleWorkshopTest::listModelHolds()
{
    RuleListModel model;
    const QAbstractItemModelTester tester(&model);
    const auto rules = m_workspace->rules();
    for (const RuleGrouping grouping :
         {RuleGrouping::Status, RuleGrouping::Tactic, RuleGrouping::Pack}) {
        model.setGroups(ruleGroups(*rules, m_workspace->detection().get(), grouping, {}));
        for (std::size_t entry = 0; entry < rules->entries().size(); ++entry) {
            const QModelIndex index = model.indexOfEntry(entry);
            QVERIFY(index.isValid() && index.parent().isValid());
            QCOMPARE(index.data(RuleListModel::EntryRole).toInt(), static_cast<int>(entry));
        }
    }
    QVERIFY(!model.indexOfEntry(99).isValid());
    model.setGroups({});
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(RuleWorkshopTest)
#include "tst_rule_workshop.moc"
