#include "core/casefile/case_file.h"
#include "tests/core/workspace/workspace_fixture.h"

#include <QCryptographicHash>
#include <QDir>
#include <QtTest>

#include <filesystem>

using namespace sequela;
using namespace sequela::workspace;
using namespace sequela::workspace::testing;

/// One case from its making to its reopening, in a file and in memory.
class WorkspaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aCaseKeepsEverything();
    void importingTwiceAddsNothing();
    void grownFilesGiveTheirTail();
    void refreshSeesWhatWasAdded();
    void oldSnapshotsStayWhole();
    void createRefusesWhatExists();
    void opening_data();
    void opening();
    void lockedCaseSaysSo();
    void readOnlyReadsAndKeepsNothing();
    void memoryTakesOneImport();
    void alertsNameOnlyEventsThereAre();
    void temporaryCaseNeedsAFolder();
    void temporaryCaseIsRemoved();
    void memoryAndCaseAgree();
    void rerunsReplaceAlerts();
    void verdictsSurviveAnEditedQuery();
    void verdictsTravelBetweenCases();
    void editsLeaveTheRest();
    void verdictOnUnknownAlertIsRefused();
    void documentsTellTheAnalystsWork();
    void verdictImportRefuses_data();
    void verdictImportRefuses();
    void closingNeedsAReason();
    void queryAnswers_data();
    void queryAnswers();
    void filters_data();
    void filters();
    void exportHidesBuildingBlocks();
    void cancelledImportsAndRunsSaySo();

private:
    [[nodiscard]] QString path(const char* name) const { return m_folder->filePath(name); }
    [[nodiscard]] std::unique_ptr<Workspace> makeCase(const char* name);

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

std::shared_ptr<const rules::RuleSet> sampleRules()
{
    return ruleSet({rule("p", "process where process.name == \"osascript\""),
                    rule("s", "sequence by process.pid with maxspan=1m "
                              "[process where true] [network where destination.port == 4444]"),
                    rule("off", "any where true", "enabled = false\n")});
}

} // namespace

void WorkspaceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY(writeFile(path("events.ndjson"), sampleEvents()));
}

void WorkspaceTest::cleanup()
{
    m_folder.reset();
}

std::unique_ptr<Workspace> WorkspaceTest::makeCase(const char* name)
{
    auto made = Workspace::create(path(name).toStdString());
    if (!made || !import(**made, {path("events.ndjson")})) {
        return nullptr;
    }
    (*made)->setRules(sampleRules());
    return std::move(*made);
}

void WorkspaceTest::aCaseKeepsEverything()
{
    std::string exported;
    std::string id;
    {
        const auto made = makeCase("c.sequela");
        QVERIFY(made);
        const auto found = run(*made);
        QVERIFY(found.has_value());
        QCOMPARE(alertsOf((*found)->alerts), std::string("h1/a h1/b h1/b,h1/c"));
        id = (*found)->alerts[0].id;
        detect::Verdict verdict;
        verdict.status = detect::VerdictStatus::Closed;
        verdict.reason = detect::VerdictReason::TruePositive;
        verdict.note = "seen before";
        verdict.tags = {"apt"};
        QVERIFY(made->setVerdict(std::vector<std::string>{id}, verdict).has_value());
        QVERIFY(!made->verdict(id)->author.empty());
        exported = *made->exportAlerts({});
        QVERIFY(made->close().has_value());
    }
    QVERIFY(!std::filesystem::exists((path("c.sequela") + "-wal").toStdString()));
    const auto again =
        Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadWrite);
    QVERIFY(again.has_value());
    QCOMPARE((*again)->snapshot()->events->eventCount(), std::uint32_t{4});
    QCOMPARE((*again)->sources().size(), std::size_t{1});
    QCOMPARE((*again)->sources()[0].eventCount, std::uint64_t{4});
    const auto kept = (*again)->detection();
    QCOMPARE(alertsOf(kept->alerts), std::string("h1/a h1/b h1/b,h1/c"));
    QCOMPARE(kept->outcomes.size(), std::size_t{3});
    const auto verdict = (*again)->verdict(id);
    QVERIFY(verdict.has_value());
    QCOMPARE(verdict->note, std::string("seen before"));
    QCOMPARE(verdict->reason, detect::VerdictReason::TruePositive);
    QCOMPARE(verdict->tags, std::vector<std::string>{"apt"});
    // What was exported before is what is exported after, byte by byte.
    QCOMPARE(QByteArray::fromStdString(*(*again)->exportAlerts({})),
             QByteArray::fromStdString(exported));
    const auto details = (*again)->details(kept->alerts[2]);
    QVERIFY(details.has_value());
    QVERIFY(QString::fromStdString(details->stages[1].sourcePath).endsWith("events.ndjson"));
    QCOMPARE(details->stages[1].line, std::uint64_t{3});
    QCOMPARE(details->stages[1].clauses.size(), std::size_t{1});
}

