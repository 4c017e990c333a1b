#pragma once

#include "tests/oracle/naive_event.h"
#include "tests/oracle/random_source.h"

#include <string>
#include <string_view>

namespace sequela::oracle {

/// A text that occurs, or nearly occurs, in random events.
[[nodiscard]] std::string randomText(RandomSource& random);
[[nodiscard]] std::string randomAddress(RandomSource& random);
[[nodiscard]] std::string randomVersion(RandomSource& random);
/// ISO text with 3, 6 or 9 decimals, close to all others.
[[nodiscard]] std::string randomTime(RandomSource& random);
/// The same as epoch milliseconds.
[[nodiscard]] std::string randomEpoch(RandomSource& random);
[[nodiscard]] std::string randomInteger(RandomSource& random);
[[nodiscard]] std::string randomFraction(RandomSource& random);

/// The fields of random events, as the lines of a --schema file. Fields named `x.…` are left out:
/// their types are those of their values.
[[nodiscard]] std::string_view randomSchema();

/// Up to 24 hostile events in one to three sources: nulls, missing fields, lists, numbers as
/// strings, equal times and times apart by nanoseconds, arrival out of order, few distinct keys.
[[nodiscard]] NaiveData randomData(RandomSource& random);

} // namespace sequela::oracle
