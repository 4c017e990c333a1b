#pragma once

#include "core/eql/dialect.h"
#include "core/eql/syntax_tree.h"
#include "tests/oracle/naive_value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::oracle {

/// What a request may set (eql.md 7, 9, 10).
struct NaiveOptions {
    std::string timestampField = "@timestamp";
    std::optional<std::string> tiebreakerField;
    std::string categoryField = "event.category";
    std::optional<std::uint64_t> size;
    bool headPosition = false;
    std::uint32_t maxSamplesPerKey = 1;
    /// Section 12: the dialect, with an implicit join key `host.id` and, unless it is empty, an
    /// implicit `host.os.type in (…)` on every filter.
    bool isEndpoint = false;
    std::vector<std::string> osList;

    [[nodiscard]] eql::Dialect dialect() const
    {
        return isEndpoint ? eql::Dialect::Endpoint : eql::Dialect::Elasticsearch;
    }
};

struct NaiveMatch {
    /// Event numbers by slot; nothing in a slot that must be missing.
    std::vector<std::optional<std::size_t>> events;
    std::vector<Value> keys;

    bool operator==(const NaiveMatch&) const = default;
};

/// `[1 - 3] "key",null` with 1-based event numbers.
[[nodiscard]] std::string toText(const NaiveMatch& match);
[[nodiscard]] std::string toText(const std::vector<NaiveMatch>& matches);

/// Answers a query by the text of eql.md 7 to 10. The query has no error.
[[nodiscard]] std::vector<NaiveMatch> run(const eql::syntax::Query& query, const NaiveData& data,
                                          const NaiveCatalog& catalog, const NaiveOptions& options);

} // namespace sequela::oracle
