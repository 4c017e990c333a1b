#include "core/base/text.h"
#include "core/views/case_drawings.h"
#include "core/views/svg.h"
#include "tests/core/views/views_events.h"

#include <QXmlStreamReader>
#include <QtTest>

using namespace sequela;
using namespace sequela::views;
using views_events::Event;
using views_events::makeCase;

/// Exported drawings: which lines, what is left out, and text that stays text.
class CaseDrawingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void elides_data();
    void elides();
    void writesSafeXml();
    void showsTheWayAndFoldsTheRest();
    void boundsItsLines();
    void drawsFlowsOfTheProcess();
    void boundsItsLanes();
    void nothingToDraw();
    void marksOverTime();
};

namespace {

/// Parses as XML; the texts between tags, in order. Fails the test otherwise.
QStringList textsOf(const std::string& svg)
{
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    QStringList texts;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::Characters && !xml.text().trimmed().isEmpty()) {
            texts << xml.text().toString();
        }
    }
    if (xml.hasError()) {
        qFatal("not XML: %s", qPrintable(xml.errorString()));
    }
    return texts;
}

Event start(int number, int parent, const std::string& name)
{
    return {static_cast<double>(number),
            {{"host.id", "h1"},
             {"host.name", "mac"},
             {"event.category", "process"},
             {"event.type", "start"},
             {"event.action", "exec"},
             {"process.entity_id", "P" + std::to_string(number)},
             {"process.parent.entity_id", "P" + std::to_string(parent)},
             {"process.pid", std::to_string(number)},
             {"process.name", name}}};
}

Event connection(int number, int process, const std::string& address)
{
    return {static_cast<double>(number),
            {{"host.id", "h1"},
             {"host.name", "mac"},
             {"event.category", "network"},
             {"event.type", "start"},
             {"process.entity_id", "P" + std::to_string(process)},
             {"destination.ip", address},
             {"destination.port", "443"},
             {"source.port", std::to_string(number)}}};
}

struct Drawn {
    std::shared_ptr<const ProcessForest> forest;
    std::unique_ptr<CaseDrawings> drawings;

    explicit Drawn(const std::vector<Event>& events)
    {
        const auto source = makeCase(events);
        forest = std::make_shared<const ProcessForest>(std::move(*ProcessForest::build(*source)));
        drawings = std::make_unique<CaseDrawings>(
            forest, std::make_shared<const NetworkTimeline>(
                        std::move(*NetworkTimeline::build(*source, *forest))));
    }
    [[nodiscard]] DrawingSubject subject(const std::string& entity) const
    {
        DrawingSubject subject;
        subject.processes = {*forest->find("h1", entity)};
        subject.momentsNs = {forest->process(subject.processes[0]).start->nanoseconds()};
        subject.color = "#b23a12";
        return subject;
    }
};

} // namespace

void CaseDrawingsTest::elides_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("width");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fits") << "abc" << 100.0 << "abc";
    QTest::newRow("does not fit") << "abcdefghij" << 40.0 << QString::fromUtf8("abcde…");
    QTest::newRow("marks count") << QString(QChar(0x202e)) + "x" << 400.0
                                 << QString::fromUtf8("⟨U+202E⟩x");
    QTest::newRow("a megabyte") << QString(1'000'000, 'i') << 40.0
                                << QString::fromUtf8("iiiiiiiiiii…");
}

void CaseDrawingsTest::elides()
{
    QFETCH(QString, text);
    QFETCH(double, width);
    const std::string shown = elidedText(text.toStdString(), width, 10);
    QVERIFY(textWidth(shown) * 10 <= width);
    if (text.size() < 1'000) {
        QTEST(QString::fromStdString(shown), "expected");
    } else {
        QVERIFY(shown.ends_with("…"));
    }
}

