#pragma once

#include "core/base/diagnostic.h"
#include "core/base/strong_id.h"
#include "ui/jobs/job_runner.h"
#include "ui/theme/palette.h"

#include <QJsonArray>
#include <QObject>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sequela::engine {
class EventSet;
} // namespace sequela::engine

namespace sequela::ui::state {
class CaseSession;
} // namespace sequela::ui::state

namespace sequela::ui {

/// What a colour rule paints with; both themes have them all.
enum class RuleColor : std::uint8_t { Red, Orange, Yellow, Green, Teal, Blue, Purple };
inline constexpr int ruleColorCount = static_cast<int>(RuleColor::Purple) + 1;

/// "red", for the eye; the same words are kept in settings and cases.
[[nodiscard]] QString ruleColorName(RuleColor color);
/// Behind the text of a row: `Token::Text` stays legible on it.
[[nodiscard]] QColor ruleGround(ColorScheme scheme, RuleColor color);
/// The mark at the row's end and the swatch in the list.
[[nodiscard]] QColor ruleInk(ColorScheme scheme, RuleColor color);

/// Events that a condition holds for get a colour.
struct ColorRule {
    /// As in the filter bar: a condition, an event query or a word.
    std::string condition;
    RuleColor color = RuleColor::Yellow;
    bool enabled = true;

    bool operator==(const ColorRule&) const = default;
};

/// For settings and cases. Reading skips what is malformed and stops at `maxColorRules`.
[[nodiscard]] QJsonArray saveColorRules(const std::vector<ColorRule>& rules);
[[nodiscard]] std::vector<ColorRule> restoreColorRules(const QJsonArray& saved);

inline constexpr std::size_t maxColorRules = 40;

/// The colour rules of the event table, the first that holds wins. Evaluated in a job whenever the
/// rules or the events change; until then the colours are the old ones. GUI thread only.
class ColorRules : public QObject {
    Q_OBJECT

public:
    /// What became of one rule.
    struct Outcome {
        std::uint64_t eventCount = 0;
        std::optional<Diagnostic> problem;
    };

    ColorRules(state::CaseSession& session, JobBoard* board, QObject* parent = nullptr);
    ~ColorRules() override;

    [[nodiscard]] const std::vector<ColorRule>& rules() const { return m_rules; }
    /// Rules beyond maxColorRules are left out.
    void setRules(std::vector<ColorRule> rules);
    /// Puts a rule before all others. False if there are too many already.
    bool add(ColorRule rule);
    /// A few lookups in bit sets: fit for painting.
    [[nodiscard]] std::optional<RuleColor> colorOf(EventNumber event) const;
    /// Of the rule at @p index; null while it is not evaluated.
    [[nodiscard]] const Outcome* outcome(std::size_t index) const;

Q_SIGNALS:
    void rulesChanged();
    /// Colours and outcomes are those of the rules now.
    void evaluated();

private:
    void evaluate();

    struct Colored {
        RuleColor color;
        std::shared_ptr<const engine::EventSet> events;
    };
    struct Evaluation {
        std::vector<Colored> colored;
        std::vector<Outcome> outcomes;
    };

    state::CaseSession& m_session;
    std::vector<ColorRule> m_rules;
    Evaluation m_current;
    JobRunner m_job;
};

} // namespace sequela::ui
