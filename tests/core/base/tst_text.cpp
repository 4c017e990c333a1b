#include "core/base/text.h"

#include <QtTest>

#include <random>
#include <vector>

using namespace sequela;

class TextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void utf8RoundTrip();
    void invalidUtf8_data();
    void invalidUtf8();
    void folding_data();
    void folding();
    void foldingIsIdempotent();
    void wildcard_data();
    void wildcard();
    void wildcardAgreesWithSlowTwin();
    void foldingOfAscii();
    void wildcardIsNotExponential();
    void visible_data();
    void visible();
    void json_data();
    void json();
    void distance_data();
    void distance();
    void codePointOffsets();
};

void TextTest::utf8RoundTrip()
{
    for (char32_t codePoint : {U'a', U'é', U'€', U'😀', char32_t{0x10FFFF}, char32_t{0x7FF}}) {
        std::string text;
        appendUtf8(text, codePoint);
        const DecodedCodePoint decoded = decodeUtf8(text, 0);
        QVERIFY(decoded.valid);
        QCOMPARE(decoded.codePoint, codePoint);
        QCOMPARE(std::size_t{decoded.byteCount}, text.size());
    }
    std::string surrogate;
    appendUtf8(surrogate, 0xD800);
    QCOMPARE(surrogate, "\xEF\xBF\xBD");
}

void TextTest::invalidUtf8_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("replaced");
    QTest::newRow("valid") << QByteArray("é€😀") << 0;
    QTest::newRow("lone continuation") << QByteArray("a\x80z") << 1;
    QTest::newRow("truncated") << QByteArray("a\xE2\x82") << 2;
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << 2;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 3;
    QTest::newRow("too large") << QByteArray("\xF4\x90\x80\x80") << 4;
    QTest::newRow("0xFF") << QByteArray("\xFF") << 1;
}

void TextTest::invalidUtf8()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, replaced);
    std::size_t count = 0;
    const std::string clean = sanitizeUtf8(bytes.toStdString(), &count);
    QCOMPARE(static_cast<int>(count), replaced);
    QVERIFY(isValidUtf8(clean));
    QCOMPARE(isValidUtf8(bytes.toStdString()), replaced == 0);
}

void TextTest::folding_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    QTest::addColumn<bool>("equal");
    QTest::newRow("ascii") << "CMD.exe" << "cmd.EXE" << true;
    QTest::newRow("latin") << "ÉCOLE" << "école" << true;
    QTest::newRow("greek final sigma") << "ΣΑΣ" << "σας" << true;
    QTest::newRow("cyrillic") << "ПРИВЕТ" << "привет" << true;
    QTest::newRow("kelvin sign") << QStringLiteral("\u212A") << "k" << true;
    QTest::newRow("long s") << QStringLiteral("\u017F") << "S" << true;
    QTest::newRow("capital sharp s folds to sharp s") << QStringLiteral("\u1E9E") << "ß" << true;
    QTest::newRow("sharp s is not ss") << "ß" << "ss" << false;
    QTest::newRow("dotted capital I is its own") << "İ" << "i" << false;
    QTest::newRow("deseret") << QStringLiteral("\U00010400") << QStringLiteral("\U00010428")
                             << true;
    QTest::newRow("different") << "a" << "b" << false;
    QTest::newRow("prefix") << "ab" << "abc" << false;
}

void TextTest::folding()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    QFETCH(bool, equal);
    QCOMPARE(equalFolded(left.toStdString(), right.toStdString()), equal);
    QCOMPARE(foldCase(left.toStdString()) == foldCase(right.toStdString()), equal);
}

void TextTest::foldingIsIdempotent()
{
    for (char32_t codePoint = 0; codePoint <= 0x1FFFF; ++codePoint) {
        const char32_t folded = foldCase(codePoint);
        QCOMPARE(foldCase(folded), folded);
    }
}

void TextTest::wildcard_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fold");
    QTest::addColumn<bool>("matches");
    QTest::newRow("literal") << "abc" << "abc" << false << true;
    QTest::newRow("case matters") << "abc" << "ABC" << false << false;
    QTest::newRow("folded") << "aBc" << "AbC" << true << true;
    QTest::newRow("whole string") << "b" << "abc" << false << false;
    QTest::newRow("star") << "a*c" << "abbbc" << false << true;
    QTest::newRow("star takes nothing") << "a*c" << "ac" << false << true;
    QTest::newRow("star takes line ends") << "a*c" << "a\n\r\nc" << false << true;
    QTest::newRow("question mark") << "a?c" << "abc" << false << true;
    QTest::newRow("question mark is not nothing") << "a?c" << "ac" << false << false;
    QTest::newRow("question mark against empty") << "?" << "" << false << false;
    QTest::newRow("one code point") << "a?c" << "a😀c" << false << true;
    QTest::newRow("backslash is ordinary") << "a\\*" << "a\\x" << false << true;
    QTest::newRow("backslash escapes nothing") << "a\\*" << "a*" << false << false;
    QTest::newRow("empty pattern") << "" << "" << false << true;
    QTest::newRow("empty pattern, some text") << "" << "a" << false << false;
    QTest::newRow("only stars") << "***" << "" << false << true;
    QTest::newRow("two stars") << "*a*b" << "xxaxxab" << false << true;
    QTest::newRow("vpn") << "osascript*set VPN to service*"
                         << "osascript -e 'SET vpn to SERVICE x'" << true << true;
    QTest::newRow("beyond ascii") << "*ÜBER*" << "darüber" << true << true;
}

