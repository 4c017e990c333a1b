#include "ui/triage/verdict_editor.h"

#include "ui/state/case_session.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/severity.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sequela::ui {

using detect::VerdictReason;
using detect::VerdictStatus;

VerdictEditor::VerdictEditor(state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_buttonRow(new QWidget(this)),
      m_note(new QLineEdit(this)),
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
    m_note->setPlaceholderText(tr("Note: what you found, what you did"));
    m_note->setAccessibleName(tr("Note on this alert"));
    m_history->setTextFormat(Qt::PlainText);
    m_history->setProperty("class", QStringLiteral("muted"));
    m_history->setWordWrap(true);
    layout->addWidget(m_buttonRow);
    layout->addWidget(m_note);
    layout->addWidget(m_history);
    connect(m_note, &QLineEdit::returnPressed, this,
            [this] { save(m_verdict.status, m_verdict.reason); });
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
    button->setToolTip(status == VerdictStatus::Open ? tr("Open the alert again")
                                                     : verdictLabel(verdict));
    button->setAccessibleName(button->toolTip());
    connect(button, &QPushButton::clicked, this, [this, status, reason] { save(status, reason); });
    m_buttons.emplace_back(button, verdict);
    return button;
}

void VerdictEditor::setAlert(const detect::Alert& alert)
{
    const bool isSame = alert.id == m_alertId;
    m_alertId = alert.id;
    m_verdict = alert.verdict;
    for (const auto& [button, verdict] : m_buttons) {
        const bool isCurrent =
            verdict.status == m_verdict.status && verdict.reason == m_verdict.reason;
        button->setChecked(isCurrent && m_verdict.status != VerdictStatus::Open);
        button->setVisible(verdict.status != VerdictStatus::Open
                           || m_verdict.status != VerdictStatus::Open);
    }
    if (!isSame || !m_note->hasFocus()) {
        m_note->setText(text::visible(m_verdict.note));
    }
    QString history;
    if (m_verdict.status != VerdictStatus::Open) {
        history = verdictLabel(m_verdict);
        if (!m_verdict.author.empty()) {
            history += QStringLiteral(" · ") + text::visible(m_verdict.author);
        }
        if (m_verdict.changed) {
            history +=
                QStringLiteral(" · ") + m_context.time.dateTime(m_verdict.changed->nanoseconds());
        }
        if (!m_verdict.inheritedFrom.empty()) {
            history +=
                QStringLiteral(" · ") + tr("taken over from an alert of the rule's earlier query");
        }
    }
    m_history->setText(history);
    m_history->setVisible(!history.isEmpty());
}

void VerdictEditor::save(VerdictStatus status, VerdictReason reason)
{
    if (m_alertId.empty()) {
        return;
    }
    detect::Verdict verdict;
    verdict.status = status;
    verdict.reason = reason;
    verdict.note = text::toUtf8(m_note->text());
    verdict.tags = m_verdict.tags;
    m_context.session.setVerdict({m_alertId}, verdict);
}

} // namespace sequela::ui
