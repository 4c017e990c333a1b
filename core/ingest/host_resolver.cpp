#include "core/ingest/host_resolver.h"

#include "core/base/sha256.h"
#include "core/base/text.h"

#include <algorithm>
#include <unordered_map>

namespace sequela::ingest {
namespace {

using schema::Column;

std::shared_ptr<const Column> columnNamed(const casefile::EncodedSegment& segment,
                                          std::string_view name)
{
    for (const casefile::NamedColumn& column : segment.columns) {
        if (column.name == name) {
            return column.column;
        }
    }
    return nullptr;
}

std::uint32_t codeOf(const Column* column, std::uint32_t row)
{
    return column != nullptr ? column->code(row) : 0;
}

/// First value of a code; empty for none.
std::string_view firstText(const Column* column, std::uint32_t code)
{
    if (column == nullptr || code == 0) {
        return {};
    }
    std::uint32_t scratch = 0;
    const auto values = column->valuesOfCode(code, scratch);
    return values.empty() ? std::string_view() : column->text(values.front());
}

std::uint64_t pairKey(std::uint32_t left, std::uint32_t right)
{
    return std::uint64_t{left} << 32U | right;
}

} // namespace

void HostResolver::see(const casefile::EncodedSegment& segment, std::optional<std::uint64_t> key)
{
    const auto id = columnNamed(segment, "host.id");
    const auto agent = columnNamed(segment, "agent.id");
    const auto name = columnNamed(segment, "host.name");
    bool hasGap = id == nullptr;
    if (id != nullptr) {
        std::set<std::pair<std::uint64_t, std::uint32_t>> seen;
        std::pair<std::uint64_t, std::uint32_t> last{0, 0};
        for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
            const std::uint32_t idCode = id->code(row);
            if (idCode == 0) {
                hasGap = true;
                continue;
            }
            const std::pair current{pairKey(codeOf(agent.get(), row), codeOf(name.get(), row)),
                                    idCode};
            if (current == last || !seen.insert(current).second) {
                continue;
            }
            last = current;
            const std::string idText(firstText(id.get(), idCode));
            const std::string_view agentText = firstText(agent.get(), codeOf(agent.get(), row));
            const std::string_view nameText = firstText(name.get(), codeOf(name.get(), row));
            if (!agentText.empty()) {
                m_idsOfAgent[std::string(agentText)].insert(idText);
            }
            if (!nameText.empty()) {
                m_idsOfName[foldCase(nameText)].insert(idText);
            }
        }
    }
    if (hasGap && key && segment.eventCount > 0) {
        m_gaps.push_back({.key = *key,
                          .eventCount = segment.eventCount,
                          .id = id,
                          .agent = agent,
                          .name = name});
    }
}

bool HostResolver::hasKey(std::uint64_t key) const
{
    return std::ranges::find(m_gaps, key, &Gap::key) != m_gaps.end();
}

std::string HostResolver::idFor(std::string_view agent, std::string_view name) const
{
    constexpr std::size_t derivedBytes = 8;
    if (const auto known = m_idsOfAgent.find(agent);
        known != m_idsOfAgent.end() && known->second.size() == 1) {
        return *known->second.begin();
    }
    if (name.empty()) {
        return {};
    }
    const std::string folded = foldCase(name);
    if (const auto known = m_idsOfName.find(folded);
        known != m_idsOfName.end() && known->second.size() == 1) {
        return *known->second.begin();
    }
    return "derived:" + toHex(sha256(folded), derivedBytes);
}

casefile::NamedColumn HostResolver::fill(const Gap& gap, std::uint64_t& unresolved) const
{
    casefile::SegmentBuilder builder;
    std::unordered_map<std::uint64_t, std::string> ids;
    bool anyFilled = false;
    for (std::uint32_t row = 0; row < gap.eventCount; ++row) {
        builder.beginEvent(row, 0, {});
        const std::uint32_t idCode = codeOf(gap.id.get(), row);
        if (idCode != 0) {
            std::uint32_t scratch = 0;
            for (const std::uint32_t value : gap.id->valuesOfCode(idCode, scratch)) {
                builder.add("host.id", gap.id->text(value), gap.id->kind(value));
            }
        } else {
            const std::uint32_t agentCode = codeOf(gap.agent.get(), row);
            const std::uint32_t nameCode = codeOf(gap.name.get(), row);
            const auto [known, isNew] = ids.try_emplace(pairKey(agentCode, nameCode));
            if (isNew) {
                known->second = idFor(firstText(gap.agent.get(), agentCode),
                                      firstText(gap.name.get(), nameCode));
            }
            if (known->second.empty()) {
                ++unresolved;
            } else {
                builder.addDerived("host.id", known->second, schema::ValueKind::String);
                anyFilled = true;
            }
        }
        builder.endEvent();
    }
    casefile::EncodedSegment filled = builder.finish();
    if (!anyFilled || filled.columns.empty()) {
        return {};
    }
    return std::move(filled.columns.front());
}

HostResolver::Resolution HostResolver::resolve() const
{
    Resolution resolution;
    for (const Gap& gap : m_gaps) {
        if (gap.agent == nullptr && gap.name == nullptr) {
            // Nothing to go by; the loop over the rows would say the same.
            for (std::uint32_t row = 0; row < gap.eventCount; ++row) {
                resolution.unresolved += codeOf(gap.id.get(), row) == 0 ? 1U : 0U;
            }
            continue;
        }
        casefile::NamedColumn column = fill(gap, resolution.unresolved);
        if (column.column != nullptr) {
            resolution.columns.push_back({.key = gap.key, .column = std::move(column)});
        }
    }
    return resolution;
}

} // namespace sequela::ingest
