#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace sequela::tests {

/// What one run of sequela-cli gave.
struct ProgramRun {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

/// Runs the built program to its end (a minute at most).
[[nodiscard]] ProgramRun runProgram(const QStringList& arguments, const QByteArray& input = {});

/// Writes a file; false if that is impossible.
[[nodiscard]] bool writeFile(const QString& path, const QByteArray& content);

} // namespace sequela::tests
