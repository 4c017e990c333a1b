#include "ui/events/event_rows.h"
#include "ui/events/filter_text.h"
#include "ui/events/json_layout.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

class FilterTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void narrows_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("expected");
        QTest::addRow("empty") << "" << "a == 1";
        QTest::addRow("condition") << "b == 2" << "b == 2 and a == 1";
        QTest::addRow("or is wrapped") << "b == 2 or c == 3" << "(b == 2 or c == 3) and a == 1";
        QTest::addRow("or in a string stays") << "b == \"x or y\"" << "b == \"x or y\" and a == 1";
        QTest::addRow("full query") << "process where b == 2" << "process where b == 2 and a == 1";
        QTest::addRow("full query with or")
            << "any where b == 2 or c == 3" << "any where (b == 2 or c == 3) and a == 1";
        QTest::addRow("any where true") << "process where true" << "process where a == 1";
        QTest::addRow("again") << "a == 1" << "a == 1";
    }

    void narrows()
    {
        QFETCH(QString, filter);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(narrowedFilter(filter.toStdString(), "a == 1")), expected);
    }

    void clausesFitTheFieldsType_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("hasValue");
        QTest::addColumn<bool>("negated");
        QTest::addColumn<QString>("expected");
        QTest::addRow("keyword") << "process.name" << "osascript" << true << false
                                 << "process.name == \"osascript\"";
        QTest::addRow("number") << "process.pid" << "501" << true << true << "process.pid != 501";
        QTest::addRow("quotes") << "process.command_line" << "a \"b\" \\c" << true << false
                                << "process.command_line == \"a \\\"b\\\" \\\\c\"";
        QTest::addRow("line break") << "process.command_line" << "a\nb" << true << false
                                    << "process.command_line == \"a\\nb\"";
        QTest::addRow("missing") << "user.name" << "" << false << false << "user.name == null";
        QTest::addRow("odd name") << "x.a-b.c" << "1" << true << false << "x.`a-b`.c == \"1\"";
    }

    void clausesFitTheFieldsType()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(bool, hasValue);
        QFETCH(bool, negated);
        QFETCH(QString, expected);
        const schema::FieldCatalog catalog(schema::Schema::ecs(), {});
        QCOMPARE(QString::fromStdString(filterClause(catalog, field.toStdString(),
                                                     value.toStdString(), hasValue, negated)),
                 expected);
    }

    void cellsOrderAsPeopleExpect()
    {
        QVERIFY(compareCellValues("9", "10") < 0);
        QVERIFY(compareCellValues("a", "b") < 0);
        QVERIFY(compareCellValues("10", "a") < 0);
        QCOMPARE(compareCellValues("x", "x"), 0);
    }

    void jsonKeepsItsTokens()
    {
        const std::string document = "{\"a\":1.50,\"b\":[\"x\\\"y\",{}],\"a\":null}";
        const std::string expected = "{\n  \"a\": 1.50,\n  \"b\": [\n    \"x\\\"y\",\n"
                                     "    {}\n  ],\n  \"a\": null\n}";
        QCOMPARE(QString::fromStdString(layoutJson(document)), QString::fromStdString(expected));
    }

    void deepJsonStaysBounded()
    {
        const std::string deep(5000, '[');
        QVERIFY(layoutJson(deep).size() < 64 * 64 * 4 + 3 * deep.size());
    }
};

QTEST_GUILESS_MAIN(FilterTextTest)
#include "tst_filter_text.moc"
