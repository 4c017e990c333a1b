#include "core/workspace/clause_effects.h"
#include "core/workspace/limits.h"
#include "core/workspace/near_misses.h"
#include "core/workspace/test_draft.h"
#include "tests/core/workspace/workspace_fixture.h"

#include <QtTest>

#include <fmt/format.h>

using namespace sequela;
using namespace sequela::workspace;
using namespace sequela::workspace::testing;

/// The workshop over more than it lists: figures stay whole, lists end where limits.h says.
class ShownLimitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nearMisses();
    void failingClauses();
    void clauseSamples();
    void fieldsOfADraft();

private:
    /// A case over @p lines.
    [[nodiscard]] QueryUnderTest underTest(const std::string& lines, const std::string& text);

    QTemporaryDir m_folder;
    std::unique_ptr<Workspace> m_workspace;
};

namespace {

std::string eventLine(std::size_t second, std::string_view category, std::size_t key,
                      const std::string& more = {})
{
    return fmt::format(
        R"({{"@timestamp":{},"event":{{"category":"{}"}},"process":{{"entity_id":"{}"}}{}}})"
        "\n",
        1'709'251'200'000 + second * 1'000, category, key, more);
}

/// One process a key, and to each a connection that @p more describes.
std::string pairs(std::size_t keys, const std::string& more)
{
    std::string lines;
    for (std::size_t key = 0; key < keys; ++key) {
        lines += eventLine(2 * key, "process", key);
        if (!more.empty()) {
            lines += eventLine(2 * key + 1, "network", key, more);
        }
    }
    return lines;
}

const std::string sequence = "sequence by process.entity_id with maxspan=30s [process where true] "
                             "[network where destination.port == 443]";

} // namespace

QueryUnderTest ShownLimitsTest::underTest(const std::string& lines, const std::string& text)
{
    m_workspace = Workspace::inMemory();
    const QString file = m_folder.filePath(QStringLiteral("events.ndjson"));
    QFile::remove(file);
    if (!writeFile(file, lines) || !import(*m_workspace, {file})) {
        qFatal("the sample cannot be read");
    }
    QueryUnderTest query;
    query.snapshot = m_workspace->snapshot();
    query.text = text;
    return query;
}

void ShownLimitsTest::nearMisses()
{
    const std::size_t keys = limits::maxListedMisses + 20;
    const auto found = findNearMisses(underTest(pairs(keys, {}), sequence), {});
    QVERIFY(found && *found);
    QCOMPARE((*found)->count(MissKind::MissingStage), std::uint64_t{keys});
    QCOMPARE((*found)->misses.size(), limits::maxListedMisses);
}

void ShownLimitsTest::failingClauses()
{
    const std::size_t keys = limits::maxExplainedCandidates + 10;
    const auto found =
        findNearMisses(underTest(pairs(keys, R"(,"destination":{"port":80})"), sequence), {});
    QVERIFY(found && *found);
    const NearMisses& near = **found;
    QCOMPARE(near.count(MissKind::FailingClause), std::uint64_t{keys});
    const auto explained = std::ranges::count_if(
        near.misses, [](const NearMiss& miss) { return !miss.clauses.empty(); });
    QVERIFY(static_cast<std::size_t>(explained) >= limits::maxExplainedCandidates);
}

void ShownLimitsTest::clauseSamples()
{
    const std::size_t keys = limits::maxClauseSamples + 10;
    const auto report = examineClauses(underTest(pairs(keys, R"(,"destination":{"port":80})"),
                                                 "network where destination.port == 443"),
                                       nullptr, {}, {});
    QVERIFY(report && *report);
    const ClauseEffect& clause = (*report)->clauses.front();
    QCOMPARE(clause.gainedWithout, std::uint64_t{keys});
    QCOMPARE(clause.gainedSamples.size(), limits::maxClauseSamples);
}

/// The field that the rule needs is one of those that a draft does not begin with: it takes the
/// document instead of losing the match.
void ShownLimitsTest::fieldsOfADraft()
{
    std::string more;
    for (std::size_t field = 0; field <= limits::maxDraftFields; ++field) {
        more += fmt::format(R"(,"labels.f{:04}":"v{}")", field, field);
    }
    const std::string query = fmt::format("process where labels.f{:04} == \"v{}\"",
                                          limits::maxDraftFields, limits::maxDraftFields);
    const QueryUnderTest under = underTest(eventLine(0, "process", 1, more), query);
    TestDraftRequest request;
    request.rule = rule("r", query).rule;
    request.name = "wide";
    request.events.emplace_back(EventNumber(0));
    const auto draft = draftTest(*under.snapshot, request, {});
    QVERIFY2(draft.has_value(), draft ? "" : draft.error().message.c_str());
    QVERIFY(!draft->events.front().document.empty());
    QCOMPARE(draft->expected, (std::vector<std::string>{"a"}));
}

QTEST_GUILESS_MAIN(ShownLimitsTest)
#include "tst_shown_limits.moc"
