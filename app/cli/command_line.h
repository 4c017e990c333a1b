#pragma once

#include <string>
#include <vector>

namespace sequela::cli {

/// The whole program: parses the arguments (without the program's name), runs the command, returns
/// the exit code. Reads standard input where an argument is `-`, writes results to standard output
/// and everything else to standard error. Installs signal handling for interrupts; call it once,
/// before other threads exist. Throws nothing.
[[nodiscard]] int runCommandLine(std::vector<std::string> arguments);

} // namespace sequela::cli
