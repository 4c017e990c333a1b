#pragma once

#include "core/base/timestamp.h"

namespace sequela {

/// The moment of the call, by the machine's clock. Whoever starts something takes it and hands it
/// on: the language, the engine and detection read no clock themselves.
[[nodiscard]] Timestamp presentTime();

} // namespace sequela
