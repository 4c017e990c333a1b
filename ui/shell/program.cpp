#include "ui/shell/program.h"

#include "core/workspace/workspace.h"
#include "ui/events/cell_menu.h"
#include "ui/export/export_job.h"
#include "ui/jobs/job_board.h"
#include "ui/shell/main_window.h"
#include "ui/shell/program_data.h"
#include "ui/shell/screenshots.h"
#include "ui/state/case_session.h"
#include "ui/state/event_reader.h"
#include "ui/state/selection.h"
#include "ui/state/time_display.h"
#include "ui/text/event_text.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>

#include <memory>

namespace sequela::ui {

namespace {

std::vector<std::filesystem::path> shippedRules()
{
    const auto folder = shippedFolder(ShippedFolder::Rules);
    return folder ? std::vector{*folder} : std::vector<std::filesystem::path>{};
}

SchemeChoice savedChoice(const QSettings& settings)
{
    switch (settings.value(QStringLiteral("theme"), 0).toInt()) {
    case 1:
        return SchemeChoice::Dark;
    case 2:
        return SchemeChoice::Light;
    default:
        return SchemeChoice::Desktop;
    }
}

std::vector<std::filesystem::path> toPaths(const QStringList& files)
{
    std::vector<std::filesystem::path> paths;
    for (const QString& file : files) {
        paths.emplace_back(text::toUtf8(file));
    }
    return paths;
}

} // namespace

std::optional<ProgramOptions> readOptions(int& argc, char** argv)
{
    // A core application needs no display; it is gone before the real one is made.
    const QCoreApplication arguments(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Triage endpoint events, tune EQL detection rules."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("paths"),
                                 QStringLiteral("A case (.sequela), or event files and folders."),
                                 QStringLiteral("[CASE | EVENTS…]"));
    const QCommandLineOption rules(QStringLiteral("rules"),
                                   QStringLiteral("Rule file or folder; may be repeated."),
                                   QStringLiteral("PATH"));
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   QStringLiteral("dark or light; the desktop's otherwise."),
                                   QStringLiteral("SCHEME"));
    const QCommandLineOption screenshot(
        QStringLiteral("screenshot"),
        QStringLiteral("Draw the window's screens into this folder and leave."),
        QStringLiteral("DIR"));
    const QCommandLineOption exported(
        QStringLiteral("export"),
        QStringLiteral("Write the alert summary of --case to -o and leave: pdf, or any format of "
                       "sequela-cli export. Needs no display."),
        QStringLiteral("FORMAT"));
    const QCommandLineOption caseFile(QStringLiteral("case"),
                                      QStringLiteral("The case to open or to export."),
                                      QStringLiteral("FILE"));
    const QCommandLineOption output({QStringLiteral("o"), QStringLiteral("output")},
                                    QStringLiteral("Where the export goes."),
                                    QStringLiteral("FILE"));
    const QCommandLineOption alert(QStringLiteral("alert"),
                                   QStringLiteral("Export only this alert; may be repeated."),
                                   QStringLiteral("ID"));
    const QCommandLineOption title(QStringLiteral("title"),
                                   QStringLiteral("Heading of the export."), QStringLiteral("TEXT"),
                                   QStringLiteral("Alert summary"));
    const QCommandLineOption force(QStringLiteral("force"),
                                   QStringLiteral("Let -o replace a file that exists."));
    parser.addOptions({rules, theme, screenshot, exported, caseFile, output, alert, title, force});
    // Qt's own, for the real application to take.
    parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    QCommandLineOption platform(QStringLiteral("platform"), {}, QStringLiteral("NAME"));
    QCommandLineOption style(QStringLiteral("style"), {}, QStringLiteral("NAME"));
    platform.setFlags(QCommandLineOption::HiddenFromHelp);
    style.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({platform, style});
    parser.process(arguments);
    ProgramOptions options;
    options.paths = toPaths(parser.positionalArguments());
    options.rulePaths = toPaths(parser.values(rules));
    if (parser.isSet(theme)) {
        const QString name = parser.value(theme);
        if (name != QLatin1String("dark") && name != QLatin1String("light")) {
            qCritical("--theme takes dark or light");
            return std::nullopt;
        }
        options.theme = name == QLatin1String("dark") ? SchemeChoice::Dark : SchemeChoice::Light;
    }
    if (parser.isSet(screenshot)) {
        options.screenshotFolder = text::toUtf8(parser.value(screenshot));
    }
    if (parser.isSet(caseFile) && !parser.isSet(exported)) {
        options.paths.insert(options.paths.begin(), text::toUtf8(parser.value(caseFile)));
    }
    if (parser.isSet(exported)) {
        if (exportFormatNamed(parser.value(exported)) == nullptr || !parser.isSet(caseFile)
            || !parser.isSet(output)) {
            qCritical("--export wants pdf or a format of sequela-cli export, with --case FILE and "
                      "-o FILE");
            return std::nullopt;
        }
        std::vector<std::string> ids;
        for (const QString& id : parser.values(alert)) {
            ids.push_back(text::toUtf8(id));
        }
        options.exported = {parser.value(exported), text::toUtf8(parser.value(caseFile)),
                            parser.value(output),   std::move(ids),
                            parser.value(title),    parser.isSet(force)};
    }
    options.choosesPlatform = parser.isSet(platform);
    return options;
}

