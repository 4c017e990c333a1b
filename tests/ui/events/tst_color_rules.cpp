#include "ui/events/color_rules.h"

#include <QJsonDocument>
#include <QtTest>

using namespace sequela::ui;

class ColorRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsLegibleOnEveryColor()
    {
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            for (int color = 0; color < ruleColorCount; ++color) {
                const double ratio =
                    contrastRatio(tokenColor(scheme, Token::Text),
                                  ruleGround(scheme, static_cast<RuleColor>(color)));
                QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
            }
        }
    }

    void rulesComeBack()
    {
        const std::vector<ColorRule> rules{{"process.name == \"zsh\"", RuleColor::Red, true},
                                           {"network where true", RuleColor::Purple, false}};
        QVERIFY(restoreColorRules(saveColorRules(rules)) == rules);
    }

    void strangersRulesAreLookedAt_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no object") << QByteArray("[1, \"x\", null]");
        QTest::newRow("no condition") << QByteArray(R"([{"eql":"","color":"red"}])");
        QTest::newRow("unknown colour") << QByteArray(R"([{"eql":"a","color":"mauve"}])");
        QTest::newRow("hidden text")
            << QByteArray("[{\"eql\":\"a\xe2\x80\xae b\",") + QByteArray("\"color\":\"red\"}]");
    }
    void strangersRulesAreLookedAt()
    {
        QFETCH(const QByteArray, json);
        QVERIFY(restoreColorRules(QJsonDocument::fromJson(json).array()).empty());
    }

    void thereIsABound()
    {
        const std::vector<ColorRule> many(maxColorRules + 3, {"a", RuleColor::Blue, true});
        QCOMPARE(restoreColorRules(saveColorRules(many)).size(), maxColorRules);
    }
};

QTEST_GUILESS_MAIN(ColorRulesTest)
#include "tst_color_rules.moc"
