#include "core/eql/binder_scope.h"

#include "core/base/similar_names.h"
#include "core/base/text.h"
#include "core/eql/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

Diagnostic& BinderScope::add(Severity severity, std::string_view code, SourceSpan span,
                             std::string message)
{
    m_hasErrors = m_hasErrors || severity == Severity::Error;
    if (m_diagnostics.size() > limits::maximumDiagnostics) {
        // Only the last place is kept in reserve: what comes after the bound is counted by nobody.
        m_diagnostics.back() = Diagnostic{};
        m_diagnostics.back().code = "eql-too-many-problems";
        m_diagnostics.back().severity = m_hasErrors ? Severity::Error : Severity::Warning;
        m_diagnostics.back().message =
            fmt::format("More than {} problems; the rest is not shown", limits::maximumDiagnostics);
        m_diagnostics.back().span = SourceSpan{m_text.size(), m_text.size()};
        return m_surplus = Diagnostic{};
    }
    Diagnostic& diagnostic = m_diagnostics.emplace_back();
    diagnostic.code = code;
    diagnostic.severity = severity;
    diagnostic.message = std::move(message);
    diagnostic.span = span;
    return diagnostic;
}

std::vector<Diagnostic> BinderScope::takeDiagnostics()
{
    std::ranges::stable_sort(m_diagnostics, [](const Diagnostic& left, const Diagnostic& right) {
        return left.span->begin < right.span->begin;
    });
    const auto [first, last] = std::ranges::unique(m_diagnostics);
    m_diagnostics.erase(first, last);
    return std::move(m_diagnostics);
}

std::string BinderScope::source(SourceSpan span) const
{
    constexpr std::size_t longest = 200;
    std::string_view words = rawSource(span);
    const bool cut = words.size() > longest;
    if (cut) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        words = words.substr(0, end);
    }
    std::string text;
    for (const char c : words) {
        const bool isSpace = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!isSpace) {
            text += c;
        } else if (!text.empty() && text.back() != ' ') {
            text += ' ';
        }
    }
    return visibleText(text) + (cut ? "…" : "");
}

FieldSlot BinderScope::slot(const std::string& name, schema::FieldType type)
{
    const auto [place, isNew] =
        m_slots.try_emplace(name, FieldSlot(static_cast<std::uint32_t>(m_fields.size())));
    if (isNew) {
        m_fields.push_back({name, type});
    }
    return place->second;
}

BinderScope::NamedField BinderScope::field(std::string_view name, SourceSpan span, bool optional)
{
    using schema::FieldType;
    const std::string shown = visibleText(name);
    if (const auto found = m_catalog.find(name)) {
        const FieldSlot place = slot(found->name, found->type);
        if (found->type == FieldType::Object && !isEndpoint()) {
            error("eql-object-field", span,
                  fmt::format("Cannot use field [{}] with unsupported type [object]", shown))
                .hint = "Name a field inside it.";
            return {place, std::nullopt};
        }
        if (found->type == FieldType::Text) {
            error("eql-text-field", span,
                  fmt::format("[{0}] cannot operate on field of data type [text]: No "
                              "keyword/multi-field defined exact matches for [{0}]; define one or "
                              "use MATCH/QUERY instead",
                              shown))
                .hint = "Use an exact sub-field, for example one that ends in .keyword.";
            return {place, std::nullopt};
        }
        if (found->type == FieldType::Object) {
            return {place, std::nullopt};
        }
        return {place, found->type};
    }
    const FieldSlot place = slot(std::string(name), FieldType::Keyword);
    if (optional) {
        return {place, std::nullopt};
    }
    // Looking for similar names is dear, and past the bound nobody reads them.
    const bool isReported = m_diagnostics.size() <= limits::maximumDiagnostics;
    const std::vector<std::string> similar =
        isReported ? m_catalog.suggestions(name) : std::vector<std::string>();
    const bool strict = m_options.strictFields && !isEndpoint();
    Diagnostic& diagnostic = add(strict ? Severity::Error : Severity::Warning,
                                 strict ? "eql-unknown-field" : "eql-unmapped-field", span,
                                 fmt::format("Unknown column [{}]{}", shown, didYouMean(similar)));
    diagnostic.hint = strict ? "Correct the name, or write ? before it if events may lack it."
                             : "No event has this field, so it counts as missing everywhere.";
    for (const std::string& other : similar) {
        diagnostic.fixes.push_back({span, other, "use " + other});
    }
    return {place, std::nullopt};
}

} // namespace sequela::eql
