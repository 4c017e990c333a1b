#include "tests/app/program_run.h"

#include <QFile>
#include <QProcess>

namespace sequela::tests {

ProgramRun runProgram(const QStringList& arguments, const QByteArray& input)
{
    constexpr int timeoutMs = 60'000;
    QProcess process;
    process.start(QStringLiteral(SEQUELA_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(timeoutMs) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

bool writeFile(const QString& path, const QByteArray& content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace sequela::tests
