#include "core/base/text.h"
#include "core/eql/limits.h"
#include "core/eql/scalar.h"

#include <QTest>

#include <random>
#include <set>

using namespace sequela;
using namespace sequela::eql;

namespace {

/// A random expression that knows both its spelling and, the slow way, what it matches.
struct Slow {
    enum class Kind { Character, Any, Class, Concatenation, Union, Intersection, Repeat, Not };
    Kind kind = Kind::Character;
    char character = 'a';
    bool negated = false;
    int minimum = 0;
    int maximum = 0;
    std::vector<Slow> children;

    /// Ends of all matches that begin at @p begin.
    [[nodiscard]] std::set<std::size_t> ends(const std::string& text, std::size_t begin) const
    {
        std::set<std::size_t> result;
        switch (kind) {
        case Kind::Character:
            if (begin < text.size() && text[begin] == character) {
                result.insert(begin + 1);
            }
            break;
        case Kind::Any:
            if (begin < text.size()) {
                result.insert(begin + 1);
            }
            break;
        case Kind::Class:
            if (begin < text.size()
                && (text[begin] == 'a' || text[begin] == character) != negated) {
                result.insert(begin + 1);
            }
            break;
        case Kind::Concatenation:
            result = {begin};
            for (const Slow& child : children) {
                result = step(child, text, result);
            }
            break;
        case Kind::Union:
            for (const Slow& child : children) {
                result.merge(child.ends(text, begin));
            }
            break;
        case Kind::Intersection: {
            const auto left = children[0].ends(text, begin);
            for (const std::size_t end : children[1].ends(text, begin)) {
                if (left.contains(end)) {
                    result.insert(end);
                }
            }
            break;
        }
        case Kind::Repeat: {
            std::set<std::size_t> now{begin};
            for (int i = 0; i <= (maximum < 0 ? minimum + static_cast<int>(text.size()) : maximum);
                 ++i) {
                if (i >= minimum) {
                    result.insert(now.begin(), now.end());
                }
                now = step(children[0], text, now);
            }
            break;
        }
        case Kind::Not: {
            const auto inside = children[0].ends(text, begin);
            for (std::size_t end = begin; end <= text.size(); ++end) {
                if (!inside.contains(end)) {
                    result.insert(end);
                }
            }
            break;
        }
        }
        return result;
    }
    [[nodiscard]] bool matches(const std::string& text) const
    {
        return ends(text, 0).contains(text.size());
    }
    [[nodiscard]] std::string spelling() const
    {
        switch (kind) {
        case Kind::Character:
            return character == '.' || character == '\n' ? std::string("\\") + character
                                                         : std::string(1, character);
        case Kind::Any:
            return ".";
        case Kind::Class:
            return std::string(negated ? "[^a" : "[a") + character + "]";
        case Kind::Concatenation:
            return "(" + children[0].spelling() + children[1].spelling() + ")";
        case Kind::Union:
            return "(" + children[0].spelling() + "|" + children[1].spelling() + ")";
        case Kind::Intersection:
            return "(" + children[0].spelling() + "&" + children[1].spelling() + ")";
        case Kind::Repeat:
            return "(" + children[0].spelling() + "){" + std::to_string(minimum)
                   + (maximum < 0 ? ",}" : "," + std::to_string(maximum) + "}");
        case Kind::Not:
            return "~(" + children[0].spelling() + ")";
        }
        return {};
    }

private:
    static std::set<std::size_t> step(const Slow& child, const std::string& text,
                                      const std::set<std::size_t>& from)
    {
        std::set<std::size_t> result;
        for (const std::size_t begin : from) {
            result.merge(child.ends(text, begin));
        }
        return result;
    }
};

Slow randomExpression(std::mt19937& random, int depth, bool lucene)
{
    const auto pick = [&](int count) {
        return static_cast<int>(random() % static_cast<unsigned>(count));
    };
    Slow node;
    const char* const alphabet = "ab.\n";
    node.character = alphabet[pick(4)];
    if (depth == 0) {
        node.kind = std::array{Slow::Kind::Character, Slow::Kind::Any,
                               Slow::Kind::Class}[static_cast<std::size_t>(pick(3))];
        node.negated = pick(2) == 0;
        return node;
    }
    node.kind = std::array{Slow::Kind::Concatenation, Slow::Kind::Union, Slow::Kind::Repeat,
                           Slow::Kind::Intersection,
                           Slow::Kind::Not}[static_cast<std::size_t>(pick(lucene ? 5 : 3))];
    node.minimum = pick(3);
    node.maximum = pick(2) == 0 ? -1 : node.minimum + pick(2);
    for (int i = 0; i < 2; ++i) {
        node.children.push_back(randomExpression(random, pick(depth), lucene));
    }
    return node;
}

std::string randomText(std::mt19937& random)
{
    std::string text;
    for (auto i = random() % 7; i > 0; --i) {
        text += "abB.\n"[random() % 5];
    }
    return text;
}

/// Wildcards by plain backtracking, over ASCII.
bool slowWildcard(std::string_view pattern, std::string_view text)
{
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == '*') {
        return slowWildcard(pattern.substr(1), text)
               || (!text.empty() && slowWildcard(pattern, text.substr(1)));
    }
    return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front())
           && slowWildcard(pattern.substr(1), text.substr(1));
}

} // namespace

