#include "tests/core/engine/query_text.h"

#include "core/schema/field_catalog.h"
#include "tests/core/engine/query_notation.h"
#include "tests/support/event_table.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace sequela::tests {

eql::BoundQuery bindText(std::string_view query, const schema::ColumnSource& source,
                         eql::Dialect dialect)
{
    const schema::FieldCatalog catalog(schema::Schema::ecs(), source.fields());
    eql::BindOptions options;
    options.dialect = dialect;
    eql::BindResult bound = eql::bindQuery(query, catalog, options);
    if (!bound.query) {
        for (const Diagnostic& diagnostic : bound.diagnostics) {
            fmt::print(stderr, "{}: {}\n", query, formatDiagnostic(diagnostic));
        }
        std::abort();
    }
    return std::move(*bound.query);
}

std::string queryEverywhere(const std::string& lines, std::string_view query, eql::Dialect dialect,
                            const engine::RunOptions& options)
{
    return matchesEverywhere(lines, bindText(query, *eventTable(lines), dialect), options);
}

} // namespace sequela::tests
