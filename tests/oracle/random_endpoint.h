#pragma once

#include "tests/oracle/naive_matcher.h"
#include "tests/oracle/random_source.h"

#include <string>

namespace sequela::oracle {

/// A query of the Endpoint dialect (eql.md section 12) over the fields of random_data.h: aliases
/// and references to earlier events, fields beside fields, array searches, ancestors.
[[nodiscard]] std::string randomEndpointQuery(RandomSource& random);
/// Options for it: the dialect, now and then with a list of operating systems.
[[nodiscard]] NaiveOptions randomEndpointOptions(RandomSource& random);

} // namespace sequela::oracle
