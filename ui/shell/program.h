#pragma once

#include "ui/theme/theme.h"

#include <QStringList>

#include <filesystem>
#include <optional>
#include <vector>

class QApplication;

namespace sequela::ui {

/// What the command line of the window asks for.
struct ProgramOptions {
    /// A case, or events.
    std::vector<std::filesystem::path> paths;
    std::vector<std::filesystem::path> rulePaths;
    std::optional<SchemeChoice> theme;
    /// Folder for screenshots: draw them, leave.
    std::optional<std::filesystem::path> screenshotFolder;
};

/// Reads the command line; ends the program for --help, --version and mistakes.
[[nodiscard]] ProgramOptions readOptions(const QStringList& arguments);

/// Makes the parts of the window, shows it and runs until it is closed. The exit code.
[[nodiscard]] int runProgram(QApplication& application, const ProgramOptions& options);

} // namespace sequela::ui
