#include "ui/rules/rule_files.h"

#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"
#include "core/workspace/rule_draft.h"
#include "core/workspace/test_draft.h"
#include "ui/text/event_text.h"

#include <QSaveFile>

#include <cctype>
#include <system_error>

namespace sequela::ui {

namespace {

Diagnostic fileError(const char* code, const std::filesystem::path& file, std::string message,
                     const char* hint)
{
    Diagnostic error = makeError(code, std::move(message), hint);
    error.file = file.string();
    return error;
}

Result<bool> mustBeNew(const std::filesystem::path& file)
{
    std::error_code failure;
    if (std::filesystem::exists(file, failure)) {
        return std::unexpected(
            fileError("rule-exists", file, "a file of this name is there", "choose another name"));
    }
    return true;
}

} // namespace

Result<bool> writeWhole(const std::filesystem::path& file, const std::string& text)
{
    QSaveFile target(text::fromUtf8(file.string()));
    const auto size = static_cast<qint64>(text.size());
    if (!target.open(QIODevice::WriteOnly) || target.write(text.data(), size) != size
        || !target.commit()) {
        return std::unexpected(
            fileError("rule-not-written", file,
                      "the file could not be written: " + text::toUtf8(target.errorString()),
                      "check permissions and free space; the old file is as it was"));
    }
    return true;
}

Result<bool> appendToTestFile(const std::filesystem::path& file, const std::string& test)
{
    std::string before;
    std::error_code failure;
    if (std::filesystem::exists(file, failure)) {
        auto content = rules::readRuleText(file);
        if (!content) {
            return std::unexpected(std::move(content).error());
        }
        before = std::move(*content);
    }
    const std::string after = workspace::appendTest(before, test);
    const rules::RuleTestFile known = rules::readRuleTests(before, file.string());
    const rules::RuleTestFile read = rules::readRuleTests(after, file.string());
    if (!before.empty() && read.tests.size() != known.tests.size() + 1) {
        return std::unexpected(fileError("rule-test", file,
                                         "the test file cannot be added to as it is",
                                         "mend what the Tests page says about it first"));
    }
    return writeWhole(file, after);
}

Result<bool> createRule(const std::filesystem::path& file, const std::string& text)
{
    SEQUELA_TRY(mustBeNew(file));
    return writeWhole(file, text);
}

Result<bool> duplicateRule(const std::filesystem::path& from, const std::filesystem::path& to,
                           const std::string& name, const std::string& ruleId)
{
    SEQUELA_TRY(mustBeNew(to));
    auto text = rules::readRuleText(from);
    if (!text) {
        return std::unexpected(std::move(text).error());
    }
    auto copy = workspace::copiedRuleText(*text, name, ruleId);
    if (!copy) {
        return std::unexpected(std::move(copy).error());
    }
    return writeWhole(to, *copy);
}

Result<bool> moveRule(const std::filesystem::path& from, const std::filesystem::path& to)
{
    SEQUELA_TRY(mustBeNew(to));
    const std::filesystem::path tests = rules::testFileOf(from);
    const std::filesystem::path newTests = rules::testFileOf(to);
    std::error_code failure;
    const bool hasTests = std::filesystem::exists(tests, failure);
    if (hasTests) {
        SEQUELA_TRY(mustBeNew(newTests));
    }
    std::filesystem::rename(from, to, failure);
    if (!failure && hasTests) {
        std::filesystem::rename(tests, newTests, failure);
        if (failure) {
            std::error_code ignored;
            std::filesystem::rename(to, from, ignored);
        }
    }
    if (failure) {
        return std::unexpected(fileError("rule-not-moved", from,
                                         "the rule could not be moved: " + failure.message(),
                                         "check the folder and its permissions"));
    }
    return true;
}

std::string fileNameFor(const std::string& ruleName)
{
    std::string name;
    for (const char c : ruleName) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && std::isalnum(byte) != 0) {
            name += static_cast<char>(std::tolower(byte));
        } else if (!name.empty() && name.back() != '_') {
            name += '_';
        }
    }
    while (name.ends_with('_')) {
        name.pop_back();
    }
    return (name.empty() ? std::string("rule") : name) + ".toml";
}

} // namespace sequela::ui
