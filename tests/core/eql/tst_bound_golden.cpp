#include "core/eql/binder.h"
#include "core/eql/lint.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"
#include "core/eql/twin_lint.h"
#include "tests/support/golden.h"

#include <QTest>

using namespace sequela;
using namespace sequela::eql;

namespace {

/// A field of every type, an alias, a text field with and without an exact sub-field; no data.
const schema::FieldCatalog& catalog()
{
    static const auto schema =
        schema::Schema::parse("@timestamp\tdate\nevent.category\tkeyword\nhost.id\tkeyword\n"
                              "host.os.type\tkeyword\nuser.name\tkeyword\nprocess.name\tkeyword\n"
                              "process.args\tkeyword\nprocess.pid\tlong\nprocess.score\tdouble\n"
                              "process.trusted\tboolean\nprocess.start\tdate\nsource.ip\tip\n"
                              "destination.port\tlong\nagent.version\tversion\nnote\ttext\n"
                              "message\ttext\nmessage.keyword\tkeyword\npid\talias\tprocess.pid\n",
                              "golden")
            .value();
    static const schema::FieldCatalog fields(schema, {});
    return fields;
}

/// `line:column severity code: message`, hint and fixes on lines of their own.
std::string textOf(std::vector<Diagnostic> diagnostics, std::string_view query)
{
    std::string text;
    for (Diagnostic& each : diagnostics) {
        locate(each, query, {});
        text += std::to_string(each.begin->line) + ':' + std::to_string(each.begin->column) + '-'
                + std::to_string(each.end->line) + ':' + std::to_string(each.end->column) + ' '
                + std::string(severityName(each.severity)) + ' ' + each.code + ": " + each.message
                + '\n';
        if (!each.hint.empty()) {
            text += "  hint: " + each.hint + '\n';
        }
        for (const SuggestedFix& fix : each.fixes) {
            std::string fixed(query);
            fixed.replace(fix.span.begin, fix.span.length(), fix.replacement);
            text += "  fix: " + fix.label + ": " + fixed + '\n';
        }
    }
    return text;
}

/// In a file called endpoint.txt the queries are of that dialect, in one called strict.txt unknown
/// fields are errors.
BindOptions optionsOf(const test::GoldenCase& golden)
{
    BindOptions options;
    options.now = *parseIsoTimestamp("2024-05-15T12:30:00Z");
    if (golden.file.ends_with("endpoint.txt")) {
        options.dialect = Dialect::Endpoint;
        options.osList = {"macos"};
    }
    options.strictFields = golden.file.ends_with("strict.txt");
    return options;
}

} // namespace

/// What the binder makes of a query, and what parser, binder and lint say about it, as the golden
/// files of tests/golden/binder and tests/golden/diagnostics have it.
class TestBoundGolden : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void boundTrees_data() { addCases(m_trees); }
    void boundTrees();
    void diagnostics_data() { addCases(m_diagnostics); }
    void diagnostics();
    void cleanupTestCase();

private:
    static void addCases(const test::GoldenFiles& files);

    test::GoldenFiles m_trees{"binder"};
    test::GoldenFiles m_diagnostics{"diagnostics"};
};

void TestBoundGolden::addCases(const test::GoldenFiles& files)
{
    QTest::addColumn<std::size_t>("index");
    QVERIFY(!files.cases().empty());
    for (std::size_t index = 0; index < files.cases().size(); ++index) {
        QTest::newRow(files.cases()[index].name.c_str()) << index;
    }
}

void TestBoundGolden::boundTrees()
{
    QFETCH(std::size_t, index);
    const test::GoldenCase& golden = m_trees.cases()[index];
    const BindResult bound = bindQuery(golden.input, catalog(), optionsOf(golden));
    QVERIFY2(bound.query.has_value(), textOf(bound.diagnostics, golden.input).c_str());
    const QString difference = m_trees.check(index, dumpBoundQuery(*bound.query));
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestBoundGolden::diagnostics()
{
    QFETCH(std::size_t, index);
    const test::GoldenCase& golden = m_diagnostics.cases()[index];
    const BindOptions options = optionsOf(golden);
    const BindResult bound = bindQuery(golden.input, catalog(), options);
    std::string said = textOf(bound.diagnostics, golden.input);
    if (bound.query) {
        const ParsedQuery parsed = parseQuery(golden.input, options.dialect);
        said += textOf(lint(parsed.query, golden.input, *bound.query, catalog()), golden.input);
        said += textOf(lintTwins(parsed.query, *bound.query), golden.input);
    }
    QVERIFY(!said.empty());
    const QString difference = m_diagnostics.check(index, said);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

void TestBoundGolden::cleanupTestCase()
{
    QVERIFY(m_trees.save());
    QVERIFY(m_diagnostics.save());
}

QTEST_GUILESS_MAIN(TestBoundGolden)
#include "tst_bound_golden.moc"
