#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

/// What Tab offers in bash: `resources/completion` against the program itself.
class TestCliCompletion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_shell = QStandardPaths::findExecutable(QStringLiteral("bash"));
        if (m_shell.isEmpty()) {
            QSKIP("bash is not installed: nobody completes");
        }
    }
    void offers_data();
    void offers();

private:
    QString m_shell;
};

void TestCliCompletion::offers_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("offered");
    QTest::addColumn<QStringList>("absent");
    const auto row = [](const char* name, const QStringList& words, const QStringList& offered,
                        const QStringList& absent) {
        QTest::newRow(name) << words << offered << absent;
    };
    row("commands", {""}, {"scan", "query", "export", "diff"}, {"--help"});
    row("a command begun", {"ex"}, {"export"}, {"scan"});
    row("options of a command", {"scan", "--"},
        {"--rules", "--fail-on", "--schedule", "--report", "--case"}, {"--eql"});
    row("options of another", {"query", "--"}, {"--eql", "--explain"}, {"--fail-on"});
    row("formats of scan", {"scan", "x", "--format", ""}, {"sarif", "junit", "html"}, {"pdf"});
    row("formats of diff", {"diff", "--format", ""}, {"markdown", "json"}, {"csv"});
    row("severities", {"scan", "--fail-on", ""}, {"low", "critical"}, {"open"});
    row("what to export", {"export", "--what", "v"}, {"verdicts"}, {"notes"});
    row("files", {"scan", SEQUELA_SOURCE_DIR "/READ"}, {SEQUELA_SOURCE_DIR "/README.md"}, {});
}

void TestCliCompletion::offers()
{
    QFETCH(QStringList, words);
    QFETCH(QStringList, offered);
    QFETCH(QStringList, absent);
    QProcess bash;
    const QString script =
        QStringLiteral("source \"$0\" 2>/dev/null; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
                       "$(complete -p sequela-cli | sed 's/.*-F \\([^ ]*\\).*/\\1/'); "
                       "printf '%s\\n' \"${COMPREPLY[@]}\"");
    bash.start(m_shell,
               QStringList{"--norc", "-c", script,
                           SEQUELA_SOURCE_DIR "/resources/completion/sequela-cli.bash", SEQUELA_CLI}
                   + words);
    QVERIFY(bash.waitForFinished(60'000));
    const QStringList reply = QString::fromUtf8(bash.readAllStandardOutput()).split('\n');
    for (const QString& each : offered) {
        QVERIFY2(reply.contains(each), qPrintable(each + " is not in " + reply.join(' ')));
    }
    for (const QString& each : absent) {
        QVERIFY2(!reply.contains(each), qPrintable(each + " is in " + reply.join(' ')));
    }
}

QTEST_GUILESS_MAIN(TestCliCompletion)
#include "tst_cli_completion.moc"
