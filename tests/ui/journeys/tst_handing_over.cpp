#include "core/detect/verdict_edit.h"
#include "core/workspace/workspace.h"
#include "tests/ui/journeys/journey_program.h"
#include "ui/coverage/coverage_panel.h"
#include "ui/export/export_dialog.h"
#include "ui/triage/alert_inspector.h"
#include "ui/triage/verdict_editor.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextEdit>
#include <QTreeWidget>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;
using namespace sequela::ui::journeys;

namespace {

/// The sample case with a second rule, which finds both process starts.
struct DecidingProgram : Program {
    DecidingProgram()
    {
        QString second = QString::fromUtf8(samples::rule);
        second.replace(QStringLiteral("11111111"), QStringLiteral("22222222"))
            .replace(QStringLiteral("AppleScript goes out"), QStringLiteral("Something starts"));
        second = second.left(second.indexOf(QStringLiteral("sequence by")))
                 + QStringLiteral("process where event.type == \"start\"\n'''\n");
        write(QStringLiteral("second.toml"), second.toUtf8().constData());
        session.setRulePaths(
            {path(QStringLiteral("rule.toml")), path(QStringLiteral("second.toml"))});
        window->openPaths({path(QStringLiteral("events.ndjson"))});
        QTRY_VERIFY_WITH_TIMEOUT(session.detection() && session.detection()->alerts.size() == 3,
                                 longWaitMs);
        QTRY_COMPARE_WITH_TIMEOUT(window->alerts().model().rowCount(), 2, longWaitMs);
    }

    [[nodiscard]] VerdictEditor& editor() const
    {
        return window->findChild<AlertInspector*>()->verdictEditor();
    }
    /// Alerts of the second rule.
    [[nodiscard]] std::vector<detect::Verdict> verdictsOfBoth() const
    {
        std::vector<detect::Verdict> verdicts;
        for (const detect::Alert& alert : session.detection()->alerts) {
            if (alert.rule->ruleId.starts_with("2222")) {
                verdicts.push_back(alert.verdict);
            }
        }
        return verdicts;
    }
    void chooseRow(const QString& title) const
    {
        AlertListModel& model = window->alerts().model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row).data().toString() == title) {
                window->alerts().list().setCurrentIndex(model.index(row));
                return;
            }
        }
        QFAIL("no such row");
    }
};

} // namespace

