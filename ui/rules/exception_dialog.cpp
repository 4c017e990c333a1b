#include "ui/rules/exception_dialog.h"

#include "core/detect/event_reader.h"
#include "ui/events/filter_text.h"
#include "ui/state/case_session.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/severity.h"

#include <QComboBox>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::ui {

namespace {

constexpr QSize usualSize(720, 600);
constexpr int pauseMs = 250;
/// Stands for the expiry that a saved exception has.
constexpr int keptExpiry = -1;
/// Alerts listed under the preview; its sentence counts all.
constexpr std::size_t maxListed = 200;
/// What tells a harmless program from the one the rule looks for, most telling first.
constexpr std::array<std::string_view, 10> offeredFields{"process.executable",
                                                         "process.parent.executable",
                                                         "process.command_line",
                                                         "user.name",
                                                         "host.name",
                                                         "process.code_signature.subject_name",
                                                         "file.path",
                                                         "destination.ip",
                                                         "destination.domain",
                                                         "registry.path"};

} // namespace

Result<ExceptionSeed> exceptionSeed(const workspace::Snapshot& snapshot, EventNumber event,
                                    const std::string& ruleId, const std::string& ruleName)
{
    ExceptionSeed seed;
    seed.ruleId = ruleId;
    seed.ruleName = ruleName;
    detect::EventReader reader(*snapshot.events);
    for (const std::string_view field : offeredFields) {
        auto values = reader.values(event, field);
        if (!values) {
            return std::unexpected(std::move(values).error());
        }
        if (!values->values.empty()) {
            seed.clauses.push_back(filterClause(*snapshot.catalog, std::string(field),
                                                values->values.front().text, true, false));
        }
    }
    if (!seed.clauses.empty()) {
        seed.condition = seed.clauses.front();
    }
    return seed;
}

ExceptionDialog::ExceptionDialog(const state::Context& context, ExceptionSeed seed, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_seed(std::move(seed)),
      m_condition(new QPlainTextEdit(this)),
      m_clauses(new QListWidget(this)),
      m_scope(new QComboBox(this)),
      m_expiry(new QComboBox(this)),
      m_comment(new QLineEdit(this)),
      m_effect(new QLabel(this)),
      m_affected(new QListWidget(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this)),
      m_previewJob(&context.jobs),
      m_saveJob(&context.jobs)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("exception"));
    setWindowTitle(m_seed.existing ? tr("Exception") : tr("New exception"));
    resize(usualSize);
    layOut();
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &ExceptionDialog::startPreview);
    connect(m_condition, &QPlainTextEdit::textChanged, this, [this] {
        m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
        m_pause.start();
    });
    connect(m_clauses, &QListWidget::itemChanged, this, [this] { composeCondition(); });
    connect(m_scope, &QComboBox::currentIndexChanged, this, [this] { m_pause.start(); });
    connect(m_buttons, &QDialogButtonBox::accepted, this, &ExceptionDialog::save);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    offerClauses(m_seed.clauses);
    m_condition->setPlainText(text::fromUtf8(m_seed.condition));
    if (m_seed.existing) {
        takeExisting(*m_seed.existing);
    }
    startPreview();
}

void ExceptionDialog::takeExisting(const detect::Exception& exception)
{
    m_comment->setText(text::fromUtf8(exception.comment));
    m_scope->setCurrentIndex(
        std::max(0, m_scope->findData(text::fromUtf8(exception.ruleId), Qt::UserRole)));
    if (exception.expires) {
        m_expiry->insertItem(
            0, tr("on %1").arg(m_context.time.date(exception.expires->nanoseconds())), keptExpiry);
        m_expiry->setCurrentIndex(0);
    }
}

