#include "core/casefile/case_file.h"
#include "core/casefile/limits.h"
#include "core/casefile/memory_case.h"
#include "tests/core/casefile/case_samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace sequela;
using namespace sequela::casefile;

namespace {

namespace fs = std::filesystem;

/// What somebody with the sqlite3 shell sees: rows joined by newlines, columns by '|'.
std::string shell(const fs::path& path, const char* sql)
{
    sqlite3* database = nullptr;
    std::string output;
    sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    char* message = nullptr;
    sqlite3_exec(
        database, sql,
        [](void* target, int count, char** values, char**) {
            std::string& text = *static_cast<std::string*>(target);
            for (int column = 0; column < count; ++column) {
                text += column == 0 ? "" : "|";
                text += values[column] == nullptr ? "NULL" : values[column];
            }
            text += '\n';
            return 0;
        },
        &output, &message);
    if (message != nullptr) {
        output += message;
    }
    sqlite3_free(message);
    sqlite3_close(database);
    return output;
}

} // namespace

class TestCaseFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void eventsComeBackFromTheFile();
    void adversarialValuesComeBack();
    void closingLeavesOneFile();
    void continuesAnInterruptedSource();
    void recognizesSources();
    void keepsProblems();
    void replacesDerivedColumns();
    void snapshotsAreImmutable();
    void snapshotOutlivesItsCase();
    void snapshotUnderThreads();
    void smallCacheGivesTheSameAnswers();
    void tailsRankBehindTheirHeads();
    void shellReadsEventRows();
    void longListsSayWhatTheyLeaveOut();
    void sameInputMakesTheSameBytes();
    void refusesTooManyFields();
    void copiesItselfIntoANewFile();
    void copyNeverOverwrites();
    void cancelledCopyLeavesNothing();
    void integrityCheckFindsNothingInAGoodCase();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
};

void TestCaseFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = fs::path(m_folder->path().toStdString()) / "my case #1%.sequela";
}

void TestCaseFile::eventsComeBackFromTheFile()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 3, 300));
    std::vector<EncodedSegment> segments;
    for (std::uint64_t segment = 0; segment < 3; ++segment) {
        segments.push_back(sampleSegment(segment * 300, 300));
    }
    const auto memory = makeMemoryCase({{"0123456789abcdefa", "", std::move(segments)}});
    const auto before = (*file)->snapshot();
    VERIFY_OK(before);
    QCOMPARE(difference(*memory, **before), std::string());
    VERIFY_OK((*file)->close());
    for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
        auto again = CaseFile::open(m_path, {.access = access});
        VERIFY_OK(again);
        QCOMPARE((*again)->isReadOnly(), access == Access::ReadOnly);
        const auto after = (*again)->snapshot();
        VERIFY_OK(after);
        QCOMPARE(difference(*memory, **after), std::string());
        QCOMPARE((*after)->firstTime(), std::int64_t{1'714'979'289'100'000'000});
        QCOMPARE((*after)->lastTime(), std::int64_t{1'714'979'289'100'089'900});
        QCOMPARE((*after)->sources().size(), std::size_t{1});
        QCOMPARE((*after)->sources()[0].eventCount, std::uint64_t{900});
        QVERIFY((*after)->sources()[0].state == SourceState::Complete);
        VERIFY_OK((*again)->close());
    }
}

