#include "core/workspace/test_draft.h"

#include "core/base/timestamp.h"
#include "core/detect/alert_builder.h"
#include "core/detect/detection.h"
#include "core/detect/event_reader.h"
#include "core/detect/rule_test_run.h"
#include "core/eql/binder.h"
#include "core/rules/rule_test.h"
#include "core/workspace/limits.h"
#include "core/workspace/test_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace sequela::workspace {

namespace {

/// Whether the rule does what the draft expects.
Result<bool> holds(const TestDraft& draft, const rules::Rule& rule, const std::stop_token& stop)
{
    const rules::RuleTestFile file = rules::readRuleTests(testText(draft, rule), "draft");
    if (file.tests.size() != 1) {
        return false;
    }
    auto result = detect::runRuleTest(rule, file.tests.front(), stop);
    if (!result) {
        return std::unexpected(std::move(result).error());
    }
    return result->passed;
}

/// Fields that a rule looks at: query, category, join keys, filters, time, tiebreaker.
std::set<std::string> fieldsRead(const Snapshot& snapshot, const rules::Rule& rule)
{
    std::set<std::string> names{"event.category", detect::timestampFieldOf(rule)};
    const auto take = [&names](const eql::BindResult& bound) {
        if (bound.query) {
            for (const eql::BoundField& field : bound.query->fields) {
                names.insert(field.name);
            }
        }
    };
    const eql::BindOptions options = detect::bindOptionsOf(rule);
    names.insert(options.eventCategoryField);
    take(eql::bindQuery(rule.query.text, *snapshot.catalog, options));
    const std::string condition = rules::conditionOf(rule.filters);
    if (!condition.empty()) {
        take(eql::bindFilter(condition, *snapshot.catalog, {}));
    }
    return names;
}

class Drafter {
public:
    Drafter(const Snapshot& snapshot, const TestDraftRequest& request, const std::stop_token& stop)
        : m_snapshot(snapshot),
          m_request(request),
          m_rule(*request.rule),
          m_stop(stop),
          m_reader(*snapshot.events),
          m_timeField(detect::timestampFieldOf(*request.rule))
    {
    }

    Result<TestDraft> draft()
    {
        SEQUELA_TRY(readEvents());
        const TestDraft whole = m_draft;
        keepFieldsRead();
        auto matches = holds(m_draft, m_rule, m_stop);
        if (!matches) {
            return std::unexpected(std::move(matches).error());
        }
        if (!*matches) {
            // More than the names in the query matters: derived fields, aliases, nested objects.
            m_draft = whole;
            SEQUELA_TRY(takeWholeIfNeeded());
        }
        if (m_request.expectsMatch) {
            SEQUELA_TRY(dropEvents());
            SEQUELA_TRY(dropFields());
        }
        return std::move(m_draft);
    }

private:
    Result<void> readEvents()
    {
        m_draft.name = m_request.name;
        std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
        std::map<std::uint32_t, std::string> ids;
        for (const auto& event : m_request.events) {
            if (!event) {
                m_draft.expected.emplace_back();
                continue;
            }
            auto [known, isNew] = ids.emplace(event->value(), std::string());
            if (isNew) {
                known->second = idOf(ids.size() - 1);
                auto time = m_reader.time(*event, m_timeField);
                if (!time) {
                    return std::unexpected(std::move(time).error());
                }
                DraftEvent& made = m_draft.events.emplace_back();
                made.id = known->second;
                made.offsetNs = *time ? (*time)->nanoseconds() : 0;
                m_numbers.emplace(made.id, *event);
                earliest = std::min(earliest, made.offsetNs);
                SEQUELA_TRY(readFields(*event, made));
            }
            m_draft.expected.push_back(known->second);
        }
        for (DraftEvent& event : m_draft.events) {
            event.offsetNs -= earliest;
        }
        if (!m_request.expectsMatch) {
            m_draft.expected.clear();
        }
        return {};
    }

    /// a, b, … z, e27, e28 …
    static std::string idOf(std::size_t index)
    {
        return index < 26 ? std::string(1, static_cast<char>('a' + index))
                          : fmt::format("e{}", index + 1);
    }