void WorkspaceTest::importingTwiceAddsNothing()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made);
    QVERIFY(QFile::copy(path("events.ndjson"), path("copy.ndjson")));
    for (const char* const name : {"events.ndjson", "copy.ndjson"}) {
        const auto again = import(*made, {path(name)});
        QVERIFY(again.has_value());
        QVERIFY(again->files[0].alreadyThere);
        QCOMPARE(again->newEventCount, std::uint64_t{0});
    }
    QCOMPARE(made->snapshot()->events->eventCount(), std::uint32_t{4});
    QCOMPARE(made->sources().size(), std::size_t{1});
}

void WorkspaceTest::grownFilesGiveTheirTail()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made);
    QVERIFY(writeFile(path("events.ndjson"),
                      "{\"@timestamp\":\"2024-01-01T00:01:00Z\",\"event\":{\"id\":\"e\"}}\n",
                      true));
    const auto grown = import(*made, {path("events.ndjson")});
    QVERIFY(grown.has_value());
    QCOMPARE(grown->newEventCount, std::uint64_t{1});
    QCOMPARE(made->snapshot()->events->eventCount(), std::uint32_t{5});
}

void WorkspaceTest::refreshSeesWhatWasAdded()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made);
    const std::uint64_t revision = made->snapshot()->revision;
    QVERIFY(!made->refresh());
    QCOMPARE(made->snapshot()->revision, revision);
    QVERIFY(writeFile(path("more.ndjson"),
                      "{\"@timestamp\":\"2024-01-01T00:01:00Z\",\"event\":{\"id\":\"e\"}}\n"));
    QVERIFY(import(*made, {path("more.ndjson")}).has_value());
    QVERIFY(made->snapshot()->revision > revision);
    QCOMPARE(made->snapshot()->events->eventCount(), std::uint32_t{5});
}

void WorkspaceTest::oldSnapshotsStayWhole()
{
    auto made = makeCase("c.sequela");
    QVERIFY(made);
    const auto old = made->snapshot();
    QVERIFY(writeFile(path("more.ndjson"), "{\"event\":{\"id\":\"e\"}}\n"));
    QVERIFY(import(*made, {path("more.ndjson")}).has_value());
    QCOMPARE(old->events->eventCount(), std::uint32_t{4});
    const auto bound = eql::bindQuery("process where true", *old->catalog, {});
    QVERIFY(bound.query);
    QCOMPARE(old->engine->run(*bound.query, {})->matches.size(), std::size_t{2});
}

void WorkspaceTest::createRefusesWhatExists()
{
    QVERIFY(writeFile(path("c.sequela"), "precious"));
    const auto made = Workspace::create(path("c.sequela").toStdString());
    QVERIFY(!made);
    QCOMPARE(made.error().code, std::string("case-exists"));
    QVERIFY(QString::fromStdString(formatDiagnostic(made.error())).contains("c.sequela"));
    QFile file(path("c.sequela"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
}

void WorkspaceTest::opening_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("exists");
    QTest::addColumn<QString>("code");
    QTest::newRow("missing") << QByteArray() << false << "case-missing";
    QTest::newRow("text") << QByteArray("no database at all") << true << "case-not-a-case";
    QTest::newRow("empty") << QByteArray() << true << "case-not-a-case";
}

void WorkspaceTest::opening()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, exists);
    QFETCH(QString, code);
    if (exists) {
        QVERIFY(writeFile(path("c.sequela"), content.toStdString()));
    }
    for (const auto mode : {Workspace::OpenMode::ReadWrite, Workspace::OpenMode::ReadOnly}) {
        const auto opened = Workspace::open(path("c.sequela").toStdString(), mode);
        QVERIFY(!opened);
        QCOMPARE(QString::fromStdString(opened.error().code), code);
        QVERIFY(QString::fromStdString(formatDiagnostic(opened.error())).contains("c.sequela"));
    }
    QCOMPARE(QFile::exists(path("c.sequela")), exists);
}

