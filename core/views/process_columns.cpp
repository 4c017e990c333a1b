#include "core/views/process_columns.h"

#include "core/base/text.h"
#include "core/views/segment_fields.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

namespace sequela::views {
namespace {

enum class Field : std::uint8_t {
    HostId,
    HostName,
    EntityId,
    Pid,
    Category,
    Type,
    Action,
    Name,
    Executable,
    CommandLine,
    User,
    ParentEntityId,
    ParentPid,
    ParentName,
    ParentExecutable,
    ParentCommandLine,
    ExitCode,
    Count,
};

constexpr std::array<std::string_view, static_cast<std::size_t>(Field::Count)> fieldNames{
    "host.id",
    "host.name",
    "process.entity_id",
    "process.pid",
    "event.category",
    "event.type",
    "event.action",
    "process.name",
    "process.executable",
    "process.command_line",
    "user.name",
    "process.parent.entity_id",
    "process.parent.pid",
    "process.parent.name",
    "process.parent.executable",
    "process.parent.command_line",
    "process.exit_code"};

/// What a code of event.category or event.type means, so that values are compared once per segment.
enum Meaning : std::uint8_t {
    IsProcess = 1,
    IsNetwork = 2,
    IsFile = 4,
    IsRegistry = 8,
    IsStart = 16,
    IsEnd = 32,
};

class SegmentReader {
public:
    static Result<SegmentReader> load(const schema::ColumnSource& source, SegmentNumber number)
    {
        SegmentReader reader;
        for (std::size_t i = 0; i < fieldNames.size(); ++i) {
            auto field = SegmentField::load(source, number, fieldNames[i]);
            if (!field) {
                return std::unexpected(std::move(field).error());
            }
            reader.m_fields[i] = std::move(*field);
        }
        if (const auto timestamp = source.field("@timestamp")) {
            auto times = source.times(number, *timestamp);
            if (!times) {
                return std::unexpected(std::move(times).error());
            }
            reader.m_times = std::move(*times);
        }
        reader.m_categories = meanings(reader[Field::Category], {{"process", IsProcess},
                                                                 {"network", IsNetwork},
                                                                 {"dns", IsNetwork},
                                                                 {"file", IsFile},
                                                                 {"registry", IsRegistry}});
        reader.m_types =
            meanings(reader[Field::Type],
                     {{"start", IsStart}, {"process_started", IsStart}, {"end", IsEnd}});
        return reader;
    }

    const SegmentField& operator[](Field field) const
    {
        return m_fields[static_cast<std::size_t>(field)];
    }
    [[nodiscard]] std::string text(Field field, std::uint32_t row) const
    {
        return std::string((*this)[field].first(row));
    }
    [[nodiscard]] std::uint8_t meaning(std::uint32_t row) const
    {
        return m_categories[(*this)[Field::Category].code(row)]
               | m_types[(*this)[Field::Type].code(row)];
    }
    [[nodiscard]] std::optional<Timestamp> time(std::uint32_t row) const
    {
        if (!m_times || (*m_times)[row] == schema::noTime) {
            return std::nullopt;
        }
        return Timestamp((*m_times)[row]);
    }

private:
    using MeaningTable = std::vector<std::pair<std::string_view, std::uint8_t>>;

    static std::vector<std::uint8_t> meanings(const SegmentField& field, const MeaningTable& table)
    {
        std::vector<std::uint8_t> result(field.codeCount());
        for (std::uint32_t code = 1; code < result.size(); ++code) {
            for (const auto& [value, meaning] : table) {
                if (field.codeHas(code, value)) {
                    result[code] |= meaning;
                }
            }
        }
        return result;
    }

    std::array<SegmentField, fieldNames.size()> m_fields;
    std::shared_ptr<const std::vector<std::int64_t>> m_times;
    std::vector<std::uint8_t> m_categories;
    std::vector<std::uint8_t> m_types;
};

/// An event that has a pid and no entity id, kept until all starts are known.
struct PidEvent {
    std::uint32_t host = 0;
    std::int64_t pid = 0;
    std::int64_t timeNs = 0;
    EventNumber event;
    std::uint8_t meaning = 0;
};

class ColumnReader {
public:
    explicit ColumnReader(const schema::ColumnSource& source) : m_source(source)
    {
        m_result.imageOfEvent.assign(source.eventCount(), ProcessColumns::noImage);
    }

