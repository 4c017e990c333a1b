#include "tests/oracle/naive_matcher.h"

#include "tests/oracle/naive_evaluator.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace sequela::oracle {

namespace syntax = eql::syntax;

namespace {

using Key = std::vector<Value>;

struct KeyOrder {
    bool operator()(const Key& left, const Key& right) const
    {
        return std::ranges::lexicographical_compare(left, right, keyLess);
    }
};

/// An event in the stream of 8.2; `ordinal` is its place there.
struct Row {
    const NaiveEvent* event = nullptr;
    std::size_t number = 0;
    std::string source;
    std::size_t record = 0;
    std::optional<Timestamp> time;
    Value tiebreaker;
    std::size_t ordinal = 0;
};

/// Times first by absence, then (time, tiebreaker with null last, source, record).
bool before(const Row& left, const Row& right)
{
    if (left.time.has_value() != right.time.has_value()) {
        return !left.time;
    }
    if (left.time && *left.time != *right.time) {
        return *left.time < *right.time;
    }
    if (left.time) {
        if (isNull(left.tiebreaker) != isNull(right.tiebreaker)) {
            return isNull(right.tiebreaker);
        }
        if (keyLess(left.tiebreaker, right.tiebreaker)
            || keyLess(right.tiebreaker, left.tiebreaker)) {
            return keyLess(left.tiebreaker, right.tiebreaker);
        }
    }
    return std::tie(left.source, left.record) < std::tie(right.source, right.record);
}

/// What equal keys have in common: dates compare by whole milliseconds, 5 and 5.0 are one number.
Value commonKey(const Value& value)
{
    const auto* real = std::get_if<double>(&value);
    if (real != nullptr && *real == std::trunc(*real) && *real >= -0x1p63 && *real < 0x1p63) {
        return static_cast<std::int64_t>(*real);
    }
    const auto* time = std::get_if<Timestamp>(&value);
    return time == nullptr ? value : Value(timestampFromMilliseconds(time->milliseconds()).value());
}

class NaiveMatcher {
public:
    NaiveMatcher(const syntax::Query& query, const NaiveData& data, const NaiveCatalog& catalog,
                 const NaiveOptions& options)
        : m_query(query), m_catalog(catalog), m_options(options), m_evaluator(catalog)
    {
        std::size_t number = 0;
        for (const NaiveSource& source : data) {
            for (std::size_t record = 0; record < source.events.size(); ++record) {
                addRow(source, record, number++);
            }
        }
        std::ranges::sort(m_rows, before);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            m_rows[i].ordinal = i;
        }
    }

    std::vector<NaiveMatch> answer()
    {
        if (m_query.kind == syntax::QueryKind::Sample) {
            return samples();
        }
        return cut(m_query.kind == syntax::QueryKind::Event ? events() : sequences());
    }

private:
    void addRow(const NaiveSource& source, std::size_t record, std::size_t number)
    {
        Row row;
        row.event = &source.events[record];
        row.number = number;
        row.source = source.name;
        row.record = record;
        const std::vector<Value> times = valuesOf(m_catalog, *row.event, m_options.timestampField);
        if (!times.empty()) {
            row.time = std::get<Timestamp>(times.front());
        }
        if (m_options.tiebreakerField) {
            const std::vector<Value> values =
                valuesOf(m_catalog, *row.event, *m_options.tiebreakerField);
            row.tiebreaker = values.empty() ? Value{} : values.front();
        }
        m_rows.push_back(std::move(row));
    }

    [[nodiscard]] bool satisfies(const Row& row, const syntax::Filter& filter,
                                 const std::vector<const Row*>& earlier = {})
    {
        NaiveScope scope;
        scope.event = row.event;
        for (std::size_t slot = 0; slot < earlier.size(); ++slot) {
            scope.aliases[m_query.terms[slot].alias] = earlier[slot]->event;
        }
        scope.isDescendant = [&](const syntax::ProcessRelation& relation) {
            return descendants(relation)[row.ordinal];
        };
        if (!m_options.osList.empty()) {
            const std::vector<Value> systems = valuesOf(m_catalog, *row.event, "host.os.type");
            if (std::ranges::none_of(systems, [&](const Value& system) {
                    return std::ranges::find(m_options.osList, std::get<std::string>(system))
                           != m_options.osList.end();
                })) {
                return false;
            }
        }
        return m_evaluator.matches(filter, scope, m_options.categoryField);
    }

