#include "core/views/process_forest.h"
#include "tests/core/views/views_events.h"

#include <QtTest>

#include <functional>

using namespace sequela;
using namespace sequela::views;
using views_events::Event;
using views_events::makeCase;

class ProcessForestTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linksByEntityId();
    void foldsForkAndExecOfOnePid();
    void keepsNamedParentsAsInferred();
    void sameEntityOnTwoHostsIsTwoProcesses();
    void countsByCategory();
    void fallsBackToPidAndTime();
    void pidReuseOpensANewProcess();
    void startNotSeen();
    void cutsCycles();
    void ownParentIsNoParent();
    void eventWithoutProcess();
    void hostIdFallsBackToName();
    void segmentSizeChangesNothing_data();
    void segmentSizeChangesNothing();
    void cancels();
    void deepChain();
};

namespace {

Event start(double seconds, const char* entity, int pid, const char* name, const char* parent,
            int parentPid = 0, const char* action = "exec")
{
    Event event{seconds,
                {{"host.id", "h1"},
                 {"host.name", "mac"},
                 {"event.category", "process"},
                 {"event.type", "start"},
                 {"event.action", action},
                 {"process.entity_id", entity},
                 {"process.pid", std::to_string(pid)},
                 {"process.name", name},
                 {"process.parent.entity_id", parent}}};
    if (parentPid > 0) {
        event.fields.emplace_back("process.parent.pid", std::to_string(parentPid));
    }
    std::erase_if(event.fields, [](const auto& field) { return field.second.empty(); });
    return event;
}

Event of(double seconds, const char* entity, const char* category, const char* type = "info")
{
    return {seconds,
            {{"host.id", "h1"},
             {"event.category", category},
             {"event.type", type},
             {"process.entity_id", entity}}};
}

ProcessForest build(const std::vector<Event>& events, std::uint32_t segmentSize = 3)
{
    auto forest = ProcessForest::build(*makeCase(events, segmentSize));
    if (!forest) {
        qFatal("%s", forest.error().message.c_str());
    }
    return std::move(*forest);
}

/// The forest as indented text, one process a line.
std::string drawn(const ProcessForest& forest)
{
    std::string text;
    const std::function<void(ProcessIndex, std::size_t)> draw = [&](ProcessIndex index,
                                                                    std::size_t depth) {
        const Process& process = forest.process(index);
        text += std::string(depth * 2, ' ');
        for (const ProcessImage& image : process.images) {
            text += (&image == process.images.data() ? "" : ">") + image.name;
        }
        text += process.evidence == Evidence::Recorded ? "\n" : " ?\n";
        for (const ProcessIndex child : process.children) {
            draw(child, depth + 1);
        }
    };
    for (const ProcessIndex root : forest.roots()) {
        draw(root, 0);
    }
    return text;
}

const std::vector<Event>& story()
{
    static const std::vector<Event> events{
        start(0, "L", 1, "launchd", ""),
        start(1, "W", 10, "Word", "L"),
        start(2, "F", 20, "Word", "W", 10, "fork"),
        start(2.1, "S", 20, "sh", "F", 10),
        start(3, "C", 30, "curl", "S"),
        of(4, "C", "network", "start"),
        of(5, "C", "process", "end"),
    };
    return events;
}

} // namespace

void ProcessForestTest::linksByEntityId()
{
    const ProcessForest forest =
        build({start(0, "A", 1, "launchd", ""), start(2, "C", 3, "late", "A"),
               start(1, "B", 2, "early", "A")});
    QCOMPARE(drawn(forest), "launchd\n  early\n  late\n");
    QCOMPARE(forest.processes()[forest.find("h1", "A")->index()].descendantCount, 2U);
    QCOMPARE(forest.ancestors(*forest.find("h1", "C")).size(), std::size_t{1});
}

