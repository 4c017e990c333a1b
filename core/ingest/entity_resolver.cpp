#include "core/ingest/entity_resolver.h"

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/schema/column_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace sequela::ingest {
namespace {

using schema::Column;
using namespace std::string_view_literals;

constexpr std::array usedColumns{"event.category"sv,
                                 "event.type"sv,
                                 "host.name"sv,
                                 "host.os.type"sv,
                                 "event.module"sv,
                                 "process.entity_id"sv,
                                 "process.executable"sv,
                                 "process.parent.entity_id"sv,
                                 "process.parent.executable"sv,
                                 "process.parent.pid"sv,
                                 "process.pid"sv};

/// Security logs end a process a little after it did.
constexpr std::int64_t graceNs = 2 * nanosecondsPerSecond;
constexpr std::int64_t sameStartNs = nanosecondsPerSecond;
constexpr std::int64_t open = std::numeric_limits<std::int64_t>::max();

const Column* columnNamed(const casefile::EncodedSegment& segment, std::string_view name)
{
    const auto found = std::ranges::find(segment.columns, name, &casefile::NamedColumn::name);
    return found == segment.columns.end() ? nullptr : found->column.get();
}

std::shared_ptr<const Column> sharedColumn(const casefile::EncodedSegment& segment,
                                           std::string_view name)
{
    const auto found = std::ranges::find(segment.columns, name, &casefile::NamedColumn::name);
    return found == segment.columns.end() ? nullptr : found->column;
}

std::string_view firstText(const Column* column, std::uint32_t row)
{
    const std::uint32_t code = column == nullptr ? 0 : column->code(row);
    if (code == 0) {
        return {};
    }
    std::uint32_t scratch = 0;
    const auto values = column->valuesOfCode(code, scratch);
    return values.empty() ? std::string_view() : column->text(values.front());
}

bool holds(const Column* column, std::uint32_t row, std::string_view wanted)
{
    const std::uint32_t code = column == nullptr ? 0 : column->code(row);
    if (code == 0) {
        return false;
    }
    std::uint32_t scratch = 0;
    return std::ranges::any_of(column->valuesOfCode(code, scratch),
                               [&](std::uint32_t value) { return column->text(value) == wanted; });
}

/// "syn-" and the first 80 bits of a hash in base 32.
std::string madeId(std::string_view key)
{
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr std::size_t bytes = 10;
    const Sha256Digest digest = sha256(key);
    std::string id = "syn-";
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        bits = bits << 8U | digest[i];
        for (count += 8; count >= 5; count -= 5) {
            id += alphabet[bits >> (count - 5) & 31U];
        }
    }
    return id;
}

} // namespace

std::span<const std::string_view> EntityResolver::columnsUsed()
{
    return usedColumns;
}

bool EntityResolver::hasKey(std::uint64_t key) const
{
    return std::ranges::find(m_segments, key, &Segment::key) != m_segments.end();
}

EntityResolver::Id EntityResolver::intern(std::string_view text)
{
    if (text.empty()) {
        return none;
    }
    auto found = m_ids.find(text);
    if (found == m_ids.end()) {
        found = m_ids.emplace(std::string(text), static_cast<Id>(m_texts.size() + 1)).first;
        m_texts.push_back(&found->first);
    }
    return found->second;
}