    Result<void> readFields(EventNumber event, DraftEvent& draft)
    {
        for (const schema::SeenField& seen : m_snapshot.events->fields()) {
            if (m_stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            if (seen.name == "@timestamp" || draft.fields.size() == limits::maxDraftFields) {
                continue;
            }
            auto stored = m_reader.values(event, seen.name);
            if (!stored) {
                return std::unexpected(std::move(stored).error());
            }
            if (!stored->values.empty()) {
                draft.fields.push_back({seen.name, std::move(stored->values), false});
            }
        }
        std::ranges::sort(draft.fields, {}, &DraftField::name);
        return {};
    }

    void keepFieldsRead()
    {
        const std::set<std::string> read = fieldsRead(m_snapshot, m_rule);
        for (DraftEvent& event : m_draft.events) {
            m_draft.droppedFields += std::erase_if(event.fields, [&read](const DraftField& field) {
                return !read.contains(field.name);
            });
        }
    }

    /// With all fields as they are; failing that, with the documents themselves.
    Result<void> takeWholeIfNeeded()
    {
        auto matches = holds(m_draft, m_rule, m_stop);
        if (!matches) {
            return std::unexpected(std::move(matches).error());
        }
        if (*matches) {
            return {};
        }
        for (DraftEvent& event : m_draft.events) {
            auto document = m_snapshot.events->document(m_numbers.at(event.id));
            if (!document) {
                return std::unexpected(std::move(document).error());
            }
            event.document = std::move(*document);
            event.fields.clear();
        }
        matches = holds(m_draft, m_rule, m_stop);
        if (!matches) {
            return std::unexpected(std::move(matches).error());
        }
        if (!*matches) {
            return std::unexpected(
                m_request.expectsMatch
                    ? makeError("test-draft", "the rule does not match these events alone",
                                "other events take part in the match (an ancestor, for instance); "
                                "write the test by hand")
                    : makeError("test-draft", "the rule matches these events",
                                "a near miss is a test only while the rule stays silent"));
        }
        return {};
    }

    Result<void> dropEvents()
    {
        for (std::size_t at = m_draft.events.size(); at-- > 0 && m_draft.events.size() > 1;) {
            TestDraft smaller = m_draft;
            const std::string id = smaller.events[at].id;
            if (std::ranges::find(smaller.expected, id) != smaller.expected.end()) {
                // The expectation names it; a match without it would be another one.
                continue;
            }
            smaller.events.erase(smaller.events.begin() + static_cast<std::ptrdiff_t>(at));
            auto matches = holds(smaller, m_rule, m_stop);
            if (!matches) {
                return std::unexpected(std::move(matches).error());
            }
            if (*matches) {
                m_draft = std::move(smaller);
                ++m_draft.droppedEvents;
            }
        }
        return {};
    }

    /// Tries runs of fields, then halves of them, down to single ones.
    Result<void> dropFields()
    {
        for (std::size_t event = 0; event < m_draft.events.size(); ++event) {
            std::size_t size = m_draft.events[event].fields.size();
            while (size > 0) {
                for (std::size_t at = 0; at < m_draft.events[event].fields.size();) {
                    auto dropped = tryWithout(event, at, size);
                    if (!dropped) {
                        return std::unexpected(std::move(dropped).error());
                    }
                    if (!*dropped) {
                        at += size;
                    }
                }
                size /= 2;
            }
        }
        return {};
    }

    Result<bool> tryWithout(std::size_t event, std::size_t first, std::size_t count)
    {
        TestDraft smaller = m_draft;
        auto& fields = smaller.events[event].fields;
        const std::size_t last = std::min(first + count, fields.size());
        fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(first),
                     fields.begin() + static_cast<std::ptrdiff_t>(last));
        auto matches = holds(smaller, m_rule, m_stop);
        if (!matches || !*matches) {
            return matches;
        }
        smaller.droppedFields += last - first;
        m_draft = std::move(smaller);
        return true;
    }

    const Snapshot& m_snapshot;
    const TestDraftRequest& m_request;
    const rules::Rule& m_rule;
    std::stop_token m_stop;
    detect::EventReader m_reader;
    std::string m_timeField;
    std::map<std::string, EventNumber> m_numbers;
    TestDraft m_draft;
};

/// What stands for redacted values, by what the field names.
std::string placeholderKind(const std::string& field)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kinds{
        {{"user", "user"},
         {"host", "host"},
         {"agent", "host"},
         {"entity_id", "process"},
         {"hash", "hash"},
         {"domain", "name"},
         {"email", "mail"}}};
    for (const auto& [part, kind] : kinds) {
        if (field.find(part) != std::string::npos) {
            return std::string(kind);
        }
    }
    return "value";
}

