#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"
#include "core/views/process_forest.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// Inside of ProcessForest: what the events say of processes, before anything is linked.
namespace sequela::views {

struct Host {
    /// host.id, else the lower-cased host.name, else empty.
    std::string id;
    std::string name;
};

/// One entity id of one host, or one pid between two starts where there are no entity ids.
struct ImageRecord {
    std::uint32_t host = 0;
    ProcessImage image;
    std::optional<std::int64_t> pid;
    std::string user;
    std::optional<Timestamp> end;
    std::string exitCode;
    std::string parentEntityId;
    std::optional<std::int64_t> parentPid;
    std::string parentName;
    std::string parentExecutable;
    std::string parentCommandLine;
    std::uint32_t eventCount = 0;
    std::uint32_t networkCount = 0;
    std::uint32_t fileCount = 0;
    std::uint32_t registryCount = 0;
};

struct ProcessColumns {
    static constexpr std::uint32_t noImage = std::numeric_limits<std::uint32_t>::max();

    std::vector<Host> hosts;
    std::vector<ImageRecord> images;
    /// Image of every event, noImage for events without a process.
    std::vector<std::uint32_t> imageOfEvent;
};

/// One pass over the process columns. Events with an entity id go to its image; those with a pid
/// only are walked in time order per host and pid, a start opening a new image.
[[nodiscard]] Result<ProcessColumns> readProcessColumns(const schema::ColumnSource& source,
                                                        const std::stop_token& stop);

} // namespace sequela::views
