#include "core/base/sha256.h"

#include <QtTest>

using namespace sequela;

class Sha256Test : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownAnswers();
    void incrementalEqualsWhole();
    void digestLeavesTheStateUsable();
    void lengthsKeepPartsApart();
};

// The two messages are the examples of FIPS 180-4.
void Sha256Test::knownAnswers()
{
    QCOMPARE(toHex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QCOMPARE(toHex(sha256("abc")),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QCOMPARE(toHex(sha256("abc"), 4), "ba7816bf");
}

void Sha256Test::incrementalEqualsWhole()
{
    Sha256 hash;
    hash.update("a");
    hash.update("");
    hash.update("bc");
    QVERIFY(hash.digest() == sha256("abc"));
}

void Sha256Test::digestLeavesTheStateUsable()
{
    Sha256 hash;
    hash.update("a");
    QVERIFY(hash.digest() == sha256("a"));
    hash.update("b");
    QVERIFY(hash.digest() == sha256("ab"));
}

void Sha256Test::lengthsKeepPartsApart()
{
    Sha256 left;
    left.updateWithLength("ab");
    left.updateWithLength("c");
    Sha256 right;
    right.updateWithLength("a");
    right.updateWithLength("bc");
    QVERIFY(left.digest() != right.digest());
}

QTEST_APPLESS_MAIN(Sha256Test)
#include "tst_sha256.moc"
