#pragma once

#include "ui/theme/theme.h"

#include <QString>

#include <filesystem>
#include <optional>
#include <string>
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
    /// What --export and its companions ask for: write a file and leave.
    struct Export {
        /// "pdf", or a format of the command line program.
        QString format;
        std::filesystem::path caseFile;
        QString output;
        std::vector<std::string> alertIds;
        QString title;
        bool mayReplace = false;
    };
    std::optional<Export> exported;
    /// Qt's -platform was given.
    bool choosesPlatform = false;
};

/// Reads the command line; ends the program for --help, --version and options there are not.
/// Nothing for values that make no sense, which it has said on standard error: the exit code is 2.
/// Call it before there is an application object: it works without a display.
[[nodiscard]] std::optional<ProgramOptions> readOptions(int& argc, char** argv);

/// Draws screenshots and exports off the screen where there is no display. False if there is none
/// and a window was asked for.
[[nodiscard]] bool choosePlatform(const ProgramOptions& options);

/// Writes what --export asks for, without a window. The exit code, as sequela-cli has it: 0, 3 for
/// the case, 4 for the file.
[[nodiscard]] int runExport(const ProgramOptions::Export& options);

/// Makes the parts of the window, shows it and runs until it is closed. The exit code.
[[nodiscard]] int runProgram(QApplication& application, const ProgramOptions& options);

} // namespace sequela::ui
