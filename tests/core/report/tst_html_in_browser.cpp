#include "core/workspace/workspace.h"
#include "tests/core/report/hostile_text.h"
#include "tests/core/report/summary_fixture.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

using namespace sequela;
using namespace sequela::report;
using namespace sequela::report::testing;

/// The HTML summary of hostile events in a real browser: nothing runs, nothing is loaded.
class HtmlInBrowserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void browserRunsAndLoadsWhatItMay();
    void nothingRunsAndNothingIsLoaded();
    void drawingsOfACaseAreHarmless();

private:
    /// The page after its scripts have run, as the browser sees it.
    [[nodiscard]] QByteArray render(const QByteArray& page);
    void checkSeen(const QByteArray& seen) const;
    /// Markup that asks the server for something or renames the page.
    [[nodiscard]] QByteArray bait() const;

    QString m_browser;
    QTcpServer m_server;
    int m_visits = 0;
    QTemporaryDir m_folder;
};

void HtmlInBrowserTest::initTestCase()
{
    m_browser = QStandardPaths::findExecutable(QStringLiteral("chromium"));
    if (m_browser.isEmpty()) {
        QSKIP("Chromium is not installed: the HTML summary is not looked at by a browser");
    }
    QVERIFY(m_server.listen(QHostAddress::LocalHost));
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        ++m_visits;
        while (QTcpSocket* visitor = m_server.nextPendingConnection()) {
            visitor->write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            visitor->disconnectFromHost();
        }
    });
}

QByteArray HtmlInBrowserTest::bait() const
{
    const QByteArray address =
        "http://127.0.0.1:" + QByteArray::number(m_server.serverPort()) + "/";
    return "<script>document.title='it ran'</script><img src=\"" + address
           + "i.png\" onerror=\"document.title='it ran'\"><link rel=stylesheet href=\"" + address
           + "s.css\"><iframe src=\"" + address + "f\"></iframe><style>@import url(" + address
           + "c.css);body{background:url(" + address + "b.png)}</style><svg><image href=\""
           + address + "v.png\" onload=\"document.title='it ran'\"/></svg><object data=\"" + address
           + "o\"></object><meta http-equiv=refresh content=\"0;url=" + address + "m\">";
}

QByteArray HtmlInBrowserTest::render(const QByteArray& page)
{
    static int number = 0;
    const QString file = m_folder.filePath(QStringLiteral("page%1.html").arg(++number));
    QFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(page) != page.size()) {
        return {};
    }
    target.close();
    QProcess browser;
    // The server of this test answers meanwhile.
    QEventLoop loop;
    connect(&browser, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
    browser.start(m_browser,
                  {"--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                   "--no-first-run", "--disable-component-update", "--disable-sync",
                   "--user-data-dir=" + m_folder.filePath(QStringLiteral("profile%1").arg(number)),
                   "--virtual-time-budget=2000", "--dump-dom", "file://" + file});
    loop.exec();
    return browser.readAllStandardOutput();
}