void TestCaseFile::adversarialValuesComeBack()
{
    using schema::ValueKind;
    const std::vector<std::string> texts{
        "",
        std::string("\0", 1),
        std::string("a\0b", 3),
        "\xFF\xFE broken",
        "\x1F",
        "'; DROP TABLE event; --",
        std::string(300'000, 'x'),
        "2024-05-06T07:08:09Z",
        "2024-05-06T07:08:09.000Z",
        "2024-05-06T07:08:09.123456789Z",
        "2024-02-30T07:08:09Z",
        "2024-05-06T07:08:60Z",
        "1677-09-21T00:12:44Z",
        "9007199254740993",
    };
    const auto build = [&] {
        SegmentBuilder builder;
        for (std::size_t row = 0; row < texts.size(); ++row) {
            builder.beginEvent(row * 1'000'000'000'000, 0, texts[row]);
            builder.add("process.name", texts[row], ValueKind::String);
            builder.add("process.name", texts[texts.size() - 1 - row], ValueKind::Number);
            builder.add("single", texts[row], static_cast<ValueKind>(row % 3));
            builder.add(row % 2 == 0 ? "" : "odd \" ] field\n", texts[row], ValueKind::String);
            builder.add("process.pid", row % 2 == 0 ? "0123" : "not a number", ValueKind::String);
            builder.setTime(row == 0   ? std::numeric_limits<std::int64_t>::max()
                            : row == 1 ? std::numeric_limits<std::int64_t>::min() + 1
                                       : schema::noTime);
            builder.endEvent();
        }
        return builder.finish();
    };
    std::vector<EncodedSegment> segments;
    segments.push_back(build());
    const auto memory = makeMemoryCase({{"0123456789abcdefa", "", std::move(segments)}});
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    const auto source = (*file)->beginSource(sampleSource("a"));
    VERIFY_OK(source);
    const auto packed = packSegment(build());
    VERIFY_OK(packed);
    VERIFY_OK((*file)->appendSegment(*source, *packed, {}));
    VERIFY_OK((*file)->close());
    auto again = CaseFile::open(m_path, {.access = Access::ReadOnly});
    VERIFY_OK(again);
    const auto snapshot = (*again)->snapshot();
    VERIFY_OK(snapshot);
    QCOMPARE(difference(*memory, **snapshot), std::string());
    QCOMPARE((*again)->integrityCheck().value().size(), std::size_t{0});
}

void TestCaseFile::closingLeavesOneFile()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 1, 10));
    QVERIFY(fs::exists(m_path.string() + "-wal"));
    QVERIFY(fs::exists(m_path.string() + ".lock"));
    VERIFY_OK((*file)->close());
    VERIFY_OK((*file)->close());
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(m_path.parent_path())) {
        ++count;
    }
    QCOMPARE(count, std::size_t{1});
    QCOMPARE((*file)->saveLayout("a", "1").error().code, std::string("case-closed"));
    QCOMPARE((*file)->snapshot().error().code, std::string("case-closed"));
    QCOMPARE((*file)->alerts().error().code, std::string("case-closed"));
}

void TestCaseFile::continuesAnInterruptedSource()
{
    {
        auto file = CaseFile::create(m_path);
        VERIFY_OK(file);
        const auto source = (*file)->beginSource(sampleSource("a"));
        VERIFY_OK(source);
        VERIFY_OK((*file)->appendSegment(*source, *packSegment(sampleSegment(0, 50)),
                                         sampleProgress(50)));
    }
    auto file = CaseFile::open(m_path);
    VERIFY_OK(file);
    const auto found = (*file)->findSource(sampleSource("a").key);
    VERIFY_OK(found);
    QVERIFY(found->has_value());
    QVERIFY((*found)->state == SourceState::Importing);
    QCOMPARE((*found)->progress, sampleProgress(50));
    const auto progress = (*file)->resumeSource((*found)->number);
    VERIFY_OK(progress);
    QCOMPARE(*progress, sampleProgress(50));
    VERIFY_OK((*file)->appendSegment((*found)->number, *packSegment(sampleSegment(50, 50)),
                                     sampleProgress(100)));
    SourceOutcome outcome;
    outcome.progress = sampleProgress(100);
    outcome.sha256Hex = "feed";
    VERIFY_OK((*file)->finishSource((*found)->number, outcome));
    QCOMPARE((*file)->sources().value()[0].key.sha256Hex, std::string("feed"));
    QCOMPARE((*file)->snapshot().value()->eventCount(), 100U);
    const auto late = (*file)->appendSegment((*found)->number, *packSegment(sampleSegment(0, 1)),
                                             sampleProgress(101));
    QCOMPARE(late.error().code, std::string("case-no-such-source"));
    QCOMPARE((*file)->snapshot().value()->eventCount(), 100U);
    QCOMPARE((*file)->resumeSource(SourceNumber(9)).error().code,
             std::string("case-no-such-source"));
}