bool choosePlatform(const ProgramOptions& options)
{
    const bool hasDisplay = options.choosesPlatform || !qEnvironmentVariableIsEmpty("DISPLAY")
                            || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
                            || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
    if (options.exported && !options.choosesPlatform) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        return true;
    }
    if (!hasDisplay && options.screenshotFolder) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        return true;
    }
    return hasDisplay;
}

int runExport(const ProgramOptions::Export& options)
{
    constexpr int inputError = 3;
    constexpr int outputError = 4;
    const auto fail = [](const Diagnostic& error, int code) {
        qCritical("%s", formatDiagnostic(error).c_str());
        return code;
    };
    if (!options.mayReplace && QFileInfo::exists(options.output)) {
        return fail(makeError("export-exists",
                              text::toUtf8(options.output) + " exists and is not replaced",
                              "choose another name, or add --force"),
                    outputError);
    }
    const auto workspace =
        workspace::Workspace::open(options.caseFile, workspace::Workspace::OpenMode::ReadOnly);
    if (!workspace) {
        return fail(workspace.error(), inputError);
    }
    report::ExportRequest request;
    request.title = text::toUtf8(options.title);
    if (!options.alertIds.empty()) {
        request.alertIds = options.alertIds;
    }
    const auto bytes = exportBytes(**workspace, *exportFormatNamed(options.format), request, {});
    if (!bytes) {
        return fail(bytes.error(), inputError);
    }
    const auto written = writeExport(options.output, *bytes);
    return written ? 0 : fail(written.error(), outputError);
}

int runProgram(QApplication& application, const ProgramOptions& options)
{
    // Screenshots show the program as it comes, not as somebody left it.
    const QTemporaryDir scratch;
    const bool isScreenshot = options.screenshotFolder.has_value();
    const auto settings =
        isScreenshot ? std::make_unique<QSettings>(scratch.filePath(QStringLiteral("settings.ini")),
                                                   QSettings::IniFormat)
                     : std::make_unique<QSettings>();
    Theme theme(options.theme.value_or(savedChoice(*settings)));
    theme.applyTo(application);
    JobBoard jobs;
    state::Selection selection;
    state::CaseSession session(selection, &jobs);
    state::TimeDisplay time;
    state::EventReader reader(nullptr);
    state::Context context{theme, jobs, selection, session, time, reader, nullptr};
    CellMenu cellMenu(context);
    context.cellMenu = &cellMenu;
    const auto followSnapshot = [&session, &reader] {
        const auto snapshot = session.snapshot();
        reader.setSource(snapshot ? snapshot->events : nullptr);
    };
    QObject::connect(&session, &state::CaseSession::caseOpened, &reader, followSnapshot);
    QObject::connect(&session, &state::CaseSession::snapshotChanged, &reader, followSnapshot);
    session.setRulePaths(options.rulePaths.empty() ? shippedRules() : options.rulePaths);

    MainWindow window(context, *settings);
    window.show();
    window.openPaths(options.paths);
    if (isScreenshot) {
        Screenshots screenshots(context, window, *options.screenshotFolder, !options.paths.empty());
        return screenshots.run(application);
    }
    return QApplication::exec();
}

} // namespace sequela::ui
