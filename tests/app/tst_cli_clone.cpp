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
    void binds_data();
    void binds();
    void accountsForEveryFile();

private:
    QTemporaryDir m_folder;
};

void TestCliClone::binds_data()
{
    QTest::addColumn<QString>("file");
    int number = 0;
    const auto write = [&](const char* folder, const char* list, const char* layout,
                           const QString& more) {
        const QString place = m_folder.filePath(folder);
        QVERIFY(QDir().mkpath(place));
        int index = 0;
        for (const QString& query : construct(list).split("\n\n")) {
            const QString file = QStringLiteral("%1/rule_%2.toml").arg(place).arg(++index);
            QVERIFY(writeFile(file, ruleText(layout, ++number, more, query).toUtf8()));
            QTest::addRow("%s %d", list, index) << file;
        }
        QVERIFY(index >= 15);
    };
    write("detection-rules/rules/windows", "elasticsearch.eql", detectionRule,
          "language = \"eql\"\ntype = \"eql\"");
    write("protections/behavior/rules/windows", "endpoint.eql", "behavior-rule.toml.in", "");
}

void TestCliClone::binds()
{
    QFETCH(QString, file);
    const ProgramRun run = runProgram({"check", file, "--format", "json"});
    for (const QJsonValue& problem : QJsonDocument::fromJson(run.output).array()) {
        QVERIFY2(problem["severity"].toString() != "error", run.output.constData());
    }
    QCOMPARE(run.exitCode, 0);
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