void WorkspaceTest::lockedCaseSaysSo()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made);
    const auto second =
        Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadWrite);
    QVERIFY(!second);
    QCOMPARE(second.error().code, std::string("case-locked"));
    QVERIFY(!second.error().hint.empty());
    const auto reader =
        Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadOnly);
    QVERIFY2(reader.has_value(), reader ? "" : reader.error().message.c_str());
    QCOMPARE((*reader)->snapshot()->events->eventCount(), std::uint32_t{4});
}

void WorkspaceTest::readOnlyReadsAndKeepsNothing()
{
    {
        const auto made = makeCase("c.sequela");
        QVERIFY(made && run(*made) && made->close());
    }
    const auto digest = [this] {
        QFile file(path("c.sequela"));
        return file.open(QIODevice::ReadOnly)
                   ? QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256)
                   : QByteArray();
    };
    const QByteArray before = digest();
    {
        const auto opened =
            Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadOnly);
        QVERIFY(opened.has_value());
        QVERIFY((*opened)->isReadOnly());
        QCOMPARE((*opened)->detection()->alerts.size(), std::size_t{3});
        (*opened)->setRules(ruleSet({rule("n", "network where true")}));
        const auto found = run(**opened);
        QVERIFY(found.has_value());
        QCOMPARE((*found)->alerts.size(), std::size_t{2});
        QVERIFY(writeFile(path("more.ndjson"), "{\"event\":{\"id\":\"e\"}}\n"));
        const auto refused = import(**opened, {path("more.ndjson")});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("case-read-only"));
        const auto verdict = (*opened)->setVerdict(std::vector<std::string>{(*found)->alerts[0].id},
                                                   verdictOf(detect::VerdictStatus::Acknowledged));
        QVERIFY(!verdict);
        QVERIFY(!(*opened)->verdict((*found)->alerts[0].id));
        const auto excepted = (*opened)->saveException(exceptionOn("true"));
        QVERIFY(!excepted);
    }
    QCOMPARE(digest(), before);
    QCOMPARE(QDir(m_folder->path()).entryList({"c.sequela*"}, QDir::Files),
             QStringList{"c.sequela"});
}

void WorkspaceTest::memoryTakesOneImport()
{
    const auto made = Workspace::inMemory();
    QCOMPARE(made->snapshot()->events->eventCount(), std::uint32_t{0});
    QVERIFY(made->file().empty());
    QVERIFY(import(*made, {path("events.ndjson")}).has_value());
    QCOMPARE(made->snapshot()->events->eventCount(), std::uint32_t{4});
    const auto second = import(*made, {path("events.ndjson")});
    QVERIFY(!second);
    QCOMPARE(second.error().code, std::string("workspace-import-once"));
    QVERIFY(!made->refresh());
    Progress progress;
    const auto copied = made->saveCopy(m_folder->filePath("copy.sequela").toStdString(), progress);
    QVERIFY(!copied);
    QCOMPARE(copied.error().code, std::string("workspace-in-memory"));
}