    Result<ProcessColumns> read(const std::stop_token& stop)
    {
        const auto segments = m_source.segments();
        for (std::uint32_t number = 0; number < segments.size(); ++number) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            SEQUELA_TRY(readSegment(SegmentNumber(number), segments[number]));
        }
        SEQUELA_TRY(placePidEvents(stop));
        return std::move(m_result);
    }

private:
    Result<void> readSegment(SegmentNumber number, const schema::Segment& segment)
    {
        auto loaded = SegmentReader::load(m_source, number);
        if (!loaded) {
            return std::unexpected(std::move(loaded).error());
        }
        const SegmentReader& reader = *loaded;
        if (!reader[Field::EntityId].present() && !reader[Field::Pid].present()) {
            return {};
        }
        m_hostOfCodes.clear();
        m_imageOfCodes.clear();
        for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
            const EventNumber event(segment.firstEvent.value() + row);
            const std::uint32_t entityCode = reader[Field::EntityId].code(row);
            if (!reader[Field::EntityId].firstOfCode(entityCode).empty()) {
                const std::uint32_t host = hostOf(reader, row);
                const std::uint32_t image = imageOf(reader, host, entityCode);
                m_result.imageOfEvent[event.index()] = image;
                addEvent(m_result.images[image], reader, row, event);
            } else if (const auto pid = reader[Field::Pid].number(row)) {
                const auto time = reader.time(row);
                m_pidEvents.push_back({hostOf(reader, row), *pid,
                                       time ? time->nanoseconds() : schema::noTime, event,
                                       reader.meaning(row)});
            }
        }
        return {};
    }

    std::uint32_t hostOf(const SegmentReader& reader, std::uint32_t row)
    {
        const std::uint64_t codes = (std::uint64_t{reader[Field::HostId].code(row)} << 32U)
                                    | reader[Field::HostName].code(row);
        const auto [cached, isNew] = m_hostOfCodes.try_emplace(codes, 0);
        if (!isNew) {
            return cached->second;
        }
        std::string name = reader.text(Field::HostName, row);
        std::string id = reader.text(Field::HostId, row);
        if (id.empty()) {
            id = foldCase(name);
        }
        const auto [known, isUnknown] =
            m_hostNumbers.try_emplace(id, static_cast<std::uint32_t>(m_result.hosts.size()));
        if (isUnknown) {
            m_result.hosts.push_back({std::move(id), std::move(name)});
        } else if (m_result.hosts[known->second].name.empty()) {
            m_result.hosts[known->second].name = std::move(name);
        }
        cached->second = known->second;
        return known->second;
    }

    std::uint32_t imageOf(const SegmentReader& reader, std::uint32_t host, std::uint32_t entityCode)
    {
        const std::uint64_t codes = (std::uint64_t{host} << 32U) | entityCode;
        const auto [cached, isNew] = m_imageOfCodes.try_emplace(codes, 0);
        if (!isNew) {
            return cached->second;
        }
        std::string entity(reader[Field::EntityId].firstOfCode(entityCode));
        std::string key = std::to_string(host) + '\x1f' + entity;
        const auto [known, isUnknown] = m_imageNumbers.try_emplace(
            std::move(key), static_cast<std::uint32_t>(m_result.images.size()));
        if (isUnknown) {
            ImageRecord record;
            record.host = host;
            record.image.entityId = std::move(entity);
            m_result.images.push_back(std::move(record));
        }
        cached->second = known->second;
        return known->second;
    }

    static void addEvent(ImageRecord& record, const SegmentReader& reader, std::uint32_t row,
                         EventNumber event)
    {
        const std::uint8_t meaning = reader.meaning(row);
        count(record, meaning);
        const bool isProcessEvent = (meaning & IsProcess) != 0;
        if (isProcessEvent && (meaning & IsEnd) != 0) {
            record.end = reader.time(row);
            record.exitCode = reader.text(Field::ExitCode, row);
        }
        if (isProcessEvent && (meaning & IsStart) != 0 && !record.image.startEvent) {
            readStart(record, reader, row, event);
        } else if (record.eventCount == 1) {
            readNames(record, reader, row);
        }
    }

