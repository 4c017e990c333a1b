#include "core/rules/rule_file.h"

#include "core/base/text.h"
#include "core/rules/document_node.h"
#include "core/rules/limits.h"
#include "core/rules/quoted_text.h"
#include "core/rules/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sequela::rules {

namespace {

[[nodiscard]] RuleEntry brokenEntry(std::string_view path, std::size_t exportLine,
                                    Diagnostic diagnostic)
{
    RuleEntry entry;
    entry.path = path;
    entry.exportLine = exportLine;
    entry.status = RuleStatus::Broken;
    entry.reason = diagnostic.message;
    entry.diagnostics.push_back(std::move(diagnostic));
    return entry;
}

[[nodiscard]] std::string withoutCarriageReturns(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool beforeLineFeed = i + 1 < text.size() && text[i + 1] == '\n';
        if (text[i] != '\r' || !beforeLineFeed) {
            result += text[i];
        }
    }
    return result;
}

/// Line ends as the query has them, or the file where the query has none.
[[nodiscard]] std::string withLineEndsOf(const QuotedText& quoted, std::string_view file,
                                         std::string_view newQuery)
{
    const std::string_view query = quoted.text;
    const QuoteForm form = quoted.form;
    const std::string_view sample = query.find('\n') == std::string_view::npos ? file : query;
    const std::size_t lineEnd = sample.find('\n');
    const bool usesCrLf =
        lineEnd != std::string_view::npos && lineEnd > 0 && sample[lineEnd - 1] == '\r';
    const bool isOneLine = form == QuoteForm::Basic || form == QuoteForm::Literal;
    if (isOneLine || !usesCrLf || newQuery.find('\r') != std::string_view::npos) {
        return std::string(newQuery);
    }
    std::string result;
    for (const char c : newQuery) {
        result += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return result;
}

struct Change {
    std::size_t prefix = 0;
    std::size_t oldEnd = 0;
    std::string_view inserted;
};

[[nodiscard]] bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The differing middle of two texts, cut at whole characters.
[[nodiscard]] Change difference(std::string_view before, std::string_view after)
{
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t prefix = 0;
    while (prefix < shorter && before[prefix] == after[prefix]) {
        ++prefix;
    }
    while (prefix > 0 && prefix < before.size() && isContinuation(before[prefix])) {
        --prefix;
    }
    std::size_t suffix = 0;
    while (suffix < shorter - prefix
           && before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix]) {
        ++suffix;
    }
    while (suffix > 0 && isContinuation(before[before.size() - suffix])) {
        --suffix;
    }
    return Change{prefix, before.size() - suffix,
                  after.substr(prefix, after.size() - suffix - prefix)};
}

[[nodiscard]] Result<QuotedText> queryOf(std::string_view fileText)
{
    auto root = parseToml(fileText, {});
    if (!root) {
        return std::unexpected(std::move(root).error());
    }
    const Node* rule = root->find("rule");
    const Node* query = rule == nullptr ? nullptr : rule->find("query");
    if (query == nullptr || !query->isString()) {
        return std::unexpected(makeError("rule-no-query", "The file has no query in [rule]",
                                         "Only rule files can be edited here"));
    }
    auto quoted = readQuoted(fileText, query->offset, false);
    if (!quoted) {
        return std::unexpected(makeError("rule-no-query", "The query is not a quoted string",
                                         "Write it between ''' and '''"));
    }
    return *std::move(quoted);
}

[[nodiscard]] std::string_view formName(QuoteForm form)
{
    switch (form) {
    case QuoteForm::MultiLineLiteral:
        return "'''…'''";
    case QuoteForm::MultiLineBasic:
        return "\"\"\"…\"\"\"";
    case QuoteForm::Literal:
        return "'…'";
    case QuoteForm::Basic:
    case QuoteForm::Json:
        return "\"…\"";
    }
    return {};
}

} // namespace

RuleEntry readRuleToml(std::string_view text, std::string_view path)
{
    auto root = parseToml(text, path);
    if (!root) {
        return brokenEntry(path, 0, std::move(root).error());
    }
    return readRuleNode(*root, text, path, 0);
}

std::vector<RuleEntry> readRuleExport(std::string_view text, std::string_view path)
{
    std::vector<RuleEntry> entries;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view content = text.substr(begin, end - begin);
        begin = end + 1;
        ++line;
        if (content.find_first_not_of(" \t\r") == std::string_view::npos) {
            continue;
        }
        if (content.size() > limits::maxExportLineBytes) {
            Diagnostic tooLong = makeError("rule-too-large",
                                           fmt::format("The line has {} bytes; {} are read at most",
                                                       content.size(), limits::maxExportLineBytes),
                                           "Look whether this is a rule export");
            tooLong.file = path;
            tooLong.begin = tooLong.end = TextPosition{line, 1};
            entries.push_back(brokenEntry(path, line, std::move(tooLong)));
            continue;
        }
        auto root = parseJsonObject(content, path, TextPosition{line, 1});
        entries.push_back(root ? readRuleNode(*root, content, path, line)
                               : brokenEntry(path, line, std::move(root).error()));
    }
    return entries;
}

Result<std::string> replaceQuery(std::string_view fileText, std::string_view newQuery)
{
    const auto quoted = queryOf(fileText);
    if (!quoted) {
        return std::unexpected(quoted.error());
    }
    const std::string wanted = withLineEndsOf(*quoted, fileText, newQuery);
    if (wanted == quoted->text) {
        return std::string(fileText);
    }
    const Change change = difference(quoted->text, wanted);
    const std::size_t begin = anchoredOffset(quoted->anchors, change.prefix);
    const std::size_t end = anchoredOffset(quoted->anchors, change.oldEnd);
    for (const bool escapeQuotes : {false, true}) {
        const auto encoded = encodeFor(quoted->form, change.inserted, escapeQuotes);
        if (!encoded) {
            break;
        }
        // A line end right after the opening quotes is trimmed when read, so one more is written.
        const bool needsLineEnd = begin == quoted->span.begin && encoded->starts_with('\n')
                                  && begin > 0 && fileText[begin - 1] != '\n';
        std::string edited(fileText.substr(0, begin));
        edited += needsLineEnd ? "\n" : "";
        edited += *encoded;
        edited += fileText.substr(end);
        const auto readBack = queryOf(edited);
        if (readBack && withoutCarriageReturns(readBack->text) == withoutCarriageReturns(wanted)) {
            return edited;
        }
    }
    return std::unexpected(makeError(
        "rule-query-unwritable",
        fmt::format("The query cannot be written inside {}", formName(quoted->form)),
        "Change the quotes of the query in the file to ''', or take ''' and control characters out "
        "of the query"));
}

} // namespace sequela::rules
