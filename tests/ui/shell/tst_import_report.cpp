#include "tests/core/ingest/archive_fixture.h"
#include "ui/jobs/job_board.h"
#include "ui/shell/import_mapping_dialog.h"
#include "ui/shell/import_report.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace sequela;
using namespace sequela::ui;

namespace {

constexpr int longWaitMs = 20'000;

/// What the report is made with, and files to import.
struct Desk {
    QTemporaryDir folder;
    Theme theme{SchemeChoice::Dark};
    JobBoard jobs;
    state::Selection selection;
    state::CaseSession session{selection, &jobs};
    state::TimeDisplay time;
    state::EventReader reader{nullptr};
    state::Context context{theme, jobs, selection, session, time, reader, nullptr};
    ImportReport report{context};

    std::filesystem::path write(const QString& name, const std::string& content) const
    {
        const QString path = folder.filePath(name);
        QFile file(path);
        if (file.open(QIODevice::WriteOnly)) {
            file.write(QByteArray::fromStdString(content));
        }
        return path.toStdString();
    }

    bool import(std::vector<std::filesystem::path> paths)
    {
        QSignalSpy finished(&session, &state::CaseSession::importFinished);
        session.importPaths(std::move(paths));
        return finished.wait(longWaitMs);
    }
};

} // namespace

/// The report of imports, and what the analyst can add there.
class ImportReportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init() { QDir(mappingFolder()).removeRecursively(); }
    void cleanupTestCase() { QDir(mappingFolder()).removeRecursively(); }

    void saysWhatAFileHolds()
    {
        Desk desk;
        QVERIFY(desk.import({desk.write(
            QStringLiteral("a.json"),
            "{\"host\":{\"name\":\"h\"},\"event\":{\"category\":\"process\"}}\n{\"b\": }\n")}));
        const QTreeWidgetItem* file = desk.report.files().topLevelItem(0);
        QVERIFY(file != nullptr);
        QStringList lines;
        for (int i = 0; i < file->childCount(); ++i) {
            lines << file->child(i)->text(0);
        }
        const QString text = lines.join(QLatin1Char('\n'));
        QVERIFY2(text.contains(QStringLiteral("by category: process 1")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("taken for NDJSON")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("a value expected")), qPrintable(text));
    }

    void asksForAPassword()
    {
        Desk desk;
        QVERIFY(desk.import({desk.write(
            QStringLiteral("a.zip"),
            ingest::testing::pack("zip", nullptr, {{"a.json", "{\"id\":1}\n"}}, "infected"))}));
        QCOMPARE(desk.session.eventCount(), std::uint64_t{0});
        QVERIFY(!desk.report.password().parentWidget()->isHidden());
        desk.report.password().setText(QStringLiteral("infected"));
        QTest::keyClick(&desk.report.password(), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.eventCount(), std::uint64_t{1}, longWaitMs);
        QTRY_VERIFY(desk.report.password().parentWidget()->isHidden());
        QVERIFY(desk.report.password().text().isEmpty());
    }

    void movesAClock()
    {
        Desk desk;
        const auto path =
            desk.write(QStringLiteral("a.json"),
                       "{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"host\":{\"name\":\"web01\"}}\n");
        QVERIFY(desk.import({path}));
        QTRY_COMPARE_WITH_TIMEOUT(desk.report.clockHost().findText(QStringLiteral("web01")), 0,
                                  longWaitMs);
        QSignalSpy again(&desk.report, &ImportReport::importAgainRequested);
        desk.report.clockOffset().setText(QStringLiteral("soon"));
        QTest::keyClick(&desk.report.clockOffset(), Qt::Key_Return);
        QCOMPARE(again.count(), 0);
        desk.report.clockOffset().setText(QStringLiteral("-90s"));
        QTest::keyClick(&desk.report.clockOffset(), Qt::Key_Return);
        QCOMPARE(again.count(), 1);
        const auto& offsets = desk.session.importSettings().clockOffsets;
        QCOMPARE(offsets.at("web01"), std::int64_t{-90'000'000'000});
        const auto paths = again.front().front().value<std::vector<std::filesystem::path>>();
        QCOMPARE(paths, std::vector<std::filesystem::path>{path});
    }

    void savesAMapping()
    {
        Desk desk;
        QSignalSpy saved(&desk.session, &state::CaseSession::importStarted);
        ImportMappingDialog dialog(desk.context, {R"({"when":"2026-01-02T03:04:05Z","box":"h"})"},
                                   QStringLiteral("proxy.csv"));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(dialog.rows().rowCount(), 2);
        dialog.save();
        QVERIFY(desk.session.importSettings().mappings.empty());
        dialog.rows().item(0, 2)->setText(QStringLiteral("@timestamp"));
        dialog.rows().item(1, 2)->setText(QStringLiteral("host.name"));
        dialog.save();
        QCOMPARE(desk.session.importSettings().mappings.size(), std::size_t{1});
        QVERIFY(desk.import({desk.write(QStringLiteral("p.json"),
                                        "{\"when\":\"2026-01-02T03:04:05Z\",\"box\":\"h\"}\n")}));
        const auto snapshot = desk.session.snapshot();
        QVERIFY(snapshot->events->field("host.name").has_value());
        // Another session finds it again.
        QStringList faults;
        QCOMPARE(savedMappings(faults).size(), std::size_t{1});
        QVERIFY(faults.isEmpty());
    }
};

QTEST_MAIN(ImportReportTest)
#include "tst_import_report.moc"
