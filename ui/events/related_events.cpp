#include "ui/events/related_events.h"

#include "core/workspace/workspace.h"
#include "ui/events/cell_menu.h"
#include "ui/events/filter_text.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sequela::ui {

namespace {

std::string valueOf(const EventDetails& details, std::string_view field)
{
    const auto found = std::ranges::find(details.fields, field, &FieldValues::field);
    return found == details.fields.end() ? std::string() : found->values.front();
}

void clearLayout(QVBoxLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

std::vector<RelatedQuery> relatedQueries(const EventDetails& details)
{
    std::vector<RelatedQuery> queries;
    const std::string host = valueOf(details, "host.id");
    const std::string onHost =
        host.empty() ? "" : fmt::format(" and host.id == {}", quotedString(host));
    const auto add = [&](const QString& label, std::string_view field, const std::string& value,
                         bool sameHost) {
        if (!value.empty()) {
            queries.push_back({label, fmt::format("{} == {}{}", field, quotedString(value),
                                                  sameHost ? onHost : std::string())});
        }
    };
    const std::string entity = valueOf(details, "process.entity_id");
    add(RelatedEvents::tr("Same process"), "process.entity_id", entity, true);
    add(RelatedEvents::tr("Started by this process"), "process.parent.entity_id", entity, true);
    add(RelatedEvents::tr("The parent process"), "process.entity_id",
        valueOf(details, "process.parent.entity_id"), true);
    add(RelatedEvents::tr("Same user on this host"), "user.name", valueOf(details, "user.name"),
        true);
    add(RelatedEvents::tr("Same program on any host"), "process.executable",
        valueOf(details, "process.executable"), false);
    add(RelatedEvents::tr("Same destination address"), "destination.ip",
        valueOf(details, "destination.ip"), false);
    add(RelatedEvents::tr("Same name looked up"), "dns.question.name",
        valueOf(details, "dns.question.name"), false);
    add(RelatedEvents::tr("Same file"), "file.path", valueOf(details, "file.path"), false);
    add(RelatedEvents::tr("Same program hash"), "process.hash.sha256",
        valueOf(details, "process.hash.sha256"), false);
    return queries;
}

RelatedEvents::RelatedEvents(state::Context& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_list(new QVBoxLayout(this)), m_job(&context.jobs)
{
    setProperty("class", QStringLiteral("plain"));
    m_list->setContentsMargins(8, 8, 8, 8);
    m_list->setSpacing(2);
    m_list->setAlignment(Qt::AlignTop);
}

void RelatedEvents::clear()
{
    m_job.cancel();
    clearLayout(*m_list);
}

void RelatedEvents::setEvent(const EventDetails& details)
{
    const auto workspace = m_context.session.workspace();
    if (!workspace) {
        return;
    }
    const std::vector<RelatedQuery> queries = relatedQueries(details);
    m_job.start<std::vector<std::uint64_t>>(
        tr("Counting related events"),
        [workspace, queries](const std::stop_token& stop,
                             Progress&) -> Result<std::vector<std::uint64_t>> {
            std::vector<std::uint64_t> counts;
            for (const RelatedQuery& query : queries) {
                auto answer = workspace->filter(query.filter, stop);
                if (!answer) {
                    return std::unexpected(std::move(answer).error());
                }
                counts.push_back(answer->events ? answer->events->count() : 0);
            }
            return counts;
        },
        [this, queries](const Result<std::vector<std::uint64_t>>& counts) {
            if (counts) {
                showCounts(queries, *counts);
            } else {
                Q_EMIT m_context.session.failed(counts.error());
            }
        });
}

void RelatedEvents::showCounts(const std::vector<RelatedQuery>& queries,
                               const std::vector<std::uint64_t>& counts)
{
    clearLayout(*m_list);
    for (std::size_t index = 0; index < queries.size(); ++index) {
        auto* row = new QPushButton(
            QStringLiteral("%1   %2").arg(queries[index].label, text::count(counts[index])), this);
        row->setProperty("class", QStringLiteral("link"));
        row->setToolTip(text::visible(queries[index].filter).toHtmlEscaped());
        row->setEnabled(counts[index] > 0);
        row->setCursor(Qt::PointingHandCursor);
        connect(row, &QPushButton::clicked, this, [this, filter = queries[index].filter] {
            m_context.session.applyFilter(filter);
            Q_EMIT m_context.cellMenu->eventsRequested();
        });
        m_list->addWidget(row);
    }
    if (queries.empty()) {
        auto* nothing = new QLabel(tr("This event names no process, user, file or address."), this);
        nothing->setWordWrap(true);
        nothing->setProperty("class", QStringLiteral("muted"));
        m_list->addWidget(nothing);
    }
}

} // namespace sequela::ui
