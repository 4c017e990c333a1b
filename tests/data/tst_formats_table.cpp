#include "core/casefile/case_file.h"
#include "core/ingest/import.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

using namespace sequela;
using namespace sequela::ingest;

namespace {

const QString& dataFolder()
{
    static const QString folder = QStringLiteral(SEQUELA_SOURCE_DIR "/../shared/data/");
    return folder;
}

const QString& tableFile()
{
    static const QString file = QStringLiteral(SEQUELA_SOURCE_DIR "/tests/data/README.md");
    return file;
}

/// What a file and all its members come to.
struct Sum {
    std::uint64_t files = 0;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t lost = 0;
    std::uint64_t noEvents = 0;
    std::map<std::string, std::uint64_t> formats;
    std::map<std::string, std::uint64_t> shapes;
    std::map<std::string, std::uint64_t> categories;
    std::map<std::string, std::uint64_t> problems;
};

Sum sumOf(const ImportReport& report)
{
    Sum sum;
    for (const FileReport& file : report.files) {
        ++sum.files;
        sum.records += file.records;
        sum.events += file.events;
        sum.lost += file.lostRecords();
        sum.noEvents += file.placeholders;
        ++sum.formats[file.outcome == FileOutcome::Skipped ? "left out" : file.format];
        for (const auto& [name, count] : file.content.shapes) {
            sum.shapes[name] += count;
        }
        for (const auto& [name, count] : file.content.categories) {
            sum.categories[name.empty() ? "none" : name] += count;
        }
        for (std::size_t i = 0; i < problemKindCount; ++i) {
            if (file.problemCounts[i] > 0) {
                sum.problems[std::string(problemTitle(static_cast<ProblemKind>(i)))] +=
                    file.problemCounts[i];
            }
        }
    }
    return sum;
}

std::string list(const std::map<std::string, std::uint64_t>& counts, bool withCounts)
{
    std::string text;
    for (const auto& [name, count] : counts) {
        text += (text.empty() ? "" : ", ") + name;
        if (withCounts) {
            text += fmt::format(" {}", count);
        }
    }
    return text.empty() ? "–" : text;
}

std::string rowOf(const std::string& name, const Sum& sum)
{
    std::map<std::string, std::uint64_t> kinds = sum.shapes;
    return fmt::format("| {} | {} | {} | {} | {} | {} | {} |", name,
                       list(sum.formats, sum.files > 1), list(kinds, false), sum.events,
                       list(sum.categories, true), sum.lost, list(sum.problems, true));
}

constexpr const char* head =
    "# Every file of `../shared/data`, as it is imported\n\n"
    "Made by `SEQUELA_UPDATE_TABLE=1 tst_formats_table`; checked by the same test (all of it with\n"
    "`SEQUELA_ALL_DATA=1`, else the smaller files alone, both ways). Records are events, lost ones "
    "(with place and\n"
    "reason in the import's report) or lines that never were events; nothing else happens to one.\n"
    "Several categories of one event count each. Archives: formats with the number of members.\n\n"
    "| file | format | read as | events | by category | lost | problems and remarks |\n"
    "|---|---|---|---|---|---|---|\n";

} // namespace

/// The table of what real files come to, kept beside this test.
class TestFormatsTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsAccountedFor();
};

void TestFormatsTable::everyFileIsAccountedFor()
{
    if (!QFileInfo::exists(dataFolder())) {
        QSKIP("the shared data do not lie beside the project");
    }
    const bool update = qEnvironmentVariableIsSet("SEQUELA_UPDATE_TABLE");
    const bool all = qEnvironmentVariableIsSet("SEQUELA_ALL_DATA");
    constexpr qint64 quickBytes = 300'000;
    QFile table(tableFile());
    QVERIFY(table.open(QIODevice::ReadOnly));
    const QString kept = QString::fromUtf8(table.readAll());
    table.close();
    std::map<QString, qint64> files;
    for (QDirIterator it(dataFolder(), QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        files.emplace(path.mid(dataFolder().size()), it.fileInfo().size());
    }
    std::string text = head;
    for (const auto& [name, size] : files) {
        if (!all && size > quickBytes) {
            const qsizetype row =
                kept.indexOf(QStringLiteral("\n| ") + name + QStringLiteral(" |"));
            QVERIFY2(row >= 0, qPrintable(name));
            text += kept.mid(row + 1, kept.indexOf(u'\n', row + 1) - row).toStdString();
            continue;
        }
        const QTemporaryDir folder;
        const auto file = casefile::CaseFile::create(folder.filePath("x.sequela").toStdString());
        QVERIFY(file.has_value());
        const std::vector<Input> inputs{{.path = (dataFolder() + name).toStdString(), .text = {}}};
        const auto report = importFiles(**file, inputs, {}, nullptr, {});
        QVERIFY(report.has_value());
        QVERIFY((*file)->close().has_value());
        const Sum sum = sumOf(*report);
        QVERIFY2(sum.records == sum.events + sum.lost + sum.noEvents, qPrintable(name));
        const std::string row = rowOf(name.toStdString(), sum);
        text += row + "\n";
        QVERIFY2(update || kept.contains(QString::fromStdString(row)), row.c_str());
    }
    if (update) {
        QVERIFY(table.open(QIODevice::WriteOnly));
        QCOMPARE(table.write(QByteArray::fromStdString(text)), qint64(text.size()));
    }
}

QTEST_GUILESS_MAIN(TestFormatsTable)
#include "tst_formats_table.moc"
