#pragma once

#include "core/base/text.h"

#include <QByteArray>
#include <QString>
#include <QtTest>

#include <string>
#include <string_view>

namespace sequela::report::testing {

/// Rows of text that an event may hold to do harm when somebody looks at it.
inline void addHostileRows()
{
    QTest::addColumn<QByteArray>("hostile");
    const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
    row("script", "<script>alert(1)</script>");
    row("image", "<img src=x onerror=alert(1)>");
    row("attribute", "\" onmouseover=\"alert(1)' onclick='x");
    row("closing tags", "</code></td></table></section></style></title>--><b>");
    row("entity", "&lt;script&gt; &#60;b&#62;");
    row("markdown link", "[click](http://evil.example) ![i](http://evil.example/i.png)");
    row("markdown reference", "[x]: http://evil.example \"t\"");
    row("bare link", "https://evil.example www.evil.example a@evil.example ftp://x");
    row("code fence", "```\n# heading\n``` `one` ````");
    row("markdown table", "a | b || c\n|---|\n| x |");
    row("markdown block", "# h\n> quote\n- list\n1. one\n---\n***");
    row("markdown list", "1. one");
    row("markdown code block", "    # code");
    row("markdown html", "<details><summary>x</summary></details><!-- x -->");
    row("mention", "@everyone #1 :smile: $x$ ~~y~~ __z__");
    row("formula", "=cmd|'/c calc'!A1");
    row("formula plus", "+1+1|x");
    row("formula at", "@SUM(1)");
    row("formula minus", "-2+3");
    row("formula behind blanks", "  =1+1");
    row("formula behind tab", "\t=1+1");
    row("wide formula", "＝1+1");
    row("cell break", "a\",\"=1\r\n=2,b;c");
    row("RTL override", "gpj.\xE2\x80\xAE\x65xe \xE2\x81\xA6isolate");
    row("zero width", "a\xE2\x80\x8B"
                      "b\xEF\xBB\xBF");
    row("line separators", "a\xE2\x80\xA8"
                           "b\xE2\x80\xA9"
                           "c");
    row("ANSI", "\x1B[2J\x1B]0;title\x07\x1B[31mred");
    row("C1", "\xC2\x9B"
              "31m\xC2\x85");
    row("NUL", QByteArray("a\0b", 3));
    row("all controls", [] {
        QByteArray text;
        for (char character = 1; character < 0x20; ++character) {
            text += character;
        }
        return text + '\x7F';
    }());
    row("lone surrogate", "\xED\xA0\x80x\xED\xBF\xBF");
    row("invalid UTF-8", "\xFF\xFE\xC0\xAF\xE2\x82");
    row("invisible tag letter", "a\xF3\xA0\x81\x81"
                                "b");
    row("megabyte", QByteArray(1'000'000, 'x') + "<b>end");
    row("many marks", QByteArray("\xE2\x80\xAE").repeated(50'000));
}

/// First character that must not reach eyes or terminals, as text; empty if there is none. Line
/// feeds (and CR LF where @p windowsLines) are layout.
inline QString firstUnsafe(std::string_view text, bool windowsLines = false)
{
    for (std::size_t offset = 0; offset < text.size();) {
        if (text[offset] >= ' ' && text[offset] < '\x7F') {
            ++offset;
            continue;
        }
        const DecodedCodePoint decoded = decodeUtf8(text, offset);
        const bool isLayout =
            decoded.codePoint == U'\n' || (windowsLines && decoded.codePoint == U'\r');
        const std::string_view bytes = text.substr(offset, decoded.byteCount);
        if (!decoded.valid || (!isLayout && visibleText(bytes) != bytes)) {
            return QStringLiteral("U+%1 at %2")
                .arg(static_cast<uint>(decoded.codePoint), 4, 16)
                .arg(offset);
        }
        offset += decoded.byteCount;
    }
    return {};
}

} // namespace sequela::report::testing
