#pragma once

#include <cstddef>

namespace sequela::mapping::limits {

/// Field names a mapper remembers; past it, it forgets all and learns anew.
inline constexpr std::size_t rememberedNames = 20'000;
/// Tables one event may pass through.
inline constexpr std::size_t tablesPerEvent = 32;
/// Arguments a command line is split into; the rest is only in the command line.
inline constexpr std::size_t arguments = 4'096;
/// Members read of an object that is written as a string, and the depth of its objects.
inline constexpr std::size_t embeddedMembers = 4'096;
inline constexpr std::size_t embeddedDepth = 16;
/// Key and value lines read of one text.
inline constexpr std::size_t keyValueLines = 256;
/// Values an event may have after mapping.
inline constexpr std::size_t valuesPerEvent = 200'000;
/// Bytes and lines of a mapping file.
inline constexpr std::size_t fileBytes = std::size_t{1} << 20U;

} // namespace sequela::mapping::limits
