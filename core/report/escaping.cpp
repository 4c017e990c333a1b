#include "core/report/escaping.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::report {

std::string shorten(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit) {
        return std::string(text);
    }
    std::size_t end = limit;
    constexpr unsigned char continuationMask = 0xC0;
    constexpr unsigned char continuation = 0x80;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & continuationMask) == continuation) {
        --end;
    }
    return fmt::format("{} … ({} bytes more)", text.substr(0, end), text.size() - end);
}

std::string escapeHtml(std::string_view text)
{
    std::string escaped;
    for (const char character : visibleText(text)) {
        switch (character) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += character;
        }
    }
    return escaped;
}

std::string escapeMarkdown(std::string_view text)
{
    // "https://", "www." and "a@b" would become links by themselves on the platforms that tickets
    // live on; a character reference breaks those and shows as the same character.
    std::string escaped;
    for (const char character : visibleText(text)) {
        const bool afterWww =
            character == '.'
            && equalFolded(
                escaped.substr(escaped.size() - std::min<std::size_t>(escaped.size(), 3)), "www");
        if (afterWww) {
            escaped += "&#46;";
            continue;
        }
        switch (character) {
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '&':
            escaped += "&amp;";
            break;
        case ':':
            escaped += "&#58;";
            break;
        case '@':
            escaped += "&#64;";
            break;
        case '\\':
        case '`':
        case '*':
        case '_':
        case '{':
        case '}':
        case '[':
        case ']':
        case '(':
        case ')':
        case '#':
        case '+':
        case '-':
        case '!':
        case '|':
        case '~':
        case '$':
        case '=':
            escaped += '\\';
            escaped += character;
            break;
        default:
            escaped += character;
        }
    }
    return escaped;
}

std::string markdownCode(std::string_view text)
{
    std::string visible = visibleText(text);
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char character : visible) {
        run = character == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    // A table cell ends at '|' even inside code, so the border becomes a look-alike.
    std::string safe;
    for (const char character : visible) {
        if (character == '|') {
            safe += "¦";
        } else {
            safe += character;
        }
    }
    const std::string fence(longest + 1, '`');
    if (safe.empty()) {
        return {};
    }
    const bool pad = safe.front() == '`' || safe.back() == '`' || safe.front() == ' ';
    return fence + (pad ? " " : "") + safe + (pad ? " " : "") + fence;
}

std::string csvCell(std::string_view text)
{
    std::string cell = visibleText(text, true);
    constexpr std::string_view formulaStarts = "=+-@\t\r";
    const std::size_t firstShown = cell.find_first_not_of(' ');
    if (firstShown != std::string::npos && formulaStarts.contains(cell[firstShown])) {
        cell.insert(0, 1, '\'');
    }
    if (cell.find_first_of(",\"\n\r;") == std::string::npos) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char character : cell) {
        if (character == '"') {
            quoted += '"';
        }
        quoted += character;
    }
    return quoted + '"';
}

} // namespace sequela::report
