#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

QString contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The row as C++ sources write it.
QString literal(QString row)
{
    return '"' + row.replace("\\", "\\\\").replace('"', "\\\"") + '"';
}

} // namespace

/// README.md beside this file says which test shows which rule of the language reference: every
/// program, function, row, golden case and file that it names exists.
class TestSectionMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void leadsSomewhere_data();
    void leadsSomewhere();
    void namesEverySection();

private:
    QString m_readme;
    /// What the sources of test programs of a name say.
    QHash<QString, QString> m_programs;
};

void TestSectionMap::initTestCase()
{
    m_readme = contentOf(QStringLiteral(SEQUELA_SOURCE_DIR "/tests/core/eql/README.md"));
    QVERIFY(!m_readme.isEmpty());
    QDirIterator sources(QStringLiteral(SEQUELA_SOURCE_DIR "/tests"), {"tst_*.cpp"}, QDir::Files,
                         QDirIterator::Subdirectories);
    while (sources.hasNext()) {
        sources.next();
        m_programs[sources.fileInfo().completeBaseName()] += contentOf(sources.filePath());
    }
}

void TestSectionMap::leadsSomewhere_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("function");
    QTest::addColumn<QString>("row");
    static const QRegularExpression pattern(
        QStringLiteral(R"(`(tst_\w+|tests/[\w./-]+\.(?:txt|tsv))(?:\.(\w+))?(?:\[([^`]*)\])?`)"));
    for (auto found = pattern.globalMatch(m_readme); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        QTest::newRow(qPrintable(match.captured()))
            << match.captured(1) << match.captured(2) << match.captured(3);
    }
}

void TestSectionMap::leadsSomewhere()
{
    QFETCH(QString, subject);
    QFETCH(QString, function);
    QFETCH(QString, row);
    const bool isProgram = subject.startsWith(QLatin1String("tst_"));
    const QString text = isProgram ? m_programs.value(subject)
                                   : contentOf(QStringLiteral(SEQUELA_SOURCE_DIR "/") + subject);
    QVERIFY2(!text.isEmpty(), qPrintable(subject));
    if (!function.isEmpty()) {
        QVERIFY2(text.contains("::" + function + "()"), qPrintable(function));
    }
    if (row.isEmpty()) {
        return;
    }
    const bool exists = isProgram                              ? text.contains(literal(row))
                        : subject.endsWith(QLatin1String("v")) ? text.contains(row + '\t')
                                                               : text.contains("=== " + row + '\n');
    QVERIFY2(exists, qPrintable(row));
}

void TestSectionMap::namesEverySection()
{
    for (const char* section :
         {"1",   "1.1", "1.2", "2", "3.1", "3.2", "3.3", "3.4", "3.5", "4",
          "4.1", "5",   "6",   "7", "8.1", "8.2", "8.3", "8.4", "8.5", "8.6",
          "8.7", "8.8", "8.9", "9", "10",  "11",  "12",  "13",  "14",  "15"}) {
        const QRegularExpression row(
            QStringLiteral(R"(^\| (?:[\d., ]*, )?%1[ ,])").arg(QRegularExpression::escape(section)),
            QRegularExpression::MultilineOption);
        QVERIFY2(m_readme.contains(row), section);
    }
}

QTEST_GUILESS_MAIN(TestSectionMap)
#include "tst_section_map.moc"