bool isAddressField(const std::string& field)
{
    return field.ends_with(".ip") || field == "ip";
}

/// Replaces @p value by @p placeholder wherever it stands; as a part of a longer value only if it
/// is long enough not to stand there by chance.
void replaceEverywhere(TestDraft& draft, const std::string& value, const std::string& placeholder)
{
    constexpr std::size_t shortestPart = 4;
    for (DraftEvent& event : draft.events) {
        for (DraftField& field : event.fields) {
            for (detect::FieldText& text : field.values) {
                if (text.kind != schema::ValueKind::String) {
                    continue;
                }
                if (text.text == value) {
                    text.text = placeholder;
                } else if (value.size() >= shortestPart) {
                    for (std::size_t at = text.text.find(value); at != std::string::npos;
                         at = text.text.find(value, at + placeholder.size())) {
                        text.text.replace(at, value.size(), placeholder);
                    }
                }
            }
        }
    }
}

std::vector<std::string> valuesOf(const TestDraft& draft, const std::string& name)
{
    std::vector<std::string> values;
    for (const DraftEvent& event : draft.events) {
        for (const DraftField& field : event.fields) {
            if (field.name != name) {
                continue;
            }
            for (const detect::FieldText& text : field.values) {
                if (text.kind == schema::ValueKind::String
                    && std::ranges::find(values, text.text) == values.end()) {
                    values.push_back(text.text);
                }
            }
        }
    }
    return values;
}

/// A name of a kind that is not in use yet.
std::string freshName(std::map<std::string, int>& used, const std::string& kind)
{
    return fmt::format("{}-{}", kind, ++used[kind]);
}

std::vector<std::string> placeholdersFor(const std::string& field, std::map<std::string, int>& used)
{
    if (!isAddressField(field)) {
        return {freshName(used, placeholderKind(field))};
    }
    // Documentation addresses first; rules that look for public ones exclude those, too.
    const int number = ++used["address"];
    return {fmt::format("192.0.2.{}", number % 250), fmt::format("10.0.0.{}", number % 250),
            fmt::format("8.8.8.{}", number % 250)};
}

} // namespace

Result<TestDraft> draftTest(const Snapshot& snapshot, const TestDraftRequest& request,
                            const std::stop_token& stop)
{
    return Drafter(snapshot, request, stop).draft();
}

Result<TestDraft> redactTest(const TestDraft& draft, const std::vector<std::string>& fields,
                             const rules::Rule& rule, const std::stop_token& stop)
{
    TestDraft current = draft;
    current.notRedacted.clear();
    std::map<std::string, int> used;
    for (const std::string& name : fields) {
        bool wasKept = false;
        for (const std::string& value : valuesOf(current, name)) {
            bool replaced = false;
            for (const std::string& placeholder : placeholdersFor(name, used)) {
                TestDraft redacted = current;
                replaceEverywhere(redacted, value, placeholder);
                auto matches = holds(redacted, rule, stop);
                if (!matches) {
                    return std::unexpected(std::move(matches).error());
                }
                if (*matches) {
                    current = std::move(redacted);
                    replaced = true;
                    break;
                }
            }
            wasKept = wasKept || !replaced;
        }
        if (wasKept) {
            current.notRedacted.push_back(name);
            continue;
        }
        for (DraftEvent& event : current.events) {
            for (DraftField& field : event.fields) {
                field.redacted = field.redacted || field.name == name;
            }
        }
    }
    return current;
}

bool isPersonal(const std::string& field)
{
    static constexpr std::array<std::string_view, 10> parts{
        "user.",    "host.name", "host.hostname", "host.id",   "host.ip",
        "host.mac", "agent.",    "email",         "entity_id", "source.ip"};
    return std::ranges::any_of(
        parts, [&field](std::string_view part) { return field.find(part) != std::string::npos; });
}

std::string appendTest(const std::string& fileText, const std::string& test)
{
    std::string text = fileText;
    if (!text.empty()) {
        if (!text.ends_with('\n')) {
            text += '\n';
        }
        text += '\n';
    }
    return text + test;
}

} // namespace sequela::workspace
