#include "core/base/present_time.h"

#include <chrono>

namespace sequela {

Timestamp presentTime()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Timestamp(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

} // namespace sequela