class TestRegex : public QObject {
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void refuses_data();
    void refuses();
    void agreesWithSlowTwin_data();
    void agreesWithSlowTwin();
    void wildcardsAgreeWithSlowTwin();
    void anyOfSeveral();
    void limits();
};

void TestRegex::matches_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("insensitive");
    QTest::addColumn<QStringList>("inside");
    QTest::addColumn<QStringList>("outside");
    const auto row = [](const char* pattern, const QStringList& inside, const QStringList& outside,
                        bool insensitive = false) {
        QTest::addRow("%s%s", pattern, insensitive ? " folded" : "")
            << QString::fromUtf8(pattern) << insensitive << inside << outside;
    };
    row("abc", {"abc"}, {"xabc", "abcx", "ABC", ""});
    row("", {""}, {"a"});
    row("a.c", {"abc", "a\nc", "a\u00E9c"}, {"ac"});
    row("a*b+c?", {"b", "aab", "bbc"}, {"a", "acc"});
    row("a{2}", {"aa"}, {"a", "aaa"});
    row("a{2,}", {"aa", "aaaa"}, {"a"});
    row("a{1,2}", {"a", "aa"}, {"", "aaa"});
    row("ab|cd", {"ab", "cd"}, {"abd", "acd"});
    row("(ab|cd)e", {"abe"}, {"ab"});
    row("[a-c]", {"b"}, {"d", "-"});
    row("[^a-c]", {"d", "\n"}, {"b", ""});
    row("[a-]", {"a", "-"}, {"b"});
    row("[-a]", {"a", "-"}, {"b"});
    row("[]a]", {"]", "a"}, {"b"});
    row("[.*]", {".", "*"}, {"a"});
    row("^a$", {"^a$"}, {"a"});
    row("a\\.b", {"a.b"}, {"axb"});
    row("\\\\", {"\\"}, {"\\\\"});
    row("\\d+", {"42"}, {"d", "4x"});
    row("\\w\\W\\s\\S\\D", {"a-\tbc"}, {"aa\tbc"});
    row("[\\d_]+", {"1_2"}, {"a"});
    row("[^\\D]+", {"12"}, {"a"});
    row("a@b", {"ab", "axxb"}, {"a"});
    row("a|#", {"a"}, {"#", ""});
    row("\"a.*\"b", {"a.*b"}, {"axxb"});
    row("\\\"a\\\"", {"\"a\""}, {"a"});
    row(".*?", {"", "abc"}, {});
    row("*a", {"*a"}, {"a"});
    row("<1-99>", {"1", "99", "007", "50"}, {"0", "100", "a", ""});
    row("<01-12>", {"01", "09", "12"}, {"1", "13", "00", "012"});
    row("<99-1>", {"1", "99"}, {"0"});
    row("<0-255>", {"0", "255", "000"}, {"256"});
    row("~(abc)", {"ab", "abcd", ""}, {"abc"});
    row("~a", {"", "b", "aa"}, {"a"});
    row("a~bc", {"ac", "axxc", "abbc"}, {"abc"});
    row("~(.*evil.*)", {"good"}, {"an evil one"});
    row("~~a", {"a"}, {"b"});
    row(".*a.*&.*b.*", {"ab", "ba"}, {"a", "b"});
    row("[a-z]+&~(root|admin)", {"user", "rooted"}, {"root", "admin", "x1"});
    row("a&b|c", {"c"}, {"a", "b"});
    row("abc", {"ABC", "aBc"}, {"ABCD"}, true);
    row("\u00E9t\u00E9", {"\u00C9T\u00C9"}, {"ete"}, true);
    row("k", {"\u212A"}, {"c"}, true);
    row("~(abc)", {"abd"}, {"ABC", "abc"}, true);
    row("[A-C]+&~(aa)", {"AB", "ab"}, {"Aa"}, true);
    row("[^a]", {"b"}, {"a", "A"}, true);
    row("[^a]&.", {"b"}, {"a", "A"}, true);
}

