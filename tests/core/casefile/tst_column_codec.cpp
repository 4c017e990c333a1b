#include "core/casefile/byte_stream.h"
#include "core/casefile/column_codec.h"
#include "core/casefile/limits.h"
#include "core/casefile/segment.h"
#include "core/casefile/time_text.h"
#include "tests/core/casefile/case_samples.h"

#include <QTest>

#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace sequela;
using namespace sequela::casefile;
using schema::Column;
using schema::ValueKind;

namespace {

/// Touches everything a reader of the column may touch; sanitizers do the rest.
bool isSafe(const Column& column)
{
    std::size_t bytes = 0;
    for (std::uint32_t value = 0; value < column.valueCount(); ++value) {
        bytes += column.text(value).size();
        if (static_cast<unsigned>(column.kind(value)) > 2) {
            return false;
        }
    }
    for (std::uint32_t row = 0; row < column.eventCount(); ++row) {
        if (column.code(row) >= column.codeCount()) {
            return false;
        }
        std::uint32_t scratch = 0;
        for (const std::uint32_t value : column.valuesOfCode(column.code(row), scratch)) {
            if (value >= column.valueCount()) {
                return false;
            }
        }
        (void)column.isDerived(row);
    }
    return bytes <= column.parts().text.size();
}

std::string payloadOf(const std::string& blob)
{
    return std::string(unseal(blob, "test").value().view());
}

} // namespace

class TestColumnCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timeTexts_data();
    void timeTexts();
    void timesCostLittle();
    void distinctValuesCostNoCodes();
    void flippedBitsAreFound();
    void mutatedPayloadsNeverHarm();
    void hostileCountsAllocateNothing();
    void hostileSizesAreRefused();
    void positionsComeBack();
    void documentsComeBack();
    void refusesSegmentsPastTheLimits();
};

void TestColumnCodec::timeTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("kept");
    QTest::newRow("no decimals") << "2024-05-06T07:08:09Z" << true;
    QTest::newRow("one decimal") << "2024-05-06T07:08:09.1Z" << true;
    QTest::newRow("trailing zeros") << "2024-05-06T07:08:09.1000000Z" << true;
    QTest::newRow("nine decimals") << "2024-05-06T07:08:09.123456789Z" << true;
    QTest::newRow("before the epoch") << "1969-12-31T23:59:59.999999999Z" << true;
    QTest::newRow("first day of nanoseconds") << "1677-09-21T00:12:44.000000001Z" << true;
    QTest::newRow("last day of nanoseconds") << "2262-04-11T23:47:16.854775807Z" << true;
    QTest::newRow("leap day") << "2024-02-29T00:00:00.000Z" << true;
    QTest::newRow("ten decimals") << "2024-05-06T07:08:09.1234567891Z" << false;
    QTest::newRow("point without decimals") << "2024-05-06T07:08:09.Z" << false;
    QTest::newRow("comma") << "2024-05-06T07:08:09,123Z" << false;
    QTest::newRow("offset") << "2024-05-06T07:08:09+00:00" << false;
    QTest::newRow("blank") << "2024-05-06 07:08:09Z" << false;
    QTest::newRow("leap second") << "2016-12-31T23:59:60Z" << false;
    QTest::newRow("no such day") << "2024-02-30T00:00:00Z" << false;
    QTest::newRow("epoch milliseconds") << "1714979289000" << false;
    QTest::newRow("empty") << "" << false;
}

void TestColumnCodec::timeTexts()
{
    QFETCH(QString, text);
    QFETCH(bool, kept);
    const std::string bytes = text.toStdString();
    const auto time = readTimeText(bytes);
    QCOMPARE(time.has_value(), kept);
    if (time) {
        std::string again;
        writeTimeText(*time, again);
        QCOMPARE(again, bytes);
    }
}

void TestColumnCodec::timesCostLittle()
{
    const EncodedSegment segment = sampleSegment(0, 4000);
    BlobSealer sealer;
    for (const NamedColumn& column : segment.columns) {
        if (column.name == "@timestamp") {
            QVERIFY(encodeColumn(*column.column, sealer).value().size() < 8000);
        }
    }
}

void TestColumnCodec::distinctValuesCostNoCodes()
{
    SegmentBuilder builder;
    for (int row = 0; row < 4000; ++row) {
        builder.beginEvent(0, 0, "");
        builder.add("same", std::string(), ValueKind::String);
        builder.add("n", std::to_string(row % 1000), ValueKind::Number);
        builder.endEvent();
    }
    const EncodedSegment segment = builder.finish();
    BlobSealer sealer;
    QVERIFY(encodeColumn(*segment.columns[0].column, sealer).value().size() < 40);
    QCOMPARE(int{segment.columns[1].column->codeWidth()}, 2);
}

void TestColumnCodec::flippedBitsAreFound()
{
    const EncodedSegment segment = sampleSegment(0, 40);
    BlobSealer sealer;
    for (const NamedColumn& column : segment.columns) {
        const std::string blob = encodeColumn(*column.column, sealer).value();
        for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
            std::string damaged = blob;
            damaged[bit / 8] =
                static_cast<char>(static_cast<unsigned char>(damaged[bit / 8]) ^ (1U << (bit % 8)));
            const auto decoded = decodeColumn(damaged, 40);
            QVERIFY(!decoded.has_value());
            QCOMPARE(decoded.error().code, std::string("case-damaged"));
        }
        for (std::size_t length = 0; length < blob.size(); ++length) {
            QVERIFY(!decodeColumn(std::string_view(blob).substr(0, length), 40).has_value());
        }
        QVERIFY(!decodeColumn(blob, 41).has_value());
    }
}

