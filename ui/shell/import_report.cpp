#include "ui/shell/import_report.h"

#include "core/rules/schedule.h"
#include "ui/events/source_line_view.h"
#include "ui/shell/import_mapping_dialog.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStringList>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <vector>

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

/// Hosts of the case, by name.
QStringList hostsOf(const schema::ColumnSource& events)
{
    constexpr std::size_t mostHosts = 1'000;
    std::set<std::string, std::less<>> hosts;
    const auto field = events.field("host.name");
    for (std::uint32_t number = 0; field && number < events.segments().size(); ++number) {
        const auto column = events.column(SegmentNumber(number), *field);
        for (std::uint32_t value = 0; column && *column && value < (*column)->valueCount();
             ++value) {
            if (hosts.size() < mostHosts) {
                hosts.emplace((*column)->text(value));
            }
        }
    }
    QStringList names;
    for (const std::string& host : hosts) {
        names << text::visible(host);
    }
    return names;
}

/// A few documents of a source, to make a mapping of.
std::vector<std::string> firstDocuments(const schema::ColumnSource& events, std::uint32_t source)
{
    constexpr std::uint32_t wanted = 50;
    std::vector<std::string> documents;
    for (const schema::Segment& segment : events.segments()) {
        if (segment.source.value() != source) {
            continue;
        }
        for (std::uint32_t row = 0; row < std::min(wanted, segment.eventCount); ++row) {
            auto document = events.document(EventNumber(segment.firstEvent.value() + row));
            if (document) {
                documents.push_back(std::move(*document));
            }
        }
        break;
    }
    return documents;
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
      m_job(nullptr),
      m_hostsJob(nullptr)
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
    layout->addWidget(makePasswordRow());
    layout->addWidget(makeClockRow());
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
    m_reports.clear();
    showFiles();
    if (!m_context.session.isOpen()) {
        return;
    }
    using Files = std::shared_ptr<const std::vector<workspace::ImportOutcome::File>>;
    m_job.start<Files>(
        tr("Reading the import report"),
        [workspace = m_context.session.workspace()](const std::stop_token&,
                                                    Progress&) -> Result<Files> {
            auto files = workspace->importedFiles();
            if (!files) {
                return std::unexpected(std::move(files).error());
            }
            return std::make_shared<std::vector<workspace::ImportOutcome::File>>(std::move(*files));
        },
        [this](const Result<Files>& files) {
            // What an import has told meanwhile is newer.
            if (files && m_shown.empty()) {
                m_shown = **files;
                showFiles();
            }
        });
}

void ImportReport::takeOutcome()
{
    m_progressRow->hide();
    if (const auto outcome = m_context.session.importOutcome()) {
        m_shown = outcome->files;
        m_reports = outcome->report.files;
    }
    showFiles();
}

void ImportReport::showFiles()
{
    m_files->clear();
    header().setPill({});
    m_passwordRow->hide();
    m_clockRow->setVisible(!m_shown.empty());
    if (m_shown.empty()) {
        return;
    }
    m_encrypted.clear();
    std::uint64_t problemCount = 0;
    for (std::size_t at = 0; at < m_shown.size(); ++at) {
        const workspace::ImportOutcome::File& file = m_shown[at];
        QTreeWidgetItem* item = addFile(file);
        problemCount += std::max<std::uint64_t>(file.source.problemCount, file.failure ? 1 : 0);
        if (at >= m_reports.size()) {
            continue;
        }
        const ingest::FileReport& report = m_reports[at];
        addContent(item, report);
        const std::filesystem::path path(report.path);
        if (report.problemCount(ingest::ProblemKind::Encrypted) > 0
            && std::ranges::find(m_encrypted, path) == m_encrypted.end()) {
            m_encrypted.push_back(path);
        }
    }
    showRows();
    header().setPill(problemCount == 0 ? tr("no problems")
                                       : text::counted(problemCount, tr("problem")));
}

/// What the analyst can add: passwords, clocks, names of fields.
void ImportReport::showRows()
{
    m_passwordRow->setVisible(!m_encrypted.empty());
    if (!m_encrypted.empty()) {
        m_passwordLine->setText(
            m_encrypted.size() == 1
                ? tr("%1 is encrypted.").arg(text::visible(m_encrypted.front().filename().string()))
                : tr("%1 archives are encrypted.").arg(text::count(m_encrypted.size())));
    }
    showMapButton();
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_hostsJob.start<QStringList>(
        tr("Listing hosts"),
        [snapshot](const std::stop_token&, Progress&) -> Result<QStringList> {
            return hostsOf(*snapshot->events);
        },
        [this](const Result<QStringList>& hosts) {
            if (hosts) {
                const QString chosen = m_clockHost->currentText();
                m_clockHost->clear();
                m_clockHost->addItems(*hosts);
                m_clockHost->setEditText(chosen.isEmpty() ? m_clockHost->itemText(0) : chosen);
            }
        });
}

