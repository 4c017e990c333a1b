#include "core/detect/index_match.h"

#include "core/base/text.h"
#include "core/detect/event_reader.h"

#include <algorithm>
#include <map>

namespace sequela::detect {

namespace {

/// NAME of `.ds-NAME-2024.01.31-000001`, else the name itself.
std::string_view dataStreamOf(std::string_view index)
{
    constexpr std::string_view prefix = ".ds-";
    constexpr std::string_view shape = "-dddd.dd.dd-dddddd";
    if (!index.starts_with(prefix) || index.size() <= prefix.size() + shape.size()) {
        return index;
    }
    const std::string_view suffix = index.substr(index.size() - shape.size());
    const bool fits = std::ranges::equal(suffix, shape, [](char have, char want) {
        return want == 'd' ? have >= '0' && have <= '9' : have == want;
    });
    return fits ? index.substr(prefix.size(), index.size() - prefix.size() - shape.size()) : index;
}

bool matchesOne(std::string_view pattern, std::string_view index)
{
    const WildcardPattern wildcard(pattern, false);
    return wildcard.matches(index) || wildcard.matches(dataStreamOf(index));
}

Result<std::string> indexOf(EventReader& reader, EventNumber event)
{
    auto index = reader.first(event, "_index");
    if (!index || !index->empty()) {
        return index;
    }
    std::string joined;
    for (const std::string_view part :
         {"data_stream.type", "data_stream.dataset", "data_stream.namespace"}) {
        auto text = reader.first(event, part);
        if (!text) {
            return text;
        }
        if (text->empty()) {
            return std::string();
        }
        joined += joined.empty() ? *text : "-" + *text;
    }
    return joined;
}

} // namespace

bool indexMatches(std::span<const std::string> patterns, std::string_view index)
{
    bool included = false;
    bool anyInclusion = false;
    for (std::string_view pattern : patterns) {
        const bool excludes = pattern.starts_with('-');
        if (excludes) {
            pattern.remove_prefix(1);
        }
        if (const std::size_t colon = pattern.find(':'); colon != std::string_view::npos) {
            pattern.remove_prefix(colon + 1);
        }
        if (excludes) {
            if (matchesOne(pattern, index)) {
                return false;
            }
            continue;
        }
        anyInclusion = true;
        included = included || matchesOne(pattern, index);
    }
    return included || !anyInclusion;
}

Result<engine::EventSet> eventsOfIndices(const schema::ColumnSource& source,
                                         const std::vector<std::string>& patterns)
{
    engine::EventSet set(source.eventCount());
    EventReader reader(source);
    std::map<std::string, bool, std::less<>> answers;
    for (std::uint32_t number = 0; number < source.eventCount(); ++number) {
        auto index = indexOf(reader, EventNumber(number));
        if (!index) {
            return std::unexpected(std::move(index).error());
        }
        auto answer = answers.find(*index);
        if (answer == answers.end()) {
            const bool matches = !index->empty() && indexMatches(patterns, *index);
            answer = answers.emplace(std::move(*index), matches).first;
        }
        if (answer->second) {
            set.insert(EventNumber(number));
        }
    }
    return set;
}

} // namespace sequela::detect
