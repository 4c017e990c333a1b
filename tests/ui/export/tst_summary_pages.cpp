#include "core/workspace/workspace.h"
#include "tests/core/report/hostile_text.h"
#include "tests/core/report/summary_fixture.h"
#include "ui/export/export_job.h"
#include "ui/export/summary_pages.h"
#include "ui/export/summary_text.h"

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextDocument>
#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

/// The summary on pages: what it says, the same bytes twice, and looked at by another program.
class SummaryPagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameBytesTwice();
    void otherProgramReadsIt();
    void pagesAreNotBlank();
    void previewSaysTheSame();
    void hostileTextStaysText_data() { report::testing::addHostileRows(); }
    void hostileTextStaysText();
    void everyFormatHasAName();
    void writesWholeFilesOnly();
    void cancels();

private:
    /// Characters that fonts like to set with ligatures and contextual forms.
    static constexpr const char* command = "--rules=a:b x->y != www fi ffl //office: :: -- 12:30";

    [[nodiscard]] QByteArray pdf() const
    {
        const auto bytes = writePdf(*m_workspace, m_request, {});
        return bytes ? *bytes : QByteArray();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<workspace::Workspace> m_workspace;
    report::ExportRequest m_request;
};

void SummaryPagesTest::initTestCase()
{
    QFile events(m_folder.filePath(QStringLiteral("events.ndjson")));
    QVERIFY(events.open(QIODevice::WriteOnly));
    for (int number = 0; number < 40; ++number) {
        events.write(QStringLiteral("{\"@timestamp\":\"2024-01-01T00:00:%1Z\",\"event\":{\"id\":"
                                    "\"e%1\",\"category\":\"process\",\"type\":\"start\"},\"host\":"
                                    "{\"id\":\"h\",\"name\":\"mac\"},\"process\":{\"pid\":%1,"
                                    "\"entity_id\":\"p%1\",\"name\":\"<b>gpj.\u202eexe</b>\","
                                    "\"command_line\":\"run %1 %2\"}}\n")
                         .arg(number + 10)
                         .arg(QLatin1String(command))
                         .toUtf8());
    }
    events.close();
    QFile rule(m_folder.filePath(QStringLiteral("rule.toml")));
    QVERIFY(rule.open(QIODevice::WriteOnly));
    rule.write("[rule]\nname = \"Everything that starts\"\nrule_id = \"r\"\nseverity = \"high\"\n"
               "risk_score = 73\ntype = \"eql\"\nlanguage = \"eql\"\nquery = 'process where "
               "process.command_line != null'\n");
    rule.close();
    m_workspace = workspace::Workspace::inMemory();
    Progress progress;
    workspace::ImportRequest import;
    import.paths = {events.fileName().toStdString()};
    QVERIFY(m_workspace->import(import, progress));
    const std::vector<std::filesystem::path> rules{rule.fileName().toStdString()};
    QVERIFY(m_workspace->loadRules(rules));
    const auto found = m_workspace->detect({}, progress);
    QVERIFY(found && (*found)->alerts.size() == 40);
    m_request.title = "Handed over";
}

