#include "ui/theme/palette.h"

#include <QtTest>

using namespace sequela::ui;

class PaletteTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsLegibleOnEverySurface_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<int>("token");
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            for (int token = static_cast<int>(Token::Text);
                 token <= static_cast<int>(Token::Comment); ++token) {
                QTest::addRow("%s-%s", scheme == ColorScheme::Dark ? "dark" : "light",
                              tokenName(static_cast<Token>(token)))
                    << static_cast<int>(scheme) << token;
            }
        }
    }

    void textIsLegibleOnEverySurface()
    {
        QFETCH(int, scheme);
        QFETCH(int, token);
        const auto theme = static_cast<ColorScheme>(scheme);
        const QColor text = tokenColor(theme, static_cast<Token>(token));
        for (const Token surface :
             {Token::Background, Token::Panel, Token::Raised, Token::Selected}) {
            const double ratio = contrastRatio(text, tokenColor(theme, surface));
            QVERIFY2(ratio >= 4.5,
                     qPrintable(QStringLiteral("%1 on %2: %3")
                                    .arg(QLatin1String(tokenName(static_cast<Token>(token))),
                                         QLatin1String(tokenName(surface)))
                                    .arg(ratio)));
        }
    }

    void contrastIsThatOfTheStandard()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
    }
};

QTEST_GUILESS_MAIN(PaletteTest)
#include "tst_palette.moc"
