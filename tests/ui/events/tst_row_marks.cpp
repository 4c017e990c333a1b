#include "ui/events/marked_scroll_bar.h"

#include <QtTest>

#include <algorithm>

using namespace sequela;
using namespace sequela::ui;
using detect::AlertSeverity;

class RowMarksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWorstOfAStretchWins()
    {
        // Sorted backwards: rows, not event numbers, say where.
        std::vector<EventNumber> rows;
        for (std::uint32_t event = 60'000; event-- > 0;) {
            rows.emplace_back(event);
        }
        const RowMarks marks = summarizeMarks(rows,
                                              {{EventNumber(59'999), AlertSeverity::Low},
                                               {EventNumber(59'990), AlertSeverity::Critical},
                                               {EventNumber(0), AlertSeverity::Medium}},
                                              {EventNumber(59'998), EventNumber(30'000)});
        QCOMPARE(marks.size(), rowMarkCount);
        QCOMPARE(marks.front(), 2 + static_cast<std::uint8_t>(AlertSeverity::Critical));
        QCOMPARE(marks.back(), 2 + static_cast<std::uint8_t>(AlertSeverity::Medium));
        QCOMPARE(marks[rowMarkCount / 2 - 1], std::uint8_t{1});
        QCOMPARE(std::ranges::count_if(marks, [](std::uint8_t mark) { return mark > 0; }), 3);
    }

    void nothingStandsOut()
    {
        const std::vector rows{EventNumber(0), EventNumber(1)};
        QVERIFY(summarizeMarks(rows, {}, {}).empty());
        QVERIFY(summarizeMarks({}, {{EventNumber(0), AlertSeverity::Low}}, {}).empty());
        // An alert about an event that the filter hides.
        const RowMarks marks = summarizeMarks(rows, {{EventNumber(7), AlertSeverity::Low}}, {});
        QVERIFY(std::ranges::all_of(marks, [](std::uint8_t mark) { return mark == 0; }));
    }
};

QTEST_GUILESS_MAIN(RowMarksTest)
#include "tst_row_marks.moc"
