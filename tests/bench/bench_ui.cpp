#include "core/rules/rule_set.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/query_check.h"
#include "ui/jobs/job_board.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/rules_workspace.h"
#include "ui/rules/versions_view.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/theme/theme.h"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// From a key stroke in the real editor of the real page to new funnel, diff and matches on the
/// screen, and how long the window's thread is busy with it: `sequela_bench_ui CASE RULES`, without
/// a display under QT_QPA_PLATFORM=offscreen. The pause after the last key (150 ms) is skipped by
/// Ctrl+Return and is no part of the figures.

namespace sequela::bench {
namespace {

using namespace sequela::ui;

constexpr int editsPerQuery = 4;
constexpr qint64 longestWaitMs = 120'000;

/// What a thousand published rules do not do on purpose, and an analyst does on the way.
constexpr std::array<std::pair<const char*, const char*>, 6> hostile{{
    {"leading wildcards", "process where process.command_line : (\"*a*e*exe*\", \"*temp*x*\") and "
                          "process.parent.executable : \"*sh*\""},
    {"a regular expression", "process where process.command_line regex~ \".*[a-z]{3}[0-9]+.*exe\""},
    {"a stage of a third of all events",
     "sequence by host.id with maxspan=10s [file where true] [network where "
     "process.name == \"svchost.exe\"]"},
    {"two stages of everything",
     "sequence by host.id, process.entity_id with maxspan=5s [any where true] [network where "
     "process.name == \"svchost.exe\"]"},
    {"five stages",
     "sequence by host.id with maxspan=1m [process where event.type == \"start\"] [file where "
     "true] [network where true] [file where true] [process where process.name == \"cmd.exe\"]"},
    {"five stages of wildcards",
     "sequence by host.id, process.entity_id with maxspan=5m [process where process.name : "
     "\"*s*\"] [file where file.path : \"*e*\"] [file where file.path : \"*t*\"] [network where "
     "true] [network where process.name : \"*x\"]"},
}};

/// Milliseconds of single key strokes.
struct Figures {
    /// To the new result on the screen.
    std::vector<double> result;
    /// Processor time of the window's thread at one stretch: at most, and in the key's handler.
    std::vector<double> stretch;
    std::vector<double> key;

