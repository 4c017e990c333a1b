#include "ui/rules/near_misses_view.h"

#include "ui/rules/match_model.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <utility>

namespace sequela::ui {

namespace {
/// Classes up to maxspan, and in all: the chart reaches six times the maxspan.
constexpr std::size_t classesWithin = 5;
constexpr std::size_t classCount = 30;
/// The slider ends here, in maxspans; its steps are hundredths of one.
constexpr int longestFactor = 6;
/// Reasons told beside the chart; the table has every one.
constexpr std::size_t maxLines = 6;
} // namespace

SpanHistogram spanHistogram(const workspace::NearMisses& near)
{
    SpanHistogram histogram;
    const std::int64_t maxspanNs = near.maxspanNs.value_or(0);
    histogram.counts.assign(classCount, 0);
    histogram.stepNs = std::max<std::int64_t>(1, maxspanNs / std::int64_t{classesWithin});
    histogram.firstLate = classesWithin;
    for (const std::int64_t span : near.spansNs) {
        // A sequence of exactly maxspan still counts.
        const std::int64_t place =
            span <= maxspanNs ? std::min(span / histogram.stepNs, std::int64_t{classesWithin} - 1)
                              : std::max(span / histogram.stepNs, std::int64_t{classesWithin});
        if (place < std::int64_t{classCount}) {
            ++histogram.counts[static_cast<std::size_t>(place)];
        } else {
            ++histogram.beyond;
        }
    }
    return histogram;
}

SpanChart::SpanChart(const state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("How long sequences took"));
    connect(&context.theme, &Theme::themeChanged, this, qOverload<>(&QWidget::update));
}

void SpanChart::setHistogram(SpanHistogram histogram, std::int64_t maxspanNs)
{
    m_histogram = std::move(histogram);
    m_maxspanNs = maxspanNs;
    update();
}

void SpanChart::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_context.theme;
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Token::Panel));
    if (m_histogram.counts.empty()) {
        return;
    }
    painter.setFont(theme.smallFont());
    const int textHeight = painter.fontMetrics().height();
    const QRectF plot(0, textHeight + 2, width(), height() - 2 * textHeight - 8);
    const std::uint64_t highest =
        std::max<std::uint64_t>(1, *std::ranges::max_element(m_histogram.counts));
    const double step = plot.width() / static_cast<double>(m_histogram.counts.size());
    for (std::size_t index = 0; index < m_histogram.counts.size(); ++index) {
        const std::uint64_t count = m_histogram.counts[index];
        if (count == 0) {
            continue;
        }
        const double barHeight = std::max(2.0, plot.height() * static_cast<double>(count)
                                                   / static_cast<double>(highest));
        painter.fillRect(
            QRectF(plot.left() + step * static_cast<double>(index), plot.bottom() - barHeight,
                   std::max(1.0, step - 2), barHeight),
            theme.color(index < m_histogram.firstLate ? Token::Accent : Token::MediumFill));
    }
    painter.setPen(theme.color(Token::Line));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    const double limit = plot.left() + step * static_cast<double>(m_histogram.firstLate) - 1;
    painter.setPen(QPen(theme.color(Token::Text), 1, Qt::DashLine));
    painter.drawLine(QPointF(limit, 2), QPointF(limit, plot.bottom()));
    painter.drawText(QPointF(limit + 4, painter.fontMetrics().ascent()),
                     tr("maxspan %1").arg(durationText(m_maxspanNs)));
    painter.setPen(theme.color(Token::Muted));
    const QRectF axis(0, plot.bottom() + 3, width(), textHeight);
    painter.drawText(axis, Qt::AlignLeft, QStringLiteral("0 s"));
    QString end =
        durationText(m_histogram.stepNs * static_cast<std::int64_t>(m_histogram.counts.size()));
    if (m_histogram.beyond > 0) {
        end += tr("  (+%1 longer)").arg(text::count(m_histogram.beyond));
    }
    painter.drawText(axis, Qt::AlignRight, end);
}

