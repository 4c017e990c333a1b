#include "ui/state/case_session.h"

#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace sequela::ui::state {

namespace {

/// While an import runs, panels take a new snapshot at most this often.
constexpr qint64 snapshotIntervalMs = 700;
/// Rules run again while an import goes on when the case has grown to this many times its size.
constexpr std::uint64_t growthForRules = 2;

using WorkspacePtr = std::shared_ptr<workspace::Workspace>;

Result<WorkspacePtr> shared(Result<std::unique_ptr<workspace::Workspace>> opened)
{
    if (!opened) {
        return std::unexpected(std::move(opened).error());
    }
    return WorkspacePtr(std::move(*opened));
}

std::uint64_t countOf(const EventFilter& filter, const workspace::Snapshot& snapshot)
{
    return filter.events ? filter.events->count() : snapshot.events->eventCount();
}

/// The events a filter text selects within a time range. Runs off the GUI thread.
Result<EventFilter> evaluate(const workspace::Workspace& workspace, const std::string& text,
                             std::optional<TimeRange> range, const std::stop_token& stop)
{
    const auto begin = std::chrono::steady_clock::now();
    EventFilter filter;
    filter.text = text;
    filter.timeRange = range;
    std::shared_ptr<const workspace::Snapshot> snapshot = workspace.snapshot();
    std::optional<engine::EventSet> events;
    if (!text.empty()) {
        Result<workspace::FilterAnswer> answer = workspace.filter(text, stop);
        if (!answer) {
            return std::unexpected(std::move(answer).error());
        }
        filter.diagnostics = std::move(answer->diagnostics);
        if (!answer->events) {
            return filter;
        }
        events = std::move(answer->events);
        snapshot = answer->snapshot;
    }
    if (range) {
        Result<engine::EventSet> inRange =
            detect::eventsBetween(*snapshot->events, "@timestamp", Timestamp(range->beginNs),
                                  Timestamp(range->endNs - 1));
        if (!inRange) {
            return std::unexpected(std::move(inRange).error());
        }
        if (events) {
            const std::span<std::uint64_t> words = events->words();
            for (std::size_t at = 0; at < words.size(); ++at) {
                words[at] &= inRange->words()[at];
            }
        } else {
            events = std::move(*inRange);
        }
    }
    if (events) {
        filter.events = std::make_shared<engine::EventSet>(std::move(*events));
    }
    filter.eventCount = countOf(filter, *snapshot);
    filter.nanoseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::steady_clock::now() - begin)
                                       .count());
    return filter;
}

bool hasError(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

} // namespace

CaseSession::CaseSession(Selection& selection, JobBoard* board, QObject* parent)
    : QObject(parent),
      m_selection(selection),
      m_openJob(board),
      m_importJob(board),
      m_growJob(nullptr),
      m_rulesJob(board),
      m_detectJob(board),
      m_filterJob(board),
      m_verdictJob(board),
      m_bookmarkJob(board),
      m_saveJob(board)
{
    connect(&m_selection, &Selection::timeRangeChanged, this,
            [this] { refreshFilter(m_filter->text); });
    connect(&m_importJob, &JobRunner::progressed, this, [this] {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        if (now - m_lastSnapshotMs >= snapshotIntervalMs) {
            m_lastSnapshotMs = now;
            growSnapshot();
        }
        Q_EMIT importProgressed();
    });
    for (JobRunner* job : {&m_openJob, &m_importJob, &m_rulesJob, &m_detectJob}) {
        connect(job, &JobRunner::started, this, &CaseSession::activityChanged);
        connect(job, &JobRunner::finished, this, &CaseSession::activityChanged);
    }
    // A cancelled import keeps what was committed.
    connect(&m_importJob, &JobRunner::finished, this, &CaseSession::takeSnapshot);
    connect(&m_verdictJob, &JobRunner::finished, this, &CaseSession::writeVerdicts);
    // What was decided about alerts of a run under way waits for it. Queued: after its delivery.
    for (JobRunner* job : {&m_importJob, &m_detectJob}) {
        connect(job, &JobRunner::finished, this, &CaseSession::writeVerdicts, Qt::QueuedConnection);
    }
    connect(&m_verdictJob, &JobRunner::finished, this, &CaseSession::startSave);
    connect(&m_bookmarkJob, &JobRunner::finished, this, &CaseSession::writeBookmarks);
    connect(&m_bookmarkJob, &JobRunner::finished, this, &CaseSession::startSave);
    // Queued: `finished` comes before the delivery, and what waits belongs into the new file. After
    // a failed copy it goes into the old one.
    connect(
        &m_saveJob, &JobRunner::finished, this,
        [this] {
            m_saveRequested = false;
            writeVerdicts();
            writeBookmarks();
        },
        Qt::QueuedConnection);
}

