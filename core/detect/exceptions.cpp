#include "core/detect/exceptions.h"

#include "core/base/text.h"
#include "core/eql/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sequela::detect {

namespace {

bool hasErrors(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

std::string nameOf(const Exception& exception)
{
    return fmt::format("exception {}", visibleText(exception.id));
}

} // namespace

bool isInForce(const Exception& exception, Timestamp now)
{
    return exception.enabled && (!exception.expires || now < *exception.expires);
}

std::shared_ptr<const engine::EventSet> unionOf(std::shared_ptr<const engine::EventSet> left,
                                                std::shared_ptr<const engine::EventSet> right)
{
    if (!left || !right) {
        return left ? std::move(left) : std::move(right);
    }
    engine::EventSet joined = *left;
    for (std::size_t word = 0; word < joined.words().size(); ++word) {
        joined.words()[word] |= right->words()[word];
    }
    return std::make_shared<const engine::EventSet>(std::move(joined));
}

Result<ExceptedEvents> ExceptedEvents::find(std::span<const Exception> exceptions,
                                            engine::Engine& engine,
                                            const schema::FieldCatalog& catalog, Timestamp now,
                                            std::stop_token stop)
{
    ExceptedEvents found;
    for (const Exception& exception : exceptions) {
        if (!isInForce(exception, now)) {
            continue;
        }
        eql::BindOptions options;
        options.now = now;
        eql::BindResult bound = eql::bindFilter(exception.condition, catalog, options);
        const bool isBroken = !bound.query || hasErrors(bound.diagnostics);
        for (Diagnostic& diagnostic : bound.diagnostics) {
            locate(diagnostic, exception.condition, nameOf(exception));
            found.m_diagnostics.push_back(std::move(diagnostic));
        }
        if (isBroken) {
            continue;
        }
        auto events = engine.select(*bound.query, {}, stop);
        if (!events) {
            return std::unexpected(std::move(events).error());
        }
        auto set = std::make_shared<const engine::EventSet>(std::move(*events));
        auto& target = exception.ruleId.empty() ? found.m_ofAll : found.m_ofRule[exception.ruleId];
        target = unionOf(std::move(target), std::move(set));
    }
    for (auto& [ruleId, events] : found.m_ofRule) {
        events = unionOf(std::move(events), found.m_ofAll);
    }
    return found;
}

std::shared_ptr<const engine::EventSet> ExceptedEvents::of(const rules::Rule& rule) const
{
    const auto own = m_ofRule.find(rule.id);
    return own == m_ofRule.end() ? m_ofAll : own->second;
}

} // namespace sequela::detect
