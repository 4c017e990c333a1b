#include "core/views/process_links.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace sequela::views {
namespace {

constexpr std::uint32_t none = ProcessColumns::noImage;

/// Disjoint sets of images.
class ImageSets {
public:
    explicit ImageSets(std::size_t count) : m_parent(count)
    {
        std::iota(m_parent.begin(), m_parent.end(), 0U);
    }
    std::uint32_t find(std::uint32_t image)
    {
        while (m_parent[image] != image) {
            m_parent[image] = m_parent[m_parent[image]];
            image = m_parent[image];
        }
        return image;
    }
    void unite(std::uint32_t left, std::uint32_t right) { m_parent[find(left)] = find(right); }

private:
    std::vector<std::uint32_t> m_parent;
};

class Linker {
public:
    explicit Linker(ProcessColumns& columns) : m_columns(columns) {}

    ProcessLinks link()
    {
        indexEntities();
        findNamedParents();
        foldImages();
        indexPids();
        linkGroups();
        cutCycles();
        return std::move(m_links);
    }

private:
    static std::string keyOf(std::uint32_t host, const std::string& entityId)
    {
        return std::to_string(host) + '\x1f' + entityId;
    }

    void indexEntities()
    {
        for (std::uint32_t i = 0; i < m_columns.images.size(); ++i) {
            const ImageRecord& record = m_columns.images[i];
            if (!record.image.entityId.empty()) {
                m_byEntity.emplace(keyOf(record.host, record.image.entityId), i);
            }
        }
    }

    /// Parent image by entity id; one that no event showed is added with what its children say.
    void findNamedParents()
    {
        const std::size_t recorded = m_columns.images.size();
        m_parentImage.assign(recorded, none);
        for (std::uint32_t i = 0; i < recorded; ++i) {
            const ImageRecord& child = m_columns.images[i];
            if (child.parentEntityId.empty() || child.parentEntityId == child.image.entityId) {
                continue;
            }
            const auto [known, isNew] =
                m_byEntity.try_emplace(keyOf(child.host, child.parentEntityId),
                                       static_cast<std::uint32_t>(m_columns.images.size()));
            m_parentImage[i] = known->second;
            if (isNew) {
                ImageRecord parent;
                parent.host = child.host;
                parent.image.entityId = child.parentEntityId;
                parent.image.name = child.parentName;
                parent.image.executable = child.parentExecutable;
                parent.image.commandLine = child.parentCommandLine;
                parent.pid = child.parentPid;
                m_columns.images.push_back(std::move(parent));
            }
        }
        m_parentImage.resize(m_columns.images.size(), none);
    }

    void foldImages()
    {
        auto& images = m_columns.images;
        ImageSets sets(images.size());
        for (std::uint32_t i = 0; i < images.size(); ++i) {
            const std::uint32_t parent = m_parentImage[i];
            if (parent != none && images[parent].eventCount > 0 && images[i].pid
                && images[i].pid == images[parent].pid) {
                sets.unite(i, parent);
            }
        }
        m_links.groupOfImage.assign(images.size(), none);
        for (std::uint32_t i = 0; i < images.size(); ++i) {
            const std::uint32_t root = sets.find(i);
            if (m_links.groupOfImage[root] == none) {
                m_links.groupOfImage[root] = static_cast<std::uint32_t>(m_links.groups.size());
                m_links.groups.emplace_back();
            }
            m_links.groupOfImage[i] = m_links.groupOfImage[root];
            m_links.groups[m_links.groupOfImage[i]].push_back(i);
        }
        for (auto& group : m_links.groups) {
            std::ranges::sort(group, [&](std::uint32_t left, std::uint32_t right) {
                return std::tie(images[left].image.start, images[left].image.startEvent, left)
                       < std::tie(images[right].image.start, images[right].image.startEvent, right);
            });
        }
    }

    void indexPids()
    {
        for (std::uint32_t group = 0; group < m_links.groups.size(); ++group) {
            const ImageRecord& first = m_columns.images[m_links.groups[group].front()];
            if (first.pid) {
                m_byPid[{first.host, *first.pid}].push_back({first.image.start, group});
            }
        }
        for (auto& [key, starts] : m_byPid) {
            std::ranges::sort(starts);
        }
    }

    void linkGroups()
    {
        m_links.parents.resize(m_links.groups.size());
        for (std::uint32_t group = 0; group < m_links.groups.size(); ++group) {
            ParentLink& link = m_links.parents[group];
            for (const std::uint32_t image : m_links.groups[group]) {
                const std::uint32_t parent = m_parentImage[image];
                if (parent != none && m_links.groupOfImage[parent] != group) {
                    link.parent = m_links.groupOfImage[parent];
                    link.evidence = m_columns.images[parent].eventCount > 0
                                        ? Evidence::Recorded
                                        : Evidence::NamedAsParent;
                    break;
                }
            }
            if (!link.parent) {
                linkByPid(group, link);
            }
        }
    }

    /// The process of that pid with the latest start not after the child's (formats.md
    /// section 3.3).
    void linkByPid(std::uint32_t group, ParentLink& link) const
    {
        const ImageRecord& child = m_columns.images[m_links.groups[group].front()];
        if (!child.parentPid || child.parentPid == child.pid) {
            return;
        }
        const auto starts = m_byPid.find({child.host, *child.parentPid});
        if (starts == m_byPid.end()) {
            return;
        }
        for (const auto& [start, candidate] : starts->second) {
            if (candidate != group
                && (!start || !child.image.start || *start <= *child.image.start)) {
                link.parent = candidate;
                link.evidence = Evidence::PidAndTime;
            }
        }
    }

    void cutCycles()
    {
        enum class State : std::uint8_t { Unseen, OnPath, Done };
        std::vector<State> states(m_links.groups.size(), State::Unseen);
        std::vector<std::uint32_t> path;
        for (std::uint32_t start = 0; start < m_links.groups.size(); ++start) {
            path.clear();
            std::uint32_t at = start;
            while (states[at] == State::Unseen) {
                states[at] = State::OnPath;
                path.push_back(at);
                ParentLink& link = m_links.parents[at];
                if (!link.parent) {
                    break;
                }
                if (states[*link.parent] == State::OnPath) {
                    link.parent.reset();
                    link.cycleCut = true;
                    break;
                }
                at = *link.parent;
            }
            for (const std::uint32_t group : path) {
                states[group] = State::Done;
            }
        }
    }

    using PidKey = std::pair<std::uint32_t, std::int64_t>;
    using PidStart = std::pair<std::optional<Timestamp>, std::uint32_t>;

    ProcessColumns& m_columns;
    ProcessLinks m_links;
    std::unordered_map<std::string, std::uint32_t> m_byEntity;
    std::vector<std::uint32_t> m_parentImage;
    std::map<PidKey, std::vector<PidStart>> m_byPid;
};

} // namespace

ProcessLinks linkImages(ProcessColumns& columns)
{
    return Linker(columns).link();
}

} // namespace sequela::views
