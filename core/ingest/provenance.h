#pragma once

#include "core/ingest/json_flattener.h"
#include "core/ingest/json_index.h"
#include "core/ingest/limits.h"
#include "core/mapping/event_mapper.h"
#include "core/mapping/mapping_table.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// Where a field of an event comes from.
struct FieldProvenance {
    mapping::Origin origin = mapping::Origin::Original;
    /// Name in the document where that is another one; empty where it is the same, or nothing in
    /// the document alone says it.
    std::string from;
};
/// "original", "renamed", "derived".
[[nodiscard]] std::string_view originName(mapping::Origin origin);

/// Says of the fields of an event what the document itself has, by going the way of the import
/// again. One per thread, reused.
class ProvenanceReader {
public:
    /// @p ofUser and @p table: as in ImportOptions, where the events were imported with them.
    explicit ProvenanceReader(std::vector<mapping::MappingTable> ofUser = {},
                              const std::string& table = {});
    ProvenanceReader(const ProvenanceReader&) = delete;
    ProvenanceReader& operator=(const ProvenanceReader&) = delete;
    ~ProvenanceReader();

    /// Reads the document of an event, as ColumnSource::document() gives it.
    void read(std::string_view document);
    /// @p isDerived: what the event's column says of it.
    [[nodiscard]] FieldProvenance of(std::string_view field, bool isDerived) const;

private:
    [[nodiscard]] bool flatten(std::string_view document);

    Limits m_limits;
    mapping::EventMapper m_mapper;
    std::optional<std::size_t> m_forcedTable;
    JsonIndex m_index;
    JsonFlattener m_flattener;
    std::string m_repaired;
    std::set<std::string, std::less<>> m_own;
    std::map<std::string, FieldProvenance, std::less<>> m_mapped;
};

} // namespace sequela::ingest
