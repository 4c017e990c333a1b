#pragma once

#include <QDockWidget>
#include <QFrame>

#include <cstdint>
#include <optional>

class QHBoxLayout;
class QLabel;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace sequela::ui {

class Theme;

/// The bar over a panel: a title with a count, or tabs; controls at the right.
class PanelHeader : public QFrame {
    Q_OBJECT

public:
    explicit PanelHeader(Theme& theme, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// The pill beside the title, nothing hides it. @p text is plain text.
    void setPill(const QString& text);
    /// Colour of the pill's text; back to the ordinary one with an invalid colour.
    void setPillColor(const QColor& color);
    void setCount(std::optional<std::uint64_t> count);
    /// Makes the header show tabs instead of a title. The index of the new tab.
    int addTab(const QString& label);
    void setTabLabel(int index, const QString& label);
    [[nodiscard]] int currentTab() const;
    void setCurrentTab(int index);
    /// Muted words at the right: what the controls act on.
    void setHint(const QString& text);
    /// A control at the right end. The header takes it over.
    void addControl(QWidget* control);

    // A dock asks its title bar for this and ignores fixed heights.
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void tabSelected(int index);

private:
    QHBoxLayout* m_layout = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_pill = nullptr;
    QLabel* m_hint = nullptr;
    QTabBar* m_tabs = nullptr;
    int m_controlIndex = 0;
};

/// A dockable panel of a workspace. Its object name keys the saved layout: set it, never change it.
///
///     auto* panel = new Panel(context.theme, "triage.timeline", this);
///     panel->header().addTab(tr("Network timeline"));
///     panel->addPage(new TimelineView(context));
class Panel : public QDockWidget {
    Q_OBJECT

public:
    Panel(Theme& theme, const QString& objectName, const QString& title, QWidget* parent = nullptr);

    [[nodiscard]] PanelHeader& header() { return *m_header; }
    /// The panel's content; with several pages, page n belongs to tab n.
    int addPage(QWidget* page);
    void setCurrentPage(int index);

Q_SIGNALS:
    void resized();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    PanelHeader* m_header = nullptr;
    QStackedWidget* m_pages = nullptr;
};

/// A flat button with a menu for panel headers: "group: rule ▾". The text is the menu's checked
/// action behind @p prefix.
[[nodiscard]] QToolButton* makeChoiceButton(const QString& accessibleName, QWidget* parent);

} // namespace sequela::ui