void TextTest::wildcard()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(bool, fold);
    const WildcardPattern compiled(pattern.toStdString(), fold);
    QTEST(compiled.matches(text.toStdString()), "matches");
}

namespace {

bool slowMatch(std::string_view pattern, std::string_view text)
{
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == '*') {
        return slowMatch(pattern.substr(1), text)
               || (!text.empty() && slowMatch(pattern, text.substr(1)));
    }
    return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front())
           && slowMatch(pattern.substr(1), text.substr(1));
}

} // namespace

void TextTest::wildcardAgreesWithSlowTwin()
{
    std::mt19937 random(17);
    const auto pick = [&random](std::string_view letters, std::size_t longest) {
        std::string text;
        for (std::size_t length = random() % (longest + 1); length > 0; --length) {
            text += letters[random() % letters.size()];
        }
        return text;
    };
    for (int round = 0; round < 20'000; ++round) {
        const std::string pattern = pick("ab*?", 6);
        const std::string text = pick("ab", 8);
        QVERIFY2(WildcardPattern(pattern, false).matches(text) == slowMatch(pattern, text),
                 (pattern + " against " + text).c_str());
        const std::string folded = pick("aB*?", 6);
        const std::string mixed = pick("AbB", 12);
        QVERIFY2(WildcardPattern(folded, true).matches(mixed)
                     == slowMatch(foldCase(folded), foldCase(mixed)),
                 (folded + " against " + mixed).c_str());
        // Text beyond ASCII goes another way and must agree.
        QVERIFY2(WildcardPattern(pattern + "*", false).matches(text + "\u00e9")
                     == slowMatch(pattern + "*", text + "#"),
                 (pattern + " against more than " + text).c_str());
    }
}

void TextTest::foldingOfAscii()
{
    for (std::size_t length = 0; length < 20; ++length) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text(length, 'Q');
            text += static_cast<char>(byte);
            std::string folded(text.size(), '?');
            QCOMPARE(foldAscii(text, folded), byte < 0x80);
            QCOMPARE(isAscii(text), byte < 0x80);
            if (byte < 0x80) {
                const bool isCapital = byte >= 'A' && byte <= 'Z';
                const std::string expected =
                    std::string(length, 'q') + static_cast<char>(isCapital ? byte + 32 : byte);
                QVERIFY2(folded == expected, folded.c_str());
                QVERIFY(foldCase(text) == expected);
            }
        }
    }
}

void TextTest::wildcardIsNotExponential()
{
    std::string pattern;
    for (int i = 0; i < 100; ++i) {
        pattern += "*a";
    }
    const std::string text(20'000, 'a');
    QVERIFY(!WildcardPattern(pattern + "b", false).matches(text));
}

void TextTest::visible_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << QByteArray("curl é") << "curl é";
    QTest::newRow("escape sequence") << QByteArray("\x1b[2J") << "␛[2J";
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << "a␀b";
    QTest::newRow("line break") << QByteArray("a\r\nb") << "a␍␊b";
    QTest::newRow("DEL") << QByteArray("\x7f") << "␡";
    QTest::newRow("C1") << QByteArray("\xC2\x9B") << "⟨U+009B⟩";
    QTest::newRow("right-to-left override")
        << QByteArray("a\xE2\x80\xAEgpj.exe") << "a⟨U+202E⟩gpj.exe";
    QTest::newRow("zero width") << QByteArray("a\xE2\x80\x8B") << "a⟨U+200B⟩";
    QTest::newRow("tag character") << QByteArray("\xF3\xA0\x81\x81") << "⟨U+E0041⟩";
    QTest::newRow("invalid byte") << QByteArray("a\xFF") << QStringLiteral("a\uFFFD");
}

void TextTest::visible()
{
    QFETCH(QByteArray, text);
    QTEST(QString::fromStdString(visibleText(text.toStdString())), "shown");
    QCOMPARE(visibleText("a\nb", true), "a\nb");
}

void TextTest::json_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("quoted");
    QTest::newRow("plain") << QByteArray("a") << QByteArray("\"a\"");
    QTest::newRow("quote and backslash") << QByteArray("\"\\") << QByteArray("\"\\\"\\\\\"");
    QTest::newRow("controls") << QByteArray("\n\t\x01") << QByteArray("\"\\n\\t\\u0001\"");
    QTest::newRow("invalid") << QByteArray("\xFF") << QByteArray("\"\xEF\xBF\xBD\"");
}

void TextTest::json()
{
    QFETCH(QByteArray, text);
    QTEST(QByteArray::fromStdString(quoteJson(text.toStdString())), "quoted");
}

void TextTest::distance_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    QTest::addColumn<int>("distance");
    QTest::newRow("same") << "head" << "head" << 0;
    QTest::newRow("insertion") << "heead" << "head" << 1;
    QTest::newRow("transposition") << "haed" << "head" << 1;
    QTest::newRow("empty") << "" << "abc" << 3;
    QTest::newRow("different") << "kitten" << "sitting" << 3;
}

void TextTest::distance()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    QTEST(static_cast<int>(editDistance(left.toStdString(), right.toStdString())), "distance");
}

void TextTest::codePointOffsets()
{
    QCOMPARE(countCodePoints("é€x"), std::size_t{3});
    QCOMPARE(byteOffsetOfCodePoint("é€x", 2), std::size_t{5});
    QCOMPARE(byteOffsetOfCodePoint("é€x", 9), std::size_t{6});
}

QTEST_APPLESS_MAIN(TextTest)
#include "tst_text.moc"
