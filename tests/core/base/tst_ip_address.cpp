#include "core/base/ip_address.h"

#include <QtTest>

using namespace sequela;

class IpAddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void canonicalText_data();
    void canonicalText();
    void refuses_data();
    void refuses();
    void mappedEqualsV4();
    void cidrContains_data();
    void cidrContains();
    void refusesCidr_data();
    void refusesCidr();
    void classes_data();
    void classes();
};

void IpAddressTest::canonicalText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("canonical");
    QTest::newRow("v4") << "10.6.48.157" << "10.6.48.157";
    QTest::newRow("loopback long") << "0:0:0:0:0:0:0:1" << "::1";
    QTest::newRow("any") << "::" << "::";
    QTest::newRow("upper case") << "FE80::AB" << "fe80::ab";
    QTest::newRow("leading zeros") << "2001:0db8:0000:0001::" << "2001:db8:0:1::";
    QTest::newRow("longest run wins") << "1:0:0:2:0:0:0:3" << "1:0:0:2::3";
    QTest::newRow("first of equal runs") << "1:0:0:2:3:0:0:4" << "1::2:3:0:0:4";
    QTest::newRow("single zero is not shortened") << "1:0:2:3:4:5:6:7" << "1:0:2:3:4:5:6:7";
    QTest::newRow("mapped is v4") << "::ffff:1.2.3.4" << "1.2.3.4";
    QTest::newRow("embedded v4") << "64:ff9b::1.2.3.4" << "64:ff9b::102:304";
    QTest::newRow("ends in run") << "1::" << "1::";
}

void IpAddressTest::canonicalText()
{
    QFETCH(QString, text);
    const auto address = IpAddress::parse(text.toStdString());
    QVERIFY(address);
    QTEST(QString::fromStdString(address->toString()), "canonical");
    QCOMPARE(IpAddress::parse(address->toString()), address);
}

void IpAddressTest::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"",
                             "1.2.3",
                             "1.2.3.4.5",
                             "256.1.1.1",
                             "01.2.3.4",
                             "1.2.3.4 ",
                             "a.b.c.d",
                             "1.2.3.",
                             ".1.2.3",
                             "1:2:3:4:5:6:7",
                             "1:2:3:4:5:6:7:8:9",
                             "1::2::3",
                             "12345::",
                             ":1",
                             "1:",
                             "fe80::1%eth0",
                             "::1.2.3",
                             "1.2.3.4::",
                             "1:2:3:4:5:6:7::8",
                             "::ffff:1.2.3.400",
                             ":::"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void IpAddressTest::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!IpAddress::parse(text.toStdString()));
}

void IpAddressTest::mappedEqualsV4()
{
    QVERIFY(IpAddress::parse("::ffff:1.2.3.4") == IpAddress::parse("1.2.3.4"));
    QVERIFY(IpAddress::parse("1.2.3.4")->isV4());
    QVERIFY(!IpAddress::parse("::1.2.3.4")->isV4());
}

void IpAddressTest::cidrContains_data()
{
    QTest::addColumn<QString>("block");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("contained");
    QTest::newRow("inside /8") << "10.0.0.0/8" << "10.255.0.1" << true;
    QTest::newRow("outside /8") << "10.0.0.0/8" << "11.0.0.1" << false;
    QTest::newRow("host bits are masked") << "10.6.48.157/8" << "10.1.1.1" << true;
    QTest::newRow("every v4") << "0.0.0.0/0" << "203.0.113.9" << true;
    QTest::newRow("every v4 holds no v6") << "0.0.0.0/0" << "::1" << false;
    QTest::newRow("every v6 holds no v4") << "::/0" << "1.2.3.4" << false;
    QTest::newRow("every v6") << "::/0" << "2001::1" << true;
    QTest::newRow("bare address") << "::1" << "::1" << true;
    QTest::newRow("bare address, another") << "::1" << "::2" << false;
    QTest::newRow("hex in capitals") << "FE80::/10" << "febf::1" << true;
    QTest::newRow("ten bits end there") << "FE80::/10" << "fec0::1" << false;
    QTest::newRow("/31") << "192.0.0.170/31" << "192.0.0.171" << true;
    QTest::newRow("/32") << "192.0.0.9/32" << "192.0.0.10" << false;
    QTest::newRow("mapped address in v4 block") << "10.0.0.0/8" << "::ffff:10.1.1.1" << true;
    QTest::newRow("mapped block") << "::ffff:10.0.0.0/104" << "10.9.9.9" << true;
    QTest::newRow("172.16/12 upper end") << "172.16.0.0/12" << "172.31.255.255" << true;
    QTest::newRow("172.16/12 beyond") << "172.16.0.0/12" << "172.32.0.0" << false;
}

void IpAddressTest::cidrContains()
{
    QFETCH(QString, block);
    QFETCH(QString, address);
    const auto cidr = CidrBlock::parse(block.toStdString());
    QVERIFY(cidr);
    QTEST(cidr->contains(*IpAddress::parse(address.toStdString())), "contained");
}

void IpAddressTest::refusesCidr_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                             "fe80::/129", "10.0.0/8", "host/8"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void IpAddressTest::refusesCidr()
{
    QFETCH(QString, text);
    QVERIFY(!CidrBlock::parse(text.toStdString()));
}

void IpAddressTest::classes_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* address, AddressClass kind) {
        QTest::newRow(address) << QString::fromLatin1(address) << static_cast<int>(kind);
    };
    row("8.8.8.8", AddressClass::Public);
    row("2606:4700::1", AddressClass::Public);
    row("10.1.2.3", AddressClass::Private);
    row("fd00::1", AddressClass::Private);
    row("127.0.0.1", AddressClass::Loopback);
    row("::1", AddressClass::Loopback);
    row("169.254.1.1", AddressClass::LinkLocal);
    row("fe80::1", AddressClass::LinkLocal);
    row("224.0.0.251", AddressClass::Multicast);
    row("ff02::fb", AddressClass::Multicast);
    row("100.64.0.1", AddressClass::Special);
    row("::", AddressClass::Special);
}

void IpAddressTest::classes()
{
    QFETCH(QString, address);
    QTEST(static_cast<int>(classify(*IpAddress::parse(address.toStdString()))), "kind");
}

QTEST_APPLESS_MAIN(IpAddressTest)
#include "tst_ip_address.moc"
