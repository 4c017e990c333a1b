#include "core/schema/field_catalog.h"
#include "tests/support/event_table.h"
#include "tests/ui/editor/editor_samples.h"
#include "ui/editor/completion.h"

#include <QtTest>

#include <algorithm>
#include <stop_token>

using namespace sequela;
using namespace sequela::ui;

namespace {

struct Case {
    std::shared_ptr<const schema::ColumnSource> source =
        tests::eventTable(samples::completionEvents);
    schema::FieldCatalog catalog{schema::Schema::ecs(), source->fields()};

    CompletionList at(const std::string& text, const std::string& valuesOf = {}) const
    {
        std::optional<state::ValueCounts> values;
        if (!valuesOf.empty()) {
            auto counted = state::countValues(*source, valuesOf, nullptr, 10, {});
            values = *counted;
        }
        // `|` is the caret.
        const std::size_t caret = text.find('|');
        std::string whole = text;
        whole.erase(caret, 1);
        return completionsAt(whole, eql::Dialect::Elasticsearch, caret, &catalog,
                             values ? &*values : nullptr);
    }
};

QByteArrayList inserts(const CompletionList& list, qsizetype limit = 3)
{
    QByteArrayList texts;
    for (const Completion& entry : list.entries) {
        if (texts.size() < limit) {
            texts << QByteArray::fromStdString(entry.insert);
        }
    }
    return texts;
}

} // namespace

class CompletionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fieldsOfTheCaseComeFirst();
    void valuesWithCounts_data();
    void valuesWithCounts();
    void valuesAreWrittenAsTheTypeAsks();
    void categoriesAtTheStart();
    void functionsWithSignatures();
    void keywordsBehindAnOperand();
    void nothingInComments();
    void replacesTheWholePath();

private:
    Case m_case;
};

void CompletionTest::fieldsOfTheCaseComeFirst()
{
    const CompletionList list = m_case.at("process where process.n|");
    QVERIFY(list.entries.size() > 1);
    QCOMPARE(QByteArray::fromStdString(list.entries.front().insert), QByteArray("process.name"));
    QCOMPARE(list.entries.front().eventCount, std::uint64_t{3});
    QVERIFY(QByteArray::fromStdString(list.entries.front().detail).contains("3 events"));
    QCOMPARE(list.entries[1].eventCount, std::uint64_t{0});
    QVERIFY(QByteArray::fromStdString(list.entries[1].detail).contains("not in this case"));
    const CompletionList odd = m_case.at("process where odd|");
    QCOMPARE(inserts(odd, 1), QByteArrayList{"`odd name`"});
}

void CompletionTest::valuesWithCounts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("equal") << QByteArray("process where process.name == |");
    QTest::newRow("colon") << QByteArray("process where process.name : |");
    QTest::newRow("list") << QByteArray("process where process.name in (\"a\", |");
    QTest::newRow("insensitive list") << QByteArray("process where process.name in~ (|");
    QTest::newRow("not in") << QByteArray("process where process.name not in (|");
    QTest::newRow("in an open string") << QByteArray("process where process.name == \"|");
}

void CompletionTest::valuesWithCounts()
{
    QFETCH(QByteArray, text);
    const CompletionList asked = m_case.at(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(asked.valuesOf), QByteArray("process.name"));
    QVERIFY(asked.entries.empty());
    const CompletionList list = m_case.at(text.toStdString(), "process.name");
    QCOMPARE(inserts(list), (QByteArrayList{"\"osascript\"", "\"curl\""}));
    QCOMPARE(list.entries.front().eventCount, std::uint64_t{2});
}

void CompletionTest::valuesAreWrittenAsTheTypeAsks()
{
    QCOMPARE(inserts(m_case.at("any where process.pid == |", "process.pid")),
             (QByteArrayList{"7", "8"}));
    QCOMPARE(inserts(m_case.at("any where `odd name` == |", "odd name")),
             QByteArrayList{"\"say \\\"hi\\\"\""});
}

void CompletionTest::categoriesAtTheStart()
{
    const CompletionList list = m_case.at("|", "event.category");
    QCOMPARE(inserts(list, 2), (QByteArrayList{"process where ", "network where "}));
    const CompletionList stage = m_case.at("sequence by host.id [ne|", "event.category");
    QCOMPARE(inserts(stage, 5), QByteArrayList{"network where "});
}

void CompletionTest::functionsWithSignatures()
{
    const CompletionList list = m_case.at("any where cidr|");
    QCOMPARE(inserts(list, 1), QByteArrayList{"cidrMatch("});
    QVERIFY(list.entries.front().label.find("block") != std::string::npos);
}

void CompletionTest::keywordsBehindAnOperand()
{
    QVERIFY(inserts(m_case.at("any where true |"), 20).contains("and"));
    QVERIFY(!inserts(m_case.at("any where |"), 200).contains("and"));
}

void CompletionTest::nothingInComments()
{
    QVERIFY(m_case.at("any where true // proc|").entries.empty());
}

void CompletionTest::replacesTheWholePath()
{
    const CompletionList list = m_case.at("any where process.na|");
    QCOMPARE(list.replaced, (SourceSpan{10, 20}));
    const CompletionList quoted = m_case.at("any where process.name == \"osa|", "process.name");
    QCOMPARE(quoted.replaced, (SourceSpan{26, 30}));
    QCOMPARE(inserts(quoted), QByteArrayList{"\"osascript\""});
}

QTEST_GUILESS_MAIN(CompletionTest)
#include "tst_completion.moc"
