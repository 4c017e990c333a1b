#include "core/eql/binder.h"

#include "core/base/text.h"
#include "core/eql/binder_expression.h"
#include "core/eql/limits.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"

#include <fmt/format.h>

#include <algorithm>

namespace sequela::eql {

namespace {

bool hasError(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

bool isNumeric(schema::FieldType type)
{
    return type == schema::FieldType::Long || type == schema::FieldType::Double;
}

/// A join key and what is known of it besides.
struct KeyInfo {
    BoundKey key;
    std::string name;
    SourceSpan span;
    std::optional<schema::FieldType> type;
};

class QueryBinder {
public:
    QueryBinder(BinderScope& scope, const syntax::Query& query)
        : m_scope(scope), m_binder(scope), m_query(query)
    {
    }

    BoundQuery run()
    {
        m_bound.dialect = m_scope.options().dialect;
        if (m_query.maxspan) {
            m_bound.maxspanMs = m_query.maxspan->milliseconds;
        }
        switch (m_query.kind) {
        case syntax::QueryKind::Event:
            bindEvent();
            break;
        case syntax::QueryKind::Sequence:
            m_bound.kind = BoundQueryKind::Sequence;
            bindTerms();
            break;
        case syntax::QueryKind::Sample:
            m_bound.kind = BoundQueryKind::Sample;
            bindTerms();
            checkSample();
            break;
        case syntax::QueryKind::Join:
            // The parser has refused it.
            break;
        }
        bindCategoryField();
        bindPipes();
        m_bound.fields = m_scope.takeFields();
        m_bound.canonical = printQuery(m_query);
        return std::move(m_bound);
    }

private:
    [[nodiscard]] bool isSequence() const { return m_bound.kind == BoundQueryKind::Sequence; }
    [[nodiscard]] std::string_view kindName() const { return isSequence() ? "Sequence" : "Sample"; }

    BoundStage bindFilter(const syntax::Filter& filter)
    {
        BoundStage stage;
        stage.span = filter.span;
        stage.categorySpan = filter.categorySpan;
        stage.category = filter.category;
        stage.condition = m_binder.bindCondition(filter);
        return stage;
    }

    void bindEvent()
    {
        if (m_query.filter) {
            m_bound.stages.push_back(bindFilter(*m_query.filter));
        }
    }

    void bindTerms()
    {
        const std::vector<KeyInfo> globalKeys = keysOf(m_query.by);
        registerAliases();
        std::vector<std::vector<KeyInfo>> keys;
        for (std::size_t i = 0; i < m_query.terms.size(); ++i) {
            m_scope.currentStage = static_cast<std::uint32_t>(i);
            m_bound.stages.push_back(bindTerm(m_query.terms[i], globalKeys, keys));
        }
        if (m_query.until) {
            m_scope.currentStage = static_cast<std::uint32_t>(m_query.terms.size());
            m_bound.until = bindTerm(*m_query.until, globalKeys, keys);
        }
        checkKeys(keys);
        addImplicitHostKey();
    }

    BoundStage bindTerm(const syntax::Term& term, const std::vector<KeyInfo>& globalKeys,
                        std::vector<std::vector<KeyInfo>>& keys)
    {
        BoundStage stage = bindFilter(term.filter);
        stage.span = term.span;
        stage.missing = term.missing;
        stage.runs = static_cast<std::uint32_t>(
            std::clamp(term.runs.value_or(1), limits::minimumRuns, limits::maximumRuns));
        std::vector<KeyInfo> own = keysOf(term.by);
        keys.push_back(globalKeys);
        std::ranges::move(own, std::back_inserter(keys.back()));
        for (const KeyInfo& key : keys.back()) {
            stage.keys.push_back(key.key);
        }
        return stage;
    }

    void registerAliases()
    {
        for (std::size_t i = 0; i < m_query.terms.size(); ++i) {
            if (!m_query.terms[i].alias.empty()) {
                m_scope.aliases.emplace(m_query.terms[i].alias, static_cast<std::uint32_t>(i));
            }
        }
    }

    std::vector<KeyInfo> keysOf(const std::optional<syntax::JoinKeys>& by)
    {
        std::vector<KeyInfo> keys;
        if (!by) {
            return keys;
        }
        for (const syntax::ExpressionPtr& written : by->keys) {
            const auto* const field = std::get_if<syntax::FieldReference>(&written->node);
            const bool isField = field != nullptr && field->variable.empty() && !field->hasIndex;
            if (!isField) {
                // The parser has refused it.
                continue;
            }
            const BinderScope::NamedField named =
                m_scope.field(field->path, written->span, field->optional);
            KeyInfo key;
            key.name = field->path;
            key.span = written->span;
            key.type = named.type;
            key.key.field = named.slot;
            key.key.optional = field->optional;
            key.key.unmapped = !m_scope.catalog().find(field->path).has_value();
            keys.push_back(std::move(key));
        }
        return keys;
    }

    static std::size_t writtenKeys(const std::optional<syntax::JoinKeys>& by)
    {
        return by ? by->keys.size() : 0;
    }

    void checkKeys(const std::vector<std::vector<KeyInfo>>& keys)
    {
        if (keys.empty()) {
            return;
        }
        const std::size_t global = writtenKeys(m_query.by);
        const auto termOf = [&](std::size_t index) -> const syntax::Term& {
            return index < m_query.terms.size() ? m_query.terms[index] : *m_query.until;
        };
        const std::size_t expected = global + writtenKeys(termOf(0).by);
        for (std::size_t i = 1; i < keys.size(); ++i) {
            const syntax::Term& term = termOf(i);
            const std::size_t found = global + writtenKeys(term.by);
            if (found != expected) {
                m_scope
                    .error("eql-join-key-count", term.by ? term.by->span : term.span,
                           fmt::format("Inconsistent number of join keys specified; expected [{}] "
                                       "but found [{}]",
                                       expected, found))
                    .hint = "Keys join by position: every stage and until need as many as the "
                            "first.";
                continue;
            }
            for (std::size_t k = global; k < std::min(keys[i].size(), keys[0].size()); ++k) {
                checkKeyTypes(keys[0][k], keys[i][k]);
            }
        }
    }

    void checkKeyTypes(const KeyInfo& expected, const KeyInfo& found)
    {
        if (!expected.type || !found.type || *expected.type == *found.type
            || (isNumeric(*expected.type) && isNumeric(*found.type)) || m_scope.isEndpoint()) {
            return;
        }
        m_scope.error("eql-join-key-type", found.span,
                      fmt::format("{} key [{}] type [{}] is incompatible with key [{}] type [{}]",
                                  kindName(), visibleText(found.name),
                                  schema::fieldTypeName(*found.type), visibleText(expected.name),
                                  schema::fieldTypeName(*expected.type)));
    }

    /// The Endpoint sees one host, so whatever lacks a host.id belongs to the same one.
    void addImplicitHostKey()
    {
        if (!m_scope.isEndpoint() || !m_scope.options().implicitHostKey || !isSequence()) {
            return;
        }
        const BinderScope::NamedField host = m_scope.field("host.id", m_query.span, true);
        BoundKey key;
        key.field = host.slot;
        key.optional = true;
        key.unmapped = !m_scope.catalog().find("host.id").has_value();
        const auto prepend = [&](BoundStage& stage) { stage.keys.insert(stage.keys.begin(), key); };
        std::ranges::for_each(m_bound.stages, prepend);
        if (m_bound.until) {
            prepend(*m_bound.until);
        }
    }

    void checkSample()
    {
        const std::size_t global = writtenKeys(m_query.by);
        for (const syntax::Term& term : m_query.terms) {
            if (global + writtenKeys(term.by) == 0) {
                m_scope
                    .error("eql-sample-keys", term.span,
                           "A sample must have at least one join key, found none")
                    .hint = "Write [sample by …], or [by …] after each filter.";
                break;
            }
        }
    }

    void bindCategoryField()
    {
        const std::string& name = m_scope.options().eventCategoryField;
        if (const auto found = m_scope.catalog().find(name)) {
            m_bound.categoryField = m_scope.slot(found->name, found->type);
            return;
        }
        const auto named = std::ranges::find_if(
            m_bound.stages, [](const BoundStage& stage) { return stage.category.has_value(); });
        if (named == m_bound.stages.end()) {
            return;
        }
        const bool strict = m_scope.options().strictFields;
        m_scope
            .add(strict ? Severity::Error : Severity::Warning,
                 strict ? "eql-unknown-field" : "eql-unmapped-field", named->categorySpan,
                 fmt::format("Unknown column [{}]", visibleText(name)))
            .hint = "It holds the category; without it only [any] matches.";
    }

    /// The parser lets only `head` and `tail` with a non-negative constant through.
    void bindPipes()
    {
        for (const syntax::Pipe& pipe : m_query.pipes) {
            const auto count = pipe.arguments.size() == 1
                                   ? syntax::integerConstant(*pipe.arguments.front())
                                   : std::nullopt;
            if (count && *count >= 0) {
                m_bound.pipes.push_back({pipe.name == "head", static_cast<std::uint64_t>(*count)});
            }
        }
    }

    BinderScope& m_scope;
    ExpressionBinder m_binder;
    const syntax::Query& m_query;
    BoundQuery m_bound;
};

void mergeDiagnostics(BindResult& result, std::vector<Diagnostic> earlier)
{
    std::ranges::move(result.diagnostics, std::back_inserter(earlier));
    std::ranges::stable_sort(earlier, [](const Diagnostic& left, const Diagnostic& right) {
        return left.span.value_or(SourceSpan{}).begin < right.span.value_or(SourceSpan{}).begin;
    });
    result.diagnostics = std::move(earlier);
}

BindResult bindParsed(ParsedQuery parsed, std::string_view text,
                      const schema::FieldCatalog& catalog, const BindOptions& options)
{
    BindResult result;
    if (!hasError(parsed.diagnostics)) {
        result = eql::bind(parsed.query, text, catalog, options);
    }
    mergeDiagnostics(result, std::move(parsed.diagnostics));
    return result;
}

/// Wraps a condition as the event query `any where …`.
syntax::Query queryOf(syntax::ExpressionPtr condition, std::size_t textSize)
{
    syntax::Filter filter;
    filter.span = {0, textSize};
    filter.condition = std::move(condition);
    syntax::Query query;
    query.span = filter.span;
    query.filter = std::move(filter);
    return query;
}

} // namespace

BindResult bind(const syntax::Query& query, std::string_view text,
                const schema::FieldCatalog& catalog, const BindOptions& options)
{
    BinderScope scope(text, catalog, options);
    BoundQuery bound = QueryBinder(scope, query).run();
    BindResult result;
    if (!scope.hasErrors()) {
        result.query = std::move(bound);
    }
    result.diagnostics = scope.takeDiagnostics();
    return result;
}

BindResult bindQuery(std::string_view text, const schema::FieldCatalog& catalog,
                     const BindOptions& options)
{
    return bindParsed(parseQuery(text, options.dialect), text, catalog, options);
}

BindResult bindFilter(std::string_view text, const schema::FieldCatalog& catalog,
                      const BindOptions& options)
{
    ParsedQuery whole = parseQuery(text, options.dialect);
    if (whole.query.kind == syntax::QueryKind::Event && !hasError(whole.diagnostics)) {
        return bindParsed(std::move(whole), text, catalog, options);
    }
    ParsedExpression condition = parseExpression(text, options.dialect);
    ParsedQuery query;
    query.diagnostics = std::move(condition.diagnostics);
    query.query = queryOf(std::move(condition.expression), text.size());
    return bindParsed(std::move(query), text, catalog, options);
}

std::expected<Value, std::vector<Diagnostic>> evaluateConstant(std::string_view text)
{
    ParsedExpression parsed = parseExpression(text, Dialect::Elasticsearch);
    if (hasError(parsed.diagnostics) || parsed.expression == nullptr) {
        return std::unexpected(std::move(parsed.diagnostics));
    }
    const schema::FieldCatalog noFields(schema::Schema::empty(), {});
    BindOptions options;
    options.strictFields = true;
    BinderScope scope(text, noFields, options);
    scope.textIsAddress = true;
    const ExpressionPtr expression = ExpressionBinder(scope).bind(*parsed.expression);
    const Value* const value = literalOf(*expression);
    if (scope.hasErrors() || value == nullptr) {
        return std::unexpected(scope.takeDiagnostics());
    }
    return *value;
}

} // namespace sequela::eql
