#include "ui/triage/verdict_editor.h"

#include "ui/state/case_session.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/severity.h"

#include <QCompleter>
#include <QFontMetrics>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringListModel>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace sequela::ui {

using detect::VerdictReason;
using detect::VerdictStatus;

namespace {

/// A pause in writing after which a note is kept.
constexpr int notePauseMs = 800;
constexpr int mostNoteLines = 4;
constexpr int newTagWidth = 96;
/// Chips shown; further tags are counted in the last one's tool tip.
constexpr std::size_t maxShownTags = 24;
constexpr qsizetype maxTagLength = 28;

} // namespace

VerdictEditor::VerdictEditor(state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_heading(new QLabel(this)),
      m_buttonRow(new QWidget(this)),
      m_note(new QPlainTextEdit(this)),
      m_tagRow(new QWidget(this)),
      m_newTag(new QLineEdit(this)),
      m_history(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* row = new QHBoxLayout(m_buttonRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    // Short, so that the decision takes one line of the narrowest panel; tool tips have it in full.
    row->addWidget(addButton(tr("Ack"), VerdictStatus::Acknowledged, VerdictReason::None));
    row->addWidget(addButton(tr("True"), VerdictStatus::Closed, VerdictReason::TruePositive));
    row->addWidget(addButton(tr("False"), VerdictStatus::Closed, VerdictReason::FalsePositive));
    row->addWidget(addButton(tr("Benign"), VerdictStatus::Closed, VerdictReason::BenignPositive));
    row->addWidget(addButton(tr("Reopen"), VerdictStatus::Open, VerdictReason::None));
    for (QLabel* label : {m_heading, m_history}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_history->setProperty("class", QStringLiteral("muted"));
    makeNote();
    makeTags();
    layout->addWidget(m_heading);
    layout->addWidget(m_buttonRow);
    layout->addWidget(m_note);
    layout->addWidget(m_tagRow);
    layout->addWidget(m_history);
    connect(&context.session, &state::CaseSession::caseOpened, this, [this] {
        // The note of a case that is gone is not for the next one.
        m_ids.clear();
        m_note->document()->setModified(false);
        m_noteTimer.stop();
    });
}

VerdictEditor::~VerdictEditor()
{
    m_note->removeEventFilter(this);
    m_newTag->removeEventFilter(this);
}

QPushButton* VerdictEditor::addButton(const QString& label, VerdictStatus status,
                                      VerdictReason reason)
{
    detect::Verdict verdict;
    verdict.status = status;
    verdict.reason = reason;
    auto* button = new QPushButton(m_context.theme.icon(verdictIcon(verdict)), label, m_buttonRow);
    button->setCheckable(true);
    button->setIconSize(QSize(13, 13));
    button->setProperty("class", QStringLiteral("compact"));
    button->setToolTip(status == VerdictStatus::Open ? tr("Open again") : verdictLabel(verdict));
    button->setAccessibleName(button->toolTip());
    connect(button, &QPushButton::clicked, this,
            [this, status, reason] { decide(status, reason); });
    m_buttons.emplace_back(button, verdict);
    return button;
}

void VerdictEditor::makeNote()
{
    m_note->setAccessibleName(tr("Note"));
    m_note->setTabChangesFocus(true);
    m_note->setToolTip(tr("Kept as you write. Return is done, Shift+Return a new line."));
    m_note->setProperty("class", QStringLiteral("field"));
    m_note->installEventFilter(this);
    fitNote();
    m_noteTimer.setSingleShot(true);
    m_noteTimer.setInterval(notePauseMs);
    connect(&m_noteTimer, &QTimer::timeout, this, &VerdictEditor::commitNote);
    connect(m_note, &QPlainTextEdit::textChanged, this, [this] {
        fitNote();
        if (m_note->document()->isModified()) {
            m_noteTimer.start();
        }
    });
}

void VerdictEditor::fitNote()
{
    // As high as what is in it: the room is the evidence's.
    constexpr int frame = 14;
    const int lines = std::clamp(m_note->blockCount(), 1, mostNoteLines);
    m_note->setFixedHeight(lines * m_note->fontMetrics().lineSpacing() + frame);
}

void VerdictEditor::makeTags()
{
    auto* row = new FlowLayout(4, m_tagRow);
    row->setContentsMargins(0, 0, 0, 0);
    m_newTag->setPlaceholderText(tr("Add tag"));
    m_newTag->setAccessibleName(tr("Add a tag"));
    m_newTag->setToolTip(tr("Return adds the tag; several are divided by commas."));
    m_newTag->setFixedWidth(newTagWidth);
    m_newTag->setFont(m_context.theme.smallFont());
    m_newTag->installEventFilter(this);
    auto* completer = new QCompleter(new QStringListModel(this), this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_newTag->setCompleter(completer);
    row->addWidget(m_newTag);
    connect(m_newTag, &QLineEdit::returnPressed, this, &VerdictEditor::addTags);
}

void VerdictEditor::setAlerts(std::span<const detect::Alert* const> alerts)
{
    std::vector<std::string> ids;
    ids.reserve(alerts.size());
    for (const detect::Alert* alert : alerts) {
        ids.push_back(alert->id);
    }
    if (ids != m_ids) {
        commitNote();
        m_note->document()->setModified(false);
        m_newTag->clear();
        m_ids = std::move(ids);
    }
    m_common = commonVerdict(alerts);
    m_heading->setVisible(m_common.alertCount > 1);
    m_heading->setText(
        tr("Verdict on the %1 you selected").arg(text::counted(m_common.alertCount, tr("alert"))));
    showButtons(m_common);
    showNote(m_common);
    showTags(m_common);
    const QString history = historyOf(alerts, m_common);
    m_history->setText(history);
    m_history->setVisible(!history.isEmpty());
    setEnabled(!m_ids.empty());
}

void VerdictEditor::showButtons(const CommonVerdict& common)
{
    const bool allOpen = common.decision && common.decision->first == VerdictStatus::Open;
    for (const auto& [button, verdict] : m_buttons) {
        button->setChecked(common.decision
                           && *common.decision == std::pair(verdict.status, verdict.reason)
                           && !allOpen);
        button->setVisible(verdict.status != VerdictStatus::Open || !allOpen);
    }
}

void VerdictEditor::showNote(const CommonVerdict& common)
{
    if (m_note->document()->isModified()) {
        return;
    }
    const QString shown = common.note ? text::visibleLines(*common.note) : QString();
    // The same text anew would move the cursor of who goes on writing.
    if (m_note->toPlainText() != shown) {
        m_note->setPlainText(shown);
        m_note->document()->setModified(false);
    }
    m_note->setPlaceholderText(common.note ? tr("Note: what you found, what you did")
                                           : tr("Different notes: what you write replaces them"));
}

void VerdictEditor::showTags(const CommonVerdict& common)
{
    for (QPushButton* button : m_tagButtons) {
        m_tagRow->layout()->removeWidget(button);
        // Not at once: one of them may be what was clicked.
        button->hide();
        button->deleteLater();
    }
    m_tagButtons.clear();
    m_tagRow->layout()->removeWidget(m_newTag);
    for (const auto& [tag, count] : common.tags) {
        if (m_tagButtons.size() == maxShownTags) {
            m_tagButtons.back()->setToolTip(
                tr("and %1 more").arg(text::count(common.tags.size() - maxShownTags)));
            break;
        }
        const QString whole = text::visibleCell(tag);
        QString label = whole;
        if (label.size() > maxTagLength) {
            label = label.left(maxTagLength - 1) + QChar(0x2026);
        }
        if (count < common.alertCount) {
            label += tr(" · %1 of %2").arg(text::count(count), text::count(common.alertCount));
        }
        auto* button = new QPushButton(
            label.replace(QLatin1Char('&'), QLatin1String("&&")) + QStringLiteral("  ✕"), m_tagRow);
        button->setProperty("class", QStringLiteral("tag"));
        button->setFont(m_context.theme.smallFont());
        button->setAccessibleName(tr("Remove tag %1").arg(whole));
        button->setToolTip(
            QStringLiteral("<span>%1</span>").arg(button->accessibleName().toHtmlEscaped()));
        connect(button, &QPushButton::clicked, this, [this, removed = tag] {
            detect::VerdictEdit change;
            change.removedTags = {removed};
            edit(std::move(change));
        });
        m_tagRow->layout()->addWidget(button);
        button->show();
        m_tagButtons.push_back(button);
    }
    m_tagRow->layout()->addWidget(m_newTag);
    m_tagRow->updateGeometry();
}

QString VerdictEditor::historyOf(std::span<const detect::Alert* const> alerts,
                                 const CommonVerdict& common) const
{
    QStringList parts;
    if (alerts.size() > 1) {
        for (const auto& [verdict, count] : common.decisions) {
            parts << QStringLiteral("%1 %2").arg(text::count(count),
                                                 verdictLabel(verdict).toLower());
        }
        return parts.join(QStringLiteral(" · "));
    }
    if (alerts.empty() || !alerts.front()->verdict.changed) {
        return {};
    }
    const detect::Verdict& verdict = alerts.front()->verdict;
    parts << verdictLabel(verdict);
    if (!verdict.author.empty()) {
        parts << text::visible(verdict.author);
    }
    parts << m_context.time.dateTime(verdict.changed->nanoseconds());
    if (!verdict.inheritedFrom.empty()) {
        parts << tr("taken over from an alert of the rule's earlier query");
    }
    return parts.join(QStringLiteral(" · "));
}

void VerdictEditor::edit(detect::VerdictEdit edit)
{
    if (!m_ids.empty()) {
        m_context.session.editVerdicts(m_ids, std::move(edit));
    }
}

void VerdictEditor::decide(VerdictStatus status, VerdictReason reason)
{
    commitNote();
    // Until the case has it, the buttons say what is in the case.
    showButtons(m_common);
    detect::VerdictEdit change;
    change.decision = {status, reason};
    edit(std::move(change));
}

void VerdictEditor::commitNote()
{
    m_noteTimer.stop();
    if (m_ids.empty() || !m_note->document()->isModified()) {
        return;
    }
    m_note->document()->setModified(false);
    const QString written = m_note->toPlainText();
    const bool isUntouched =
        m_common.note ? written == text::visibleLines(*m_common.note) : written.isEmpty();
    if (isUntouched) {
        return;
    }
    detect::VerdictEdit change;
    change.note = text::toUtf8(written);
    m_common.note = change.note;
    edit(std::move(change));
}

void VerdictEditor::addTags()
{
    detect::VerdictEdit change;
    for (const QString& tag : m_newTag->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty()) {
            change.addedTags.push_back(text::toUtf8(tag.trimmed()));
        }
    }
    m_newTag->clear();
    if (!change.addedTags.empty()) {
        edit(std::move(change));
    }
}

void VerdictEditor::offerTags()
{
    std::set<QString> known;
    if (const auto detection = m_context.session.detection()) {
        for (const detect::Alert& alert : detection->alerts) {
            for (const std::string& tag : alert.verdict.tags) {
                known.insert(text::visibleCell(tag));
            }
        }
    }
    static_cast<QStringListModel*>(m_newTag->completer()->model())
        ->setStringList(QStringList(known.begin(), known.end()));
}

bool VerdictEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_newTag && event->type() == QEvent::FocusIn) {
        offerTags();
    }
    if (watched == m_newTag && event->type() == QEvent::FocusOut) {
        // Whoever looks into another window or at the completions has not finished the tag.
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason) {
            addTags();
        }
    }
    if (watched == m_note && event->type() == QEvent::FocusOut) {
        commitNote();
    }
    if (watched == m_note && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isReturn && !key->modifiers().testFlag(Qt::ShiftModifier)) {
            commitNote();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace sequela::ui
