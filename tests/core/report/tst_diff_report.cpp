#include "core/report/diff_report.h"
#include "tests/core/report/hostile_text.h"
#include "tests/core/report/summary_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace sequela;
using namespace sequela::report;
using namespace sequela::report::testing;

/// The evidence of a rule's change.
class DiffReportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void markdownSaysWhatChanged();
    void jsonSaysWhatChanged();
    void hostileTextStaysText_data() { addHostileRows(); }
    void hostileTextStaysText();
};

namespace {

/// One rule that lost an alert and gained another.
struct Change {
    explicit Change(const std::string& text) : lost(text), gained(text)
    {
        lost.alert.verdict.reason = detect::VerdictReason::TruePositive;
        lost.alert.eventsHash = "1";
        gained.alert.eventsHash = "2";
        gained.alert.verdict = {};
        before.alerts = {lost.alert};
        after.alerts = {gained.alert};
        before.outcomes.resize(1);
        after.outcomes.resize(1);
        for (detect::RuleOutcome* outcome : {&before.outcomes[0], &after.outcomes[0]}) {
            outcome->ruleId = text;
            outcome->name = text;
            outcome->file = text;
        }
        diff = detect::diffDetections(before, after);
        summary.diff = &diff;
        summary.beforeName = text;
        summary.afterName = text;
        summary.inputs = lost.summary.inputs;
        summary.eventCount = 2;
        summary.generator = "Sequela";
        summary.details = lost.summary.details;
    }

    FilledSummary lost;
    FilledSummary gained;
    detect::Detection before;
    detect::Detection after;
    detect::DetectionDiff diff;
    DiffSummary summary;
};

} // namespace

void DiffReportTest::markdownSaysWhatChanged()
{
    const Change change("x");
    const auto written = writeDiffMarkdown(change.summary);
    QVERIFY(written.has_value());
    for (const char* const part :
         {"| gained | 1 |", "| lost | 1 |", "| kept | 0 |", "**1 true positive would be lost.**",
          "### Lost (1)", "### Gained (1)", "(closed: true positive)", "  2. no event",
          "`x` is `x`"}) {
        QVERIFY2(written->find(part) != std::string::npos, part);
    }
    QVERIFY(written->find("### Lost") < written->find("### Gained"));
}

void DiffReportTest::jsonSaysWhatChanged()
{
    const Change change("x");
    const auto written = writeDiffJson(change.summary);
    QVERIFY(written.has_value());
    const QJsonObject document =
        QJsonDocument::fromJson(QByteArray::fromStdString(*written)).object();
    QCOMPARE(document["gained"].toInt(), 1);
    QCOMPARE(document["lost"].toInt(), 1);
    QCOMPARE(document["kept"].toInt(), 0);
    const QJsonValue rule = document["rules"][0];
    QCOMPARE(rule["rule_id"].toString(), QString("x"));
    QCOMPARE(rule["before"]["status"].toString(), QString("ran"));
    const QJsonValue lost = rule["lost"][0];
    QCOMPARE(lost["verdict"].toString(), QString("true_positive"));
    QCOMPARE(lost["events"].toArray().size(), 3);
    QVERIFY(lost["events"][1].isNull());
    QCOMPARE(lost["events"][0]["line"].toInt(), 4);
    QCOMPARE(lost["events"][0]["matched"][0]["values"][0]["value"].toString(), QString("x"));
}

void DiffReportTest::hostileTextStaysText()
{
    QFETCH(QByteArray, hostile);
    const Change change(hostile.toStdString());
    const auto markdown = writeDiffMarkdown(change.summary);
    const auto json = writeDiffJson(change.summary);
    QVERIFY(markdown && json);
    QCOMPARE(firstUnsafe(*markdown), QString());
    QCOMPARE(firstUnsafe(*json), QString());
    const Change plain("plain");
    QCOMPARE(std::ranges::count(*markdown, '\n'),
             std::ranges::count(*writeDiffMarkdown(plain.summary), '\n'));
    QVERIFY(!QJsonDocument::fromJson(QByteArray::fromStdString(*json)).isNull());
    QCOMPARE(*writeDiffMarkdown(change.summary), *markdown);
    QCOMPARE(*writeDiffJson(change.summary), *json);
}

QTEST_GUILESS_MAIN(DiffReportTest)
#include "tst_diff_report.moc"
