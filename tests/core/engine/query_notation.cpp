#include "tests/core/engine/query_notation.h"

#include "tests/support/event_table.h"

#include <fmt/format.h>

#include <charconv>

namespace sequela::tests {

namespace {

std::vector<std::string_view> split(std::string_view text, char mark)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(mark), text.size());
        if (end > 0) {
            parts.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::int64_t numberOf(std::string_view text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class Notation {
public:
    eql::BoundQuery read(std::string_view notation)
    {
        m_query.kind = eql::BoundQueryKind::Sequence;
        m_query.categoryField = field("event.category");
        std::vector<eql::BoundKey> keys;
        std::string_view stages;
        for (const std::string_view part : split(notation, ' ')) {
            if (stages.empty()) {
                stages = part;
                continue;
            }
            const std::size_t equals = std::min(part.find('='), part.size());
            const std::string_view name = part.substr(0, equals);
            const std::string_view value = part.substr(std::min(equals + 1, part.size()));
            if (name == "by") {
                keys = keysOf(value);
            } else if (name == "until") {
                m_query.until = stageOf(value);
            } else {
                setOption(name, value);
            }
        }
        for (const std::string_view stage : split(stages, ',')) {
            m_query.stages.push_back(stageOf(stage));
        }
        for (eql::BoundStage& stage : m_query.stages) {
            stage.keys.insert(stage.keys.begin(), keys.begin(), keys.end());
        }
        if (m_query.until) {
            m_query.until->keys.insert(m_query.until->keys.begin(), keys.begin(), keys.end());
        }
        return std::move(m_query);
    }

private:
    eql::FieldSlot field(std::string_view name)
    {
        for (std::uint32_t slot = 0; slot < m_query.fields.size(); ++slot) {
            if (m_query.fields[slot].name == name) {
                return eql::FieldSlot(slot);
            }
        }
        m_query.fields.push_back({std::string(name), schema::FieldType::Keyword});
        return eql::FieldSlot(static_cast<std::uint32_t>(m_query.fields.size() - 1));
    }

    std::vector<eql::BoundKey> keysOf(std::string_view names)
    {
        std::vector<eql::BoundKey> keys;
        for (std::string_view name : split(names, '+')) {
            eql::BoundKey key;
            key.optional = name.starts_with('?');
            name.remove_prefix(key.optional ? 1 : 0);
            key.field = field(name);
            keys.push_back(key);
        }
        return keys;
    }

    eql::BoundStage stageOf(std::string_view text)
    {
        eql::BoundStage stage;
        stage.missing = text.starts_with('!');
        text.remove_prefix(stage.missing ? 1 : 0);
        if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
            stage.keys = keysOf(text.substr(colon + 1));
            text = text.substr(0, colon);
        }
        if (const std::size_t star = text.find('*'); star != std::string_view::npos) {
            stage.runs = static_cast<std::uint32_t>(numberOf(text.substr(star + 1)));
            text = text.substr(0, star);
        }
        stage.category = std::string(text);
        stage.condition.node = eql::ConstantCondition{true};
        return stage;
    }

    void setOption(std::string_view name, std::string_view value)
    {
        if (name == "maxspan") {
            m_query.maxspanMs = numberOf(value);
        } else if (name == "head" || name == "tail") {
            m_query.pipes.push_back({name == "head", static_cast<std::uint64_t>(numberOf(value))});
        } else if (name == "sample") {
            m_query.kind = eql::BoundQueryKind::Sample;
        } else if (name == "event") {
            m_query.kind = eql::BoundQueryKind::Event;
        }
    }

    eql::BoundQuery m_query;
};

} // namespace

eql::BoundQuery queryFromNotation(std::string_view notation)
{
    return Notation().read(notation);
}

std::string matchesText(const engine::QueryResult& result)
{
    std::string text;
    for (const engine::Match& match : result.matches) {
        text += text.empty() ? "[" : " [";
        for (std::size_t at = 0; at < match.events.size(); ++at) {
            text += fmt::format("{}{}", at == 0 ? "" : " ",
                                match.events[at] ? std::to_string(match.events[at]->value() + 1)
                                                 : "-1");
        }
        text += "]";
    }
    for (const engine::RuntimeWarning& warning : result.warnings) {
        text += fmt::format("{}{} x {}", text.empty() ? "" : "; ", warning.count, warning.message);
    }
    return text;
}

std::string matchesEverywhere(const std::string& lines, const eql::BoundQuery& query,
                              const engine::RunOptions& options)
{
    std::optional<std::string> first;
    for (const std::size_t segmentSize : {1024U, 1U, 3U}) {
        engine::Engine engine(eventTable(lines, segmentSize));
        for (const std::size_t threads : {1U, 2U, 1U}) {
            engine::RunOptions runOptions = options;
            runOptions.threadCount = threads;
            const auto result = engine.run(query, runOptions);
            const std::string text =
                result ? matchesText(*result) : formatDiagnostic(result.error());
            if (!first) {
                first = text;
            } else if (*first != text) {
                return fmt::format("{} but {} with segments of {} and {} threads", *first, text,
                                   segmentSize, threads);
            }
        }
    }
    return *first;
}

} // namespace sequela::tests
