#include "ui/events/event_inspector.h"

#include "ui/events/cell_menu.h"
#include "ui/events/json_view.h"
#include "ui/events/related_events.h"
#include "ui/events/top_values.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace sequela::ui {

namespace {

constexpr int fieldRole = Qt::UserRole;
constexpr int valueRole = Qt::UserRole + 1;
constexpr int fieldsTab = 0;
constexpr int valuesTab = 3;

/// Groups analysts look at first; the others follow by name.
constexpr std::array<std::string_view, 12> groupOrder{"event",  "host",        "process", "user",
                                                      "source", "destination", "network", "dns",
                                                      "file",   "registry",    "url",     "rule"};

std::size_t groupRank(const std::string& group)
{
    return static_cast<std::size_t>(std::ranges::find(groupOrder, group) - groupOrder.begin());
}

/// Rows as high as in every other table, values in the data font.
class FieldDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), metrics::rowHeight};
    }
};

} // namespace

EventInspector::EventInspector(state::Context& context, const QString& objectName, QWidget* parent)
    : Panel(context.theme, objectName, tr("Event"), parent),
      m_context(context),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("info"), this)),
      m_search(new QLineEdit(this)),
      m_fields(new QTreeWidget(this)),
      m_origin(new QLabel(this)),
      m_json(new JsonView(context.theme, this)),
      m_related(new RelatedEvents(context, this)),
      m_values(new TopValues(context, this)),
      m_job(nullptr)
{
    for (const QString& tab : {tr("Event"), tr("JSON"), tr("Related"), tr("Values")}) {
        header().addTab(tab);
    }
    auto* fieldsPage = new QWidget(this);
    auto* layout = new QVBoxLayout(fieldsPage);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_search->setProperty("class", QStringLiteral("bare"));
    m_search->setPlaceholderText(tr("Find in this event"));
    m_search->setAccessibleName(tr("Find in this event"));
    m_search->setClearButtonEnabled(true);
    m_fields->setAccessibleName(tr("Fields of the event"));
    m_fields->setHeaderHidden(true);
    m_fields->setColumnCount(2);
    m_fields->setRootIsDecorated(false);
    m_fields->setIndentation(0);
    m_fields->setUniformRowHeights(true);
    m_fields->setItemDelegate(new FieldDelegate(m_fields));
    m_fields->setFont(context.theme.dataFont());
    m_fields->setContextMenuPolicy(Qt::CustomContextMenu);
    m_fields->header()->setStretchLastSection(true);
    m_fields->header()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_fields->header()->resizeSection(0, 170);
    m_origin->setTextFormat(Qt::PlainText);
    m_origin->setProperty("class", QStringLiteral("muted"));
    m_origin->setContentsMargins(8, 4, 8, 4);
    m_origin->setWordWrap(true);
    layout->addWidget(m_search);
    layout->addWidget(m_fields, 1);
    layout->addWidget(m_origin);
    m_stack->addWidget(fieldsPage);
    m_stack->addWidget(m_empty);
    m_empty->setText(tr("No event selected"),
                     tr("Choose an alert, a process, a connection or a row of the event table."));
    m_stack->setCurrentIndex(1);
    addPage(m_stack);
    addPage(m_json);
    const auto scrolled = [this](QWidget* content) {
        auto* area = new QScrollArea(this);
        area->setWidgetResizable(true);
        area->setWidget(content);
        return area;
    };
    addPage(scrolled(m_related));
    addPage(scrolled(m_values));
    connect(m_search, &QLineEdit::textChanged, this, &EventInspector::narrow);
    connect(m_fields, &QTreeWidget::customContextMenuRequested, this, &EventInspector::showMenu);
    connect(&context.selection, &state::Selection::eventChanged, this, &EventInspector::follow);
    connect(&context.time, &state::TimeDisplay::changed, this, &EventInspector::fillFields);
    connect(&context.theme, &Theme::themeChanged, this, &EventInspector::fillFields);
}

void EventInspector::showTopValues(const std::string& field)
{
    m_values->setField(field);
    header().setCurrentTab(valuesTab);
}

void EventInspector::follow()
{
    const auto event = m_context.selection.state().event;
    const auto snapshot = m_context.session.snapshot();
    if (!event || !snapshot || event->value() >= snapshot->events->eventCount()) {
        m_job.cancel();
        m_details.reset();
        m_json->clear();
        m_related->clear();
        m_stack->setCurrentIndex(1);
        return;
    }
    m_job.start<EventDetails>(
        tr("Reading an event"),
        [snapshot, event](const std::stop_token& stop, Progress&) {
            return readEventDetails(*snapshot->events, *event, stop);
        },
        [this](Result<EventDetails> details) {
            if (details) {
                show(std::move(*details));
                return;
            }
            m_empty->setText(tr("This event cannot be read"),
                             text::visible(details.error().message));
            m_stack->setCurrentIndex(1);
        });
}

