#include "ui/shell/workspace_page.h"

#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

namespace sequela::ui {

WorkspacePage::WorkspacePage(const QString& key, QWidget* parent)
    : QMainWindow(parent, Qt::Widget), m_key(key)
{
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setContentsMargins(metrics::gap, metrics::gap, metrics::gap, metrics::gap);
    // Panels alone fill the page: there is no privileged one in the middle.
    setCentralWidget(nullptr);
}

void WorkspacePage::place(Panel* panel, Panel* neighbour, Qt::Orientation orientation)
{
    if (neighbour == nullptr) {
        addDockWidget(Qt::LeftDockWidgetArea, panel);
    } else {
        splitDockWidget(neighbour, panel, orientation);
    }
}

void WorkspacePage::rememberDefault()
{
    m_default = saveState();
    m_hasSizes = true;
}

void WorkspacePage::restoreLayout(const QByteArray& state)
{
    if (state.isEmpty()) {
        return;
    }
    // What the program came with is still the way back.
    if (m_default.isEmpty()) {
        m_default = saveState();
    }
    m_hasSizes = restoreState(state) || m_hasSizes;
}

void WorkspacePage::resetLayout()
{
    restoreState(m_default);
}

} // namespace sequela::ui
