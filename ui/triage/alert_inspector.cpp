#include "ui/triage/alert_inspector.h"

#include "core/base/timestamp.h"
#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/triage/stage_card.h"
#include "ui/triage/verdict_editor.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/severity.h"

#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace sequela::ui {

namespace {

constexpr qsizetype maxChipLength = 22;

void clearLayout(QLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            // Not at once: the layout may be cleared from a click on one of them.
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

QString shortened(QString value)
{
    if (value.size() > maxChipLength) {
        value = value.left(maxChipLength - 1) + QChar(0x2026);
    }
    return value;
}

} // namespace

QString attackLine(const detect::AlertRule& rule)
{
    QStringList parts;
    for (const detect::AttackReference& attack : rule.attack) {
        const bool hasSub = !attack.subtechniqueId.empty();
        const std::string& id = hasSub ? attack.subtechniqueId : attack.techniqueId;
        const std::string& name = hasSub ? attack.subtechniqueName : attack.techniqueName;
        QString part = text::visible(attack.tacticName);
        if (!id.empty()) {
            part += QStringLiteral(" → ") + text::visible(id);
            if (!name.empty()) {
                part += QLatin1Char(' ') + text::visible(name);
            }
        }
        parts.append(part);
    }
    parts.removeDuplicates();
    return parts.join(QStringLiteral(" · "));
}

QString attackSummary(const detect::AlertRule& rule)
{
    // Names make five lines of what four ids say; they are in the tool tip.
    std::vector<std::pair<QString, QStringList>> tactics;
    for (const detect::AttackReference& attack : rule.attack) {
        const QString tactic = text::visible(attack.tacticName);
        auto known = std::ranges::find(tactics, tactic, &std::pair<QString, QStringList>::first);
        if (known == tactics.end()) {
            known = tactics.insert(tactics.end(), {tactic, {}});
        }
        const QString id = text::visible(attack.subtechniqueId.empty() ? attack.techniqueId
                                                                       : attack.subtechniqueId);
        if (!id.isEmpty() && !known->second.contains(id)) {
            known->second << id;
        }
    }
    QStringList parts;
    for (const auto& [tactic, ids] : tactics) {
        parts << (ids.isEmpty() ? tactic : tactic + QLatin1Char(' ') + ids.join(QLatin1Char(' ')));
    }
    return parts.join(QStringLiteral(" · "));
}

AlertInspector::AlertInspector(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("triage.alert"), tr("Alert"), parent),
      m_context(context),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("triage"), this)),
      m_title(new QLabel(this)),
      m_attack(new QLabel(this)),
      m_reason(new QLabel(this)),
      m_chips(new QWidget(this)),
      m_stages(new QVBoxLayout),
      m_verdict(new VerdictEditor(context, this)),
      m_tune(new QToolButton(this)),
      m_except(new QToolButton(this)),
      m_export(new QToolButton(this)),
      m_job(nullptr)
{
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(5);
    for (QLabel* label : {m_title, m_attack, m_reason}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    m_title->setFont(context.theme.titleFont());
    m_attack->setProperty("class", QStringLiteral("muted"));
    m_attack->setFont(context.theme.smallFont());
    m_reason->setProperty("class", QStringLiteral("muted"));
    new FlowLayout(6, m_chips);
    layout->addWidget(m_chips);
    m_stages->setSpacing(6);
    layout->addLayout(m_stages);
    layout->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    // The decision is always in reach, however much there is to read.
    auto* page = new QWidget(this);
    auto* pageLayout = new QVBoxLayout(page);
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->setSpacing(0);
    pageLayout->addWidget(area, 1);
    m_verdict->setContentsMargins(10, 6, 10, 8);
    pageLayout->addWidget(m_verdict);
    m_stack->addWidget(page);
    m_stack->addWidget(m_empty);
    m_empty->setText(tr("No alert selected"), tr("Choose one in the list: Ctrl+↓ takes the next."));
    m_stack->setCurrentIndex(1);
    addPage(m_stack);
    for (const auto& [button, label] :
         {std::pair{m_tune, tr("Tune")}, std::pair{m_except, tr("Except…")},
          std::pair{m_export, tr("Export…")}}) {
        button->setProperty("class", QStringLiteral("flat"));
        button->setText(label);
        button->setEnabled(false);
        header().addControl(button);
    }
    connect(m_tune, &QToolButton::clicked, this, [this] {
        if (const detect::Alert* alert = m_context.session.alert(m_shownId)) {
            Q_EMIT tuneRequested(alert->rule->ruleId);
        }
    });
    m_export->setText({});
    m_export->setIcon(context.theme.icon(QStringLiteral("export"), Token::Muted));
    m_export->setToolTip(tr("Export alerts (Ctrl+E)"));
    m_export->setAccessibleName(tr("Export alerts"));
    m_tune->setToolTip(tr("Open the rule in the workshop"));
    m_except->setToolTip(tr("Make an exception of this alert's event"));
    connect(m_except, &QToolButton::clicked, this, [this] {
        if (const detect::Alert* alert = m_context.session.alert(m_shownId)) {
            Q_EMIT exceptionRequested(alert->id);
        }
    });
    connect(m_export, &QToolButton::clicked, this, &AlertInspector::exportRequested);
    connect(&context.selection, &state::Selection::alertChanged, this, &AlertInspector::follow);
    connect(&context.session, &state::CaseSession::alertsChanged, this, &AlertInspector::follow);
    connect(&context.session, &state::CaseSession::caseOpened, this, &AlertInspector::follow);
    connect(&context.time, &state::TimeDisplay::changed, this, &AlertInspector::follow);
    connect(&context.theme, &Theme::themeChanged, this, &AlertInspector::follow);
}

void AlertInspector::follow()
{
    const detect::Alert* alert = m_context.session.alert(m_context.selection.state().alertId);
    m_tune->setEnabled(alert != nullptr);
    m_except->setEnabled(alert != nullptr);
    m_export->setEnabled(alert != nullptr);
    if (alert == nullptr) {
        m_job.cancel();
        m_shownId.clear();
        showVerdict();
        header().setPill({});
        m_stack->setCurrentIndex(1);
        return;
    }
    showAlert(*alert);
    m_stack->setCurrentIndex(0);
    const auto snapshot = m_context.session.snapshot();
    const auto workspace = m_context.session.workspace();
    m_job.start<Evidence>(
        tr("Reading an alert"),
        [snapshot, workspace, alert = *alert](const std::stop_token& stop,
                                              Progress&) -> Result<Evidence> {
            Evidence evidence;
            for (const detect::AlertStage& stage : alert.stages) {
                auto& event = evidence.events.emplace_back();
                if (stage.event && stage.event->value() < snapshot->events->eventCount()) {
                    auto details = readEventDetails(*snapshot->events, *stage.event, stop);
                    if (!details) {
                        return std::unexpected(std::move(details).error());
                    }
                    event = std::move(*details);
                }
            }
            auto details = workspace->details(alert);
            if (!details) {
                return std::unexpected(std::move(details).error());
            }
            evidence.details = std::move(*details);
            return evidence;
        },
        [this, id = alert->id](const Result<Evidence>& evidence) {
            const detect::Alert* current = m_context.session.alert(id);
            if (current == nullptr) {
                return;
            }
            if (evidence) {
                showEvidence(*current, *evidence);
            } else {
                clearLayout(*m_stages);
                addText(tr("The evidence cannot be read: %1")
                            .arg(text::visible(evidence.error().message)),
                        "muted", false);
            }
        });
}

void AlertInspector::showAlert(const detect::Alert& alert)
{
    const bool isAnother = alert.id != m_shownId;
    m_shownId = alert.id;
    header().setPill(
        tr("%1 · %2").arg(severityName(alert.severity).toLower()).arg(alert.riskScore));
    header().setPillColor(m_context.theme.color(severityToken(alert.severity)));
    m_title->setText(text::visible(alert.name));
    m_attack->setText(attackSummary(*alert.rule));
    m_attack->setToolTip(
        QStringLiteral("<span>%1</span>").arg(attackLine(*alert.rule).toHtmlEscaped()));
    m_attack->setVisible(!m_attack->text().isEmpty());
    if (isAnother) {
        m_reason->setText(text::visible(alert.rule->description));
        clearLayout(*m_stages);
    }
    fillChips(alert);
    showVerdict();
}

void AlertInspector::setSelectedAlerts(std::vector<std::string> alertIds)
{
    m_selectedIds = std::move(alertIds);
    showVerdict();
}

void AlertInspector::showVerdict()
{
    std::vector<const detect::Alert*> alerts;
    if (std::ranges::find(m_selectedIds, m_shownId) != m_selectedIds.end()) {
        for (const std::string& id : m_selectedIds) {
            if (const detect::Alert* alert = m_context.session.alert(id)) {
                alerts.push_back(alert);
            }
        }
    } else if (const detect::Alert* alert = m_context.session.alert(m_shownId)) {
        alerts.push_back(alert);
    }
    m_verdict->setAlerts(alerts);
}

void AlertInspector::fillChips(const detect::Alert& alert)
{
    clearLayout(*m_chips->layout());
    const auto add = [this](const QString& label, const QString& whole) {
        auto* chip = new QLabel(label, m_chips);
        chip->setTextFormat(Qt::PlainText);
        chip->setFont(m_context.theme.smallFont());
        chip->setProperty("class", QStringLiteral("chip"));
        chip->setToolTip(QStringLiteral("<span>%1</span>").arg(whole.toHtmlEscaped()));
        m_chips->layout()->addWidget(chip);
    };
    if (!alert.host.empty()) {
        add(tr("host %1").arg(shortened(text::visibleCell(alert.host))), text::visible(alert.host));
    }
    if (!alert.user.empty()) {
        add(tr("user %1").arg(shortened(text::visibleCell(alert.user))), text::visible(alert.user));
    }
    for (const eql::Value& key : alert.joinKeys) {
        const std::string raw = eql::toText(key);
        const QString value = text::visible(raw);
        if (raw == alert.host || raw == alert.user) {
            continue;
        }
        add(tr("key %1").arg(value.isEmpty() ? QStringLiteral("null") : shortened(value)), value);
    }
    if (alert.firstTime && alert.lastTime && alert.stages.size() > 1) {
        const std::int64_t span = alert.lastTime->nanoseconds() - alert.firstTime->nanoseconds();
        const QString words = text::fromUtf8(formatDuration(span));
        add(tr("span %1").arg(words), words);
    }
    if (alert.suppressedCount > 0) {
        add(tr("%1 more suppressed").arg(text::count(alert.suppressedCount)), {});
    }
}

void AlertInspector::addText(const QString& text, const char* styleClass, bool isData)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("class", QLatin1String(styleClass));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (isData) {
        label->setFont(m_context.theme.dataFont());
    }
    m_stages->addWidget(label);
}

