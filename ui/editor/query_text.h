#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the editor reads off a query text with the engine's own lexer. Offsets are UTF-8 bytes.
namespace sequela::ui {

enum class QueryStyle : std::uint8_t {
    Plain,
    Comment,
    Keyword,
    /// `process` of `process where`.
    Category,
    Field,
    Function,
    Number,
    String,
    Invalid,
};
inline constexpr int queryStyleCount = static_cast<int>(QueryStyle::Invalid) + 1;

struct StyledSpan {
    SourceSpan span;
    QueryStyle style = QueryStyle::Plain;

    bool operator==(const StyledSpan&) const = default;
};

/// Covers every byte of @p text, in order, without gaps.
[[nodiscard]] std::vector<StyledSpan> styledSpans(std::string_view text, eql::Dialect dialect);

/// A dotted name of the text, quotes removed.
struct NameInQuery {
    SourceSpan span;
    std::string path;
    bool isFunction = false;

    bool operator==(const NameInQuery&) const = default;
};

/// The name that byte @p offset lies in or behind.
[[nodiscard]] std::optional<NameInQuery> nameAt(std::string_view text, eql::Dialect dialect,
                                                std::size_t offset);

/// Whether a newline is to be indented: white space at the start of the line that @p offset is in.
[[nodiscard]] std::string_view indentationAt(std::string_view text, std::size_t offset);

} // namespace sequela::ui
