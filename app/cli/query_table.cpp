#include "app/cli/query_table.h"

#include "core/base/timestamp.h"
#include "core/detect/event_reader.h"
#include "core/report/text_table.h"

#include <fmt/format.h>

namespace sequela::cli {

namespace {

constexpr std::size_t cellWidth = 32;

/// What happened, in the fields that say most for the kind of event.
Result<std::string> summaryOf(detect::EventReader& reader, EventNumber event)
{
    constexpr std::string_view fields[] = {
        "process.command_line", "destination.ip", "destination.port",
        "dns.question.name",    "file.path",      "registry.path"};
    std::string summary;
    for (const std::string_view field : fields) {
        auto text = reader.first(event, field);
        if (!text) {
            return text;
        }
        if (!text->empty()) {
            summary += (summary.empty() ? "" : "  ") + *text;
        }
    }
    return summary;
}

} // namespace

Result<std::string> queryTable(const schema::ColumnSource& source,
                               const engine::QueryResult& result, const eql::BoundQuery& query,
                               const std::string& timestampField, QueryJson& ids,
                               std::stop_token stop)
{
    const bool numbered = query.kind != eql::BoundQueryKind::Event;
    report::TextTable table({{"MATCH", true},
                             {"TIME"},
                             {"CATEGORY", false, cellWidth},
                             {"HOST", false, cellWidth},
                             {"PROCESS", false, cellWidth},
                             {"ID", false, 2 * cellWidth},
                             {"SUMMARY"}});
    detect::EventReader reader(source);
    for (std::size_t match = 0; match < result.matches.size(); ++match) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        const std::string number = std::to_string(match + 1);
        for (const std::optional<EventNumber>& event : result.matches[match].events) {
            if (!event) {
                table.addRow({number, "-", "-", "-", "-", "(missing)", ""});
                continue;
            }
            std::vector<std::string> row{number};
            auto time = reader.time(*event, timestampField);
            if (!time) {
                return std::unexpected(std::move(time).error());
            }
            row.push_back(*time ? formatIso(**time) : "-");
            for (const std::string_view field : {"event.category", "host.name", "process.name"}) {
                auto text = reader.first(*event, field);
                if (!text) {
                    return text;
                }
                row.push_back(std::move(*text));
            }
            auto id = ids.idOf(*event);
            if (!id) {
                return id;
            }
            row.push_back(std::move(*id));
            auto summary = summaryOf(reader, *event);
            if (!summary) {
                return summary;
            }
            row.push_back(std::move(*summary));
            table.addRow(std::move(row));
        }
    }
    const std::size_t count = result.matches.size();
    const std::string_view noun = !numbered                                     ? "event"
                                  : query.kind == eql::BoundQueryKind::Sequence ? "sequence"
                                                                                : "sample";
    return (count == 0 ? std::string() : table.toString() + "\n")
           + fmt::format("{} {}{}\n", count, noun, count == 1 ? "" : "s");
}

} // namespace sequela::cli
