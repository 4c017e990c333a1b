#pragma once

#include "core/detect/alert.h"
#include "ui/events/event_details.h"
#include "ui/state/context.h"
#include "ui/theme/palette.h"

#include <QFrame>

#include <optional>

namespace sequela::ui {

/// What a stage's event was, in the words of the card.
struct StageSummary {
    /// "process start", "network connection_attempted".
    QString kind;
    Token kindToken = Token::Text;
    /// The command line, or "osascript → 185.199.110.153:443 tcp".
    QString line;
};

[[nodiscard]] StageSummary summarizeStage(const EventDetails& event);

/// One stage of an alert: its number, what happened and when; a click selects the event.
class StageCard : public QFrame {
    Q_OBJECT

public:
    /// @p event is absent for a slot that had to stay empty.
    StageCard(state::Context& context, int number, const detect::AlertStage& stage,
              const std::optional<EventDetails>& event, QWidget* parent = nullptr);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose();

    state::Context& m_context;
    std::optional<EventNumber> m_event;
};

} // namespace sequela::ui
