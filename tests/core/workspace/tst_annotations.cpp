#include "core/workspace/limits.h"
#include "tests/core/workspace/workspace_fixture.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace sequela;
using namespace sequela::workspace;

/// What analysts and windows leave in a case: marks with their labels, arrangements.
class AnnotationsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] std::unique_ptr<Workspace> make(bool inMemory)
    {
        std::unique_ptr<Workspace> made;
        if (inMemory) {
            made = Workspace::inMemory();
        } else if (auto temporary = Workspace::temporary()) {
            made = std::move(*temporary);
        }
        const QString file = m_folder.filePath(QStringLiteral("events.ndjson"));
        if (!made || !testing::writeFile(file, testing::sampleEvents())
            || !testing::import(*made, {file})) {
            return nullptr;
        }
        return made;
    }

private Q_SLOTS:
    void marksKeepTheirLabels_data()
    {
        QTest::addColumn<bool>("inMemory");
        QTest::newRow("memory") << true;
        QTest::newRow("case file") << false;
    }
    void marksKeepTheirLabels()
    {
        QFETCH(const bool, inMemory);
        const auto workspace = make(inMemory);
        QVERIFY(workspace != nullptr);
        const std::vector events{EventNumber(1), EventNumber(2)};
        QVERIFY(workspace->setBookmarked(events, true).has_value());
        QVERIFY(workspace->setBookmarkLabel(EventNumber(2), "first contact").has_value());
        // Marking a range again takes nothing away.
        QVERIFY(workspace->setBookmarked(events, true).has_value());
        auto marks = workspace->bookmarks();
        QVERIFY(marks.has_value());
        QCOMPARE(marks->size(), std::size_t{2});
        QCOMPARE(marks->at(1).label, std::string("first contact"));
        QVERIFY(marks->at(1).marked.has_value());
        const auto refused = workspace->setBookmarkLabel(EventNumber(0), "not marked");
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, std::string("workspace-not-marked"));
        QVERIFY(workspace->setBookmarked(events, false).has_value());
        QVERIFY(workspace->bookmarks()->empty());
    }

    void layoutsAreKept_data() { marksKeepTheirLabels_data(); }
    void layoutsAreKept()
    {
        QFETCH(const bool, inMemory);
        const auto workspace = make(inMemory);
        QVERIFY(workspace != nullptr);
        QVERIFY(!workspace->layout("window")->has_value());
        QVERIFY(workspace->saveLayout("window", "{\"a\":1}").has_value());
        QCOMPARE(workspace->layout("window")->value(), std::string("{\"a\":1}"));
        QVERIFY(!workspace->layout("other")->has_value());
        QVERIFY(workspace->saveLayout("window", "").has_value());
        QVERIFY(!workspace->layout("window")->has_value());
    }

    void filesAreToldAgain()
    {
        const auto workspace = make(false);
        QVERIFY(workspace != nullptr);
        const QString broken = m_folder.filePath(QStringLiteral("broken.ndjson"));
        QVERIFY(testing::writeFile(broken, "{\"@timestamp\":\"2024-01-01T00:00:00Z\"}\n{oops\n"));
        QVERIFY(testing::import(*workspace, {broken}).has_value());
        const auto files = workspace->importedFiles();
        QVERIFY(files.has_value());
        QCOMPARE(files->size(), std::size_t{2});
        QVERIFY(files->front().problems.empty());
        const ImportOutcome::File& last = files->back();
        QCOMPARE(last.source.path, broken.toStdString());
        QCOMPARE(last.source.eventCount, std::uint64_t{1});
        QVERIFY(!last.failure);
        QVERIFY(!last.problems.empty());
        QCOMPARE(last.problems.front().begin->line, std::size_t{2});
        QCOMPARE(last.problems.front().severity, Severity::Error);
    }

    void layoutsHaveABound()
    {
        const auto workspace = make(true);
        QVERIFY(workspace != nullptr);
        const std::string most(limits::maxLayoutBytes, 'x');
        QVERIFY(workspace->saveLayout("window", most).has_value());
        const auto refused = workspace->saveLayout("window", most + "x");
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, std::string("workspace-layout-size"));
    }

    void layoutsTravelWithTheCase()
    {
        const auto workspace = make(false);
        QVERIFY(workspace != nullptr);
        QVERIFY(workspace->saveLayout("window", "arranged").has_value());
        const auto copy =
            std::filesystem::path(m_folder.filePath(QStringLiteral("copy.sequela")).toStdString());
        Progress progress;
        QVERIFY(workspace->saveCopy(copy, progress).has_value());
        const auto opened = Workspace::open(copy, Workspace::OpenMode::ReadOnly);
        QVERIFY(opened.has_value());
        QCOMPARE((*opened)->layout("window")->value(), std::string("arranged"));
        QVERIFY(!(*opened)->saveLayout("window", "else").has_value());
    }
};

QTEST_GUILESS_MAIN(AnnotationsTest)
#include "tst_annotations.moc"
