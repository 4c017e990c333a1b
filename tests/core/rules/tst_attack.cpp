#include "core/rules/attack.h"

#include <QtTest>

#include <algorithm>

using namespace sequela::rules;

class AttackTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesTechniques_data();
    void namesTechniques();
    void tablesAreSortedAndWhole();
    void techniquesBelongToTactics();
};

void AttackTest::namesTechniques_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("subtechnique");
    QTest::addColumn<int>("status");
    QTest::newRow("technique") << QByteArray("T1105") << QByteArray("Ingress Tool Transfer")
                               << false << static_cast<int>(attack::Status::Active);
    QTest::newRow("sub-technique") << QByteArray("T1059.002") << QByteArray("AppleScript") << true
                                   << static_cast<int>(attack::Status::Active);
    QTest::newRow("revoked") << QByteArray("T1086") << QByteArray("PowerShell") << false
                             << static_cast<int>(attack::Status::Revoked);
    QTest::newRow("no such id") << QByteArray("T9999") << QByteArray() << false << -1;
    QTest::newRow("case counts") << QByteArray("t1105") << QByteArray() << false << -1;
    QTest::newRow("empty") << QByteArray() << QByteArray() << false << -1;
}

void AttackTest::namesTechniques()
{
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, name);
    QFETCH(bool, subtechnique);
    QFETCH(int, status);
    const attack::Technique* technique = attack::findTechnique(id.toStdString());
    QCOMPARE(technique != nullptr, status >= 0);
    if (technique != nullptr) {
        QCOMPARE(QByteArray::fromStdString(std::string(technique->name)), name);
        QCOMPARE(technique->isSubtechnique, subtechnique);
        QCOMPARE(static_cast<int>(technique->status), status);
    }
}

void AttackTest::tablesAreSortedAndWhole()
{
    QVERIFY(std::ranges::is_sorted(attack::tactics(), {}, &attack::Tactic::id));
    QVERIFY(std::ranges::is_sorted(attack::techniques(), {}, &attack::Technique::id));
    QCOMPARE(attack::tactics().size(), std::size_t{14});
    QVERIFY(attack::techniques().size() > 800);
    for (const attack::Technique& technique : attack::techniques()) {
        QCOMPARE(technique.isSubtechnique, technique.id.contains('.'));
        QVERIFY(attack::findTechnique(attack::parentId(technique.id)) != nullptr);
    }
}

void AttackTest::techniquesBelongToTactics()
{
    const attack::Technique* transfer = attack::findTechnique("T1105");
    const attack::Tactic* control = attack::findTactic("TA0011");
    const attack::Tactic* execution = attack::findTactic("TA0002");
    QVERIFY(transfer != nullptr && control != nullptr && execution != nullptr);
    QVERIFY(attack::belongsTo(*transfer, *control));
    QVERIFY(!attack::belongsTo(*transfer, *execution));
    QVERIFY(attack::findTactic("TA0099") == nullptr);
}

QTEST_GUILESS_MAIN(AttackTest)
#include "tst_attack.moc"
