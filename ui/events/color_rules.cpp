#include "ui/events/color_rules.h"

#include "core/engine/engine.h"
#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"

#include <QJsonObject>

#include <algorithm>
#include <array>

namespace sequela::ui {

namespace {

/// How much of the colour lies on the ground of a row.
constexpr double groundShare = 0.26;

struct ColorInfo {
    const char* name;
    Token token;
};
constexpr std::array<ColorInfo, ruleColorCount> colors{
    {{QT_TRANSLATE_NOOP("ColorRules", "red"), Token::Critical},
     {QT_TRANSLATE_NOOP("ColorRules", "orange"), Token::High},
     {QT_TRANSLATE_NOOP("ColorRules", "yellow"), Token::Medium},
     {QT_TRANSLATE_NOOP("ColorRules", "green"), Token::Gained},
     {QT_TRANSLATE_NOOP("ColorRules", "teal"), Token::File},
     {QT_TRANSLATE_NOOP("ColorRules", "blue"), Token::Process},
     {QT_TRANSLATE_NOOP("ColorRules", "purple"), Token::Network}}};

const ColorInfo& infoOf(RuleColor color)
{
    return colors.at(static_cast<std::size_t>(color));
}

} // namespace

QString ruleColorName(RuleColor color)
{
    return ColorRules::tr(infoOf(color).name);
}

QColor ruleGround(ColorScheme scheme, RuleColor color)
{
    return mixed(tokenColor(scheme, Token::Panel), ruleInk(scheme, color), groundShare);
}

QColor ruleInk(ColorScheme scheme, RuleColor color)
{
    return tokenColor(scheme, infoOf(color).token);
}

QJsonArray saveColorRules(const std::vector<ColorRule>& rules)
{
    QJsonArray saved;
    for (const ColorRule& rule : rules) {
        saved.append(QJsonObject{{QStringLiteral("eql"), text::fromUtf8(rule.condition)},
                                 {QStringLiteral("color"), QLatin1String(infoOf(rule.color).name)},
                                 {QStringLiteral("enabled"), rule.enabled}});
    }
    return saved;
}

std::vector<ColorRule> restoreColorRules(const QJsonArray& saved)
{
    std::vector<ColorRule> rules;
    for (const auto& entry : saved) {
        const QJsonObject object = entry.toObject();
        const QString name = object.value(QStringLiteral("color")).toString();
        const auto known = std::ranges::find_if(
            colors, [&name](const ColorInfo& info) { return name == QLatin1String(info.name); });
        const QString condition = object.value(QStringLiteral("eql")).toString();
        // A case may be a stranger's: what would not be seen in the line is not put there.
        const bool isPlain = text::visible(text::toUtf8(condition)) == condition;
        if (known == colors.end() || condition.isEmpty() || !isPlain
            || rules.size() == maxColorRules) {
            continue;
        }
        rules.push_back({text::toUtf8(condition), static_cast<RuleColor>(known - colors.begin()),
                         object.value(QStringLiteral("enabled")).toBool(true)});
    }
    return rules;
}

ColorRules::ColorRules(state::CaseSession& session, JobBoard* board, QObject* parent)
    : QObject(parent), m_session(session), m_job(board)
{
    connect(&session, &state::CaseSession::caseOpened, this, [this] {
        // The numbers of one case's events are other events in the next.
        m_current = {};
        evaluate();
    });
    connect(&session, &state::CaseSession::snapshotChanged, this, &ColorRules::evaluate);
}

ColorRules::~ColorRules() = default;

void ColorRules::setRules(std::vector<ColorRule> rules)
{
    rules.resize(std::min(rules.size(), maxColorRules));
    if (rules == m_rules) {
        return;
    }
    m_rules = std::move(rules);
    m_current.outcomes.clear();
    Q_EMIT rulesChanged();
    evaluate();
}

bool ColorRules::add(ColorRule rule)
{
    if (m_rules.size() >= maxColorRules) {
        return false;
    }
    std::vector<ColorRule> rules = m_rules;
    std::erase_if(rules,
                  [&rule](const ColorRule& each) { return each.condition == rule.condition; });
    rules.insert(rules.begin(), std::move(rule));
    setRules(std::move(rules));
    return true;
}

std::optional<RuleColor> ColorRules::colorOf(EventNumber event) const
{
    for (const Colored& colored : m_current.colored) {
        // The case may have grown since.
        if (event.value() < colored.events->eventCount() && colored.events->contains(event)) {
            return colored.color;
        }
    }
    return std::nullopt;
}

const ColorRules::Outcome* ColorRules::outcome(std::size_t index) const
{
    return index < m_current.outcomes.size() ? &m_current.outcomes[index] : nullptr;
}

void ColorRules::evaluate()
{
    const auto workspace = m_session.workspace();
    if (!workspace || m_rules.empty()) {
        m_job.cancel();
        m_current = {};
        Q_EMIT evaluated();
        return;
    }
    m_job.start<Evaluation>(
        tr("Colouring events"),
        [workspace, rules = m_rules](const std::stop_token& stop, Progress&) -> Result<Evaluation> {
            Evaluation result;
            for (const ColorRule& rule : rules) {
                Outcome& outcome = result.outcomes.emplace_back();
                auto answer = workspace->filter(rule.condition, stop);
                if (!answer) {
                    return std::unexpected(std::move(answer).error());
                }
                const auto worst =
                    std::ranges::min_element(answer->diagnostics, {}, &Diagnostic::severity);
                if (worst != answer->diagnostics.end() && worst->severity != Severity::Note) {
                    outcome.problem = *worst;
                }
                if (!answer->events) {
                    continue;
                }
                outcome.eventCount = answer->events->count();
                if (rule.enabled) {
                    result.colored.push_back({rule.color, std::make_shared<const engine::EventSet>(
                                                              std::move(*answer->events))});
                }
            }
            return result;
        },
        [this](Result<Evaluation> result) {
            if (!result) {
                Q_EMIT m_session.failed(result.error());
                return;
            }
            m_current = std::move(*result);
            Q_EMIT evaluated();
        });
}

} // namespace sequela::ui
