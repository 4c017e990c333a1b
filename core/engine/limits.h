#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the engine in one place. Reaching one is reported, never silent.
namespace sequela::engine::limits {

/// Combinations of values that one leaf over several multi-value fields tries for one event; the
/// rest is left out and counted as a warning.
inline constexpr std::uint64_t maxValueCombinations = 65'536;
/// Combinations of join key values under which one event is offered to one slot; likewise.
inline constexpr std::uint64_t maxKeyCombinations = 4'096;
/// Slots of a sequence or sample after `with runs` expansion (eql.md section 2): an error.
inline constexpr std::size_t maxSlots = 256;
/// Steps of the search for distinct events of one sample key; then the key is given up with a
/// warning.
inline constexpr std::uint64_t maxSampleSteps = 1'000'000;
/// Bytes of leaf answers kept between runs; the least recently used leaves go first.
inline constexpr std::size_t leafCacheBytes = std::size_t{256} << 20U;
/// Case-wide answers are kept per distinct value for columns with at most this many values in a
/// segment; above, values hardly repeat and are tested where they stand.
inline constexpr std::uint32_t sharedValuesPerSegment = 1'024;
/// Bytes of what is worked out of columns for leaves: tables of values, signatures, rows by code.
inline constexpr std::size_t columnIndexBytes = std::size_t{1} << 29U;
/// Bytes of columns that stay pinned when no query runs; those not used for longest go first. Ten
/// million events with every column in use need about this.
inline constexpr std::size_t pinnedColumnBytes = std::size_t{4} << 30U;
/// Rows of a segment from which on it pays to know the rows of each code.
inline constexpr std::uint32_t rowsIndexed = 64;
/// Rows after which the share of rows that a leaf holds for is taken as known.
inline constexpr std::uint64_t rowsMeasured = 1U << 18U;
/// Events named as examples of what a conjunct dropped.
inline constexpr std::size_t droppedSamples = 5;
/// Parsed documents kept at once per thread for `_arraysearch`.
inline constexpr std::size_t parsedDocuments = 64;
/// Depth of a document that `_arraysearch` looks into; deeper ones are counted as a warning.
inline constexpr std::size_t documentDepth = 256;
/// Steps of a sequence between two looks at the stop request.
inline constexpr std::uint32_t stepsPerStopCheck = 4'096;
/// Events put in order between two looks at the stop request.
inline constexpr std::size_t keysPerStopCheck = 1U << 15U;
/// Orders (timestamp field, tiebreaker) kept.
inline constexpr std::size_t keptOrders = 8;
/// Distinct runtime warnings of one run; further ones are summed under one message.
inline constexpr std::size_t maxWarningMessages = 100;

} // namespace sequela::engine::limits