void WorkspaceTest::alertsNameOnlyEventsThereAre()
{
    QVERIFY(makeCase("c.sequela"));
    const std::filesystem::path file = path("c.sequela").toStdString();
    {
        const auto stranger = casefile::CaseFile::open(file);
        QVERIFY(stranger.has_value());
        casefile::CaseFile::RuleRun found;
        found.rule.ruleId = "p";
        casefile::AlertRecord& alert = found.alerts.emplace_back();
        alert.id = std::string(32, '0');
        alert.ruleId = "p";
        alert.detailJson = "{}";
        alert.events = {{EventNumber(3), "h2/d"}, {EventNumber(4), "h2/e"}};
        const std::vector<casefile::CaseFile::RuleRun> runs{found};
        QVERIFY((*stranger)->replaceRuleRuns(runs).has_value());
        QVERIFY((*stranger)->close().has_value());
    }
    const auto opened = Workspace::open(file, Workspace::OpenMode::ReadWrite);
    QVERIFY(opened.has_value());
    const auto& stages = (*opened)->detection()->alerts.at(0).stages;
    QCOMPARE(stages.at(0).event, std::optional(EventNumber(3)));
    QVERIFY(!stages.at(1).event.has_value());
}

void WorkspaceTest::temporaryCaseNeedsAFolder()
{
    const QByteArray before = qgetenv("TMPDIR");
    qputenv("TMPDIR", path("nowhere").toUtf8());
    const auto made = Workspace::temporary();
    before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
    QVERIFY(!made);
    QCOMPARE(made.error().code, std::string("workspace-temporary"));
    QVERIFY(!made.error().hint.empty());
}

void WorkspaceTest::temporaryCaseIsRemoved()
{
    std::filesystem::path file;
    {
        const auto made = Workspace::temporary();
        QVERIFY(made.has_value());
        file = (*made)->file();
        QVERIFY(import(**made, {path("events.ndjson")}).has_value());
        QVERIFY(std::filesystem::exists(file));
        using std::filesystem::perms;
        QCOMPARE(std::filesystem::status(file.parent_path()).permissions()
                     & (perms::group_all | perms::others_all),
                 perms::none);
    }
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(!std::filesystem::exists(file.parent_path()));
}

void WorkspaceTest::memoryAndCaseAgree()
{
    const auto made = makeCase("c.sequela");
    const auto memory = Workspace::inMemory();
    QVERIFY(made && import(*memory, {path("events.ndjson")}));
    memory->setRules(sampleRules());
    QVERIFY(run(*made) && run(*memory));
    QCOMPARE(QByteArray::fromStdString(*made->exportAlerts({})),
             QByteArray::fromStdString(*memory->exportAlerts({})));
    report::ExportRequest markdown;
    markdown.format = report::Format::Markdown;
    QCOMPARE(QByteArray::fromStdString(*made->exportAlerts(markdown)),
             QByteArray::fromStdString(*memory->exportAlerts(markdown)));
}

void WorkspaceTest::rerunsReplaceAlerts()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made && run(*made));
    made->setRules(ruleSet({rule("n", "network where true")}));
    QVERIFY(run(*made) && made->close());
    const auto again =
        Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadOnly);
    QVERIFY(again.has_value());
    QCOMPARE(alertsOf((*again)->detection()->alerts), std::string("h1/c h2/d"));
    QCOMPARE((*again)->detection()->outcomes.size(), std::size_t{1});
}

void WorkspaceTest::verdictsSurviveAnEditedQuery()
{
    const auto made = makeCase("c.sequela");
    QVERIFY(made);
    const auto before = run(*made);
    QVERIFY(before.has_value());
    const std::string id = (*before)->alerts[0].id;
    QVERIFY(made->setVerdict(
                    std::vector<std::string>{id},
                    verdictOf(detect::VerdictStatus::Closed, detect::VerdictReason::FalsePositive))
                .has_value());

    made->setRules(ruleSet({rule("p", "process where process.name == \"osascript\" // same\n")}));
    const auto same = run(*made);
    QVERIFY(same.has_value());
    QCOMPARE((*same)->alerts[0].id, id);
    QVERIFY((*same)->alerts[0].verdict.inheritedFrom.empty());
    QCOMPARE((*same)->alerts[0].verdict.reason, detect::VerdictReason::FalsePositive);

    made->setRules(ruleSet({rule("p", "process where process.name : \"osa*\"")}));
    const auto edited = run(*made);
    QVERIFY(edited.has_value());
    QVERIFY((*edited)->alerts[0].id != id);
    QCOMPARE((*edited)->alerts[0].verdict.inheritedFrom, id);
    QCOMPARE((*edited)->alerts[0].verdict.reason, detect::VerdictReason::FalsePositive);
    QCOMPARE((*edited)->alerts[1].verdict.status, detect::VerdictStatus::Open);

    made->setRules(ruleSet({rule("other", "process where process.name : \"osa*\"")}));
    const auto other = run(*made);
    QVERIFY(other.has_value());
    QCOMPARE((*other)->alerts[0].verdict.status, detect::VerdictStatus::Open);
}

