#include "ui/shell/program_data.h"

#include "ui/text/event_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStringList>

namespace sequela::ui {

std::optional<std::filesystem::path> shippedFolder(ShippedFolder folder)
{
    const bool isRules = folder == ShippedFolder::Rules;
    const QString name = isRules ? QStringLiteral("rules") : QStringLiteral("demo");
    const QString inSources = isRules ? name : QStringLiteral("resources/demo");
    const QDir program(QCoreApplication::applicationDirPath());
    QStringList candidates;
    if (const QString data = qEnvironmentVariable("SEQUELA_DATA"); !data.isEmpty()) {
        candidates.append(QDir(data).filePath(name));
    }
    candidates.append(program.filePath(QStringLiteral("../share/sequela/") + name));
    // build/<preset>/app/sequela: only where that tree is ours.
    const QDir sources(program.filePath(QStringLiteral("../../..")));
    if (sources.exists(QStringLiteral("core/workspace"))) {
        candidates.append(sources.filePath(inSources));
    }
    for (const QString& candidate : candidates) {
        const QFileInfo info(candidate);
        if (info.isDir()) {
            return text::toUtf8(info.canonicalFilePath());
        }
    }
    return std::nullopt;
}

} // namespace sequela::ui
