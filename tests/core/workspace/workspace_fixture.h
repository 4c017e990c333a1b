#pragma once

#include "core/rules/rule_set.h"
#include "core/workspace/workspace.h"

#include <QFile>
#include <QString>
#include <QTemporaryDir>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::workspace::testing {

inline bool writeFile(const QString& path, std::string_view text, bool append = false)
{
    QFile file(path);
    const auto mode = append ? QIODevice::Append : QIODevice::WriteOnly;
    return file.open(mode)
           && file.write(text.data(), static_cast<qint64>(text.size()))
                  == static_cast<qint64>(text.size());
}

/// Process and network events of two hosts.
inline std::string sampleEvents()
{
    return R"({"@timestamp":"2024-01-01T00:00:00Z","event":{"id":"a","category":"process"},"host":{"id":"h1","name":"mac"},"user":{"name":"u"},"process":{"name":"osascript","pid":7}}
{"@timestamp":"2024-01-01T00:00:10Z","event":{"id":"b","category":"process"},"host":{"id":"h1","name":"mac"},"user":{"name":"backup"},"process":{"name":"osascript","pid":7}}
{"@timestamp":"2024-01-01T00:00:20Z","event":{"id":"c","category":"network"},"host":{"id":"h1","name":"mac"},"process":{"name":"osascript","pid":7},"destination":{"port":4444}}
{"@timestamp":"2024-01-01T00:00:30Z","event":{"id":"d","category":"network"},"host":{"id":"h2","name":"pc"},"process":{"name":"curl","pid":9}}
)";
}

inline rules::RuleEntry rule(std::string_view id, std::string_view query,
                             std::string_view more = {})
{
    std::string text = "[rule]\nname = \"Rule ";
    text.append(id).append("\"\nrule_id = \"").append(id);
    text.append("\"\nseverity = \"medium\"\nrisk_score = 47\ntype = \"eql\"\nlanguage = \"eql\"\n");
    text.append("query = '''\n").append(query).append("\n'''\n").append(more);
    return rules::readRuleToml(text, std::string(id) + ".toml");
}

inline std::shared_ptr<const rules::RuleSet> ruleSet(std::vector<rules::RuleEntry> entries)
{
    auto set = std::make_shared<rules::RuleSet>();
    set->append(std::move(entries));
    return set;
}

inline Result<ImportOutcome> import(Workspace& workspace, const std::vector<QString>& paths)
{
    ImportRequest request;
    for (const QString& path : paths) {
        request.paths.emplace_back(path.toStdString());
    }
    Progress progress;
    return workspace.import(request, progress);
}

inline Result<std::shared_ptr<const detect::Detection>>
run(Workspace& workspace, const detect::DetectOptions& options = {})
{
    Progress progress;
    return workspace.detect(options, progress);
}

inline detect::Exception exceptionOn(std::string condition, std::string ruleId = {})
{
    detect::Exception exception;
    exception.ruleId = std::move(ruleId);
    exception.condition = std::move(condition);
    return exception;
}

inline detect::Verdict verdictOf(detect::VerdictStatus status,
                                 detect::VerdictReason reason = detect::VerdictReason::None)
{
    detect::Verdict verdict;
    verdict.status = status;
    verdict.reason = reason;
    return verdict;
}

inline Note noteOn(std::string subjectKind, std::string text)
{
    Note note;
    note.subjectKind = std::move(subjectKind);
    note.text = std::move(text);
    return note;
}

/// Event ids of alerts, one word an alert: "h1/a,h1/c".
inline std::string alertsOf(const std::vector<detect::Alert>& alerts)
{
    std::string text;
    for (const detect::Alert& alert : alerts) {
        text += text.empty() ? "" : " ";
        for (std::size_t stage = 0; stage < alert.stages.size(); ++stage) {
            text += (stage == 0 ? "" : ",") + alert.stages[stage].identity;
        }
    }
    return text;
}

} // namespace sequela::workspace::testing
