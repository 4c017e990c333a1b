#include <QDirIterator>
#include <QRegularExpression>
#include <QtTest>

#include <map>
#include <set>
#include <string>

// The rules of the house that a compiler does not know, read off the sources themselves.
class TidyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void topLevelHoldsNothingElse();
    void includesFollowTheLayers();
    void thirdPartyHeadersStayInTheirRoom_data();
    void thirdPartyHeadersStayInTheirRoom();
    void bannedWords_data();
    void bannedWords();
    void filesKeepOneSubject();
    void noTrailingSpaceNoTabs();
    void headersArePragmaOnce();
    void everyDiagnosticCodeHasACase();
    void everyLimitIsReached();
};

namespace {

struct SourceFile {
    QString path;
    QStringList lines;
};

const QString& root()
{
    static const QString path = QStringLiteral(SEQUELA_SOURCE_DIR "/");
    return path;
}

QList<SourceFile> sourcesBelow(const QStringList& folders)
{
    QList<SourceFile> files;
    for (const QString& folder : folders) {
        QDirIterator it(root() + folder, {QStringLiteral("*.h"), QStringLiteral("*.cpp")},
                        QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            if (!file.open(QIODevice::ReadOnly)) {
                qFatal("cannot read %s", qPrintable(file.fileName()));
            }
            files.append({file.fileName().mid(root().size()),
                          QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))});
        }
    }
    return files;
}

/// "core/eql" of "core/eql/lexer.h", "ui" of anything below ui, "app" and "tests" likewise.
QString roomOf(const QString& path)
{
    const QStringList parts = path.split(QLatin1Char('/'));
    return parts.front() == QLatin1String("core") && parts.size() > 2
               ? parts[0] + QLatin1Char('/') + parts[1]
               : parts.front();
}

using Edges = std::map<std::string, std::set<std::string>>;

/// Which folder may include which. CMake's link lines say the same; this also sees headers.
const Edges& allowedEdges()
{
    static const Edges edges{
        {"core/base", {}},
        {"core/schema", {"core/base"}},
        {"core/casefile", {"core/base", "core/schema"}},
        {"core/mapping", {"core/base", "core/schema", "core/casefile"}},
        {"core/ingest", {"core/base", "core/schema", "core/casefile", "core/mapping"}},
        {"core/eql", {"core/base", "core/schema"}},
        {"core/engine", {"core/base", "core/schema", "core/eql"}},
        {"core/rules", {"core/base", "core/schema", "core/eql", "core/ingest"}},
        {"core/detect",
         {"core/base", "core/schema", "core/casefile", "core/ingest", "core/eql", "core/engine",
          "core/rules"}},
        {"core/views", {"core/base", "core/schema", "core/engine", "core/eql"}},
        {"core/report",
         {"core/base", "core/schema", "core/eql", "core/engine", "core/rules", "core/detect",
          "core/views"}},
        {"core/workspace",
         {"core/base", "core/schema", "core/casefile", "core/ingest", "core/eql", "core/engine",
          "core/rules", "core/detect", "core/views", "core/report", "core/mapping"}},
    };
    return edges;
}

bool mayInclude(const QString& from, const QString& to)
{
    if (from == to || from == QLatin1String("tests")) {
        return true;
    }
    if (from == QLatin1String("app")) {
        return to != QLatin1String("tests");
    }
    if (from == QLatin1String("ui")) {
        return to.startsWith(QLatin1String("core/"));
    }
    const auto row = allowedEdges().find(from.toStdString());
    return row != allowedEdges().end() && row->second.contains(to.toStdString());
}

/// Everything the tests say, this file left out.
QString textOfTests()
{
    QString text;
    QDirIterator it(root() + QStringLiteral("tests"),
                    {QStringLiteral("*.cpp"), QStringLiteral("*.h"), QStringLiteral("*.tsv")},
                    QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        if (!file.fileName().endsWith(QStringLiteral("/tst_tidy.cpp"))
            && file.open(QIODevice::ReadOnly)) {
            text += QString::fromUtf8(file.readAll());
        }
    }
    return text;
}

