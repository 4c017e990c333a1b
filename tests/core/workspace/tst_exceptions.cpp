#include "tests/core/workspace/workspace_fixture.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::workspace;
using namespace sequela::workspace::testing;

/// Exceptions and notes of a case, and two versions of rules side by side.
class ExceptionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void applyInRuns_data();
    void applyInRuns();
    void joinWithTheCaller();
    void brokenOnesAreSaid();
    void savedOnesAreKept();
    void savingRefusesBrokenConditions();
    void preview_data();
    void preview();
    void previewOfAChangeReplacesTheSaved();
    void previewTellsBrokenConditions();
    void travelBetweenCases();
    void importRefuses_data();
    void importRefuses();
    void notesAreKeptAndTravel();
    void notesRefuse_data();
    void notesRefuse();
    void comparesRules_data();
    void comparesRules();
    void comparisonTellsLostTruePositives();

private:
    [[nodiscard]] QString path(const char* name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_case;
};

namespace {

constexpr std::int64_t nowNs = 1'700'000'000'000'000'000;

detect::DetectOptions atNow()
{
    detect::DetectOptions options;
    options.now = Timestamp(nowNs);
    return options;
}

detect::Exception withId(std::string id, detect::Exception exception)
{
    exception.id = std::move(id);
    return exception;
}

constexpr const char* sequenceQuery = "sequence by process.pid with maxspan=1m "
                                      "[process where true] [network where true]";

} // namespace

void ExceptionsTest::init()
{
    m_case.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY(writeFile(path("events.ndjson"), sampleEvents()));
    auto made = Workspace::create(path("c.sequela").toStdString());
    QVERIFY(made.has_value());
    m_case = std::move(*made);
    QVERIFY(import(*m_case, {path("events.ndjson")}).has_value());
    m_case->setRules(ruleSet({rule("p", "process where true"), rule("s", sequenceQuery)}));
}

void ExceptionsTest::applyInRuns_data()
{
    QTest::addColumn<QString>("ruleId");
    QTest::addColumn<QString>("condition");
    QTest::addColumn<qint64>("expires");
    QTest::addColumn<bool>("enabled");
    QTest::addColumn<QString>("alerts");
    const auto row = [](const char* name, const char* ruleId, const char* condition, qint64 expires,
                        bool enabled, const char* alerts) {
        QTest::newRow(name) << ruleId << condition << expires << enabled << alerts;
    };
    row("no event", "", "false", 0, true, "h1/a h1/b h1/b,h1/c");
    row("all rules", "", "user.name == \"backup\"", 0, true, "h1/a h1/a,h1/c");
    row("one rule", "p", "user.name == \"backup\"", 0, true, "h1/a h1/b,h1/c");
    row("a sequence re-forms", "s", "user.name == \"backup\"", 0, true, "h1/a h1/b h1/a,h1/c");
    row("another rule", "x", "user.name == \"backup\"", 0, true, "h1/a h1/b h1/b,h1/c");
    row("whole query", "", "network where destination.port == 4444", 0, true, "h1/a h1/b");
    row("expired", "", "user.name == \"backup\"", nowNs, true, "h1/a h1/b h1/b,h1/c");
    row("not yet expired", "", "user.name == \"backup\"", nowNs + 1, true, "h1/a h1/a,h1/c");
    row("switched off", "", "user.name == \"backup\"", 0, false, "h1/a h1/b h1/b,h1/c");
    row("field nobody has", "", "?no.such == \"x\"", 0, true, "h1/a h1/b h1/b,h1/c");
}

void ExceptionsTest::applyInRuns()
{
    QFETCH(QString, ruleId);
    QFETCH(QString, condition);
    QFETCH(qint64, expires);
    QFETCH(bool, enabled);
    detect::Exception exception = exceptionOn(condition.toStdString(), ruleId.toStdString());
    exception.enabled = enabled;
    if (expires != 0) {
        exception.expires = Timestamp(expires);
    }
    const auto id = m_case->saveException(exception);
    QVERIFY2(id.has_value(), id ? "" : id.error().message.c_str());
    const auto found = run(*m_case, atNow());
    QVERIFY(found.has_value());
    QTEST(QString::fromStdString(alertsOf((*found)->alerts)), "alerts");
    QVERIFY(m_case->removeException(*id).has_value());
    QVERIFY(m_case->exceptions()->empty());
    QCOMPARE(alertsOf((*run(*m_case, atNow()))->alerts), std::string("h1/a h1/b h1/b,h1/c"));
}