QTreeWidgetItem* ImportReport::addFile(const workspace::ImportOutcome::File& file)
{
    auto* item = new QTreeWidgetItem(m_files);
    item->setText(0, fileLabel(file.source));
    item->setText(1, file.alreadyThere ? tr("already in this case")
                                       : text::visible(file.source.format));
    item->setText(2, text::count(file.source.eventCount));
    item->setText(3, file.source.problemCount == 0 ? QStringLiteral("—")
                                                   : text::count(file.source.problemCount));
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
    return item;
}

QWidget* ImportReport::makePasswordRow()
{
    m_passwordRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_passwordRow);
    row->setContentsMargins(10, 6, 6, 6);
    row->setSpacing(10);
    m_passwordLine = new QLabel(m_passwordRow);
    m_passwordLine->setTextFormat(Qt::PlainText);
    m_password = new QLineEdit(m_passwordRow);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setFixedWidth(220);
    m_password->setPlaceholderText(tr("Password"));
    m_password->setAccessibleName(tr("Password of the archive"));
    auto* open = new QPushButton(tr("Open with it"), m_passwordRow);
    row->addWidget(m_passwordLine, 1);
    row->addWidget(m_password);
    row->addWidget(open);
    connect(open, &QPushButton::clicked, this, &ImportReport::openEncrypted);
    connect(m_password, &QLineEdit::returnPressed, this, &ImportReport::openEncrypted);
    m_passwordRow->hide();
    return m_passwordRow;
}

QWidget* ImportReport::makeClockRow()
{
    m_clockRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_clockRow);
    row->setContentsMargins(10, 6, 6, 6);
    row->setSpacing(10);
    m_clockHost = new QComboBox(m_clockRow);
    m_clockHost->setEditable(true);
    m_clockHost->setMinimumWidth(180);
    m_clockHost->setAccessibleName(tr("Host whose clock was wrong"));
    m_clockOffset = new QLineEdit(m_clockRow);
    m_clockOffset->setFixedWidth(90);
    m_clockOffset->setPlaceholderText(tr("+5m, -90s"));
    m_clockOffset->setAccessibleName(tr("How far to move its times"));
    m_clockFault = new QLabel(m_clockRow);
    m_clockFault->setTextFormat(Qt::PlainText);
    m_clockFault->setProperty("class", QStringLiteral("muted"));
    auto* again = new QPushButton(tr("Import again"), m_clockRow);
    again->setToolTip(tr("Reads the files into a new case, with the times of this host moved and "
                         "marked as derived."));
    m_map = new QPushButton(tr("Map fields…"), m_clockRow);
    m_map->setToolTip(tr("Gives the fields of the chosen file ECS names, saved for files of the "
                         "same shape."));
    row->addWidget(new QLabel(tr("Move the times of"), m_clockRow));
    row->addWidget(m_clockHost);
    row->addWidget(new QLabel(tr("by"), m_clockRow));
    row->addWidget(m_clockOffset);
    row->addWidget(again);
    row->addWidget(m_clockFault, 1);
    row->addWidget(m_map);
    connect(again, &QPushButton::clicked, this, &ImportReport::correctClock);
    connect(m_clockOffset, &QLineEdit::returnPressed, this, &ImportReport::correctClock);
    connect(m_map, &QPushButton::clicked, this, &ImportReport::mapFields);
    connect(m_files, &QTreeWidget::currentItemChanged, this, &ImportReport::showMapButton);
    m_clockRow->hide();
    return m_clockRow;
}

void ImportReport::importAgain()
{
    const auto workspace = m_context.session.workspace();
    std::set<std::string> paths;
    for (const workspace::SourceInfo& source :
         workspace ? workspace->sources() : std::vector<workspace::SourceInfo>()) {
        paths.insert(source.path);
    }
    std::error_code error;
    const bool areAllThere = std::ranges::all_of(
        paths, [&](const std::string& path) { return std::filesystem::exists(path, error); });
    if (paths.empty() || !areAllThere) {
        m_clockFault->setText(tr("Not everything in this case can be read again: a file is gone "
                                 "or was pasted."));
        return;
    }
    Q_EMIT importAgainRequested({paths.begin(), paths.end()});
}

