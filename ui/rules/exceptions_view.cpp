#include "ui/rules/exceptions_view.h"

#include "core/base/present_time.h"
#include "core/rules/rule_set.h"
#include "ui/rules/exception_dialog.h"
#include "ui/rules/funnel_rows.h"
#include "ui/rules/rule_files.h"
#include "ui/rules/table_look.h"
#include "ui/state/case_session.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QBrush>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <string>
#include <system_error>
#include <utility>

namespace sequela::ui {

std::filesystem::path exceptionsFileOf(const std::filesystem::path& rule)
{
    std::filesystem::path file = rule;
    return file.replace_extension(".exceptions.json");
}

ExceptionModel::ExceptionModel(const state::Context& context, QObject* parent)
    : QAbstractTableModel(parent), m_context(context)
{
}

void ExceptionModel::setRows(std::vector<detect::Exception> rows, Timestamp now)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_now = now;
    endResetModel();
}

int ExceptionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ExceptionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString ExceptionModel::text(const detect::Exception& exception, int column) const
{
    switch (column) {
    case StateColumn:
        return !exception.enabled                    ? tr("off")
               : detect::isInForce(exception, m_now) ? tr("in force")
                                                     : tr("expired");
    case ConditionColumn:
        return text::visibleCell(onOneLine(exception.condition));
    case ScopeColumn:
        return exception.ruleId.empty() ? tr("all rules") : tr("this rule");
    case ExpiryColumn:
        return exception.expires ? m_context.time.date(exception.expires->nanoseconds())
                                 : tr("never");
    case AuthorColumn:
        return text::visibleCell(exception.author);
    default:
        return text::visibleCell(exception.comment);
    }
}

QVariant ExceptionModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const detect::Exception& exception = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(exception, index.column());
    case Qt::ToolTipRole:
        return QStringLiteral("<span>%1</span>")
            .arg(text(exception, index.column()).toHtmlEscaped());
    case Qt::FontRole:
        return index.column() == ConditionColumn ? m_context.theme.dataFont()
                                                 : m_context.theme.interfaceFont();
    case Qt::ForegroundRole: {
        const bool inForce = detect::isInForce(exception, m_now);
        return QBrush(m_context.theme.color(
            inForce && index.column() == ConditionColumn ? Token::Text : Token::Muted));
    }
    default:
        return {};
    }
}

QVariant ExceptionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, columns> titles{tr("State"),   tr("Condition"), tr("Applies to"),
                                              tr("Expires"), tr("Author"),    tr("Comment")};
    return titles.at(static_cast<std::size_t>(section));
}

ExceptionsView::ExceptionsView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new ExceptionModel(context, this)),
      m_table(new QTableView(this)),
      m_remark(new QLabel(this)),
      m_notice(new Notice(context.theme, this)),
      m_new(new QPushButton(tr("New…"), this)),
      m_edit(new QPushButton(tr("Edit…"), this)),
      m_toggle(new QPushButton(tr("Switch off"), this)),
      m_remove(new QPushButton(tr("Remove"), this)),
      m_write(new QPushButton(tr("Write beside the rule"), this)),
      m_take(new QPushButton(tr("Take over"), this)),
      m_listJob(nullptr),
      m_changeJob(&context.jobs)
{
    layOut();
    connect(m_table, &QTableView::activated, this, &ExceptionsView::editCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ExceptionsView::updateButtons);
    connect(m_new, &QPushButton::clicked, this, &ExceptionsView::addNew);
    connect(m_edit, &QPushButton::clicked, this, &ExceptionsView::editCurrent);
    connect(m_toggle, &QPushButton::clicked, this, &ExceptionsView::toggleCurrent);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        const detect::Exception* asked = current();
        if (asked == nullptr) {
            return;
        }
        // The table can be used while the question stands.
        const auto removal = [this, id = asked->id] {
            if (const detect::Exception* chosen = current();
                chosen != nullptr && chosen->id == id) {
                removeCurrent();
                return;
            }
            m_notice->showRemark(
                tr("Nothing was removed: it was asked about another exception than the one chosen "
                   "now."));
        };
        m_notice->ask(tr("Remove the exception from this case? Alerts it kept away come back."),
                      {{QStringLiteral("exception.remove"), tr("Remove"), removal},
                       {QStringLiteral("exception.keep"), tr("Keep it"), [] {}}});
    });
    connect(m_write, &QPushButton::clicked, this, &ExceptionsView::writeBeside);
    connect(m_take, &QPushButton::clicked, this, &ExceptionsView::takeFromBeside);
    state::CaseSession& session = context.session;
    connect(&session, &state::CaseSession::caseOpened, this, &ExceptionsView::refresh);
    // An exception that was kept runs the rules again.
    connect(&session, &state::CaseSession::alertsChanged, this, &ExceptionsView::refresh);
    updateButtons();
}

