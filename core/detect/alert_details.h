#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/engine/engine.h"
#include "core/schema/field_catalog.h"

#include <string>
#include <vector>

namespace sequela::detect {

/// One sentence: what happened, on which host, by whom. From the alert alone.
[[nodiscard]] std::string reasonOf(const Alert& alert);

/// Fields and values that all events of an alert share, sorted by name, derived values left out.
/// Errors: the data could not be read.
[[nodiscard]] Result<std::vector<SharedField>> sharedFieldsOf(const schema::ColumnSource& source,
                                                              const Alert& alert);

/// Everything but the paths of sources (`StageDetails::source…`), which the case knows. The clauses
/// are found by evaluating the rule's query on the alert's events; a query that does not bind any
/// more gives none. Errors: the data could not be read.
[[nodiscard]] Result<AlertDetails>
detailsOf(engine::Engine& engine, const schema::FieldCatalog& catalog, const Alert& alert);

/// `event.id` of the event, else its identity: the id of an alert's ancestor.
[[nodiscard]] Result<std::string> ancestorIdOf(const schema::ColumnSource& source,
                                               const AlertStage& stage);
/// `_index` of the wrapper the event's document came in, or empty.
[[nodiscard]] Result<std::string> indexOf(const schema::ColumnSource& source,
                                          const AlertStage& stage);

} // namespace sequela::detect