void ExceptionsTest::joinWithTheCaller()
{
    QVERIFY(m_case->saveException(exceptionOn("user.name == \"backup\"")).has_value());
    detect::DetectOptions options = atNow();
    options.excluded = [this](const rules::Rule&) {
        auto set = std::make_shared<engine::EventSet>(m_case->snapshot()->events->eventCount());
        set->insert(EventNumber(2));
        return set;
    };
    QCOMPARE(alertsOf((*run(*m_case, options))->alerts), std::string("h1/a"));
}

void ExceptionsTest::brokenOnesAreSaid()
{
    // A case from elsewhere may hold a condition that this program does not take.
    const detect::Exception broken = withId("b", exceptionOn("user.name =="));
    const auto found = detect::ExceptedEvents::find(
        std::vector<detect::Exception>{broken, withId("g", exceptionOn("user.name == \"backup\""))},
        *m_case->snapshot()->engine, *m_case->snapshot()->catalog, Timestamp(nowNs));
    QVERIFY(found.has_value());
    QVERIFY(!found->diagnostics().empty());
    QCOMPARE(found->diagnostics()[0].file, std::string("exception b"));
    QVERIFY(found->diagnostics()[0].begin.has_value());
    QVERIFY(!found->isEmpty());
}

void ExceptionsTest::savedOnesAreKept()
{
    const detect::Exception exception{.id = "mine",
                                      .ruleId = "p",
                                      .condition = "user.name == \"backup\"",
                                      .comment = "nightly job",
                                      .author = "eve",
                                      .created = Timestamp(5),
                                      .expires = Timestamp(nowNs),
                                      .enabled = false};
    QCOMPARE(*m_case->saveException(exception), std::string("mine"));
    const auto generated = m_case->saveException(exceptionOn("process.pid == 1"));
    QVERIFY(generated.has_value());
    QCOMPARE(generated->size(), std::size_t{16});
    QVERIFY(m_case->close().has_value());
    m_case.reset();
    const auto again =
        Workspace::open(path("c.sequela").toStdString(), Workspace::OpenMode::ReadOnly);
    QVERIFY(again.has_value());
    const auto kept = (*again)->exceptions();
    QCOMPARE(kept->size(), std::size_t{2});
    QVERIFY(std::ranges::find(*kept, exception) != kept->end());
    for (const detect::Exception& each : *kept) {
        QVERIFY(!each.author.empty() && each.created.has_value());
    }
}

void ExceptionsTest::savingRefusesBrokenConditions()
{
    for (const char* const condition : {"", "user.name ==", "sequence [any where true]", "1 + 1"}) {
        const auto refused = m_case->saveException(exceptionOn(condition));
        QVERIFY2(!refused, condition);
        QVERIFY(refused.error().code.starts_with("eql-"));
    }
    QVERIFY(m_case->exceptions()->empty());
}

void ExceptionsTest::preview_data()
{
    QTest::addColumn<QString>("ruleId");
    QTest::addColumn<QString>("condition");
    QTest::addColumn<int>("events");
    QTest::addColumn<QString>("disappearing");
    QTest::addColumn<QString>("reforming");
    QTest::addColumn<int>("lost");
    const auto row = [](const char* name, const char* ruleId, const char* condition, int events,
                        const char* disappearing, const char* reforming, int lost) {
        QTest::newRow(name) << ruleId << condition << events << disappearing << reforming << lost;
    };
    row("nothing", "", "process.pid == 1", 0, "", "", 0);
    row("all rules", "", "user.name == \"backup\"", 1, "h1/b h1/b,h1/c", "h1/a,h1/c", 1);
    row("one rule", "p", "user.name == \"backup\"", 1, "h1/b", "", 0);
    row("last stage", "s", "destination.port == 4444", 1, "h1/b,h1/c", "", 1);
}

void ExceptionsTest::preview()
{
    QFETCH(QString, ruleId);
    QFETCH(QString, condition);
    const auto found = run(*m_case, atNow());
    QVERIFY(found.has_value());
    QVERIFY(m_case
                ->setVerdict(
                    std::vector<std::string>{(*found)->alerts[2].id},
                    verdictOf(detect::VerdictStatus::Closed, detect::VerdictReason::TruePositive))
                .has_value());
    Progress progress;
    detect::Exception inactive = exceptionOn(condition.toStdString(), ruleId.toStdString());
    inactive.expires = Timestamp(1);
    inactive.enabled = false;
    // Neither switched off nor expired in the preview: the question is what it would do.
    const auto preview = m_case->previewException(inactive, atNow(), progress);
    QVERIFY(preview.has_value());
    QTEST(static_cast<int>(preview->eventCount), "events");
    QTEST(QString::fromStdString(alertsOf(preview->disappearing)), "disappearing");
    QTEST(QString::fromStdString(alertsOf(preview->reforming)), "reforming");
    QTEST(static_cast<int>(preview->lostTruePositives().size()), "lost");
    // Nothing is kept of it.
    QVERIFY(m_case->exceptions()->empty());
    QCOMPARE(m_case->detection()->alerts.size(), std::size_t{3});
}

