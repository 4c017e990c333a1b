#pragma once

#include "ui/events/event_details.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/widgets/panel.h"

#include <optional>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace sequela::ui {

class EmptyState;
class JsonView;
class Notice;
class RelatedEvents;
class TopValues;

/// Everything about the selected event: fields by group, the document, related events, top values
/// of a field.
class EventInspector : public Panel {
    Q_OBJECT

public:
    EventInspector(state::Context& context, const QString& objectName, QWidget* parent = nullptr);

    void showTopValues(const std::string& field);
    [[nodiscard]] const std::optional<EventDetails>& details() const { return m_details; }

private:
    void follow();
    void show(EventDetails details);
    void fillFields();
    void addField(QTreeWidgetItem* group, const FieldValues& field);
    void narrow(const QString& words);
    void showMenu(const QPoint& position);

    state::Context& m_context;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QLineEdit* m_search = nullptr;
    QTreeWidget* m_fields = nullptr;
    QLabel* m_origin = nullptr;
    JsonView* m_json = nullptr;
    RelatedEvents* m_related = nullptr;
    TopValues* m_values = nullptr;
    std::optional<EventDetails> m_details;
    JobRunner m_job;
};

} // namespace sequela::ui