void TestCaseFile::recognizesSources()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 1, 10));
    VERIFY_OK(importSample(**file, "b", 1, 10));
    SourceKey key = sampleSource("a").key;
    QVERIFY((*file)->findSource(key).value().has_value());
    QCOMPARE((*file)->findSource(key).value()->number, SourceNumber(0));
    key.sizeBytes += 1;
    QVERIFY(!(*file)->findSource(key).value().has_value());
    key = sampleSource("b").key;
    key.member = "inner";
    QVERIFY(!(*file)->findSource(key).value().has_value());
    QCOMPARE((*file)->sourcesAt("/evidence/b", "").value().size(), std::size_t{1});
    QCOMPARE((*file)->sourcesAt("/evidence/b", "x").value().size(), std::size_t{0});
    QCOMPARE((*file)->segmentsOf(SourceNumber(1)).value(),
             std::vector<SegmentNumber>{SegmentNumber(1)});
}

void TestCaseFile::keepsProblems()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    const auto source = (*file)->beginSource(sampleSource("a"));
    VERIFY_OK(source);
    const ProblemRecord first{"broken-json", "a brace is missing", 7, 8, 9, "{\"a\":", 1};
    const ProblemRecord second{"bad-time", "not a time", 0, 0, 0, "", 12};
    VERIFY_OK((*file)->addProblems(*source, std::span(&first, 1)));
    QCOMPARE((*file)->problems(*source).value(), std::vector{first});
    SourceOutcome outcome;
    outcome.state = SourceState::Failed;
    outcome.brokenCount = 3;
    outcome.skippedCount = 4;
    outcome.problems = {first, second};
    VERIFY_OK((*file)->finishSource(*source, outcome));
    QCOMPARE((*file)->problems(*source).value(), (std::vector{first, second}));
    const SourceRecord record = (*file)->sources().value()[0];
    QVERIFY(record.state == SourceState::Failed);
    QCOMPARE(record.problemCount, std::uint64_t{13});
    QCOMPARE(record.brokenCount, std::uint64_t{3});
    QCOMPARE(record.skippedCount, std::uint64_t{4});
}

void TestCaseFile::replacesDerivedColumns()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 2, 20));
    const auto before = (*file)->snapshot();
    VERIFY_OK(before);
    SegmentBuilder builder;
    for (std::uint64_t row = 0; row < 20; ++row) {
        builder.beginEvent(row, 0, "");
        if (row != 3) {
            builder.addDerived("host.id", "resolved", schema::ValueKind::String);
            builder.add("brand.new", "x", schema::ValueKind::String);
        }
        builder.endEvent();
    }
    const EncodedSegment columns = builder.finish();
    std::vector<std::pair<SegmentNumber, NamedColumn>> replaced;
    for (const NamedColumn& column : columns.columns) {
        replaced.emplace_back(SegmentNumber(1), column);
    }
    VERIFY_OK((*file)->replaceColumns(replaced));
    const auto textAt = [](const CaseSnapshot& snapshot, std::uint32_t row) -> std::string {
        const auto column = snapshot.column(SegmentNumber(1), *snapshot.field("host.id")).value();
        const std::uint32_t code = column->code(row);
        return code == 0 ? "-" : std::string(column->text(code - 1));
    };
    QCOMPARE(textAt(**before, 0), std::string("-"));
    QCOMPARE(textAt(**before, 8), std::string("derived:1"));
    QVERIFY(!(*before)->field("brand.new").has_value());
    const auto check = [&](CaseFile& checked) {
        const auto after = checked.snapshot();
        VERIFY_OK(after);
        QCOMPARE(textAt(**after, 0), std::string("resolved"));
        QCOMPARE(textAt(**after, 3), std::string("-"));
        QCOMPARE(textAt(**after, 8), std::string("resolved"));
        const auto id = (*after)->field("host.id");
        QCOMPARE((*after)->fields()[id->index()].eventCount, std::uint64_t{21});
        QCOMPARE((*after)->fields()[id->index()].derivedCount, std::uint64_t{21});
        QCOMPARE((*after)->fields()[id->index()].stringCount, std::uint64_t{2});
        QVERIFY((*after)->field("brand.new").has_value());
        QCOMPARE(checked.integrityCheck().value().size(), std::size_t{0});
    };
    check(**file);
    const NamedColumn wrongSize{"host.id", columns.columns[0].column};
    const auto tooShort = packSegment(sampleSegment(0, 3));
    VERIFY_OK(tooShort);
    QVERIFY(!(*file)->replaceColumn(SegmentNumber(99), wrongSize).has_value());
    VERIFY_OK((*file)->close());
    QCOMPARE(shell(m_path, "SELECT count(*) FROM event WHERE \"host.id\" = 'resolved'"),
             std::string("19\n"));
    QCOMPARE(shell(m_path, "SELECT count(*) FROM column_segment WHERE revision = 1"),
             std::string("2\n"));
    QCOMPARE(shell(m_path, "SELECT count(*) FROM column_segment JOIN field USING (field_no) WHERE "
                           "name = 'host.id' AND segment_no = 1"),
             std::string("1\n"));
    auto again = CaseFile::open(m_path);
    VERIFY_OK(again);
    check(**again);
}

