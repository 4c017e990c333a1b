#include "tests/oracle/naive_patterns.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sequela::oracle {

namespace {

std::u32string codePoints(std::string_view text)
{
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint decoded = decodeUtf8(text, at);
        points += decoded.codePoint;
        at += decoded.byteCount;
    }
    return points;
}

bool wildcardFrom(std::u32string_view pattern, std::u32string_view text)
{
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == U'*') {
        for (std::size_t taken = 0; taken <= text.size(); ++taken) {
            if (wildcardFrom(pattern.substr(1), text.substr(taken))) {
                return true;
            }
        }
        return false;
    }
    return !text.empty() && (pattern.front() == U'?' || pattern.front() == text.front())
           && wildcardFrom(pattern.substr(1), text.substr(1));
}

std::u32string folded(std::u32string text)
{
    for (char32_t& point : text) {
        point = foldCase(point);
    }
    return text;
}

using Ends = std::set<std::size_t>;

/// A piece of a pattern: where it can end when it starts at a position.
using Piece = std::function<Ends(std::u32string_view text, std::size_t at)>;

class RegexReader {
public:
    RegexReader(std::u32string_view pattern, bool caseInsensitive)
        : m_pattern(pattern), m_caseInsensitive(caseInsensitive)
    {
    }

    Piece whole()
    {
        if (m_pattern.empty()) {
            return nothingWritten();
        }
        const Piece piece = alternatives();
        if (m_at != m_pattern.size()) {
            std::abort();
        }
        return piece;
    }

private:
    static Piece nothingWritten()
    {
        return [](std::u32string_view, std::size_t at) { return Ends{at}; };
    }

    [[nodiscard]] bool more() const { return m_at < m_pattern.size(); }
    [[nodiscard]] bool next(char32_t point) const { return more() && m_pattern[m_at] == point; }
    bool take(char32_t point)
    {
        const bool found = next(point);
        m_at += found ? 1 : 0;
        return found;
    }
    char32_t takeAny()
    {
        if (!more()) {
            std::abort();
        }
        return m_pattern[m_at++];
    }

    Piece alternatives()
    {
        Piece left = intersection();
        while (take(U'|')) {
            left = [left, right = intersection()](std::u32string_view text, std::size_t at) {
                Ends ends = left(text, at);
                ends.merge(right(text, at));
                return ends;
            };
        }
        return left;
    }

    Piece intersection()
    {
        Piece left = concatenation();
        while (take(U'&')) {
            left = [left, right = concatenation()](std::u32string_view text, std::size_t at) {
                Ends both;
                const Ends others = right(text, at);
                std::ranges::copy_if(left(text, at), std::inserter(both, both.end()),
                                     [&](std::size_t end) { return others.contains(end); });
                return both;
            };
        }
        return left;
    }

    Piece concatenation()
    {
        Piece left = nothingWritten();
        while (more() && !next(U'|') && !next(U'&') && !next(U')')) {
            left = [left, right = repetition()](std::u32string_view text, std::size_t at) {
                Ends ends;
                for (const std::size_t middle : left(text, at)) {
                    ends.merge(right(text, middle));
                }
                return ends;
            };
        }
        return left;
    }

    Piece repetition()
    {
        Piece piece = complement();
        while (true) {
            if (take(U'*')) {
                piece = repeated(piece, 0, SIZE_MAX);
            } else if (take(U'+')) {
                piece = repeated(piece, 1, SIZE_MAX);
            } else if (take(U'?')) {
                piece = repeated(piece, 0, 1);
            } else if (take(U'{')) {
                const std::size_t least = integer();
                std::size_t most = least;
                if (take(U',')) {
                    most = next(U'}') ? SIZE_MAX : integer();
                }
                takeAny();
                piece = repeated(piece, least, most);
            } else {
                return piece;
            }
        }
    }

    static Piece repeated(const Piece& piece, std::size_t least, std::size_t most)
    {
        return [piece, least, most](std::u32string_view text, std::size_t at) {
            Ends current{at};
            Ends ends;
            // More rounds than the text has places for cannot reach anything new.
            const std::size_t rounds = std::min(most, least + text.size() + 1);
            for (std::size_t round = 0; round <= rounds; ++round) {
                if (round >= least) {
                    ends.insert(current.begin(), current.end());
                }
                Ends following;
                for (const std::size_t place : current) {
                    following.merge(piece(text, place));
                }
                current = std::move(following);
            }
            return ends;
        };
    }

    Piece complement()
    {
        if (!take(U'~')) {
            return atom();
        }
        return [piece = complement()](std::u32string_view text, std::size_t at) {
            const Ends matched = piece(text, at);
            Ends ends;
            for (std::size_t end = at; end <= text.size(); ++end) {
                if (!matched.contains(end)) {
                    ends.insert(end);
                }
            }
            return ends;
        };
    }

    Piece atom()
    {
        const char32_t point = takeAny();
        switch (point) {
        case U'(':
            return group();
        case U'[':
            return characterClass();
        case U'.':
            return oneOf([](char32_t) { return true; });
        case U'@':
            return repeated(oneOf([](char32_t) { return true; }), 0, SIZE_MAX);
        case U'#':
            return [](std::u32string_view, std::size_t) { return Ends{}; };
        case U'<':
            return interval();
        case U'"':
            return quoted();
        case U'\\':
            return escaped();
        default:
            return oneOf(same(point));
        }
    }

