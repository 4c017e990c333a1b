#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::ingest {

/// First place where a text stops being one JSON value, and why.
struct JsonFault {
    std::size_t offset = 0;
    /// "',' or '}' expected".
    std::string reason;
    /// The text ends where more should come.
    bool truncated = false;
};

/// Strict check of a whole text against RFC 8259, for explaining what the fast way refused. Slow,
/// no recursion, no bound on depth. Nothing when the text is one valid value.
[[nodiscard]] std::optional<JsonFault> diagnoseJson(std::string_view text);

/// What a repaired copy changed.
struct JsonRepair {
    std::string text;
    std::uint64_t invalidUtf8 = 0;
    std::size_t firstInvalidUtf8 = 0;
    std::uint64_t controlCharacters = 0;
    std::size_t firstControlCharacter = 0;
};
/// A copy with invalid UTF-8 replaced by U+FFFD and raw control characters in strings escaped.
[[nodiscard]] JsonRepair repairJson(std::string_view text);

/// Whether @p token is a number as RFC 8259 writes it.
[[nodiscard]] bool isJsonNumber(std::string_view token);

/// Appends the text of a string's inside (between the quotes) with its escapes resolved. Lone
/// surrogates become U+FFFD and are added to @p loneSurrogates. Offset of a wrong escape, if any.
[[nodiscard]] std::optional<std::size_t> unescapeJson(std::string_view inside, std::string& text,
                                                      std::uint64_t& loneSurrogates);

/// The bytes of the object or array that is the value of a top-level member of @p document,
/// which is an object by its brackets but may hold invalid bytes. Empty if there is none.
[[nodiscard]] std::string_view topLevelContainer(std::string_view document, std::string_view key);

} // namespace sequela::ingest