void TestCaseFile::snapshotsAreImmutable()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    const auto empty = (*file)->snapshot();
    VERIFY_OK(empty);
    VERIFY_OK(importSample(**file, "a", 1, 10));
    const auto one = (*file)->snapshot();
    VERIFY_OK(one);
    const auto shared = (*one)->column(SegmentNumber(0), *(*one)->field("n"));
    VERIFY_OK(shared);
    VERIFY_OK(importSample(**file, "b", 2, 10));
    const auto three = (*file)->snapshot();
    VERIFY_OK(three);
    QCOMPARE((*empty)->eventCount(), 0U);
    QCOMPARE((*empty)->fields().size(), std::size_t{0});
    QCOMPARE((*empty)->firstTime(), schema::noTime);
    QCOMPARE((*one)->eventCount(), 10U);
    QCOMPARE((*three)->eventCount(), 30U);
    const auto same = (*three)->column(SegmentNumber(0), *(*three)->field("n"));
    VERIFY_OK(same);
    QCOMPARE(same->get(), shared->get());
}

void TestCaseFile::snapshotOutlivesItsCase()
{
    std::shared_ptr<const CaseSnapshot> snapshot;
    {
        auto file = CaseFile::create(m_path);
        VERIFY_OK(file);
        VERIFY_OK(importSample(**file, "a", 1, 10));
        snapshot = (*file)->snapshot().value();
        VERIFY_OK(snapshot->document(EventNumber(3)));
    }
    VERIFY_OK(snapshot->document(EventNumber(4)));
    QCOMPARE(snapshot->column(SegmentNumber(0), FieldId(0)).error().code,
             std::string("case-closed"));
    QVERIFY(!fs::exists(m_path.string() + "-wal"));
}

void TestCaseFile::snapshotUnderThreads()
{
    // A cache that holds next to nothing keeps threads decoding and evicting at the same time.
    auto file = CaseFile::create(m_path, {.cacheBytes = 20'000});
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 4, 100));
    std::vector<EncodedSegment> segments;
    for (std::uint64_t segment = 0; segment < 4; ++segment) {
        segments.push_back(sampleSegment(segment * 100, 100));
    }
    const auto memory = makeMemoryCase({{"0123456789abcdefa", "", std::move(segments)}});
    const auto snapshot = (*file)->snapshot();
    VERIFY_OK(snapshot);
    std::atomic<int> differences{0};
    std::atomic<bool> stop{false};
    {
        std::vector<std::jthread> readers;
        for (int reader = 0; reader < 3; ++reader) {
            readers.emplace_back([&] {
                for (int round = 0; round < 3; ++round) {
                    differences += difference(*memory, **snapshot).empty() ? 0 : 1;
                }
            });
        }
        std::jthread writer([&] {
            int number = 0;
            while (!stop) {
                const auto source = importSample(**file, "w" + std::to_string(number++), 1, 20);
                differences += source ? 0 : 100;
            }
        });
        readers.clear();
        stop = true;
    }
    QCOMPARE(differences.load(), 0);
}

void TestCaseFile::smallCacheGivesTheSameAnswers()
{
    auto file = CaseFile::create(m_path, {.cacheBytes = 1});
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 2, 40));
    auto other = CaseFile::open(m_path, {.access = Access::ReadOnly});
    VERIFY_OK(other);
    QCOMPARE(difference(**(*file)->snapshot(), **(*other)->snapshot()), std::string());
}

