#include "core/casefile/case_file.h"
#include "core/detect/detection.h"
#include "core/ingest/import.h"
#include "core/rules/rule_set.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace sequela;

namespace {

constexpr int eventCount = 50'000;
constexpr int generatorTimeoutMs = 240'000;

/// Event ids of one match, in the order of the stages.
using EventIds = std::vector<std::string>;
using Matches = std::set<EventIds>;

/// What the generator planted for one rule.
struct Planted {
    Matches hits;
    Matches nearMisses;
};

EventIds idsOf(const QJsonObject& plant)
{
    EventIds ids;
    for (const QJsonValue& id : plant[QStringLiteral("event_ids")].toArray()) {
        ids.push_back(id.toString().toStdString());
    }
    return ids;
}

/// By the id of the shipped rule that answers the generator's.
std::map<std::string, Planted> readTruth(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QJsonObject truth = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject rules = truth[QStringLiteral("rules")].toObject();
    std::map<std::string, Planted> planted;
    for (const QJsonValue& value : truth[QStringLiteral("planted")].toArray()) {
        const QJsonObject plant = value.toObject();
        const QJsonObject rule = rules[plant[QStringLiteral("rule")].toString()].toObject();
        const QString id = rule[QStringLiteral("elastic_rule")].toString();
        if (id.isEmpty()) {
            continue;
        }
        Planted& ofRule = planted[id.toStdString()];
        const bool isHit = plant[QStringLiteral("match")].toBool();
        (isHit ? ofRule.hits : ofRule.nearMisses).insert(idsOf(plant));
    }
    return planted;
}

/// First value of event.id.
std::string eventId(const schema::ColumnSource& events, EventNumber event)
{
    const SegmentNumber segment = events.segmentOf(event);
    const auto field = events.field("event.id");
    if (!field) {
        return {};
    }
    const auto column = events.column(segment, *field);
    if (!column || !*column) {
        return {};
    }
    const std::uint32_t row = event.value() - events.segments()[segment.index()].firstEvent.value();
    std::uint32_t scratch = 0;
    const auto values = (*column)->valuesOfCode((*column)->code(row), scratch);
    return values.empty() ? std::string() : std::string((*column)->text(values.front()));
}

Matches matchesOf(const detect::Detection& found, const std::string& ruleId,
                  const schema::ColumnSource& events)
{
    Matches matches;
    for (const detect::Alert& alert : found.alerts) {
        if (alert.rule->ruleId != ruleId) {
            continue;
        }
        EventIds ids;
        for (const detect::AlertStage& stage : alert.stages) {
            ids.push_back(stage.event ? eventId(events, *stage.event) : std::string());
        }
        matches.insert(std::move(ids));
    }
    return matches;
}

} // namespace

/// Generated events with planted hits and near misses of both seed rules: imported into a case
/// file and searched with the shipped rules, exactly the hits must come back.
class TestPlantedTruth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isComplete();
    void hitsAreFound_data();
    void hitsAreFound();
    void nearMissesAreNot_data();
    void nearMissesAreNot();

private:
    static void addRules();
    void scan();

    QTemporaryDir m_folder;
    std::shared_ptr<casefile::CaseFile> m_case;
    std::shared_ptr<const schema::ColumnSource> m_events;
    std::map<std::string, Planted> m_truth;
    std::uint64_t m_imported = 0;
    int m_expected = 0;
    detect::Detection m_found;
};

void TestPlantedTruth::initTestCase()
{
    const QString generator = QStringLiteral(SEQUELA_SOURCE_DIR "/../shared/bench/make_bench.py");
    const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
    if (!QFileInfo::exists(generator) || python.isEmpty()) {
        QSKIP("the generator of ../shared/bench or python3 is not there");
    }
    const QString truthPath = m_folder.filePath(QStringLiteral("truth.json"));
    QProcess process;
    process.start(python, {generator, QStringLiteral("-n"), QString::number(eventCount),
                           QStringLiteral("-o"), m_folder.filePath(QStringLiteral("events.ndjson")),
                           QStringLiteral("--truth"), truthPath});
    QVERIFY(process.waitForFinished(generatorTimeoutMs));
    QCOMPARE(process.exitCode(), 0);
    QFile truthFile(truthPath);
    QVERIFY(truthFile.open(QIODevice::ReadOnly));
    const QJsonObject truth = QJsonDocument::fromJson(truthFile.readAll()).object();
    m_expected = truth[QStringLiteral("events")].toInt();
    m_truth = readTruth(truthPath);
    QCOMPARE(m_truth.size(), std::size_t{2});
    scan();
}

void TestPlantedTruth::scan()
{
    const std::string folder = m_folder.path().toStdString();
    auto created = casefile::CaseFile::create(folder + "/case.sequela");
    QVERIFY(created.has_value());
    m_case = std::move(*created);
    const std::vector<ingest::Input> inputs{{.path = folder + "/events.ndjson", .text = {}}};
    const auto report = ingest::importFiles(*m_case, inputs, {}, nullptr, {});
    QVERIFY(report.has_value());
    QCOMPARE(quint64{report->lostRecords()}, quint64{0});
    m_imported = report->events();
    auto snapshot = m_case->snapshot();
    QVERIFY(snapshot.has_value());
    m_events = std::move(*snapshot);
    const std::filesystem::path paths[] = {SEQUELA_SOURCE_DIR "/rules"};
    const auto rules = rules::loadRules(paths);
    QVERIFY(rules.has_value());
    engine::Engine engine(m_events);
    const schema::FieldCatalog catalog(schema::Schema::ecs(), m_events->fields());
    Progress progress;
    auto found = detect::detect(*rules, engine, catalog, {}, progress);
    QVERIFY(found.has_value());
    m_found = std::move(*found);
}

void TestPlantedTruth::isComplete()
{
    QVERIFY(m_expected >= eventCount);
    QCOMPARE(m_imported, static_cast<std::uint64_t>(m_expected));
    for (const auto& [rule, planted] : m_truth) {
        QVERIFY2(!planted.hits.empty(), rule.c_str());
        QVERIFY2(!planted.nearMisses.empty(), rule.c_str());
    }
}

void TestPlantedTruth::addRules()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::newRow("AppleScript") << QByteArray("47f76567-d58a-4fed-b32b-21f571e28910");
    QTest::newRow("VPN") << QByteArray("15dacaa0-5b90-466b-acab-63435a59701a");
}

void TestPlantedTruth::hitsAreFound_data()
{
    addRules();
}

void TestPlantedTruth::hitsAreFound()
{
    QFETCH(QByteArray, rule);
    const Matches found = matchesOf(m_found, rule.toStdString(), *m_events);
    const Matches& planted = m_truth.at(rule.toStdString()).hits;
    for (const EventIds& hit : planted) {
        QVERIFY2(found.contains(hit), hit.front().c_str());
    }
    QCOMPARE(found.size(), planted.size());
}

void TestPlantedTruth::nearMissesAreNot_data()
{
    addRules();
}

/// Not even with their last event alone.
void TestPlantedTruth::nearMissesAreNot()
{
    QFETCH(QByteArray, rule);
    std::set<std::string> lastEvents;
    for (const EventIds& match : matchesOf(m_found, rule.toStdString(), *m_events)) {
        lastEvents.insert(match.back());
    }
    for (const EventIds& miss : m_truth.at(rule.toStdString()).nearMisses) {
        QVERIFY2(!lastEvents.contains(miss.back()), miss.back().c_str());
    }
}

QTEST_GUILESS_MAIN(TestPlantedTruth)
#include "tst_planted_truth.moc"