void CaseDrawingsTest::writesSafeXml()
{
    SvgWriter svg(100, 50, "\"><script>x</script>");
    svg.text(1, 2, 1'000, "<b>&\"' \x01\xE2\x80\xAE", {});
    const std::string written = svg.finish();
    QCOMPARE(textsOf(written), QStringList{QString::fromUtf8("<b>&\"' ␁⟨U+202E⟩")});
    QVERIFY(!QString::fromStdString(written).contains("<script"));
}

void CaseDrawingsTest::showsTheWayAndFoldsTheRest()
{
    // A shell with twenty children, one of them the alert's, which has a child of its own.
    std::vector<Event> events{start(1, 0, "init"), start(2, 1, "shell")};
    for (int number = 3; number < 23; ++number) {
        events.push_back(start(number, 2, "child" + std::to_string(number)));
    }
    events.push_back(start(30, 10, "grandchild"));
    const Drawn drawn(events);
    const DrawingSubject subject = drawn.subject("P10");
    const QStringList texts = textsOf(drawn.drawings->processTree(subject));
    QVERIFY(texts.contains("init") && texts.contains("shell"));
    QVERIFY(texts.contains("child10") && texts.contains("grandchild"));
    QVERIFY(!texts.contains("child11"));
    QVERIFY(texts.contains(QString::fromUtf8("… 19 more")));
}

void CaseDrawingsTest::boundsItsLines()
{
    std::vector<Event> events{start(1, 0, "init")};
    // A chain longer than a drawing.
    for (int number = 2; number < 100; ++number) {
        events.push_back(start(number, number - 1, "p" + std::to_string(number)));
    }
    const Drawn drawn(events);
    const QStringList texts = textsOf(drawn.drawings->processTree(drawn.subject("P99")));
    QVERIFY(texts.contains("p59"));
    QVERIFY(!texts.contains("p99"));
    const auto rows = rowsAround(*drawn.forest, drawn.subject("P99").processes);
    QVERIFY(rows.size() > maxDrawnRows);
    QVERIFY(texts.contains(QString::fromUtf8("… %1 more lines").arg(rows.size() - maxDrawnRows)));
}

void CaseDrawingsTest::drawsFlowsOfTheProcess()
{
    const Drawn drawn({start(1, 0, "curl"), start(2, 0, "other"), connection(3, 1, "128.66.0.9"),
                       connection(4, 1, "128.66.0.9"), connection(5, 2, "128.66.0.7"),
                       connection(5'000, 1, "128.66.0.8")});
    const QStringList texts = textsOf(drawn.drawings->networkTimeline(drawn.subject("P1")));
    QVERIFY(texts.contains("curl 1"));
    QVERIFY(texts.contains(QString::fromUtf8("128.66.0.9:443 × 2")));
    // Another process, and another time.
    QVERIFY(!texts.join(' ').contains("128.66.0.7"));
    QVERIFY(!texts.join(' ').contains("128.66.0.8"));
}

void CaseDrawingsTest::boundsItsLanes()
{
    std::vector<Event> events;
    DrawingSubject subject;
    for (int number = 1; number <= 20; ++number) {
        events.push_back(start(number, 0, "p" + std::to_string(number)));
        events.push_back(connection(100 + number, number, "128.66.0.9"));
    }
    const Drawn drawn(events);
    for (int number = 1; number <= 20; ++number) {
        subject.processes.push_back(*drawn.forest->find("h1", "P" + std::to_string(number)));
    }
    subject.momentsNs = {drawn.forest->process(subject.processes[0]).start->nanoseconds()
                         + 100'000'000'000};
    subject.color = "#b23a12";
    const QStringList texts = textsOf(drawn.drawings->networkTimeline(subject));
    QVERIFY(texts.contains(QString::fromUtf8("… %1 more processes").arg(20 - maxDrawnLanes)));
}

void CaseDrawingsTest::nothingToDraw()
{
    const Drawn drawn({start(1, 0, "quiet")});
    QVERIFY(drawn.drawings->processTree({}).empty());
    QVERIFY(drawn.drawings->networkTimeline({}).empty());
    QVERIFY(drawn.drawings->networkTimeline(drawn.subject("P1")).empty());
}

void CaseDrawingsTest::marksOverTime()
{
    constexpr std::array<std::string_view, 4> colors{"#000001", "#000002", "#000003", "#000004"};
    const std::vector<TimedMark> marks{{0, 3}, {0, 0}, {60'000'000'000, 1}};
    const std::string svg = drawMarksOverTime(marks, colors, 0);
    QVERIFY(textsOf(svg).contains("1970-01-01T00:00:00"));
    QVERIFY(textsOf(svg).contains("highest bar: 2"));
    QVERIFY(svg.contains("#000001") && svg.contains("#000002") && svg.contains("#000004"));
    QVERIFY(!svg.contains("#000003"));
    QVERIFY(drawMarksOverTime({}, colors, 0).empty());
}

QTEST_GUILESS_MAIN(CaseDrawingsTest)
#include "tst_case_drawings.moc"
