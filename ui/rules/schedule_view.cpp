#include "ui/rules/schedule_view.h"

#include "ui/rules/match_table.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::ui {

namespace {

constexpr std::int64_t minuteNs = 60'000'000'000;
/// A week; longer delays and outages are another question.
constexpr int mostMinutes = 7 * 24 * 60;
constexpr int nameWidth = 130;
constexpr int countWidth = 60;
constexpr int laneHeight = 16;
constexpr int runsHeight = 14;
constexpr int axisHeight = 18;
constexpr int markReach = 6;
/// Runs closer together than this are drawn as one band.
constexpr double leastRunDistance = 3.0;

struct LaneLook {
    const char* name;
    Token token;
    std::uint64_t (*count)(const detect::ReplayCounts&);
};

constexpr std::array<LaneLook, scheduleLaneCount> lanes{{
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "found once"), Token::Gained,
     [](const detect::ReplayCounts& counts) { return counts.found - counts.foundAgain; }},
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "found again"), Token::Accent,
     [](const detect::ReplayCounts& counts) { return counts.foundAgain; }},
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "cut by limit"), Token::Medium,
     [](const detect::ReplayCounts& counts) { return counts.cut; }},
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "in no window"), Token::Critical,
     [](const detect::ReplayCounts& counts) { return counts.missedNoWindow; }},
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "arrived late"), Token::Critical,
     [](const detect::ReplayCounts& counts) { return counts.missedLate; }},
    {QT_TRANSLATE_NOOP("sequela::ui::ScheduleAxis", "paired otherwise"), Token::Critical,
     [](const detect::ReplayCounts& counts) { return counts.missedOtherwise; }},
}};

} // namespace

QString scheduleSummary(const ScheduleResult& result)
{
    const detect::ReplayCounts& counts = result.counts;
    QString text = ScheduleView::tr("%1 · %2").arg(
        text::counted(counts.runs, ScheduleView::tr("run")), text::visible(result.schedule));
    if (counts.catchUpWindows > 0) {
        text += ScheduleView::tr(" · %1 after the outage")
                    .arg(text::counted(counts.catchUpWindows, ScheduleView::tr("catch-up window")));
    }
    text += ScheduleView::tr("\n%1 found").arg(text::count(counts.found));
    if (counts.foundAgain > 0) {
        text +=
            ScheduleView::tr(", %1 of them by several runs").arg(text::count(counts.foundAgain));
    }
    const std::uint64_t missed = counts.missedNoWindow + counts.missedLate + counts.missedOtherwise;
    text +=
        ScheduleView::tr(" · %1 cut · %2 missed").arg(text::count(counts.cut), text::count(missed));
    if (counts.onlyScheduled > 0) {
        text += ScheduleView::tr(" · %1 the whole case pairs otherwise")
                    .arg(text::count(counts.onlyScheduled));
    }
    return text;
}

ScheduleAxis::ScheduleAxis(const state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Runs and what they found"));
    setMouseTracking(true);
    connect(&context.theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
    connect(&context.time, &state::TimeDisplay::changed, this, qOverload<>(&QWidget::update));
}

void ScheduleAxis::setResult(std::shared_ptr<const ScheduleResult> result)
{
    m_result = std::move(result);
    m_stale = false;
    update();
}

void ScheduleAxis::setStale(bool stale)
{
    m_stale = stale;
    update();
}

QSize ScheduleAxis::sizeHint() const
{
    return {400, runsHeight + static_cast<int>(scheduleLaneCount) * laneHeight + axisHeight + 6};
}

QRect ScheduleAxis::plot() const
{
    return rect().adjusted(nameWidth, 0, -countWidth, 0);
}

QRect ScheduleAxis::laneRect(int lane) const
{
    return {plot().left(), runsHeight + 2 + lane * laneHeight, plot().width(), laneHeight};
}

void ScheduleAxis::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Theme& theme = m_context.theme;
    painter.fillRect(rect(), theme.color(Token::Panel));
    if (!m_result || !m_result->arrivals || plot().width() < 1) {
        return;
    }
    if (m_stale) {
        painter.setOpacity(0.4);
    }
    painter.setFont(theme.smallFont());
    paintRuns(painter);
    const ScheduleColumns columns = scheduleColumns(*m_result, plot().width());
    for (std::size_t lane = 0; lane < scheduleLaneCount; ++lane) {
        paintLane(painter, static_cast<int>(lane), columns.at(lane));
    }
    paintTicks(painter);
}

