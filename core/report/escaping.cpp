#include "core/report/escaping.h"

#include "core/base/text.h"
#include "core/views/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace sequela::report {

namespace {

constexpr char32_t del = 0x7F;
constexpr char32_t firstSupplementary = 0x10000;

} // namespace

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
    return views::escapeMarkup(text);
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
        // Digits and a full stop at the beginning would number a list.
        const bool isNumbering = character == '.' && !escaped.empty()
                                 && escaped.find_first_not_of("0123456789") == std::string::npos;
        if (afterWww || isNumbering) {
            escaped += "&#46;";
            continue;
        }
        // Four blanks at the beginning would make a block of code.
        if (character == ' ' && escaped.empty()) {
            escaped += "&#32;";
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

std::string escapeInvisibleJson(std::string_view json)
{
    // Outside of strings JSON is ASCII, so whatever is beyond it stands inside one.
    std::string escaped;
    escaped.reserve(json.size());
    for (std::size_t offset = 0; offset < json.size();) {
        const DecodedCodePoint decoded = decodeUtf8(json, offset);
        const std::string_view bytes = json.substr(offset, decoded.byteCount);
        offset += decoded.byteCount;
        const bool isInk =
            decoded.codePoint < del || (decoded.codePoint != del && visibleText(bytes) == bytes);
        if (isInk) {
            escaped += bytes;
        } else if (decoded.codePoint < firstSupplementary) {
            escaped += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(decoded.codePoint));
        } else {
            const auto rest =
                static_cast<std::uint32_t>(decoded.codePoint) - std::uint32_t{firstSupplementary};
            escaped += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (rest >> 10U),
                                   0xDC00U + (rest & 0x3FFU));
        }
    }
    return escaped;
}

std::string csvCell(std::string_view text)
{
    std::string cell = shorten(visibleText(text, true), maxCellBytes);
    // Spreadsheets of the Far East take the wide forms, too.
    constexpr std::array<std::string_view, 8> formulaStarts{"=",  "+",  "-",  "@",
                                                            "＝", "＋", "－", "＠"};
    const std::size_t firstShown = std::min(cell.find_first_not_of(' '), cell.size());
    const std::string_view shown = std::string_view(cell).substr(firstShown);
    if (std::ranges::any_of(formulaStarts,
                            [shown](std::string_view start) { return shown.starts_with(start); })) {
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
