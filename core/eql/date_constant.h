#pragma once

#include "core/base/timestamp.h"

#include <expected>
#include <string>
#include <string_view>

namespace sequela::eql {

/// The moments a date constant stands for, both ends included, whole milliseconds: one moment for
/// a number or a full time with decimals, a second, minute, hour or day for a partial one. As in
/// Elasticsearch `>=` and `<` compare with the first, `>` and `<=` with the last, `==` with all.
struct DateRange {
    Timestamp first;
    Timestamp last;

    bool operator==(const DateRange&) const = default;
};

/// A date as a query writes it: ISO 8601, partial or full; epoch milliseconds as digits; date math
/// `now-1d/d`, `2021-01-25||+1M/d` with the units y M w d h H m s. @p now stands for `now`. The
/// error is a sentence.
[[nodiscard]] std::expected<DateRange, std::string> parseDateConstant(std::string_view text,
                                                                      Timestamp now);

} // namespace sequela::eql
