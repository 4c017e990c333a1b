#include "core/eql/formatter.h"
#include "core/eql/lexer.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"
#include "tests/fuzz/fuzz_check.h"

#include <string>
#include <string_view>
#include <vector>

using namespace sequela;
using namespace sequela::fuzz;

namespace {

/// Every byte lies in exactly one token.
void checkTokens(std::string_view text, eql::Dialect dialect)
{
    const eql::LexedText lexed = eql::lex(text, dialect);
    std::size_t at = 0;
    for (const eql::Token& token : lexed.tokens) {
        check(token.span.begin == at && token.span.end > at);
        at = token.span.end;
    }
    check(at == text.size());
    checkPlaces(lexed.diagnostics, text);
}

std::vector<std::string_view> wordsOf(std::string_view text, eql::Dialect dialect)
{
    std::vector<std::string_view> words;
    for (const eql::Token& token : eql::lex(text, dialect).tokens) {
        if (token.kind != eql::TokenKind::Whitespace) {
            words.push_back(text.substr(token.span.begin, token.span.length()));
        }
    }
    return words;
}

/// A line comment ends with its line, whose carriage return is white space after formatting.
std::string_view withoutTrailingBlanks(std::string_view word)
{
    while (!word.empty() && (word.back() == '\r' || word.back() == ' ' || word.back() == '\t')) {
        word.remove_suffix(1);
    }
    return word;
}

/// Layout changes white space only, and once is enough.
void checkLayout(std::string_view text, eql::Dialect dialect, bool isSound)
{
    const auto formatted = eql::formatQuery(text, dialect);
    check(formatted.has_value() == isSound);
    if (!formatted) {
        checkPlaces(formatted.error(), text);
        return;
    }
    const auto before = wordsOf(text, dialect);
    const auto after = wordsOf(*formatted, dialect);
    check(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        check(withoutTrailingBlanks(before[i]) == withoutTrailingBlanks(after[i]));
    }
    const auto again = eql::formatQuery(*formatted, dialect);
    check(again.has_value() && *again == *formatted);
}

/// The canonical print says the same, and printing it again changes nothing.
void checkPrint(const eql::syntax::Query& query, eql::Dialect dialect)
{
    const std::string printed = eql::printQuery(query);
    const eql::ParsedQuery again = eql::parseQuery(printed, dialect);
    check(!hasError(again.diagnostics));
    check(eql::syntax::sameTree(query, again.query));
    check(eql::printQuery(again.query) == printed);
}

} // namespace

/// Any bytes through lexer, parser, printers and formatter of both dialects.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const eql::Dialect dialect : {eql::Dialect::Elasticsearch, eql::Dialect::Endpoint}) {
        checkTokens(text, dialect);
        const eql::ParsedQuery parsed = eql::parseQuery(text, dialect);
        checkPlaces(parsed.diagnostics, text);
        static_cast<void>(eql::dumpSyntaxTree(parsed.query));
        const bool isSound = !hasError(parsed.diagnostics);
        checkLayout(text, dialect, isSound);
        if (isSound) {
            checkPrint(parsed.query, dialect);
        } else {
            static_cast<void>(eql::printQuery(parsed.query));
        }
        const eql::ParsedExpression expression = eql::parseExpression(text, dialect);
        checkPlaces(expression.diagnostics, text);
        check(expression.expression != nullptr || hasError(expression.diagnostics));
    }
    return 0;
}