void ProcessForestTest::foldsForkAndExecOfOnePid()
{
    const ProcessForest forest = build(story());
    QCOMPARE(drawn(forest), "launchd\n  Word\n    Word>sh\n      curl\n");
    QCOMPARE(forest.find("h1", "F"), forest.find("h1", "S"));
    const Process& shell = forest.process(*forest.find("h1", "S"));
    QCOMPARE(shell.image().name, "sh");
    QCOMPARE(shell.images.front().action, "fork");
    QCOMPARE(shell.start->nanoseconds(), views_events::startNs + 2'000'000'000);
}

void ProcessForestTest::keepsNamedParentsAsInferred()
{
    Event child = start(1, "B", 5, "osascript", "GONE", 4);
    child.fields.emplace_back("process.parent.name", "bash");
    const ProcessForest forest = build({child});
    QCOMPARE(drawn(forest), "bash ?\n  osascript\n");
    const Process& parent = forest.process(*forest.find("h1", "GONE"));
    QCOMPARE(parent.evidence, Evidence::NamedAsParent);
    QCOMPARE(parent.pid, std::optional<std::int64_t>(4));
    QVERIFY(!parent.remark.empty());
    QCOMPARE(forest.process(*forest.find("h1", "B")).parentEvidence, Evidence::NamedAsParent);
}

void ProcessForestTest::sameEntityOnTwoHostsIsTwoProcesses()
{
    Event other = start(1, "A", 7, "other", "");
    other.fields[0].second = "h2";
    const ProcessForest forest = build({start(0, "A", 1, "one", ""), other});
    QCOMPARE(forest.processes().size(), std::size_t{2});
    QVERIFY(forest.find("h1", "A") != forest.find("h2", "A"));
}

void ProcessForestTest::countsByCategory()
{
    const ProcessForest forest =
        build({start(0, "A", 1, "a", ""), of(1, "A", "network"), of(2, "A", "network"),
               of(3, "A", "file"), of(4, "A", "registry"), of(5, "A", "library")});
    const Process& process = forest.process(*forest.find("h1", "A"));
    QCOMPARE(process.eventCount, 6U);
    QCOMPARE(process.networkCount, 2U);
    QCOMPARE(process.fileCount, 1U);
    QCOMPARE(process.registryCount, 1U);
    const ProcessForest ended = build(story());
    QVERIFY(ended.process(*ended.find("h1", "C")).end);
}

void ProcessForestTest::fallsBackToPidAndTime()
{
    const ProcessForest forest =
        build({start(0, "", 1, "services.exe", ""), start(1, "", 2, "svchost.exe", "", 1),
               Event{2, {{"host.id", "h1"}, {"event.category", "network"}, {"process.pid", "2"}}}});
    QCOMPARE(drawn(forest), "services.exe ?\n  svchost.exe ?\n");
    const auto process = forest.processOf(EventNumber(2));
    QVERIFY(process);
    QCOMPARE(forest.process(*process).image().name, "svchost.exe");
    QCOMPARE(forest.process(*process).evidence, Evidence::PidAndTime);
    QCOMPARE(forest.process(*process).parentEvidence, Evidence::PidAndTime);
}

void ProcessForestTest::pidReuseOpensANewProcess()
{
    const ProcessForest forest =
        build({start(0, "", 8, "first", ""), start(10, "", 8, "second", ""),
               Event{5, {{"host.id", "h1"}, {"event.category", "file"}, {"process.pid", "8"}}},
               Event{15, {{"host.id", "h1"}, {"event.category", "file"}, {"process.pid", "8"}}}});
    QCOMPARE(forest.processes().size(), std::size_t{2});
    QCOMPARE(forest.process(*forest.processOf(EventNumber(2))).image().name, "first");
    QCOMPARE(forest.process(*forest.processOf(EventNumber(3))).image().name, "second");
}

void ProcessForestTest::startNotSeen()
{
    const ProcessForest forest = build({of(1, "A", "network")});
    QCOMPARE(forest.process(ProcessIndex(0)).evidence, Evidence::StartNotSeen);
    QVERIFY(!forest.process(ProcessIndex(0)).start);
}

void ProcessForestTest::cutsCycles()
{
    const ProcessForest forest =
        build({start(0, "A", 1, "a", "C"), start(1, "B", 2, "b", "A"), start(2, "C", 3, "c", "B")});
    QCOMPARE(forest.roots().size(), std::size_t{1});
    std::size_t remarks = 0;
    for (const Process& process : forest.processes()) {
        remarks += process.remark.empty() ? 0U : 1U;
    }
    QCOMPARE(remarks, std::size_t{1});
    QCOMPARE(forest.process(forest.roots().front()).descendantCount, 2U);
}

void ProcessForestTest::ownParentIsNoParent()
{
    const ProcessForest forest = build({start(0, "A", 1, "a", "A", 1)});
    QCOMPARE(drawn(forest), "a\n");
}

void ProcessForestTest::eventWithoutProcess()
{
    const ProcessForest forest =
        build({Event{0, {{"host.id", "h1"}, {"event.category", "authentication"}}}});
    QVERIFY(forest.processes().empty());
    QVERIFY(!forest.processOf(EventNumber(0)));
    QVERIFY(!forest.processOf(EventNumber(99)));
}

void ProcessForestTest::hostIdFallsBackToName()
{
    const ProcessForest forest = build(
        {Event{0, {{"host.name", "MAC"}, {"process.entity_id", "A"}, {"event.category", "file"}}}});
    QVERIFY(forest.find("mac", "A"));
}

void ProcessForestTest::segmentSizeChangesNothing_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("one event a segment") << 1;
    QTest::newRow("two") << 2;
    QTest::newRow("all in one") << 1000;
}

void ProcessForestTest::segmentSizeChangesNothing()
{
    QFETCH(int, size);
    QCOMPARE(drawn(build(story(), static_cast<std::uint32_t>(size))), drawn(build(story(), 3)));
}

void ProcessForestTest::cancels()
{
    std::stop_source source;
    source.request_stop();
    const auto forest = ProcessForest::build(*makeCase(story()), source.get_token());
    QVERIFY(!forest);
    QVERIFY(isCancelled(forest.error()));
}

void ProcessForestTest::deepChain()
{
    std::vector<Event> events{start(0, "0", 1, "p", "")};
    for (int i = 1; i < 20'000; ++i) {
        events.push_back(
            start(i, std::to_string(i).c_str(), i + 1, "p", std::to_string(i - 1).c_str()));
    }
    const ProcessForest forest = build(events, 4096);
    QCOMPARE(forest.process(forest.roots().front()).descendantCount, 19'999U);
    QCOMPARE(forest.ancestors(*forest.find("h1", "19999")).size(), std::size_t{19'999});
}

QTEST_APPLESS_MAIN(ProcessForestTest)
#include "tst_process_forest.moc"
