#include "core/schema/field_catalog.h"
#include "tests/support/event_table.h"
#include "tests/ui/editor/editor_samples.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/query_text.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

namespace {

QByteArray textOf(const EqlEditor& editor)
{
    return QByteArray::fromStdString(editor.text());
}

} // namespace

/// Real key strokes into the real widget.
class EqlEditorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void typingColoursAndChecks();
    void squigglesStandAtTheBytes();
    void altEnterFixes();
    void nextProblemWraps();
    void completionFollowsTyping();
    void valuesAreAskedForAndOffered();
    void commentsAndFormats();
    void undoTakesOneStepBack();
    void cards();
    void keyStrokesAreFast();
    void runKey();

private:
    void type(const char* text)
    {
        QTest::keyClicks(m_editor->keyboardWidget(), QString::fromLatin1(text));
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_editor->keyboardWidget(), key, modifiers);
    }

    std::shared_ptr<const schema::ColumnSource> m_source = tests::eventTable(samples::editorEvents);
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<EqlEditor> m_editor;
};

void EqlEditorTest::init()
{
    m_theme = std::make_unique<Theme>(SchemeChoice::Dark);
    m_editor = std::make_unique<EqlEditor>(*m_theme);
    m_editor->setLanguage(
        {}, std::make_shared<schema::FieldCatalog>(schema::Schema::ecs(), m_source->fields()),
        m_source->eventCount());
    m_editor->resize(900, 500);
    m_editor->show();
    m_editor->activateWindow();
    m_editor->setFocus();
    QVERIFY(QTest::qWaitForWindowExposed(m_editor.get()));
}

void EqlEditorTest::cleanup()
{
    m_editor.reset();
    m_theme.reset();
}

void EqlEditorTest::typingColoursAndChecks()
{
    const QSignalSpy edited(m_editor.get(), &EqlEditor::edited);
    type("process where process.name == ");
    QVERIFY(!m_editor->problems().empty());
    type("\"x\"");
    QCOMPARE(textOf(*m_editor), QByteArray("process where process.name == \"x\""));
    QVERIFY(edited.count() >= 30);
    QVERIFY(std::ranges::none_of(m_editor->problems(), [](const Diagnostic& problem) {
        return problem.severity == Severity::Error;
    }));
    QCOMPARE(m_editor->styleAt(0), static_cast<int>(QueryStyle::Category));
    QCOMPARE(m_editor->styleAt(8), static_cast<int>(QueryStyle::Keyword));
    QCOMPARE(m_editor->styleAt(14), static_cast<int>(QueryStyle::Field));
    QCOMPARE(m_editor->styleAt(30), static_cast<int>(QueryStyle::String));
    // The other theme, at once.
    m_theme->setChoice(SchemeChoice::Light);
    QCOMPARE(m_editor->styleAt(8), static_cast<int>(QueryStyle::Keyword));
}

void EqlEditorTest::squigglesStandAtTheBytes()
{
    // Two bytes of an umlaut before the mistake: spans are bytes, not characters.
    m_editor->setText("process where process.name == \"\xc3\xa9\" and length() == 1");
    const auto problems = m_editor->problems();
    QVERIFY(!problems.empty());
    QVERIFY(problems.front().span.has_value());
    const auto spans = m_editor->squiggles(Severity::Error);
    QCOMPARE(spans.size(), std::size_t{1});
    QCOMPARE(spans.front(), *problems.front().span);
    m_editor->setText("process where true");
    QVERIFY(m_editor->squiggles(Severity::Error).empty());
    // What is missing at the end is marked on the last character.
    m_editor->setText("process where");
    QCOMPARE(m_editor->squiggles(Severity::Error).back().end, std::size_t{13});
}

void EqlEditorTest::altEnterFixes()
{
    m_editor->setText("network where destination.prt == 1");
    const auto& problems = m_editor->problems();
    const auto fixable = std::ranges::find_if(
        problems, [](const Diagnostic& problem) { return !problem.fixes.empty(); });
    QVERIFY(fixable != problems.end());
    m_editor->setCaret(fixable->span->begin);
    press(Qt::Key_Return, Qt::AltModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("network where destination.port == 1"));
    m_editor->undo();
    QCOMPARE(textOf(*m_editor), QByteArray("network where destination.prt == 1"));
}