CaseSession::~CaseSession() = default;

QString CaseSession::name() const
{
    if (!m_workspace) {
        return {};
    }
    const std::filesystem::path& file = m_workspace->file();
    return m_isTemporary || file.empty() ? tr("Unsaved case")
                                         : text::visible(file.filename().string());
}

std::uint64_t CaseSession::eventCount() const
{
    return m_snapshot ? m_snapshot->events->eventCount() : 0;
}

bool CaseSession::isImporting() const
{
    return m_importJob.isRunning();
}

bool CaseSession::isOpening() const
{
    return m_openJob.isRunning();
}

void CaseSession::openCase(const std::filesystem::path& file)
{
    m_openJob.start<WorkspacePtr>(
        tr("Opening %1").arg(text::visible(file.filename().string())),
        [file](const std::stop_token&, Progress&) {
            return shared(
                workspace::Workspace::open(file, workspace::Workspace::OpenMode::ReadWrite));
        },
        [this](Result<WorkspacePtr> opened) {
            if (!opened) {
                Q_EMIT failed(opened.error());
                return;
            }
            m_isTemporary = false;
            adopt(std::move(*opened));
        });
}

void CaseSession::createCase(const std::filesystem::path& file)
{
    m_openJob.start<WorkspacePtr>(
        tr("Creating %1").arg(text::visible(file.filename().string())),
        [file](const std::stop_token&, Progress&) {
            return shared(workspace::Workspace::create(file));
        },
        [this](Result<WorkspacePtr> created) {
            if (!created) {
                Q_EMIT failed(created.error());
                return;
            }
            m_isTemporary = false;
            adopt(std::move(*created));
            startImport();
        });
}

void CaseSession::importPaths(std::vector<std::filesystem::path> paths)
{
    m_pendingImports.insert(m_pendingImports.end(), paths.begin(), paths.end());
    beginImport();
}

void CaseSession::importText(std::string name, std::string text)
{
    m_pendingTexts.emplace_back(std::move(name), std::move(text));
    beginImport();
}

void CaseSession::beginImport()
{
    if (m_openJob.isRunning() || m_importJob.isRunning()) {
        return;
    }
    if (m_workspace) {
        startImport();
        return;
    }
    makeTemporaryCase();
}

void CaseSession::importIntoNewCase(std::vector<std::filesystem::path> paths)
{
    cancelImport();
    m_pendingImports = std::move(paths);
    makeTemporaryCase();
}

void CaseSession::makeTemporaryCase()
{
    m_openJob.start<WorkspacePtr>(
        tr("Making a case"),
        [](const std::stop_token&, Progress&) { return shared(workspace::Workspace::temporary()); },
        [this](Result<WorkspacePtr> created) {
            if (!created) {
                m_pendingImports.clear();
                m_pendingTexts.clear();
                Q_EMIT failed(created.error());
                return;
            }
            m_isTemporary = true;
            adopt(std::move(*created));
            startImport();
        });
}

void CaseSession::startImport()
{
    if ((m_pendingImports.empty() && m_pendingTexts.empty()) || !m_workspace) {
        return;
    }
    workspace::ImportRequest request;
    request.paths = std::exchange(m_pendingImports, {});
    request.texts = std::exchange(m_pendingTexts, {});
    request.archivePasswords = m_importSettings.archivePasswords;
    request.clockOffsets = m_importSettings.clockOffsets;
    request.mappings = m_importSettings.mappings;
    const std::size_t inputCount = request.paths.size() + request.texts.size();
    const QString what = inputCount != 1 ? text::counted(inputCount, tr("file"))
                         : request.paths.empty()
                             ? text::visible(request.texts.front().first)
                             : text::visible(request.paths.front().filename().string());
    m_importJob.start<workspace::ImportOutcome>(
        tr("Importing %1").arg(what),
        [workspace = m_workspace, request](const std::stop_token& stop, Progress& progress) {
            return workspace->import(request, progress, stop);
        },
        [this](Result<workspace::ImportOutcome> outcome) {
            takeSnapshot();
            if (!outcome) {
                Q_EMIT failed(outcome.error());
            } else {
                m_outcome = std::make_shared<workspace::ImportOutcome>(std::move(*outcome));
                Q_EMIT importFinished();
                runRules();
            }
            startImport();
        });
    m_lastSnapshotMs = QDateTime::currentMSecsSinceEpoch();
    Q_EMIT importStarted();
}

