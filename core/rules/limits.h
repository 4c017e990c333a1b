#pragma once

#include <cstddef>
#include <cstdint>

/// Bounds of what the rules module reads. Past a bound the item is listed as broken with the reason
/// and the rest goes on.
namespace sequela::rules::limits {

/// Bytes of one rule or rule-test file.
inline constexpr std::size_t maxRuleFileBytes = std::size_t{4} << 20U;
/// Bytes of one Kibana export and of one line of it.
inline constexpr std::size_t maxExportFileBytes = std::size_t{64} << 20U;
inline constexpr std::size_t maxExportLineBytes = std::size_t{4} << 20U;
/// Tables and lists inside each other in a rule file, an export line or a test document.
inline constexpr std::size_t maxNesting = 64;
/// Parts of one dotted TOML key.
inline constexpr std::size_t maxKeyParts = 64;
/// Folders inside each other, and files, of one rule path.
inline constexpr std::size_t maxFolderDepth = 64;
inline constexpr std::size_t maxFiles = 20'000;
/// Tests of one file and events of one test.
inline constexpr std::size_t maxTestsPerFile = 10'000;
inline constexpr std::size_t maxEventsPerTest = 100'000;
/// Alerts one run of a rule may keep where the rule says it.
inline constexpr std::int64_t maxMaxSignals = 1'000'000;

} // namespace sequela::rules::limits
