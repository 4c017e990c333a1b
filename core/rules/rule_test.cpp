#include "core/rules/rule_test.h"

#include "core/base/text.h"
#include "core/base/timestamp.h"
#include "core/rules/document_node.h"
#include "core/rules/limits.h"
#include "core/rules/node_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace sequela::rules {

namespace {

constexpr std::string_view testSuffix = ".tests.toml";
/// 2024-01-01T00:00:00Z: offsets of `at` count from here.
constexpr Timestamp testEpoch(1'704'067'200 * nanosecondsPerSecond);

struct OffsetUnit {
    std::string_view suffix;
    std::int64_t nanoseconds;
};
constexpr OffsetUnit offsetUnits[] = {
    {"ns", 1},
    {"us", 1'000},
    {"ms", nanosecondsPerMillisecond},
    {"s", nanosecondsPerSecond},
    {"m", 60 * nanosecondsPerSecond},
    {"h", 3'600 * nanosecondsPerSecond},
    {"d", 86'400 * nanosecondsPerSecond},
};

/// `+3s`, `-250ms`, `+1.5s`.
[[nodiscard]] std::optional<std::int64_t> parseOffset(std::string_view text)
{
    if (text.size() < 3 || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const std::string_view body = text.substr(1);
    const std::size_t numberEnd = body.find_first_not_of("0123456789.");
    if (numberEnd == std::string_view::npos || numberEnd == 0) {
        return std::nullopt;
    }
    double number = 0;
    const auto parsed = std::from_chars(body.data(), body.data() + numberEnd, number);
    if (parsed.ec != std::errc{} || parsed.ptr != body.data() + numberEnd) {
        return std::nullopt;
    }
    for (const OffsetUnit& unit : offsetUnits) {
        if (body.substr(numberEnd) == unit.suffix) {
            const double offset = number * static_cast<double>(unit.nanoseconds);
            // A hundred years is further than any test needs and far inside the range of times.
            if (offset > 3.2e18) {
                return std::nullopt;
            }
            const auto whole = static_cast<std::int64_t>(offset + 0.5);
            return text.front() == '-' ? -whole : whole;
        }
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<Timestamp> parseTime(std::string_view text)
{
    if (const auto offset = parseOffset(text)) {
        return Timestamp(testEpoch.nanoseconds() + *offset);
    }
    return parseIsoTimestamp(text);
}

class TestFileReader {
public:
    TestFileReader(const Node& root, std::string_view path, RuleTestFile& result)
        : m_root(root), m_path(path), m_result(result)
    {
    }

    void read()
    {
        NodeReader top(m_root, "", m_path, m_result.diagnostics);
        if (const Node* table = top.table("defaults", KeyRole::Matters)) {
            m_defaults = expandDottedKeys(*table);
        }
        m_defaults.kind = NodeKind::Object;
        const auto tests = top.tables("test", KeyRole::Required);
        if (tests.size() > limits::maxTestsPerFile) {
            top.report("rule-test-limit", Severity::Error,
                       fmt::format("The file has {} tests; {} are read at most", tests.size(),
                                   limits::maxTestsPerFile),
                       "Split the file", m_root.position);
            return;
        }
        std::vector<OtherKey> others;
        top.keepOthers(others, {});
        for (const Node* table : tests) {
            readTest(*table);
        }
    }

private:
    void error(std::string message, std::string hint, TextPosition position)
    {
        Diagnostic diagnostic = makeError("rule-test", visibleText(message), std::move(hint));
        diagnostic.file = m_path;
        diagnostic.begin = diagnostic.end = position;
        m_result.diagnostics.push_back(std::move(diagnostic));
    }

    [[nodiscard]] std::size_t errorCount() const
    {
        return static_cast<std::size_t>(
            std::ranges::count(m_result.diagnostics, Severity::Error, &Diagnostic::severity));
    }

    void readTest(const Node& table)
    {
        const std::size_t errorsBefore = errorCount();
        NodeReader reader(table, "test.", m_path, m_result.diagnostics);
        RuleTest test;
        test.position = table.position;
        test.name = reader.string("name", KeyRole::Required);
        const auto events = reader.tables("event", KeyRole::Matters);
        if (events.size() > limits::maxEventsPerTest) {
            error(fmt::format("The test has {} events; {} are read at most", events.size(),
                              limits::maxEventsPerTest),
                  "A test of a rule needs a handful", table.position);
            return;
        }
        for (const Node* event : events) {
            readEvent(*event, test);
        }
        readExpect(reader, test);
        std::vector<OtherKey> others;
        reader.keepOthers(others, {"description", "comment"});
        if (errorCount() == errorsBefore) {
            m_result.tests.push_back(std::move(test));
        }
    }

    void readExpect(NodeReader& reader, RuleTest& test)
    {
        const Node* expect = reader.node("expect");
        if (expect == nullptr) {
            error(fmt::format("The test \"{}\" does not say what it expects", test.name),
                  "Add expect = 0, a number of matches, or lists of event ids", reader.position());
            return;
        }
        if (expect->kind == NodeKind::Integer) {
            std::size_t count = 0;
            const char* end = expect->text.data() + expect->text.size();
            const auto parsed = std::from_chars(expect->text.data(), end, count);
            if (parsed.ec != std::errc{} || parsed.ptr != end) {
                error("expect must be 0 or a positive number", "Correct it", expect->position);
            }
            test.expect = count;
            return;
        }
        ExpectedMatches matches;
        const auto wrong = [&](const Node& node) {
            error("expect must be a number or a list of lists of event ids",
                  "Write it as expect = [[\"a\", \"b\"]]", node.position);
        };
        if (!expect->isArray()) {
            wrong(*expect);
            return;
        }
        for (const Node& match : expect->items) {
            if (!match.isArray() || match.items.empty()) {
                wrong(match);
                return;
            }
            std::vector<std::string>& ids = matches.emplace_back();
            for (const Node& id : match.items) {
                if (!id.isString() && id.kind != NodeKind::Integer) {
                    wrong(id);
                    return;
                }
                checkId(test, id);
                ids.push_back(id.text);
            }
        }
        test.expect = std::move(matches);
    }

    void checkId(const RuleTest& test, const Node& id)
    {
        const bool known =
            std::ranges::find(test.events, id.text, &TestEvent::id) != test.events.end();
        if (!known && !id.text.empty()) {
            error(
                fmt::format("expect names the event \"{}\", which the test does not have", id.text),
                "Give an event that id, or \"\" for a missing slot", id.position);
        }
    }

    void readEvent(const Node& table, RuleTest& test)
    {
        TestEvent event;
        event.position = table.position;
        Node own = table;
        std::erase_if(own.members, [](const Node::Member& member) {
            return member.first == "id" || member.first == "at" || member.first == "json";
        });
        own = expandDottedKeys(own);
        NodeReader reader(table, "test.event.", m_path, m_result.diagnostics);
        event.id = reader.text("id", KeyRole::Matters);
        if (event.id.empty()) {
            event.id = std::to_string(test.events.size() + 1);
        }
        if (std::ranges::find(test.events, event.id, &TestEvent::id) != test.events.end()) {
            error(fmt::format("Two events have the id \"{}\"", event.id), "Rename one",
                  table.position);
        }
        if (!addJson(reader, own)) {
            return;
        }
        mergeDefaults(own, m_defaults);
        setTime(reader, own, table.position);
        event.document = toJson(own);
        test.events.push_back(std::move(event));
    }

    /// Keys of the event itself stand over those of its `json`.
    bool addJson(NodeReader& reader, Node& own)
    {
        const std::string text = reader.string("json", KeyRole::Matters);
        if (text.empty()) {
            return true;
        }
        auto document = parseJsonObject(text, m_path, reader.positionOf("json"));
        if (!document) {
            m_result.diagnostics.push_back(std::move(document).error());
            return false;
        }
        const Node* source = document->find("_source");
        mergeDefaults(
            own, expandDottedKeys(source != nullptr && source->isObject() ? *source : *document));
        return true;
    }

    void setTime(NodeReader& reader, Node& own, TextPosition position)
    {
        const std::string at = reader.string("at", KeyRole::Matters);
        if (!at.empty()) {
            const auto time = parseTime(at);
            if (!time) {
                error(fmt::format("\"{}\" is neither an offset nor a time", at),
                      "Write +3s, +250ms, or an ISO time", reader.positionOf("at"));
                return;
            }
            setMember(own, "@timestamp", stringNode(formatIso(*time)));
        } else if (const Node* stamp = own.find("@timestamp"); stamp == nullptr) {
            setMember(own, "@timestamp", stringNode(formatIso(testEpoch)));
        } else if (stamp->isString() || stamp->kind == NodeKind::DateTime) {
            if (const auto time = parseTime(stamp->text)) {
                setMember(own, "@timestamp", stringNode(formatIso(*time)));
            } else {
                error(fmt::format("\"{}\" is neither an offset nor a time", stamp->text),
                      "Write an ISO time, or at = \"+3s\"", position);
            }
        }
    }

    const Node& m_root;
    std::string_view m_path;
    RuleTestFile& m_result;
    Node m_defaults;
};

[[nodiscard]] std::string matchText(const std::vector<std::string>& ids)
{
    return visibleText(fmt::format("[{}]", fmt::join(ids, ", ")));
}

} // namespace

bool RuleTest::expectsNothing() const
{
    if (const auto* count = std::get_if<std::size_t>(&expect)) {
        return *count == 0;
    }
    return std::get<ExpectedMatches>(expect).empty();
}

RuleTestFile readRuleTests(std::string_view text, std::string_view path)
{
    RuleTestFile result;
    result.path = path;
    const auto root = parseToml(text, path);
    if (!root) {
        result.diagnostics.push_back(root.error());
        return result;
    }
    TestFileReader(*root, path, result).read();
    return result;
}

std::filesystem::path testFileOf(const std::filesystem::path& ruleFile)
{
    std::filesystem::path file = ruleFile;
    return file.replace_extension(testSuffix);
}

bool isTestFile(const std::filesystem::path& file)
{
    return file.filename().string().ends_with(testSuffix);
}

std::string describeMismatch(const RuleTest& test, const ExpectedMatches& found)
{
    if (const auto* count = std::get_if<std::size_t>(&test.expect)) {
        if (found.size() == *count) {
            return {};
        }
        std::string text = fmt::format("expected {} matches, found {}", *count, found.size());
        return found.empty() ? text : text + ", the first " + matchText(found.front());
    }
    const auto& expected = std::get<ExpectedMatches>(test.expect);
    std::multiset<std::vector<std::string>> open(found.begin(), found.end());
    for (const auto& match : expected) {
        const auto hit = open.find(match);
        if (hit == open.end()) {
            std::string text = "expected " + matchText(match) + ", which did not match";
            return found.empty() ? text : text + "; found " + matchText(found.front());
        }
        open.erase(hit);
    }
    return open.empty() ? std::string() : "did not expect " + matchText(*open.begin());
}

} // namespace sequela::rules
