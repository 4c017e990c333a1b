#pragma once

#include "core/base/diagnostic.h"
#include "core/base/json_writer.h"
#include "core/report/alert_summary.h"

#include <span>
#include <string>

namespace sequela::report {

/// One ECS alert document on one line: flat `kibana.alert.*` keys and the shared ECS fields nested
/// (rules.md, "Exports"). Elasticsearch can index it.
[[nodiscard]] Result<std::string> alertDocument(const AlertSummary& summary,
                                                const detect::Alert& alert);

/// Dotted fields as nested objects, members of an object that is open. @p fields are sorted by
/// name; a name that is both a value and an object keeps its members under dotted names. Numbers
/// and booleans stay what they were, several values become an array.
void writeNestedFields(JsonWriter& json, std::span<const detect::SharedField> fields);

} // namespace sequela::report