void WorkspaceTest::verdictsTravelBetweenCases()
{
    const auto first = makeCase("one.sequela");
    const auto second = makeCase("two.sequela");
    QVERIFY(first && second);
    const auto found = run(*first);
    QVERIFY(found && run(*second));
    const std::string id = (*found)->alerts[0].id;
    detect::Verdict verdict =
        verdictOf(detect::VerdictStatus::Closed, detect::VerdictReason::BenignPositive);
    verdict.note = "line\nbreak \"quoted\"";
    verdict.tags = {"a", "b"};
    verdict.author = "eve";
    verdict.changed = Timestamp(1'700'000'000'123'456'789);
    QVERIFY(first->setVerdict(std::vector<std::string>{id}, verdict).has_value());
    const auto json = first->exportVerdicts();
    QVERIFY(json.has_value());
    QCOMPARE(*second->importVerdicts(*json), std::size_t{1});
    QCOMPARE(*second->verdict(id), verdict);
    QCOMPARE(QByteArray::fromStdString(*second->exportVerdicts()),
             QByteArray::fromStdString(*json));
    // Nothing newer: nothing taken.
    QCOMPARE(*second->importVerdicts(*json), std::size_t{0});
    verdict.note = "later";
    verdict.changed = Timestamp(1'700'000'001'000'000'000);
    QVERIFY(second->setVerdict(std::vector<std::string>{id}, verdict).has_value());
    QCOMPARE(*second->importVerdicts(*json), std::size_t{0});
    QCOMPARE(second->verdict(id)->note, std::string("later"));
}

void WorkspaceTest::editsLeaveTheRest()
{
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    memory->setRules(sampleRules());
    const auto found = run(*memory);
    QVERIFY(found && (*found)->alerts.size() >= 2);
    const std::string first = (*found)->alerts[0].id;
    const std::string second = (*found)->alerts[1].id;
    detect::VerdictEdit edit;
    edit.note = "mine";
    edit.addedTags = {" a ", "", "b", "a"};
    QVERIFY(memory->editVerdicts(std::vector{first}, edit).has_value());
    QCOMPARE(memory->verdict(first)->tags, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(memory->verdict(first)->status, detect::VerdictStatus::Open);
    QVERIFY(!memory->verdict(first)->author.empty());
    QVERIFY(!memory->verdict(second));
    // What is said of both changes both; what is not stays.
    detect::VerdictEdit both;
    both.decision = {detect::VerdictStatus::Closed, detect::VerdictReason::BenignPositive};
    both.addedTags = {"c"};
    both.removedTags = {"a"};
    QVERIFY(memory->editVerdicts(std::vector{first, second}, both).has_value());
    QCOMPARE(memory->verdict(first)->note, std::string("mine"));
    QCOMPARE(memory->verdict(first)->tags, (std::vector<std::string>{"b", "c"}));
    QCOMPARE(memory->verdict(second)->tags, std::vector<std::string>{"c"});
    QCOMPARE(memory->verdict(second)->reason, detect::VerdictReason::BenignPositive);
    // All or nothing.
    both.decision = {detect::VerdictStatus::Closed, detect::VerdictReason::None};
    QCOMPARE(memory->editVerdicts(std::vector{first}, both).error().code,
             std::string("verdict-reason"));
    QCOMPARE(memory->editVerdicts(std::vector{first, std::string("none")}, edit).error().code,
             std::string("verdict-unknown-alert"));
    QCOMPARE(memory->verdict(first)->reason, detect::VerdictReason::BenignPositive);
}

void WorkspaceTest::verdictImportRefuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("{\"verdicts\":[");
    QTest::newRow("another document") << QByteArray("{\"notes\":[]}");
    QTest::newRow("no array") << QByteArray("{\"verdicts\":{}}");
    QTest::newRow("no object") << QByteArray("{\"verdicts\":[1]}");
    QTest::newRow("no id") << QByteArray(R"({"verdicts":[{"rule_id":"r","status":"open"}]})");
    QTest::newRow("unknown status")
        << QByteArray(R"({"verdicts":[{"alert_id":"a","rule_id":"r","status":"done"}]})");
    QTest::newRow("closed without a reason")
        << QByteArray(R"({"verdicts":[{"alert_id":"a","rule_id":"r","status":"closed"}]})");
    QTest::newRow("second entry is wrong") << QByteArray(
        R"({"verdicts":[{"alert_id":"a","rule_id":"r","status":"open"},{"alert_id":"b"}]})");
}