void TestRegex::matches()
{
    QFETCH(QString, pattern);
    QFETCH(bool, insensitive);
    QFETCH(QStringList, inside);
    QFETCH(QStringList, outside);
    const std::vector<std::string> patterns{pattern.toStdString()};
    const auto compiled = CompiledPatterns::compile(patterns, true, insensitive);
    QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().message.c_str());
    for (const QString& text : inside) {
        QVERIFY2(compiled->matches(text.toStdString()), qPrintable(text));
    }
    for (const QString& text : outside) {
        QVERIFY2(!compiled->matches(text.toStdString()), qPrintable(text));
    }
}

void TestRegex::refuses_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<int>("offset");
    const auto row = [](const char* pattern, int offset) {
        QTest::newRow(pattern) << QString::fromUtf8(pattern) << offset;
    };
    row("a(b", 1);
    row("ab)", 2);
    row("a[b", 1);
    row("x(?=a)", 1);
    row("a{2,1}", 1);
    row("a{x}", 2);
    row("a{1", 3);
    row("a{1001}", 1);
    row("ab\\", 2);
    row("\\bfoo", 0);
    row("[z-a]", 1);
    row("\"abc", 0);
    row("x<abc>", 1);
    row("<1-99", 0);
    row("<1-1234567890>", 0);
    row("a~", 2);
}

void TestRegex::refuses()
{
    QFETCH(QString, pattern);
    QFETCH(int, offset);
    const std::vector<std::string> patterns{"fine", pattern.toStdString()};
    const auto compiled = CompiledPatterns::compile(patterns, true, false);
    QVERIFY(!compiled.has_value());
    QCOMPARE(compiled.error().patternIndex, std::size_t{1});
    QCOMPARE(static_cast<int>(compiled.error().offset), offset);
    QVERIFY(!compiled.error().message.empty());
}

void TestRegex::agreesWithSlowTwin_data()
{
    QTest::addColumn<bool>("lucene");
    QTest::newRow("what RE2 knows") << false;
    QTest::newRow("with complement and intersection") << true;
}

void TestRegex::agreesWithSlowTwin()
{
    QFETCH(bool, lucene);
    std::mt19937 random(20240101);
    for (int round = 0; round < 2000; ++round) {
        const Slow slow = randomExpression(random, 4, lucene);
        const std::vector<std::string> patterns{slow.spelling()};
        const auto compiled = CompiledPatterns::compile(patterns, true, false);
        QVERIFY2(compiled.has_value(), patterns[0].c_str());
        for (int i = 0; i < 10; ++i) {
            const std::string text = randomText(random);
            if (compiled->matches(text) != slow.matches(text)) {
                QFAIL(qPrintable(QString("%1 over %2").arg(patterns[0].c_str(), text.c_str())));
            }
        }
    }
}

