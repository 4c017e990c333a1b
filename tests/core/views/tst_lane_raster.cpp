#include "core/views/lane_raster.h"

#include <QtTest>

#include <numeric>

using namespace sequela;
using namespace sequela::views;

class LaneRasterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void marksAndBars();
    void worstStyleWinsAPixel();
    void barsReachIntoTheView();
    void nothingOutside();
    void manyFlowsAreFewRuns();
    void nearestFlow();
};

namespace {

constexpr std::int64_t second = 1'000'000'000;

struct TestLane {
    std::vector<Flow> flows;
    std::vector<std::uint32_t> indices;
    std::int64_t longestNs = 0;
};

TestLane lane(const std::vector<std::pair<double, double>>& spans)
{
    TestLane result;
    for (const auto& [start, end] : spans) {
        Flow flow;
        flow.startNs = static_cast<std::int64_t>(start * second);
        flow.endNs = static_cast<std::int64_t>(end * second);
        result.flows.push_back(flow);
    }
    result.indices.resize(result.flows.size());
    std::iota(result.indices.begin(), result.indices.end(), 0U);
    result.longestNs = longestFlowNs(result.flows, result.indices);
    return result;
}

TimelineGeometry tenSeconds()
{
    TimelineGeometry geometry;
    geometry.setWidth(100);
    geometry.setBounds({0, 100 * second});
    geometry.setView({50 * second, 60 * second});
    return geometry;
}

std::vector<LaneRun> raster(const TestLane& lane,
                            const std::function<FlowStyle(std::uint32_t)>& style)
{
    return rasterizeLane(lane.flows, lane.indices, lane.longestNs, tenSeconds(), 3, style);
}

FlowStyle always(std::uint32_t)
{
    return FlowStyle::Public;
}

} // namespace

void LaneRasterTest::marksAndBars()
{
    const auto runs = raster(lane({{51, 51}, {54, 56}}), always);
    QCOMPARE(runs.size(), std::size_t{2});
    QCOMPARE(runs[0].beginX, 10);
    QCOMPARE(runs[0].endX, 13);
    QCOMPARE(runs[1].beginX, 40);
    QCOMPARE(runs[1].endX, 60);
}

void LaneRasterTest::worstStyleWinsAPixel()
{
    const auto runs = raster(lane({{51, 55}, {52, 53}}), [](std::uint32_t flow) {
        return flow == 1 ? FlowStyle::Critical : FlowStyle::Private;
    });
    QCOMPARE(runs.size(), std::size_t{3});
    QCOMPARE(runs[1].style, FlowStyle::Critical);
    QCOMPARE(runs[1].beginX, 20);
    QCOMPARE(runs[2].style, FlowStyle::Private);
}

void LaneRasterTest::barsReachIntoTheView()
{
    const auto runs = raster(lane({{1, 90}, {2, 2}}), always);
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0].beginX, 0);
    QCOMPARE(runs[0].endX, 100);
}

void LaneRasterTest::nothingOutside()
{
    QVERIFY(raster(lane({{1, 2}, {70, 80}}), always).empty());
    QVERIFY(raster(lane({}), always).empty());
}

void LaneRasterTest::manyFlowsAreFewRuns()
{
    std::vector<std::pair<double, double>> spans;
    for (int i = 0; i < 200'000; ++i) {
        spans.emplace_back(50 + i * 5e-5, 50 + i * 5e-5);
    }
    QCOMPARE(raster(lane(spans), always).size(), std::size_t{1});
}

void LaneRasterTest::nearestFlow()
{
    const TestLane flows = lane({{51, 51}, {52, 54}, {58, 58}});
    const auto near = [&](double x) {
        return flowNear(flows.flows, flows.indices, flows.longestNs, tenSeconds(), x, 5);
    };
    QCOMPARE(near(11), std::optional<std::uint32_t>(0));
    QCOMPARE(near(30), std::optional<std::uint32_t>(1));
    QCOMPARE(near(83), std::optional<std::uint32_t>(2));
    QVERIFY(!near(65));
}

QTEST_APPLESS_MAIN(LaneRasterTest)
#include "tst_lane_raster.moc"