void ExceptionDialog::layOut()
{
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    auto* lead = new QLabel(tr("Events that satisfy the condition are taken away before the rule "
                               "looks at them, at every stage and for until."),
                            this);
    lead->setWordWrap(true);
    lead->setProperty("class", QStringLiteral("muted"));
    m_condition->setFont(m_context.theme.dataFont());
    m_condition->setTabChangesFocus(true);
    m_condition->setFixedHeight(64);
    m_condition->setAccessibleName(tr("Condition"));
    m_clauses->setFont(m_context.theme.dataFont());
    m_clauses->setAccessibleName(tr("Clauses this event offers"));
    m_clauses->setFixedHeight(132);
    if (!m_seed.ruleId.empty()) {
        m_scope->addItem(tr("Only %1").arg(text::visible(m_seed.ruleName)),
                         text::fromUtf8(m_seed.ruleId));
    }
    m_scope->addItem(tr("All rules"), QString());
    m_scope->setAccessibleName(tr("Rules it concerns"));
    for (const auto& [label, days] :
         {std::pair{tr("never"), 0}, std::pair{tr("in 30 days"), 30},
          std::pair{tr("in 90 days"), 90}, std::pair{tr("in a year"), 365}}) {
        m_expiry->addItem(label, days);
    }
    m_expiry->setAccessibleName(tr("Expires"));
    m_comment->setPlaceholderText(tr("Why it is harmless"));
    m_comment->setAccessibleName(tr("Comment"));
    m_effect->setTextFormat(Qt::PlainText);
    m_effect->setWordWrap(true);
    m_affected->setAccessibleName(tr("Alerts concerned"));
    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(tr("Condition"), m_condition);
    form->addRow(tr("This event has"), m_clauses);
    form->addRow(tr("Applies to"), m_scope);
    form->addRow(tr("Expires"), m_expiry);
    form->addRow(tr("Comment"), m_comment);
    m_buttons->button(QDialogButtonBox::Save)->setText(tr("Keep the exception"));
    m_buttons->button(QDialogButtonBox::Save)->setProperty("class", QStringLiteral("primary"));
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    layout->addWidget(lead);
    layout->addLayout(form);
    layout->addWidget(m_effect);
    layout->addWidget(m_affected, 1);
    layout->addWidget(m_buttons);
}

void ExceptionDialog::offerClauses(const std::vector<std::string>& clauses)
{
    m_composing = true;
    for (const std::string& clause : clauses) {
        auto* item = new QListWidgetItem(text::visible(clause), m_clauses);
        item->setData(Qt::UserRole, text::fromUtf8(clause));
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(m_seed.condition == clause ? Qt::Checked : Qt::Unchecked);
    }
    m_composing = false;
    m_clauses->setEnabled(!clauses.empty());
}

void ExceptionDialog::composeCondition()
{
    if (m_composing) {
        return;
    }
    QStringList chosen;
    for (int row = 0; row < m_clauses->count(); ++row) {
        const QListWidgetItem* item = m_clauses->item(row);
        if (item->checkState() == Qt::Checked) {
            chosen << item->data(Qt::UserRole).toString();
        }
    }
    m_condition->setPlainText(chosen.join(QStringLiteral(" and\n")));
}

detect::Exception ExceptionDialog::exception() const
{
    // Author and time of a saved one are those of whoever changes it.
    detect::Exception exception;
    if (m_seed.existing) {
        exception.id = m_seed.existing->id;
        exception.enabled = m_seed.existing->enabled;
    }
    exception.ruleId = text::toUtf8(m_scope->currentData().toString());
    exception.condition = text::toUtf8(m_condition->toPlainText());
    exception.comment = text::toUtf8(m_comment->text());
    const int days = m_expiry->currentData().toInt();
    if (days == keptExpiry && m_seed.existing) {
        exception.expires = m_seed.existing->expires;
    } else if (days > 0) {
        exception.expires = timestampFromMilliseconds(
            QDateTime::currentDateTimeUtc().addDays(days).toMSecsSinceEpoch());
    }
    return exception;
}

