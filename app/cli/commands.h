#pragma once

#include "app/cli/exit_code.h"
#include "app/cli/options.h"

#include <stop_token>

/// One function a command, each in a file of its own. They take complete options, write their
/// result, say what went wrong, and return the exit code. None throws on purpose.
namespace sequela::cli {

[[nodiscard]] ExitCode runScan(const ScanOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runQuery(const QueryOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runEval(const EvalOptions& options);
[[nodiscard]] ExitCode runCheck(const CheckOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runFormat(const FormatOptions& options);
[[nodiscard]] ExitCode runTest(const TestOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runImport(const ImportOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runExport(const ExportOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runDiff(const DiffOptions& options, std::stop_token stop);
[[nodiscard]] ExitCode runFields(const FieldsOptions& options, std::stop_token stop);

} // namespace sequela::cli