void ExceptionsTest::previewOfAChangeReplacesTheSaved()
{
    QVERIFY(m_case->saveException(withId("e", exceptionOn("user.name == \"backup\""))).has_value());
    Progress progress;
    const auto preview =
        m_case->previewException(withId("e", exceptionOn("user.name == \"u\"")), atNow(), progress);
    QVERIFY(preview.has_value());
    QCOMPARE(alertsOf(preview->disappearing), std::string("h1/a"));
}

void ExceptionsTest::previewTellsBrokenConditions()
{
    Progress progress;
    const auto preview = m_case->previewException(exceptionOn("user.name =="), {}, progress);
    QVERIFY(preview.has_value());
    QCOMPARE(preview->diagnostics[0].severity, Severity::Error);
    QVERIFY(preview->diagnostics[0].begin.has_value());
    QVERIFY(preview->disappearing.empty());
}

void ExceptionsTest::travelBetweenCases()
{
    detect::Exception exception =
        withId("mine", exceptionOn("user.name == \"backup\" /* why */", "p"));
    exception.comment = "a \"quoted\"\ncomment";
    exception.author = "eve";
    exception.created = Timestamp(nowNs);
    exception.expires = Timestamp(nowNs + 7);
    QVERIFY(m_case->saveException(exception).has_value());
    detect::Exception always = withId("always", exceptionOn("false"));
    always.created = Timestamp(1);
    QVERIFY(m_case->saveException(always).has_value());
    const auto json = m_case->exportExceptions();
    QVERIFY(json.has_value());
    const auto other = Workspace::inMemory();
    QCOMPARE(*other->importExceptions(*json), std::size_t{2});
    QCOMPARE(*other->exceptions(), *m_case->exceptions());
    QCOMPARE(*other->exportExceptions(), *json);
    QCOMPARE(*other->importExceptions(*json), std::size_t{0});
    detect::Exception newer = exception;
    newer.created = Timestamp(nowNs + 1);
    newer.enabled = false;
    QVERIFY(other->saveException(newer).has_value());
    QCOMPARE(*m_case->importExceptions(*other->exportExceptions()), std::size_t{1});
    QCOMPARE(*m_case->exceptions(), *other->exceptions());
}

void ExceptionsTest::importRefuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("exceptions");
    QTest::newRow("verdicts") << QByteArray("{\"verdicts\":[]}");
    QTest::newRow("no id") << QByteArray(R"({"exceptions":[{"condition":"true"}]})");
    QTest::newRow("no condition") << QByteArray(R"({"exceptions":[{"id":"e"}]})");
    QTest::newRow("broken condition")
        << QByteArray(R"({"exceptions":[{"id":"e","condition":"a =="}]})");
    QTest::newRow("expiry is no time")
        << QByteArray(R"({"exceptions":[{"id":"e","condition":"true","expires":"soon"}]})");
    QTest::newRow("enabled is no boolean")
        << QByteArray(R"({"exceptions":[{"id":"e","condition":"true","enabled":"no"}]})");
}

void ExceptionsTest::importRefuses()
{
    QFETCH(QByteArray, json);
    const auto taken = m_case->importExceptions(json.toStdString());
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, std::string("exceptions-format"));
    QVERIFY(m_case->exceptions()->empty());
}

void ExceptionsTest::notesAreKeptAndTravel()
{
    const Note note{.id = "n",
                    .subjectKind = "host",
                    .subjectKey = "mac",
                    .text = "belongs to <b>Eve</b>\nand Bob",
                    .author = "eve",
                    .changed = Timestamp(nowNs)};
    QCOMPARE(*m_case->saveNote(note), std::string("n"));
    QVERIFY(m_case->saveNote(noteOn("case", "t")).has_value());
    QCOMPARE(m_case->notes()->size(), std::size_t{2});
    const auto other = Workspace::inMemory();
    QCOMPARE(*other->importNotes(*m_case->exportNotes()), std::size_t{2});
    QCOMPARE(*other->notes(), *m_case->notes());
    QCOMPARE(*other->importNotes(*m_case->exportNotes()), std::size_t{0});
    QVERIFY(other->removeNote("n").has_value());
    QVERIFY(m_case->removeNote("n").has_value());
    QCOMPARE(other->notes()->size(), std::size_t{1});
    QCOMPARE(m_case->notes()->size(), std::size_t{1});
}

