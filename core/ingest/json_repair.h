#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::ingest {

/// A document that is no JSON, mended where there is only one way to read it.
struct StructureRepair {
    std::string text;
    /// How many of each were mended, and where in the original the first one stood.
    std::size_t trailingCommas = 0;
    std::size_t firstTrailingComma = 0;
    std::size_t tripleQuotes = 0;
    std::size_t firstTripleQuote = 0;
    std::size_t missingBrackets = 0;
    std::size_t firstMissingBracket = 0;
};

/// Leaves out commas before closing brackets, makes JSON strings of texts between `"""` (as
/// Kibana's Dev Tools write them, raw), and adds brackets that are missing at the ends. Brackets
/// only where @p endIsCertain (the document surely ends where the text does) and nothing else can
/// be meant: in a document over several lines all other brackets stand below the line that opened
/// them; on one line no object lies inside the document, so that none can be the one left open.
/// Nothing when that does not help or nothing was mended. The result need not be valid JSON.
[[nodiscard]] std::optional<StructureRepair> repairStructure(std::string_view text,
                                                             bool endIsCertain);

} // namespace sequela::ingest