std::vector<MissLine> missLines(const workspace::NearMisses& near, const std::string& text,
                                const eql::BoundQuery* bound)
{
    using workspace::MissKind;
    struct Tally {
        std::uint64_t count = 0;
        std::size_t stage = 0;
    };
    // By kind and by what is said of it; listed ones stand for those beyond the limit.
    std::map<std::pair<MissKind, std::string>, Tally> tallies;
    for (const workspace::NearMiss& miss : near.misses) {
        if (miss.kind != MissKind::TooLate) {
            Tally& tally = tallies[{miss.kind, missNote(miss, text, bound, near.maxspanNs)}];
            ++tally.count;
            tally.stage = miss.stage;
        }
    }
    std::vector<std::pair<std::uint64_t, MissLine>> counted;
    for (const auto& [what, tally] : tallies) {
        const auto& [kind, note] = what;
        MissLine line;
        line.kind = kind;
        const QString figure = text::count(tally.count);
        const QString words = text::visibleCell(note);
        const bool isOne = tally.count == 1;
        switch (kind) {
        case MissKind::EndedByUntil:
            line.title = isOne ? NearMissesView::tr("1 was ended by until")
                               : NearMissesView::tr("%1 were ended by until").arg(figure);
            line.detail =
                NearMissesView::tr("The until event came before stage %1.").arg(tally.stage + 1);
            break;
        case MissKind::FailingClause:
            line.title = isOne
                             ? NearMissesView::tr("1 was stopped at stage %1").arg(tally.stage + 1)
                             : NearMissesView::tr("%1 were stopped at stage %2")
                                   .arg(figure)
                                   .arg(tally.stage + 1);
            line.detail = words;
            break;
        case MissKind::ForbiddenEvent:
            line.title =
                isOne ? NearMissesView::tr("1 had an event that must be missing")
                      : NearMissesView::tr("%1 had an event that must be missing").arg(figure);
            line.detail = words;
            break;
        case MissKind::MissingStage:
        case MissKind::TooLate:
            line.title =
                isOne ? NearMissesView::tr("1 went no further than stage %1").arg(tally.stage)
                      : NearMissesView::tr("%1 went no further than stage %2")
                            .arg(figure)
                            .arg(tally.stage);
            line.detail = words;
            break;
        }
        counted.emplace_back(tally.count, std::move(line));
    }
    std::ranges::stable_sort(counted, std::ranges::greater(),
                             [](const auto& each) { return each.first; });
    std::vector<MissLine> lines;
    for (auto& [count, line] : counted) {
        if (lines.size() < maxLines) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

NearMissesView::NearMissesView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_title(new QLabel(this)),
      m_chart(new SpanChart(context, this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_preview(new QLabel(this)),
      m_advice(new QLabel(this)),
      m_lines(new QVBoxLayout)
{
    setProperty("class", QStringLiteral("plain"));
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_chart);
    layout->addWidget(m_slider);
    layout->addWidget(m_preview);
    m_lines->setSpacing(4);
    m_lines->setContentsMargins(0, 6, 0, 0);
    layout->addLayout(m_lines);
    layout->addWidget(m_advice);
    layout->addStretch(1);
    for (QLabel* label : {m_title, m_preview, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setProperty("class", QStringLiteral("panelTitle"));
    m_advice->setProperty("class", QStringLiteral("muted"));
    m_slider->setAccessibleName(tr("Preview of another maxspan"));
    m_slider->setRange(5, 100 * longestFactor);
    m_slider->setValue(100);
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        if (m_maxspanMs > 0) {
            Q_EMIT previewWanted(sliderMs());
        }
    });
    setNearMisses(nullptr, 0);
}

std::int64_t NearMissesView::sliderMs() const
{
    return std::max<std::int64_t>(1, m_maxspanMs * m_slider->value() / 100);
}

void NearMissesView::setNearMisses(const workspace::NearMisses* near, std::uint64_t matchCount,
                                   const std::string& text, const eql::BoundQuery* bound)
{
    m_matchCount = matchCount;
    const bool hasSpans = near != nullptr && near->maxspanNs.has_value();
    m_chart->setVisible(hasSpans);
    m_slider->setVisible(hasSpans);
    m_preview->setVisible(hasSpans);
    setEnabled(true);
    if (near == nullptr) {
        m_maxspanMs = 0;
        showLines({});
        m_title->setText(tr("Nothing to compare"));
        m_advice->setText(tr("Near misses are told for sequences."));
        m_advice->show();
        return;
    }
    showLines(missLines(*near, text, bound));
    m_advice->setVisible(m_shownLines.empty());
    m_advice->setText(near->total() == 0 ? tr("Every sequence that began came to its end.")
                                         : QString());
    if (hasSpans) {
        showSpans(*near, matchCount);
    } else {
        m_maxspanMs = 0;
        m_title->setText(
            near->total() == 1
                ? tr("1 sequence did not come about")
                : tr("%1 did not come about").arg(text::counted(near->total(), tr("sequence"))));
    }
}

void NearMissesView::showSpans(const workspace::NearMisses& near, std::uint64_t matchCount)
{
    const std::int64_t maxspanMs = *near.maxspanNs / 1'000'000;
    if (m_maxspanMs != maxspanMs) {
        m_maxspanMs = 0;
        m_slider->setValue(100);
        m_maxspanMs = maxspanMs;
    }
    const QString maxspan = durationText(*near.maxspanNs);
    const std::uint64_t late = near.count(workspace::MissKind::TooLate);
    m_chart->setHistogram(spanHistogram(near), *near.maxspanNs);
    m_title->setText(
        late == 0 ? tr("No sequence took longer than %1").arg(maxspan)
        : late == 1
            ? tr("1 shares the keys but took longer than %1").arg(maxspan)
            : tr("%1 share the keys but took longer than %2").arg(text::count(late), maxspan));
    setPreview(maxspanMs, matchCount);
    if (m_slider->value() != 100) {
        Q_EMIT previewWanted(sliderMs());
    }
}

void NearMissesView::showLines(std::vector<MissLine> lines)
{
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    m_shownLines = std::move(lines);
    for (const MissLine& line : m_shownLines) {
        auto* title = new QPushButton(line.title, this);
        title->setProperty("class", QStringLiteral("missTitle"));
        title->setFlat(true);
        title->setCursor(Qt::PointingHandCursor);
        title->setToolTip(tr("List them"));
        connect(title, &QPushButton::clicked, this,
                [this, kind = line.kind] { Q_EMIT kindActivated(kind); });
        auto* detail = new ElidedLabel(this);
        detail->setText(line.detail);
        detail->setProperty("class", QStringLiteral("muted"));
        detail->setFont(m_context.theme.dataFont());
        m_lines->addWidget(title);
        m_lines->addWidget(detail);
    }
}

QString NearMissesView::title() const
{
    return m_title->text();
}

void NearMissesView::setPreview(std::int64_t maxspanMs, std::uint64_t matchCount)
{
    const std::int64_t difference =
        static_cast<std::int64_t>(matchCount) - static_cast<std::int64_t>(m_matchCount);
    QString text =
        tr("With maxspan %1: %2")
            .arg(durationText(maxspanMs * 1'000'000), text::counted(matchCount, tr("sequence")));
    if (difference != 0) {
        text += tr(" (%1%2)").arg(difference > 0 ? QStringLiteral("+") : QStringLiteral("−"),
                                  text::count(static_cast<std::uint64_t>(std::abs(difference))));
    }
    m_preview->setText(text);
}

void NearMissesView::setStale(bool stale)
{
    setEnabled(!stale);
}

} // namespace sequela::ui