/// How tests name a code without writing it out: `codes::…` of the language, `ProblemKind::…` of
/// the importers ("ingest-too-many-fields" is TooManyFields).
QHash<QString, QString> namesOfCodes()
{
    QHash<QString, QString> names;
    static const QRegularExpression constant(
        QStringLiteral("string_view (\\w+) = \"(eql-[a-z0-9-]+)\""));
    static const QRegularExpression problem(QStringLiteral("\\{\"(ingest-[a-z0-9-]+)\", "));
    for (const SourceFile& file :
         sourcesBelow({QStringLiteral("core/eql"), QStringLiteral("core/ingest")})) {
        for (const QString& line : file.lines) {
            if (const auto found = constant.match(line); found.hasMatch()) {
                names.insert(found.captured(2), QStringLiteral("codes::") + found.captured(1));
            }
            if (const auto found = problem.match(line); found.hasMatch()) {
                QString kind = QStringLiteral("ProblemKind::");
                for (QString word : found.captured(1).split(QLatin1Char('-')).mid(1)) {
                    word[0] = word[0].toUpper();
                    kind += word;
                }
                names.insert(found.captured(1), kind);
            }
        }
    }
    return names;
}

} // namespace

void TidyTest::topLevelHoldsNothingElse()
{
    const QSet<QString> allowed{QStringLiteral("CMakeLists.txt"),
                                QStringLiteral("CMakePresets.json"),
                                QStringLiteral("app"),
                                QStringLiteral("core"),
                                QStringLiteral("ui"),
                                QStringLiteral("resources"),
                                QStringLiteral("rules"),
                                QStringLiteral("tests"),
                                QStringLiteral("README.md"),
                                QStringLiteral("LICENSE"),
                                QStringLiteral("build")};
    const QStringList entries =
        QDir(root()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System);
    for (const QString& entry : entries) {
        QVERIFY2(allowed.contains(entry), qPrintable(entry));
    }
}

