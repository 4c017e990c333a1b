#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/binder.h"
#include "core/schema/field_catalog.h"

#include <string_view>
#include <vector>

namespace sequela::ui {

/// Syntax, binding and lint of a query, located in it, errors before warnings at the same place.
/// Without @p catalog (no case) syntax only. Microseconds for a rule of ordinary size.
[[nodiscard]] std::vector<Diagnostic> checkQuery(std::string_view text,
                                                 const schema::FieldCatalog* catalog,
                                                 const eql::BindOptions& options);

/// In order of position; at the same place errors before warnings before notes.
void sortProblems(std::vector<Diagnostic>& diagnostics);

[[nodiscard]] bool hasErrors(const std::vector<Diagnostic>& diagnostics);

} // namespace sequela::ui
