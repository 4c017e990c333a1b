#pragma once

#include "core/base/diagnostic.h"
#include "core/mapping/conversion.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::mapping {

/// Which event codes a row holds for.
struct CodeSet {
    std::vector<std::string> codes;
    /// The row holds for all codes but these.
    bool excludes = false;

    [[nodiscard]] bool holds(std::string_view code) const;
};

/// One row of `[fields]`: a source field (or a constant) becomes a target field.
struct FieldRow {
    std::string source;
    bool isConstant = false;
    std::string target;
    Conversion conversion = Conversion::Copy;
    /// What stood in brackets behind the conversion.
    std::string argument;
    std::vector<std::pair<std::string, std::string>> lookup;
    /// Only these values; empty: all.
    std::vector<std::string> onlyIf;
    /// The source stays under its own name as well.
    bool keep = false;
    /// The target gets the value beside those it has, unless it has it.
    bool append = false;
    /// The target's values make way.
    bool replace = false;
    /// The value is one we made, whatever the conversion says.
    bool derived = false;
    /// The result is a boolean or a number.
    bool asBoolean = false;
    CodeSet codes;
    std::size_t line = 0;
};

/// One row of `[events]`.
struct EventRow {
    CodeSet codes;
    std::vector<std::string> categories;
    std::vector<std::string> types;
    std::string action;
};

/// A field pattern and a value or new name that goes with it.
struct PatternRow {
    std::string pattern;
    std::vector<std::string> values;
};

/// One table of a mapping file (resources/mapping/README.md).
struct MappingTable {
    std::string id;
    std::string title;
    /// Top-level keys that make a document one of this shape: all of one list.
    std::vector<std::vector<std::string>> keys;
    std::vector<std::string> absent;
    /// Field and values the table applies for; any of them.
    std::vector<PatternRow> applies;
    std::vector<std::string> unless;
    std::string codeField;
    /// The code is the key under codeField, not its value.
    bool codeIsKey = false;
    std::vector<PatternRow> drops;
    std::vector<PatternRow> rests;
    std::vector<std::string> next;
    std::vector<EventRow> events;
    std::vector<FieldRow> fields;
};

/// Reads a mapping file; the error names the line and what is wrong with it.
[[nodiscard]] Result<std::vector<MappingTable>> parseMappingFile(std::string_view text,
                                                                 std::string_view name);

/// The tables that are part of the program.
[[nodiscard]] const std::vector<MappingTable>& builtinTables();

/// Whether a field matches a pattern of `rest` or `drop`: `?` one part of the name, `*` any rest.
/// What the `*` stood for is put into @p rest.
[[nodiscard]] bool matchesFieldPattern(std::string_view pattern, std::string_view field,
                                       std::string_view& rest);

} // namespace sequela::mapping
