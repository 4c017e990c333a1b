#pragma once

#include "ui/rules/live_run.h"
#include "ui/state/context.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QSlider;

namespace sequela::ui {

/// Sequences in classes of equal length; one class ends at maxspan exactly.
struct SpanHistogram {
    std::vector<std::uint64_t> counts;
    /// Nanoseconds a class spans.
    std::int64_t stepNs = 1;
    /// Classes below this one are within maxspan.
    std::size_t firstLate = 0;
    /// Longer than the last class.
    std::uint64_t beyond = 0;

    bool operator==(const SpanHistogram&) const = default;
};
[[nodiscard]] SpanHistogram spanHistogram(const NearMisses& near);

/// Bars of how long sequences took, the maxspan as a line in them.
class SpanChart : public QWidget {
    Q_OBJECT

public:
    explicit SpanChart(const state::Context& context, QWidget* parent = nullptr);

    void setHistogram(SpanHistogram histogram, std::int64_t maxspanNs);
    [[nodiscard]] QSize sizeHint() const override { return {240, 130}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    state::Context m_context;
    SpanHistogram m_histogram;
    std::int64_t m_maxspanNs = 0;
};

/// What a longer maxspan would add, without editing the query.
class NearMissesView : public QWidget {
    Q_OBJECT

public:
    explicit NearMissesView(const state::Context& context, QWidget* parent = nullptr);

    /// Nothing: the query has no maxspan. @p matchCount: with the maxspan as written.
    void setNearMisses(const std::optional<NearMisses>& near, std::uint64_t matchCount);
    /// Answers `previewWanted`.
    void setPreview(std::int64_t maxspanMs, std::uint64_t matchCount);
    void setStale(bool stale);

Q_SIGNALS:
    /// How many matches would there be with this maxspan?
    void previewWanted(std::int64_t maxspanMs);

private:
    [[nodiscard]] std::int64_t sliderMs() const;

    state::Context m_context;
    QLabel* m_title = nullptr;
    SpanChart* m_chart = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_preview = nullptr;
    QLabel* m_advice = nullptr;
    std::int64_t m_maxspanMs = 0;
    std::uint64_t m_matchCount = 0;
};

} // namespace sequela::ui
