#include "ui/events/group_lines.h"

#include <QtTest>

using namespace sequela;
using namespace sequela::ui;

namespace {

/// Groups of 3, 2 and 1 events, the last without a value.
EventGroups threeGroups()
{
    return std::make_shared<const std::vector<EventGroup>>(
        std::vector<EventGroup>{{"a", true, 0, 3}, {"b", true, 3, 2}, {"", false, 5, 1}});
}

} // namespace

class GroupLinesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutGroupsALineIsAnIndex()
    {
        GroupLines lines;
        lines.set(nullptr, 4);
        QCOMPARE(lines.lineCount(), 4);
        QCOMPARE(lines.at(3).index, 3);
        QCOMPARE(lines.lineOfIndex(2), 2);
        QVERIFY(!lines.groupOf(2));
        QCOMPARE(lines.groupLinesBetween(0, 3), 0);
    }

    void closedGroupsAreOneLineEach()
    {
        GroupLines lines;
        lines.set(threeGroups(), 6);
        QCOMPARE(lines.lineCount(), 3);
        for (int line = 0; line < 3; ++line) {
            QCOMPARE(lines.at(line).group, std::optional(static_cast<std::size_t>(line)));
            QCOMPARE(lines.at(line).index, -1);
        }
        QCOMPARE(lines.lineOfIndex(4), -1);
        QCOMPARE(lines.groupOf(4), std::optional<std::size_t>(1));
        QCOMPARE(lines.groupOf(5), std::optional<std::size_t>(2));
    }

    void openGroupsShowTheirEvents()
    {
        GroupLines lines;
        lines.set(threeGroups(), 6);
        lines.setOpen(1, true);
        QCOMPARE(lines.lineCount(), 5);
        QCOMPARE(lines.at(1).group, std::optional<std::size_t>(1));
        QCOMPARE(lines.at(2).index, 3);
        QCOMPARE(lines.at(3).index, 4);
        QCOMPARE(lines.at(4).group, std::optional<std::size_t>(2));
        QCOMPARE(lines.lineOfIndex(4), 3);
        QCOMPARE(lines.groupLinesBetween(0, 4), 3);
        QCOMPARE(lines.groupLinesBetween(2, 3), 0);
        lines.setAllOpen(true);
        QCOMPARE(lines.lineCount(), 9);
        // Every index has a line of its own that leads back to it.
        for (int index = 0; index < 6; ++index) {
            QCOMPARE(lines.at(lines.lineOfIndex(index)).index, index);
        }
        lines.setAllOpen(false);
        QCOMPARE(lines.lineCount(), 3);
    }

    void whatWasOpenIsOpenAgain()
    {
        GroupLines lines;
        lines.set(threeGroups(), 6);
        lines.setOpen(2, true);
        lines.set(std::make_shared<const std::vector<EventGroup>>(
                      std::vector<EventGroup>{{"b", true, 0, 2}, {"", false, 2, 4}}),
                  6);
        QVERIFY(!lines.isOpen(0));
        QVERIFY(lines.isOpen(1));
    }

    void noGroupsAtAll()
    {
        GroupLines lines;
        lines.set(std::make_shared<const std::vector<EventGroup>>(), 0);
        QCOMPARE(lines.lineCount(), 0);
        QVERIFY(!lines.groupOf(0));
    }
};

QTEST_GUILESS_MAIN(GroupLinesTest)
#include "tst_group_lines.moc"