void TidyTest::includesFollowTheLayers()
{
    static const QRegularExpression include(
        QStringLiteral("^#include \"((core|ui|app|tests)/[^\"]+)\""));
    int edges = 0;
    for (const SourceFile& file :
         sourcesBelow({QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app")})) {
        for (const QString& line : file.lines) {
            const auto match = include.match(line);
            if (match.hasMatch()) {
                ++edges;
                QVERIFY2(mayInclude(roomOf(file.path), roomOf(match.captured(1))),
                         qPrintable(file.path + QStringLiteral(" includes ") + match.captured(1)));
            }
        }
    }
    QVERIFY(edges > 20);
}

void TidyTest::thirdPartyHeadersStayInTheirRoom_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<QStringList>("rooms");
    const auto row = [](const char* name, const char* header, const QStringList& rooms) {
        QTest::newRow(name) << QString::fromLatin1(header) << rooms;
    };
    row("Qt stays out of core", "^#include <Q",
        {QStringLiteral("ui/"), QStringLiteral("app/"), QStringLiteral("tests/")});
    row("SQLite", "^#include <sqlite3",
        {QStringLiteral("core/casefile/"), QStringLiteral("tests/")});
    row("QScintilla", "^#include <Qsci/",
        {QStringLiteral("ui/editor/"), QStringLiteral("tests/ui/")});
    row("simdjson", "^#include <simdjson",
        {QStringLiteral("core/ingest/"), QStringLiteral("core/engine/"),
         QStringLiteral("core/rules/"), QStringLiteral("core/casefile/"),
         QStringLiteral("core/detect/"), QStringLiteral("core/workspace/"),
         QStringLiteral("core/report/"), QStringLiteral("tests/")});
    row("RE2", "^#include <re2/", {QStringLiteral("core/eql/"), QStringLiteral("tests/")});
    row("toml++", "^#include <toml", {QStringLiteral("core/rules/"), QStringLiteral("tests/")});
    row("libarchive", "^#include <archive",
        {QStringLiteral("core/ingest/"), QStringLiteral("tests/")});
    row("zstd", "^#include <zstd",
        {QStringLiteral("core/casefile/"), QStringLiteral("core/ingest/"),
         QStringLiteral("tests/")});
    row("CLI11", "^#include <CLI/", {QStringLiteral("app/"), QStringLiteral("tests/")});
}

void TidyTest::thirdPartyHeadersStayInTheirRoom()
{
    QFETCH(QString, header);
    QFETCH(QStringList, rooms);
    const QRegularExpression pattern(header);
    for (const SourceFile& file :
         sourcesBelow({QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app")})) {
        const bool allowed = std::ranges::any_of(
            rooms, [&](const QString& room) { return file.path.startsWith(room); });
        for (const QString& line : file.lines) {
            QVERIFY2(allowed || !pattern.match(line).hasMatch(),
                     qPrintable(file.path + QStringLiteral(": ") + line));
        }
    }
}

void TidyTest::bannedWords_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QStringList>("folders");
    const QStringList everywhere{QStringLiteral("core"), QStringLiteral("ui"),
                                 QStringLiteral("app")};
    const QStringList window{QStringLiteral("ui"), QStringLiteral("app")};
    QTest::newRow("unfinished work") << QStringLiteral("\\b(TODO|FIXME|XXX|HACK)\\b") << everywhere;
    QTest::newRow("processEvents") << QStringLiteral("\\bprocessEvents\\b") << window;
    QTest::newRow("sleeping or killing threads")
        << QStringLiteral("QThread::(terminate|sleep|msleep|usleep)") << window;
    QTest::newRow("qApp") << QStringLiteral("\\bqApp\\b") << window;
    QTest::newRow("sender()") << QStringLiteral("\\bsender\\(\\)") << window;
    QTest::newRow("rich text from data")
        << QStringLiteral("\\bQTextDocument::setHtml\\b") << window;
    QTest::newRow("throwing") << QStringLiteral("^\\s*throw ")
                              << QStringList{QStringLiteral("ui"), QStringLiteral("core/engine"),
                                             QStringLiteral("core/eql")};
    QTest::newRow("clock, locale or environment in pure modules")
        << QStringLiteral("\\b(system_clock|getenv|setlocale|std::locale|fopen|std::ifstream)\\b")
        << QStringList{QStringLiteral("core/eql"), QStringLiteral("core/engine"),
                       QStringLiteral("core/detect"), QStringLiteral("core/views")};
    QTest::newRow("names that say nothing")
        << QStringLiteral("\\b(class|struct|namespace) \\w*(Utils|Helpers|Common)\\b")
        << everywhere;
}

void TidyTest::bannedWords()
{
    QFETCH(QString, pattern);
    QFETCH(QStringList, folders);
    const QRegularExpression banned(pattern);
    for (const SourceFile& file : sourcesBelow(folders)) {
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            QVERIFY2(!banned.match(file.lines[i]).hasMatch(),
                     qPrintable(
                         QStringLiteral("%1:%2: %3").arg(file.path).arg(i + 1).arg(file.lines[i])));
        }
    }
}

void TidyTest::filesKeepOneSubject()
{
    constexpr qsizetype mostLines = 800;
    for (const SourceFile& file :
         sourcesBelow({QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app")})) {
        QVERIFY2(
            file.lines.size() <= mostLines,
            qPrintable(QStringLiteral("%1 has %2 lines").arg(file.path).arg(file.lines.size())));
    }
}

void TidyTest::noTrailingSpaceNoTabs()
{
    for (const SourceFile& file : sourcesBelow({QStringLiteral("core"), QStringLiteral("ui"),
                                                QStringLiteral("app"), QStringLiteral("tests")})) {
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            const QString& line = file.lines[i];
            QVERIFY2(!line.endsWith(QLatin1Char(' ')) && !line.startsWith(QLatin1Char('\t'))
                         && !line.endsWith(QLatin1Char('\r')),
                     qPrintable(QStringLiteral("%1:%2").arg(file.path).arg(i + 1)));
        }
    }
}

void TidyTest::headersArePragmaOnce()
{
    for (const SourceFile& file : sourcesBelow({QStringLiteral("core"), QStringLiteral("ui"),
                                                QStringLiteral("app"), QStringLiteral("tests")})) {
        if (file.path.endsWith(QLatin1String(".h"))) {
            QVERIFY2(file.lines.contains(QStringLiteral("#pragma once")), qPrintable(file.path));
        }
    }
}

void TidyTest::everyDiagnosticCodeHasACase()
{
    // What no input brings about, and why.
    const QHash<QString, QString> unreachable{
        {QStringLiteral("case-column-too-large"), QStringLiteral("takes 4 GiB of one field")},
        {QStringLiteral("engine-pattern"), QStringLiteral("the binder refuses such patterns")},
        {QStringLiteral("ingest-failed"), QStringLiteral("a failed file names its problem")},
    };
    const QString tests = textOfTests();
    const QHash<QString, QString> names = namesOfCodes();
    static const QRegularExpression literal(
        QStringLiteral("\"((case|engine|eql|ingest|mapping|note|rule|schedule|schema|test|verdict|"
                       "workspace)(-[a-z0-9]+)+)\""));
    QSet<QString> codes;
    for (const SourceFile& file : sourcesBelow({QStringLiteral("core")})) {
        for (const QString& line : file.lines) {
            for (auto found = literal.globalMatch(line.section(QStringLiteral("//"), 0, 0));
                 found.hasNext();) {
                codes.insert(found.next().captured(1));
            }
        }
    }
    QVERIFY(codes.size() > 150);
    QStringList missing;
    for (const QString& code : codes) {
        if (!tests.contains(code) && !unreachable.contains(code)
            && !(names.contains(code) && tests.contains(names[code]))) {
            missing.append(code);
        }
    }
    missing.sort();
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral(", "))));
}

