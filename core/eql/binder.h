#pragma once

#include "core/base/diagnostic.h"
#include "core/base/present_time.h"
#include "core/eql/bound_query.h"
#include "core/eql/dialect.h"
#include "core/eql/syntax_tree.h"
#include "core/schema/field_catalog.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::eql {

struct BindOptions {
    Dialect dialect = Dialect::Elasticsearch;
    std::string eventCategoryField = "event.category";
    /// An unmapped name without `?` is an error; else it is a field without values and a warning.
    bool strictFields = false;
    /// What `now` means in date constants: the moment the options were made, unless told.
    Timestamp now = presentTime();
    /// Endpoint: `os_list` of the rule, an implicit `host.os.type in (…)` on every filter.
    std::vector<std::string> osList;
    /// Endpoint: sequences join by host.id first of all (eql.md section 12).
    bool implicitHostKey = true;
};

/// `query` is present exactly if `diagnostics` holds no error.
struct BindResult {
    std::optional<BoundQuery> query;
    std::vector<Diagnostic> diagnostics;
};

/// Checks a tree against the fields there are. @p text is what the tree was parsed from. All
/// problems are reported, in order of position. The catalog must outlive nothing: names are copied.
[[nodiscard]] BindResult bind(const syntax::Query& query, std::string_view text,
                              const schema::FieldCatalog& catalog, const BindOptions& options);

/// Parse and bind; diagnostics of both. Binding is skipped where the syntax is broken.
[[nodiscard]] BindResult bindQuery(std::string_view text, const schema::FieldCatalog& catalog,
                                   const BindOptions& options);

/// A condition (`process.pid == 1`) or a whole event query, as the filter bar and exceptions take
/// it, bound as the event query `any where …`.
[[nodiscard]] BindResult bindFilter(std::string_view text, const schema::FieldCatalog& catalog,
                                    const BindOptions& options);

/// Value of an expression without fields, for `sequela-cli eval`.
[[nodiscard]] std::expected<Value, std::vector<Diagnostic>> evaluateConstant(std::string_view text);

} // namespace sequela::eql