void EqlEditorTest::nextProblemWraps()
{
    m_editor->setText("any where length() == 1 and length() == 2");
    QVERIFY(m_editor->problems().size() >= 2);
    m_editor->setCaret(0);
    press(Qt::Key_F8);
    const std::size_t first = m_editor->caret();
    press(Qt::Key_F8);
    QVERIFY(m_editor->caret() > first);
    for (int step = 0; step < 4 && m_editor->caret() != first; ++step) {
        press(Qt::Key_F8);
    }
    QCOMPARE(m_editor->caret(), first);
}

void EqlEditorTest::completionFollowsTyping()
{
    type("process where process.na");
    QTRY_VERIFY(m_editor->isCompleting());
    QCOMPARE(QByteArray::fromStdString(m_editor->completions().front().insert),
             QByteArray("process.name"));
    press(Qt::Key_Tab);
    QCOMPARE(textOf(*m_editor), QByteArray("process where process.name"));
    QVERIFY(!m_editor->isCompleting());
    type(" == ");
    QCoreApplication::sendPostedEvents();
    QVERIFY(!m_editor->isCompleting());
    type("leng");
    QTest::qWait(1);
    press(Qt::Key_Escape);
    QVERIFY(!m_editor->isCompleting());
}

void EqlEditorTest::valuesAreAskedForAndOffered()
{
    QSignalSpy wanted(m_editor.get(), &EqlEditor::valuesWanted);
    m_editor->setText("process where process.name == ");
    m_editor->setCaret(30);
    press(Qt::Key_Space, Qt::ControlModifier);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.front().front().value<std::string>(), std::string("process.name"));
    m_editor->setValues(*state::countValues(*m_source, "process.name", nullptr, 10, {}));
    QVERIFY(m_editor->isCompleting());
    QCOMPARE(m_editor->completions().size(), std::size_t{2});
    press(Qt::Key_Down);
    press(Qt::Key_Return);
    QCOMPARE(textOf(*m_editor), QByteArray("process where process.name == \"osascript\""));
    // Inside quotes that are closed already, the pair is replaced.
    m_editor->setText("process where process.name == \"\"");
    m_editor->setCaret(31);
    press(Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(m_editor->isCompleting());
    press(Qt::Key_Tab);
    QCOMPARE(textOf(*m_editor), QByteArray("process where process.name == \"curl\""));
}

void EqlEditorTest::commentsAndFormats()
{
    m_editor->setText("process where true\n");
    press(Qt::Key_Slash, Qt::ControlModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("// process where true\n"));
    press(Qt::Key_Slash, Qt::ControlModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("process where true\n"));
    m_editor->setText("process   where\n\n true\n");
    press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("process where true\n"));
    // Text with errors is left alone.
    m_editor->setText("process   where (");
    press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("process   where ("));
}

void EqlEditorTest::undoTakesOneStepBack()
{
    m_editor->setText("process where true");
    QVERIFY(!m_editor->canUndo());
    m_editor->setCaret(18);
    type("x");
    QVERIFY(m_editor->canUndo());
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(textOf(*m_editor), QByteArray("process where true"));
}

void EqlEditorTest::cards()
{
    m_editor->setText("process where length(process.name) > 1");
    QVERIFY(m_editor->cardAt(16).contains(QStringLiteral("length(source)")));
    m_editor->setValues(*state::countValues(*m_source, "process.name", nullptr, 10, {}));
    const QString card = m_editor->cardAt(24);
    QVERIFY2(card.contains(QStringLiteral("2 of 2 events")), qPrintable(card));
    QVERIFY(card.contains(QStringLiteral("osascript")));
    QVERIFY(m_editor->cardAt(9).isEmpty());
}

void EqlEditorTest::keyStrokesAreFast()
{
    std::string text = "process where process.name in (\"a\"";
    for (int index = 0; index < 200; ++index) {
        text += ",\n  \"value" + std::to_string(index) + '"';
    }
    m_editor->setText(text + ")");
    m_editor->setCaret(text.size());
    QElapsedTimer timer;
    timer.start();
    constexpr int strokes = 20;
    for (int index = 0; index < strokes; ++index) {
        press(Qt::Key_Space);
    }
    const double each = static_cast<double>(timer.nsecsElapsed()) / 1e6 / strokes;
    qInfo() << "milliseconds a key stroke:" << each;
    QVERIFY2(each < 8.0, qPrintable(QString::number(each)));
}

void EqlEditorTest::runKey()
{
    const QSignalSpy runs(m_editor.get(), &EqlEditor::runRequested);
    m_editor->setText("process where true");
    press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(runs.count(), 1);
    QCOMPARE(textOf(*m_editor), QByteArray("process where true"));
}

QTEST_MAIN(EqlEditorTest)
#include "tst_eql_editor.moc"
