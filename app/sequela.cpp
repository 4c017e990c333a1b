#include "ui/shell/program.h"

#include <QApplication>

#include <cstdio>

int main(int argc, char** argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("Sequela"));
    QCoreApplication::setOrganizationName(QStringLiteral("Sequela"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SEQUELA_VERSION));
    const auto options = sequela::ui::readOptions(argc, argv);
    if (!options) {
        return 2;
    }
    if (!sequela::ui::choosePlatform(*options)) {
        std::fputs("sequela: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
                   "Start it in a desktop session, use sequela-cli, or draw its screens into a "
                   "folder with --screenshot DIR.\n",
                   stderr);
        return 1;
    }
    QApplication application(argc, argv);
    if (options->exported) {
        return sequela::ui::runExport(*options->exported);
    }
    return sequela::ui::runProgram(application, *options);
}
