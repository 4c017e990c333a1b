#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/bound_query.h"
#include "core/schema/column_source.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sequela::detect {

/// What must be known of a case to say that a rule cannot match anything in it: which categories
/// occur and which fields have values at all. Thread-safe; categories are read once a field.
class CaseFacts {
public:
    /// @p source outlives the facts.
    explicit CaseFacts(const schema::ColumnSource& source) : m_source(source) {}

    /// Every value of a field anywhere in the case. Errors: the data could not be read.
    [[nodiscard]] Result<std::shared_ptr<const std::set<std::string, std::less<>>>>
    valuesOf(std::string_view field);
    [[nodiscard]] bool hasValues(std::string_view field) const;

private:
    const schema::ColumnSource& m_source;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<const std::set<std::string, std::less<>>>, std::less<>>
        m_values;
};

/// Why no event, or no sequence, of the case can match.
struct Obstacle {
    /// Else a field that is demanded and never populated.
    bool isCategory = false;
    /// Category or field, as in the query.
    std::string name;

    /// "no event has the category network".
    [[nodiscard]] std::string sentence() const;
};

/// The first stage (in the order written) that nothing in the case can fill: its category does not
/// occur, or a conjunct that must hold reads only a field without values. Nothing if the query has
/// to be run to know. Exact: with an obstacle the query has no match.
[[nodiscard]] Result<std::optional<Obstacle>> findObstacle(const eql::BoundQuery& query,
                                                           CaseFacts& facts);

} // namespace sequela::detect