void TestCaseFile::tailsRankBehindTheirHeads()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    NewSource head = sampleSource("head");
    head.key.sha256Hex = "bbbb";
    NewSource other = sampleSource("other");
    other.key.sha256Hex = "cccc";
    NewSource tail = sampleSource("head");
    tail.key.sha256Hex = "ffff";
    tail.continues = SourceNumber(0);
    NewSource first = sampleSource("first");
    first.key.sha256Hex = "aaaa";
    for (const NewSource& source : {head, other, tail, first}) {
        const auto number = (*file)->beginSource(source);
        VERIFY_OK(number);
        VERIFY_OK((*file)->appendSegment(*number, *packSegment(sampleSegment(0, 5)), {}));
    }
    const auto snapshot = (*file)->snapshot();
    VERIFY_OK(snapshot);
    std::vector<std::uint32_t> ranks;
    for (const schema::Segment& segment : (*snapshot)->segments()) {
        ranks.push_back(segment.originRank);
    }
    QCOMPARE(ranks, (std::vector<std::uint32_t>{1, 3, 2, 0}));
}

void TestCaseFile::shellReadsEventRows()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 1, 20));
    VERIFY_OK((*file)->close());
    QCOMPARE(shell(m_path, "SELECT \"host.name\", \"event.category\", \"process.pid\" + 1, "
                           "\"process.command_line\", line, \"file.path\" FROM event WHERE "
                           "event_no = 2"),
             std::string("alpha|process|3|run \"2\" \xE2\x9C\x93|3|NULL\n"));
    QCOMPARE(shell(m_path, "SELECT \"event.category\" = 'process' || char(31) || 'session' FROM "
                           "event WHERE event_no = 3"),
             std::string("1\n"));
    QCOMPARE(shell(m_path, "SELECT \"@timestamp\", source_path FROM event_text WHERE event_no = "
                           "19"),
             std::string("2024-05-06T07:08:09.100001900Z|/evidence/a\n"));
    QCOMPARE(shell(m_path, "SELECT count(*) FROM event"), std::string("20\n"));
    QCOMPARE(shell(m_path, "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode"),
             std::string("1397051697\n1\ndelete\n"));
}

void TestCaseFile::longListsSayWhatTheyLeaveOut()
{
    // Values of a hundredth of the limit each: the row takes what reaches it and counts the rest.
    constexpr int values = 130;
    SegmentBuilder builder;
    builder.beginEvent(0, 1, "{}");
    for (int value = 0; value < values; ++value) {
        std::string text = std::to_string(value);
        text.append(limits::joinedTextBytes / 100 - text.size(), 'x');
        builder.add("process.command_line", text, schema::ValueKind::String);
    }
    builder.endEvent();
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    const auto number = (*file)->beginSource(sampleSource("a"));
    VERIFY_OK(number);
    VERIFY_OK((*file)->appendSegment(*number, *packSegment(builder.finish()), {}));
    VERIFY_OK((*file)->close());
    const std::string row = shell(m_path, "SELECT \"process.command_line\" FROM event");
    QVERIFY(row.size() > limits::joinedTextBytes);
    QVERIFY(row.size() < limits::joinedTextBytes + limits::joinedTextBytes / 50);
    QVERIFY2(row.ends_with("\x1F… (30 more values)\n"), row.substr(row.size() - 40).c_str());
}

