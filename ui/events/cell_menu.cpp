#include "ui/events/cell_menu.h"

#include "core/base/timestamp.h"
#include "core/workspace/workspace.h"
#include "ui/events/event_columns.h"
#include "ui/events/filter_text.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <array>

namespace sequela::ui {

namespace {

struct Span {
    const char* label;
    std::int64_t halfWidthNs;
};
constexpr std::array<Span, 4> spans{{{"±5 s", 5 * nanosecondsPerSecond},
                                     {"±30 s", 30 * nanosecondsPerSecond},
                                     {"±5 min", 300 * nanosecondsPerSecond},
                                     {"±1 h", 3600 * nanosecondsPerSecond}}};
constexpr int maxShownValue = 40;

void copy(const std::string& value)
{
    // The clipboard gets the value itself, marks and all would not be what the event holds.
    QGuiApplication::clipboard()->setText(text::fromUtf8(value));
}

QString shownValue(const CellContext& cell)
{
    if (!cell.hasValue) {
        return QStringLiteral("null");
    }
    QString value = text::visibleCell(cell.value);
    if (value.size() > maxShownValue) {
        value = value.left(maxShownValue - 1) + QChar(0x2026);
    }
    // An ampersand in a menu would be a mnemonic.
    return value.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

CellMenu::CellMenu(state::Context& context, QObject* parent)
    : QObject(parent), m_context(context), m_job(nullptr)
{
}

void CellMenu::popup(QWidget* parent, const QPoint& globalPosition, const CellContext& cell)
{
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    populate(*menu, cell);
    menu->popup(globalPosition);
}

void CellMenu::populate(QMenu& menu, const CellContext& cell)
{
    if (!cell.field.empty()) {
        addFilterActions(menu, cell);
        menu.addSeparator();
        addCopyActions(menu, cell);
    }
    if (cell.event) {
        addEventActions(menu, *cell.event);
    }
}

void CellMenu::addFilterActions(QMenu& menu, const CellContext& cell)
{
    const QString field = text::visible(cell.field);
    const QString value = shownValue(cell);
    const Theme& theme = m_context.theme;
    connect(menu.addAction(theme.icon(QStringLiteral("plus")),
                           tr("Filter in  %1 == %2").arg(field, value)),
            &QAction::triggered, this, [this, cell] { filterIn(cell, false); });
    connect(menu.addAction(theme.icon(QStringLiteral("minus")),
                           tr("Filter out  %1 == %2").arg(field, value)),
            &QAction::triggered, this, [this, cell] { filterIn(cell, true); });
    connect(menu.addAction(theme.icon(QStringLiteral("columns")), tr("Add as column")),
            &QAction::triggered, this, [this, cell] { Q_EMIT columnRequested(cell.field); });
    connect(menu.addAction(theme.icon(QStringLiteral("sort")), tr("Top values of %1").arg(field)),
            &QAction::triggered, this, [this, cell] { Q_EMIT topValuesRequested(cell.field); });
    if (cell.field != timeField) {
        connect(menu.addAction(theme.icon(QStringLiteral("group")),
                               tr("Group events by %1").arg(field)),
                &QAction::triggered, this, [this, cell] { Q_EMIT groupingRequested(cell.field); });
        addColorActions(menu, cell);
    }
}

void CellMenu::addColorActions(QMenu& menu, const CellContext& cell)
{
    QMenu* colors =
        menu.addMenu(m_context.theme.icon(QStringLiteral("theme")), tr("Colour events like this"));
    for (int color = 0; color < ruleColorCount; ++color) {
        const auto chosen = static_cast<RuleColor>(color);
        connect(colors->addAction(ruleColorName(chosen)), &QAction::triggered, this,
                [this, cell, chosen] {
                    if (const auto snapshot = m_context.session.snapshot()) {
                        Q_EMIT colorRequested({filterClause(*snapshot->catalog, cell.field,
                                                            cell.value, cell.hasValue, false),
                                               chosen, true});
                    }
                });
    }
}

void CellMenu::addCopyActions(QMenu& menu, const CellContext& cell)
{
    const Theme& theme = m_context.theme;
    connect(menu.addAction(theme.icon(QStringLiteral("copy")), tr("Copy value")),
            &QAction::triggered, this, [cell] { copy(cell.value); });
    connect(menu.addAction(tr("Copy field name")), &QAction::triggered, this,
            [cell] { copy(cell.field); });
    connect(menu.addAction(tr("Copy as EQL")), &QAction::triggered, this, [this, cell] {
        if (const auto snapshot = m_context.session.snapshot()) {
            copy(filterClause(*snapshot->catalog, cell.field, cell.value, cell.hasValue, false));
        }
    });
    if (cell.event) {
        connect(menu.addAction(tr("Copy event as JSON")), &QAction::triggered, this,
                [this, cell] { copyDocument(*cell.event); });
    }
}

void CellMenu::addEventActions(QMenu& menu, EventNumber event)
{
    const Theme& theme = m_context.theme;
    menu.addSeparator();
    connect(menu.addAction(theme.icon(QStringLiteral("process")), tr("Follow process")),
            &QAction::triggered, this, [this, event] { followProcess(event); });
    connect(menu.addAction(tr("Go to parent process")), &QAction::triggered, this,
            [this, event] { goToParent(event); });
    QMenu* around = menu.addMenu(theme.icon(QStringLiteral("clock")), tr("Events around this one"));
    for (const Span& span : spans) {
        connect(around->addAction(QString::fromUtf8(span.label)), &QAction::triggered, this,
                [this, event, span] { showAround(event, span.halfWidthNs); });
    }
    connect(menu.addAction(theme.icon(QStringLiteral("file")), tr("Show the line in its source")),
            &QAction::triggered, this, [this, event] { Q_EMIT sourceLineRequested(event); });
    menu.addSeparator();
    connect(menu.addAction(tr("Add to the tests of the open rule…")), &QAction::triggered, this,
            [this, event] { Q_EMIT testRequested(event); });
    connect(menu.addAction(tr("New exception…")), &QAction::triggered, this,
            [this, event] { Q_EMIT exceptionRequested(event); });
}

void CellMenu::filterIn(const CellContext& cell, bool negated)
{
    if (const auto snapshot = m_context.session.snapshot()) {
        m_context.session.applyFilter(narrowedFilter(
            m_context.session.filter()->text,
            filterClause(*snapshot->catalog, cell.field, cell.value, cell.hasValue, negated)));
    }
}

void CellMenu::copyValue(const CellContext& cell)
{
    copy(cell.value);
}

void CellMenu::showAround(EventNumber event, std::int64_t halfWidthNs)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_job.start<std::int64_t>(
        tr("Looking up a time"),
        [snapshot, event](const std::stop_token&, Progress&) -> Result<std::int64_t> {
            const schema::ColumnSource& source = *snapshot->events;
            const auto field = source.field("@timestamp");
            if (!field) {
                return schema::noTime;
            }
            const SegmentNumber segment = source.segmentOf(event);
            const auto times = source.times(segment, *field);
            if (!times) {
                return std::unexpected(times.error());
            }
            return (**times)[event.value() - source.segments()[segment.index()].firstEvent.value()];
        },
        [this, event, halfWidthNs](const Result<std::int64_t>& time) {
            if (time && *time != schema::noTime) {
                state::SelectionState selection = m_context.selection.state();
                selection.event = event;
                selection.timeRange =
                    state::TimeRange{*time - halfWidthNs, *time + halfWidthNs + 1};
                m_context.selection.set(selection);
                Q_EMIT eventsRequested();
            }
        });
}

void CellMenu::followProcess(EventNumber event)
{
    withValues(event, {"host.id", "process.entity_id"}, [this, event](const auto& values) {
        if (!values[1]) {
            return;
        }
        state::SelectionState selection = m_context.selection.state();
        selection.event = event;
        selection.process = state::ProcessKey{values[0].value_or(""), *values[1]};
        m_context.selection.set(selection);
        Q_EMIT processTreeRequested();
    });
}

void CellMenu::goToParent(EventNumber event)
{
    withValues(event, {"host.id", "process.parent.entity_id"}, [this](const auto& values) {
        if (!values[1]) {
            return;
        }
        m_context.selection.setProcess(state::ProcessKey{values[0].value_or(""), *values[1]});
        Q_EMIT processTreeRequested();
    });
}

void CellMenu::copyDocument(EventNumber event)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_job.start<std::string>(
        tr("Reading an event"),
        [snapshot, event](const std::stop_token&, Progress&) {
            return snapshot->events->document(event);
        },
        [this](const Result<std::string>& document) {
            if (document) {
                copy(*document);
            } else {
                Q_EMIT m_context.session.failed(document.error());
            }
        });
}

void CellMenu::withValues(EventNumber event, std::vector<std::string> fields,
                          std::function<void(const std::vector<std::optional<std::string>>&)> then)
{
    using Values = std::vector<std::optional<std::string>>;
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_job.start<Values>(
        tr("Reading an event"),
        [snapshot, event, fields = std::move(fields)](const std::stop_token&,
                                                      Progress&) -> Result<Values> {
            const schema::ColumnSource& source = *snapshot->events;
            const SegmentNumber segment = source.segmentOf(event);
            const std::uint32_t row =
                event.value() - source.segments()[segment.index()].firstEvent.value();
            Values values(fields.size());
            for (std::size_t index = 0; index < fields.size(); ++index) {
                const auto field = source.field(fields[index]);
                if (!field) {
                    continue;
                }
                const auto column = source.column(segment, *field);
                if (!column) {
                    return std::unexpected(column.error());
                }
                std::uint32_t scratch = 0;
                if (*column) {
                    const auto codes = (*column)->valuesOfCode((*column)->code(row), scratch);
                    if (!codes.empty()) {
                        values[index] = std::string((*column)->text(codes[0]));
                    }
                }
            }
            return values;
        },
        [this, then = std::move(then)](const Result<Values>& values) {
            if (values) {
                then(*values);
            } else {
                Q_EMIT m_context.session.failed(values.error());
            }
        });
}

} // namespace sequela::ui