void ExceptionsTest::notesRefuse_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("[");
    QTest::newRow("no id") << QByteArray(R"({"notes":[{"subject_kind":"host","text":"x"}]})");
    QTest::newRow("unknown subject")
        << QByteArray(R"({"notes":[{"id":"n","subject_kind":"cat"}]})");
}

void ExceptionsTest::notesRefuse()
{
    QFETCH(QByteArray, json);
    const auto taken = m_case->importNotes(json.toStdString());
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, std::string("notes-format"));
    const auto onACat = m_case->saveNote(noteOn("cat", "x"));
    QVERIFY(!onACat);
    QCOMPARE(onACat.error().code, std::string("note-subject"));
    QVERIFY(m_case->notes()->empty());
}

void ExceptionsTest::comparesRules_data()
{
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("gained");
    QTest::addColumn<QString>("lost");
    QTest::addColumn<QString>("kept");
    const auto row = [](const char* name, const char* after, const char* gained, const char* lost,
                        const char* kept) {
        QTest::newRow(name) << after << gained << lost << kept;
    };
    row("same", "process where true", "", "", "h1/a h1/b");
    row("same by other words", "process where process.pid == 7", "", "", "h1/a h1/b");
    row("narrower", "process where user.name == \"u\"", "", "h1/b", "h1/a");
    row("wider", "any where process.pid == 7", "h1/c", "", "h1/a h1/b");
    row("other", "network where true", "h1/c h2/d", "h1/a h1/b", "");
    row("broken", "process where", "", "h1/a h1/b", "");
    row("sequence", sequenceQuery, "h1/b,h1/c", "h1/a h1/b", "");
}

void ExceptionsTest::comparesRules()
{
    QFETCH(QString, after);
    Progress progress;
    const auto compared =
        m_case->compareRules(*ruleSet({rule("old", "process where true")}),
                             *ruleSet({rule("new", after.toStdString())}), atNow(), progress);
    QVERIFY(compared.has_value());
    // One rule on each side: they pair whatever their ids are.
    QCOMPARE(compared->diff.rules.size(), std::size_t{1});
    const detect::RuleDiff& diff = compared->diff.rules[0];
    const auto text = [](const std::vector<const detect::Alert*>& alerts) {
        std::vector<detect::Alert> copies;
        for (const detect::Alert* alert : alerts) {
            copies.push_back(*alert);
        }
        return QString::fromStdString(alertsOf(copies));
    };
    QTEST(text(diff.gained), "gained");
    QTEST(text(diff.lost), "lost");
    QTEST(text(diff.kept), "kept");
    QCOMPARE(compared->diff.gainedCount(), diff.gained.size());
    QVERIFY(diff.before != nullptr && diff.after != nullptr);
}

void ExceptionsTest::comparisonTellsLostTruePositives()
{
    const auto found = run(*m_case, atNow());
    QVERIFY(found.has_value());
    QVERIFY(m_case
                ->setVerdict(
                    std::vector<std::string>{(*found)->alerts[0].id},
                    verdictOf(detect::VerdictStatus::Closed, detect::VerdictReason::TruePositive))
                .has_value());
    Progress progress;
    const auto compared = m_case->compareRules(
        *m_case->rules(), *ruleSet({rule("s", sequenceQuery), rule("t", "any where false")}),
        atNow(), progress);
    QVERIFY(compared.has_value());
    QCOMPARE(compared->diff.rules.size(), std::size_t{3});
    const detect::RuleDiff& removed = compared->diff.rules[0];
    QCOMPARE(removed.ruleId, std::string("p"));
    QVERIFY(removed.after == nullptr);
    QCOMPARE(removed.lost.size(), std::size_t{2});
    QCOMPARE(removed.lostTruePositives().size(), std::size_t{1});
    QVERIFY(compared->diff.rules[2].before == nullptr);
    QCOMPARE(compared->diff.keptCount(), std::uint64_t{1});
}

QTEST_GUILESS_MAIN(ExceptionsTest)
#include "tst_exceptions.moc"
