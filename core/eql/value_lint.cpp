#include "core/eql/value_lint.h"

#include "core/base/text.h"
#include "core/eql/scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::eql {

namespace {

/// A text that a clause asks for, and what the data has of it.
struct WantedText {
    std::string text;
    bool isSeen = false;
    /// One spelling in another case; empty if there is none.
    std::string otherCase;
};

/// A clause that compares a keyword field with texts.
struct TextClause {
    SourceSpan span;
    FieldSlot field;
    bool caseInsensitive = false;
    std::vector<WantedText> texts;
    /// The texts that hold wildcards.
    std::optional<CompiledPatterns> patterns;
    bool isPatternSeen = false;

    [[nodiscard]] bool isSeen() const
    {
        return isPatternSeen
               || std::ranges::any_of(texts, [&](const WantedText& one) { return matches(one); });
    }
    [[nodiscard]] bool matches(const WantedText& one) const
    {
        return one.isSeen || (caseInsensitive && !one.otherCase.empty());
    }
    [[nodiscard]] bool isDecided() const
    {
        return std::ranges::all_of(texts, &WantedText::isSeen) && (!patterns || isPatternSeen);
    }
};

class ClauseCollector {
public:
    explicit ClauseCollector(const BoundQuery& query) : m_query(query) {}

    std::vector<TextClause> run()
    {
        for (const BoundStage& stage : m_query.stages) {
            collect(stage.condition);
        }
        if (m_query.until) {
            collect(m_query.until->condition);
        }
        return std::move(m_clauses);
    }

private:
    void collect(const BoundCondition& condition)
    {
        if (const auto* const leaf = std::get_if<Leaf>(&condition.node)) {
            if (!leaf->negated) {
                collectLeaf(*leaf->expression, condition.span);
            }
        } else if (const auto* const all = std::get_if<AndCondition>(&condition.node)) {
            std::ranges::for_each(all->operands, [this](const auto& each) { collect(each); });
        } else if (const auto* const any = std::get_if<OrCondition>(&condition.node)) {
            std::ranges::for_each(any->operands, [this](const auto& each) { collect(each); });
        }
    }

    /// A clause over the field that @p subject is, if it is a keyword field.
    TextClause* clauseOver(const Expression& subject, SourceSpan span)
    {
        const auto* const field = std::get_if<FieldValue>(&subject.node);
        if (field == nullptr || subject.type != ValueType::Keyword) {
            return nullptr;
        }
        TextClause& clause = m_clauses.emplace_back();
        clause.span = span;
        clause.field = field->field;
        return &clause;
    }

    void collectLeaf(const Expression& expression, SourceSpan span)
    {
        if (const auto* const comparison = std::get_if<Comparison>(&expression.node)) {
            const auto* const literal = std::get_if<Literal>(&comparison->right->node);
            const auto* const text =
                literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value);
            if (comparison->op != ComparisonOperator::Equal || text == nullptr) {
                return;
            }
            if (TextClause* const clause = clauseOver(*comparison->left, span)) {
                clause->texts.push_back({*text, false, {}});
            }
        } else if (const auto* const in = std::get_if<Membership>(&expression.node)) {
            if (TextClause* const clause = clauseOver(*in->subject, span)) {
                clause->caseInsensitive = in->caseInsensitive;
                for (const Value& item : in->items) {
                    clause->texts.push_back({toText(item), false, {}});
                }
            }
        } else if (const auto* const match = std::get_if<TextMatch>(&expression.node)) {
            collectPatterns(*match, span);
        }
    }

    void collectPatterns(const TextMatch& match, SourceSpan span)
    {
        TextClause* const clause = match.isRegex ? nullptr : clauseOver(*match.subject, span);
        if (clause == nullptr) {
            return;
        }
        clause->caseInsensitive = match.caseInsensitive;
        std::vector<std::string> patterns;
        for (const std::string& pattern : match.patterns) {
            if (pattern.find_first_of("*?") == std::string::npos) {
                clause->texts.push_back({pattern, false, {}});
            } else {
                patterns.push_back(pattern);
            }
        }
        if (!patterns.empty()) {
            auto compiled = CompiledPatterns::compile(patterns, false, match.caseInsensitive);
            if (compiled) {
                clause->patterns = std::move(*compiled);
            }
        }
    }

    const BoundQuery& m_query;
    std::vector<TextClause> m_clauses;
};

/// The clauses over one field, held against its values one after the other.
class FieldValues {
public:
    void add(TextClause& clause)
    {
        m_clauses.push_back(&clause);
        for (WantedText& wanted : clause.texts) {
            m_wanted[foldCase(wanted.text)].push_back(&wanted);
        }
    }

