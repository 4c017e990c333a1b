#pragma once

#include "core/casefile/segment.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::ingest {

/// Fills in host.id where documents lack it, once a whole source has been seen: the id of the same
/// agent.id, else of the same host name, if exactly one occurs; else one made from the name
/// (formats.md section 0).
class HostResolver {
public:
    /// Notes a segment's hosts; those with gaps are remembered under @p key.
    void see(const casefile::EncodedSegment& segment, std::optional<std::uint64_t> key);

    /// Whether the segment of this key was noted as one with gaps.
    [[nodiscard]] bool hasKey(std::uint64_t key) const;

    struct Column {
        std::uint64_t key = 0;
        casefile::NamedColumn column;
    };
    struct Resolution {
        /// host.id anew for the segments that had gaps to fill.
        std::vector<Column> columns;
        /// Events without host.id, host.name and an agent known otherwise.
        std::uint64_t unresolved = 0;
    };
    [[nodiscard]] Resolution resolve() const;

private:
    using Ids = std::set<std::string, std::less<>>;
    struct Gap {
        std::uint64_t key = 0;
        std::uint32_t eventCount = 0;
        std::shared_ptr<const schema::Column> id;
        std::shared_ptr<const schema::Column> agent;
        std::shared_ptr<const schema::Column> name;
    };

    [[nodiscard]] std::string idFor(std::string_view agent, std::string_view name) const;
    [[nodiscard]] casefile::NamedColumn fill(const Gap& gap, std::uint64_t& unresolved) const;

    std::map<std::string, Ids, std::less<>> m_idsOfAgent;
    std::map<std::string, Ids, std::less<>> m_idsOfName;
    std::vector<Gap> m_gaps;
};

} // namespace sequela::ingest