void TidyTest::everyLimitIsReached()
{
    // How work is cut up and what is kept ready: no input is refused or cut by these.
    const QSet<QString> tuning{
        QStringLiteral("documentsPerBlock"),
        QStringLiteral("columnCacheBytes"),
        QStringLiteral("mergedEvents"),
        QStringLiteral("mergedColumnBytes"),
        QStringLiteral("copiedPagesAtOnce"),
        QStringLiteral("rowsMeasured"),
        QStringLiteral("parsedDocuments"),
        QStringLiteral("stepsPerStopCheck"),
        QStringLiteral("keysPerStopCheck"),
        QStringLiteral("storedBlobBytes"),
        // The language has said so before the engine does.
        QStringLiteral("maxSlots"),
    };
    const QString tests = textOfTests();
    static const QRegularExpression constant(QStringLiteral("inline constexpr [\\w:]+ (\\w+) ="));
    QStringList missing;
    int limits = 0;
    for (const SourceFile& file : sourcesBelow({QStringLiteral("core"), QStringLiteral("ui")})) {
        if (!file.path.endsWith(QStringLiteral("/limits.h"))) {
            continue;
        }
        for (const QString& line : file.lines) {
            const auto found = constant.match(line);
            if (found.hasMatch()) {
                ++limits;
                const QString name = found.captured(1);
                if (!tuning.contains(name) && !tests.contains(name)) {
                    missing.append(name);
                }
            }
        }
    }
    QVERIFY(limits > 50);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral(", "))));
}

QTEST_APPLESS_MAIN(TidyTest)
#include "tst_tidy.moc"
