#pragma once

#include <string_view>

namespace sequela::schema {

/// resources/schema/ecs-field-types.tsv, embedded at build time: lines `field TAB mapping type`.
[[nodiscard]] std::string_view ecsFieldTypes();

} // namespace sequela::schema
