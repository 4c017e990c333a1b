#include "core/views/process_forest.h"

#include "core/views/process_columns.h"
#include "core/views/process_links.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace sequela::views {
namespace {

constexpr std::uint32_t noProcess = std::numeric_limits<std::uint32_t>::max();

std::string entityKey(std::string_view hostId, std::string_view entityId)
{
    std::string key(hostId);
    key += '\x1f';
    key += entityId;
    return key;
}

} // namespace

/// Assembles a forest from the images read and the links found among them.
class ProcessForestBuilder {
public:
    explicit ProcessForestBuilder(ProcessColumns columns) : m_columns(std::move(columns)) {}

    ProcessForest build()
    {
        m_links = linkImages(m_columns);
        addProcesses();
        addParents();
        addChildren();
        assignEvents();
        return std::move(m_forest);
    }

private:
    void addProcesses()
    {
        m_forest.m_processes.reserve(m_links.groups.size());
        for (std::uint32_t number = 0; number < m_links.groups.size(); ++number) {
            m_forest.m_processes.push_back(assemble(m_links.groups[number]));
            for (const std::uint32_t image : m_links.groups[number]) {
                const ImageRecord& record = m_columns.images[image];
                if (!record.image.entityId.empty()) {
                    m_forest.m_byEntity.emplace(
                        entityKey(m_columns.hosts[record.host].id, record.image.entityId), number);
                }
            }
        }
    }

    Process assemble(const std::vector<std::uint32_t>& group)
    {
        Process process;
        const Host& host = m_columns.hosts[m_columns.images[group.front()].host];
        process.hostId = host.id;
        process.hostName = host.name;
        bool anyStart = false;
        bool anyEvent = false;
        for (const std::uint32_t number : group) {
            ImageRecord& record = m_columns.images[number];
            anyStart = anyStart || record.image.startEvent.has_value();
            anyEvent = anyEvent || record.eventCount > 0;
            if (record.pid) {
                process.pid = record.pid;
            }
            if (!record.user.empty()) {
                process.user = record.user;
            }
            if (!process.start) {
                process.start = record.image.start;
            }
            if (record.end) {
                process.end = record.end;
                process.exitCode = record.exitCode;
            }
            process.eventCount += record.eventCount;
            process.networkCount += record.networkCount;
            process.fileCount += record.fileCount;
            process.registryCount += record.registryCount;
            process.images.push_back(record.image);
        }
        describeEvidence(process, m_columns.images[group.front()], anyStart, anyEvent);
        return process;
    }

    static void describeEvidence(Process& process, const ImageRecord& first, bool anyStart,
                                 bool anyEvent)
    {
        if (!anyEvent) {
            process.evidence = Evidence::NamedAsParent;
            process.remark = "no event of its own; other processes name it as their parent";
        } else if (first.image.entityId.empty()) {
            process.evidence = Evidence::PidAndTime;
            process.remark =
                anyStart
                    ? "no entity id in the data; told apart from others by pid and start time"
                    : "no entity id and no start in the data; all its events share host and pid";
        } else if (!anyStart) {
            process.evidence = Evidence::StartNotSeen;
            process.remark = "its start is not in the data";
        }
    }

    void addParents()
    {
        for (std::uint32_t number = 0; number < m_links.parents.size(); ++number) {
            Process& process = m_forest.m_processes[number];
            const ParentLink& link = m_links.parents[number];
            if (link.cycleCut) {
                process.remark = "the data names a descendant as its parent; that link is left out";
            }
            if (!link.parent) {
                continue;
            }
            process.parent = ProcessIndex(*link.parent);
            process.parentEvidence = link.evidence;
            if (link.evidence == Evidence::PidAndTime && process.remark.empty()) {
                process.remark = "parent found by pid and time, not by entity id";
            }
        }
    }

    void addChildren()
    {
        auto& processes = m_forest.m_processes;
        for (std::uint32_t number = 0; number < processes.size(); ++number) {
            if (processes[number].parent) {
                processes[processes[number].parent->index()].children.emplace_back(number);
            } else {
                m_forest.m_roots.emplace_back(number);
            }
        }
        const auto before = [&](ProcessIndex left, ProcessIndex right) {
            const Process& a = processes[left.index()];
            const Process& b = processes[right.index()];
            return std::tie(a.hostName, a.hostId, a.start, left)
                   < std::tie(b.hostName, b.hostId, b.start, right);
        };
        std::ranges::sort(m_forest.m_roots, before);
        for (Process& process : processes) {
            std::ranges::sort(process.children, before);
        }
        countDescendants();
    }

    // Parents are finished when all their children are: a queue of leaves, upwards.
    void countDescendants()
    {
        auto& processes = m_forest.m_processes;
        std::vector<std::size_t> open(processes.size());
        std::vector<std::uint32_t> ready;
        for (std::uint32_t number = 0; number < processes.size(); ++number) {
            open[number] = processes[number].children.size();
            if (open[number] == 0) {
                ready.push_back(number);
            }
        }
        while (!ready.empty()) {
            const std::uint32_t number = ready.back();
            ready.pop_back();
            if (const auto parent = processes[number].parent) {
                processes[parent->index()].descendantCount += 1 + processes[number].descendantCount;
                if (--open[parent->index()] == 0) {
                    ready.push_back(parent->value());
                }
            }
        }
    }

    void assignEvents()
    {
        m_forest.m_processOfEvent = std::move(m_columns.imageOfEvent);
        for (std::uint32_t& entry : m_forest.m_processOfEvent) {
            entry = entry == ProcessColumns::noImage ? noProcess : m_links.groupOfImage[entry];
        }
    }

    ProcessColumns m_columns;
    ProcessLinks m_links;
    ProcessForest m_forest;
};

Result<ProcessForest> ProcessForest::build(const schema::ColumnSource& source, std::stop_token stop)
{
    auto columns = readProcessColumns(source, stop);
    if (!columns) {
        return std::unexpected(std::move(columns).error());
    }
    return ProcessForestBuilder(std::move(*columns)).build();
}

std::optional<ProcessIndex> ProcessForest::processOf(EventNumber event) const
{
    if (event.index() >= m_processOfEvent.size() || m_processOfEvent[event.index()] == noProcess) {
        return std::nullopt;
    }
    return ProcessIndex(m_processOfEvent[event.index()]);
}

std::optional<ProcessIndex> ProcessForest::find(std::string_view hostId,
                                                std::string_view entityId) const
{
    const auto found = m_byEntity.find(entityKey(hostId, entityId));
    return found == m_byEntity.end() ? std::nullopt : std::optional(ProcessIndex(found->second));
}

std::vector<ProcessIndex> ProcessForest::ancestors(ProcessIndex index) const
{
    std::vector<ProcessIndex> path;
    for (auto parent = process(index).parent; parent; parent = process(*parent).parent) {
        path.push_back(*parent);
    }
    std::ranges::reverse(path);
    return path;
}

} // namespace sequela::views
