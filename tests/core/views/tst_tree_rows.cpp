#include "core/views/tree_rows.h"
#include "tests/core/views/views_events.h"

#include <QtTest>

using namespace sequela;
using sequela::views::ProcessForest;
using sequela::views::ProcessIndex;
using sequela::views::TreeRow;
using sequela::views::TreeRows;
using views_events::Event;

class TreeRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsClosed();
    void focusOpensAncestorsAndFoldsSiblings();
    void unfoldBringsSiblings();
    void onlyAlertsKeepsTheWayToThem();
    void expandAndCollapse();
    void thousandsOfChildrenComeInPages();
    void expandAllStopsAtItsLimit();
    void revealOpensTheWay();
    void noForest();

private:
    struct Tree {
        ProcessForest forest;
        std::vector<std::uint8_t> ranks;
        TreeRows rows;
    };
    static std::unique_ptr<Tree>
    makeTree(const std::vector<std::pair<std::string, std::string>>& links);
    static std::string drawn(const Tree& tree);
    static ProcessIndex at(const Tree& tree, const char* name);
};

std::unique_ptr<TreeRowsTest::Tree>
TreeRowsTest::makeTree(const std::vector<std::pair<std::string, std::string>>& links)
{
    std::vector<Event> events;
    for (const auto& [name, parent] : links) {
        Event event{static_cast<double>(events.size()),
                    {{"host.id", "h"},
                     {"event.category", "process"},
                     {"event.type", "start"},
                     {"process.entity_id", name},
                     {"process.name", name}}};
        if (!parent.empty()) {
            event.fields.emplace_back("process.parent.entity_id", parent);
        }
        events.push_back(std::move(event));
    }
    auto forest = ProcessForest::build(*views_events::makeCase(events, 4096));
    auto tree = std::make_unique<Tree>();
    tree->forest = std::move(*forest);
    tree->ranks.assign(tree->forest.processes().size(), 0);
    tree->rows.setForest(&tree->forest, tree->ranks);
    return tree;
}

std::string TreeRowsTest::drawn(const Tree& tree)
{
    std::string text;
    for (const TreeRow& row : tree.rows.rows()) {
        text += std::string(row.depth, ' ');
        text += row.kind == TreeRow::Kind::More
                    ? "+" + std::to_string(row.foldedCount)
                    : (row.expanded     ? "v "
                       : row.expandable ? "> "
                                        : "- ")
                          + tree.forest.process(*row.process).image().name;
        text += '\n';
    }
    return text;
}

ProcessIndex TreeRowsTest::at(const Tree& tree, const char* name)
{
    return *tree.forest.find("h", name);
}

void TreeRowsTest::startsClosed()
{
    const auto tree = makeTree({{"a", ""}, {"b", "a"}, {"c", ""}});
    QCOMPARE(drawn(*tree), "> a\n- c\n");
}

void TreeRowsTest::focusOpensAncestorsAndFoldsSiblings()
{
    std::vector<std::pair<std::string, std::string>> links{
        {"a", ""}, {"b", "a"}, {"y", "a"}, {"c", "b"}, {"d", "c"}};
    for (std::uint32_t i = 0; i < TreeRows::fewSiblings; ++i) {
        links.emplace_back("x" + std::to_string(i), "b");
    }
    const auto tree = makeTree(links);
    tree->rows.focus(at(*tree, "c"));
    QCOMPARE(drawn(*tree), "v a\n v b\n  v c\n   - d\n  +12\n - y\n");
    tree->rows.focus(std::nullopt);
    QCOMPARE(drawn(*tree), "> a\n");
}

void TreeRowsTest::unfoldBringsSiblings()
{
    std::vector<std::pair<std::string, std::string>> links{{"a", ""}, {"b", "a"}};
    for (std::uint32_t i = 0; i < TreeRows::fewSiblings; ++i) {
        links.emplace_back("x" + std::to_string(i), "a");
    }
    const auto tree = makeTree(links);
    tree->rows.focus(at(*tree, "b"));
    QCOMPARE(drawn(*tree), "v a\n - b\n +12\n");
    tree->rows.unfold(2);
    QCOMPARE(tree->rows.rows().size(), std::size_t{14});
    tree->rows.unfold(0);
    tree->rows.unfold(99);
    QCOMPARE(tree->rows.rows().size(), std::size_t{14});
}

void TreeRowsTest::onlyAlertsKeepsTheWayToThem()
{
    const auto tree = makeTree({{"a", ""}, {"b", "a"}, {"c", "a"}, {"z", ""}});
    tree->ranks[at(*tree, "a").index()] = 2;
    tree->ranks[at(*tree, "c").index()] = 2;
    tree->rows.setForest(&tree->forest, tree->ranks);
    tree->rows.setOnlyAlerts(true);
    tree->rows.setExpanded(at(*tree, "a"), true);
    QCOMPARE(drawn(*tree), "v a\n - c\n");
    QVERIFY(!tree->rows.reveal(at(*tree, "b")));
}

void TreeRowsTest::expandAndCollapse()
{
    const auto tree = makeTree({{"a", ""}, {"b", "a"}, {"c", "b"}});
    QVERIFY(tree->rows.expandAll(at(*tree, "a")));
    QCOMPARE(drawn(*tree), "v a\n v b\n  - c\n");
    tree->rows.setExpanded(at(*tree, "a"), false);
    QCOMPARE(drawn(*tree), "> a\n");
}

void TreeRowsTest::thousandsOfChildrenComeInPages()
{
    std::vector<std::pair<std::string, std::string>> links{{"a", ""}};
    for (int i = 0; i < 1000; ++i) {
        links.emplace_back("c" + std::to_string(i), "a");
    }
    const auto tree = makeTree(links);
    tree->rows.setExpanded(at(*tree, "a"), true);
    QCOMPARE(tree->rows.rows().size(), std::size_t{1 + TreeRows::pageSize + 1});
    QCOMPARE(tree->rows.rows().back().foldedCount, 1000 - TreeRows::pageSize);
    tree->rows.unfold(tree->rows.rows().size() - 1);
    QCOMPARE(tree->rows.rows().back().foldedCount, 1000 - 2 * TreeRows::pageSize);
}

void TreeRowsTest::expandAllStopsAtItsLimit()
{
    std::vector<std::pair<std::string, std::string>> links{{"a", ""}};
    for (std::uint32_t i = 0; i <= TreeRows::maxExpandedAtOnce; ++i) {
        links.emplace_back("c" + std::to_string(i), "a");
    }
    const auto tree = makeTree(links);
    QVERIFY(!tree->rows.expandAll(at(*tree, "a")));
}

void TreeRowsTest::revealOpensTheWay()
{
    const auto tree = makeTree({{"a", ""}, {"b", "a"}, {"c", "b"}, {"z", ""}});
    QCOMPARE(tree->rows.reveal(at(*tree, "c")), std::optional<std::size_t>(2));
    QCOMPARE(drawn(*tree), "v a\n v b\n  - c\n- z\n");
}

void TreeRowsTest::noForest()
{
    TreeRows rows;
    rows.setForest(nullptr, {});
    rows.focus(ProcessIndex(3));
    QVERIFY(rows.rows().empty());
    QVERIFY(!rows.reveal(ProcessIndex(0)));
}

QTEST_APPLESS_MAIN(TreeRowsTest)
#include "tst_tree_rows.moc"