void SummaryPagesTest::sameBytesTwice()
{
    const QByteArray first = pdf();
    QVERIFY(first.startsWith("%PDF-1."));
    // A clock that goes on between two exports.
    QTest::qWait(1'100);
    QVERIFY(first == pdf());
}

void SummaryPagesTest::otherProgramReadsIt()
{
    const QString reader = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
    if (reader.isEmpty()) {
        QSKIP("pdftotext (poppler-utils) is not installed: nobody else reads the PDF");
    }
    const QString file = m_folder.filePath(QStringLiteral("read.pdf"));
    QVERIFY(writeExport(file, pdf()));
    QProcess process;
    process.start(reader, {QStringLiteral("-layout"), file, QStringLiteral("-")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    const QString text = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY(text.contains("Handed over"));
    QVERIFY(text.contains("40 alerts from 40 events"));
    QVERIFY(text.contains("Everything that starts"));
    QVERIFY(text.contains("How to reproduce"));
    // Markup is text, and what turns text around is a mark.
    QVERIFY(text.contains("<b>"));
    QVERIFY(!text.contains(QChar(0x202e)));
    // A command copied from the paper is the command.
    QString words = text;
    words.remove(QRegularExpression(QStringLiteral("\\s")));
    QVERIFY2(words.contains(QString::fromLatin1(command).remove(QLatin1Char(' '))),
             qPrintable(text.mid(text.indexOf(QStringLiteral("run 1")), 400)));
    // As many pages as the foot says.
    const qsizetype pages = text.count(QChar('\f'));
    QVERIFY(pages > 3);
    QVERIFY2(text.contains(QStringLiteral("%1 / %1").arg(pages)), qPrintable(text.right(300)));
}

void SummaryPagesTest::pagesAreNotBlank()
{
    const QString painter = QStandardPaths::findExecutable(QStringLiteral("pdftoppm"));
    if (painter.isEmpty()) {
        QSKIP("pdftoppm (poppler-utils) is not installed: the pages are not looked at");
    }
    const QString file = m_folder.filePath(QStringLiteral("seen.pdf"));
    QVERIFY(writeExport(file, pdf()));
    QProcess process;
    process.start(painter, {"-png", "-r", "40", "-l", "2", file, m_folder.filePath("page")});
    QVERIFY(process.waitForFinished());
    const QStringList pages = QDir(m_folder.path()).entryList({"page*.png"});
    QCOMPARE(pages.size(), 2);
    for (const QString& page : pages) {
        const QImage image(m_folder.filePath(page));
        int dark = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                dark += qGray(image.pixel(x, y)) < 160 ? 1 : 0;
            }
        }
        QVERIFY2(dark > 300, qPrintable(page));
        QVERIFY2(dark < image.width() * image.height() / 4, qPrintable(page));
    }
}

void SummaryPagesTest::previewSaysTheSame()
{
    const auto document = previewDocument(*m_workspace, m_request, 600, {});
    QVERIFY(document.has_value());
    const QString text = (*document)->toPlainText();
    QVERIFY(text.contains("40 alerts from 40 events"));
    QVERIFY(text.contains("How to reproduce"));
    QVERIFY(!text.contains(QChar(0x202e)));
}

void SummaryPagesTest::hostileTextStaysText()
{
    QFETCH(QByteArray, hostile);
    const auto set = [](const std::string& words) {
        report::testing::FilledSummary filled(words);
        SummaryText sink(1, 500);
        const auto written = report::writeDocument(filled.summary, filled.request, sink);
        return written ? sink.take() : nullptr;
    };
    const auto document = set(hostile.toStdString());
    const auto plain = set("plain");
    QVERIFY(document && plain);
    const QString text = document->toPlainText();
    QCOMPARE(report::testing::firstUnsafe(text.toStdString()), QString());
    QVERIFY(text.size() < 1'000'000);
    QVERIFY(document->blockCount() >= plain->blockCount());
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
        for (auto at = block.begin(); !at.atEnd(); ++at) {
            const QTextCharFormat format = at.fragment().charFormat();
            QVERIFY(!format.isAnchor() && !format.isImageFormat());
        }
    }
}

void SummaryPagesTest::everyFormatHasAName()
{
    QSet<QString> names;
    for (const ExportFormat& format : exportFormats()) {
        QVERIFY(!format.label.isEmpty() && format.extension.startsWith('.'));
        names.insert(format.name);
        QCOMPARE(exportFormatNamed(format.name), &format);
        const auto bytes = exportBytes(*m_workspace, format, m_request, {});
        QVERIFY2(bytes && bytes->size() > 300, qPrintable(format.name));
    }
    QCOMPARE(names.size(), static_cast<qsizetype>(report::allFormats().size()) + 1);
    QVERIFY(exportFormatNamed("docx") == nullptr);
}

void SummaryPagesTest::writesWholeFilesOnly()
{
    const auto written = writeExport(m_folder.filePath("missing/x.pdf"), "x");
    QVERIFY(!written);
    QCOMPARE(written.error().code, std::string("export-write"));
}

void SummaryPagesTest::cancels()
{
    std::stop_source stop;
    stop.request_stop();
    const auto bytes = writePdf(*m_workspace, m_request, stop.get_token());
    QVERIFY(!bytes && isCancelled(bytes.error()));
}

QTEST_MAIN(SummaryPagesTest)
#include "tst_summary_pages.moc"