    static void count(ImageRecord& record, std::uint8_t meaning)
    {
        ++record.eventCount;
        record.networkCount += (meaning & IsNetwork) != 0 ? 1 : 0;
        record.fileCount += (meaning & IsFile) != 0 ? 1 : 0;
        record.registryCount += (meaning & IsRegistry) != 0 ? 1 : 0;
    }

    static void readStart(ImageRecord& record, const SegmentReader& reader, std::uint32_t row,
                          EventNumber event)
    {
        readNames(record, reader, row);
        record.image.startEvent = event;
        record.image.start = reader.time(row);
        record.image.action = reader.text(Field::Action, row);
    }

    static void readNames(ImageRecord& record, const SegmentReader& reader, std::uint32_t row)
    {
        record.image.name = reader.text(Field::Name, row);
        record.image.executable = reader.text(Field::Executable, row);
        record.image.commandLine = reader.text(Field::CommandLine, row);
        record.pid = reader[Field::Pid].number(row);
        record.user = reader.text(Field::User, row);
        record.parentEntityId = reader.text(Field::ParentEntityId, row);
        record.parentPid = reader[Field::ParentPid].number(row);
        record.parentName = reader.text(Field::ParentName, row);
        record.parentExecutable = reader.text(Field::ParentExecutable, row);
        record.parentCommandLine = reader.text(Field::ParentCommandLine, row);
    }

    Result<void> placePidEvents(const std::stop_token& stop)
    {
        std::ranges::sort(m_pidEvents, [](const PidEvent& left, const PidEvent& right) {
            return std::tie(left.host, left.pid, left.timeNs, left.event)
                   < std::tie(right.host, right.pid, right.timeNs, right.event);
        });
        std::uint32_t current = ProcessColumns::noImage;
        SegmentNumber loadedNumber(std::numeric_limits<std::uint32_t>::max());
        std::optional<SegmentReader> reader;
        const PidEvent* previous = nullptr;
        for (const PidEvent& entry : m_pidEvents) {
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            const bool samePid =
                previous != nullptr && previous->host == entry.host && previous->pid == entry.pid;
            const bool isStart = (entry.meaning & (IsProcess | IsStart)) == (IsProcess | IsStart);
            if (!samePid || isStart) {
                current = static_cast<std::uint32_t>(m_result.images.size());
                m_result.images.emplace_back().host = entry.host;
                m_result.images.back().pid = entry.pid;
            }
            const SegmentNumber number = m_source.segmentOf(entry.event);
            if (number != loadedNumber) {
                auto loaded = SegmentReader::load(m_source, number);
                if (!loaded) {
                    return std::unexpected(std::move(loaded).error());
                }
                reader.emplace(std::move(*loaded));
                loadedNumber = number;
            }
            const std::uint32_t row =
                entry.event.value() - m_source.segments()[number.index()].firstEvent.value();
            m_result.imageOfEvent[entry.event.index()] = current;
            addEvent(m_result.images[current], *reader, row, entry.event);
            previous = &entry;
        }
        return {};
    }

    const schema::ColumnSource& m_source;
    ProcessColumns m_result;
    std::unordered_map<std::string, std::uint32_t> m_hostNumbers;
    std::unordered_map<std::string, std::uint32_t> m_imageNumbers;
    /// Per segment: codes already looked up.
    std::unordered_map<std::uint64_t, std::uint32_t> m_hostOfCodes;
    std::unordered_map<std::uint64_t, std::uint32_t> m_imageOfCodes;
    std::vector<PidEvent> m_pidEvents;
};

} // namespace

Result<ProcessColumns> readProcessColumns(const schema::ColumnSource& source,
                                          const std::stop_token& stop)
{
    return ColumnReader(source).read(stop);
}

} // namespace sequela::views
