#include "ui/shell/import_report.h"

#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

constexpr int progressSteps = 1000;
/// Problems listed under one file; the count says how many there are.
constexpr std::size_t maxListedProblems = 500;

QString fileLabel(const workspace::SourceInfo& source)
{
    QString label = text::visible(source.path);
    if (!source.member.empty()) {
        label += QStringLiteral(" → ") + text::visible(source.member);
    }
    return label;
}

} // namespace

ImportReport::ImportReport(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("import.report"), tr("Import report"), parent),
      m_context(context),
      m_progressRow(new QWidget(this)),
      m_line(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("Cancel"), this)),
      m_files(new QTreeWidget(this))
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* row = new QHBoxLayout(m_progressRow);
    row->setContentsMargins(10, 6, 6, 6);
    row->setSpacing(10);
    m_line->setTextFormat(Qt::PlainText);
    m_bar->setRange(0, progressSteps);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(220);
    m_bar->setAccessibleName(tr("Import progress"));
    row->addWidget(m_line, 1);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    m_files->setColumnCount(4);
    m_files->setHeaderLabels({tr("File"), tr("Format"), tr("Events"), tr("Problems")});
    m_files->setAccessibleName(tr("Imported files"));
    m_files->header()->resizeSection(0, 520);
    m_files->header()->resizeSection(1, 200);
    layout->addWidget(m_progressRow);
    layout->addWidget(m_files, 1);
    addPage(page);
    m_progressRow->hide();
    connect(m_cancel, &QPushButton::clicked, &context.session, &state::CaseSession::cancelImport);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::importStarted, this, &ImportReport::showProgress);
    connect(&session, &state::CaseSession::importProgressed, this, &ImportReport::showProgress);
    connect(&session, &state::CaseSession::importFinished, this, &ImportReport::showOutcome);
    connect(&session, &state::CaseSession::caseOpened, this, &ImportReport::clear);
    // Failures are painted in a colour of the theme.
    connect(&context.theme, &Theme::themeChanged, this, &ImportReport::showOutcome);
    connect(&session, &state::CaseSession::activityChanged, this,
            [this] { m_progressRow->setVisible(m_context.session.isImporting()); });
}

void ImportReport::showProgress()
{
    const JobStatus status = m_context.session.importStatus();
    m_progressRow->setVisible(m_context.session.isImporting());
    QString line = status.step.isEmpty() ? status.label : status.step;
    line += QStringLiteral(" · ") + text::counted(status.items, tr("event"));
    if (status.donePerSecond > 0.0) {
        line += QStringLiteral(" · ")
                + tr("%1/s").arg(text::bytes(static_cast<std::uint64_t>(status.donePerSecond)));
    }
    if (status.left) {
        line +=
            QStringLiteral(" · ") + tr("%1 s left").arg(static_cast<qint64>(status.left->count()));
    }
    m_line->setText(line);
    m_bar->setRange(0, status.total > 0 ? progressSteps : 0);
    if (status.total > 0) {
        m_bar->setValue(static_cast<int>(status.done * progressSteps / status.total));
    }
}

void ImportReport::clear()
{
    m_files->clear();
    header().setPill({});
}

void ImportReport::showOutcome()
{
    m_progressRow->hide();
    const auto outcome = m_context.session.importOutcome();
    m_files->clear();
    if (!outcome) {
        return;
    }
    std::uint64_t problemCount = 0;
    for (const workspace::ImportOutcome::File& file : outcome->files) {
        auto* item = new QTreeWidgetItem(m_files);
        item->setText(0, fileLabel(file.source));
        item->setText(1, file.alreadyThere ? tr("already in this case")
                                           : text::visible(file.source.format));
        item->setText(2, text::count(file.source.eventCount));
        item->setText(3, file.source.problemCount == 0 ? QStringLiteral("—")
                                                       : text::count(file.source.problemCount));
        problemCount += std::max<std::uint64_t>(file.source.problemCount, file.failure ? 1 : 0);
        if (file.failure) {
            item->setForeground(0, m_context.theme.color(Token::Lost));
            auto* failure = new QTreeWidgetItem(item);
            failure->setText(0, diagnosticText(*file.failure));
            failure->setFirstColumnSpanned(true);
            item->setExpanded(true);
        }
        for (std::size_t index = 0; index < std::min(file.problems.size(), maxListedProblems);
             ++index) {
            if (file.failure && file.problems[index].message == file.failure->message) {
                continue;
            }
            auto* problem = new QTreeWidgetItem(item);
            problem->setText(0, diagnosticText(file.problems[index]));
            problem->setFirstColumnSpanned(true);
        }
    }
    header().setPill(problemCount == 0 ? tr("no problems")
                                       : text::counted(problemCount, tr("problem")));
}

} // namespace sequela::ui
