#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule_file.h"
#include "core/schema/column_source.h"
#include "core/schema/field_catalog.h"
#include "core/workspace/workspace.h"

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace sequela::eql {
struct BindOptions;
struct BindResult;
} // namespace sequela::eql

namespace sequela::cli {

/// What queries and rules are checked against.
struct CheckScope {
    /// The case that the fields and events are of, open as long as they are read; null for none.
    std::unique_ptr<workspace::Workspace> workspace;
    std::shared_ptr<const schema::FieldCatalog> catalog;
    /// Events whose values the lint compares with; null for none.
    std::shared_ptr<const schema::ColumnSource> events;
    bool strictFields = false;
    /// Whether to say where python-eql would answer otherwise.
    bool twins = false;
};

/// Parses, binds and lints a query. The diagnostics have spans, in order of position within each
/// kind of check; a failure to read the events is one of them.
[[nodiscard]] eql::BindResult checkQuery(std::string_view text, const CheckScope& scope,
                                         const eql::BindOptions& options, std::stop_token stop);

/// Everything that is wrong with, or worth saying about, one rule file: reading, query, lint, its
/// tests' file. Located in the file, in order of position, repeated ones once.
[[nodiscard]] std::vector<Diagnostic> checkRule(const rules::RuleEntry& entry,
                                                const CheckScope& scope, std::stop_token stop);

} // namespace sequela::cli
