#pragma once

#include "core/casefile/case_records.h"
#include "core/casefile/database.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace sequela::casefile {

// How enumerations stand in the tables: the words at the enumerator's place.
inline constexpr std::array<std::string_view, 3> sourceStateNames{"importing", "complete",
                                                                  "failed"};
inline constexpr std::array<std::string_view, 3> ruleOutcomeNames{"ran", "not_run", "broken"};
inline constexpr std::array<std::string_view, 3> verdictStateNames{"open", "acknowledged",
                                                                   "closed"};
inline constexpr std::array<std::string_view, 4> verdictReasonNames{
    "", "true_positive", "false_positive", "benign_positive"};

template <typename Enumeration, std::size_t count>
[[nodiscard]] std::string_view nameOf(Enumeration value,
                                      const std::array<std::string_view, count>& names)
{
    return names[static_cast<std::size_t>(value)];
}

/// The enumerator with this name; an unknown word reads as the first one.
template <typename Enumeration, std::size_t count>
[[nodiscard]] Enumeration fromName(std::string_view name,
                                   const std::array<std::string_view, count>& names)
{
    for (std::size_t index = 0; index < count; ++index) {
        if (names[index] == name) {
            return static_cast<Enumeration>(index);
        }
    }
    return Enumeration{};
}

/// Columns of `source` in the order that sourceFromRow reads.
#define SEQUELA_SOURCE_COLUMNS                                                                     \
    "source_no, path, member, sha256, size, format, state, continues, records_read, "              \
    "bytes_consumed, next_line, resume_token, prefix_sha256, event_count, broken_count, "          \
    "skipped_count, problem_count, first_time, last_time, detail"
[[nodiscard]] SourceRecord sourceFromRow(const Statement& row);

} // namespace sequela::casefile