void HtmlInBrowserTest::browserRunsAndLoadsWhatItMay()
{
    m_visits = 0;
    const QByteArray seen = render("<!DOCTYPE html><html><head><title>still</title></head><body>"
                                   + bait() + "</body></html>");
    QVERIFY2(seen.contains("<title>it ran</title>"), seen.left(2'000));
    QVERIFY(m_visits > 0);
}

void HtmlInBrowserTest::nothingRunsAndNothingIsLoaded()
{
    // Every hostile text of the other tests, then bait behind each way out of a context.
    QByteArray hostile = bait() + "\">" + bait() + "'>" + bait() + "</code></td></title></style>"
                         + bait() + "]]>" + bait() + "<svg onload=\"document.title='it ran'\">"
                         + "javascript:document.title='it ran' =cmd|'/c calc'!A1 "
                         + "gpj.\xE2\x80\xAE\x65xe \x1B[2J a\xED\xA0\x80z ";
    hostile += QByteArray(1, '\0') + QByteArray(5'000, 'x');
    FilledSummary filled(hostile.toStdString());
    const auto written = filled.write(Format::Html);
    QVERIFY(written.has_value());
    m_visits = 0;
    const QByteArray seen = render(QByteArray::fromStdString(*written));
    checkSeen(seen);
}

void HtmlInBrowserTest::checkSeen(const QByteArray& seen) const
{
    QVERIFY2(seen.contains("</html>"), seen.left(2'000));
    QCOMPARE(m_visits, 0);
    QVERIFY(!seen.contains("<title>it ran"));
    // What the parser made of it: no element but ours.
    for (const char* const element :
         {"<script", "<img", "<iframe", "<link", "<object", "<image", "<a ", "<form"}) {
        QVERIFY2(!seen.contains(element), element);
    }
    QVERIFY(seen.contains("&lt;script&gt;"));
    QVERIFY(seen.contains("\xE2\x9F\xA8U+202E\xE2\x9F\xA9"));
    QVERIFY(!seen.contains("\xE2\x80\xAE"));
}

void HtmlInBrowserTest::drawingsOfACaseAreHarmless()
{
    // Through the reader, the process tree and the timeline: every name there is hostile. In JSON a
    // lone surrogate and a NUL are escapes.
    const QString hostile =
        QString::fromUtf8(bait().replace('"', '\''))
        + QStringLiteral("</text></svg>]]><svg onload='document.title=1'>\u202e\x1b[2J");
    const QString quoted = QString(hostile).replace(QChar(0x1b), QLatin1String("\\u001b"))
                           + QStringLiteral("\\u0000\\ud800");
    QByteArray events;
    for (const char* const row :
         {R"("event":{"category":"process","type":"start","id":"1 %1"},"process":{"pid":7,)"
          R"("entity_id":"%1","name":"%1","executable":"/%1","command_line":"%1",)"
          R"("parent":{"pid":1,"name":"%1","entity_id":"p"}}})",
          R"("event":{"category":"network","type":"start","id":"2 %1"},"process":{"pid":7,)"
          R"("entity_id":"%1","name":"%1"},"destination":{"ip":"198.51.100.7","port":443,)"
          R"("domain":"%1"},"network":{"transport":"tcp"}})"}) {
        events += QString(R"({"@timestamp":"2024-01-01T00:00:0%1Z","host":{"id":"h","name":"%2"},)"
                          R"("user":{"name":"%2"},)")
                      .arg(events.isEmpty() ? 1 : 2)
                      .arg(quoted)
                      .toUtf8();
        events += QString::fromLatin1(row).arg(quoted).toUtf8() + '\n';
    }
    const auto write = [this](const char* name, const QByteArray& content) {
        QFile file(m_folder.filePath(QLatin1String(name)));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    };
    QVERIFY(write("hostile.ndjson", events));
    QVERIFY(write("rule.toml", "[rule]\nname = \"Sent\"\nrule_id = \"r\"\nseverity = \"high\"\n"
                               "risk_score = 73\ntype = \"eql\"\nlanguage = \"eql\"\n"
                               "query = 'sequence by process.entity_id with maxspan=1m "
                               "[process where process.name != null] "
                               "[network where destination.domain != null]'\n"));
    const auto workspace = workspace::Workspace::inMemory();
    Progress progress;
    workspace::ImportRequest import;
    import.paths = {m_folder.filePath("hostile.ndjson").toStdString()};
    QVERIFY(workspace->import(import, progress));
    const std::vector<std::filesystem::path> rules{m_folder.filePath("rule.toml").toStdString()};
    QVERIFY(workspace->loadRules(rules));
    const auto found = workspace->detect({}, progress);
    QVERIFY(found && (*found)->alerts.size() == 1);
    ExportRequest request;
    request.format = Format::Html;
    const auto written = workspace->exportAlerts(request);
    QVERIFY(written.has_value());
    QCOMPARE(firstUnsafe(*written), QString());
    QVERIFY(QByteArray::fromStdString(*written).count("<svg") >= 3);
    m_visits = 0;
    checkSeen(render(QByteArray::fromStdString(*written)));
}

QTEST_GUILESS_MAIN(HtmlInBrowserTest)
#include "tst_html_in_browser.moc"
