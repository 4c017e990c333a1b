#include "core/rules/limits.h"
#include "core/rules/rule_set.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace sequela;
using namespace sequela::rules;

class RuleSetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void accountsForEveryFile();
    void readsAnyNameThatIsNamed();
    void notesDuplicates();
    void missingPathIsAnError();
    void emptyFolderIsASet();
    void linksToFoldersAreNotFollowed();
    void deepFoldersAreNoted();
    void hugeFileIsListed();
    void exportLineTooLong();
    void hugeExportIsListed();
    void tooManyFilesAreNoted();
    void cancels();

private:
    void write(const QString& name, const QByteArray& text);
    [[nodiscard]] std::filesystem::path path(const QString& name = {}) const;
    [[nodiscard]] Result<RuleSet> load(const QString& name = {}) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

QByteArray ruleText(const QByteArray& id, const QByteArray& type = "eql")
{
    return "[rule]\nname = \"n\"\nrule_id = \"" + id + "\"\nseverity = \"low\"\nrisk_score = 21\n"
           + "type = \"" + type + "\"\nquery = 'any where true'\n";
}

} // namespace

void RuleSetTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void RuleSetTest::write(const QString& name, const QByteArray& text)
{
    QFile file(m_folder->filePath(name));
    QVERIFY(QFileInfo(file).dir().mkpath("."));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

std::filesystem::path RuleSetTest::path(const QString& name) const
{
    return m_folder->filePath(name).toStdString();
}

Result<RuleSet> RuleSetTest::load(const QString& name) const
{
    const std::filesystem::path paths[] = {path(name)};
    return loadRules(paths);
}

void RuleSetTest::accountsForEveryFile()
{
    write("b/good.toml", ruleText("1"));
    write("b/good.tests.toml", "[[test]]\nname='t'\nexpect=0\n");
    write("a/esql.toml", ruleText("2", "esql"));
    write("a/broken.toml", "[rule");
    write("pyproject.toml", "[tool.x]\na=1\n");
    write("orphan.tests.toml", "");
    write("export.ndjson", "{\"exported_count\":0}\n");
    write(".git/config.toml", ruleText("3"));
    write("README.md", "not TOML");
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->entries().size(), std::size_t{5});
    QCOMPARE(set->count(RuleStatus::Loaded), std::size_t{1});
    QCOMPARE(set->count(RuleStatus::NotRun), std::size_t{1});
    QCOMPARE(set->count(RuleStatus::Broken), std::size_t{1});
    QCOMPARE(set->count(RuleStatus::NotARule), std::size_t{2});
    QVERIFY(std::ranges::is_sorted(set->entries(), {}, &RuleEntry::path));
    const RuleEntry* good = set->find("1");
    QVERIFY(good != nullptr && good->testFile.ends_with("b/good.tests.toml"));
    QVERIFY(set->find("3") == nullptr);
    QCOMPARE(set->runnable().size(), std::size_t{1});
    QCOMPARE(set->diagnostics().size(), std::size_t{1});
    QVERIFY(set->diagnostics().at(0).file.ends_with("orphan.tests.toml"));
}

void RuleSetTest::readsAnyNameThatIsNamed()
{
    write("rule.txt", ruleText("1"));
    const auto set = load("rule.txt");
    QVERIFY(set.has_value());
    QCOMPARE(set->count(RuleStatus::Loaded), std::size_t{1});
}

void RuleSetTest::notesDuplicates()
{
    write("a.toml", ruleText("same"));
    write("b.toml", ruleText("same"));
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->count(RuleStatus::Loaded), std::size_t{2});
    QCOMPARE(set->diagnostics().size(), std::size_t{1});
    QCOMPARE(QByteArray::fromStdString(set->diagnostics().at(0).code),
             QByteArray("rule-duplicate-id"));
    // The same file reached by two paths is one file.
    const std::filesystem::path paths[] = {path("a.toml"), path("./a.toml")};
    QCOMPARE(loadRules(paths)->entries().size(), std::size_t{1});
}

void RuleSetTest::missingPathIsAnError()
{
    const auto set = load("nowhere");
    QVERIFY(!set.has_value());
    QCOMPARE(QByteArray::fromStdString(set.error().code), QByteArray("rule-path"));
}

void RuleSetTest::emptyFolderIsASet()
{
    const auto set = load();
    QVERIFY(set.has_value());
    QVERIFY(set->entries().empty());
}

void RuleSetTest::linksToFoldersAreNotFollowed()
{
    write("a/r.toml", ruleText("1"));
    QVERIFY(QFile::link(m_folder->path(), m_folder->filePath("a/loop")));
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->entries().size(), std::size_t{1});
}

void RuleSetTest::deepFoldersAreNoted()
{
    QString deep;
    for (std::size_t i = 0; i <= limits::maxFolderDepth; ++i) {
        deep += "d/";
    }
    write(deep + "r.toml", ruleText("1"));
    const auto set = load();
    QVERIFY(set.has_value());
    QVERIFY(set->entries().empty());
    QCOMPARE(set->diagnostics().size(), std::size_t{1});
}

void RuleSetTest::hugeFileIsListed()
{
    write("huge.toml", QByteArray(static_cast<qsizetype>(limits::maxRuleFileBytes) + 1, '#'));
    write("small.toml", ruleText("1"));
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->count(RuleStatus::Broken), std::size_t{1});
    QCOMPARE(set->count(RuleStatus::Loaded), std::size_t{1});
    QCOMPARE(QByteArray::fromStdString(set->entries().at(0).diagnostics.at(0).code),
             QByteArray("rule-too-large"));
}

void RuleSetTest::exportLineTooLong()
{
    write("e.ndjson", "{\"name\":\""
                          + QByteArray(static_cast<qsizetype>(limits::maxExportLineBytes), 'x')
                          + "\"}\n{\"exported_count\":0}\n");
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->entries().size(), std::size_t{2});
    QCOMPARE(set->entries().at(0).status, RuleStatus::Broken);
}

void RuleSetTest::hugeExportIsListed()
{
    write("e.ndjson", {});
    // A hole: takes no room on the disk.
    std::filesystem::resize_file(path("e.ndjson"), limits::maxExportFileBytes + 1);
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->count(RuleStatus::Broken), std::size_t{1});
    QCOMPARE(QByteArray::fromStdString(set->entries().at(0).diagnostics.at(0).code),
             QByteArray("rule-too-large"));
}

void RuleSetTest::tooManyFilesAreNoted()
{
    write("0.toml", {});
    for (std::size_t i = 1; i <= limits::maxFiles; ++i) {
        std::filesystem::create_hard_link(path("0.toml"),
                                          path(QString::number(i) + QStringLiteral(".toml")));
    }
    const auto set = load();
    QVERIFY(set.has_value());
    QCOMPARE(set->entries().size(), limits::maxFiles);
    QCOMPARE(set->diagnostics().size(), std::size_t{1});
}

void RuleSetTest::cancels()
{
    write("a.toml", ruleText("1"));
    std::stop_source stop;
    stop.request_stop();
    const std::filesystem::path paths[] = {path()};
    const auto set = loadRules(paths, stop.get_token());
    QVERIFY(!set.has_value() || set->entries().empty());
    const std::filesystem::path file[] = {path("a.toml")};
    const auto cancelled = loadRules(file, stop.get_token());
    QVERIFY(!cancelled.has_value() && isCancelled(cancelled.error()));
}

QTEST_GUILESS_MAIN(RuleSetTest)
#include "tst_rule_set.moc"
