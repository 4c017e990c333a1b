#include "core/eql/parser.h"
#include "core/rules/lint.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"

#include <QRegularExpression>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace sequela;
using namespace sequela::rules;

namespace {

const RuleSet& shippedRules()
{
    static const RuleSet set = [] {
        const std::filesystem::path paths[] = {SEQUELA_SOURCE_DIR "/rules"};
        auto loaded = loadRules(paths);
        return loaded ? std::move(*loaded) : RuleSet();
    }();
    return set;
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

/// Every shipped rule is whole: metadata, ATT&CK mapping, and tests with a hit and a near miss.
class ShippedRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereAreEnough();
    void namesAreUnique();
    void readmeCountsEveryRule();
    void seedRules_data();
    void seedRules();
    void rule_data();
    void rule();
    void tests_data();
    void tests();

private:
    static void addRows();
};

void ShippedRulesTest::addRows()
{
    QTest::addColumn<int>("index");
    const auto& entries = shippedRules().entries();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::filesystem::path path = entries[i].path;
        QTest::newRow(path.stem().string().c_str()) << static_cast<int>(i);
    }
}

void ShippedRulesTest::thereAreEnough()
{
    const RuleSet& set = shippedRules();
    QCOMPARE(set.count(RuleStatus::Loaded), set.entries().size());
    QVERIFY(set.entries().size() >= 60);
    QVERIFY2(set.diagnostics().empty(),
             set.diagnostics().empty() ? "" : set.diagnostics().front().message.c_str());
    const auto sequences = std::ranges::count_if(set.entries(), [](const RuleEntry& entry) {
        return entry.rule->query.text.starts_with("sequence");
    });
    QVERIFY(static_cast<std::size_t>(sequences) * 3 >= set.entries().size());
}

void ShippedRulesTest::namesAreUnique()
{
    std::set<std::string> names;
    for (const RuleEntry& entry : shippedRules().entries()) {
        QVERIFY2(names.insert(entry.rule->name).second, entry.rule->name.c_str());
    }
}

/// The tables of rules/README.md were written after the last rule came, went or changed its name.
void ShippedRulesTest::readmeCountsEveryRule()
{
    const auto readme = readRuleText(SEQUELA_SOURCE_DIR "/rules/README.md");
    QVERIFY(readme.has_value());
    std::size_t rows = 0;
    for (std::size_t at = readme->find("\n| ["); at != std::string::npos;
         at = readme->find("\n| [", at + 1)) {
        ++rows;
    }
    const std::filesystem::path folder = SEQUELA_SOURCE_DIR "/rules";
    for (const RuleEntry& entry : shippedRules().entries()) {
        const std::string link =
            std::filesystem::path(entry.path).lexically_relative(folder).string();
        const std::string row = "\n| [" + entry.rule->name + "](" + link + ") |";
        QVERIFY2(readme->find(row) != std::string::npos, row.c_str());
    }
    QCOMPARE(rows, shippedRules().entries().size());
}

void ShippedRulesTest::seedRules_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("risk");
    QTest::addColumn<QByteArray>("techniques");
    QTest::newRow("AppleScript") << QByteArray("47f76567-d58a-4fed-b32b-21f571e28910")
                                 << QByteArray(
                                        "AppleScript execution followed by network connection")
                                 << 47 << QByteArray("TA0002 T1059 T1059.002 TA0011 T1105");
    QTest::newRow("VPN") << QByteArray("15dacaa0-5b90-466b-acab-63435a59701a")
                         << QByteArray("Virtual private network connection attempt") << 21
                         << QByteArray("TA0008 T1021");
}

void ShippedRulesTest::seedRules()
{
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, name);
    QFETCH(int, risk);
    QFETCH(QByteArray, techniques);
    const RuleEntry* entry = shippedRules().find(id.toStdString());
    QVERIFY(entry != nullptr);
    const Rule& rule = *entry->rule;
    QCOMPARE(bytes(rule.name), name);
    QCOMPARE(rule.riskScore, risk);
    QCOMPARE(bytes(rule.schedule.from), QByteArray("now-9m"));
    QCOMPARE(rule.indices, (std::vector<std::string>{"logs-endpoint.events.*"}));
    QByteArrayList ids;
    for (const Threat& threat : rule.threats) {
        ids << bytes(threat.tacticId);
        for (const ThreatTechnique& technique : threat.techniques) {
            ids << bytes(technique.id);
            for (const ThreatTechnique& subtechnique : technique.subtechniques) {
                ids << bytes(subtechnique.id);
            }
        }
    }
    QCOMPARE(ids.join(' '), techniques);
}

void ShippedRulesTest::rule_data()
{
    addRows();
}

void ShippedRulesTest::rule()
{
    QFETCH(int, index);
    const RuleEntry& entry = shippedRules().entries().at(static_cast<std::size_t>(index));
    for (const Diagnostic& diagnostic : entry.diagnostics) {
        QFAIL(formatDiagnostic(diagnostic).c_str());
    }
    QCOMPARE(entry.status, RuleStatus::Loaded);
    const Rule& rule = *entry.rule;
    static const QRegularExpression uuid(
        "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
    QVERIFY(uuid.match(QString::fromStdString(rule.id)).hasMatch());
    QVERIFY(rule.description.size() > 60);
    QVERIFY(!rule.falsePositives.empty());
    QVERIFY(!rule.references.empty());
    QVERIFY(!rule.note.empty());
    QVERIFY(!rule.authors.empty() && !rule.indices.empty());
    QVERIFY(!rule.threats.empty());
    QCOMPARE(bytes(rule.metadata.maturity), QByteArray("production"));
    QVERIFY(!rule.metadata.creationDate.empty() && !rule.metadata.updatedDate.empty());
    const eql::ParsedQuery parsed = eql::parseQuery(rule.query.text, rule.dialect);
    for (Diagnostic diagnostic : parsed.diagnostics) {
        diagnostic.file = entry.path;
        QFAIL(formatDiagnostic(diagnostic).c_str());
    }
    const bool isSequence = parsed.query.kind == eql::syntax::QueryKind::Sequence;
    QCOMPARE(parsed.query.maxspan.has_value(), isSequence);
    for (const Diagnostic& diagnostic : lintRule(rule)) {
        QFAIL(formatDiagnostic(diagnostic).c_str());
    }
}

void ShippedRulesTest::tests_data()
{
    addRows();
}

void ShippedRulesTest::tests()
{
    QFETCH(int, index);
    const RuleEntry& entry = shippedRules().entries().at(static_cast<std::size_t>(index));
    QVERIFY(!entry.testFile.empty());
    const auto text = readRuleText(entry.testFile);
    QVERIFY(text.has_value());
    const RuleTestFile file = readRuleTests(*text, entry.testFile);
    for (const Diagnostic& diagnostic : file.diagnostics) {
        QFAIL(formatDiagnostic(diagnostic).c_str());
    }
    const auto misses = std::ranges::count_if(file.tests, &RuleTest::expectsNothing);
    QVERIFY(misses >= 1);
    QVERIFY(static_cast<std::size_t>(misses) < file.tests.size());
}

QTEST_GUILESS_MAIN(ShippedRulesTest)
#include "tst_shipped_rules.moc"
