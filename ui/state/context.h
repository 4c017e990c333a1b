#pragma once

namespace sequela::ui {
class CellMenu;
class JobBoard;
class Theme;
} // namespace sequela::ui

namespace sequela::ui::state {

class CaseSession;
class EventReader;
class Selection;
class TimeDisplay;

/// What every panel is made with: the parts of the window that there is one of. Made in main (or in
/// a test), outlives all panels.
struct Context {
    Theme& theme;
    JobBoard& jobs;
    Selection& selection;
    CaseSession& session;
    TimeDisplay& time;
    /// Shared cache of event values; follows the session's snapshot.
    EventReader& reader;
    /// The context menu of every table cell (ui/events/cell_menu.h). Set before any panel is made,
    /// never null for panels.
    CellMenu* cellMenu = nullptr;
};

} // namespace sequela::ui::state
