#include "ui/triage/alert_list_model.h"
#include "ui/triage/alert_rows.h"
#include "ui/triage/common_verdict.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

namespace {

detect::Alert makeAlert(const std::string& id, const std::string& rule, const std::string& host,
                        detect::AlertSeverity severity, int minute)
{
    auto alertRule = std::make_shared<detect::AlertRule>();
    alertRule->ruleId = rule;
    alertRule->name = "Rule " + rule;
    alertRule->attack.push_back({.framework = "MITRE ATT&CK",
                                 .tacticId = "TA0002",
                                 .tacticName = "Execution",
                                 .techniqueId = "T1059",
                                 .techniqueName = {},
                                 .subtechniqueId = {},
                                 .subtechniqueName = {}});
    detect::Alert alert;
    alert.id = id;
    alert.rule = alertRule;
    alert.name = alertRule->name;
    alert.severity = severity;
    alert.host = host;
    alert.lastTime = Timestamp(std::int64_t{minute} * 60 * nanosecondsPerSecond);
    alert.stages.push_back(
        {.event = EventNumber(static_cast<std::uint32_t>(minute)), .identity = {}, .time = {}});
    return alert;
}

std::shared_ptr<detect::Detection> sample()
{
    using detect::AlertSeverity;
    auto detection = std::make_shared<detect::Detection>();
    detection->alerts = {makeAlert("1", "a", "mac", AlertSeverity::Low, 1),
                         makeAlert("2", "b", "mac", AlertSeverity::High, 2),
                         makeAlert("3", "a", "pc", AlertSeverity::Low, 3),
                         makeAlert("4", "c", "pc", AlertSeverity::Critical, 4),
                         makeAlert("5", "a", "mac", AlertSeverity::Low, 5)};
    return detection;
}

QStringList names(const detect::Detection& detection, const AlertRows& rows)
{
    QStringList result;
    for (const AlertRow& row : rows.rows) {
        result.append(QString::fromStdString(detection.alerts[row.alert].id)
                      + (row.isGroup ? QStringLiteral("*%1").arg(row.count) : QString()));
    }
    return result;
}

} // namespace

class AlertRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void groupsAndSorts_data()
    {
        QTest::addColumn<int>("grouping");
        QTest::addColumn<int>("sorting");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* name, AlertGrouping grouping, AlertSorting sorting,
                            const QStringList& expected) {
            QTest::addRow("%s", name)
                << static_cast<int>(grouping) << static_cast<int>(sorting) << expected;
        };
        row("rule by risk", AlertGrouping::Rule, AlertSorting::Risk, {"4", "2", "5*3"});
        row("rule by time", AlertGrouping::Rule, AlertSorting::Time, {"5*3", "4", "2"});
        row("rule by count", AlertGrouping::Rule, AlertSorting::Count, {"5*3", "4", "2"});
        row("host by risk", AlertGrouping::Host, AlertSorting::Risk, {"4*2", "2*3"});
        row("none by time", AlertGrouping::None, AlertSorting::Time, {"5", "4", "3", "2", "1"});
    }

    void groupsAndSorts()
    {
        QFETCH(int, grouping);
        QFETCH(int, sorting);
        QFETCH(QStringList, expected);
        AlertListOptions options;
        options.grouping = static_cast<AlertGrouping>(grouping);
        options.sorting = static_cast<AlertSorting>(sorting);
        const auto detection = sample();
        const AlertRows rows = buildAlertRows(*detection, options);
        QCOMPARE(names(*detection, rows), expected);
        QCOMPARE(rows.shownCount, 5U);
        QCOMPARE(rows.totalCount, 5U);
    }

    void openGroupsShowTheirMembers()
    {
        AlertListOptions options;
        const auto detection = sample();
        options.expanded.insert(groupKey(detection->alerts[0], AlertGrouping::Rule));
        QCOMPARE(names(*detection, buildAlertRows(*detection, options)),
                 (QStringList{"4", "2", "5*3", "5", "3", "1"}));
    }

    void buildingBlocksAreShownOnRequest()
    {
        AlertListOptions options;
        const auto detection = sample();
        auto block = std::make_shared<detect::AlertRule>(*detection->alerts[3].rule);
        block->buildingBlock = true;
        detection->alerts[3].rule = block;
        QCOMPARE(buildAlertRows(*detection, options).totalCount, 4U);
        options.buildingBlocks = true;
        QCOMPARE(names(*detection, buildAlertRows(*detection, options)),
                 (QStringList{"4", "2", "5*3"}));
    }

    void commonVerdicts()
    {
        const auto detection = sample();
        std::vector<const detect::Alert*> alerts;
        for (std::size_t index = 0; index < 3; ++index) {
            alerts.push_back(&detection->alerts[index]);
        }
        QVERIFY(!commonVerdict({}).note && !commonVerdict({}).decision);
        CommonVerdict common = commonVerdict(alerts);
        QCOMPARE(common.alertCount, std::size_t{3});
        QCOMPARE(*common.note, std::string());
        QCOMPARE(common.decision->first, detect::VerdictStatus::Open);
        detection->alerts[0].verdict = {detect::VerdictStatus::Closed,
                                        detect::VerdictReason::FalsePositive,
                                        "n",
                                        {"b", "a"},
                                        {},
                                        {},
                                        {}};
        detection->alerts[2].verdict.tags = {"a"};
        common = commonVerdict(alerts);
        QVERIFY(!common.note && !common.decision);
        QCOMPARE(common.tags,
                 (std::vector<std::pair<std::string, std::size_t>>{{"b", 1}, {"a", 2}}));
        QCOMPARE(common.decisions.size(), std::size_t{2});
        QCOMPARE(common.decisions[0].first.status, detect::VerdictStatus::Open);
        QCOMPARE(common.decisions[0].second, std::size_t{2});
    }

    void searchWantsAllWords()
    {
        AlertListOptions options;
        options.search = "RULE mac t1059";
        const auto detection = sample();
        const AlertRows rows = buildAlertRows(*detection, options);
        QCOMPARE(rows.shownCount, 3U);
        QCOMPARE(rows.totalCount, 5U);
    }

    void filterAndVerdictNarrow()
    {
        auto detection = sample();
        AlertListOptions options;
        auto shown = std::make_shared<engine::EventSet>(10);
        shown->insert(EventNumber(2));
        shown->insert(EventNumber(4));
        options.shown = shown;
        QCOMPARE(buildAlertRows(*detection, options).shownCount, 2U);
        detection->alerts[3].verdict.status = detect::VerdictStatus::Closed;
        options.hideClosed = true;
        QCOMPARE(names(*detection, buildAlertRows(*detection, options)), QStringList{"2"});
    }

    void buildingBlocksAreHidden()
    {
        auto detection = sample();
        auto rule = std::make_shared<detect::AlertRule>(*detection->alerts[0].rule);
        rule->buildingBlock = true;
        detection->alerts[0].rule = rule;
        QCOMPARE(buildAlertRows(*detection, {}).totalCount, 4U);
    }

    void modelKeepsItsPromises()
    {
        AlertListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto detection = sample();
        model.setContent(detection,
                         std::make_shared<const AlertRows>(buildAlertRows(*detection, {})),
                         AlertGrouping::Rule);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.indexOf("3").row(), 2);
        QCOMPARE(model.indexOf("4").row(), 0);
        QVERIFY(!model.indexOf("none").isValid());
        model.setContent(nullptr, nullptr, AlertGrouping::Rule);
        QCOMPARE(model.rowCount(), 0);
    }

    void manyAlertsStayCounted()
    {
        auto detection = std::make_shared<detect::Detection>();
        for (int number = 0; number < 100'000; ++number) {
            detection->alerts.push_back(makeAlert(std::to_string(number),
                                                  std::to_string(number % 100), "mac",
                                                  detect::AlertSeverity::Low, number));
        }
        const AlertRows rows = buildAlertRows(*detection, {});
        QCOMPARE(rows.rows.size(), std::size_t{100});
        QCOMPARE(rows.shownCount, 100'000U);
        QCOMPARE(rows.rows.front().count, 1000U);
    }
};

QTEST_GUILESS_MAIN(AlertRowsTest)
#include "tst_alert_rows.moc"
