#include "ui/shell/status_strip.h"

#include "ui/jobs/job_board.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/case_session.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QFile>
#include <QLabel>
#include <QToolButton>

#include <algorithm>
#include <unistd.h>

namespace sequela::ui {

namespace {

constexpr int memoryIntervalMs = 2000;
/// Jobs that are over sooner are not worth a flicker.
constexpr std::chrono::milliseconds shownAfter{250};

QString describe(const JobStatus& status)
{
    QString line = status.label;
    if (!status.step.isEmpty()) {
        line += QStringLiteral(" · ") + status.step;
    }
    if (status.total > 0) {
        line += QStringLiteral(" · %1 %").arg(100 * status.done / status.total);
    }
    if (status.items > 0 && status.itemsPerSecond > 0.0) {
        line += QStringLiteral(" · ")
                + StatusStrip::tr("%1/s").arg(
                    text::count(static_cast<std::uint64_t>(status.itemsPerSecond)));
    }
    if (status.left && status.left->count() > 0) {
        line += QStringLiteral(" · ")
                + StatusStrip::tr("%1 s left").arg(static_cast<qint64>(status.left->count()));
    }
    return line;
}

} // namespace

std::uint64_t residentMemory()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QList<QByteArray> parts = file.readAll().split(' ');
    return parts.size() > 1
               ? parts.at(1).toULongLong() * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))
               : 0;
}

StatusStrip::StatusStrip(state::Context& context, QWidget* parent)
    : QStatusBar(parent),
      m_context(context),
      m_alerts(new QLabel(this)),
      m_counts(new QLabel(this)),
      m_field(new QLabel(this)),
      m_job(new QLabel(this)),
      m_cancel(new QToolButton(this)),
      m_queryTime(new QLabel(this)),
      m_memory(new QLabel(this))
{
    setSizeGripEnabled(false);
    setFixedHeight(metrics::statusBarHeight);
    for (QLabel* label : {m_alerts, m_counts, m_field, m_job, m_queryTime, m_memory}) {
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(6, 0, 6, 0);
    }
    m_field->setFont(context.theme.dataFont());
    m_cancel->setIcon(context.theme.icon(QStringLiteral("close"), Token::Muted));
    m_cancel->setIconSize(QSize(12, 12));
    m_cancel->setProperty("class", QStringLiteral("flat"));
    m_cancel->setToolTip(tr("Cancel (Esc)"));
    m_cancel->setAccessibleName(tr("Cancel the running job"));
    addWidget(m_alerts);
    addWidget(m_counts);
    addWidget(m_field, 1);
    addPermanentWidget(m_job);
    addPermanentWidget(m_cancel);
    addPermanentWidget(m_queryTime);
    addPermanentWidget(m_memory);
    connect(m_cancel, &QToolButton::clicked, &context.jobs, &JobBoard::cancelAll);
    state::CaseSession& session = context.session;
    for (const auto signal :
         {&state::CaseSession::caseOpened, &state::CaseSession::snapshotChanged,
          &state::CaseSession::alertsChanged, &state::CaseSession::filterChanged}) {
        connect(&session, signal, this, &StatusStrip::refreshCounts);
    }
    connect(&context.jobs, &JobBoard::changed, this, &StatusStrip::refreshJobs);
    startTimer(memoryIntervalMs);
    refreshCounts();
    refreshJobs();
    refreshMemory();
}

void StatusStrip::setSelected(std::uint64_t rows, const QString& field)
{
    m_selected = rows;
    m_field->setText(field);
    refreshCounts();
}

QString StatusStrip::countsText() const
{
    return m_counts->text();
}

QString StatusStrip::jobText() const
{
    return m_job->isVisibleTo(this) ? m_job->text() : QString();
}

void StatusStrip::refreshCounts()
{
    const state::CaseSession& session = m_context.session;
    if (!session.isOpen()) {
        m_alerts->clear();
        m_counts->setText(tr("No case open"));
        m_queryTime->clear();
        return;
    }
    const auto detection = session.detection();
    const auto alertCount = static_cast<std::uint64_t>(std::ranges::count_if(
        detection->alerts, [](const detect::Alert& alert) { return !alert.rule->buildingBlock; }));
    std::size_t ran = 0;
    for (const detect::RuleOutcome& outcome : detection->outcomes) {
        ran += outcome.status == detect::RuleStatus::Ran ? 1U : 0U;
    }
    m_alerts->setText(ran == 0 ? text::counted(alertCount, tr("alert"))
                               : tr("%1 from %2 · ran in %3")
                                     .arg(text::counted(alertCount, tr("alert")),
                                          text::counted(ran, tr("rule")),
                                          text::elapsed(detection->nanoseconds)));
    const auto& filter = *session.filter();
    QString counts = text::counted(session.eventCount(), tr("event"));
    if (filter.events) {
        counts = tr("%1 of %2").arg(text::count(filter.eventCount), counts);
    }
    if (m_selected > 1) {
        counts += QStringLiteral(" · ") + tr("%1 selected").arg(text::count(m_selected));
    }
    m_counts->setText(counts);
    m_queryTime->setText(filter.nanoseconds > 0
                             ? tr("filter %1").arg(text::elapsed(filter.nanoseconds))
                             : QString());
}

void StatusStrip::refreshJobs()
{
    QString line;
    for (const JobRunner* runner : m_context.jobs.running()) {
        const JobStatus status = runner->status();
        if (status.elapsed >= shownAfter) {
            line = describe(status);
            break;
        }
    }
    m_job->setText(line);
    m_job->setVisible(!line.isEmpty());
    m_cancel->setVisible(!line.isEmpty());
}

void StatusStrip::refreshMemory()
{
    m_memory->setText(text::bytes(residentMemory()));
}

void StatusStrip::timerEvent(QTimerEvent* /*event*/)
{
    refreshMemory();
}

} // namespace sequela::ui