void TestColumnCodec::mutatedPayloadsNeverHarm()
{
    // Sealed again after the mutation: somebody who makes a case on purpose gets the sums right.
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): repeatable on purpose
    BlobSealer sealer;
    const EncodedSegment segment = sampleSegment(0, 60);
    int accepted = 0;
    for (const NamedColumn& column : segment.columns) {
        const std::string payload = payloadOf(encodeColumn(*column.column, sealer).value());
        for (int round = 0; round < 3000; ++round) {
            std::string mutated = payload;
            const auto changes = 1 + random() % 3;
            for (std::uint32_t change = 0; change < changes; ++change) {
                const std::size_t place =
                    random()
                    % (round % 2 == 0 ? std::min<std::size_t>(mutated.size(), 24) : mutated.size());
                mutated[place] = static_cast<char>(random() % 4 == 0 ? 0xFF : random() % 256);
            }
            if (random() % 8 == 0) {
                mutated.resize(random() % (mutated.size() + 1));
            }
            const auto decoded = decodeColumn(sealer.seal(mutated, 1).value(), 60);
            if (decoded) {
                ++accepted;
                QVERIFY(isSafe(**decoded));
            }
        }
    }
    QVERIFY(accepted > 0);
}

void TestColumnCodec::hostileCountsAllocateNothing()
{
    BlobSealer sealer;
    const auto refused = [&](const std::vector<std::uint64_t>& numbers) {
        ByteWriter out;
        for (const std::uint64_t number : numbers) {
            out.unsignedInteger(number);
        }
        return !decodeColumn(sealer.seal(out.bytes(), 1).value(), 60).has_value();
    };
    constexpr std::uint64_t huge = 0xFFFF'FFFFU;
    constexpr std::uint64_t greatest = std::numeric_limits<std::uint64_t>::max();
    QVERIFY(refused({60, huge, 0, 0, 0}));
    QVERIFY(refused({60, greatest, 0, 0, 0}));
    QVERIFY(refused({60, 0, huge, 0, 0}));
    QVERIFY(refused({60, 1, 0, 0, 0, greatest, 0}));
    QVERIFY(refused({60, 2, 0, 0, 0, greatest / 2, greatest / 2, 0}));
    QVERIFY(refused({60, 0, 1, 0, 0, huge, 0}));
    QVERIFY(refused({60, 0, 0, 0, 0, 0, 1, 0}));
    QVERIFY(refused({huge, 0, 0}));
}

void TestColumnCodec::hostileSizesAreRefused()
{
    BlobSealer sealer;
    const std::string blob = sealer.seal(std::string(100'000, 'x'), 1).value();
    QVERIFY(blob.size() < 200);
    QCOMPARE(payloadOf(blob), std::string(100'000, 'x'));
    QVERIFY(!unseal(std::string_view(blob).substr(0, 13), "test").has_value());
    QVERIFY(!unseal("", "test").has_value());
    const std::string tooLarge(limits::unpackedBlobBytes + 1, 'x');
    QCOMPARE(sealer.seal(tooLarge, 1).error().code, std::string("case-segment-too-large"));
}

void TestColumnCodec::positionsComeBack()
{
    const std::vector<std::int64_t> times{5, schema::noTime, -3,
                                          std::numeric_limits<std::int64_t>::max()};
    const std::vector<std::uint64_t> records{0, 1, std::numeric_limits<std::uint64_t>::max(), 2};
    const std::vector<std::uint64_t> lines{0, 0, 7, 1};
    BlobSealer sealer;
    const std::string blob = encodePositions(times, records, lines, sealer).value();
    const auto decoded = decodePositions(blob, 4);
    VERIFY_OK(decoded);
    QCOMPARE(decoded->times, times);
    QCOMPARE(decoded->records, records);
    QCOMPARE(decoded->lines, lines);
    QVERIFY(!decodePositions(blob, 3).has_value());
    QVERIFY(!decodePositions(blob, 5).has_value());
    QVERIFY(!decodePositions(blob, 0xFFFF'FFFFU).has_value());
}

void TestColumnCodec::documentsComeBack()
{
    const std::string documents = "onetwothree";
    const std::vector<std::uint64_t> offsets{0, 3, 3, 6, 11};
    BlobSealer sealer;
    const std::string blob = encodeDocuments(documents, offsets, sealer).value();
    const auto decoded = decodeDocuments(blob, 4);
    VERIFY_OK(decoded);
    QCOMPARE(decoded->document(0), std::string_view("one"));
    QCOMPARE(decoded->document(1), std::string_view());
    QCOMPARE(decoded->document(3), std::string_view("three"));
    QVERIFY(!decodeDocuments(blob, 5).has_value());
    QVERIFY(!decodeDocuments(blob, 3).has_value());
}

void TestColumnCodec::refusesSegmentsPastTheLimits()
{
    QCOMPARE(packSegment({}).error().code, std::string("case-segment-too-large"));
    EncodedSegment segment;
    segment.eventCount = limits::eventsPerSegment + 1;
    QCOMPARE(packSegment(std::move(segment)).error().code, std::string("case-segment-too-large"));
}

QTEST_GUILESS_MAIN(TestColumnCodec)
#include "tst_column_codec.moc"