/// What an analyst decides, and what leaves the window.
class HandingOverTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noteAndTagsAreKept()
    {
        DecidingProgram program;
        program.chooseRow(QStringLiteral("AppleScript goes out"));
        VerdictEditor& editor = program.editor();
        QTRY_COMPARE(editor.alertIds().size(), std::size_t{1});
        const std::string id = editor.alertIds().front();
        editor.note().setFocus();
        QTest::keyClicks(&editor.note(), QStringLiteral("called dana"));
        QTest::keyClick(&editor.note(), Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(&editor.note(), QStringLiteral("reset"));
        QTest::keyClick(&editor.note(), Qt::Key_Return);
        QTRY_COMPARE(program.session.alert(id)->verdict.note, std::string("called dana\nreset"));
        // A note alone decides nothing.
        QCOMPARE(program.session.alert(id)->verdict.status, detect::VerdictStatus::Open);
        QTest::keyClicks(&editor.newTag(), QStringLiteral("fin, case-7 ,fin"));
        QTest::keyClick(&editor.newTag(), Qt::Key_Return);
        QTRY_COMPARE(program.session.alert(id)->verdict.tags,
                     (std::vector<std::string>{"fin", "case-7"}));
        QTRY_COMPARE(editor.tagButtons().size(), std::size_t{2});
        program.window->actionNamed(QStringLiteral("verdict.true"))->trigger();
        QTRY_COMPARE(program.session.alert(id)->verdict.reason,
                     detect::VerdictReason::TruePositive);
        QCOMPARE(program.session.alert(id)->verdict.note, std::string("called dana\nreset"));
        QCOMPARE(program.session.alert(id)->verdict.tags.size(), std::size_t{2});
        QTest::qWait(100);
        program.picture(QStringLiteral("verdict"));
        editor.tagButtons().front()->click();
        QTRY_COMPARE(program.session.alert(id)->verdict.tags, std::vector<std::string>{"case-7"});
        // All of it leaves with the alert.
        report::ExportRequest request;
        for (const report::Format format : {report::Format::Json, report::Format::Markdown,
                                            report::Format::Html, report::Format::Csv}) {
            request.format = format;
            const auto written = program.session.workspace()->exportAlerts(request);
            QVERIFY(written.has_value());
            for (const char* const part : {"called dana", "case-7"}) {
                QVERIFY2(QString::fromStdString(*written).remove('\\').contains(part),
                         report::formatName(format).data());
            }
        }
    }

    void manyAreDecidedAtOnce()
    {
        DecidingProgram program;
        program.chooseRow(QStringLiteral("Something starts"));
        VerdictEditor& editor = program.editor();
        QTRY_COMPARE(editor.alertIds().size(), std::size_t{2});
        // One of them has a note and a tag already.
        detect::VerdictEdit first;
        first.note = "seen before";
        first.addedTags = {"old"};
        program.session.editVerdicts({editor.alertIds().front()}, first);
        QTRY_COMPARE(editor.tagButtons().size(), std::size_t{1});
        QVERIFY(editor.tagButtons().front()->text().contains(QStringLiteral("1 of 2")));
        QCOMPARE(editor.alertIds().size(), std::size_t{2});
        QVERIFY(editor.note().toPlainText().isEmpty());

        editor.newTag().setText(QStringLiteral("wave"));
        QTest::keyClick(&editor.newTag(), Qt::Key_Return);
        program.window->actionNamed(QStringLiteral("verdict.benign"))->trigger();
        const auto allAre = [&program](detect::VerdictReason reason) {
            return std::ranges::all_of(program.verdictsOfBoth(), [reason](const auto& verdict) {
                return verdict.reason == reason;
            });
        };
        QTRY_VERIFY(allAre(detect::VerdictReason::BenignPositive));
        auto verdicts = program.verdictsOfBoth();
        std::ranges::sort(verdicts, {}, &detect::Verdict::note);
        QCOMPARE(verdicts[0].tags, std::vector<std::string>{"wave"});
        QCOMPARE(verdicts[1].tags, (std::vector<std::string>{"old", "wave"}));
        QCOMPARE(verdicts[1].note, std::string("seen before"));
        QTRY_COMPARE(editor.tagButtons().size(), std::size_t{2});
        QTest::qWait(100);
        program.picture(QStringLiteral("verdict-of-many"));

        // What is written for all replaces what each of them said.
        editor.note().setFocus();
        QTest::keyClicks(&editor.note(), QStringLiteral("all the same"));
        editor.newTag().setFocus();
        QTRY_VERIFY(std::ranges::all_of(program.verdictsOfBoth(), [](const auto& verdict) {
            return verdict.note == "all the same";
        }));
    }

    void noteIsNotLostOnTheWay()
    {
        DecidingProgram program;
        program.chooseRow(QStringLiteral("AppleScript goes out"));
        VerdictEditor& editor = program.editor();
        QTRY_COMPARE(editor.alertIds().size(), std::size_t{1});
        const std::string id = editor.alertIds().front();
        editor.note().insertPlainText(QStringLiteral("half a tho"));
        program.chooseRow(QStringLiteral("Something starts"));
        QTRY_COMPARE(editor.alertIds().size(), std::size_t{2});
        QTRY_COMPARE(program.session.alert(id)->verdict.note, std::string("half a tho"));
        QVERIFY(editor.note().toPlainText().isEmpty());
        for (const detect::Verdict& verdict : program.verdictsOfBoth()) {
            QVERIFY(verdict.note.empty());
        }
    }

    void exportsWithAPreview()
    {
        Program program;
        program.importSample();
        program.window->actionNamed(QStringLiteral("case.export"))->trigger();
        auto* dialog = program.window->findChild<ExportDialog*>();
        QVERIFY(dialog != nullptr);
        auto* pages = dialog->findChild<QTextEdit*>();
        QTRY_VERIFY_WITH_TIMEOUT(pages->toPlainText().contains("How to reproduce"), longWaitMs);
        QVERIFY(pages->isVisible());
        auto* plain = dialog->findChild<QPlainTextEdit*>();
        dialog->setFormat(QStringLiteral("csv"));
        QTRY_VERIFY_WITH_TIMEOUT(plain->toPlainText().startsWith("alert_id,"), longWaitMs);
        QVERIFY(plain->isVisible());

        QSignalSpy exported(dialog, &ExportDialog::exported);
        const QString file = program.folder.filePath(QStringLiteral("alerts.pdf"));
        dialog->setFormat(QStringLiteral("pdf"));
        dialog->exportTo(file);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, longWaitMs);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.read(8).startsWith("%PDF-1."));
        dialog->exportTo(program.folder.filePath(QStringLiteral("missing/alerts.pdf")));
        const auto labels = dialog->findChildren<QLabel*>();
        QTRY_VERIFY_WITH_TIMEOUT(
            std::ranges::any_of(
                labels,
                [](const QLabel* label) { return label->text().contains("could not be written"); }),
            longWaitMs);
        QCOMPARE(exported.size(), 1);
    }

    void coverageLeadsToRulesAndAlerts()
    {
        Program program;
        program.write(
            QStringLiteral("rule.toml"),
            QByteArray(samples::rule)
                .append("[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n"
                        "[rule.threat.tactic]\nid = \"TA0002\"\nname = \"Execution\"\n"
                        "reference = \"\"\n[[rule.threat.technique]]\nid = \"T1059\"\n"
                        "name = \"Command and Scripting Interpreter\"\nreference = \"\"\n")
                .constData());
        program.session.setRulePaths({program.path(QStringLiteral("rule.toml"))});
        program.importSample();
        MainWindow& window = *program.window;
        window.showWorkspace(WorkspaceKind::Coverage);
        auto* coverage = window.findChild<CoveragePanel*>();
        QTreeWidget& details = coverage->details();
        QTRY_VERIFY_WITH_TIMEOUT(
            !coverage->view().tactics().empty() && details.topLevelItemCount() > 0, longWaitMs);
        coverage->view().choose("TA0002", "T1059");
        QTreeWidgetItem* rule = details.topLevelItem(0);
        QCOMPARE(rule->text(0), QStringLiteral("AppleScript goes out"));
        QCOMPARE(rule->childCount(), 1);
        program.picture(QStringLiteral("coverage"));
        Q_EMIT details.itemActivated(rule->child(0), 0);
        QCOMPARE(window.currentWorkspace(), WorkspaceKind::Triage);
        QTRY_COMPARE(program.selection.state().alertId,
                     program.session.detection()->alerts.front().id);
        window.showWorkspace(WorkspaceKind::Coverage);
        Q_EMIT details.itemActivated(details.topLevelItem(0), 0);
        QCOMPARE(window.currentWorkspace(), WorkspaceKind::Rules);
        window.showWorkspace(WorkspaceKind::Coverage);
        Q_EMIT coverage->layerExportRequested();
        auto* dialog = window.findChild<ExportDialog*>();
        QVERIFY(dialog != nullptr);
        auto* plain = dialog->findChild<QPlainTextEdit*>();
        QTRY_VERIFY_WITH_TIMEOUT(plain->toPlainText().contains("enterprise-attack"), longWaitMs);
    }
};

QTEST_MAIN(HandingOverTest)
#include "tst_handing_over.moc"
