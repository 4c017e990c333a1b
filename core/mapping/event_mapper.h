#pragma once

#include "core/mapping/event_values.h"
#include "core/mapping/mapping_program.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::mapping {

/// All tables an import works with; shared by its workers, never changed.
using MappingSet = std::vector<MappingTable>;

/// The built-in tables, with those of a user's file before them.
[[nodiscard]] std::shared_ptr<const MappingSet>
makeMappingSet(std::vector<MappingTable> ofUser = {});

/// Makes ECS fields of the fields of other sources, by the tables of a MappingSet. One per worker,
/// reused: tables are compiled once, an event costs no look-up of names by text.
///
///     mapper.beginKeys(); mapper.addKey("EventID"); …
///     if (const auto table = mapper.recognised()) {
///         mapper.begin(); mapper.add("EventID", "1", Number); …
///         mapper.run(*table);
///         for (const Value& value : mapper.values()) if (value.isLive) …
///     }
class EventMapper {
public:
    explicit EventMapper(std::shared_ptr<const MappingSet> set);
    ~EventMapper();
    EventMapper(const EventMapper&) = delete;
    EventMapper& operator=(const EventMapper&) = delete;

    // -- which table: by the top-level keys of a document

    void beginKeys();
    void addKey(std::string_view key);
    /// The first table that takes documents with these keys.
    [[nodiscard]] std::optional<std::size_t> recognised();
    [[nodiscard]] std::optional<std::size_t> tableNamed(std::string_view id) const;
    [[nodiscard]] const std::string& title(std::size_t table) const;

    // -- one event

    void begin();
    /// A value of the document under its full dotted name; both texts are copied.
    void add(std::string_view field, std::string_view text, schema::ValueKind kind);
    void run(std::size_t table);
    /// Live ones are the event, scratch names (`~…`) and others are not.
    [[nodiscard]] std::span<const Value> values() const { return m_values.values(); }
    [[nodiscard]] bool isScratch(NameId name) const { return m_names.name(name).front() == '~'; }
    [[nodiscard]] const std::string& name(NameId id) const { return m_names.name(id); }
    /// Text of the first value of a field, empty for none.
    [[nodiscard]] std::string_view first(std::string_view field) const;

    /// Fields of documents that no row knew, with how often; forgets them.
    [[nodiscard]] std::map<std::string, std::uint64_t> takeUnmapped();

private:
    void compile();
    void runTable(CompiledTable& table, std::size_t& budget);
    [[nodiscard]] bool applies(const CompiledTable& table) const;
    void drop(CompiledTable& table);
    void runRow(const CompiledField& field);
    void addEvent(const EventRow& event);
    void renameRest(CompiledTable& table);
    [[nodiscard]] std::string_view codeOf(const CompiledTable& table) const;
    void countUnmapped();

    std::shared_ptr<const MappingSet> m_set;
    NameTable m_names;
    std::vector<CompiledTable> m_tables;
    EventValues m_values;
    NameId m_lastName = noName;
    NameId m_category = noName;
    NameId m_type = noName;
    NameId m_action = noName;

    struct Shape {
        std::size_t table = 0;
        std::vector<std::vector<NameId>> keys;
        std::vector<NameId> absent;
    };
    std::vector<Shape> m_shapes;
    std::vector<NameId> m_keys;
    NameId m_lastKey = noName;
    std::uint64_t m_signature = 0;
    std::unordered_map<std::uint64_t, std::optional<std::size_t>> m_known;
    std::vector<std::uint64_t> m_unmapped;
};

} // namespace sequela::mapping
