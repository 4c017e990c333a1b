#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"
#include "core/workspace/workspace.h"

#include <string>
#include <string_view>

namespace sequela::cli {

/// `--explain`: syntax tree, bound tree, plan and funnel of a query that ran, as text.
[[nodiscard]] std::string explainQuery(std::string_view text, eql::Dialect dialect,
                                       const workspace::QueryAnswer& answer);

/// Whether an error of a run concerns the data or the machine; else it is the query's fault.
[[nodiscard]] bool isDataError(const Diagnostic& error);

} // namespace sequela::cli
