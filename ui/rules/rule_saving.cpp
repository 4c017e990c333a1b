#include "ui/rules/rule_saving.h"

#include "core/rules/rule_file.h"
#include "core/rules/rule_set.h"
#include "ui/text/event_text.h"

#include <QSaveFile>

namespace sequela::ui {

Result<std::string> saveRuleQuery(const std::filesystem::path& path, const std::string& savedQuery,
                                  const std::string& query)
{
    auto before = rules::readRuleText(path);
    if (!before) {
        return before;
    }
    const rules::RuleEntry onDisk = rules::readRuleToml(*before, path.string());
    if (onDisk.rule && onDisk.rule->query.text != savedQuery) {
        Diagnostic error = makeError("rule-changed-outside",
                                     "the query in the file was changed by another program",
                                     "revert to take over the file's query, then edit again");
        error.file = path.string();
        return std::unexpected(std::move(error));
    }
    auto after = rules::replaceQuery(*before, query);
    if (!after) {
        return after;
    }
    QSaveFile file(text::fromUtf8(path.string()));
    const auto size = static_cast<qint64>(after->size());
    if (!file.open(QIODevice::WriteOnly) || file.write(after->data(), size) != size
        || !file.commit()) {
        Diagnostic error =
            makeError("rule-not-written",
                      "the rule could not be written: " + text::toUtf8(file.errorString()),
                      "check permissions and free space; the old file is as it was");
        error.file = path.string();
        return std::unexpected(std::move(error));
    }
    return after;
}

} // namespace sequela::ui