void ExceptionDialog::startPreview()
{
    m_pause.stop();
    const auto workspace = m_context.session.workspace();
    if (!workspace || m_condition->toPlainText().trimmed().isEmpty()) {
        m_previewJob.cancel();
        m_affected->clear();
        setEffect(tr("Write a condition, or tick clauses of the event."), false);
        return;
    }
    setEffect(tr("Looking what it would change…"), false);
    m_previewJob.start<workspace::ExceptionPreview>(
        tr("Previewing an exception"),
        [workspace, exception = exception()](const std::stop_token& stop, Progress& progress) {
            return workspace->previewException(exception, {}, progress, stop);
        },
        [this](const Result<workspace::ExceptionPreview>& preview) {
            if (!preview) {
                setEffect(diagnosticText(preview.error()), true);
                return;
            }
            showPreview(*preview);
        });
}

void ExceptionDialog::showPreview(const workspace::ExceptionPreview& preview)
{
    m_affected->clear();
    const auto error =
        std::ranges::find(preview.diagnostics, Severity::Error, &Diagnostic::severity);
    if (error != preview.diagnostics.end()) {
        setEffect(diagnosticText(*error), true);
        return;
    }
    const auto lost = preview.lostTruePositives();
    QString effect = tr("%1 fall under it. %2 would disappear, %3 would re-form.")
                         .arg(text::counted(preview.eventCount, tr("event")),
                              text::counted(preview.disappearing.size(), tr("alert")),
                              text::count(preview.reforming.size()));
    if (!lost.empty()) {
        effect += QLatin1Char(' ')
                  + tr("%1 marked true positive would be lost.")
                        .arg(text::counted(lost.size(), tr("alert")));
    }
    setEffect(effect, !lost.empty());
    const auto list = [this](const std::vector<detect::Alert>& alerts, const QString& sign,
                             Token token) {
        for (std::size_t index = 0; index < std::min(alerts.size(), maxListed); ++index) {
            const detect::Alert& alert = alerts[index];
            QString line = sign + QLatin1Char(' ') + text::visibleCell(alert.name)
                           + QStringLiteral(" · ") + text::visibleCell(alert.host);
            if (alert.lastTime) {
                line +=
                    QStringLiteral(" · ") + m_context.time.dateTime(alert.lastTime->nanoseconds());
            }
            if (alert.verdict.status != detect::VerdictStatus::Open) {
                line += QStringLiteral(" · ") + verdictLabel(alert.verdict);
            }
            auto* item = new QListWidgetItem(line, m_affected);
            item->setForeground(m_context.theme.color(token));
        }
    };
    list(preview.disappearing, QStringLiteral("−"), Token::Lost);
    list(preview.reforming, QStringLiteral("+"), Token::Gained);
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(true);
}

void ExceptionDialog::setEffect(const QString& text, bool isAlarm)
{
    QPalette palette = m_effect->palette();
    palette.setColor(QPalette::WindowText,
                     m_context.theme.color(isAlarm ? Token::Critical : Token::Text));
    m_effect->setPalette(palette);
    m_effect->setText(text);
}

QString ExceptionDialog::effect() const
{
    return m_effect->text();
}

bool ExceptionDialog::canSave() const
{
    return m_buttons->button(QDialogButtonBox::Save)->isEnabled();
}

void ExceptionDialog::save()
{
    const auto workspace = m_context.session.workspace();
    if (!workspace || !canSave()) {
        return;
    }
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    m_saveJob.start<std::string>(
        tr("Keeping an exception"),
        [workspace, exception = exception()](const std::stop_token&, Progress&) {
            return workspace->saveException(exception);
        },
        [this](const Result<std::string>& kept) {
            if (!kept) {
                setEffect(diagnosticText(kept.error()), true);
                return;
            }
            m_context.session.runRules();
            Q_EMIT saved();
            close();
        });
}

} // namespace sequela::ui
