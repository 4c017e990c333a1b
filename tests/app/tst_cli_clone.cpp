#include "tests/app/program_run.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using sequela::tests::ProgramRun;
using sequela::tests::runProgram;
using sequela::tests::writeFile;

namespace {

constexpr const char* detectionRule = "detection-rule.toml.in";
/// The same with every key that such a file may have.
constexpr const char* fullDetectionRule = "detection-rule-full.toml.in";
constexpr const char* behaviorRule = "behavior-rule.toml.in";
constexpr const char* fullBehaviorRule = "behavior-rule-full.toml.in";

/// A file of tests/app/constructs, empty if it is not there.
QString construct(const QString& name)
{
    QFile file(QStringLiteral(SEQUELA_SOURCE_DIR "/tests/app/constructs/") + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// A rule file in a layout of tests/app/constructs: %1 is the name, %2 the id, %3 more keys of
/// [rule], %4 the query.
QString ruleText(const QString& layout, int number, const QString& more, const QString& query)
{
    const QString id = QStringLiteral("00000000-0000-4000-8000-%1").arg(number, 12, 10, QChar('0'));
    // Not arg(): queries may hold percent signs.
    return construct(layout)
        .replace("%1", QStringLiteral("Rule %1").arg(number))
        .replace("%2", id)
        .replace("%3", more)
        .replace("%4", query.trimmed());
}

} // namespace

/// `check` over folders laid out like clones of the two public rule repositories: every construct
/// that their rules use parses and binds, every file is accounted for.
class TestCliClone : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void binds_data();
    void binds();
    void runs();
    void accountsForEveryFile();

private:
    /// A rule of each layout for each query of a list; how many files that makes.
    int writeRules(const QString& folder, const QString& list, const QStringList& layouts,
                   const QString& more);

    QTemporaryDir m_folder;
    int m_number = 0;
    int m_detectionRules = 0;
    int m_behaviorRules = 0;
};

int TestCliClone::writeRules(const QString& folder, const QString& list, const QStringList& layouts,
                             const QString& more)
{
    const QString place = m_folder.filePath(folder);
    int written = 0;
    if (!QDir().mkpath(place)) {
        return 0;
    }
    const QStringList queries = construct(list).split("\n\n");
    for (qsizetype index = 0; index < queries.size(); ++index) {
        for (const QString& layout : layouts) {
            const QString file = QStringLiteral("%1/%2_%3.toml")
                                     .arg(place, layout.section('.', 0, 0))
                                     .arg(index + 1);
            const QString text = ruleText(layout, ++m_number, more, queries[index]);
            written += writeFile(file, text.toUtf8()) ? 1 : 0;
        }
    }
    return written;
}

void TestCliClone::initTestCase()
{
    m_detectionRules =
        writeRules("detection-rules/rules/windows", "elasticsearch.eql",
                   {detectionRule, fullDetectionRule}, "language = \"eql\"\ntype = \"eql\"");
    m_behaviorRules = writeRules("protections/behavior/rules/windows", "endpoint.eql",
                                 {behaviorRule, fullBehaviorRule}, {});
    QVERIFY(m_detectionRules >= 60);
    QVERIFY(m_behaviorRules >= 40);
}

void TestCliClone::binds_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<int>("rules");
    QTest::newRow("detection rules") << "detection-rules" << m_detectionRules;
    QTest::newRow("behavior rules") << "protections" << m_behaviorRules;
}

void TestCliClone::binds()
{
    QFETCH(QString, folder);
    QFETCH(int, rules);
    const ProgramRun run = runProgram({"check", m_folder.filePath(folder)});
    for (const QByteArray& line : run.output.split('\n')) {
        QVERIFY2(!line.contains("broken") && !line.contains("not run"), line.constData());
    }
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY2(run.output.contains(QByteArray::number(rules) + " files checked"),
             run.output.right(200).constData());
}

/// Every rule runs over events of its own, and those made for them are found.
void TestCliClone::runs()
{
    const QString report = m_folder.filePath("report.json");
    const QString events = QStringLiteral(SEQUELA_SOURCE_DIR "/tests/app/constructs/events.ndjson");
    const ProgramRun run =
        runProgram({"scan", events, "--quiet", "--rules", m_folder.filePath("detection-rules"),
                    m_folder.filePath("protections"), "--format", "ndjson", "--report", report});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QFile file(report);
    QVERIFY(file.open(QIODevice::ReadOnly));
    int withAlerts = 0;
    const QJsonArray rules = QJsonDocument::fromJson(file.readAll())["rules"].toArray();
    QCOMPARE(int(rules.size()), m_detectionRules + m_behaviorRules);
    for (const QJsonValue& rule : rules) {
        const QString status = rule["status"].toString();
        QVERIFY2(status != "broken" && status != "failed" && status != "not-run",
                 qPrintable(rule["file"].toString() + ": " + rule["reason"].toString()));
        withAlerts += rule["alerts"].toInt() > 0 ? 1 : 0;
    }
    QVERIFY2(withAlerts >= 20, qPrintable(QString::number(withAlerts)));
}

void TestCliClone::accountsForEveryFile()
{
    const QString root = m_folder.filePath("other");
    for (const char* folder : {"/rules/_deprecated", "/rules_building_block", "/hunting"}) {
        QVERIFY(QDir().mkpath(root + folder));
    }
    const QString eql = QStringLiteral("language = \"eql\"\ntype = \"eql\"");
    const QString query = QStringLiteral("process where true");
    const auto write = [&](const char* file, const QString& text) {
        QVERIFY(writeFile(root + file, text.toUtf8()));
    };
    write("/rules/_deprecated/old.toml",
          ruleText(detectionRule, 1, eql, query)
              .replace("maturity = \"production\"", "maturity = \"deprecated\""));
    write("/rules_building_block/block.toml",
          ruleText(detectionRule, 2, eql + "\nbuilding_block_type = \"default\"", query));
    write("/rules/esql.toml", ruleText(detectionRule, 3, "language = \"esql\"\ntype = \"esql\"",
                                       "from logs-* | limit 1"));
    write("/rules/lucene.toml",
          ruleText(detectionRule, 4, "language = \"lucene\"\ntype = \"query\"", "a:b"));
    write("/hunting/hunt.toml", "[hunt]\nquery = ['''from logs-*''']\n");
    write("/pyproject.toml", "[project]\nname = \"x\"\n");
    write("/README.md", "# Rules\n");

    const ProgramRun run = runProgram({"check", root});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    for (const char* line :
         {"old.toml: not run: deprecated", "block.toml: ok", "esql.toml: not run: type esql",
          "lucene.toml: not run: type query", "hunt.toml: not a rule", "pyproject.toml: not a rule",
          "6 files checked"}) {
        QVERIFY2(run.output.contains(line), line);
    }
}

QTEST_GUILESS_MAIN(TestCliClone)
#include "tst_cli_clone.moc"