void TestRegex::wildcardsAgreeWithSlowTwin()
{
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        std::vector<std::string> patterns(1 + random() % 2);
        for (std::string& pattern : patterns) {
            for (auto i = random() % 6; i > 0; --i) {
                pattern += "ab*?.\n"[random() % 6];
            }
        }
        const auto compiled = CompiledPatterns::compile(patterns, false, false);
        const std::string text = randomText(random);
        const bool expected = std::ranges::any_of(
            patterns, [&](const std::string& pattern) { return slowWildcard(pattern, text); });
        QVERIFY2(compiled->matches(text) == expected, patterns[0].c_str());
    }
}

void TestRegex::anyOfSeveral()
{
    const std::vector<std::string> wildcards{"cmd.exe", "*SHELL*", "?at"};
    const auto folded = CompiledPatterns::compile(wildcards, false, true);
    QVERIFY(folded->matches("CMD.EXE"));
    QVERIFY(folded->matches("powershell.exe"));
    QVERIFY(folded->matches("\u00E9AT"));
    QVERIFY(!folded->matches("at"));
    const std::vector<std::string> expressions{"a+", "b|c", "~(x.*)&.{3}"};
    const auto mixed = CompiledPatterns::compile(expressions, true, false);
    QVERIFY(mixed->matches("aa"));
    QVERIFY(mixed->matches("c"));
    QVERIFY(mixed->matches("yyy"));
    QVERIFY(!mixed->matches("xyy"));
    const auto none = CompiledPatterns::compile(std::span<const std::string>(), true, false);
    QVERIFY(!none->matches(""));
}

void TestRegex::limits()
{
    const auto refused = [](const std::string& pattern) {
        const std::vector<std::string> patterns{pattern};
        return !CompiledPatterns::compile(patterns, true, false).has_value();
    };
    const std::string open(limits::maximumRegexNesting, '(');
    const std::string close(limits::maximumRegexNesting, ')');
    QVERIFY(!refused(open + "a" + close));
    QVERIFY(refused("(" + open + "a" + close + ")"));
    QVERIFY(refused("a" + std::string(limits::maximumRegexNesting + 1, '+')));
    const std::string repeat = std::to_string(limits::maximumRegexRepeat);
    QVERIFY(!refused("a{" + repeat + "}"));
    QVERIFY(refused("a{" + std::to_string(limits::maximumRegexRepeat + 1) + "}"));
    const std::string digits(limits::maximumRegexIntervalDigits, '9');
    QVERIFY(!refused("<1-" + digits + ">"));
    QVERIFY(refused("<1-9" + digits + ">"));
    // Few states, but each with a cell for every one of a thousand letters.
    std::string letters;
    constexpr std::size_t letterCount = 1'000;
    for (std::size_t letter = 0; letter < letterCount; ++letter) {
        letters += "|\xE4" + std::string(1, static_cast<char>(0x80 + letter / 64))
                   + std::string(1, static_cast<char>(0x80 + letter % 64));
    }
    static_assert(letterCount * 4'096 > limits::maximumRegexTableCells
                  && 4'200 < limits::maximumRegexDfaStates);
    QVERIFY(!refused("~((a|b)*a(a|b){5}" + letters + ")"));
    QVERIFY(refused("~((a|b)*a(a|b){11}" + letters + ")"));
    // Past maximumRegexBytes, maximumRegexNfaStates, maximumRegexDfaStates.
    QVERIFY(refused("((a{1000}){1000}){1000}"));
    QVERIFY(refused("~((a{400}){400})"));
    QVERIFY(refused("~((a|b)*a(a|b){16})"));
    QVERIFY(!refused("~((a|b)*a(a|b){5})"));
    // Few characters of pattern, many states in each set of states.
    QVERIFY(refused("~(((a?){1000}){16}x)"));
    QVERIFY(!refused("~(((a?){10}){16}x)"));
    QVERIFY(!refused(std::string(limits::maximumRegexPatternBytes, 'a')));
    QVERIFY(refused(std::string(limits::maximumRegexPatternBytes + 1, 'a')));
    const std::vector<std::string> bomb{"(a*)*(a*)*(a*)*(a*)*(a*)*b"};
    QVERIFY(!CompiledPatterns::compile(bomb, true, false)->matches(std::string(100'000, 'a')));
}

QTEST_GUILESS_MAIN(TestRegex)
#include "tst_regex.moc"
