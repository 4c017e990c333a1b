#pragma once

#include "core/casefile/segment.h"
#include "core/schema/column_source.h"

#include <memory>
#include <string>
#include <vector>

namespace sequela::casefile {

/// A source of a case in memory: identifies its events and orders them among sources.
struct MemorySource {
    /// SHA-256 of the source in hex; any text that is unique will do for tests.
    std::string sha256Hex;
    /// Path inside the archive, or empty.
    std::string member;
    std::vector<EncodedSegment> segments;
};

/// Events in memory as a ColumnSource: rule tests, unit tests, `query` and `scan` without a case.
[[nodiscard]] std::shared_ptr<const schema::ColumnSource>
makeMemoryCase(std::vector<MemorySource> sources);

} // namespace sequela::casefile
