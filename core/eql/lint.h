#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/bound_query.h"
#include "core/eql/syntax_tree.h"
#include "core/schema/field_catalog.h"

#include <string_view>
#include <vector>

namespace sequela::eql {

/// What is allowed and yet probably not meant: warnings and notes that the query, its bound form
/// and the fields of this data decide (rules.md, "Lint"; what needs the rule's settings is judged
/// with the rule, what needs the values of the data in value_lint.h, where other engines differ in
/// twin_lint.h). @p text is what the query was parsed from. In order of position.
///
/// Codes: eql-lint-wildcard-literal, eql-lint-unpopulated-field, eql-lint-often-missing,
/// eql-lint-leading-wildcard, eql-lint-no-maxspan, eql-lint-loose-stage, eql-lint-unused-until,
/// eql-lint-constant, eql-lint-mixed-types.
[[nodiscard]] std::vector<Diagnostic> lint(const syntax::Query& query, std::string_view text,
                                           const BoundQuery& bound,
                                           const schema::FieldCatalog& catalog);

} // namespace sequela::eql
