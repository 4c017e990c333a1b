#pragma once

#include "core/report/escaping.h"

#include <string>
#include <string_view>

namespace sequela::report {

/// Text and attribute values of XML 1.0. What XML cannot hold (controls) has been made visible, so
/// the escapes of HTML are enough.
[[nodiscard]] inline std::string escapeXml(std::string_view text)
{
    return escapeHtml(text);
}

} // namespace sequela::report
