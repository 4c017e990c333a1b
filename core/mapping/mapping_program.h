#pragma once

#include "core/mapping/mapping_table.h"
#include "core/mapping/name_table.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sequela::mapping {

/// A row of `[fields]` with its names as numbers.
struct CompiledField {
    const FieldRow* row = nullptr;
    NameId source = noName;
    NameId target = noName;
    /// Fields below the target that the conversion fills, in its order, and fields it reads.
    std::vector<NameId> parts;
};

/// The rows of a table that hold for one code.
struct Program {
    std::vector<const CompiledField*> fields;
    const EventRow* event = nullptr;
};

/// What a rest or drop pattern says of names, remembered.
struct PatternMemo {
    const PatternRow* row = nullptr;
    /// By NameId: 0 not asked yet, 1 no match, else new name + 2 (drop: 2).
    std::vector<std::uint32_t> answers;
};

/// A table with its names as numbers and a program for every code it names.
struct CompiledTable {
    const MappingTable* table = nullptr;
    NameId codeField = noName;
    std::vector<CompiledField> fields;
    std::vector<NameId> applies;
    std::vector<NameId> unless;
    std::vector<PatternMemo> drops;
    std::vector<PatternMemo> rests;
    std::vector<std::size_t> next;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, Program, Hash, std::equal_to<>> programs;
    /// For codes that no row names.
    Program other;

    [[nodiscard]] const Program& program(std::string_view code) const
    {
        const auto found = programs.find(code);
        return found == programs.end() ? other : found->second;
    }
};

/// Compiles all tables against one name table. The tables must outlive the result.
[[nodiscard]] std::vector<CompiledTable> compileTables(const std::vector<MappingTable>& tables,
                                                       NameTable& names);

} // namespace sequela::mapping
