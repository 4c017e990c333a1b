#pragma once

#include "core/casefile/case_records.h"
#include "core/schema/column_source.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::casefile {

/// Counts of one column, for the list of fields. The name is left empty.
[[nodiscard]] schema::SeenField describeColumn(const schema::Column& column);
/// Adds the counts of @p part to @p total.
void addCounts(schema::SeenField& total, const schema::SeenField& part);

/// Times of a date field, each distinct value parsed once; `noTime` where it is none.
[[nodiscard]] std::vector<std::int64_t> timesOfColumn(const schema::Column& column);

/// What orders a source among others, see rules.md "Event identity and order".
struct OriginKey {
    std::string_view sha256Hex;
    std::string_view member;
    /// The source whose tail this one is.
    std::optional<SourceNumber> continues;
};
/// Rank of every source by (SHA-256, member path); a tail ranks directly behind its head, because
/// it is the same file. Equal keys rank by number.
[[nodiscard]] std::vector<std::uint32_t> originRanks(std::span<const OriginKey> sources);

/// An event's identity (rules.md): `host.id/event.id`, `event.id` where there is no host.id, else
/// the first 16 digits of the source's hash, the member and the record.
[[nodiscard]] std::string makeIdentity(const schema::Column* eventId, const schema::Column* hostId,
                                       std::uint32_t row, std::string_view sha256Hex,
                                       std::string_view member, std::uint64_t record);

} // namespace sequela::casefile
