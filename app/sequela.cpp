#include "ui/shell/program.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("Sequela"));
    QCoreApplication::setOrganizationName(QStringLiteral("Sequela"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SEQUELA_VERSION));
    return sequela::ui::runProgram(application,
                                   sequela::ui::readOptions(QCoreApplication::arguments()));
}
