#pragma once

#include <cstddef>

/// Bounds of what is worked out for the eye; every one is told where it was reached.
namespace sequela::workspace::limits {

/// Near misses listed of one kind; the counts go on.
inline constexpr std::size_t maxListedMisses = 500;
/// Matches kept as samples of what a clause alone keeps away.
inline constexpr std::size_t maxClauseSamples = 50;
/// Candidates whose failing clauses are looked up one by one.
inline constexpr std::size_t maxExplainedCandidates = 50;
/// Cells of the table that a three-way merge compares two texts with.
inline constexpr std::size_t maxMergeCells = 4'000'000;
/// Fields of one event that a test draft starts from.
inline constexpr std::size_t maxDraftFields = 400;
/// Bytes of an arrangement of the window that a case keeps.
inline constexpr std::size_t maxLayoutBytes = 256UL * 1024;
/// Events a rule is drafted from.
inline constexpr std::size_t maxDraftStages = 5;

} // namespace sequela::workspace::limits