void EntityResolver::see(const casefile::EncodedSegment& segment, std::uint64_t key)
{
    const Column* const pid = columnNamed(segment, "process.pid");
    if (pid == nullptr) {
        return;
    }
    const Column* const category = columnNamed(segment, "event.category");
    const Column* const type = columnNamed(segment, "event.type");
    const Column* const host = columnNamed(segment, "host.name");
    const Column* const system = columnNamed(segment, "host.os.type");
    const Column* const module = columnNamed(segment, "event.module");
    const Column* const image = columnNamed(segment, "process.executable");
    const Column* const parentPid = columnNamed(segment, "process.parent.pid");
    const Column* const parentImage = columnNamed(segment, "process.parent.executable");
    Segment seen{.key = key,
                 .eventCount = segment.eventCount,
                 .entity = sharedColumn(segment, "process.entity_id"),
                 .parent = sharedColumn(segment, "process.parent.entity_id"),
                 .entities = {},
                 .parents = {}};
    const auto number = static_cast<std::uint32_t>(m_segments.size());
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        const std::string_view pidText = firstText(pid, row);
        if (pidText.empty()) {
            continue;
        }
        const std::string_view entity = firstText(seen.entity.get(), row);
        const bool isProcess = holds(category, row, "process"sv);
        const bool isStart = isProcess && holds(type, row, "start"sv);
        const std::string_view parentText = firstText(parentPid, row);
        const bool needsParent = !parentText.empty() && firstText(seen.parent.get(), row).empty();
        // GUIDs of Sysmon for Linux may be shared by processes, so all of them are held together.
        const bool isDoubtful = holds(system, row, "linux"sv) && holds(module, row, "sysmon"sv);
        if (!isStart && !entity.empty() && !needsParent && !isDoubtful) {
            continue;
        }
        m_facts.push_back({.time = segment.times[row],
                           .segment = number,
                           .row = row,
                           .host = intern(firstText(host, row)),
                           .pid = intern(pidText),
                           .image = intern(firstText(image, row)),
                           .entity = intern(entity),
                           .parentPid = needsParent ? intern(parentText) : none,
                           .parentImage = needsParent ? intern(firstText(parentImage, row)) : none,
                           .isStart = isStart,
                           .isEnd = isProcess && holds(type, row, "end"sv),
                           .needsEntity = entity.empty(),
                           .needsParent = needsParent});
    }
    m_segments.push_back(std::move(seen));
}

/// A GUID that several pids of a host have says nothing.
void EntityResolver::dropSharedGuids()
{
    std::map<std::pair<Id, Id>, Id> pidOf;
    std::map<std::pair<Id, Id>, bool> isShared;
    for (const Fact& fact : m_facts) {
        if (fact.entity != none) {
            const auto [known, isNew] = pidOf.emplace(std::pair(fact.host, fact.entity), fact.pid);
            if (!isNew && known->second != fact.pid) {
                isShared[{fact.host, fact.entity}] = true;
            }
        }
    }
    for (Fact& fact : m_facts) {
        if (fact.entity != none && isShared.contains({fact.host, fact.entity})) {
            fact.entity = none;
            fact.needsEntity = true;
        }
    }
}

EntityResolver::Life* EntityResolver::lifeAt(Id host, Id pid, std::int64_t time)
{
    const auto found = m_lives.find({host, pid});
    if (found == m_lives.end()) {
        return nullptr;
    }
    auto& lives = found->second;
    const auto after = std::ranges::upper_bound(lives, time, {}, &Life::start);
    if (after == lives.begin()) {
        return nullptr;
    }
    Life& life = *std::prev(after);
    return life.closed >= time ? &life : nullptr;
}

EntityResolver::Id EntityResolver::entityAt(Id host, Id pid, Id image, std::int64_t time)
{
    if (const Life* life = time == schema::noTime ? nullptr : lifeAt(host, pid, time)) {
        return life->entity;
    }
    return intern(madeId(fmt::format("{}|{}|unseen|{}", host == none ? ""sv : text(host), text(pid),
                                     image == none ? std::string() : foldCase(text(image)))));
}

