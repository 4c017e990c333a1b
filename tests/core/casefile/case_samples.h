#pragma once

#include "core/casefile/case_file.h"
#include "core/casefile/packed_segment.h"
#include "core/casefile/segment.h"

#include <QTest>

#include <cstdint>
#include <random>
#include <string>

namespace sequela::casefile {

/// Fails the test with the diagnostic's words, for what must succeed.
#define VERIFY_OK(expression)                                                                      \
    do {                                                                                           \
        const auto& verifyOkResult = (expression);                                                 \
        QVERIFY2(verifyOkResult.has_value(),                                                       \
                 verifyOkResult.has_value() ? ""                                                   \
                                            : formatDiagnostic(verifyOkResult.error()).c_str());   \
    } while (false)

/// An event with values of every kind; the same number makes the same event.
inline void addSampleEvent(SegmentBuilder& builder, std::uint64_t record)
{
    using schema::ValueKind;
    const std::string number = std::to_string(record);
    builder.beginEvent(record, record + 1,
                       "{\"n\":" + number + ",\"text\":\"event " + number + "\"}");
    builder.add("n", number, ValueKind::Number);
    builder.add("@timestamp", "2024-05-06T07:08:09." + std::to_string(1'000'000 + record) + "Z",
                ValueKind::String);
    builder.setTime(1'714'979'289'100'000'000 + static_cast<std::int64_t>(record) * 100);
    builder.add("host.name", record % 2 == 0 ? "alpha" : "beta", ValueKind::String);
    builder.add("event.category", "process", ValueKind::String);
    if (record % 3 == 0) {
        builder.add("event.category", "session", ValueKind::String);
    }
    builder.add("process.pid", number, ValueKind::Number);
    builder.add("process.command_line", "run \"" + number + "\" \xE2\x9C\x93", ValueKind::String);
    builder.add("flag", record % 5 == 0 ? "true" : "false", ValueKind::Boolean);
    if (record % 7 == 0) {
        builder.add("event.id", "id-" + number, ValueKind::String);
    }
    if (record % 14 == 0) {
        builder.addDerived("host.id", "derived:1", ValueKind::String);
    }
    builder.endEvent();
}

/// Events first … first + count - 1 as one segment.
inline EncodedSegment sampleSegment(std::uint64_t first, std::uint32_t count)
{
    SegmentBuilder builder;
    for (std::uint32_t event = 0; event < count; ++event) {
        addSampleEvent(builder, first + event);
    }
    return builder.finish();
}

inline NewSource sampleSource(const std::string& name)
{
    NewSource source;
    source.path = "/evidence/" + name;
    source.key = {"0123456789abcdef" + name, 1234, ""};
    source.format = "ndjson";
    source.detailJson = "{}";
    return source;
}

inline SourceProgress sampleProgress(std::uint64_t records)
{
    SourceProgress progress;
    progress.recordsRead = records;
    progress.bytesConsumed = records * 100;
    progress.nextLine = records + 1;
    progress.resumeToken = std::string("token\0", 6) + std::to_string(records);
    return progress;
}

/// A finished source of @p segmentCount segments of @p perSegment sample events.
[[nodiscard]] inline Result<SourceNumber> importSample(CaseFile& file, const std::string& name,
                                                       std::uint32_t segmentCount,
                                                       std::uint32_t perSegment)
{
    const auto source = file.beginSource(sampleSource(name));
    if (!source) {
        return source;
    }
    for (std::uint32_t segment = 0; segment < segmentCount; ++segment) {
        const std::uint64_t first = std::uint64_t{segment} * perSegment;
        const auto packed = packSegment(sampleSegment(first, perSegment));
        if (!packed) {
            return std::unexpected(packed.error());
        }
        const auto appended =
            file.appendSegment(*source, *packed, sampleProgress(first + perSegment));
        if (!appended) {
            return std::unexpected(appended.error());
        }
    }
    SourceOutcome outcome;
    outcome.progress = sampleProgress(std::uint64_t{segmentCount} * perSegment);
    SEQUELA_TRY(file.finishSource(*source, outcome));
    return source;
}

/// Whether two sources of events hold the same: columns, times, origins, documents, identities.
/// Empty if so, else what differs first.
/// Without @p withCounts the counts of distinct values per segment may differ.
[[nodiscard]] inline std::string difference(const schema::ColumnSource& left,
                                            const schema::ColumnSource& right,
                                            bool withCounts = true)
{
    if (left.eventCount() != right.eventCount() || left.fields().size() != right.fields().size()
        || left.segments().size() != right.segments().size()) {
        return "counts";
    }
    for (const schema::SeenField& field : left.fields()) {
        const auto leftId = left.field(field.name);
        const auto rightId = right.field(field.name);
        if (!leftId || !rightId) {
            return "no field " + field.name;
        }
        const schema::SeenField& other = right.fields()[rightId->index()];
        const bool sameCounts = field.eventCount == other.eventCount
                                && field.listCount == other.listCount
                                && field.derivedCount == other.derivedCount;
        if (!sameCounts
            || (withCounts
                && (field.stringCount != other.stringCount
                    || field.integerCount != other.integerCount
                    || field.fractionCount != other.fractionCount
                    || field.booleanCount != other.booleanCount))) {
            return "counts of " + field.name;
        }
        for (std::uint32_t segment = 0; segment < left.segments().size(); ++segment) {
            const auto one = left.column(SegmentNumber(segment), *leftId);
            const auto two = right.column(SegmentNumber(segment), *rightId);
            if (!one || !two || (*one == nullptr) != (*two == nullptr)) {
                return "column " + field.name;
            }
            if (*one == nullptr) {
                continue;
            }
            const auto& a = (*one)->parts();
            const auto& b = (*two)->parts();
            if (a.text != b.text || a.textOffsets != b.textOffsets || a.kinds != b.kinds
                || a.listOffsets != b.listOffsets || a.listValues != b.listValues
                || a.codeWidth != b.codeWidth || a.constantCode != b.constantCode
                || a.codes != b.codes || a.eventCount != b.eventCount || a.derived != b.derived) {
                return "contents of " + field.name;
            }
            if (*left.times(SegmentNumber(segment), *leftId).value()
                != *right.times(SegmentNumber(segment), *rightId).value()) {
                return "times of " + field.name;
            }
        }
    }
    for (std::uint32_t event = 0; event < left.eventCount(); ++event) {
        const EventNumber number(event);
        const auto one = left.origin(number).value();
        const auto two = right.origin(number).value();
        if (left.document(number).value() != right.document(number).value()
            || left.identity(number).value() != right.identity(number).value()
            || one.record != two.record || one.line != two.line || one.source != two.source) {
            return "event " + std::to_string(event);
        }
    }
    return {};
}

} // namespace sequela::casefile
