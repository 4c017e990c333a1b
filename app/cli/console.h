#pragma once

#include "app/cli/exit_code.h"
#include "app/cli/options.h"
#include "core/base/diagnostic.h"
#include "core/base/progress.h"

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace sequela::cli {

/// Turns the first interrupt (SIGINT, SIGTERM, SIGHUP) into a stop request and the second into the
/// end of the program. Broken pipes become errors of writing. One per process.
class Interrupts {
public:
    /// Blocks the signals in the calling thread and all it starts later.
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_watcher;
};

/// A line on standard error that shows how far a long operation is, while standard error is a
/// terminal and nobody asked for quiet. Gone without a trace when destroyed.
class ProgressLine {
public:
    /// @p unit is what Progress::items counts: "events", "alerts". @p progress outlives the line.
    ProgressLine(const Progress& progress, std::string_view unit, bool quiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

private:
    std::jthread m_painter;
};

/// Writes a result to standard output or to the file of `-o`, which is not replaced unless forced
/// and is never left half-written. Done or ExitCode::Output, with a message.
[[nodiscard]] ExitCode writeResult(std::string_view text, const CommonOptions& options);
/// Whether `-o` names a file that exists and may not be replaced: better said before the work.
[[nodiscard]] bool outputIsTaken(const CommonOptions& options);

/// Writes to standard error; what cannot be written there is lost.
void say(std::string_view text);
/// One diagnostic a line.
void sayDiagnostics(std::span<const Diagnostic> diagnostics);
void sayError(const Diagnostic& error);
/// Exit code that goes with an error of the world: cancelled or the one given.
[[nodiscard]] ExitCode failWith(const Diagnostic& error, ExitCode code);

/// The JSON array of rules.md: file, line, column, end_line, end_column, code, severity, message,
/// hint; one object a line.
[[nodiscard]] std::string diagnosticsJson(std::span<const Diagnostic> diagnostics);
[[nodiscard]] bool hasErrors(std::span<const Diagnostic> diagnostics);

/// A whole file, or standard input for "-". Errors: `cli-input`.
[[nodiscard]] Result<std::string> readText(const std::string& path);

} // namespace sequela::cli