/// A start without an id: Sysmon's GUID of the same start, else one that is made.
void EntityResolver::start(const Fact& fact)
{
    auto& lives = m_lives[{fact.host, fact.pid}];
    Id& entity = m_segments[fact.segment].entities[fact.row];
    const auto isSame = [&](const Life& life) {
        return !life.isMade
               && (life.image == fact.image
                   || (life.image != none && fact.image != none
                       && equalFolded(text(life.image), text(fact.image))));
    };
    auto life = std::ranges::lower_bound(lives, fact.time - sameStartNs, {}, &Life::start);
    for (; life != lives.end() && life->start <= fact.time + sameStartNs; ++life) {
        if (isSame(*life)) {
            entity = life->entity;
            return;
        }
    }
    entity = intern(madeId(fmt::format("{}|{}|{}", fact.host == none ? ""sv : text(fact.host),
                                       text(fact.pid), fact.time)));
    lives.insert(std::ranges::upper_bound(lives, fact.time, {}, &Life::start), {.start = fact.time,
                                                                                .closed = open,
                                                                                .entity = entity,
                                                                                .image = fact.image,
                                                                                .isMade = true});
}

void EntityResolver::walk()
{
    std::vector<const Fact*> order;
    order.reserve(m_facts.size());
    for (const Fact& fact : m_facts) {
        order.push_back(&fact);
        // What a source itself says of starts is known before anything is made.
        if (fact.isStart && !fact.needsEntity && fact.time != schema::noTime) {
            m_lives[{fact.host, fact.pid}].push_back(
                {.start = fact.time, .closed = open, .entity = fact.entity, .image = fact.image});
        }
    }
    std::ranges::stable_sort(order, {}, [](const Fact* fact) { return fact->time; });
    for (auto& [key, lives] : m_lives) {
        std::ranges::stable_sort(lives, {}, &Life::start);
    }
    for (const Fact* fact : order) {
        Segment& segment = m_segments[fact->segment];
        // The parent first: a process is never its own.
        if (fact->needsParent) {
            segment.parents[fact->row] =
                entityAt(fact->host, fact->parentPid, fact->parentImage, fact->time);
        }
        if (fact->isStart && fact->needsEntity && fact->time != schema::noTime) {
            start(*fact);
        } else if (fact->needsEntity) {
            segment.entities[fact->row] = entityAt(fact->host, fact->pid, fact->image, fact->time);
        }
        if (fact->isEnd && fact->time != schema::noTime) {
            if (Life* life = lifeAt(fact->host, fact->pid, fact->time)) {
                life->closed = std::min(life->closed, fact->time + graceNs);
            }
        }
    }
}

casefile::NamedColumn EntityResolver::fill(const Segment& segment, const EntityResolver& all,
                                           bool isParent)
{
    const Column* const known = isParent ? segment.parent.get() : segment.entity.get();
    const auto& made = isParent ? segment.parents : segment.entities;
    const std::string_view name = isParent ? "process.parent.entity_id"sv : "process.entity_id"sv;
    casefile::SegmentBuilder builder;
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        builder.beginEvent(row, 0, {});
        const std::uint32_t code = known == nullptr ? 0 : known->code(row);
        if (const auto found = made.find(row); found != made.end()) {
            builder.addDerived(name, all.text(found->second), schema::ValueKind::String);
        } else if (code != 0) {
            std::uint32_t scratch = 0;
            for (const std::uint32_t value : known->valuesOfCode(code, scratch)) {
                if (known->isDerived(row)) {
                    builder.addDerived(name, known->text(value), known->kind(value));
                } else {
                    builder.add(name, known->text(value), known->kind(value));
                }
            }
        }
        builder.endEvent();
    }
    casefile::EncodedSegment filled = builder.finish();
    return filled.columns.empty() ? casefile::NamedColumn{} : std::move(filled.columns.front());
}

std::vector<HostResolver::Column> EntityResolver::resolve()
{
    std::vector<HostResolver::Column> columns;
    dropSharedGuids();
    walk();
    for (const Segment& segment : m_segments) {
        for (const bool isParent : {false, true}) {
            if ((isParent ? segment.parents : segment.entities).empty()) {
                continue;
            }
            casefile::NamedColumn column = fill(segment, *this, isParent);
            if (column.column != nullptr) {
                columns.push_back({.key = segment.key, .column = std::move(column)});
            }
        }
    }
    return columns;
}

} // namespace sequela::ingest