void CaseSession::cancelImport()
{
    m_pendingImports.clear();
    m_pendingTexts.clear();
    m_importJob.cancel();
}

void CaseSession::adopt(std::shared_ptr<workspace::Workspace> workspace)
{
    m_importJob.cancel();
    m_growJob.cancel();
    m_detectJob.cancel();
    m_filterJob.cancel();
    m_saveJob.cancel();
    m_bookmarks.clear();
    m_bookmarkNotes.clear();
    m_pendingBookmarks.clear();
    m_pendingVerdicts.clear();
    m_workspace = std::move(workspace);
    m_snapshot = m_workspace->snapshot();
    Indexed found = indexed(m_workspace->detection());
    m_detection = std::move(found.detection);
    m_alertIndex = std::move(found.index);
    m_detectedEvents = 0;
    m_outcome.reset();
    auto filter = std::make_shared<EventFilter>();
    filter->eventCount = eventCount();
    m_filter = std::move(filter);
    m_selection.reset();
    Q_EMIT caseOpened();
    readBookmarks();
    setRulePaths(m_rulePaths);
}

void CaseSession::takeSnapshot()
{
    if (!m_workspace) {
        return;
    }
    std::shared_ptr<const workspace::Snapshot> snapshot = m_workspace->snapshot();
    if (m_snapshot && snapshot->revision == m_snapshot->revision) {
        return;
    }
    m_snapshot = std::move(snapshot);
    Q_EMIT snapshotChanged();
    refreshFilter(m_filter->text);
}

void CaseSession::setRulePaths(std::vector<std::filesystem::path> paths)
{
    m_rulePaths = std::move(paths);
    if (!m_workspace || m_rulePaths.empty()) {
        return;
    }
    m_rulesJob.start<bool>(
        tr("Loading rules"),
        [workspace = m_workspace, rulePaths = m_rulePaths](const std::stop_token& stop,
                                                           Progress&) -> Result<bool> {
            SEQUELA_TRY(workspace->loadRules(rulePaths, stop));
            return true;
        },
        [this](const Result<bool>& loaded) {
            if (!loaded) {
                Q_EMIT failed(loaded.error());
                return;
            }
            Q_EMIT rulesChanged();
            if (!isImporting()) {
                runRules();
            }
        });
}

std::shared_ptr<const rules::RuleSet> CaseSession::rules() const
{
    return m_workspace ? m_workspace->rules() : nullptr;
}

void CaseSession::runRules()
{
    if (!m_workspace || eventCount() == 0 || m_rulesJob.isRunning()) {
        return;
    }
    m_detectJob.start<Indexed>(
        tr("Running rules"),
        [workspace = m_workspace](const std::stop_token& stop,
                                  Progress& progress) -> Result<Indexed> {
            auto detection = workspace->detect({}, progress, stop);
            if (!detection) {
                return std::unexpected(std::move(detection).error());
            }
            return indexed(std::move(*detection));
        },
        [this](Result<Indexed> found) {
            if (!found) {
                Q_EMIT failed(found.error());
                return;
            }
            takeDetection(std::move(*found));
        });
}

/// Rows that an import has committed come into sight; the case is asked for them in a job.
void CaseSession::growSnapshot()
{
    if (m_growJob.isRunning() || !m_workspace) {
        return;
    }
    m_growJob.start<bool>(
        tr("Looking for new events"),
        [workspace = m_workspace](const std::stop_token&, Progress&) -> Result<bool> {
            return workspace->refresh();
        },
        [this](const Result<bool>& hasGrown) {
            if (hasGrown && *hasGrown && isImporting()) {
                takeSnapshot();
                runRulesMeanwhile();
            }
        });
}