void ScheduleAxis::paintRuns(QPainter& painter) const
{
    const Theme& theme = m_context.theme;
    const ScheduleAxisRange range = axisRange(*m_result);
    const QRect area(plot().left(), 2, plot().width(), runsHeight - 2);
    painter.setPen(theme.color(Token::Muted));
    painter.drawText(QRect(10, 0, nameWidth - 16, runsHeight), Qt::AlignVCenter | Qt::AlignLeft,
                     tr("runs"));
    painter.drawText(QRect(area.right() + 6, 0, countWidth - 10, runsHeight),
                     Qt::AlignVCenter | Qt::AlignLeft, text::count(m_result->counts.runs));
    const std::int64_t interval = m_result->intervalNs;
    const double distance = static_cast<double>(interval) / static_cast<double>(range.length())
                            * static_cast<double>(area.width());
    if (distance < leastRunDistance) {
        painter.fillRect(area.adjusted(0, 4, 0, -4), theme.color(Token::HistogramFill));
    } else {
        // Runs start at whole intervals; the first one that is drawn lies on the axis.
        const std::int64_t into = ((range.beginNs % interval) + interval) % interval;
        std::int64_t run = laterBy(range.beginNs, into == 0 ? 0 : interval - into);
        for (; run < range.endNs; run = laterBy(run, interval)) {
            const int column =
                axisColumn(range, laterBy(run, m_result->switches.runsLateNs), area.width());
            if (column >= 0 && column < area.width()) {
                painter.fillRect(area.left() + column, area.top(), 1, area.height(),
                                 theme.color(Token::HistogramFill));
            }
        }
    }
    if (m_result->switches.outageNs > 0) {
        const std::int64_t from = laterBy(range.beginNs, m_result->switches.outageAfterNs);
        const int begin = std::max(0, axisColumn(range, from, area.width()));
        const int end = axisColumn(range, laterBy(from, m_result->switches.outageNs), area.width());
        const QRect out(area.left() + begin, area.top(), std::max(1, end - begin), area.height());
        painter.fillRect(out, theme.color(Token::Panel));
        painter.setPen(QPen(theme.color(Token::Critical), 1, Qt::DashLine));
        painter.drawRect(out.adjusted(0, 0, -1, -1));
        painter.drawText(out, Qt::AlignCenter, tr("outage"));
    }
}

void ScheduleAxis::paintLane(QPainter& painter, int lane,
                             const std::vector<std::uint32_t>& columns) const
{
    const Theme& theme = m_context.theme;
    const LaneLook& look = lanes.at(static_cast<std::size_t>(lane));
    const QRect area = laneRect(lane);
    const std::uint64_t count = look.count(m_result->counts);
    painter.setPen(theme.color(count > 0 ? Token::Text : Token::Muted));
    painter.drawText(QRect(10, area.top(), nameWidth - 16, laneHeight),
                     Qt::AlignVCenter | Qt::AlignLeft, tr(look.name));
    painter.drawText(QRect(area.right() + 6, area.top(), countWidth - 10, laneHeight),
                     Qt::AlignVCenter | Qt::AlignLeft, text::count(count));
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const std::uint32_t most = columns.empty() ? 0 : *std::ranges::max_element(columns);
    for (std::size_t column = 0; column < columns.size(); ++column) {
        if (columns[column] == 0) {
            continue;
        }
        // A single match is seen as well as the fullest column.
        const double share = static_cast<double>(columns[column]) / static_cast<double>(most);
        const int height = 5 + static_cast<int>(share * (laneHeight - 8));
        painter.fillRect(area.left() + static_cast<int>(column) - 1, area.bottom() - height, 3,
                         height, theme.color(look.token));
    }
}

void ScheduleAxis::paintTicks(QPainter& painter) const
{
    const Theme& theme = m_context.theme;
    const ScheduleAxisRange range = axisRange(*m_result);
    const QRect area(plot().left(), laneRect(static_cast<int>(scheduleLaneCount)).top() + 2,
                     plot().width(), axisHeight);
    const std::int64_t step = state::axisStepNs(range.length(), area.width(), 80);
    painter.setPen(theme.color(Token::Muted));
    for (std::int64_t at = laterBy(range.beginNs, step - range.beginNs % step); at < range.endNs;
         at = laterBy(at, step)) {
        const int x = area.left() + axisColumn(range, at, area.width());
        painter.drawLine(x, area.top(), x, area.top() + 3);
        painter.drawText(QRect(x - 40, area.top() + 3, 80, axisHeight - 3),
                         Qt::AlignHCenter | Qt::AlignTop, m_context.time.axisLabel(at, step));
    }
}

