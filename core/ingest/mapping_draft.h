#pragma once

#include "core/base/diagnostic.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ingest {

/// One field of documents of an unknown shape, and what it could be in ECS.
struct DraftRow {
    std::string source;
    /// The first value that was met.
    std::string sample;
    /// Full ECS name ("process.executable"); empty: the field keeps its own name.
    std::string target;
};

/// A mapping that a person is to look through: made of a few documents, saved as a mapping file.
struct MappingDraft {
    std::string title;
    /// Top-level keys that all the documents have: files with these are of this shape.
    std::vector<std::string> keys;
    /// In the order of the documents.
    std::vector<DraftRow> rows;
};

/// Fields of a draft at most; more are left out.
inline constexpr std::size_t draftRows = 500;

/// What a few documents (as ColumnSource::document() gives them) hold, with targets where the
/// field's name leaves no doubt.
[[nodiscard]] MappingDraft draftMapping(std::span<const std::string> documents);

/// The draft as a mapping file (resources/mapping/README.md): targets get the conversion that fits
/// them, `process.executable` also fills `process.name` and so on. Errors: no row has a target, a
/// name cannot stand in a mapping file.
[[nodiscard]] Result<std::string> mappingFileText(const MappingDraft& draft, std::string_view id);

} // namespace sequela::ingest
