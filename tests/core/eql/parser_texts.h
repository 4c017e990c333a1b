#pragma once

#include "core/base/diagnostic.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Texts for the tests of the parser.
namespace sequela::eql::test {

/// One problem a line: place, code, message.
inline std::string problemsOf(const std::vector<Diagnostic>& diagnostics)
{
    std::string list;
    for (const Diagnostic& each : diagnostics) {
        list += fmt::format("{}..{} {}: {}\n", each.span->begin, each.span->end, each.code,
                            each.message);
    }
    return list;
}

/// @p piece, @p count times over.
inline std::string repeat(std::string_view piece, std::size_t count)
{
    std::string text;
    text.reserve(piece.size() * count);
    for (std::size_t index = 0; index < count; ++index) {
        text += piece;
    }
    return text;
}

} // namespace sequela::eql::test
