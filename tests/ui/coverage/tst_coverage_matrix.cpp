#include "core/rules/rule_file.h"
#include "ui/coverage/coverage_matrix.h"

#include <QtTest>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;

/// What the matrix counts, what filters leave, what is blocked and why.
class CoverageMatrixTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsLoadedRunnableFiredAndNear();
    void filters_data();
    void filters();
    void blockedByReason();
};

namespace {

std::string rule(const char* id, const char* techniques, const char* tags)
{
    return std::string("[rule]\nname = \"") + id + "\"\nrule_id = \"" + id
           + "\"\nrisk_score = 47\nseverity = \"medium\"\ntype = \"eql\"\nlanguage = \"eql\"\n"
             "tags = ["
           + tags
           + "]\nquery = 'any where true'\n[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n"
             "[rule.threat.tactic]\nid = \"TA0002\"\nname = \"Execution\"\nreference = \"\"\n"
           + techniques;
}

constexpr const char* interpreter =
    "[[rule.threat.technique]]\nid = \"T1059\"\nname = \"Interpreter\"\nreference = \"\"\n"
    "[[rule.threat.technique.subtechnique]]\nid = \"T1059.002\"\nname = \"AppleScript\"\n"
    "reference = \"\"\n";

struct Sample {
    rules::RuleSet rules;
    detect::Detection detection;

    Sample()
    {
        std::vector<rules::RuleEntry> entries;
        entries.push_back(
            rules::readRuleToml(rule("fired", interpreter, "\"OS: macOS\""), "macos/a.toml"));
        entries.push_back(
            rules::readRuleToml(rule("near", interpreter, "\"OS: Windows\""), "windows/b.toml"));
        entries.push_back(rules::readRuleToml(rule("blocked", "", ""), "any/c.toml"));
        entries.push_back(rules::readRuleToml(rule("blocked too", "", ""), "any/d.toml"));
        rules.append(std::move(entries));
        for (std::size_t index = 0; index < 4; ++index) {
            detect::RuleOutcome outcome;
            outcome.entryIndex = index;
            outcome.ruleId = rules.entries()[index].rule->id;
            outcome.alertCount = index == 0 ? 3 : 0;
            if (index > 1) {
                outcome.status = detect::RuleStatus::MissingCategory;
                outcome.reason = "no event has the category dns";
            }
            detection.outcomes.push_back(std::move(outcome));
        }
    }
    [[nodiscard]] CoveredTactic execution(const CoverageFilter& filter = {}) const
    {
        const auto tactics = coverageOf(rules, detection, filter, {0, 1});
        return *std::ranges::find(tactics, "TA0002", &CoveredTactic::id);
    }
};

} // namespace

void CoverageMatrixTest::countsLoadedRunnableFiredAndNear()
{
    const Sample sample;
    const CoveredTactic tactic = sample.execution();
    QCOMPARE(tactic.counts.loaded, 4U);
    QCOMPARE(tactic.counts.runnable, 2U);
    QCOMPARE(tactic.counts.fired, 1U);
    // What fired is no near miss.
    QCOMPARE(tactic.counts.nearMissed, 1U);
    QCOMPARE(tactic.counts.alertCount, std::uint64_t{3});
    QCOMPARE(tactic.techniques.size(), std::size_t{2});
    QCOMPARE(tactic.techniques[1].id, std::string("T1059.002"));
    QCOMPARE(tactic.techniques[1].counts.loaded, 2U);
    QVERIFY((tactic.techniques[1].rules == std::vector<std::size_t>{0, 1}));
}

void CoverageMatrixTest::filters_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("pack");
    QTest::addColumn<unsigned>("loaded");
    QTest::newRow("all") << "" << "" << 4U;
    QTest::newRow("platform, rules for any included") << "macos" << "" << 3U;
    QTest::newRow("other platform") << "linux" << "" << 2U;
    QTest::newRow("pack") << "" << "any" << 2U;
    QTest::newRow("both") << "windows" << "windows" << 1U;
    QTest::newRow("nothing") << "linux" << "macos" << 0U;
}

void CoverageMatrixTest::filters()
{
    QFETCH(QString, platform);
    QFETCH(QString, pack);
    const Sample sample;
    QTEST(sample.execution({platform.toStdString(), pack.toStdString()}).counts.loaded, "loaded");
}

void CoverageMatrixTest::blockedByReason()
{
    const Sample sample;
    const auto blocked = blockedRules(sample.rules, sample.detection, {});
    QCOMPARE(blocked.size(), std::size_t{1});
    QCOMPARE(blocked[0].reason, std::string("no event has the category dns"));
    QVERIFY((blocked[0].outcomes == std::vector<std::size_t>{2, 3}));
    QVERIFY(blockedRules(sample.rules, sample.detection, {"", "macos"}).empty());
    QVERIFY((packsOf(sample.rules) == std::vector<std::string>{"any", "macos", "windows"}));
}

QTEST_GUILESS_MAIN(CoverageMatrixTest)
#include "tst_coverage_matrix.moc"
