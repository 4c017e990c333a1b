#pragma once

#include <QMainWindow>

namespace sequela::ui {

class Panel;

/// One workspace: dockable panels that fill the page, arranged as the user left them.
class WorkspacePage : public QMainWindow {
    Q_OBJECT

public:
    /// @p key names the layout in the settings: "triage".
    explicit WorkspacePage(const QString& key, QWidget* parent = nullptr);

    [[nodiscard]] const QString& key() const { return m_key; }
    /// Puts @p panel beside (or, vertical, below) @p neighbour; the first panel has none.
    void place(Panel* panel, Panel* neighbour, Qt::Orientation orientation);
    /// Takes what the layout is now as what "Reset layout" goes back to.
    void rememberDefault();
    void resetLayout();
    /// As saved by saveState(); nothing happens if it is none.
    void restoreLayout(const QByteArray& state);
    /// The panels have the sizes they should: by default or restored.
    [[nodiscard]] bool hasSizes() const { return m_hasSizes; }

private:
    QString m_key;
    QByteArray m_default;
    bool m_hasSizes = false;
};

} // namespace sequela::ui
