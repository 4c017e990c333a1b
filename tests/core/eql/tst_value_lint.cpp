#include "core/eql/binder.h"
#include "core/eql/value_lint.h"
#include "tests/support/event_table.h"

#include <QTest>

using namespace sequela;
using namespace sequela::eql;

namespace {

constexpr std::string_view events =
    R"({"@timestamp":1,"process":{"name":"cmd.exe","args":["-A","-b"],"pid":1}})"
    "\n"
    R"({"@timestamp":2,"process":{"name":"Explorer.EXE","pid":2}})"
    "\n"
    R"({"@timestamp":3,"process":{"name":"sh"}})"
    "\n";

} // namespace

/// What lint says about the texts of a query over three events in two segments.
class TestValueLint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void saysNothingBeyondTheLimit();
    void stops();

private:
    static BoundQuery bind(const std::string& text)
    {
        const auto source = tests::eventTable(events, 2);
        const schema::FieldCatalog catalog(schema::Schema::ecs(), source->fields());
        return bindQuery(text, catalog, {}).query.value();
    }
};

void TestValueLint::finds_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* query, const char* expected) {
        QTest::newRow(query) << QString(expected);
    };
    const char* const otherCase = "eql-lint-other-case @10 warning";
    const char* const unseen = "eql-lint-unseen-value @10 note";
    row("any where process.name == \"cmd.exe\"", "");
    row("any where process.name == \"sh\"", "");
    row("any where process.name == \"CMD.exe\"", otherCase);
    row("any where process.name == \"dir\"", unseen);
    row("any where process.name != \"dir\"", "");
    row("any where not process.name : \"dir\"", "");
    row("any where process.name in (\"dir\", \"sh\")", "");
    row("any where process.name in (\"dir\", \"SH\")", otherCase);
    row("any where process.name in (\"sh\", \"EXPLORER.exe\")", otherCase);
    row("any where process.name in (\"dir\", \"ls\")", unseen);
    row("any where process.name in~ (\"dir\", \"SH\")", "");
    row("any where process.name : \"CMD.EXE\"", "");
    row("any where process.name : (\"d*\", \"*plorer*\")", "");
    row("any where process.name : (\"d*\", \"x?\")", unseen);
    row("any where process.name like \"*.exe\"", "");
    row("any where process.name like \"C*.exe\"", unseen);
    row("any where process.name like \"SH\"", otherCase);
    row("any where process.args == \"-b\"", "");
    row("any where process.args == \"-a\"", otherCase);
    row("any where process.executable == \"x\"", "");
    row("any where process.pid == 9", "");
    row("any where user.name == \"x\" or process.name == \"dir\"",
        "eql-lint-unseen-value @30 note");
    row("sequence [any where process.name == \"dir\"] [any where true] until [any where "
        "process.name == \"CMD.EXE\"]",
        "eql-lint-unseen-value @20 note eql-lint-other-case @77 warning");
}

void TestValueLint::finds()
{
    QFETCH(QString, expected);
    const auto source = tests::eventTable(events, 2);
    const auto found = lintValues(bind(QTest::currentDataTag()), *source);
    QVERIFY(found.has_value());
    QStringList said;
    for (const Diagnostic& each : *found) {
        QVERIFY(!each.message.empty() && !each.hint.empty());
        said << QString("%1 @%2 %3")
                    .arg(each.code.c_str())
                    .arg(each.span->begin)
                    .arg(QString::fromUtf8(severityName(each.severity).data()));
    }
    QCOMPARE(said.join(' '), expected);
}

void TestValueLint::saysNothingBeyondTheLimit()
{
    const auto source = tests::eventTable(events, 2);
    const BoundQuery query = bind("any where process.name == \"dir\"");
    QCOMPARE(lintValues(query, *source, {}, 3)->size(), std::size_t{1});
    QCOMPARE(lintValues(query, *source, {}, 2)->size(), std::size_t{0});
    QVERIFY(limits::maximumLintValues > 3);
}

void TestValueLint::stops()
{
    const auto source = tests::eventTable(events, 2);
    std::stop_source stop;
    stop.request_stop();
    const auto found =
        lintValues(bind("any where process.name == \"x\""), *source, stop.get_token());
    QVERIFY(!found && isCancelled(found.error()));
}

QTEST_GUILESS_MAIN(TestValueLint)
#include "tst_value_lint.moc"