void ExceptionsView::layOut()
{
    setProperty("class", QStringLiteral("plain"));
    setAttribute(Qt::WA_StyledBackground);
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setProperty("class", QStringLiteral("muted"));
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Exceptions"));
    giveTableLook(*m_table);
    const QFontMetrics words(m_context.theme.interfaceFont());
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(ExceptionModel::ConditionColumn,
                                                      QHeaderView::Stretch);
    const std::array<int, ExceptionModel::columns> widths{
        words.horizontalAdvance(tr("in force")) + 24,
        0,
        words.horizontalAdvance(tr("Applies to")) + 24,
        words.horizontalAdvance(QStringLiteral("2026-12-31")) + 24,
        words.horizontalAdvance(QStringLiteral("longername")) + 24,
        160};
    for (int column = 0; column < ExceptionModel::columns; ++column) {
        if (column == ExceptionModel::ConditionColumn) {
            continue;
        }
        m_table->setColumnWidth(column, widths.at(static_cast<std::size_t>(column)));
    }
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(6);
    row->addWidget(m_remark, 1);
    for (QPushButton* button : {m_new, m_edit, m_toggle, m_remove, m_write, m_take}) {
        row->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_notice);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
}

void ExceptionsView::setSubject(ExceptionSubject subject)
{
    if (subject == m_subject) {
        return;
    }
    m_subject = std::move(subject);
    m_notice->clear();
    refresh();
}

void ExceptionsView::refresh()
{
    const auto workspace = m_context.session.workspace();
    if (!workspace) {
        m_listJob.cancel();
        show({});
        return;
    }
    m_listJob.start<Listed>(
        tr("Reading the exceptions"),
        [workspace, subject = m_subject](const std::stop_token&, Progress&) -> Result<Listed> {
            auto all = workspace->exceptions();
            if (!all) {
                return std::unexpected(std::move(all).error());
            }
            std::erase_if(*all, [&subject](const detect::Exception& exception) {
                return !exception.ruleId.empty() && exception.ruleId != subject.ruleId;
            });
            std::error_code failure;
            const bool hasFile =
                !subject.besideFile.empty() && std::filesystem::exists(subject.besideFile, failure);
            return Listed{std::move(*all), hasFile};
        },
        [this](Result<Listed> listed) {
            if (!listed) {
                m_notice->show(listed.error());
                return;
            }
            show(std::move(*listed));
        });
}

void ExceptionsView::show(Listed listed)
{
    const detect::Exception* shown = current();
    const std::string chosen = shown != nullptr ? shown->id : std::string();
    m_hasFile = listed.hasFile;
    m_model->setRows(std::move(listed.exceptions), presentTime());
    // By what it is: in its row another one may stand by now.
    const auto found = std::ranges::find(m_model->rows(), chosen, &detect::Exception::id);
    if (!chosen.empty() && found != m_model->rows().end()) {
        const auto row = static_cast<int>(found - m_model->rows().begin());
        m_table->setCurrentIndex(m_model->index(row, ExceptionModel::ConditionColumn));
    }
    m_remark->setText(
        !m_context.session.isOpen() ? tr("Exceptions are kept in a case; none is open.")
        : m_model->rowCount() == 0
            ? tr("No exception. The menu of a match or a cell prefills one.")
            : tr("%1 in this case").arg(text::counted(m_model->rows().size(), tr("exception"))));
    updateButtons();
    Q_EMIT countChanged(m_model->rows().size());
}

QString ExceptionsView::remark() const
{
    return m_remark->text();
}

const detect::Exception* ExceptionsView::current() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_model->rows()[static_cast<std::size_t>(index.row())] : nullptr;
}

