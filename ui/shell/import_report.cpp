#include "ui/shell/import_report.h"

#include "ui/events/source_line_view.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

constexpr int progressSteps = 1000;
/// Problems listed under one file; the count says how many there are.
constexpr std::size_t maxListedProblems = 500;
/// Where a listed problem is: the line, and which bytes name its file and archive member.
constexpr int lineRole = Qt::UserRole;
constexpr int pathRole = Qt::UserRole + 1;
constexpr int memberRole = Qt::UserRole + 2;

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
      m_files(new QTreeWidget(this)),
      m_source(new SourceLineView(context, this)),
      m_job(nullptr)
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
    m_files->header()->setStretchLastSection(false);
    m_files->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_files->header()->resizeSection(1, 170);
    m_files->header()->resizeSection(2, 80);
    m_files->header()->resizeSection(3, 80);
    layout->addWidget(m_progressRow);
    auto* splitter = new QSplitter(Qt::Horizontal, page);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_files);
    splitter->addWidget(m_source);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    layout->addWidget(splitter, 1);
    addPage(page);
    m_progressRow->hide();
    m_source->hide();
    connect(m_files, &QTreeWidget::itemActivated, this, &ImportReport::showLine);
    connect(m_files, &QTreeWidget::itemClicked, this, &ImportReport::showLine);
    connect(m_source, &SourceLineView::closed, m_source, &QWidget::hide);
    connect(m_cancel, &QPushButton::clicked, &context.session, &state::CaseSession::cancelImport);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::importStarted, this, &ImportReport::showProgress);
    connect(&session, &state::CaseSession::importProgressed, this, &ImportReport::showProgress);
    connect(&session, &state::CaseSession::importFinished, this, &ImportReport::takeOutcome);
    connect(&session, &state::CaseSession::caseOpened, this, &ImportReport::readFiles);
    // Failures are painted in a colour of the theme.
    connect(&context.theme, &Theme::themeChanged, this, &ImportReport::showFiles);
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

void ImportReport::showLine(const QTreeWidgetItem* item)
{
    const std::uint64_t line = item->data(0, lineRole).toULongLong();
    if (line == 0) {
        return;
    }
    ingest::SourceLinesRequest request;
    request.path = item->data(0, pathRole).toByteArray().toStdString();
    request.member = item->data(0, memberRole).toByteArray().toStdString();
    request.line = line;
    m_source->show();
    m_source->showLine(request);
}

void ImportReport::showLineOf(EventNumber event)
{
    show();
    m_source->show();
    m_source->showLineOf(event);
}

void ImportReport::readFiles()
{
    m_source->clear();
    m_source->hide();
    m_shown.clear();
    showFiles();
    if (!m_context.session.isOpen()) {
        return;
    }
    using Files = std::vector<workspace::ImportOutcome::File>;
    m_job.start<Files>(
        tr("Reading the import report"),
        [workspace = m_context.session.workspace()](const std::stop_token&, Progress&) {
            return workspace->importedFiles();
        },
        [this](Result<Files> files) {
            // What an import has told meanwhile is newer.
            if (files && m_shown.empty()) {
                m_shown = std::move(*files);
                showFiles();
            }
        });
}

void ImportReport::takeOutcome()
{
    m_progressRow->hide();
    if (const auto outcome = m_context.session.importOutcome()) {
        m_shown = outcome->files;
    }
    showFiles();
}

void ImportReport::showFiles()
{
    m_files->clear();
    header().setPill({});
    if (m_shown.empty()) {
        return;
    }
    std::uint64_t problemCount = 0;
    for (const workspace::ImportOutcome::File& file : m_shown) {
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
            if (file.problems[index].begin) {
                problem->setData(0, lineRole,
                                 static_cast<qulonglong>(file.problems[index].begin->line));
                problem->setData(0, pathRole, QByteArray::fromStdString(file.source.path));
                problem->setData(0, memberRole, QByteArray::fromStdString(file.source.member));
                problem->setToolTip(0, tr("Shows the line in its source"));
                problem->setIcon(0, m_context.theme.icon(QStringLiteral("file"), Token::Muted));
            }
        }
    }
    header().setPill(problemCount == 0 ? tr("no problems")
                                       : text::counted(problemCount, tr("problem")));
}

} // namespace sequela::ui
