#pragma once

#include "ui/state/case_views.h"
#include "ui/state/context.h"

#include <QAbstractScrollArea>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace sequela::ui {

/// A line of the story: an alert, or the start of a process that led to one.
struct StoryLine {
    std::int64_t timeNs = 0;
    /// Nothing for a process without alerts.
    std::optional<detect::AlertSeverity> severity;
    QString title;
    QString detail;
    std::string alertId;
    std::optional<views::ProcessIndex> process;

    bool operator==(const StoryLine&) const = default;
};

/// What happened on one host, in order of time: its alerts, and the starts of the processes above
/// those that raised one. Alerts of building blocks are left out. At most `maxStoryLines`.
inline constexpr std::size_t maxStoryLines = 2'000;
[[nodiscard]] std::vector<StoryLine> storyOf(const detect::Detection& detection,
                                             const state::CaseViews::Built& built,
                                             const std::string& host);

/// The story of the selected alert's host. A click selects the alert or the process; arrows walk.
class StoryView : public QAbstractScrollArea {
    Q_OBJECT

public:
    StoryView(const state::Context& context, state::CaseViews& views, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<StoryLine>& lines() const { return m_lines; }
    [[nodiscard]] QRect lineRect(std::size_t line) const;

Q_SIGNALS:
    /// Host of the story, empty for none.
    void hostChanged(const QString& host);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();
    void followSelection();
    void choose(std::size_t line);
    void updateScrollBar();

    state::Context m_context;
    state::CaseViews& m_views;
    std::vector<StoryLine> m_lines;
    std::string m_host;
    std::optional<std::size_t> m_current;
    bool m_isStale = true;
    JobRunner m_job;
};

} // namespace sequela::ui
