#include "core/casefile/blob.h"
#include "core/casefile/column_codec.h"
#include "tests/fuzz/fuzz_check.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace sequela;
using namespace sequela::casefile;
using namespace sequela::fuzz;

namespace {

/// Touches every value of every row.
void readColumn(const schema::Column& column)
{
    std::size_t bytes = 0;
    for (std::uint32_t row = 0; row < column.eventCount(); ++row) {
        check(column.code(row) < column.codeCount());
        std::uint32_t scratch = 0;
        for (const std::uint32_t value : column.valuesOfCode(column.code(row), scratch)) {
            check(value < column.valueCount());
            bytes += column.text(value).size() + static_cast<std::size_t>(column.kind(value));
        }
        bytes += column.isDerived(row) ? 1U : 0U;
    }
    check(memoryOf(column) >= std::min<std::size_t>(bytes, 1));
}

void checkColumn(std::string_view blob, std::uint32_t eventCount, BlobSealer& sealer)
{
    const auto column = decodeColumn(blob, eventCount);
    if (!column) {
        check(column.error().code == "case-damaged");
        return;
    }
    check((*column)->eventCount() == eventCount);
    readColumn(**column);
    // What can be read can be written, and is read back as it was.
    const auto again = encodeColumn(**column, sealer);
    check(again.has_value());
    const auto back = decodeColumn(*again, eventCount);
    check(back.has_value() && (*back)->valueCount() == (*column)->valueCount()
          && (*back)->listCount() == (*column)->listCount());
}

void checkPositions(std::string_view blob, std::uint32_t eventCount)
{
    const auto positions = decodePositions(blob, eventCount);
    check(positions
              ? positions->times.size() == eventCount && positions->records.size() == eventCount
                    && positions->lines.size() == eventCount
              : positions.error().code == "case-damaged");
}

void checkDocuments(std::string_view blob, std::uint32_t documentCount)
{
    const auto block = decodeDocuments(blob, documentCount);
    if (!block) {
        check(block.error().code == "case-damaged");
        return;
    }
    std::size_t bytes = 0;
    for (std::uint32_t index = 0; index < documentCount; ++index) {
        bytes += block->document(index).size();
    }
    check(bytes <= block->payload.size);
}

} // namespace

/// Any bytes in the places of a case file's blobs: as they are, and under a checksum that fits, as
/// somebody who wants to do harm would write them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const std::uint32_t eventCount = data[0];
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    BlobSealer sealer;
    std::string blob(bytes);
    if (data[1] % 4 != 0) {
        const auto sealed = sealer.seal(bytes, 1);
        check(sealed.has_value());
        blob = *sealed;
    }
    switch (data[1] % 4) {
    case 1:
        checkColumn(blob, eventCount, sealer);
        break;
    case 2:
        checkPositions(blob, eventCount);
        break;
    case 3:
        checkDocuments(blob, eventCount);
        break;
    default:
        checkColumn(blob, eventCount, sealer);
        checkPositions(blob, eventCount);
        checkDocuments(blob, eventCount);
        break;
    }
    return 0;
}