void TestCaseFile::sameInputMakesTheSameBytes()
{
    const auto dump = [&](const char* name) {
        const fs::path path = m_path.parent_path() / name;
        auto file = CaseFile::create(path);
        if (!file || !importSample(**file, "a", 3, 100)) {
            return std::string("failed");
        }
        (void)(*file)->close();
        return shell(path, "SELECT hex(data) FROM column_segment; SELECT hex(data) FROM "
                           "document_block; SELECT hex(positions) FROM segment; SELECT * FROM "
                           "field; SELECT * FROM event");
    };
    const std::string first = dump("one.sequela");
    QVERIFY(first.size() > 10'000);
    QVERIFY(first == dump("two.sequela"));
}

void TestCaseFile::refusesTooManyFields()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    const auto source = (*file)->beginSource(sampleSource("a"));
    VERIFY_OK(source);
    SegmentBuilder builder;
    std::uint32_t added = 0;
    Result<SegmentNumber> appended = SegmentNumber(0);
    while (appended && added <= limits::fieldsPerCase) {
        builder.beginEvent(0, 0, "");
        for (int field = 0; field < 10'001; ++field) {
            builder.add("f" + std::to_string(added++), "x", schema::ValueKind::String);
        }
        builder.endEvent();
        appended = (*file)->appendSegment(*source, *packSegment(builder.finish()), {});
    }
    QCOMPARE(appended.error().code, std::string("case-too-many-fields"));
    QCOMPARE((*file)->snapshot().value()->fields().size(), std::size_t{90'009});
    // The refused segment left nothing behind: what fits still goes in.
    VERIFY_OK((*file)->appendSegment(*source, *packSegment(sampleSegment(0, 5)), {}));
    QCOMPARE((*file)->snapshot().value()->eventCount(), 14U);
}

void TestCaseFile::copiesItselfIntoANewFile()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 3, 300));
    VerdictRecord verdict;
    verdict.alertId = "alert";
    verdict.ruleId = "rule";
    verdict.note = "kept";
    VERIFY_OK((*file)->saveVerdicts({&verdict, 1}));
    VERIFY_OK((*file)->saveBookmark({EventNumber(5), "i", "here", {}, 0}));
    const auto original = (*file)->snapshot();
    VERIFY_OK(original);
    const fs::path target = m_path.parent_path() / "copy of %20 it.sequela";
    Progress progress;
    VERIFY_OK((*file)->saveCopy(target, progress));
    QVERIFY(progress.total() > 0);
    QCOMPARE(progress.done(), progress.total());
    QVERIFY(!fs::exists(target.string() + "-wal"));
    // Later work goes into the original alone.
    VERIFY_OK((*file)->removeBookmark(EventNumber(5)));
    auto copy = CaseFile::open(target);
    VERIFY_OK(copy);
    const auto events = (*copy)->snapshot();
    VERIFY_OK(events);
    QCOMPARE(difference(**original, **events), std::string());
    const auto verdicts = (*copy)->verdicts();
    VERIFY_OK(verdicts);
    QCOMPARE(verdicts->size(), std::size_t{1});
    QCOMPARE(verdicts->front().note, std::string("kept"));
    QCOMPARE((*copy)->bookmarks()->size(), std::size_t{1});
    const auto findings = (*copy)->integrityCheck();
    VERIFY_OK(findings);
    QVERIFY(findings->empty());
    VERIFY_OK(importSample(**copy, "b", 1, 10));
}

void TestCaseFile::copyNeverOverwrites()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    Progress progress;
    const auto overItself = (*file)->saveCopy(m_path, progress);
    QVERIFY(!overItself);
    QCOMPARE(overItself.error().code, std::string("case-exists"));
    QCOMPARE(overItself.error().file, m_path.string());
    QVERIFY(fs::file_size(m_path) > 0);
    const auto nowhere = (*file)->saveCopy(m_path.parent_path() / "no" / "case", progress);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, std::string("case-missing"));
}

void TestCaseFile::cancelledCopyLeavesNothing()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 1, 300));
    const fs::path target = m_path.parent_path() / "copy.sequela";
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    const auto copied = (*file)->saveCopy(target, progress, stop.get_token());
    QVERIFY(!copied);
    QVERIFY(isCancelled(copied.error()));
    QVERIFY(!fs::exists(target));
    VERIFY_OK((*file)->saveCopy(target, progress));
}

void TestCaseFile::integrityCheckFindsNothingInAGoodCase()
{
    auto file = CaseFile::create(m_path);
    VERIFY_OK(file);
    VERIFY_OK(importSample(**file, "a", 2, 200));
    QCOMPARE((*file)->integrityCheck().value().size(), std::size_t{0});
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(isCancelled((*file)->integrityCheck(stop.get_token()).error()));
}

QTEST_GUILESS_MAIN(TestCaseFile)
#include "tst_case_file.moc"
