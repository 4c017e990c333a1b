#include "core/views/process_graph.h"
#include "tests/core/views/views_events.h"

#include <QtTest>

#include <set>

using namespace sequela;
using namespace sequela::views;
using views_events::Event;
using views_events::makeCase;

namespace {

Event start(int second, const std::string& entity, const std::string& parent)
{
    Event event{static_cast<double>(second),
                {{"host.id", "h1"},
                 {"event.category", "process"},
                 {"event.type", "start"},
                 {"process.entity_id", entity},
                 {"process.pid", std::to_string(100 + second)},
                 {"process.name", entity}}};
    if (!parent.empty()) {
        event.fields.emplace_back("process.parent.entity_id", parent);
    }
    return event;
}

/// root → word → shell → a, b, c; b → d; root also has other.
std::vector<Event> family()
{
    return {start(0, "root", ""),      start(1, "other", "root"), start(2, "word", "root"),
            start(3, "shell", "word"), start(4, "a", "shell"),    start(5, "b", "shell"),
            start(6, "c", "shell"),    start(7, "d", "b")};
}

} // namespace

/// The drawing of a process's family, as numbers.
class ProcessGraphTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ancestorsThenDescendants();
    void noTwoBoxesOverlap();
    void manyChildrenAreCounted();
    void theImportantOnesAreKept();
    void theLimitHolds();
    void longChains();
};

void ProcessGraphTest::ancestorsThenDescendants()
{
    const auto forest = ProcessForest::build(*makeCase(family()));
    QVERIFY(forest.has_value());
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "shell"));
    QCOMPARE(graph.nodes.size(), std::size_t{7});
    QCOMPARE(graph.columns, std::size_t{5});
    QCOMPARE(graph.rows, std::size_t{3});
    QCOMPARE(graph.focus, std::size_t{2});
    QVERIFY(!graph.nodes[0].parent);
    // Its sibling is not drawn, but counted.
    QVERIFY(!graph.find(*forest->find("h1", "other")));
    QCOMPARE(graph.nodes[0].hiddenChildren, std::uint32_t{1});
    const auto shell = graph.nodes[graph.focus];
    const auto b = graph.nodes[*graph.find(*forest->find("h1", "b"))];
    QCOMPARE(shell.column, 2.0);
    QCOMPARE(shell.row, 1.0);
    QCOMPARE(b.column, 3.0);
    QCOMPARE(b.parent, std::optional(graph.focus));
}

void ProcessGraphTest::noTwoBoxesOverlap()
{
    const auto forest = ProcessForest::build(*makeCase(family()));
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "root"));
    QCOMPARE(graph.nodes.size(), std::size_t{8});
    for (std::size_t left = 0; left < graph.nodes.size(); ++left) {
        for (std::size_t right = left + 1; right < graph.nodes.size(); ++right) {
            QVERIFY(graph.nodes[left].column != graph.nodes[right].column
                    || std::abs(graph.nodes[left].row - graph.nodes[right].row) >= 1.0);
        }
    }
}

void ProcessGraphTest::manyChildrenAreCounted()
{
    std::vector<Event> events{start(0, "root", "")};
    for (int child = 1; child <= 60; ++child) {
        events.push_back(start(child, "child" + std::to_string(child), "root"));
    }
    const auto forest = ProcessForest::build(*makeCase(events));
    GraphOptions options;
    options.maxChildren = 10;
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "root"), options);
    QCOMPARE(graph.nodes.size(), std::size_t{11});
    QCOMPARE(graph.nodes[0].hiddenChildren, std::uint32_t{50});
}

void ProcessGraphTest::theImportantOnesAreKept()
{
    std::vector<Event> events{start(0, "root", "")};
    for (int child = 1; child <= 60; ++child) {
        events.push_back(start(child, "child" + std::to_string(child), "root"));
    }
    const auto forest = ProcessForest::build(*makeCase(events));
    const ProcessIndex wanted = *forest->find("h1", "child57");
    GraphOptions options;
    options.maxChildren = 3;
    options.importance = [wanted](ProcessIndex child) { return child == wanted ? 1 : 0; };
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "root"), options);
    QVERIFY(graph.find(wanted).has_value());
    QCOMPARE(graph.nodes.size(), std::size_t{4});
}

void ProcessGraphTest::theLimitHolds()
{
    std::vector<Event> events{start(0, "root", "")};
    for (int child = 1; child <= 50; ++child) {
        events.push_back(start(child, "child" + std::to_string(child), "root"));
    }
    const auto forest = ProcessForest::build(*makeCase(events));
    GraphOptions options;
    options.maxNodes = 20;
    options.maxChildren = 100;
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "root"), options);
    QCOMPARE(graph.nodes.size(), std::size_t{20});
    QCOMPARE(graph.nodes[0].hiddenChildren, std::uint32_t{31});
}

void ProcessGraphTest::longChains()
{
    constexpr int length = 300;
    std::vector<Event> events{start(0, "p0", "")};
    for (int link = 1; link < length; ++link) {
        events.push_back(start(link, "p" + std::to_string(link), "p" + std::to_string(link - 1)));
    }
    const auto forest = ProcessForest::build(*makeCase(events));
    const ProcessGraph graph = layOutProcessGraph(*forest, *forest->find("h1", "p0"));
    QCOMPARE(graph.columns, std::size_t{length});
    QCOMPARE(graph.rows, std::size_t{1});
}

QTEST_GUILESS_MAIN(ProcessGraphTest)
#include "tst_process_graph.moc"
