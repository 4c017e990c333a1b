#pragma once

#include "ui/rules/live_run.h"
#include "ui/state/context.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QSlider;
class QVBoxLayout;

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
/// Of a query with a maxspan.
[[nodiscard]] SpanHistogram spanHistogram(const workspace::NearMisses& near);

/// One thing that stopped sequences: how many, and what about them.
struct MissLine {
    workspace::MissKind kind = workspace::MissKind::MissingStage;
    QString title;
    QString detail;
};
/// What stopped the sequences that did not come about, most frequent first; too late ones are in
/// the chart's title. @p bound is the query of @p text.
[[nodiscard]] std::vector<MissLine>
missLines(const workspace::NearMisses& near, const std::string& text, const eql::BoundQuery* bound);

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

/// What stopped the sequences that did not come about, and what a longer maxspan would add, without
/// editing the query.
class NearMissesView : public QWidget {
    Q_OBJECT

public:
    explicit NearMissesView(const state::Context& context, QWidget* parent = nullptr);

    /// Null: the query is no sequence. @p matchCount: with the maxspan as written.
    void setNearMisses(const workspace::NearMisses* near, std::uint64_t matchCount,
                       const std::string& text = {}, const eql::BoundQuery* bound = nullptr);
    [[nodiscard]] QString title() const;
    [[nodiscard]] const std::vector<MissLine>& lines() const { return m_shownLines; }
    /// Answers `previewWanted`.
    void setPreview(std::int64_t maxspanMs, std::uint64_t matchCount);
    void setStale(bool stale);

Q_SIGNALS:
    /// How many matches would there be with this maxspan?
    void previewWanted(std::int64_t maxspanMs);
    /// The user wants to see the misses of a kind.
    void kindActivated(sequela::workspace::MissKind kind);

private:
    [[nodiscard]] std::int64_t sliderMs() const;
    void showSpans(const workspace::NearMisses& near, std::uint64_t matchCount);
    void showLines(std::vector<MissLine> lines);

    state::Context m_context;
    QLabel* m_title = nullptr;
    SpanChart* m_chart = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_preview = nullptr;
    QLabel* m_advice = nullptr;
    QVBoxLayout* m_lines = nullptr;
    std::vector<MissLine> m_shownLines;
    std::int64_t m_maxspanMs = 0;
    std::uint64_t m_matchCount = 0;
};

} // namespace sequela::ui
