#pragma once

#include <cstdint>

namespace sequela::eql {

/// Two languages that are never mixed (eql.md section 15.5).
enum class Dialect : std::uint8_t { Elasticsearch, Endpoint };

} // namespace sequela::eql