    [[nodiscard]] Value firstOf(const Row& row, const std::string& name) const
    {
        const std::vector<Value> values = valuesOf(m_catalog, *row.event, name);
        return values.empty() ? Value{} : values.front();
    }
    [[nodiscard]] bool isProcessEvent(const Row& row, const std::string& type) const
    {
        const auto has = [&](const std::string& field, const std::string& wanted) {
            const std::vector<Value> values = valuesOf(m_catalog, *row.event, field);
            return std::ranges::find(values, Value(wanted)) != values.end();
        };
        return has(m_options.categoryField, "process") && has("event.type", type);
    }

    /// Section 12, `descendant of`, by ordinal: whose ancestor an earlier event of the filter
    /// named. Ancestry is learned from starts of processes and forgotten at their end.
    const std::vector<bool>& descendants(const syntax::ProcessRelation& relation)
    {
        const auto known = m_descendants.find(&relation);
        if (known != m_descendants.end()) {
            return known->second;
        }
        std::vector<bool> found(m_rows.size());
        std::set<Key, KeyOrder> sources;
        std::set<Key, KeyOrder> below;
        for (const Row& row : m_rows) {
            const Key process{firstOf(row, "host.id"), firstOf(row, "process.entity_id")};
            if (isNull(process[1])) {
                continue;
            }
            const Key parent{process[0], firstOf(row, "process.parent.entity_id")};
            if (isProcessEvent(row, "start") && !isNull(parent[1])
                && (sources.contains(parent) || below.contains(parent))) {
                below.insert(process);
            }
            found[row.ordinal] = below.contains(process);
            if (satisfies(row, *relation.filter)) {
                sources.insert(process);
            }
            if (isProcessEvent(row, "end")) {
                sources.erase(process);
                below.erase(process);
            }
        }
        return m_descendants.emplace(&relation, std::move(found)).first->second;
    }

    /// Section 7.
    std::vector<NaiveMatch> events()
    {
        std::vector<NaiveMatch> matches;
        for (const Row& row : m_rows) {
            if (satisfies(row, *m_query.filter)) {
                matches.push_back({{row.number}, {}});
            }
        }
        return matches;
    }

    void multiply(std::vector<Key>& keys, const Row& row, const std::string& field,
                  bool optional) const
    {
        std::vector<Value> values = valuesOf(m_catalog, *row.event, field);
        std::ranges::transform(values, values.begin(), commonKey);
        if (values.empty() && optional) {
            values.emplace_back();
        }
        std::vector<Key> longer;
        for (const Key& key : keys) {
            for (const Value& value : values) {
                longer.push_back(key);
                longer.back().push_back(value);
            }
        }
        keys = std::move(longer);
    }

    /// Keys under which an event is offered to a term: the product of its values, nulls dropped
    /// unless optional (8.1).
    [[nodiscard]] std::vector<Key> keysOf(const syntax::Term& term, const Row& row) const
    {
        std::vector<const syntax::Expression*> fields;
        for (const auto* by :
             {m_query.by ? &*m_query.by : nullptr, term.by ? &*term.by : nullptr}) {
            if (by != nullptr) {
                for (const syntax::ExpressionPtr& key : by->keys) {
                    fields.push_back(key.get());
                }
            }
        }
        std::vector<Key> keys(1);
        if (m_options.isEndpoint) {
            multiply(keys, row, "host.id", true);
        }
        for (const syntax::Expression* expression : fields) {
            const auto& field = std::get<syntax::FieldReference>(expression->node);
            multiply(keys, row, field.path, field.optional);
        }
        std::ranges::sort(keys, KeyOrder{});
        keys.erase(std::ranges::unique(keys, equalKeys).begin(), keys.end());
        return keys;
    }

    static bool equalKeys(const Key& left, const Key& right)
    {
        return !KeyOrder{}(left, right) && !KeyOrder{}(right, left);
    }

    /// Events that a term takes under a key, in order.
    [[nodiscard]] std::vector<const Row*> rowsOf(const syntax::Term& term, const Key& key)
    {
        std::vector<const Row*> rows;
        for (const Row& row : m_rows) {
            if (row.time && satisfies(row, term.filter)) {
                const std::vector<Key> keys = keysOf(term, row);
                if (std::ranges::any_of(keys,
                                        [&](const Key& one) { return equalKeys(one, key); })) {
                    rows.push_back(&row);
                }
            }
        }
        return rows;
    }

    struct Partial {
        std::vector<const Row*> rows;
    };
    struct KeyState {
        /// By positive slot; an empty partial is none.
        std::vector<Partial> pending;
        const Row* until = nullptr;
    };
    struct Complete {
        std::vector<const Row*> rows;
        Key key;
    };

