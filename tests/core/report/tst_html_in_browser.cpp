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

private:
    /// The page after its scripts have run, as the browser sees it.
    [[nodiscard]] QByteArray render(const QByteArray& page);
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

QTEST_GUILESS_MAIN(HtmlInBrowserTest)
#include "tst_html_in_browser.moc"