    Piece group()
    {
        if (take(U')')) {
            return nothingWritten();
        }
        const Piece inside = alternatives();
        if (!take(U')')) {
            std::abort();
        }
        return inside;
    }

    Piece quoted()
    {
        Piece left = nothingWritten();
        while (!take(U'"')) {
            left = [left, right = oneOf(same(takeAny()))](std::u32string_view text,
                                                          std::size_t at) {
                Ends ends;
                for (const std::size_t middle : left(text, at)) {
                    ends.merge(right(text, middle));
                }
                return ends;
            };
        }
        return left;
    }

    using Test = std::function<bool(char32_t)>;

    static Piece oneOf(const Test& test)
    {
        return [test](std::u32string_view text, std::size_t at) {
            return at < text.size() && test(text[at]) ? Ends{at + 1} : Ends{};
        };
    }

    [[nodiscard]] Test same(char32_t wanted) const { return between(wanted, wanted); }

    [[nodiscard]] Test between(char32_t first, char32_t last) const
    {
        return [first, last, fold = m_caseInsensitive](char32_t point) {
            for (char32_t member = first; fold && member <= last; ++member) {
                if (foldCase(member) == foldCase(point)) {
                    return true;
                }
            }
            return first <= point && point <= last;
        };
    }

    [[nodiscard]] Test shorthand(char32_t letter) const
    {
        const auto isDigit = [](char32_t point) { return point >= U'0' && point <= U'9'; };
        switch (letter) {
        case U'd':
            return isDigit;
        case U'D':
            return [isDigit](char32_t point) { return !isDigit(point); };
        case U's':
        case U'S':
            return [letter](char32_t point) {
                const bool blank =
                    point == U' ' || point == U'\t' || point == U'\n' || point == U'\r';
                return blank == (letter == U's');
            };
        case U'w':
        case U'W':
            return [letter, isDigit, fold = m_caseInsensitive](char32_t point) {
                // Folded, the Kelvin sign is a k.
                const char32_t one = fold ? foldCase(point) : point;
                const bool word = isDigit(one) || one == U'_' || (one >= U'a' && one <= U'z')
                                  || (one >= U'A' && one <= U'Z');
                return word == (letter == U'w');
            };
        default:
            return {};
        }
    }

    Piece escaped()
    {
        const char32_t point = takeAny();
        const Test known = shorthand(point);
        return oneOf(known ? known : same(point));
    }

    Piece characterClass()
    {
        const bool negated = take(U'^');
        std::vector<Test> members;
        while (!take(U']')) {
            char32_t first = takeAny();
            if (first == U'\\') {
                first = takeAny();
                if (const Test known = shorthand(first)) {
                    members.push_back(known);
                    continue;
                }
            }
            members.push_back(take(U'-') ? between(first, takeAny()) : same(first));
        }
        return oneOf([members, negated](char32_t point) {
            return std::ranges::any_of(members, [&](const Test& member) { return member(point); })
                   != negated;
        });
    }

    std::size_t integer()
    {
        std::size_t number = 0;
        while (more() && m_pattern[m_at] >= U'0' && m_pattern[m_at] <= U'9') {
            number = number * 10 + static_cast<std::size_t>(m_pattern[m_at++] - U'0');
        }
        return number;
    }

    /// `<1-99>`; bounds of one written length ask for that many digits.
    Piece interval()
    {
        const std::size_t begin = m_at;
        const std::size_t least = integer();
        const std::size_t firstDigits = m_at - begin;
        takeAny();
        const std::size_t middle = m_at;
        const std::size_t most = integer();
        const std::size_t digits = m_at - middle == firstDigits ? firstDigits : 0;
        takeAny();
        return [least, most, digits](std::u32string_view text, std::size_t at) {
            Ends ends;
            std::size_t number = 0;
            for (std::size_t end = at; end < text.size() && end < at + 15; ++end) {
                if (text[end] < U'0' || text[end] > U'9') {
                    break;
                }
                number = number * 10 + static_cast<std::size_t>(text[end] - U'0');
                const bool rightLength = digits == 0 || end + 1 - at == digits;
                if (rightLength && number >= least && number <= most) {
                    ends.insert(end + 1);
                }
            }
            return ends;
        };
    }

    std::u32string_view m_pattern;
    bool m_caseInsensitive;
    std::size_t m_at = 0;
};

} // namespace

bool matchesWildcard(std::string_view pattern, std::string_view text, bool caseInsensitive)
{
    std::u32string patternPoints = codePoints(pattern);
    std::u32string textPoints = codePoints(text);
    if (caseInsensitive) {
        patternPoints = folded(std::move(patternPoints));
        textPoints = folded(std::move(textPoints));
    }
    return wildcardFrom(patternPoints, textPoints);
}

bool matchesRegex(std::string_view pattern, std::string_view text, bool caseInsensitive)
{
    const std::u32string patternPoints = codePoints(pattern);
    const std::u32string textPoints = codePoints(text);
    return RegexReader(patternPoints, caseInsensitive)
        .whole()(textPoints, 0)
        .contains(textPoints.size());
}

} // namespace sequela::oracle
