#include "tests/oracle/random_expressions.h"

#include "tests/oracle/random_data.h"

#include <cctype>

namespace sequela::oracle {

std::string quoted(RandomSource& random, const std::string& text)
{
    if (random.oneIn(6) && text.find_first_of("\"\n\r") == std::string::npos) {
        return "\"\"\"" + text + "\"\"\"";
    }
    std::string literal = "\"";
    for (const char letter : text) {
        switch (letter) {
        case '"':
            literal += "\\\"";
            break;
        case '\\':
            literal += "\\\\";
            break;
        case '\n':
            literal += "\\n";
            break;
        case '\t':
            literal += random.oneIn(2) ? "\\t" : "\\u{09}";
            break;
        default:
            literal += letter;
        }
    }
    return literal + '"';
}

std::string RandomExpressions::condition(std::size_t depth)
{
    if (depth == 0 || m_random.oneIn(3)) {
        return leaf(depth);
    }
    switch (m_random.below(5)) {
    case 0:
        return "not " + padded(condition(depth - 1));
    case 1:
        return "not (" + condition(depth - 1) + ")";
    case 2:
        return "(" + condition(depth - 1) + ") or (" + condition(depth - 1) + ")";
    default:
        break;
    }
    // Operators side by side, without parentheses, test precedence as well.
    std::string joined = leaf(depth - 1);
    for (std::size_t more = 1 + m_random.below(3); more > 0; --more) {
        joined += m_random.oneIn(2) ? " and " : " or ";
        joined += m_random.oneIn(3) ? padded(condition(depth - 1)) : leaf(depth - 1);
    }
    return joined;
}

std::string RandomExpressions::padded(std::string expression)
{
    return m_random.oneIn(2) ? '(' + std::move(expression) + ')' : expression;
}

std::string RandomExpressions::leaf(std::size_t depth)
{
    switch (m_random.below(20)) {
    case 0:
        return m_random.pick({"true", "false", "1 < 2", "null == null", "not false"});
    case 1:
    case 2:
        return nullCheck(depth);
    case 3:
    case 4:
    case 5:
        return match(depth);
    case 6:
    case 7:
    case 8:
        return in(depth);
    case 9:
    case 10:
    case 11:
        return booleanCall(depth);
    case 12:
        return booleanComparison(depth);
    case 13:
        return m_withFields ? fieldOf(Kind::Boolean) : m_random.pick({"true", "false"});
    case 14:
        return unmapped();
    default:
        return m_random.oneIn(3) && m_withFields ? fieldLeaf() : comparison(depth);
    }
}

/// A field against a constant, the shape of most published clauses.
std::string RandomExpressions::fieldLeaf()
{
    const auto kind = static_cast<Kind>(m_random.below(7));
    if (kind == Kind::Boolean) {
        return fieldOf(kind) + m_random.pick({" == ", " != "}) + m_random.pick({"true", "false"});
    }
    const std::string op = m_random.pick({" == ", " != ", " < ", " <= ", " > ", " >= "});
    if (kind == Kind::Ip && (op == " == " || op == " != ") && m_random.oneIn(4)) {
        return fieldOf(kind) + op
               + m_random.pick({"\"10.0.0.0/8\"", "\"fe80::/10\"", "\"::1/128\"", "\"0.0.0.0/0\""});
    }
    return m_random.oneIn(8) ? constantOf(kind) + op + fieldOf(kind)
                             : fieldOf(kind) + op + constantOf(kind);
}

std::string RandomExpressions::comparison(std::size_t depth)
{
    const std::string op = m_random.pick({" == ", " == ", " != ", " < ", " <= ", " > ", " >= "});
    if (m_random.oneIn(2)) {
        return text(depth) + op + textConstant();
    }
    const std::string right = numberConstant();
    return m_random.oneIn(8) ? right + op + number(depth) : number(depth) + op + right;
}

std::string RandomExpressions::nullCheck(std::size_t depth)
{
    const std::string op = m_random.pick({" == ", " != "});
    std::string subject;
    switch (m_random.below(m_withFields ? 4 : 3)) {
    case 0:
        subject = text(depth);
        break;
    case 1:
        subject = number(depth);
        break;
    case 2:
        subject = '(' + leaf(0) + ')';
        break;
    default:
        subject = fieldOf(static_cast<Kind>(m_random.below(7)));
    }
    return m_random.oneIn(5) ? "null" + op + subject : subject + op + "null";
}

std::string RandomExpressions::match(std::size_t depth)
{
    const bool isRegex = m_random.oneIn(3);
    const std::string op = isRegex ? m_random.pick({" regex ", " regex~ "})
                                   : m_random.pick({" : ", " like ", " like~ "});
    const auto pattern = [&] { return isRegex ? quoted(m_random, regex(2)) : wildcard(); };
    std::string expression =
        (m_random.oneIn(3) || !m_withFields ? text(depth) : fieldOf(Kind::Text)) + op;
    if (m_random.oneIn(2)) {
        return expression + pattern();
    }
    expression += '(' + pattern();
    for (std::size_t more = m_random.below(3); more > 0; --more) {
        expression += ", " + (m_random.oneIn(20) ? std::string("null") : pattern());
    }
    return expression + ')';
}

std::string RandomExpressions::list(const std::string& first, std::size_t most, Kind kind)
{
    std::string items = first;
    for (std::size_t more = m_random.below(most); more > 0; --more) {
        items += ", " + (m_random.oneIn(20) ? std::string("null") : constantOf(kind));
    }
    return '(' + items + ')';
}

std::string RandomExpressions::in(std::size_t depth)
{
    if (m_random.oneIn(3)) {
        const std::string op = m_random.pick({" in~ ", " not in~ "});
        return text(depth) + op + list(textConstant(), 3, Kind::Text);
    }
    const std::string op = m_random.pick({" in ", " not in "});
    if (m_withFields && m_random.oneIn(2)) {
        const auto kind = static_cast<Kind>(m_random.below(7));
        return fieldOf(kind) + op + list(constantOf(kind), 4, kind);
    }
    if (m_random.oneIn(2)) {
        return text(depth) + op + list(textConstant(), 4, Kind::Text);
    }
    // A predicate binds tighter than arithmetic.
    return '(' + number(depth) + ')' + op + list(constantOf(Kind::Long), 4, Kind::Double);
}

std::string RandomExpressions::booleanCall(std::size_t depth)
{
    if (m_random.oneIn(4)) {
        return cidrMatch();
    }
    const std::string name =
        functionName(m_random.pick({"startsWith", "endsWith", "stringContains"}))
        + (m_random.oneIn(2) ? "~" : "");
    return name + '(' + text(depth) + ", " + (m_random.oneIn(3) ? text(depth) : textConstant())
           + ')';
}

std::string RandomExpressions::cidrMatch()
{
    if (!m_withFields) {
        return "startsWith(\"ab\", \"a\")";
    }
    std::string call = functionName("cidrMatch") + '(' + fieldOf(Kind::Ip);
    for (std::size_t more = 1 + m_random.below(3); more > 0; --more) {
        call += ", \""
                + m_random.pick({"10.0.0.0/8", "10.6.48.157/8", "0.0.0.0/0", "::1", "FE80::/10",
                                 "10.1.2.3", "::/0", "192.168.0.0/16", "2001:db8::/32",
                                 "8.8.8.8/32", "10.1.2.0/25", "fe80::2/127"})
                + '"';
    }
    return call + ')';
}

std::string RandomExpressions::booleanComparison(std::size_t depth)
{
    const std::string op = m_random.pick({" == ", " != "});
    const std::string constant = m_random.pick({"true", "false", "true", "(1 < 2)"});
    std::string subject;
    switch (m_random.below(3)) {
    case 0:
        subject = booleanCall(depth);
        break;
    case 1:
        subject = '(' + condition(depth == 0 ? 0 : depth - 1) + ')';
        break;
    default:
        subject = '(' + comparison(0) + ')';
    }
    return m_random.oneIn(6) ? constant + op + subject : subject + op + constant;
}

/// Optional fields that exist nowhere, and mapped ones without values.
std::string RandomExpressions::unmapped()
{
    if (!m_withFields) {
        return m_random.pick({"null == 1", "null != 1", "(null and false) == false",
                              "(null or true)", "1 in (1, null)", "(2 in (1, null)) == null",
                              "(2 not in (1, null))"});
    }
    return m_random.pick(
        {"?nope == 1", "?nope != 1", "?nope == null", "?nope != null", "?nope == ?other",
         "?nope : \"a\"", "?nope in (1, 2)", "?nope > 1", "not ?nope : \"a\"",
         "?nope like (\"a\", \"b\")", "process.never == \"a\"", "not process.never : \"a*\"",
         "process.never_count > -1", "process.never != \"a\"", "?process.never == null",
         "?nope.deeper != \"b\"", "not length(?nope) > 1", "concat(process.name, ?nope) == \"a\"",
         "concat(process.name, ?nope) == null"});
}

std::string RandomExpressions::functionName(const std::string& name)
{
    // Function names are case-insensitive (section 2, note 7).
    std::string written = name;
    if (m_random.oneIn(10)) {
        for (char& letter : written) {
            letter = static_cast<char>(m_random.oneIn(2)
                                           ? std::toupper(static_cast<unsigned char>(letter))
                                           : std::tolower(static_cast<unsigned char>(letter)));
        }
    }
    return written;
}

std::string RandomExpressions::text(std::size_t depth)
{
    if (depth == 0 || m_random.oneIn(2)) {
        return m_withFields && !m_random.oneIn(10) ? fieldOf(Kind::Text) : textConstant();
    }
    return textCall(depth - 1);
}

std::string RandomExpressions::textCall(std::size_t depth)
{
    switch (m_random.below(5)) {
    case 0: {
        const std::string name = functionName("between") + (m_random.oneIn(2) ? "~" : "");
        return name + '(' + text(depth) + ", " + textConstant() + ", " + textConstant()
               + m_random.pick({"", ", true", ", false"}) + ')';
    }
    case 1: {
        std::string call = functionName("concat") + '(' + any(depth);
        for (std::size_t more = m_random.below(3); more > 0; --more) {
            call += ", " + any(depth);
        }
        return call + ')';
    }
    case 2:
        return functionName("string") + '(' + any(depth) + ')';
    default:
        return functionName("substring") + '(' + text(depth) + ", "
               + (m_random.oneIn(12) ? std::string("null") : integerConstant())
               + (m_random.oneIn(2) ? ", " + integerConstant() : std::string()) + ')';
    }
}

std::string RandomExpressions::any(std::size_t depth)
{
    switch (m_random.below(6)) {
    case 0:
        return integer(depth);
    case 1:
        return m_random.oneIn(2) || !m_withFields ? m_random.pick({"42.5", "true", "1.0", "0.1"})
                                                  : fieldOf(Kind::Boolean);
    case 2:
        return m_withFields ? fieldOf(static_cast<Kind>(m_random.below(7))) : textConstant();
    default:
        return text(depth);
    }
}

std::string RandomExpressions::integer(std::size_t depth)
{
    switch (m_random.below(4)) {
    case 0:
        return functionName("length") + '(' + text(depth) + ')';
    case 1:
        return functionName("indexOf") + (m_random.oneIn(2) ? "~" : "") + '(' + text(depth) + ", "
               + textConstant()
               + (m_random.oneIn(2) ? std::string()
                                    : ", " + (m_random.oneIn(8) ? "null" : integerConstant()))
               + ')';
    default:
        return m_withFields && !m_random.oneIn(4) ? fieldOf(Kind::Long) : integerConstant();
    }
}

std::string RandomExpressions::number(std::size_t depth)
{
    if (depth == 0) {
        return m_withFields ? fieldOf(m_random.oneIn(3) ? Kind::Double : Kind::Long)
                            : numberConstant();
    }
    switch (m_random.below(8)) {
    case 0:
    case 1:
        return functionName(m_random.pick({"add", "subtract", "multiply", "divide", "modulo"}))
               + '(' + number(depth - 1) + ", "
               + (m_random.oneIn(2) ? number(depth - 1) : numberConstant()) + ')';
    case 2:
        return '(' + number(depth - 1) + m_random.pick({" + ", " - ", " * ", " / ", " % "})
               + numberConstant() + ')';
    case 3:
        return numberConstant() + m_random.pick({" + ", " - ", " * ", " / ", " % "})
               + integer(depth - 1);
    case 4:
        return m_random.pick({"-", "+", "- -"}) + integer(depth - 1);
    case 5: {
        const std::string base = m_random.pick({"", "", "", ", 10", ", 16", ", 8", ", null"});
        return functionName("number") + '('
               + (m_withFields ? text(depth - 1)
                               : quoted(m_random, m_random.pick({"12", "0x1F", "7", "-7", "1"})))
               + base + ')';
    }
    case 6:
        return integer(depth - 1);
    default:
        return m_withFields ? fieldOf(m_random.oneIn(2) ? Kind::Double : Kind::Long)
                            : numberConstant();
    }
}

std::string RandomExpressions::integerConstant()
{
    return m_random.pick({"0", "1", "2", "3", "5", "-1", "-2", "7", "-7", "12"});
}

std::string RandomExpressions::numberConstant()
{
    return m_random.oneIn(3)
               ? m_random.pick({"0.5", "2.5", "-0.5", "7.0", "1e1", ".5", "1.", "1.5E-1"})
               : m_random.pick({"1", "2", "3", "-1", "7", "-7", "12", "9223372036854775807",
                                "99999999999999999999", "50", "4"});
}

std::string RandomExpressions::textConstant()
{
    return quoted(m_random, randomText(m_random));
}

std::string RandomExpressions::wildcard()
{
    if (m_random.oneIn(3)) {
        return textConstant();
    }
    std::string pattern;
    for (std::size_t parts = 1 + m_random.below(4); parts > 0; --parts) {
        pattern += m_random.oneIn(2) ? m_random.pick({"*", "?", "*", "??"}) : randomText(m_random);
    }
    return quoted(m_random, pattern);
}

std::string RandomExpressions::regex(std::size_t depth)
{
    const auto atom = [&]() -> std::string {
        if (depth > 0 && m_random.oneIn(4)) {
            return '(' + regex(depth - 1) + ')';
        }
        if (depth > 1 && m_random.oneIn(12)) {
            return "~(" + regex(0) + ')';
        }
        return m_random.pick({"a",    "b",   "A",      "B",   "c",    ".",      "[a-c]", "[^a]",
                              "[aB]", "\\*", "\\?",    "\\.", "\\\\", "ä",      "ß",     "k",
                              "s",    "\\d", "\\w",    "\\s", "@",    "\"a*\"", "<1-9>", "<0-120>",
                              "^",    "$",   "[0-9x]", "-",   "\\-",  "σ",      "#"});
    };
    std::string pattern;
    for (std::size_t parts = 1 + m_random.below(3); parts > 0; --parts) {
        const std::string piece = atom();
        const bool plain = piece.front() != '~';
        pattern += piece;
        if (plain && m_random.oneIn(3)) {
            pattern += m_random.pick({"*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"});
        }
    }
    if (depth > 0 && m_random.oneIn(5)) {
        pattern += '|' + regex(depth - 1);
    } else if (depth > 1 && m_random.oneIn(12)) {
        pattern += '&' + regex(0);
    }
    return pattern;
}

std::string RandomExpressions::constantOf(Kind kind)
{
    switch (kind) {
    case Kind::Text:
        return textConstant();
    case Kind::Long:
        return m_random.oneIn(10) ? numberConstant() : integerConstant();
    case Kind::Double:
        return numberConstant();
    case Kind::Boolean:
        return m_random.pick({"true", "false"});
    case Kind::Date:
        return m_random.oneIn(3) ? randomEpoch(m_random) : '"' + randomTime(m_random) + '"';
    case Kind::Ip:
        return '"' + randomAddress(m_random) + '"';
    case Kind::Version:
        return '"' + randomVersion(m_random) + '"';
    }
    return "null";
}

std::string RandomExpressions::fieldOf(Kind kind)
{
    std::string name;
    switch (kind) {
    case Kind::Text:
        name = m_random.pick({"process.name", "process.name", "process.args", "user.id", "host.id",
                              "process.command_line", "x.text", "x.text", "proc.name",
                              "process.never", "event.type"});
        break;
    case Kind::Long:
        name = m_random.pick({"process.pid", "process.exit_code", "event.`sequence`", "x.count",
                              "proc.pid", "process.never_count"});
        break;
    case Kind::Double:
        name = m_random.pick({"process.score", "process.score", "x.ratio"});
        break;
    case Kind::Boolean:
        name = m_random.pick({"process.elevated", "process.trusted", "x.flag"});
        break;
    case Kind::Date:
        name = m_random.pick({"process.start", "event.created", "@timestamp"});
        break;
    case Kind::Ip:
        name = m_random.pick({"source.ip", "destination.ip"});
        break;
    case Kind::Version:
        name = m_random.pick({"agent.version", "package.version"});
        break;
    }
    const bool optional = m_random.oneIn(name.starts_with("x.") ? 2 : 10);
    return optional ? '?' + name : name;
}

} // namespace sequela::oracle