    void see(std::string_view value)
    {
        if (const auto found = m_wanted.find(foldCase(value)); found != m_wanted.end()) {
            for (WantedText* const wanted : found->second) {
                if (wanted->text == value) {
                    wanted->isSeen = true;
                } else if (wanted->otherCase.empty()) {
                    wanted->otherCase = value;
                }
            }
        }
        for (TextClause* const clause : m_clauses) {
            if (clause->patterns && !clause->isPatternSeen) {
                clause->isPatternSeen = clause->patterns->matches(value);
            }
        }
    }

    [[nodiscard]] bool isDecided() const
    {
        return std::ranges::all_of(m_clauses,
                                   [](const TextClause* clause) { return clause->isDecided(); });
    }

private:
    std::vector<TextClause*> m_clauses;
    std::map<std::string, std::vector<WantedText*>, std::less<>> m_wanted;
};

class ValueReader {
public:
    ValueReader(const schema::ColumnSource& events, std::stop_token stop,
                std::uint64_t maximumValues)
        : m_events(events), m_stop(std::move(stop)), m_valuesLeft(maximumValues)
    {
    }

    /// Whether all values of the field were seen (or enough of them to decide every clause), and
    /// there are any.
    Result<bool> read(const std::string& name, FieldValues& values)
    {
        const std::optional<FieldId> field = m_events.field(name);
        if (!field) {
            return false;
        }
        bool hasValues = false;
        for (std::uint32_t segment = 0; segment < m_events.segments().size(); ++segment) {
            if (m_stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            auto column = m_events.column(SegmentNumber(segment), *field);
            if (!column) {
                return std::unexpected(std::move(column).error());
            }
            if (*column == nullptr) {
                continue;
            }
            const std::uint32_t count = (*column)->valueCount();
            if (count > m_valuesLeft) {
                return false;
            }
            m_valuesLeft -= count;
            hasValues = hasValues || count > 0;
            for (std::uint32_t value = 0; value < count; ++value) {
                values.see((*column)->text(value));
            }
            if (values.isDecided()) {
                return true;
            }
        }
        return hasValues;
    }

private:
    const schema::ColumnSource& m_events;
    std::stop_token m_stop;
    std::uint64_t m_valuesLeft;
};

void report(const TextClause& clause, const std::string& field, std::vector<Diagnostic>& found)
{
    bool hasOtherCase = false;
    for (const WantedText& wanted : clause.texts) {
        if (clause.caseInsensitive || wanted.isSeen || wanted.otherCase.empty()) {
            continue;
        }
        hasOtherCase = true;
        Diagnostic& diagnostic = found.emplace_back();
        diagnostic.code = "eql-lint-other-case";
        diagnostic.severity = Severity::Warning;
        diagnostic.span = clause.span;
        diagnostic.message =
            fmt::format("[{}] holds \"{}\" only in another case, such as \"{}\"", field,
                        visibleText(wanted.text), visibleText(wanted.otherCase));
        diagnostic.hint = "Use [:] for a case-insensitive match, [in~] for a list.";
    }
    if (!hasOtherCase && !clause.isSeen()) {
        Diagnostic& diagnostic = found.emplace_back();
        diagnostic.code = "eql-lint-unseen-value";
        diagnostic.severity = Severity::Note;
        diagnostic.span = clause.span;
        diagnostic.message = fmt::format("[{}] never has {} in this data", field,
                                         clause.texts.size() + (clause.patterns ? 1 : 0) == 1
                                             ? "this value"
                                             : "any of these values");
        diagnostic.hint = "A slip, or nothing of the kind has happened here.";
    }
}

} // namespace

Result<std::vector<Diagnostic>> lintValues(const BoundQuery& query,
                                           const schema::ColumnSource& events, std::stop_token stop,
                                           std::uint64_t maximumValues)
{
    std::vector<TextClause> clauses = ClauseCollector(query).run();
    std::map<std::string, FieldValues> fields;
    for (TextClause& clause : clauses) {
        fields[query.fields[clause.field.index()].name].add(clause);
    }
    ValueReader reader(events, std::move(stop), maximumValues);
    std::map<std::string, bool> decided;
    for (auto& [name, values] : fields) {
        auto isRead = reader.read(name, values);
        if (!isRead) {
            return std::unexpected(std::move(isRead).error());
        }
        decided[name] = *isRead;
    }
    std::vector<Diagnostic> found;
    for (const TextClause& clause : clauses) {
        const std::string& name = query.fields[clause.field.index()].name;
        if (decided[name]) {
            report(clause, visibleText(name), found);
        }
    }
    std::ranges::stable_sort(found, [](const Diagnostic& left, const Diagnostic& right) {
        return left.span->begin < right.span->begin;
    });
    return found;
}

} // namespace sequela::eql