void AlertInspector::showEvidence(const detect::Alert& alert, const Evidence& evidence)
{
    clearLayout(*m_stages);
    if (evidence.details && !evidence.details->reason.empty()) {
        m_reason->setText(text::visible(evidence.details->reason));
    }
    for (std::size_t index = 0; index < alert.stages.size(); ++index) {
        m_stages->addWidget(new StageCard(m_context, static_cast<int>(index) + 1,
                                          alert.stages[index], evidence.events[index]));
    }
    if (evidence.details) {
        showClauses(alert, *evidence.details);
    }
}

void AlertInspector::showClauses(const detect::Alert& alert, const detect::AlertDetails& details)
{
    addText(tr("Why it fired"), "muted", false);
    for (std::size_t stage = 0; stage < details.stages.size(); ++stage) {
        if (details.stages.size() > 1 && !details.stages[stage].clauses.empty()) {
            addText(tr("Stage %1").arg(stage + 1), "muted", false);
        }
        for (const detect::MatchedClause& clause : details.stages[stage].clauses) {
            QString line = QStringLiteral("✓ ") + text::visibleCell(clause.text);
            QStringList values;
            for (const auto& [field, value] : clause.fieldValues) {
                // A clause that names its own value says nothing new by repeating it.
                if (clause.text.find(value) == std::string::npos || value.empty()) {
                    values.append(text::visible(field) + QStringLiteral(" = ")
                                  + shortened(text::visibleCell(value)));
                }
            }
            if (!values.isEmpty()) {
                line += QStringLiteral("\n    ") + values.join(QStringLiteral(", "));
            }
            addText(line, "data", true);
        }
    }
    if (!alert.joinKeys.empty()) {
        QStringList keys;
        for (const eql::Value& key : alert.joinKeys) {
            keys.append(shortened(text::visible(eql::toText(key))));
        }
        addText(QStringLiteral("✓ ")
                    + tr("all stages share %1").arg(keys.join(QStringLiteral(", "))),
                "data", true);
    }
}

} // namespace sequela::ui
