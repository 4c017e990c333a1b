#include "tests/ui/journeys/journey_program.h"
#include "ui/events/event_inspector.h"
#include "ui/process_tree/process_tree_view.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/status_strip.h"
#include "ui/timeline/timeline_view.h"
#include "ui/triage/alert_inspector.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/panel.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMainWindow>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

#include <fmt/format.h>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::journeys;

class TriageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWholeWayAndBackAgain()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("journey.sequela"));
        std::string alert;
        goTheWholeWay(file, alert);
        if (QTest::currentTestFailed()) {
            return;
        }
        // … and everything as it was.
        Program again;
        again.window->openPaths({file.toStdString()});
        QTRY_COMPARE_WITH_TIMEOUT(again.window->alerts().model().rowCount(), 1, longWaitMs);
        QTRY_VERIFY(again.session.alert(alert) != nullptr);
        QCOMPARE(again.session.alert(alert)->verdict.reason, detect::VerdictReason::TruePositive);
        QTRY_COMPARE(again.session.bookmarkNote(EventNumber(2)), QStringLiteral("goes out"));
        QTRY_COMPARE(again.window->events().grid().rowCount(), 3);
    }

    void aProcessIsFoundInTheTree()
    {
        Program program;
        program.importSample();
        auto& tree = *program.window->findChild<ProcessTreeView*>();
        QTRY_VERIFY(!tree.rows().rows().empty());
        auto* line = program.window->findChild<QLineEdit*>(QStringLiteral("tree.search"));
        QVERIFY(line != nullptr);
        QSignalSpy searched(&tree, &ProcessTreeView::searched);
        for (const char* text : {"ZSH", "3160", "/tmp/.u"}) {
            tree.showAll();
            line->setText(QLatin1String(text));
            QTest::keyClick(line, Qt::Key_Return);
            QTRY_COMPARE(searched.size(), 1);
            QVERIFY(searched.takeFirst().front().toBool());
            QVERIFY(tree.currentRow().has_value());
            QCOMPARE(program.selection.state().process->entityId, std::string("e2"));
        }
        line->setText(QStringLiteral("no such process"));
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_COMPARE(searched.size(), 1);
        QVERIFY(!searched.takeFirst().front().toBool());
        QVERIFY(program.window->notice().isVisible());
    }

    void aProcessHasTheMenuOfEveryCell()
    {
        Program program;
        program.importSample();
        auto& tree = *program.window->findChild<ProcessTreeView*>();
        QTRY_VERIFY(!tree.rows().rows().empty());
        tree.showAll();
        views::Process process;
        process.images.push_back({.entityId = "e2",
                                  .name = "zsh",
                                  .executable = {},
                                  .commandLine = "zsh /tmp/.u",
                                  .start = {},
                                  .startEvent = EventNumber(1),
                                  .action = {}});
        QMenu menu;
        tree.populateMenu(menu, process, ProcessColumn::CommandLine);
        QStringList labels;
        for (const QAction* action : menu.actions()) {
            labels.append(action->text());
        }
        QVERIFY(labels.contains(QStringLiteral("Start the tree here")));
        QVERIFY(labels.contains(QStringLiteral("Copy value")));
        QVERIFY(labels.contains(QStringLiteral("New exception…")));
        const QList<QAction*> actions = menu.actions();
        const auto filterIn = std::ranges::find_if(actions, [](const QAction* action) {
            return action->text().startsWith(QStringLiteral("Filter in"));
        });
        QVERIFY(filterIn != actions.end());
        (*filterIn)->trigger();
        QTRY_COMPARE(program.window->events().grid().rowCount(), 1);
    }

    void backAndForwardLeadThroughWhatWasSeen()
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        QAction* back = window.actionNamed(QStringLiteral("go.back"));
        QAction* forward = window.actionNamed(QStringLiteral("go.forward"));
        for (const std::uint32_t event : {0U, 1U, 2U}) {
            program.selection.setEvent(EventNumber(event));
            QCoreApplication::processEvents();
        }
        window.activateWindow();
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(program.selection.state().event, EventNumber(1));
        back->trigger();
        QCOMPARE(program.selection.state().event, EventNumber(0));
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(program.selection.state().event, EventNumber(1));
        forward->trigger();
        QCOMPARE(program.selection.state().event, EventNumber(2));
        QVERIFY(!forward->isEnabled());
        // A new step forgets what was ahead.
        back->trigger();
        program.selection.setEvent(EventNumber(0));
        QCoreApplication::processEvents();
        QVERIFY(!forward->isEnabled());
    }

    void cancellingAnImportIsFinal()
    {
        Program program;
        program.write(QStringLiteral("long.ndjson"), many(60'000).constData());
        program.window->activateWindow();
        const QSignalSpy started(&program.session, &state::CaseSession::importStarted);
        // At once, or a fast machine has read everything before.
        QObject::connect(
            &program.session, &state::CaseSession::importStarted, program.window.get(),
            [&program] { QTest::keyClick(program.window.get(), Qt::Key_Escape); },
            Qt::QueuedConnection);
        program.window->openPaths({program.path(QStringLiteral("long.ndjson"))});
        QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, longWaitMs);
        QTRY_VERIFY(!program.session.isImporting());
        const std::uint64_t events = program.session.eventCount();
        QTest::qWait(200);
        QVERIFY(!program.session.isImporting());
        QCOMPARE(program.session.eventCount(), events);
        QVERIFY(program.session.importOutcome() == nullptr);
    }

    void rowsAppearWhileAnImportGoesOn()
    {
        Program program;
        // The alert stands at the beginning; what follows keeps the import busy.
        QByteArray events(samples::events);
        events += many(120'000);
        constexpr int total = 120'003;
        program.write(QStringLiteral("long.ndjson"), events.constData());
        const QSignalSpy started(&program.session, &state::CaseSession::importStarted);
        program.window->openPaths({program.path(QStringLiteral("long.ndjson"))});
        int rows = 0;
        int alerts = 0;
        QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, longWaitMs);
        while (program.session.isImporting()) {
            QTest::qWait(5);
            if (program.session.isImporting()) {
                const int now = program.window->events().grid().rowCount();
                if (now < total) {
                    rows = std::max(rows, now);
                }
                alerts = std::max(alerts, program.window->alerts().model().rowCount());
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(program.window->events().grid().rowCount(), total, longWaitMs);
        // The runs of the rules meanwhile find it once, like the one at the end.
        QVERIFY(alerts <= 1);
        QTRY_COMPARE_WITH_TIMEOUT(program.window->alerts().model().rowCount(), 1, longWaitMs);
        if (rows == 0) {
            QSKIP("this machine has read everything before the window looked once");
        }
    }

    void theTimeZoneIsThatOfAllPanels()
    {
        Program program;
        program.importSample();
        auto* button = program.window->findChild<QToolButton*>(QStringLiteral("zoneButton"));
        QVERIFY(button != nullptr);
        QVERIFY(button->text().startsWith(QStringLiteral("UTC")));
        const QImage before = program.window->events().grid().grab().toImage();
        program.time.setZone({state::TimeZoneKind::Fixed, 330});
        QVERIFY(button->text().contains(QStringLiteral("+05:30")));
        program.selection.setEvent(EventNumber(0));
        auto* inspector =
            program.window->findChild<EventInspector*>(QStringLiteral("triage.event"));
        QTRY_VERIFY(inspector->details() && inspector->details()->event == EventNumber(0));
        QCOMPARE(program.time.dateTime(inspector->details()->timeNs),
                 QStringLiteral("2026-04-12 15:01:07.114"));
        QVERIFY(program.window->events().grid().grab().toImage() != before);
    }

    void theThemeIsThatOfAllPanels()
    {
        Program program;
        auto* application = qobject_cast<QApplication*>(QCoreApplication::instance());
        program.theme.applyTo(*application);
        program.importSample();
        const auto darkness = [&program] {
            const QImage picture = program.window->grab().toImage().scaled(32, 32);
            qint64 sum = 0;
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    sum += qGray(picture.pixel(x, y));
                }
            }
            return sum / (32 * 32);
        };
        program.window->actionNamed(QStringLiteral("view.themeDark"))->trigger();
        const qint64 dark = darkness();
        program.window->actionNamed(QStringLiteral("view.themeLight"))->trigger();
        const qint64 light = darkness();
        program.theme.setChoice(SchemeChoice::Dark);
        QVERIFY2(dark < 80 && light > 180,
                 qPrintable(QStringLiteral("%1 %2").arg(dark).arg(light)));
    }

    void everythingWithTheFocusHasAName()
    {
        Program program;
        program.importSample();
        QStringList nameless;
        for (const QWidget* widget : program.window->findChildren<QWidget*>()) {
            const bool isInner = widget->objectName().startsWith(QLatin1String("qt_"));
            if (widget->focusPolicy() == Qt::NoFocus || isInner) {
                continue;
            }
            const bool speaks = !widget->accessibleName().isEmpty()
                                || !widget->property("text").toString().isEmpty()
                                || !widget->property("placeholderText").toString().isEmpty();
            // What only holds others, what Qt makes for itself, and labels with nothing to read.
            const auto* label = qobject_cast<const QLabel*>(widget);
            const bool isFrame = qobject_cast<const QStackedWidget*>(widget) != nullptr
                                 || qobject_cast<const QMainWindow*>(widget) != nullptr
                                 || qobject_cast<const QScrollArea*>(widget) != nullptr
                                 || widget->parentWidget()->inherits("QComboBoxPrivateContainer")
                                 || (label != nullptr && label->text().isEmpty());
            if (!speaks && !isFrame) {
                const QWidget* parent = widget->parentWidget();
                nameless.append(QStringLiteral("%1 '%2' in %3 '%4'")
                                    .arg(QLatin1String(widget->metaObject()->className()),
                                         widget->objectName(),
                                         QLatin1String(parent->metaObject()->className()),
                                         parent->objectName()));
            }
        }
        nameless.removeDuplicates();
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void tabLeadsThroughTheWindow()
    {
        Program program;
        program.importSample();
        program.window->activateWindow();
        program.window->filterBar().focusText();
        std::vector<const QWidget*> seen;
        for (int step = 0; step < 200; ++step) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            const QWidget* focus = QApplication::focusWidget();
            QVERIFY(focus != nullptr);
            if (std::ranges::find(seen, focus) != seen.end()) {
                break;
            }
            QVERIFY2(focus->isVisible(), focus->metaObject()->className());
            seen.push_back(focus);
        }
        // Alerts, tree, timeline and both inspectors can be reached without a mouse.
        const auto reaches = [&seen](const QWidget* panel) {
            return std::ranges::any_of(seen, [panel](const QWidget* each) {
                return panel == each || panel->isAncestorOf(each);
            });
        };
        QVERIFY(reaches(&program.window->alerts()));
        QVERIFY(reaches(program.window->findChild<ProcessTreeView*>()));
        QVERIFY(reaches(program.window->findChild<TimelineView*>()));
    }

private:
    /// From the import to the verdict and into a file.
    static void goTheWholeWay(const QString& file, std::string& alert)
    {
        Program program;
        program.importSample();
        MainWindow& window = *program.window;
        // The alert …
        window.alerts().list().setFocus();
        QTest::keyClick(&window, Qt::Key_Down, Qt::ControlModifier);
        QTRY_VERIFY(!program.selection.state().alertId.empty());
        alert = program.selection.state().alertId;
        // … its process in the tree …
        auto& tree = *window.findChild<ProcessTreeView*>();
        QTRY_VERIFY(tree.currentRow().has_value());
        // … its connection in the timeline …
        auto& timeline = *window.findChild<TimelineView*>();
        QTRY_VERIFY(timeline.geometry().bounds().lengthNs() > 0);
        program.selection.setEvent(EventNumber(2));
        auto* inspector = window.findChild<EventInspector*>(QStringLiteral("triage.event"));
        QTRY_VERIFY(inspector->details() && inspector->details()->event == EventNumber(2));
        // … the event in the table …
        window.showWorkspace(WorkspaceKind::Events);
        window.events().grid().setCurrentRow(2);
        QCOMPARE(window.events().grid().currentEvent(), EventNumber(2));
        // … the verdict …
        window.showWorkspace(WorkspaceKind::Triage);
        window.actionNamed(QStringLiteral("verdict.true"))->trigger();
        QTRY_COMPARE(program.session.alert(alert)->verdict.reason,
                     detect::VerdictReason::TruePositive);
        program.session.setBookmarked({EventNumber(2)}, true);
        program.session.setBookmarkNote(EventNumber(2), QStringLiteral("goes out"));
        window.saveCaseTo(file);
        QTRY_VERIFY_WITH_TIMEOUT(!program.session.isTemporary(), longWaitMs);
        QTRY_VERIFY(!program.session.isDetecting());
        QVERIFY(window.close());
    }

    /// Process events of one host, none of which the rule is about.
    static QByteArray many(int count)
    {
        std::string text;
        for (int at = 0; at < count; ++at) {
            text += fmt::format(
                R"({{"@timestamp":"2026-04-12T10:{:02}:{:02}.{:03}Z","event":{{"category":)"
                R"(["process"],"type":["start"]}},"host":{{"id":"h1"}},"process":{{"name":"n{}",)"
                R"("entity_id":"x{}"}}}})"
                "\n",
                at / 60'000 % 60, at / 1000 % 60, at % 1000, at % 97, at);
        }
        return QByteArray::fromStdString(text);
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    Theme theme(SchemeChoice::Dark);
    theme.applyTo(application);
    TriageTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_triage.moc"