void WorkspaceTest::verdictImportRefuses()
{
    QFETCH(QByteArray, json);
    const auto memory = Workspace::inMemory();
    const auto taken = memory->importVerdicts(json.toStdString());
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, std::string("verdicts-format"));
    QCOMPARE(*memory->exportVerdicts(), std::string("{\"verdicts\":[\n]}\n"));
}

void WorkspaceTest::closingNeedsAReason()
{
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    memory->setRules(sampleRules());
    const auto found = run(*memory);
    QVERIFY(found.has_value());
    const std::vector<std::string> ids{(*found)->alerts[0].id};
    const auto refused = memory->setVerdict(ids, verdictOf(detect::VerdictStatus::Closed));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, std::string("verdict-reason"));
    QVERIFY(!memory->verdict(ids[0]));
    // A reason without closing means nothing.
    QVERIFY(memory
                ->setVerdict(ids, verdictOf(detect::VerdictStatus::Acknowledged,
                                            detect::VerdictReason::TruePositive))
                .has_value());
    QCOMPARE(memory->verdict(ids[0])->reason, detect::VerdictReason::None);
}

void WorkspaceTest::verdictOnUnknownAlertIsRefused()
{
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    memory->setRules(sampleRules());
    const auto found = run(*memory);
    QVERIFY(found.has_value());
    const std::vector<std::string> ids{(*found)->alerts[0].id, "no such alert"};
    const auto refused = memory->setVerdict(ids, verdictOf(detect::VerdictStatus::Acknowledged));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, std::string("verdict-unknown-alert"));
    QVERIFY(refused.error().message.contains("no such alert"));
    // All or nothing.
    QVERIFY(!memory->verdict(ids[0]));
}

void WorkspaceTest::documentsTellTheAnalystsWork()
{
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    memory->setRules(ruleSet({rule("p", "process where process.name == \"osascript\"",
                                   "rule_name_override = \"user.name\"\n"
                                   "[[rule.severity_mapping]]\nfield = \"user.name\"\n"
                                   "operator = \"equals\"\nvalue = \"u\"\n"
                                   "severity = \"critical\"\n")}));
    QVERIFY(memory->saveException(exceptionOn("user.name == \"backup\"")).has_value());
    const auto found = run(*memory);
    QVERIFY(found.has_value());
    QCOMPARE((*found)->alerts.size(), std::size_t{1});
    const std::string id = (*found)->alerts[0].id;
    detect::Verdict verdict =
        verdictOf(detect::VerdictStatus::Closed, detect::VerdictReason::TruePositive);
    verdict.note = "told the owner";
    verdict.tags = {"phishing"};
    QVERIFY(memory->setVerdict(std::vector<std::string>{id}, verdict).has_value());
    QVERIFY(memory->saveNote({{}, "alert", id, "note of the alert", {}, {}}).has_value());
    QVERIFY(memory->saveNote({{}, "event", "h1/a", "note of the event", {}, {}}).has_value());
    QVERIFY(memory->saveNote({{}, "host", "mac", "note of the host", {}, {}}).has_value());
    QVERIFY(memory->saveNote({{}, "host", "pc", "of another host", {}, {}}).has_value());
    QVERIFY(memory->saveNote({{}, "case", "", "note of the case", {}, {}}).has_value());
    for (const report::Format format : {report::Format::Html, report::Format::Markdown}) {
        report::ExportRequest request;
        request.format = format;
        const std::string text = *memory->exportAlerts(request);
        for (const char* const said : {"told the owner", "phishing", "note of the alert",
                                       "note of the event", "note of the host", "note of the case",
                                       "backup", "critical, risk 47", "Rule p", "true positive"}) {
            QVERIFY2(text.contains(said), said);
        }
        QVERIFY(!text.contains("of another host"));
    }
}

