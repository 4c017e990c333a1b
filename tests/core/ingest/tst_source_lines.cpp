#include "core/ingest/source_lines.h"
#include "tests/core/ingest/archive_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace sequela;
using namespace sequela::ingest;

namespace {

/// `line 1` … `line n`.
std::string numbered(int count)
{
    std::string text;
    for (int line = 1; line <= count; ++line) {
        text += "line " + std::to_string(line) + "\n";
    }
    return text;
}

std::string utf16(const std::string& ascii)
{
    std::string bytes("\xff\xfe", 2);
    for (const char unit : ascii) {
        bytes += unit;
        bytes += '\0';
    }
    return bytes;
}

} // namespace

class SourceLinesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    SourceLinesRequest request(const std::string& bytes, std::uint64_t line,
                               const std::string& member = {})
    {
        QFile file(m_folder.filePath(QStringLiteral("source")));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(bytes.data(), static_cast<qint64>(bytes.size()));
        }
        SourceLinesRequest request;
        request.path = file.fileName().toStdString();
        request.member = member;
        request.line = line;
        request.around = 2;
        return request;
    }

private Q_SLOTS:
    void linesComeOutAsTheyWentIn_data()
    {
        using testing::pack;
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("member");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("count");
        const std::string text = numbered(9);
        const std::string zip = pack("zip", nullptr, {{"a.ndjson", "other\n"}, {"b/c.log", text}});
        QTest::newRow("plain") << text << std::string() << 5 << 3 << 5;
        QTest::newRow("first line") << text << std::string() << 1 << 1 << 3;
        QTest::newRow("last line") << text << std::string() << 9 << 7 << 3;
        QTest::newRow("no end of line")
            << text.substr(0, text.size() - 1) << std::string() << 9 << 7 << 3;
        QTest::newRow("byte order mark") << "\xef\xbb\xbf" + text << std::string() << 2 << 1 << 4;
        QTest::newRow("UTF-16") << utf16(text) << std::string() << 5 << 3 << 5;
        QTest::newRow("gzip") << pack("raw", "gzip", {{"x", text}}) << std::string() << 5 << 3 << 5;
        QTest::newRow("zstd") << pack("raw", "zstd", {{"x", text}}) << std::string() << 5 << 3 << 5;
        QTest::newRow("xz") << pack("raw", "xz", {{"x", text}}) << std::string() << 5 << 3 << 5;
        QTest::newRow("zip") << zip << std::string("b/c.log") << 5 << 3 << 5;
        QTest::newRow("7z") << pack("7zip", nullptr, {{"c.log", text}}) << std::string("c.log") << 5
                            << 3 << 5;
        QTest::newRow("tar.gz") << pack("ustar", "gzip", {{"c.log", text}}) << std::string("c.log")
                                << 5 << 3 << 5;
        QTest::newRow("zip in zip") << pack("zip", nullptr, {{"inner.zip", zip}})
                                    << std::string("inner.zip!/b/c.log") << 5 << 3 << 5;
    }
    void linesComeOutAsTheyWentIn()
    {
        QFETCH(const std::string, bytes);
        QFETCH(const std::string, member);
        QFETCH(const int, line);
        QFETCH(const int, first);
        QFETCH(const int, count);
        const auto found =
            readSourceLines(request(bytes, static_cast<std::uint64_t>(line), member), {});
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QCOMPARE(found->firstLine, static_cast<std::uint64_t>(first));
        QCOMPARE(found->lines.size(), static_cast<std::size_t>(count));
        for (int at = 0; at < count; ++at) {
            QCOMPARE(found->lines[static_cast<std::size_t>(at)].text,
                     "line " + std::to_string(first + at));
        }
    }

    void longLinesAreCut()
    {
        const std::string text =
            std::string(5'000, 'a') + "\n" + std::string(5'000, 'b') + "\r\nlast\n";
        SourceLinesRequest wanted = request(text, 2);
        wanted.lineBytes = 4'000;
        const auto found = readSourceLines(wanted, {});
        QVERIFY(found.has_value());
        QCOMPARE(found->lines[0].text.size(), wanted.aroundBytes);
        QVERIFY(found->lines[0].isCut);
        QCOMPARE(found->lines[1].text.size(), wanted.lineBytes);
        QVERIFY(found->lines[1].isCut);
        QVERIFY(!found->lines[2].isCut);
    }

    void whatIsNotThereIsSaid_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("member");
        QTest::addColumn<int>("line");
        QTest::addColumn<std::string>("code");
        QTest::newRow("too few lines")
            << numbered(3) << std::string() << 4 << std::string("ingest-no-line");
        QTest::newRow("no such member") << testing::pack("zip", nullptr, {{"a", "x"}})
                                        << std::string("b") << 1 << std::string("ingest-no-member");
        std::string packed = numbered(3);
        for (int depth = 0; depth < 7; ++depth) {
            packed = testing::pack("raw", "gzip", {{"x", packed}});
        }
        QTest::newRow("packed too often")
            << packed << std::string() << 1 << std::string("ingest-archive-limit");
    }
    void whatIsNotThereIsSaid()
    {
        QFETCH(const std::string, bytes);
        QFETCH(const std::string, member);
        QFETCH(const int, line);
        QFETCH(const std::string, code);
        const auto found =
            readSourceLines(request(bytes, static_cast<std::uint64_t>(line), member), {});
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().code, code);
    }

    void aMissingFileIsSaid()
    {
        SourceLinesRequest wanted;
        wanted.path = m_folder.filePath(QStringLiteral("nothing")).toStdString();
        QVERIFY(!readSourceLines(wanted, {}).has_value());
    }

    void cancelledReadingSaysSo()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto found = readSourceLines(request(numbered(9), 5), stop.get_token());
        QVERIFY(!found.has_value());
        QVERIFY(isCancelled(found.error()));
    }
};

QTEST_GUILESS_MAIN(SourceLinesTest)
#include "tst_source_lines.moc"
