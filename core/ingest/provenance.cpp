#include "core/ingest/provenance.h"

#include "core/ingest/json_repair.h"
#include "core/ingest/json_text.h"

namespace sequela::ingest {

using mapping::Origin;

std::string_view originName(Origin origin)
{
    switch (origin) {
    case Origin::Original:
        return "original";
    case Origin::Renamed:
        return "renamed";
    case Origin::Derived:
        return "derived";
    }
    return "";
}

ProvenanceReader::ProvenanceReader(std::vector<mapping::MappingTable> ofUser,
                                   const std::string& table)
    : m_mapper(mapping::makeMappingSet(std::move(ofUser))), m_flattener(m_limits)
{
    if (!table.empty()) {
        m_forcedTable = m_mapper.tableNamed(table);
    }
}

ProvenanceReader::~ProvenanceReader() = default;

/// The document's own fields into the mapper, through the copy the import worked on where it needed
/// one.
bool ProvenanceReader::flatten(std::string_view document)
{
    const auto fits = [&](std::string_view text) {
        m_mapper.begin();
        return m_index.index(text) == JsonIndex::Outcome::Done
               && m_flattener.inspect(text, m_index) == FlattenOutcome::Done
               && m_flattener.flatten(m_mapper) == FlattenOutcome::Done;
    };
    if (fits(document)) {
        return true;
    }
    m_repaired = repairJson(document).text;
    if (fits(m_repaired)) {
        return true;
    }
    auto repaired = repairStructure(m_repaired, true);
    if (!repaired) {
        return false;
    }
    m_repaired = std::move(repaired->text);
    return fits(m_repaired);
}

void ProvenanceReader::read(std::string_view document)
{
    m_own.clear();
    m_mapped.clear();
    if (!flatten(document)) {
        return;
    }
    std::optional<std::size_t> table = m_forcedTable;
    if (!table) {
        m_flattener.tellKeys(m_mapper);
        table = m_mapper.recognised();
    }
    for (const mapping::Value& value : m_mapper.values()) {
        m_own.insert(m_mapper.name(value.name));
    }
    if (!table) {
        return;
    }
    m_mapper.run(*table);
    // What each name was made of, also where tables handed it on.
    std::map<mapping::NameId, mapping::NameId> sources;
    for (const mapping::Value& value : m_mapper.values()) {
        if (value.source != mapping::noName && value.source != value.name) {
            sources.emplace(value.name, value.source);
        }
    }
    for (const mapping::Value& value : m_mapper.values()) {
        const std::string& name = m_mapper.name(value.name);
        if (!value.isLive || m_mapper.isScratch(value.name) || m_mapped.contains(name)) {
            continue;
        }
        FieldProvenance found{.origin = value.origin, .from = {}};
        mapping::NameId source = value.source;
        for (std::size_t step = 0; step < sources.size() && sources.contains(source); ++step) {
            source = sources.at(source);
        }
        if (source != mapping::noName && source != value.name) {
            // Members of what was written as text stood under scratch names.
            const std::string& text = m_mapper.name(source);
            found.from = text.starts_with('~') ? text.substr(1) : text;
        }
        m_mapped.emplace(name, std::move(found));
    }
}

FieldProvenance ProvenanceReader::of(std::string_view field, bool isDerived) const
{
    const auto mapped = m_mapped.find(field);
    FieldProvenance found = mapped != m_mapped.end() ? mapped->second : FieldProvenance{};
    if (isDerived) {
        found.origin = Origin::Derived;
    } else if (mapped == m_mapped.end() && !field.starts_with('_') && !m_own.contains(field)) {
        // Imported with a mapping that is not at hand.
        found.origin = Origin::Renamed;
    }
    return found;
}

} // namespace sequela::ingest
