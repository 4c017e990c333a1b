#include "ui/shell/screenshots.h"

#include "core/workspace/workspace.h"
#include "ui/events/color_rules_bar.h"
#include "ui/events/events_panel.h"
#include "ui/events/marks_panel.h"
#include "ui/jobs/job_board.h"
#include "ui/rules/rules_workspace.h"
#include "ui/rules/test_draft_dialog.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/import_report.h"
#include "ui/shell/main_window.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/triage/alerts_panel.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/panel.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

namespace sequela::ui {

namespace {

constexpr int tickMs = 100;
/// Ticks without any job before a screen counts as done.
constexpr int quietTicks = 4;
/// Half an hour: importing much is part of some runs.
constexpr int maxTicks = 18'000;
constexpr QSize small(1280, 800);
constexpr QSize usual(1600, 960);
constexpr QSize large(2560, 1440);

/// One of a sequence over few events with a maxspan: it shows the funnel and the near misses. Null
/// where no sequence fired.
const detect::Alert* tellingAlert(const detect::Detection* detection)
{
    if (detection == nullptr) {
        return nullptr;
    }
    const auto& alerts = detection->alerts;
    const auto found = std::ranges::find_if(alerts, [](const detect::Alert& alert) {
        return alert.stages.size() > 1 && alert.rule->query.contains("maxspan=30s");
    });
    const auto any = std::ranges::find_if(
        alerts, [](const detect::Alert& alert) { return alert.stages.size() > 1; });
    return found != alerts.end() ? &*found : any != alerts.end() ? &*any : nullptr;
}

} // namespace

Screenshots::Screenshots(state::Context& context, MainWindow& window, std::filesystem::path folder,
                         bool expectsCase)
    : m_context(context), m_window(window), m_folder(std::move(folder)), m_expectsCase(expectsCase)
{
    connect(&m_timer, &QTimer::timeout, this, &Screenshots::tick);
}

int Screenshots::run(QApplication& /*application*/)
{
    const QString folder = text::fromUtf8(m_folder.string());
    if (!QDir().mkpath(folder)) {
        qCritical("%s cannot be made", qUtf8Printable(folder));
        return 1;
    }
    m_timer.start(tickMs);
    QApplication::exec();
    return m_exitCode;
}

bool Screenshots::isQuiet() const
{
    const state::CaseSession& session = m_context.session;
    return m_context.jobs.running().isEmpty() && !session.isOpening() && !session.isImporting()
           && !session.isDetecting();
}

void Screenshots::tick()
{
    if (++m_waitedTicks > maxTicks) {
        qCritical("gave up waiting for background work");
        QApplication::exit(1);
        return;
    }
    m_quietTicks = isQuiet() ? m_quietTicks + 1 : 0;
    if (m_quietTicks < quietTicks) {
        return;
    }
    m_quietTicks = 0;
    if (!m_planned) {
        m_planned = true;
        if (m_expectsCase && !m_context.session.isOpen()) {
            qCritical("%s", qUtf8Printable(m_window.notice().text()));
            m_exitCode = 1;
        }
        plan();
        return;
    }
    if (m_next == m_shots.size()) {
        m_timer.stop();
        QApplication::exit(m_exitCode);
        return;
    }
    const Shot& shot = m_shots[m_next];
    if (!m_prepared) {
        m_prepared = true;
        m_window.resize(shot.size);
        shot.prepare();
        return;
    }
    take(shot);
    m_prepared = false;
    ++m_next;
}

void Screenshots::take(const Shot& shot)
{
    const QString file =
        QDir(text::fromUtf8(m_folder.string())).filePath(shot.name + QLatin1String(".png"));
    // A dialog that the shot opened is what it shows, and goes with it.
    QDialog* dialog = nullptr;
    for (QDialog* open : m_window.findChildren<QDialog*>()) {
        dialog = open->isVisible() ? open : dialog;
    }
    const bool isSaved = (dialog != nullptr ? dialog->grab() : m_window.grab()).save(file);
    if (dialog != nullptr) {
        dialog->close();
    }
    if (!isSaved) {
        qCritical("%s cannot be written", qUtf8Printable(file));
        m_exitCode = 1;
    }
}

void Screenshots::selectBestAlert()
{
    const auto detection = m_context.session.detection();
    if (!detection || detection->alerts.empty()) {
        return;
    }
    // The riskiest sequence tells the most.
    const auto best =
        std::ranges::max_element(detection->alerts, {}, [](const detect::Alert& alert) {
            return std::tuple(alert.stages.size() > 1, alert.riskScore, alert.stages.size());
        });
    m_context.selection.setAlert(best->id);
    m_window.alerts().chooseAlert(best->id);
}

void Screenshots::openTellingRule()
{
    const auto detection = m_context.session.detection();
    const auto rules = m_context.session.rules();
    if (!detection || !rules || !m_context.session.isOpen()) {
        return;
    }
    if (const detect::Alert* alert = tellingAlert(detection.get())) {
        m_window.tuneRule(alert->rule->ruleId);
    }
}

RulesWorkspace& Screenshots::rulesPage()
{
    return *m_window.findChild<RulesWorkspace*>();
}

void Screenshots::add(const QString& name, QSize size, std::function<void()> prepare)
{
    m_shots.push_back({name, size, std::move(prepare)});
}

void Screenshots::turnTo(const char* panel, int tab)
{
    if (auto* found = m_window.findChild<Panel*>(QLatin1String(panel))) {
        found->header().setCurrentTab(tab);
    }
}

void Screenshots::planEvents(const QString& suffix, const Themed& themed)
{
    EventsPanel& events = m_window.events();
    const auto tidyUp = [this, &events] {
        events.setGrouping({});
        events.colorRules().setRules({});
        events.colorRulesBar().hide();
        m_window.marks().hide();
        m_window.importReport().hide();
        m_window.unsavedNotice().clear();
    };
    add(QStringLiteral("events-grouped-") + suffix, usual, themed([this, &events] {
            m_window.filterBar().clearFilter();
            m_window.showWorkspace(WorkspaceKind::Events);
            events.setGrouping("process.name");
        }));
    add(QStringLiteral("events-colours-") + suffix, usual, themed([&events, tidyUp] {
            tidyUp();
            events.colorRules().setRules({{"network where true", RuleColor::Purple, true},
                                          {"file where true", RuleColor::Green, true},
                                          {"process.name == ", RuleColor::Red, true},
                                          {"process where true", RuleColor::Blue, false}});
            events.colorRulesBar().show();
        }));
    add(QStringLiteral("events-marks-") + suffix, usual, themed([this, &events, tidyUp] {
            tidyUp();
            if (const auto event = events.grid().eventAt(2)) {
                m_context.session.setBookmarked({*event, *events.grid().eventAt(0)}, true);
                m_context.session.setBookmarkNote(*event, QStringLiteral("where it begins"));
                m_context.selection.setEvent(event);
            }
            m_window.marks().show();
        }));
    add(QStringLiteral("events-report-") + suffix, usual, themed([this, &events, tidyUp] {
            tidyUp();
            m_window.actionNamed(QStringLiteral("case.importReport"))->trigger();
            if (const auto event = events.grid().eventAt(0)) {
                m_window.importReport().showLineOf(*event);
            }
        }));
    add(QStringLiteral("events-narrow-") + suffix, small, themed([this, &events, tidyUp] {
            tidyUp();
            events.setGrouping("event.category");
            events.grid().setAllGroupsOpen(true);
            m_window.showWorkspace(WorkspaceKind::Events);
        }));
    add(QStringLiteral("events-large-") + suffix, large, themed(tidyUp));
}

void Screenshots::planWorkshop(const QString& suffix, const Themed& themed)
{
    const auto rules = [this](int tab) {
        return [this, tab] {
            m_window.filterBar().clearFilter();
            m_window.showWorkspace(WorkspaceKind::Rules);
            turnTo("rules.results", tab);
        };
    };
    const std::array<std::pair<const char*, int>, 7> pages{{{"matches", 0},
                                                            {"changes", 1},
                                                            {"near-misses", 2},
                                                            {"schedule", 3},
                                                            {"cost", 4},
                                                            {"versions", 5},
                                                            {"exceptions", 6}}};
    for (const auto& [name, tab] : pages) {
        add(QStringLiteral("rules-%1-small-").arg(QLatin1String(name)) + suffix, small,
            themed(rules(tab)));
        add(QStringLiteral("rules-%1-large-").arg(QLatin1String(name)) + suffix, large,
            themed(rules(tab)));
    }
    add(QStringLiteral("rules-near-misses-") + suffix, usual, themed(rules(2)));
    add(QStringLiteral("rules-schedule-") + suffix, usual, themed(rules(3)));
    add(QStringLiteral("rules-cost-") + suffix, usual, themed(rules(4)));
    add(QStringLiteral("rules-small-") + suffix, small, themed(rules(0)));
    add(QStringLiteral("rules-large-") + suffix, large, themed(rules(0)));
    const auto firstEvents = [this] {
        const auto detection = m_context.session.detection();
        std::vector<std::optional<EventNumber>> events;
        if (const detect::Alert* alert = tellingAlert(detection.get())) {
            for (const detect::AlertStage& stage : alert->stages) {
                events.push_back(stage.event);
            }
        }
        return events;
    };
    add(QStringLiteral("dialog-exception-") + suffix, small, themed([this, firstEvents] {
            if (const auto events = firstEvents(); !events.empty() && events.front()) {
                rulesPage().makeException(*events.front());
            }
        }));
    add(QStringLiteral("dialog-test-") + suffix, small, themed([this, firstEvents] {
            if (const auto events = firstEvents(); !events.empty()) {
                rulesPage().makeTest(events, true);
            }
        }));
}

void Screenshots::planPanels(const QString& suffix, const Themed& themed,
                             const std::function<void()>& triage)
{
    const auto panels = [this, triage](int upper, int lower) {
        return [this, triage, upper, lower] {
            triage();
            turnTo("triage.tree", upper);
            turnTo("triage.timeline", lower);
        };
    };
    add(QStringLiteral("triage-graph-") + suffix, usual, themed(panels(1, 1)));
    add(QStringLiteral("triage-story-") + suffix, usual, themed(panels(2, 2)));
    add(QStringLiteral("triage-graph-small-") + suffix, small, themed(panels(1, 1)));
    add(QStringLiteral("coverage-") + suffix, usual, themed([this, panels] {
            panels(0, 0)();
            m_window.showWorkspace(WorkspaceKind::Coverage);
        }));
    add(QStringLiteral("coverage-small-") + suffix, small,
        themed([this] { m_window.showWorkspace(WorkspaceKind::Coverage); }));
    add(QStringLiteral("coverage-large-") + suffix, large,
        themed([this] { m_window.showWorkspace(WorkspaceKind::Coverage); }));
}

void Screenshots::plan()
{
    for (const auto& [scheme, suffix] : {std::pair{SchemeChoice::Dark, QStringLiteral("dark")},
                                         std::pair{SchemeChoice::Light, QStringLiteral("light")}}) {
        const auto themed = [this, scheme = scheme](const std::function<void()>& then) {
            return [this, scheme, then] {
                m_context.theme.setChoice(scheme);
                then();
            };
        };
        if (!m_context.session.isOpen()) {
            add(QStringLiteral("welcome-") + suffix, small, themed([] {}));
            continue;
        }
        const auto workspace = [this](WorkspaceKind kind) {
            return [this, kind] { m_window.showWorkspace(kind); };
        };
        const auto triage = [this] {
            m_window.showWorkspace(WorkspaceKind::Triage);
            selectBestAlert();
        };
        add(QStringLiteral("triage-") + suffix, usual, themed(triage));
        add(QStringLiteral("triage-small-") + suffix, small, themed(triage));
        add(QStringLiteral("triage-large-") + suffix, large, themed(triage));
        add(QStringLiteral("events-") + suffix, usual, themed(workspace(WorkspaceKind::Events)));
        add(QStringLiteral("events-small-") + suffix, small,
            themed(workspace(WorkspaceKind::Events)));
        add(QStringLiteral("filter-valid-") + suffix, small, themed([this] {
                m_window.showWorkspace(WorkspaceKind::Events);
                m_window.filterBar().setText(QStringLiteral("process.name : \"osa*\""));
                m_window.filterBar().apply();
            }));
        add(QStringLiteral("filter-error-") + suffix, small, themed([this] {
                m_window.filterBar().setText(QStringLiteral("process.nam == \"osascript\" and"));
            }));
        add(QStringLiteral("filter-nothing-") + suffix, small, themed([this] {
                m_window.filterBar().setText(QStringLiteral("process.name == \"no such thing\""));
                m_window.filterBar().apply();
            }));
        add(QStringLiteral("rules-") + suffix, usual, themed([this] {
                m_window.filterBar().clearFilter();
                m_window.showWorkspace(WorkspaceKind::Rules);
                openTellingRule();
            }));
        planEvents(suffix, themed);
        planWorkshop(suffix, themed);
        planPanels(suffix, themed, triage);
    }
}

} // namespace sequela::ui
