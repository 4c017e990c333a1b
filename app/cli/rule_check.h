#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule_file.h"
#include "core/schema/field_catalog.h"

#include <vector>

namespace sequela::cli {

/// Everything that is wrong with, or worth saying about, one rule file: reading, query, lint, its
/// tests' file. Located in the file, in order of position, repeated ones once.
[[nodiscard]] std::vector<Diagnostic>
checkRule(const rules::RuleEntry& entry, const schema::FieldCatalog& catalog, bool strictFields);

} // namespace sequela::cli
