#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/rules/rule.h"
#include "core/workspace/workspace.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::workspace {

/// A field of an event of a draft with the values its document had, or had derived.
struct DraftField {
    std::string name;
    std::vector<detect::FieldText> values;
    bool redacted = false;

    bool operator==(const DraftField&) const = default;
};

struct DraftEvent {
    /// "a", "b", …: what the expectation calls it.
    std::string id;
    /// From the earliest event of the draft.
    std::int64_t offsetNs = 0;
    /// By name. Empty where the event had to be taken whole, see `document`.
    std::vector<DraftField> fields;
    /// The original document, where the rule needs more of it than fields can say (searches in
    /// arrays of objects).
    std::string document;
};

/// A test of a rule made of events of a case, small enough to read.
struct TestDraft {
    std::string name;
    std::vector<DraftEvent> events;
    /// Ids by stage, "" for a missing slot; empty: the rule must not match.
    std::vector<std::string> expected;
    /// Events and fields that the match did not need and that were left out.
    std::size_t droppedEvents = 0;
    std::size_t droppedFields = 0;
    /// Fields whose values could not be redacted: the match needs them.
    std::vector<std::string> notRedacted;
};

struct TestDraftRequest {
    /// With the query as it is to be tested.
    std::shared_ptr<const rules::Rule> rule;
    std::string name;
    /// By stage, nothing in a missing slot.
    std::vector<std::optional<EventNumber>> events;
    /// False: the events are a near miss, the rule must stay silent. They keep the fields that the
    /// query reads.
    bool expectsMatch = true;
};

/// Takes away what the match does not need, event by event and field by field, as long as the rule
/// still matches; times become relative. Errors: cancelled, unreadable data, `test-draft` if the
/// rule does not match these events alone (or matches a near miss).
[[nodiscard]] Result<TestDraft> draftTest(const Snapshot& snapshot, const TestDraftRequest& request,
                                          const std::stop_token& stop);

/// The draft with every value of @p fields replaced by a placeholder ("host-1", "user-2", a
/// documentation address), the same one for the same value everywhere, also inside other values. A
/// field that the outcome depends on keeps its values and is named in `notRedacted`. Errors:
/// cancelled.
[[nodiscard]] Result<TestDraft> redactTest(const TestDraft& draft,
                                           const std::vector<std::string>& fields,
                                           const rules::Rule& rule, const std::stop_token& stop);

/// Whether a field usually names a person or a machine: what a draft offers to redact first.
[[nodiscard]] bool isPersonal(const std::string& field);

/// The `[[test]]` of the draft as `NAME.tests.toml` holds it; reads back with readRuleTests.
[[nodiscard]] std::string testText(const TestDraft& draft, const rules::Rule& rule);

/// @p fileText with the test behind what is there; every other byte is kept.
[[nodiscard]] std::string appendTest(const std::string& fileText, const std::string& test);

} // namespace sequela::workspace
