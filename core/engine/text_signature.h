#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sequela::engine {

/// Which runs of three bytes a text has, in 128 bits: a text that lacks a bit that a pattern needs
/// cannot match the pattern, which settles most tests without looking at the text. Case does not
/// count.
struct TextSignature {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    /// Whether a text of this signature can contain everything that @p needed asks for.
    [[nodiscard]] bool mayMatch(const TextSignature& needed) const
    {
        return ((needed.low & ~low) | (needed.high & ~high)) == 0;
    }
    bool operator==(const TextSignature&) const = default;
};

[[nodiscard]] TextSignature signatureOfText(std::string_view text);
/// What a text must have to match a wildcard pattern: no bits where the pattern has no three plain
/// bytes in a row.
[[nodiscard]] TextSignature signatureOfPattern(std::string_view pattern);

} // namespace sequela::engine
