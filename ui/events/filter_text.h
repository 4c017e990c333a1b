#pragma once

#include "core/schema/field_catalog.h"

#include <string>
#include <string_view>

/// Texts for the filter bar, made of clicks.
namespace sequela::ui {

/// `process.name == "osascript"`, `process.pid == 501`, and `field == null` for an empty @p value
/// of an event that lacks the field (@p hasValue false). @p negated gives `!=`.
[[nodiscard]] std::string filterClause(const schema::FieldCatalog& catalog, std::string_view field,
                                       std::string_view value, bool hasValue, bool negated);

/// @p filter narrowed by @p clause: joined with `and`, the filter in parentheses where it holds an
/// `or`. A filter that is a full query (`process where …`) keeps its head. A clause that is in the
/// filter already is not added again.
[[nodiscard]] std::string narrowedFilter(std::string_view filter, std::string_view clause);

/// A field name as EQL takes it: parts that are no identifiers in backquotes.
[[nodiscard]] std::string quotedField(std::string_view field);
/// An EQL string constant with its quotes.
[[nodiscard]] std::string quotedString(std::string_view value);

} // namespace sequela::ui
