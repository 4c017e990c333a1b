#pragma once

#include "core/casefile/segment.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sequela::ingest {

/// host.os.type for what a document says of its system (`macos`, `windows`, `linux`), or empty:
/// from host.os.family, platform, type-like names, else from the channel or vocabulary of a source
/// that only one system has (formats.md section 0).
[[nodiscard]] std::string_view deriveOsType(const casefile::SegmentBuilder& event);

/// Operating system of a name as sources write it: "ubuntu" is linux, "darwin" macos. Empty if
/// it is none that is known.
[[nodiscard]] std::string_view osTypeOfName(std::string_view name);

/// The time of a document without @timestamp, from the fields that other sources keep theirs in.
struct DerivedTime {
    std::string_view field;
    std::int64_t nanoseconds = 0;
};
[[nodiscard]] std::optional<DerivedTime> deriveTime(const casefile::SegmentBuilder& event);

} // namespace sequela::ingest
