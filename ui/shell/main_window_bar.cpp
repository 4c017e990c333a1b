#include "core/base/timestamp.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/main_window.h"
#include "ui/shell/overview_strip.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include <cstdlib>

namespace sequela::ui {

namespace {

QString workspaceTitle(int index)
{
    switch (static_cast<WorkspaceKind>(index)) {
    case WorkspaceKind::Triage:
        return MainWindow::tr("Triage");
    case WorkspaceKind::Events:
        return MainWindow::tr("Events");
    case WorkspaceKind::Rules:
        return MainWindow::tr("Rules");
    case WorkspaceKind::Coverage:
        break;
    }
    return MainWindow::tr("Coverage");
}

} // namespace

void MainWindow::makeTopBar()
{
    m_topBar = new QFrame(this);
    m_topBar->setProperty("class", QStringLiteral("toolBar"));
    m_topBar->setFixedHeight(metrics::toolBarHeight);
    auto* layout = new QHBoxLayout(m_topBar);
    layout->setContentsMargins(10, 0, 10, 0);
    layout->setSpacing(8);
    for (int index = 0; index < workspaceCount; ++index) {
        auto* button = new QToolButton(m_topBar);
        button->setText(workspaceTitle(index));
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setToolTip(tr("%1 (Ctrl+%2)").arg(workspaceTitle(index)).arg(index + 1));
        button->setFixedHeight(28);
        connect(button, &QToolButton::clicked, this,
                [this, index] { showWorkspace(static_cast<WorkspaceKind>(index)); });
        layout->addWidget(button);
        m_workspaceButtons.at(static_cast<std::size_t>(index)) = button;
    }
    layout->addWidget(m_filterBar, 1);
    layout->addWidget(makeZoneButton());
    layout->addWidget(makeRangeButton());
}

QToolButton* MainWindow::makeZoneButton()
{
    using state::TimeZoneChoice;
    using state::TimeZoneKind;
    auto* button = new QToolButton(m_topBar);
    button->setObjectName(QStringLiteral("zoneButton"));
    button->setAccessibleName(tr("Time zone"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFixedHeight(28);
    auto* menu = new QMenu(button);
    const auto add = [this, menu](const QString& label, TimeZoneChoice choice) {
        connect(menu->addAction(label), &QAction::triggered, this,
                [this, choice] { m_context.time.setZone(choice); });
    };
    add(tr("UTC"), {});
    add(tr("Local time of this machine"), {TimeZoneKind::Local, 0});
    QMenu* fixed = menu->addMenu(tr("Fixed offset"));
    for (const int minutes : {-600, -480, -420, -360, -300, -240, -180, 60, 120, 180, 240, 330, 480,
                              540, 600, 660, 720}) {
        const int size = std::abs(minutes);
        connect(fixed->addAction(QStringLiteral("UTC%1%2:%3")
                                     .arg(minutes < 0 ? QLatin1Char('-') : QLatin1Char('+'))
                                     .arg(size / 60, 2, 10, QLatin1Char('0'))
                                     .arg(size % 60, 2, 10, QLatin1Char('0'))),
                &QAction::triggered, this,
                [this, minutes] { m_context.time.setZone({TimeZoneKind::Fixed, minutes}); });
    }
    button->setMenu(menu);
    const auto refresh = [this, button] {
        button->setText(m_context.time.zoneLabel() + QStringLiteral(" ▾"));
    };
    connect(&m_context.time, &state::TimeDisplay::changed, button, refresh);
    refresh();
    return button;
}

QToolButton* MainWindow::makeRangeButton()
{
    auto* button = new QToolButton(m_topBar);
    button->setObjectName(QStringLiteral("rangeButton"));
    button->setAccessibleName(tr("Time range"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFixedHeight(28);
    auto* menu = new QMenu(button);
    connect(menu->addAction(tr("Whole case")), &QAction::triggered, this,
            [this] { m_context.selection.setTimeRange(std::nullopt); });
    struct Last {
        QString label;
        std::int64_t lengthNs;
    };
    constexpr std::int64_t minuteNs = 60 * nanosecondsPerSecond;
    for (const Last& last : {Last{tr("Last 15 min of case"), 15 * minuteNs},
                             Last{tr("Last hour of case"), 60 * minuteNs},
                             Last{tr("Last 24 h of case"), 24 * 60 * minuteNs},
                             Last{tr("Last 7 days of case"), 7 * 24 * 60 * minuteNs}}) {
        connect(menu->addAction(last.label), &QAction::triggered, this, [this, last] {
            if (m_overview->hasHistogram()) {
                const OverviewGeometry geometry = m_overview->geometryOfCase();
                m_context.selection.setTimeRange(
                    state::TimeRange{geometry.lastNs + 1 - last.lengthNs, geometry.lastNs + 1});
            }
        });
    }
    button->setMenu(menu);
    const auto refresh = [this, button] {
        const auto range = m_context.selection.state().timeRange;
        const QString label =
            range ? text::fromUtf8(formatDuration(range->lengthNs())) : tr("Whole case");
        button->setText(label + QStringLiteral(" ▾"));
    };
    connect(&m_context.selection, &state::Selection::timeRangeChanged, button, refresh);
    refresh();
    return button;
}

} // namespace sequela::ui
