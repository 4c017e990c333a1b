#include "ui/triage/stage_card.h"

#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <string_view>

namespace sequela::ui {

namespace {

QString first(const EventDetails& event, std::string_view field)
{
    const auto found = std::ranges::find(event.fields, field, &FieldValues::field);
    return found == event.fields.end() ? QString() : text::visibleCell(found->values.front());
}

QString destinationLine(const EventDetails& event)
{
    QString line = first(event, "process.name") + QStringLiteral(" → ");
    const QString name = first(event, "dns.question.name");
    const QString address = first(event, "destination.ip");
    line += address.isEmpty() ? name : address;
    const QString port = first(event, "destination.port");
    if (!port.isEmpty()) {
        line += QLatin1Char(':') + port;
    }
    return line + QLatin1Char(' ') + first(event, "network.transport");
}

} // namespace

StageSummary summarizeStage(const EventDetails& event)
{
    StageSummary summary;
    const QString category = first(event, "event.category");
    QString action = first(event, "event.action");
    if (action.isEmpty()) {
        action = first(event, "event.type");
    }
    summary.kind = (category + QLatin1Char(' ') + action).trimmed();
    if (category == QLatin1String("network") || category == QLatin1String("dns")) {
        summary.kindToken = Token::Network;
        summary.line = destinationLine(event);
    } else if (category == QLatin1String("file") || category == QLatin1String("library")) {
        summary.kindToken = Token::File;
        summary.line = first(event, "process.name") + QStringLiteral(" → ")
                       + (first(event, "file.path").isEmpty() ? first(event, "dll.path")
                                                              : first(event, "file.path"));
    } else if (category == QLatin1String("registry")) {
        summary.kindToken = Token::Registry;
        summary.line =
            first(event, "process.name") + QStringLiteral(" → ") + first(event, "registry.path");
    } else {
        summary.kindToken = Token::Process;
        summary.line = first(event, "process.command_line");
        if (summary.line.isEmpty()) {
            summary.line = first(event, "process.executable");
        }
        if (summary.line.isEmpty()) {
            summary.line = first(event, "process.name");
        }
    }
    return summary;
}

StageCard::StageCard(state::Context& context, int number, const detect::AlertStage& stage,
                     const std::optional<EventDetails>& event, QWidget* parent)
    : QFrame(parent), m_context(context), m_event(stage.event)
{
    setProperty("class", QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(2);
    auto* head = new QHBoxLayout;
    head->setSpacing(6);
    auto* ordinal = new QLabel(QString::number(number), this);
    ordinal->setFont(context.theme.titleFont());
    auto* kind = new ElidedLabel(this);
    auto* line = new ElidedLabel(this);
    line->setFont(context.theme.dataFont());
    head->addWidget(ordinal);
    head->addWidget(kind, 1);
    layout->addLayout(head);
    layout->addWidget(line);
    if (!event) {
        kind->setText(stage.event ? tr("event") : tr("nothing of the kind"));
        line->setText(stage.event ? QString() : tr("This stage had to stay empty, and did."));
        return;
    }
    const StageSummary summary = summarizeStage(*event);
    QString when;
    if (stage.time) {
        when = QStringLiteral(" · ") + context.time.timeOfDayMs(stage.time->nanoseconds());
    }
    kind->setText(summary.kind + when);
    line->setText(summary.line);
    QPalette palette = ordinal->palette();
    palette.setColor(QPalette::WindowText, context.theme.color(summary.kindToken));
    ordinal->setPalette(palette);
    ordinal->setStyleSheet(
        QStringLiteral("color: %1;").arg(context.theme.color(summary.kindToken).name()));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Stage %1: %2, %3").arg(number).arg(kind->text(), line->text()));
}

void StageCard::choose()
{
    if (m_event) {
        m_context.selection.setEvent(m_event);
    }
}

void StageCard::mousePressEvent(QMouseEvent* /*event*/)
{
    choose();
}

void StageCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) {
        choose();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace sequela::ui
