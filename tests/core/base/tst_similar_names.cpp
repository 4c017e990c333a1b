#include "core/base/similar_names.h"

#include <QTest>

#include <array>

using namespace sequela;

class TestSimilarNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void limits();
    void didYouMean_data();
    void didYouMean();
};

void TestSimilarNames::finds_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("one letter off") << "md4" << QStringList{"md5"};
    QTest::newRow("half of the longer name is close enough") << "pib" << QStringList{"pid", "ppid"};
    QTest::newRow("more than half is not") << "pxx" << QStringList{};
    QTest::newRow("letter case does not count") << "PID" << QStringList{"pid", "ppid"};
    QTest::newRow("nothing") << "" << QStringList{};
    QTest::newRow("transposed") << "hsot" << QStringList{"host", "hosts"};
}

void TestSimilarNames::finds()
{
    QFETCH(QString, name);
    QFETCH(QStringList, expected);
    constexpr std::array<std::string_view, 6> names{"hosts", "ppid", "md5", "pid", "host", "pid"};
    QStringList found;
    for (const std::string& each : similarNames(name.toStdString(), names)) {
        found << QString::fromStdString(each);
    }
    QCOMPARE(found, expected);
}

void TestSimilarNames::limits()
{
    constexpr std::array<std::string_view, 7> names{"aab", "aac", "aad", "aae",
                                                    "aaf", "aag", "aah"};
    QCOMPARE(similarNames("aaa", names).size(), SimilarNames::maximumNames);
    SimilarNames two("aaa");
    for (const std::string_view name : names) {
        two.consider(name);
    }
    QCOMPARE(two.closest(2), (std::vector<std::string>{"aab", "aac"}));
    const std::string longest(SimilarNames::maximumLength, 'x');
    const std::string longer = longest + 'x';
    QCOMPARE(similarNames(longest, std::array<std::string_view, 1>{longer}).size(), std::size_t{1});
    QVERIFY(similarNames(longer, std::array<std::string_view, 1>{longest}).empty());
}

void TestSimilarNames::didYouMean_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << QStringList{} << QString();
    QTest::newRow("one") << QStringList{"a"} << QString(", did you mean [a]?");
    QTest::newRow("several") << QStringList{"a", "b"} << QString(", did you mean any of [a, b]?");
}

void TestSimilarNames::didYouMean()
{
    QFETCH(QStringList, names);
    QFETCH(QString, expected);
    std::vector<std::string> list;
    for (const QString& name : names) {
        list.push_back(name.toStdString());
    }
    QCOMPARE(QString::fromStdString(sequela::didYouMean(list)), expected);
}

QTEST_GUILESS_MAIN(TestSimilarNames)
#include "tst_similar_names.moc"
