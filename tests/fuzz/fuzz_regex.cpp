#include "core/eql/scalar.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/oracle/naive_patterns.h"

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

using namespace sequela;
using namespace sequela::fuzz;

namespace {

/// The bytes of the input as a row of choices; past its end every choice is the first.
class Choices {
public:
    explicit Choices(std::string_view bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::size_t pick(std::size_t count)
    {
        if (m_bytes.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(m_bytes.front());
        m_bytes.remove_prefix(1);
        return byte % count;
    }
    [[nodiscard]] std::string_view rest() const { return m_bytes; }
    [[nodiscard]] bool isEmpty() const { return m_bytes.empty(); }

private:
    std::string_view m_bytes;
};

/// Characters that differ in the ways that matter: cases, a case pair outside ASCII, a letter whose
/// folding has another length, digits, a line end, an ordinary sign.
constexpr std::array<std::string_view, 12> characters{"a",      "b", "A", "k", "\u212A", "\u00E9",
                                                      "\u00C9", "0", "1", "9", "\n",     "-"};

std::string randomText(Choices& choices)
{
    std::string text;
    for (std::size_t length = choices.pick(7); length > 0; --length) {
        text += characters[choices.pick(characters.size())];
    }
    return text;
}

std::string characterClass(Choices& choices)
{
    static constexpr std::array<std::string_view, 8> members{"a",   "b-k", "A-K", "0-9",
                                                             "\\d", "\\w", "\\-", "\u00E9"};
    std::string text = choices.pick(2) == 0 ? "[" : "[^";
    for (std::size_t count = 1 + choices.pick(3); count > 0; --count) {
        text += members[choices.pick(members.size())];
    }
    return text + "]";
}

/// A sound Lucene expression of at most @p depth levels.
std::string randomPattern(Choices& choices, int depth)
{
    static constexpr std::array<std::string_view, 8> atoms{".",   "@",   "#",      "<1-19>",
                                                           "\\d", "\\S", "\"a-\"", "()"};
    static constexpr std::array<std::string_view, 7> repeats{"*",     "+",    "?", "{2}",
                                                             "{0,2}", "{1,}", "*?"};
    const std::size_t kind = choices.pick(depth == 0 ? 3 : 8);
    switch (kind) {
    case 0: {
        const std::string_view character = characters[choices.pick(characters.size())];
        return character == "-" ? "\\-" : std::string(character);
    }
    case 1:
        return std::string(atoms[choices.pick(atoms.size())]);
    case 2:
        return characterClass(choices);
    case 3:
        return '(' + randomPattern(choices, depth - 1) + ')'
               + std::string(repeats[choices.pick(repeats.size())]);
    case 4:
        return "~(" + randomPattern(choices, depth - 1) + ')';
    default: {
        static constexpr std::array<std::string_view, 3> between{"", "|", "&"};
        const std::string left = randomPattern(choices, depth - 1);
        return '(' + left + std::string(between[kind - 5]) + randomPattern(choices, depth - 1)
               + ')';
    }
    }
}

/// One pattern over a few texts, by the engine's matcher and by the @p twin.
void compare(const std::string& pattern, bool isRegex, const Choices& choices,
             bool (*twin)(std::string_view, std::string_view, bool))
{
    const std::array<std::string, 1> patterns{pattern};
    for (const bool folds : {false, true}) {
        const auto compiled = eql::CompiledPatterns::compile(patterns, isRegex, folds);
        if (!compiled) {
            std::fprintf(stderr, "refused: %s: %s\n", pattern.c_str(),
                         compiled.error().message.c_str());
        }
        check(compiled.has_value());
        Choices texts = choices;
        for (int i = 0; i < 3; ++i) {
            const std::string text = randomText(texts);
            const bool expected = twin(pattern, text, folds);
            if (compiled->matches(text) != expected) {
                std::fprintf(stderr, "%s over %s%s should be %d\n", pattern.c_str(), text.c_str(),
                             folds ? " folded" : "", static_cast<int>(expected));
                check(false);
            }
        }
    }
}

void checkWildcards(Choices& choices)
{
    std::string pattern;
    for (std::size_t length = choices.pick(9); length > 0; --length) {
        const std::size_t which = choices.pick(characters.size() + 4);
        pattern += which < 2   ? std::string_view("*")
                   : which < 4 ? std::string_view("?")
                               : characters[which - 4];
    }
    compare(pattern, false, choices, oracle::matchesWildcard);
}

/// Any bytes as patterns: understood or refused at a place inside, and quick to match either way.
void checkRaw(std::string_view bytes)
{
    const std::array<std::string, 1> patterns{std::string(bytes)};
    for (const bool isRegex : {false, true}) {
        for (const bool folds : {false, true}) {
            const auto compiled = eql::CompiledPatterns::compile(patterns, isRegex, folds);
            if (compiled) {
                static_cast<void>(compiled->matches(bytes));
                static_cast<void>(compiled->matches(std::string(64, 'a')));
            } else {
                check(isRegex && compiled.error().offset <= bytes.size());
                check(!compiled.error().message.empty());
            }
        }
    }
}

} // namespace

/// Wildcards and regular expressions against the twins that try everything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Choices choices(std::string_view(reinterpret_cast<const char*>(data), size));
    switch (choices.pick(3)) {
    case 0:
        checkWildcards(choices);
        break;
    case 1: {
        const std::string pattern = randomPattern(choices, 3);
        compare(pattern, true, choices, oracle::matchesRegex);
        break;
    }
    default:
        checkRaw(choices.rest());
        break;
    }
    return 0;
}