void EventInspector::show(EventDetails details)
{
    m_details = std::move(details);
    m_json->setDocumentText(m_details->document);
    m_related->setEvent(*m_details);
    const auto& origin = m_details->origin;
    m_origin->setText(
        tr("Event %1 · source %2, record %3%4")
            .arg(text::count(m_details->event.value()), text::count(origin.source.value() + 1),
                 text::count(origin.record + 1),
                 origin.line > 0 ? tr(", line %1").arg(text::count(origin.line)) : QString()));
    m_stack->setCurrentIndex(0);
    fillFields();
}

void EventInspector::fillFields()
{
    m_fields->clear();
    if (!m_details) {
        return;
    }
    std::map<std::pair<std::size_t, std::string>, QTreeWidgetItem*> groups;
    for (const FieldValues& field : m_details->fields) {
        groups.try_emplace({groupRank(fieldGroup(field.field)), fieldGroup(field.field)}, nullptr);
    }
    for (auto& [key, item] : groups) {
        item = new QTreeWidgetItem(m_fields);
        item->setText(0, text::visible(key.second));
        item->setFirstColumnSpanned(true);
        item->setFont(0, m_context.theme.smallFont());
        item->setForeground(0, m_context.theme.color(Token::Muted));
        item->setBackground(0, m_context.theme.color(Token::Raised));
        item->setFlags(Qt::ItemIsEnabled);
        item->setExpanded(true);
    }
    for (const FieldValues& field : m_details->fields) {
        const std::string group = fieldGroup(field.field);
        addField(groups.at({groupRank(group), group}), field);
    }
    narrow(m_search->text());
}

void EventInspector::addField(QTreeWidgetItem* group, const FieldValues& field)
{
    const Theme& theme = m_context.theme;
    auto* item = new QTreeWidgetItem(group);
    item->setText(0, text::visible(field.field));
    item->setForeground(0, theme.color(Token::Field));
    QString value;
    for (const std::string& each : field.values) {
        value += (value.isEmpty() ? QString() : QStringLiteral(", ")) + text::visibleCell(each);
    }
    if (field.field == "@timestamp" && m_details->timeNs != schema::noTime) {
        value = m_context.time.iso(m_details->timeNs);
    }
    const auto explain = [item](const QString& tip) {
        // A field's name in a document may look like markup.
        item->setToolTip(1, QStringLiteral("<span>%1</span>").arg(tip.toHtmlEscaped()));
    };
    if (field.derived) {
        value += QStringLiteral("  ") + tr("(derived)");
        item->setForeground(1, theme.color(Token::Muted));
        explain(field.from.empty() ? tr("Worked out on import, the document does not say so.")
                                   : tr("Worked out on import from %1 of the document.")
                                         .arg(text::visible(field.from)));
    } else if (field.renamed) {
        value += QStringLiteral("  ")
                 + (field.from.empty() ? tr("(renamed)")
                                       : tr("(from %1)").arg(text::visible(field.from)));
        explain(field.from.empty() ? tr("Renamed on import; the document calls it otherwise.")
                                   : tr("Renamed on import; the document calls it %1.")
                                         .arg(text::visible(field.from)));
    } else {
        explain(value);
    }
    item->setText(1, value);
    item->setData(0, fieldRole, QByteArray::fromStdString(field.field));
    item->setData(0, valueRole, QByteArray::fromStdString(field.values.front()));
}

void EventInspector::narrow(const QString& words)
{
    const QString needle = words.trimmed();
    for (int group = 0; group < m_fields->topLevelItemCount(); ++group) {
        QTreeWidgetItem* head = m_fields->topLevelItem(group);
        int shown = 0;
        for (int row = 0; row < head->childCount(); ++row) {
            QTreeWidgetItem* item = head->child(row);
            const bool matches = needle.isEmpty()
                                 || item->text(0).contains(needle, Qt::CaseInsensitive)
                                 || item->text(1).contains(needle, Qt::CaseInsensitive);
            item->setHidden(!matches);
            shown += matches ? 1 : 0;
        }
        head->setHidden(shown == 0);
    }
}

void EventInspector::showMenu(const QPoint& position)
{
    const QTreeWidgetItem* item = m_fields->itemAt(position);
    if (item == nullptr || item->parent() == nullptr || !m_details) {
        return;
    }
    CellContext cell;
    cell.event = m_details->event;
    cell.field = item->data(0, fieldRole).toByteArray().toStdString();
    cell.value = item->data(0, valueRole).toByteArray().toStdString();
    m_context.cellMenu->popup(this, m_fields->viewport()->mapToGlobal(position), cell);
}

} // namespace sequela::ui