/// First alerts before the import ends. They are not kept in the case: the run after the import is
/// what counts. Cases with exceptions wait for it, since an excepted alert must not flash up.
void CaseSession::runRulesMeanwhile()
{
    if (m_detectJob.isRunning() || m_rulesJob.isRunning() || !m_snapshot
        || eventCount() < m_detectedEvents * growthForRules) {
        return;
    }
    m_detectedEvents = eventCount();
    m_detectJob.start<Indexed>(
        tr("Running rules over what is there"),
        [workspace = m_workspace, snapshot = m_snapshot](const std::stop_token& stop,
                                                         Progress& progress) -> Result<Indexed> {
            const auto exceptions = workspace->exceptions();
            if (!exceptions || !exceptions->empty()) {
                return Indexed{};
            }
            auto found = detect::detect(*workspace->rules(), *snapshot->engine, *snapshot->catalog,
                                        {}, progress, stop);
            if (!found) {
                return std::unexpected(std::move(found).error());
            }
            return indexed(std::make_shared<const detect::Detection>(std::move(*found)));
        },
        [this](Result<Indexed> found) {
            if (!found || !isImporting()) {
                return;
            }
            Indexed result = std::move(*found);
            if (result.detection) {
                takeDetection(std::move(result));
            }
        });
}

CaseSession::Indexed CaseSession::indexed(std::shared_ptr<const detect::Detection> detection)
{
    auto index = std::make_shared<AlertIndex>();
    if (detection) {
        index->reserve(detection->alerts.size());
        for (std::size_t at = 0; at < detection->alerts.size(); ++at) {
            index->emplace(detection->alerts[at].id, at);
        }
    }
    return {std::move(detection), std::move(index)};
}

void CaseSession::takeDetection(Indexed found)
{
    m_detection = std::move(found.detection);
    m_alertIndex = std::move(found.index);
    Q_EMIT alertsChanged();
}

const detect::Alert* CaseSession::alert(const std::string& id) const
{
    const auto found = m_alertIndex->find(id);
    return found == m_alertIndex->end() ? nullptr : &m_detection->alerts[found->second];
}

void CaseSession::editVerdicts(std::vector<std::string> alertIds, detect::VerdictEdit edit)
{
    m_pendingVerdicts.emplace_back(std::move(alertIds), std::move(edit));
    writeVerdicts();
}

void CaseSession::writeVerdicts()
{
    // Newest wins would lose the one under way: they queue here instead.
    if (m_pendingVerdicts.empty() || m_verdictJob.isRunning() || m_saveJob.isRunning()
        || m_importJob.isRunning() || m_detectJob.isRunning() || !m_workspace) {
        return;
    }
    struct Saved {
        std::optional<Diagnostic> failure;
        Indexed alerts;
    };
    m_verdictJob.start<Saved>(
        tr("Saving verdicts"),
        [workspace = m_workspace, pending = std::exchange(m_pendingVerdicts, {})](
            const std::stop_token&, Progress&) -> Result<Saved> {
            Saved saved;
            for (const auto& [ids, edit] : pending) {
                if (auto written = workspace->editVerdicts(ids, edit); !written) {
                    saved.failure = std::move(written).error();
                    break;
                }
            }
            saved.alerts = indexed(workspace->detection());
            return saved;
        },
        [this, workspace = m_workspace](Result<Saved> saved) {
            if (workspace != m_workspace) {
                return;
            }
            if (!saved || saved->failure) {
                Q_EMIT failed(saved ? *saved->failure : saved.error());
            }
            if (saved) {
                takeDetection(std::move(saved->alerts));
            }
            if (hasUnsavedWork()) {
                Q_EMIT unsavedWork();
            }
        });
}

void CaseSession::applyFilter(const std::string& text)
{
    refreshFilter(text);
}

void CaseSession::refreshFilter(const std::string& text)
{
    if (!m_workspace) {
        return;
    }
    const std::optional<TimeRange> range = m_selection.state().timeRange;
    m_filterJob.start<EventFilter>(
        tr("Filtering"),
        [workspace = m_workspace, text, range](const std::stop_token& stop, Progress&) {
            return evaluate(*workspace, text, range, stop);
        },
        [this](Result<EventFilter> filter) {
            if (!filter) {
                Q_EMIT failed(filter.error());
            } else if (hasError(filter->diagnostics)) {
                Q_EMIT filterRejected(text::fromUtf8(filter->text), filter->diagnostics);
            } else {
                m_filter = std::make_shared<EventFilter>(std::move(*filter));
                Q_EMIT filterChanged();
            }
        });
}

} // namespace sequela::ui::state
