#pragma once

#include "tests/oracle/naive_matcher.h"
#include "tests/oracle/random_source.h"

#include <string>

namespace sequela::oracle {

/// A query over the fields of random_data.h: events, sequences, samples, pipes.
[[nodiscard]] std::string randomQuery(RandomSource& random);
/// An expression without fields that may fail (`1 / 0`).
[[nodiscard]] std::string randomConstant(RandomSource& random);
[[nodiscard]] NaiveOptions randomOptions(RandomSource& random);

} // namespace sequela::oracle
