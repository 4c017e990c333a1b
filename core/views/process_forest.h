#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "core/base/timestamp.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::views {

/// A line of the process tree: index into ProcessForest::processes().
using ProcessIndex = StrongId<struct ProcessIndexTag>;

/// How a statement about a process came about; the tree draws what is not Recorded differently and
/// says why.
enum class Evidence : std::uint8_t {
    /// Read from an event of the process itself.
    Recorded,
    /// The process has no event of its own; others name it as their parent.
    NamedAsParent,
    /// The process has events but no start among them.
    StartNotSeen,
    /// There was no entity id; pid and time decided.
    PidAndTime,
};

/// One image that a process ran: a fork copy, or what an exec put in its place.
struct ProcessImage {
    std::string entityId;
    std::string name;
    std::string executable;
    std::string commandLine;
    std::optional<Timestamp> start;
    std::optional<EventNumber> startEvent;
    /// event.action of the start: "fork", "exec", …
    std::string action;
};

/// One process: one pid from start to end, with all images it ran folded into one line.
struct Process {
    std::string hostId;
    std::string hostName;
    std::optional<std::int64_t> pid;
    std::string user;
    /// In order of time, at least one; the last is what the line shows.
    std::vector<ProcessImage> images;
    std::optional<Timestamp> start;
    std::optional<Timestamp> end;
    /// Exit code as text, empty if unknown.
    std::string exitCode;
    std::optional<ProcessIndex> parent;
    /// In order of start time, unknown starts first.
    std::vector<ProcessIndex> children;
    Evidence evidence = Evidence::Recorded;
    /// How the parent was found.
    Evidence parentEvidence = Evidence::Recorded;
    /// One sentence where the evidence is not Recorded or data contradicts itself, else empty.
    std::string remark;
    std::uint32_t eventCount = 0;
    std::uint32_t networkCount = 0;
    std::uint32_t fileCount = 0;
    std::uint32_t registryCount = 0;
    /// Number of processes below.
    std::uint32_t descendantCount = 0;

    [[nodiscard]] const ProcessImage& image() const { return images.back(); }
};

/// All processes of a case as trees. Built by entity id, else by pid and time (formats.md section
/// 3). Immutable; events without any process belong to none.
class ProcessForest {
public:
    /// Reads the process columns of every segment. One pass, memory linear in processes and 4 bytes
    /// an event. Cycles in broken data are cut where they close, and the remark says so.
    [[nodiscard]] static Result<ProcessForest> build(const schema::ColumnSource& source,
                                                     std::stop_token stop = {});

    [[nodiscard]] std::span<const Process> processes() const { return m_processes; }
    [[nodiscard]] const Process& process(ProcessIndex index) const
    {
        return m_processes[index.index()];
    }
    /// Processes without a parent, by host and start.
    [[nodiscard]] std::span<const ProcessIndex> roots() const { return m_roots; }
    /// The process an event belongs to.
    [[nodiscard]] std::optional<ProcessIndex> processOf(EventNumber event) const;
    /// The process that ran the image with this entity id on this host.
    [[nodiscard]] std::optional<ProcessIndex> find(std::string_view hostId,
                                                   std::string_view entityId) const;
    /// Ancestors from the root down to the parent.
    [[nodiscard]] std::vector<ProcessIndex> ancestors(ProcessIndex index) const;

private:
    friend class ProcessForestBuilder;

    std::vector<Process> m_processes;
    std::vector<ProcessIndex> m_roots;
    /// Process of every event, `noProcess` for none.
    std::vector<std::uint32_t> m_processOfEvent;
    /// Host id, a separator and entity id → process.
    std::unordered_map<std::string, std::uint32_t> m_byEntity;
};

} // namespace sequela::views
