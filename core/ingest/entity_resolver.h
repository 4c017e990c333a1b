#pragma once

#include "core/casefile/segment.h"
#include "core/ingest/host_resolver.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sequela::ingest {

/// Gives events that only name a process id the entity id of the process that had that id at the
/// time, once a whole source has been seen (formats.md section 3): ids are made of host, pid and
/// start time, so they are the same in every import; a start that Sysmon told of within a second
/// lends its GUID; processes whose start was not seen share one id per host, pid and image.
class EntityResolver {
public:
    /// Notes the processes of a segment; those with gaps are remembered under @p key.
    void see(const casefile::EncodedSegment& segment, std::uint64_t key);

    /// Whether the segment of this key was noted.
    [[nodiscard]] bool hasKey(std::uint64_t key) const;
    /// process.entity_id and process.parent.entity_id anew for the segments that had gaps.
    [[nodiscard]] std::vector<HostResolver::Column> resolve();

    /// Columns of a segment that see() looks at, beside its times.
    [[nodiscard]] static std::span<const std::string_view> columnsUsed();

private:
    using Id = std::uint32_t;
    static constexpr Id none = 0;

    /// What a row says of its process and the one that started it.
    struct Fact {
        std::int64_t time = 0;
        std::uint32_t segment = 0;
        std::uint32_t row = 0;
        Id host = none;
        Id pid = none;
        Id image = none;
        Id entity = none;
        Id parentPid = none;
        Id parentImage = none;
        bool isStart = false;
        bool isEnd = false;
        /// The id is to be filled in.
        bool needsEntity = false;
        bool needsParent = false;
    };
    struct Segment {
        std::uint64_t key = 0;
        std::uint32_t eventCount = 0;
        std::shared_ptr<const schema::Column> entity;
        std::shared_ptr<const schema::Column> parent;
        /// By row; only of those that are filled.
        std::unordered_map<std::uint32_t, Id> entities;
        std::unordered_map<std::uint32_t, Id> parents;
    };
    /// One life of a process id.
    struct Life {
        std::int64_t start = 0;
        std::int64_t closed = 0;
        Id entity = none;
        Id image = none;
        bool isMade = false;
    };

    [[nodiscard]] Id intern(std::string_view text);
    [[nodiscard]] std::string_view text(Id id) const { return *m_texts[id - 1]; }
    void start(const Fact& fact);
    [[nodiscard]] Life* lifeAt(Id host, Id pid, std::int64_t time);
    [[nodiscard]] Id entityAt(Id host, Id pid, Id image, std::int64_t time);
    void dropSharedGuids();
    void walk();
    [[nodiscard]] static casefile::NamedColumn fill(const Segment& segment,
                                                    const EntityResolver& all, bool isParent);

    std::vector<Fact> m_facts;
    std::vector<Segment> m_segments;
    std::map<std::string, Id, std::less<>> m_ids;
    std::vector<const std::string*> m_texts;
    std::map<std::pair<Id, Id>, std::vector<Life>> m_lives;
};

} // namespace sequela::ingest