    void add(const Figures& more)
    {
        result.insert(result.end(), more.result.begin(), more.result.end());
        stretch.insert(stretch.end(), more.stretch.begin(), more.stretch.end());
        key.insert(key.end(), more.key.begin(), more.key.end());
    }
};

/// Processor time of the window's thread: what a wall clock shows on an idle machine.
double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double share(std::vector<double> values, double part)
{
    std::ranges::sort(values);
    return values.empty()
               ? 0.0
               : values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

void print(const char* name, const Figures& figures)
{
    const auto line = [](const std::vector<double>& values) {
        return std::array{share(values, 0.5), share(values, 0.95), share(values, 1.0)};
    };
    const auto result = line(figures.result);
    const auto stretch = line(figures.stretch);
    const auto key = line(figures.key);
    std::printf("%-34s %4zu  result %8.2f %8.2f %8.2f  window %6.2f %6.2f %6.2f  key %6.2f %6.2f "
                "%6.2f\n",
                name, figures.result.size(), result[0], result[1], result[2], stretch[0],
                stretch[1], stretch[2], key[0], key[1], key[2]);
    std::fflush(stdout);
}

/// The page over a case, with a clock on the window's thread.
class Page {
public:
    Page()
    {
        const auto follow = [this] {
            const auto snapshot = m_session.snapshot();
            m_reader.setSource(snapshot ? snapshot->events : nullptr);
        };
        QObject::connect(&m_session, &state::CaseSession::caseOpened, &m_reader, follow);
        QObject::connect(&m_session, &state::CaseSession::snapshotChanged, &m_reader, follow);
        const QAbstractEventDispatcher* loop = QAbstractEventDispatcher::instance();
        QObject::connect(loop, &QAbstractEventDispatcher::awake, &m_reader,
                         [this] { m_awakeMs = threadMilliseconds(); });
        QObject::connect(loop, &QAbstractEventDispatcher::aboutToBlock, &m_reader, [this] {
            m_longestMs = std::max(m_longestMs, threadMilliseconds() - m_awakeMs);
        });
    }

    bool open(const char* caseFile, const char* rules)
    {
        m_session.setRulePaths({rules});
        m_session.openCase(caseFile);
        m_page.resize(1600, 960);
        m_page.show();
        return waitFor([this] {
                   return m_session.rules() && !m_session.rules()->entries().empty()
                          && !m_session.isOpening() && !m_session.isDetecting()
                          && m_jobs.running().isEmpty();
               })
               && m_session.eventCount() > 0;
    }
    [[nodiscard]] std::uint64_t eventCount() const { return m_session.eventCount(); }
    [[nodiscard]] std::shared_ptr<const rules::RuleSet> rules() const { return m_session.rules(); }

    Figures editRule(const std::string& ruleId)
    {
        return m_page.openRule(ruleId) ? edit() : Figures();
    }
    Figures editQuery(const std::string& text)
    {
        m_page.newQuery(text);
        waitForResult();
        // Compared with itself before the edits, as a rule is with its file.
        Q_EMIT m_page.findChild<VersionsView*>()->pinRequested(text);
        return edit();
    }

private:
    static double milliseconds(const QElapsedTimer& timer)
    {
        return static_cast<double>(timer.nsecsElapsed()) / 1e6;
    }
    static bool waitFor(const std::function<bool()>& isDone)
    {
        QElapsedTimer waited;
        waited.start();
        while (!isDone() && waited.elapsed() < longestWaitMs) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
        }
        return isDone();
    }
    [[nodiscard]] const OpenQuery* query() const
    {
        return m_page.findChild<EditorPanel*>()->current();
    }
    bool waitForResult()
    {
        return waitFor([this] {
            const OpenQuery* open = query();
            return open->result && open->result->text == open->editor->text()
                   && !open->editor->clauseMargin().isStale();
        });
    }
    static void press(QWidget* widget, int key, const QString& text, Qt::KeyboardModifiers with)
    {
        QKeyEvent down(QEvent::KeyPress, key, with, text);
        QCoreApplication::sendEvent(widget, &down);
        QKeyEvent up(QEvent::KeyRelease, key, with, text);
        QCoreApplication::sendEvent(widget, &up);
    }

    /// Letters typed into the query's texts, one by one.
    Figures edit()
    {
        Figures figures;
        if (!waitForResult()) {
            return figures;
        }
        EqlEditor& editor = *query()->editor;
        for (int number = 0; number < editsPerQuery; ++number) {
            const std::string text = editor.text();
            std::size_t at = 0;
            for (int quote = 0; quote <= 2 * number + 1; ++quote) {
                const std::size_t next = text.find('"', at + 1);
                at = next == std::string::npos ? at : next;
            }
            editor.setCaret(at);
            m_longestMs = 0;
            const double keyBegin = threadMilliseconds();
            QElapsedTimer since;
            since.start();
            press(editor.keyboardWidget(), Qt::Key_E, QStringLiteral("e"), {});
            const double key = threadMilliseconds() - keyBegin;
            if (hasErrors(editor.problems())) {
                // Such a text does not run: an address is no address any more.
                editor.undo();
                continue;
            }
            figures.key.push_back(key);
            press(editor.keyboardWidget(), Qt::Key_Escape, {}, {});
            Q_EMIT editor.runRequested();
            if (!waitForResult()) {
                std::printf("no result within %lld s\n", longestWaitMs / 1000);
                break;
            }
            figures.result.push_back(milliseconds(since));
            figures.stretch.push_back(std::max(m_longestMs, figures.key.back()));
        }
        return figures;
    }

    Theme m_theme{SchemeChoice::Dark};
    JobBoard m_jobs;
    state::Selection m_selection;
    state::CaseSession m_session{m_selection, &m_jobs};
    state::TimeDisplay m_time;
    state::EventReader m_reader{nullptr};
    state::Context m_context{m_theme, m_jobs, m_selection, m_session, m_time, m_reader, nullptr};
    RulesWorkspace m_page{m_context};
    double m_awakeMs = threadMilliseconds();
    double m_longestMs = 0;
};

int run(int argc, char** argv)
{
    const QApplication application(argc, argv);
    if (argc != 3) {
        std::fprintf(stderr, "usage: sequela_bench_ui CASE RULES\n");
        return 2;
    }
    Page page;
    if (!page.open(argv[1], argv[2])) {
        std::fprintf(stderr, "%s could not be opened\n", argv[1]);
        return 1;
    }
    std::printf("%llu events; milliseconds: p50, p95, max\n",
                static_cast<unsigned long long>(page.eventCount()));
    Figures shipped;
    for (const rules::RuleEntry& entry : page.rules()->entries()) {
        if (entry.rule && entry.status == rules::RuleStatus::Loaded) {
            shipped.add(page.editRule(entry.rule->id));
        }
    }
    print("shipped rules", shipped);
    Figures all;
    for (const auto& [name, text] : hostile) {
        const Figures figures = page.editQuery(text);
        print(name, figures);
        all.add(figures);
    }
    print("hostile queries", all);
    return 0;
}

} // namespace
} // namespace sequela::bench

int main(int argc, char** argv)
{
    return sequela::bench::run(argc, argv);
}