    [[nodiscard]] std::int64_t span(const Row& from, const Row& to) const
    {
        return to.time->milliseconds() - from.time->milliseconds();
    }

    /// 8.3, 8.4, 8.5: one event at one positive slot under one key.
    void offer(const Row& row, std::size_t slot, const Key& key, KeyState& state)
    {
        Partial partial;
        if (slot > 0) {
            Partial& previous = state.pending[slot - 1];
            if (previous.rows.empty() || previous.rows.back()->ordinal >= row.ordinal) {
                return;
            }
            // Section 12: whether the event satisfies the slot depends on the events before it.
            if (m_options.isEndpoint && !satisfies(row, m_positive[slot]->filter, previous.rows)) {
                return;
            }
            std::swap(partial, previous);
            if (m_query.maxspan
                && span(*partial.rows.front(), row) > *m_query.maxspan->milliseconds) {
                return;
            }
            if (state.until != nullptr && partial.rows.back()->ordinal <= state.until->ordinal) {
                return;
            }
        }
        partial.rows.push_back(&row);
        if (slot + 1 == m_positive.size()) {
            m_complete.push_back({partial.rows, key});
        } else {
            state.pending[slot] = std::move(partial);
        }
    }

    std::vector<NaiveMatch> sequences()
    {
        for (const syntax::Term& term : m_query.terms) {
            for (std::int64_t run = 0; run < term.runs.value_or(1); ++run) {
                m_slots.push_back(&term);
                if (!term.missing) {
                    m_positive.push_back(&term);
                }
            }
        }
        std::map<Key, KeyState, KeyOrder> states;
        const auto stateOf = [&](const Key& key) -> KeyState& {
            KeyState& state = states[key];
            state.pending.resize(m_positive.size());
            return state;
        };
        for (const Row& row : m_rows) {
            if (!row.time) {
                continue;
            }
            for (std::size_t slot = m_positive.size(); slot-- > 0;) {
                const bool dependsOnEarlier = m_options.isEndpoint && slot > 0;
                if (dependsOnEarlier || satisfies(row, m_positive[slot]->filter)) {
                    for (const Key& key : keysOf(*m_positive[slot], row)) {
                        offer(row, slot, key, stateOf(key));
                    }
                }
            }
            if (m_query.until && satisfies(row, m_query.until->filter)) {
                for (const Key& key : keysOf(*m_query.until, row)) {
                    stateOf(key).until = &row;
                }
            }
        }
        return reported();
    }

    std::vector<NaiveMatch> reported()
    {
        std::erase_if(m_complete, [&](const Complete& one) { return !staysMissing(one); });
        std::ranges::stable_sort(m_complete, [](const Complete& left, const Complete& right) {
            if (left.rows.back() != right.rows.back()) {
                return left.rows.back()->ordinal < right.rows.back()->ordinal;
            }
            return KeyOrder{}(left.key, right.key);
        });
        std::vector<NaiveMatch> matches;
        for (const Complete& one : m_complete) {
            NaiveMatch match;
            match.keys = one.key;
            std::size_t next = 0;
            for (const syntax::Term* slot : m_slots) {
                match.events.push_back(slot->missing ? std::nullopt
                                                     : std::optional(one.rows[next++]->number));
            }
            matches.push_back(std::move(match));
        }
        return matches;
    }

    /// 8.6 for one candidate.
    [[nodiscard]] bool staysMissing(const Complete& candidate)
    {
        const Row& first = *candidate.rows.front();
        const Row& last = *candidate.rows.back();
        bool hasLeading = false;
        bool hasTrailing = false;
        const Row* lead = nullptr;
        const Row* trail = nullptr;
        std::size_t passed = 0;
        for (const syntax::Term* slot : m_slots) {
            if (!slot->missing) {
                ++passed;
                continue;
            }
            for (const Row* row : rowsOf(*slot, candidate.key)) {
                if (passed == 0) {
                    if (*row->time < *first.time && (lead == nullptr || *lead->time < *row->time)) {
                        lead = row;
                    }
                } else if (passed == candidate.rows.size()) {
                    if (*row->time > *last.time
                        && (trail == nullptr || *row->time < *trail->time)) {
                        trail = row;
                    }
                } else if (*row->time > *candidate.rows[passed - 1]->time
                           && *row->time < *candidate.rows[passed]->time) {
                    return false;
                }
            }
            hasLeading = hasLeading || passed == 0;
            hasTrailing = hasTrailing || passed == candidate.rows.size();
        }
        if ((lead == nullptr && trail == nullptr) || (hasLeading && lead == nullptr)
            || (hasTrailing && trail == nullptr)) {
            return true;
        }
        const std::int64_t maxspan = *m_query.maxspan->milliseconds;
        if (hasLeading && hasTrailing) {
            return span(*lead, *trail) > maxspan;
        }
        return (hasLeading ? span(*lead, last) : span(first, *trail)) > maxspan;
    }

