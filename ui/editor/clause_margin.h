#pragma once

#include "core/base/diagnostic.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace sequela::ui {

class ScintillaView;
class Theme;

/// Words beside a line of the query: `418` strong, ` of 88,210 process` muted.
struct LineNote {
    /// Byte of the text whose line the note stands beside.
    std::size_t offset = 0;
    QString strong;
    QString text;

    bool operator==(const LineNote&) const = default;
};

/// The column at the right of the editor with the counts of each clause, in step with its scroll
/// position. Several notes of one line are joined; greyed while they are stale.
class ClauseMargin : public QWidget {
    Q_OBJECT

public:
    ClauseMargin(Theme& theme, ScintillaView& view, QWidget* parent = nullptr);

    void setNotes(std::vector<LineNote> notes);
    [[nodiscard]] const std::vector<LineNote>& notes() const { return m_notes; }
    void setStale(bool stale);
    [[nodiscard]] bool isStale() const { return m_stale; }

Q_SIGNALS:
    /// A note was clicked: its place in the text.
    void noteActivated(std::size_t offset);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    Theme& m_theme;
    ScintillaView& m_view;
    std::vector<LineNote> m_notes;
    bool m_stale = false;
};

} // namespace sequela::ui
