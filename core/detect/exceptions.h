#pragma once

#include "core/base/diagnostic.h"
#include "core/base/timestamp.h"
#include "core/engine/engine.h"
#include "core/rules/rule.h"
#include "core/schema/field_catalog.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::detect {

/// A condition under which events do not count, for one rule or for all (rules.md, "Alerts").
struct Exception {
    /// Saving under an id that exists replaces; empty: a new one is made.
    std::string id;
    /// Rule it is attached to; empty: all rules.
    std::string ruleId;
    /// An EQL condition as the filter bar takes it: `user.name == "backup"`.
    std::string condition;
    std::string comment;
    /// System user who wrote it.
    std::string author;
    std::optional<Timestamp> created;
    /// Has no effect in runs that start at this moment or later.
    std::optional<Timestamp> expires;
    bool enabled = true;

    bool operator==(const Exception&) const = default;
};

/// Whether an exception has effect in a run that starts at @p now.
[[nodiscard]] bool isInForce(const Exception& exception, Timestamp now);

/// The events that exceptions take away from each rule, found once for a run. Immutable.
class ExceptedEvents {
public:
    /// Evaluates those in force at @p now over the events of @p engine. A condition that does not
    /// bind has no effect and is in diagnostics(). Errors: the data could not be read, cancelled.
    [[nodiscard]] static Result<ExceptedEvents> find(std::span<const Exception> exceptions,
                                                     engine::Engine& engine,
                                                     const schema::FieldCatalog& catalog,
                                                     Timestamp now, std::stop_token stop = {});

    /// Events a rule must not see; null if there are none.
    [[nodiscard]] std::shared_ptr<const engine::EventSet> of(const rules::Rule& rule) const;
    /// What is wrong with conditions, located in them; `file` names the exception.
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return m_diagnostics; }
    [[nodiscard]] bool isEmpty() const { return !m_ofAll && m_ofRule.empty(); }

private:
    std::shared_ptr<const engine::EventSet> m_ofAll;
    /// Those of all rules are among them.
    std::map<std::string, std::shared_ptr<const engine::EventSet>, std::less<>> m_ofRule;
    std::vector<Diagnostic> m_diagnostics;
};

/// Events of either set; null where both are.
[[nodiscard]] std::shared_ptr<const engine::EventSet>
unionOf(std::shared_ptr<const engine::EventSet> left,
        std::shared_ptr<const engine::EventSet> right);

} // namespace sequela::detect
