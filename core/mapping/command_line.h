#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sequela::mapping {

/// Arguments of a Windows command line by the rule of CommandLineToArgvW: quotes group, pairs of
/// backslashes before a quote are halved, `""` inside quotes is a quote; the program name is taken
/// up to its closing quote or the first blank. @p keepsQuotes: blanks in quotes group, but the
/// quotes stay as they are (what Elastic does for event 4688). At most limits::arguments.
[[nodiscard]] std::vector<std::string> splitWindowsCommandLine(std::string_view line,
                                                               bool keepsQuotes);

/// Words of a shell line: blanks separate, single and double quotes group, a backslash takes the
/// next character as it is (inside double quotes only before `"\$` and a back quote).
[[nodiscard]] std::vector<std::string> splitPosixCommandLine(std::string_view line);

} // namespace sequela::mapping