void ScheduleAxis::mousePressEvent(QMouseEvent* event)
{
    if (!m_result || !m_result->arrivals) {
        return;
    }
    const QPoint at = event->position().toPoint();
    const int lane = (at.y() - runsHeight - 2) / laneHeight;
    if (at.y() < runsHeight + 2 || lane >= static_cast<int>(scheduleLaneCount)) {
        return;
    }
    if (const auto mark = markNear(*m_result, static_cast<ScheduleLane>(lane),
                                   at.x() - plot().left(), plot().width(), markReach)) {
        Q_EMIT markChosen(*mark);
    }
}

ScheduleView::ScheduleView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_summary(new QLabel(this)),
      m_axis(new ScheduleAxis(context, this)),
      m_table(new MatchTable(context, this))
{
    setProperty("class", QStringLiteral("plain"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(10, 2, 10, 6);
    m_table->setObjectName(QStringLiteral("rules.replayed"));
    m_table->setAccessibleName(tr("Matches and what became of them"));
    m_table->matches().setNoteTitle(tr("What became of it"));
    layout->addWidget(makeSwitches());
    layout->addWidget(m_summary);
    layout->addWidget(m_axis);
    layout->addWidget(m_table, 1);
    connect(m_axis, &ScheduleAxis::markChosen, this, [this](std::size_t mark) {
        for (int row = 0; row < m_table->matches().rowCount(); ++row) {
            if (m_table->matches().listRow(row) == mark) {
                m_table->setCurrentIndex(
                    m_table->matches().index(row, MatchModel::FirstStageColumn));
                return;
            }
        }
    });
    setRemark({});
}

QSpinBox* ScheduleView::makeMinutes(const QString& name, const QString& toolTip)
{
    auto* box = new QSpinBox(this);
    box->setRange(0, mostMinutes);
    box->setSuffix(tr(" min"));
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    // Not after each digit of a longer number.
    box->setKeyboardTracking(false);
    connect(box, &QSpinBox::valueChanged, this, &ScheduleView::replayWanted);
    return box;
}

QWidget* ScheduleView::makeSwitches()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(10, 6, 10, 4);
    layout->setSpacing(6);
    m_runsLate = makeMinutes(tr("Runs late by"), tr("Every run starts this much later"));
    m_eventsLate = makeMinutes(tr("Events late by"),
                               tr("Events that do not say when they were ingested arrive this much "
                                  "after their time"));
    m_outage = makeMinutes(tr("Outage of"), tr("No run starts for so long; 0 for no outage"));
    m_outageAfter =
        makeMinutes(tr("Outage after"), tr("When the outage begins, counted from the first event"));
    const std::array<std::pair<QString, QSpinBox*>, 4> boxes{{{tr("Runs late by"), m_runsLate},
                                                              {tr("Events late by"), m_eventsLate},
                                                              {tr("Outage of"), m_outage},
                                                              {tr("after"), m_outageAfter}}};
    for (const auto& [label, box] : boxes) {
        auto* name = new QLabel(label, row);
        name->setProperty("class", QStringLiteral("muted"));
        name->setBuddy(box);
        layout->addWidget(name);
        layout->addWidget(box);
    }
    layout->addStretch(1);
    return row;
}

ScheduleSwitches ScheduleView::switches() const
{
    return {m_runsLate->value() * minuteNs, m_eventsLate->value() * minuteNs,
            m_outageAfter->value() * minuteNs, m_outage->value() * minuteNs};
}

void ScheduleView::setSwitches(const ScheduleSwitches& switches)
{
    const auto set = [](QSpinBox* box, std::int64_t timeNs) {
        const QSignalBlocker quiet(box);
        box->setValue(static_cast<int>(timeNs / minuteNs));
    };
    set(m_runsLate, switches.runsLateNs);
    set(m_eventsLate, switches.eventsLateNs);
    set(m_outageAfter, switches.outageAfterNs);
    set(m_outage, switches.outageNs);
    Q_EMIT replayWanted();
}

void ScheduleView::setResult(std::shared_ptr<const ScheduleResult> result)
{
    m_result = std::move(result);
    m_summary->setText(m_result ? scheduleSummary(*m_result) : QString());
    m_axis->setVisible(m_result != nullptr);
    m_table->setVisible(m_result != nullptr);
    m_axis->setResult(m_result);
    m_table->setRows(m_result ? m_result->rows : std::make_shared<const MatchList>());
    setStale(false);
}

void ScheduleView::setRemark(const QString& remark)
{
    setResult(nullptr);
    m_summary->setText(remark);
}

void ScheduleView::setStale(bool stale)
{
    m_axis->setStale(stale);
    m_table->matches().setStale(stale);
    m_summary->setEnabled(!stale);
}

QString ScheduleView::summary() const
{
    return m_summary->text();
}

} // namespace sequela::ui