    /// Section 9. Hits of a slot come in the order of 8.2; the text leaves it open.
    std::vector<NaiveMatch> samples()
    {
        std::map<Key, std::vector<std::vector<const Row*>>, KeyOrder> hits;
        for (std::size_t slot = 0; slot < m_query.terms.size(); ++slot) {
            for (const Row& row : m_rows) {
                if (satisfies(row, m_query.terms[slot].filter)) {
                    for (const Key& key : keysOf(m_query.terms[slot], row)) {
                        hits[key].resize(m_query.terms.size());
                        hits[key][slot].push_back(&row);
                    }
                }
            }
        }
        std::vector<NaiveMatch> matches;
        for (const auto& [key, slots] : hits) {
            std::size_t left = m_options.maxSamplesPerKey;
            std::vector<const Row*> chosen;
            const std::function<void()> choose = [&] {
                if (left == 0 || (m_options.size && matches.size() >= *m_options.size)) {
                    return;
                }
                if (chosen.size() == slots.size()) {
                    NaiveMatch match;
                    match.keys = key;
                    for (const Row* row : chosen) {
                        match.events.emplace_back(row->number);
                    }
                    matches.push_back(std::move(match));
                    --left;
                    return;
                }
                for (const Row* row : slots[chosen.size()]) {
                    if (std::ranges::find(chosen, row) == chosen.end()) {
                        chosen.push_back(row);
                        choose();
                        chosen.pop_back();
                    }
                }
            };
            choose();
        }
        return matches;
    }

    static void keepFirst(std::vector<NaiveMatch>& matches, std::uint64_t count)
    {
        matches.resize(std::min<std::size_t>(matches.size(), count));
    }
    static void keepLast(std::vector<NaiveMatch>& matches, std::uint64_t count)
    {
        const std::size_t kept = std::min<std::size_t>(matches.size(), count);
        matches.erase(matches.begin(), matches.end() - static_cast<std::ptrdiff_t>(kept));
    }

    /// Section 10.
    std::vector<NaiveMatch> cut(std::vector<NaiveMatch> matches) const
    {
        if (m_options.size) {
            const bool head =
                m_query.pipes.empty() ? m_options.headPosition : m_query.pipes[0].name == "head";
            head ? keepFirst(matches, *m_options.size) : keepLast(matches, *m_options.size);
        }
        for (const syntax::Pipe& pipe : m_query.pipes) {
            const Value count = m_evaluator.constant(*pipe.arguments[0]).value();
            const auto number = static_cast<std::uint64_t>(std::get<std::int64_t>(count));
            pipe.name == "head" ? keepFirst(matches, number) : keepLast(matches, number);
        }
        return matches;
    }

    const syntax::Query& m_query;
    const NaiveCatalog& m_catalog;
    const NaiveOptions& m_options;
    NaiveEvaluator m_evaluator;
    std::vector<Row> m_rows;
    std::vector<const syntax::Term*> m_slots;
    std::vector<const syntax::Term*> m_positive;
    std::vector<Complete> m_complete;
    std::map<const syntax::ProcessRelation*, std::vector<bool>> m_descendants;
};

} // namespace

std::string toText(const NaiveMatch& match)
{
    std::string text;
    for (const auto& event : match.events) {
        text += (text.empty() ? "[" : " ") + (event ? std::to_string(*event + 1) : "-");
    }
    text += ']';
    for (std::size_t i = 0; i < match.keys.size(); ++i) {
        text += (i == 0 ? " " : ",") + jsonOf(match.keys[i]);
    }
    return text;
}

std::string toText(const std::vector<NaiveMatch>& matches)
{
    std::string text;
    for (const NaiveMatch& match : matches) {
        text += toText(match) + '\n';
    }
    return text;
}

std::vector<NaiveMatch> run(const syntax::Query& query, const NaiveData& data,
                            const NaiveCatalog& catalog, const NaiveOptions& options)
{
    return NaiveMatcher(query, data, catalog, options).answer();
}

} // namespace sequela::oracle