void WorkspaceTest::queryAnswers_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("matches");
    QTest::addColumn<QString>("code");
    QTest::newRow("matches") << "process where process.pid == 7" << 2 << "";
    QTest::newRow("does not parse") << "process where" << -1 << "eql-";
    QTest::newRow("lint speaks") << "process where process.name == \"osa*\"" << 0
                                 << "eql-lint-wildcard-literal";
    QTest::newRow("nothing has the field")
        << "process where file.name : \"x\"" << 0 << "eql-lint-unpopulated-field";
}

void WorkspaceTest::queryAnswers()
{
    QFETCH(QString, query);
    QFETCH(int, matches);
    QFETCH(QString, code);
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    QueryRequest request;
    request.text = query.toStdString();
    request.lint = true;
    const auto answer = memory->query(request);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->result ? static_cast<int>(answer->result->matches.size()) : -1, matches);
    QCOMPARE(answer->queryHash.size(), std::size_t{64});
    if (code.isEmpty()) {
        QVERIFY(answer->diagnostics.empty());
        return;
    }
    QVERIFY(std::ranges::any_of(answer->diagnostics, [&code](const Diagnostic& diagnostic) {
        return QString::fromStdString(diagnostic.code).startsWith(code) && diagnostic.begin;
    }));
    request.lint = false;
    const auto plain = memory->query(request);
    QVERIFY(std::ranges::none_of(plain->diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.code.starts_with("eql-lint-");
    }));
}

void WorkspaceTest::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("events");
    QTest::newRow("empty") << " \n" << 4;
    QTest::newRow("condition") << "process.pid == 7" << 3;
    QTest::newRow("query") << "network where true" << 2;
    QTest::newRow("broken") << "process.pid ==" << -1;
}

void WorkspaceTest::filters()
{
    QFETCH(QString, text);
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    const auto answer = memory->filter(text.toStdString());
    QVERIFY(answer.has_value());
    QTEST(answer->events ? static_cast<int>(answer->events->count()) : -1, "events");
    QCOMPARE(answer->diagnostics.empty(), answer->events.has_value());
}

void WorkspaceTest::exportHidesBuildingBlocks()
{
    const auto memory = Workspace::inMemory();
    QVERIFY(import(*memory, {path("events.ndjson")}).has_value());
    memory->setRules(
        ruleSet({rule("p", "process where true"),
                 rule("b", "network where true", "building_block_type = \"default\"\n")}));
    const auto found = run(*memory);
    QVERIFY(found.has_value());
    QCOMPARE((*found)->alerts.size(), std::size_t{4});
    const auto lines = [&memory](const report::ExportRequest& request) {
        return std::ranges::count(*memory->exportAlerts(request), '\n');
    };
    report::ExportRequest request;
    request.format = report::Format::Ndjson;
    QCOMPARE(lines(request), 2);
    request.includeBuildingBlocks = true;
    QCOMPARE(lines(request), 4);
    request.includeBuildingBlocks = false;
    request.alertIds = {(*found)->alerts[3].id};
    QCOMPARE(lines(request), 1);
}

void WorkspaceTest::cancelledImportsAndRunsSaySo()
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    const auto memory = Workspace::inMemory();
    ImportRequest request;
    request.paths = {path("events.ndjson").toStdString()};
    const auto imported = memory->import(request, progress, stop.get_token());
    QVERIFY(!imported && isCancelled(imported.error()));
    const auto made = makeCase("c.sequela");
    QVERIFY(made && run(*made));
    const auto found = made->detect({}, progress, stop.get_token());
    QVERIFY(!found && isCancelled(found.error()));
    QCOMPARE(made->detection()->alerts.size(), std::size_t{3});
}

QTEST_GUILESS_MAIN(WorkspaceTest)
#include "tst_workspace.moc"
