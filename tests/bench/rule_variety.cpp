#include "tests/bench/rule_variety.h"

#include "core/eql/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace sequela::bench {
namespace {

/// Words that say what kind of event it is; a variant without them would match nothing at all.
constexpr std::array<std::string_view, 24> categoryWords{
    "start",   "end",   "change",  "creation", "deletion", "info",    "access",       "connection",
    "exec",    "fork",  "process", "network",  "file",     "library", "registry",     "dns",
    "windows", "macos", "linux",   "allowed",  "rename",   "success", "modification", "load"};

bool isCategoryWord(std::string_view literal)
{
    return std::ranges::find(categoryWords, literal) != categoryWords.end();
}

/// `curl` becomes `curl7`, `*\Temp\*.exe` becomes `*\Temp7\*.exe`; addresses stay what they are.
std::string changed(std::string_view quoted, std::size_t variant)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const std::string_view inside = quoted.substr(1, quoted.size() - 2);
    // The first run of at least three letters is a name; its end is where a variant differs.
    for (std::size_t at = 0; at < inside.size();) {
        const std::size_t begin = inside.find_first_of(letters, at);
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = std::min(inside.find_first_not_of(letters, begin), inside.size());
        if (end - begin >= 3 && (begin == 0 || inside[begin - 1] != '\\')) {
            return fmt::format("{}{}{}", quoted.substr(0, end + 1), variant % 100,
                               quoted.substr(end + 1));
        }
        at = end;
    }
    return std::string(quoted);
}

std::string varied(std::string_view query, eql::Dialect dialect, std::size_t variant)
{
    constexpr std::size_t shareChanged = 3;
    std::string text;
    for (const eql::Token& token : eql::lex(query, dialect).tokens) {
        const std::string_view spelled =
            query.substr(token.span.begin, token.span.end - token.span.begin);
        const bool isWord = token.kind == eql::TokenKind::String && spelled.size() > 2
                            && !isCategoryWord(spelled.substr(1, spelled.size() - 2));
        const bool isChanged =
            isWord && (std::hash<std::string_view>{}(spelled) + variant * 7919) % shareChanged == 0;
        text += isChanged ? changed(spelled, variant) : std::string(spelled);
    }
    return text;
}

} // namespace

rules::RuleSet multiplied(const rules::RuleSet& seeds, std::size_t count)
{
    const auto runnable = seeds.runnable();
    std::vector<rules::RuleEntry> entries;
    for (std::size_t variant = 0; !runnable.empty() && entries.size() < count; ++variant) {
        for (const auto& seed : runnable) {
            if (entries.size() == count) {
                break;
            }
            rules::Rule rule = *seed;
            rule.id = fmt::format("{}-{}", seed->id, variant);
            if (variant > 0) {
                rule.query.text = varied(seed->query.text, seed->dialect, variant);
            }
            rules::RuleEntry entry;
            entry.path = fmt::format("{}#{}", seed->path, variant);
            entry.status = rules::RuleStatus::Loaded;
            entry.rule = std::make_shared<const rules::Rule>(std::move(rule));
            entries.push_back(std::move(entry));
        }
    }
    rules::RuleSet set;
    set.append(std::move(entries));
    return set;
}

} // namespace sequela::bench