void ExceptionsView::updateButtons()
{
    const detect::Exception* chosen = current();
    const bool hasCase = m_context.session.isOpen();
    m_new->setEnabled(hasCase);
    m_edit->setEnabled(chosen != nullptr);
    m_toggle->setEnabled(chosen != nullptr);
    m_toggle->setText(chosen != nullptr && !chosen->enabled ? tr("Switch on") : tr("Switch off"));
    m_remove->setEnabled(chosen != nullptr);
    const bool isFile = hasCase && !m_subject.besideFile.empty();
    const QString name = text::visible(m_subject.besideFile.filename().string());
    m_write->setEnabled(isFile && m_model->rowCount() > 0);
    m_write->setToolTip(tr("Write this rule's exceptions into %1").arg(name).toHtmlEscaped());
    m_take->setVisible(m_hasFile);
    m_take->setToolTip(tr("Take over the exceptions in %1").arg(name).toHtmlEscaped());
}

void ExceptionsView::addNew()
{
    ExceptionSeed seed;
    seed.ruleId = m_subject.ruleId;
    seed.ruleName = m_subject.ruleName;
    auto* dialog = new ExceptionDialog(m_context, std::move(seed), window());
    connect(dialog, &ExceptionDialog::saved, this, &ExceptionsView::refresh);
    dialog->show();
}

void ExceptionsView::editCurrent()
{
    const detect::Exception* chosen = current();
    if (chosen == nullptr) {
        return;
    }
    ExceptionSeed seed;
    seed.ruleId = m_subject.ruleId;
    seed.ruleName = m_subject.ruleName;
    seed.condition = chosen->condition;
    seed.existing = *chosen;
    auto* dialog = new ExceptionDialog(m_context, std::move(seed), window());
    connect(dialog, &ExceptionDialog::saved, this, &ExceptionsView::refresh);
    dialog->show();
}

void ExceptionsView::toggleCurrent()
{
    if (const detect::Exception* chosen = current()) {
        detect::Exception changed = *chosen;
        changed.enabled = !changed.enabled;
        change(
            tr("Switching an exception"),
            [changed](workspace::Workspace& workspace) -> Result<bool> {
                SEQUELA_TRY(workspace.saveException(changed));
                return true;
            },
            true, changed.enabled ? tr("The exception is in force") : tr("The exception is off"));
    }
}

void ExceptionsView::removeCurrent()
{
    if (const detect::Exception* chosen = current()) {
        change(
            tr("Removing an exception"),
            [id = chosen->id](workspace::Workspace& workspace) -> Result<bool> {
                SEQUELA_TRY(workspace.removeException(id));
                return true;
            },
            true, tr("The exception is gone"));
    }
}

void ExceptionsView::writeBeside()
{
    change(
        tr("Writing exceptions"),
        [subject = m_subject](workspace::Workspace& workspace) -> Result<bool> {
            auto text = workspace.exportExceptionsOf(subject.ruleId);
            if (!text) {
                return std::unexpected(std::move(text).error());
            }
            return writeWhole(subject.besideFile, *text);
        },
        false,
        tr("The rule's exceptions are in %1")
            .arg(text::visible(m_subject.besideFile.filename().string())));
}

void ExceptionsView::takeFromBeside()
{
    change(
        tr("Reading exceptions"),
        [file = m_subject.besideFile](workspace::Workspace& workspace) -> Result<bool> {
            auto text = rules::readRuleText(file);
            if (!text) {
                return std::unexpected(std::move(text).error());
            }
            SEQUELA_TRY(workspace.importExceptions(*text));
            return true;
        },
        true, tr("The exceptions beside the rule are in this case"));
}

void ExceptionsView::change(const QString& label,
                            std::function<Result<bool>(workspace::Workspace&)> work,
                            bool affectsAlerts, const QString& done)
{
    const auto workspace = m_context.session.workspace();
    if (!workspace) {
        return;
    }
    m_changeJob.start<bool>(
        label,
        [workspace, work = std::move(work)](const std::stop_token&, Progress&) {
            return work(*workspace);
        },
        [this, affectsAlerts, done](const Result<bool>& result) {
            if (!result) {
                m_notice->show(result.error());
                return;
            }
            m_notice->clear();
            Q_EMIT told(done);
            refresh();
            if (affectsAlerts) {
                m_context.session.runRules();
            }
        });
}

} // namespace sequela::ui