void ImportReport::openEncrypted()
{
    if (m_password->text().isEmpty() || m_encrypted.empty()) {
        return;
    }
    state::ImportSettings settings = m_context.session.importSettings();
    settings.archivePasswords.push_back(text::toUtf8(m_password->text()));
    m_context.session.setImportSettings(std::move(settings));
    m_password->clear();
    m_passwordRow->hide();
    m_context.session.importPaths(m_encrypted);
}

void ImportReport::correctClock()
{
    const QString written = m_clockOffset->text().trimmed();
    const bool hasSign = written.startsWith(u'+') || written.startsWith(u'-');
    const auto span = rules::parseInterval(text::toUtf8(hasSign ? written.mid(1) : written));
    const std::string host = text::toUtf8(m_clockHost->currentText().trimmed());
    if (!span || host.empty()) {
        m_clockFault->setText(tr("Name a host and a span: +5m, -90s, 2h, 1d."));
        return;
    }
    m_clockFault->clear();
    state::ImportSettings settings = m_context.session.importSettings();
    settings.clockOffsets[host] = written.startsWith(u'-') ? -*span : *span;
    m_context.session.setImportSettings(std::move(settings));
    importAgain();
}

int ImportReport::chosenFile() const
{
    QTreeWidgetItem* item = m_files->currentItem();
    while (item != nullptr && item->parent() != nullptr) {
        item = item->parent();
    }
    return item == nullptr ? -1 : m_files->indexOfTopLevelItem(item);
}

void ImportReport::showMapButton()
{
    const int row = chosenFile();
    m_map->setEnabled(row >= 0 && m_shown[static_cast<std::size_t>(row)].source.eventCount > 0);
}

void ImportReport::mapFields()
{
    const int row = chosenFile();
    const auto workspace = m_context.session.workspace();
    const auto snapshot = m_context.session.snapshot();
    if (row < 0 || !workspace || !snapshot) {
        return;
    }
    const workspace::SourceInfo& wanted = m_shown[static_cast<std::size_t>(row)].source;
    const std::vector<workspace::SourceInfo> sources = workspace->sources();
    const auto found = std::ranges::find_if(sources, [&](const workspace::SourceInfo& source) {
        return source.path == wanted.path && source.member == wanted.member;
    });
    const auto number = static_cast<std::uint32_t>(found - sources.begin());
    auto* dialog = new ImportMappingDialog(m_context, firstDocuments(*snapshot->events, number),
                                           fileLabel(wanted), this);
    connect(dialog, &ImportMappingDialog::saved, this, &ImportReport::importAgain);
    dialog->open();
}

/// What the file holds, as lines below it.
void ImportReport::addContent(QTreeWidgetItem* item, const ingest::FileReport& file)
{
    const auto line = [&](const QString& words) {
        auto* child = new QTreeWidgetItem(item);
        child->setText(0, words);
        child->setForeground(0, m_context.theme.color(Token::Muted));
        child->setFirstColumnSpanned(true);
    };
    if (!file.formatReason.empty()) {
        line(tr("taken for %1: %2")
                 .arg(text::visible(file.format), text::visible(file.formatReason)));
    }
    const auto counts = [&](const QString& title, const auto& from, const QString& nameless) {
        constexpr std::size_t namesShown = 12;
        std::vector<std::pair<std::uint64_t, std::string>> sorted;
        for (const auto& [name, count] : from) {
            sorted.emplace_back(count, name);
        }
        std::ranges::sort(sorted, std::greater<>());
        QStringList words;
        for (std::size_t i = 0; i < std::min(namesShown, sorted.size()); ++i) {
            words << QStringLiteral("%1 %2").arg(
                sorted[i].second.empty() ? nameless : text::visible(sorted[i].second),
                text::count(sorted[i].first));
        }
        if (sorted.size() > namesShown) {
            words << tr("%1 more").arg(text::count(sorted.size() - namesShown));
        }
        if (!words.empty()) {
            line(title + QStringLiteral(": ") + words.join(QStringLiteral(", ")));
        }
    };
    counts(tr("read as"), file.content.shapes, {});
    counts(tr("by category"), file.content.categories, tr("(none)"));
    counts(tr("fields kept under their own names"), file.content.unmapped, {});
}

} // namespace sequela::ui
