#pragma once

#include "core/schema/column_source.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::tests {

/// Events in memory from one JSON object a line: keys nested, dotted or both, arrays as lists,
/// nulls and empty arrays as no value; blank lines are skipped. `@timestamp` is the time. Every
/// segment holds @p segmentSize events (the last one fewer). Text that is not JSON ends the program
/// with a message: the table is part of a test.
[[nodiscard]] std::shared_ptr<const schema::ColumnSource>
eventTable(std::string_view lines, std::size_t segmentSize = 1024);

/// The same from several sources, in order of import; names order the sources, as SHA-256 does.
struct TableSource {
    std::string name;
    std::string lines;
};
[[nodiscard]] std::shared_ptr<const schema::ColumnSource>
eventTable(const std::vector<TableSource>& sources, std::size_t segmentSize = 1024);

/// JSON lines from a stream of tokens, the notation of the tables in eql.md 8.8:
/// `A1000/x` is an event of category A at 1000 ms with `k` = "x". Several letters are several
/// categories; `A-` has no time; `A5/x|y` has two values in `k`, `A5/x/p` has `k2` = "p" too,
/// `A5//p` only that; `A5#3` has `event.sequence` = 3; `A5.25` is 5 ms and 250 µs.
[[nodiscard]] std::string eventStream(std::string_view tokens);

} // namespace sequela::tests
