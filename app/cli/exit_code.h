#pragma once

namespace sequela::cli {

/// What the shell sees (rules.md, "Command line").
enum class ExitCode : int {
    /// Done; lint warnings and broken records included.
    Done = 0,
    /// `--fail-on` was reached, a test failed, `check` found an error in a rule file.
    Findings = 1,
    /// Wrong arguments, or a query or expression given on the command line is invalid.
    Usage = 2,
    /// An input or rule path could not be opened or recognised at all.
    Input = 3,
    /// Output could not be written.
    Output = 4,
    Internal = 5,
    Cancelled = 130,
};

} // namespace sequela::cli
