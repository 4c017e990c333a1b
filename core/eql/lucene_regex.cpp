#include "core/eql/lucene_regex.h"

#include "core/base/text.h"
#include "core/eql/limits.h"
#include "core/eql/regex_interval.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

using Kind = RegexNode::Kind;
using Parsed = std::expected<RegexNode, RegexError>;

RegexNode oneOf(std::vector<CodePointRange> ranges, bool negated = false)
{
    RegexNode node;
    node.kind = Kind::OneOf;
    node.ranges = std::move(ranges);
    node.negated = negated;
    return node;
}

RegexNode combined(Kind kind, std::vector<RegexNode> children)
{
    if (children.size() == 1) {
        return std::move(children.front());
    }
    RegexNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

RegexNode repeated(RegexNode child, std::uint32_t minimum, std::optional<std::uint32_t> maximum)
{
    RegexNode node;
    node.kind = Kind::Repetition;
    node.children.push_back(std::move(child));
    node.minimum = minimum;
    node.maximum = maximum;
    return node;
}

RegexNode anyCharacter()
{
    return oneOf({}, true);
}

/// `\d \w \s` and their opposites; nothing for other letters.
std::optional<RegexNode> predefinedClass(char32_t letter)
{
    switch (letter) {
    case U'd':
        return oneOf({{U'0', U'9'}});
    case U'D':
        return oneOf({{U'0', U'9'}}, true);
    case U'w':
        return oneOf({{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}});
    case U'W':
        return oneOf({{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}}, true);
    case U's':
        return oneOf({{U'\t', U'\n'}, {U'\r', U'\r'}, {U' ', U' '}});
    case U'S':
        return oneOf({{U'\t', U'\n'}, {U'\r', U'\r'}, {U' ', U' '}}, true);
    default:
        return std::nullopt;
    }
}

bool isLetter(char32_t c)
{
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

/// The ranges outside sorted or unsorted @p ranges.
std::vector<CodePointRange> outside(std::vector<CodePointRange> ranges)
{
    std::ranges::sort(ranges, {}, &CodePointRange::first);
    std::vector<CodePointRange> result;
    char32_t next = 0;
    for (const CodePointRange& range : ranges) {
        if (range.first > next) {
            result.push_back({next, range.first - 1});
        }
        next = std::max<char32_t>(next, range.last + 1);
    }
    if (next <= 0x10FFFF) {
        result.push_back({next, 0x10FFFF});
    }
    return result;
}

class Parser {
public:
    explicit Parser(std::string_view pattern) : m_pattern(pattern) {}

    Parsed parse()
    {
        if (m_pattern.empty()) {
            return RegexNode{};
        }
        Parsed node = parseUnion();
        if (node && !atEnd()) {
            return failure("Unmatched [)] in the regular expression");
        }
        return node;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_offset >= m_pattern.size(); }
    [[nodiscard]] bool peek(char c) const { return !atEnd() && m_pattern[m_offset] == c; }
    bool take(char c)
    {
        if (!peek(c)) {
            return false;
        }
        ++m_offset;
        return true;
    }
    char32_t takeCodePoint()
    {
        const DecodedCodePoint decoded = decodeUtf8(m_pattern, m_offset);
        m_offset += decoded.byteCount;
        return decoded.codePoint;
    }
    [[nodiscard]] std::unexpected<RegexError> failureAt(std::size_t offset,
                                                        std::string message) const
    {
        return std::unexpected(RegexError{offset, std::move(message)});
    }
    [[nodiscard]] std::unexpected<RegexError> failure(std::string message) const
    {
        return failureAt(m_offset, std::move(message));
    }

    Parsed parseUnion()
    {
        return parseChain(Kind::Union, '|', [this] { return parseIntersection(); });
    }
    Parsed parseIntersection()
    {
        return parseChain(Kind::Intersection, '&', [this] { return parseConcatenation(); });
    }
    template <typename ParseOperand>
    Parsed parseChain(Kind kind, char separator, ParseOperand parseOperand)
    {
        std::vector<RegexNode> operands;
        do {
            Parsed operand = parseOperand();
            if (!operand) {
                return operand;
            }
            operands.push_back(std::move(*operand));
        } while (take(separator));
        return combined(kind, std::move(operands));
    }
    Parsed parseConcatenation()
    {
        std::vector<RegexNode> parts;
        while (!atEnd() && !peek('|') && !peek('&') && !peek(')')) {
            Parsed part = parseRepetition();
            if (!part) {
                return part;
            }
            parts.push_back(std::move(*part));
        }
        return combined(Kind::Concatenation, std::move(parts));
    }
    Parsed parseRepetition()
    {
        const std::size_t begin = m_offset;
        Parsed node = parseComplement();
        std::uint32_t levels = 0;
        while (node) {
            if (take('?')) {
                node = repeated(std::move(*node), 0, 1);
            } else if (take('*')) {
                node = repeated(std::move(*node), 0, std::nullopt);
            } else if (take('+')) {
                node = repeated(std::move(*node), 1, std::nullopt);
            } else if (peek('{')) {
                node = parseCounts(std::move(*node));
            } else {
                break;
            }
            if (++levels > limits::maximumRegexNesting) {
                return failureAt(begin, "Too many repetitions of one part");
            }
        }
        return node;
    }
    std::optional<std::uint32_t> takeCount()
    {
        std::uint32_t count = 0;
        const std::size_t begin = m_offset;
        while (!atEnd() && m_pattern[m_offset] >= '0' && m_pattern[m_offset] <= '9') {
            count = std::min(count * 10 + static_cast<std::uint32_t>(m_pattern[m_offset] - '0'),
                             limits::maximumRegexRepeat + 1);
            ++m_offset;
        }
        return m_offset > begin ? std::optional(count) : std::nullopt;
    }
    Parsed parseCounts(RegexNode child)
    {
        const std::size_t begin = m_offset++;
        const auto minimum = takeCount();
        if (!minimum) {
            return failure("Integer expected after [{]");
        }
        std::optional<std::uint32_t> maximum = minimum;
        if (take(',')) {
            maximum = takeCount();
        }
        if (!take('}')) {
            return failure("Expected [}]");
        }
        if (maximum && *maximum < *minimum) {
            return failureAt(begin, fmt::format("Illegal repetition range: [{}] is greater than "
                                                "[{}]",
                                                *minimum, *maximum));
        }
        if (std::max(*minimum, maximum.value_or(0)) > limits::maximumRegexRepeat) {
            return failureAt(begin, fmt::format("Repetition counts above {} are not supported",
                                                limits::maximumRegexRepeat));
        }
        return repeated(std::move(child), *minimum, maximum);
    }
    Parsed parseComplement()
    {
        bool complement = false;
        while (take('~')) {
            complement = !complement;
        }
        if (atEnd() || peek('|') || peek('&') || peek(')')) {
            return failure("Expected something after [~]");
        }
        Parsed node = take('[') ? parseClass() : parseSimple();
        if (node && complement) {
            RegexNode outer;
            outer.kind = Kind::Complement;
            outer.children.push_back(std::move(*node));
            return outer;
        }
        return node;
    }
    Parsed parseClass()
    {
        const std::size_t begin = m_offset - 1;
        const bool negated = take('^');
        std::vector<CodePointRange> ranges;
        do {
            if (atEnd()) {
                return failureAt(begin, "Unclosed [[] in the regular expression");
            }
            if (auto error = parseClassMember(ranges)) {
                return std::unexpected(std::move(*error));
            }
        } while (!take(']'));
        return oneOf(std::move(ranges), negated);
    }
    std::optional<RegexError> parseClassMember(std::vector<CodePointRange>& ranges)
    {
        const std::size_t begin = m_offset;
        bool predefined = false;
        const auto first = takeClassCharacter(ranges, predefined);
        if (!first) {
            return first.error();
        }
        if (predefined) {
            return std::nullopt;
        }
        const bool isRange =
            peek('-') && m_offset + 1 < m_pattern.size() && m_pattern[m_offset + 1] != ']';
        if (!isRange) {
            ranges.push_back({*first, *first});
            return std::nullopt;
        }
        ++m_offset;
        const auto last = takeClassCharacter(ranges, predefined);
        if (!last) {
            return last.error();
        }
        if (predefined || *last < *first) {
            return RegexError{begin, "Invalid range in [[]: its end comes before its start"};
        }
        ranges.push_back({*first, *last});
        return std::nullopt;
    }
    /// A character of a class; for `\d` and the like adds their ranges and says so.
    std::expected<char32_t, RegexError> takeClassCharacter(std::vector<CodePointRange>& ranges,
                                                           bool& predefined)
    {
        const std::size_t begin = m_offset;
        if (!take('\\')) {
            return takeCodePoint();
        }
        if (atEnd()) {
            return failureAt(begin, "The regular expression ends with a single [\\]");
        }
        const char32_t escaped = takeCodePoint();
        if (const auto known = predefinedClass(escaped)) {
            const auto added = known->negated ? outside(known->ranges) : known->ranges;
            ranges.insert(ranges.end(), added.begin(), added.end());
            predefined = true;
            return escaped;
        }
        if (isLetter(escaped)) {
            return unknownEscape(begin);
        }
        return escaped;
    }
    [[nodiscard]] std::unexpected<RegexError> unknownEscape(std::size_t begin) const
    {
        return failureAt(begin,
                         fmt::format("[{}] is not supported in regular expressions; only \\d \\D "
                                     "\\w \\W \\s \\S and escaped punctuation are",
                                     m_pattern.substr(begin, m_offset - begin)));
    }
    Parsed parseSimple()
    {
        const std::size_t begin = m_offset;
        const char32_t c = takeCodePoint();
        switch (c) {
        case U'.':
            return anyCharacter();
        case U'#': {
            RegexNode nothing;
            nothing.kind = Kind::Nothing;
            return nothing;
        }
        case U'@':
            return repeated(anyCharacter(), 0, std::nullopt);
        case U'"':
            return parseQuoted(begin);
        case U'(':
            return parseGroup(begin);
        case U'<':
            return parseInterval(begin);
        case U'\\':
            return parseEscape(begin);
        default:
            return oneOf({{c, c}});
        }
    }
    Parsed parseEscape(std::size_t begin)
    {
        if (atEnd()) {
            return failureAt(begin, "The regular expression ends with a single [\\]");
        }
        const char32_t escaped = takeCodePoint();
        if (auto known = predefinedClass(escaped)) {
            return std::move(*known);
        }
        if (isLetter(escaped)) {
            return unknownEscape(begin);
        }
        return oneOf({{escaped, escaped}});
    }
    Parsed parseQuoted(std::size_t begin)
    {
        std::vector<RegexNode> characters;
        while (!take('"')) {
            if (atEnd()) {
                return failureAt(begin, "Unclosed [\"] in the regular expression; write [\\\"] for "
                                        "the character");
            }
            const char32_t c = takeCodePoint();
            characters.push_back(oneOf({{c, c}}));
        }
        return combined(Kind::Concatenation, std::move(characters));
    }
    Parsed parseGroup(std::size_t begin)
    {
        if (peek('?')) {
            return failureAt(begin, "Groups of the form [(?] (look-around, flags, names) are not "
                                    "supported in regular expressions");
        }
        if (m_depth >= limits::maximumRegexNesting) {
            return failureAt(begin, fmt::format("More than {} groups inside one another",
                                                limits::maximumRegexNesting));
        }
        ++m_depth;
        Parsed node = parseUnion();
        --m_depth;
        if (node && !take(')')) {
            return failureAt(begin, "Unclosed [(] in the regular expression");
        }
        return node;
    }
    Parsed parseInterval(std::size_t begin)
    {
        const std::size_t close = m_pattern.find('>', m_offset);
        if (close == std::string_view::npos) {
            return failureAt(begin, "Unclosed [<] in the regular expression; write [\\<] for the "
                                    "character");
        }
        const std::string_view body = m_pattern.substr(m_offset, close - m_offset);
        m_offset = close + 1;
        auto node = numericInterval(body);
        if (!node) {
            return failureAt(begin, std::move(node.error()));
        }
        return std::move(*node);
    }

    std::string_view m_pattern;
    std::size_t m_offset = 0;
    std::uint32_t m_depth = 0;
};

void appendRe2(const RegexNode& node, std::string& text);

void appendRe2Class(const RegexNode& node, std::string& text)
{
    if (node.ranges.empty()) {
        text += node.negated ? "." : "[^\\x{0}-\\x{10FFFF}]";
        return;
    }
    text += node.negated ? "[^" : "[";
    for (const CodePointRange& range : node.ranges) {
        text += fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(range.first));
        if (range.last != range.first) {
            text += fmt::format("-\\x{{{:x}}}", static_cast<std::uint32_t>(range.last));
        }
    }
    text += ']';
}

void appendRe2Repetition(const RegexNode& node, std::string& text)
{
    text += "(?:";
    appendRe2(node.children.front(), text);
    text += ')';
    if (node.minimum == 0 && !node.maximum) {
        text += '*';
    } else if (node.minimum == 1 && !node.maximum) {
        text += '+';
    } else if (node.minimum == 0 && node.maximum == 1) {
        text += '?';
    } else {
        text += fmt::format("{{{},{}}}", node.minimum,
                            node.maximum ? std::to_string(*node.maximum) : std::string());
    }
}

void appendRe2(const RegexNode& node, std::string& text)
{
    switch (node.kind) {
    case Kind::Nothing:
        text += "[^\\x{0}-\\x{10FFFF}]";
        break;
    case Kind::OneOf:
        appendRe2Class(node, text);
        break;
    case Kind::Repetition:
        appendRe2Repetition(node, text);
        break;
    case Kind::Concatenation:
    case Kind::Union:
        text += "(?:";
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            if (i > 0 && node.kind == Kind::Union) {
                text += '|';
            }
            appendRe2(node.children[i], text);
        }
        text += ')';
        break;
    case Kind::Intersection:
    case Kind::Complement:
        break;
    }
}

} // namespace

std::expected<RegexNode, RegexError> parseLuceneRegex(std::string_view pattern)
{
    return Parser(pattern).parse();
}

bool needsAutomaton(const RegexNode& node)
{
    return node.kind == Kind::Intersection || node.kind == Kind::Complement
           || std::ranges::any_of(node.children, needsAutomaton);
}

std::string translateToRe2(const RegexNode& node)
{
    std::string text;
    appendRe2(node, text);
    return text;
}

} // namespace sequela::eql
