#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::rules {

enum class FilterKind : std::uint8_t { Phrase, Phrases, Exists, Range };

/// A constant of a filter: its JSON text, and whether it stood as a string.
struct FilterValue {
    /// Text of a string without quotes, else the number, `true` or `false` as written.
    std::string text;
    bool isString = false;

    bool operator==(const FilterValue&) const = default;
};

/// One Kibana filter of a rule that can be evaluated here: a condition on one field.
struct RuleFilter {
    FilterKind kind = FilterKind::Phrase;
    std::string field;
    /// Phrase: one value; phrases: any of them.
    std::vector<FilterValue> values;
    /// Range bounds; absent ones do not restrict.
    std::optional<FilterValue> gte;
    std::optional<FilterValue> gt;
    std::optional<FilterValue> lte;
    std::optional<FilterValue> lt;
    bool negate = false;
    /// Switched off in Kibana: kept, has no effect.
    bool disabled = false;

    bool operator==(const RuleFilter&) const = default;
};

/// The filter as an EQL condition, so that the same engine evaluates it: `process.name == "x"`,
/// `not (?a.b != null)`. Field names are quoted where EQL needs it and optional (`?`), so that a
/// field nobody has is simply missing.
[[nodiscard]] std::string conditionOf(const RuleFilter& filter);

/// All enabled filters joined by `and`; empty if there is none.
[[nodiscard]] std::string conditionOf(const std::vector<RuleFilter>& filters);

} // namespace sequela::rules
