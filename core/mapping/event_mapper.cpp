#include "core/mapping/event_mapper.h"

#include "core/base/text.h"
#include "core/mapping/conversions.h"
#include "core/mapping/limits.h"

#include <algorithm>
#include <utility>

namespace sequela::mapping {
namespace {

using schema::ValueKind;

constexpr std::uint32_t notAsked = 0;
constexpr std::uint32_t noMatch = 1;
constexpr std::uint32_t firstAnswer = 2;

std::string_view withoutBlanksBehind(std::string_view text)
{
    const std::size_t last = text.find_last_not_of(' ');
    return text.substr(0, last + 1);
}

/// What a pattern says of a name, asked once.
std::uint32_t answer(PatternMemo& memo, NameId name, NameTable& names, bool renames)
{
    if (name >= memo.answers.size()) {
        memo.answers.resize(static_cast<std::size_t>(name) + 64, notAsked);
    }
    if (memo.answers[name] == notAsked) {
        std::string_view rest;
        const std::string text = names.name(name);
        if (!matchesFieldPattern(memo.row->pattern, text, rest)) {
            memo.answers[name] = noMatch;
        } else {
            const NameId target =
                renames ? names.intern(memo.row->values.front() + std::string(rest)) : 0;
            memo.answers[name] = firstAnswer + target;
        }
    }
    return memo.answers[name];
}

} // namespace

std::shared_ptr<const MappingSet> makeMappingSet(std::vector<MappingTable> ofUser)
{
    auto set = std::make_shared<MappingSet>(std::move(ofUser));
    const std::vector<MappingTable>& own = builtinTables();
    set->insert(set->end(), own.begin(), own.end());
    return set;
}

EventMapper::EventMapper(std::shared_ptr<const MappingSet> set) : m_set(std::move(set))
{
    compile();
}

EventMapper::~EventMapper() = default;

void EventMapper::compile()
{
    m_names = {};
    m_tables = compileTables(*m_set, m_names);
    m_category = m_names.intern("event.category");
    m_type = m_names.intern("event.type");
    m_action = m_names.intern("event.action");
    m_shapes.clear();
    m_known.clear();
    m_unmapped.clear();
    for (std::size_t i = 0; i < m_set->size(); ++i) {
        const MappingTable& table = (*m_set)[i];
        if (table.keys.empty()) {
            continue;
        }
        Shape shape{.table = i, .keys = {}, .absent = {}};
        for (const auto& keys : table.keys) {
            auto& ids = shape.keys.emplace_back();
            for (const std::string& key : keys) {
                ids.push_back(m_names.intern(key));
            }
        }
        for (const std::string& key : table.absent) {
            shape.absent.push_back(m_names.intern(key));
        }
        m_shapes.push_back(std::move(shape));
    }
}

// -- recognition

void EventMapper::beginKeys()
{
    if (m_names.size() > limits::rememberedNames && m_unmapped.empty()) {
        compile();
    }
    m_keys.clear();
    m_lastKey = noName;
    m_signature = 0;
}

void EventMapper::addKey(std::string_view key)
{
    constexpr std::uint64_t mixer = 0x9E3779B97F4A7C15U;
    m_lastKey = m_names.internAfter(m_lastKey, key);
    m_keys.push_back(m_lastKey);
    // A sum, so that the order of the keys does not matter.
    const std::uint64_t mixed = (std::uint64_t{m_lastKey} + 1) * mixer;
    m_signature += mixed ^ (mixed >> 29U);
}

std::optional<std::size_t> EventMapper::recognised()
{
    constexpr std::size_t shapesKept = 4'096;
    const auto known = m_known.find(m_signature);
    if (known != m_known.end()) {
        return known->second;
    }
    const auto has = [&](NameId key) { return std::ranges::find(m_keys, key) != m_keys.end(); };
    std::optional<std::size_t> found;
    for (const Shape& shape : m_shapes) {
        const bool fits = std::ranges::any_of(
            shape.keys, [&](const auto& keys) { return std::ranges::all_of(keys, has); });
        if (fits && std::ranges::none_of(shape.absent, has)) {
            found = shape.table;
            break;
        }
    }
    if (m_known.size() >= shapesKept) {
        m_known.clear();
    }
    m_known.emplace(m_signature, found);
    return found;
}

std::optional<std::size_t> EventMapper::tableNamed(std::string_view id) const
{
    const auto found = std::ranges::find(*m_set, id, &MappingTable::id);
    return found == m_set->end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - m_set->begin()));
}

const std::string& EventMapper::title(std::size_t table) const
{
    return (*m_set)[table].title;
}

// -- one event

void EventMapper::begin()
{
    m_values.clear();
    m_lastName = noName;
}

void EventMapper::add(std::string_view field, std::string_view text, ValueKind kind)
{
    m_lastName = m_names.internAfter(m_lastName, field);
    m_values.add(m_lastName, m_values.keep(text), kind, Origin::Original, m_lastName);
}

std::string_view EventMapper::first(std::string_view field) const
{
    const NameId name = m_names.find(field);
    return name == noName ? std::string_view() : m_values.text(name);
}

void EventMapper::run(std::size_t table)
{
    std::size_t budget = limits::tablesPerEvent;
    runTable(m_tables[table], budget);
    countUnmapped();
}

bool EventMapper::applies(const CompiledTable& table) const
{
    if (std::ranges::any_of(table.unless, [&](NameId name) { return m_values.has(name); })) {
        return false;
    }
    if (table.applies.empty()) {
        return true;
    }
    for (std::size_t i = 0; i < table.applies.size(); ++i) {
        if (!m_values.has(table.applies[i])) {
            continue;
        }
        const std::vector<std::string>& values = table.table->applies[i].values;
        const std::string_view text = m_values.text(table.applies[i]);
        if (values.empty() || std::ranges::any_of(values, [&](const std::string& value) {
                return value.size() == text.size() && (value == text || equalFolded(value, text));
            })) {
            return true;
        }
    }
    return false;
}

void EventMapper::drop(CompiledTable& table)
{
    for (PatternMemo& memo : table.drops) {
        const std::vector<std::string>& values = memo.row->values;
        for (std::uint32_t i = 0; i < m_values.size(); ++i) {
            Value& value = m_values.at(i);
            // Words that say nothing are short.
            constexpr std::size_t longest = 40;
            if (value.isLive && value.text.size() <= longest
                && answer(memo, value.name, m_names, false) >= firstAnswer
                && std::ranges::find(values, withoutBlanksBehind(value.text)) != values.end()) {
                value.isLive = false;
            }
        }
    }
}

std::string_view EventMapper::codeOf(const CompiledTable& table) const
{
    if (table.codeField == noName) {
        return {};
    }
    if (!table.table->codeIsKey) {
        return m_values.text(table.codeField);
    }
    const std::string& prefix = m_names.name(table.codeField);
    for (const Value& value : m_values.values()) {
        const std::string_view field = m_names.name(value.name);
        if (field.size() > prefix.size() && field.starts_with(prefix)
            && field[prefix.size()] == '.') {
            const std::string_view below = field.substr(prefix.size() + 1);
            return below.substr(0, below.find('.'));
        }
    }
    return {};
}

void EventMapper::addEvent(const EventRow& event)
{
    const auto constant = [&](NameId name, std::string_view text) {
        m_values.add(name, text, ValueKind::String, Origin::Derived, noName);
    };
    if (!m_values.has(m_category)) {
        for (const std::string& category : event.categories) {
            constant(m_category, category);
        }
    }
    if (!m_values.has(m_type)) {
        for (const std::string& type : event.types) {
            constant(m_type, type);
        }
    }
    if (!event.action.empty() && !m_values.has(m_action)) {
        constant(m_action, event.action);
    }
}

void EventMapper::runRow(const CompiledField& field)
{
    const FieldRow& row = *field.row;
    ConversionRun conversion(m_values, m_names, field);
    if (row.isConstant) {
        conversion.constant();
        return;
    }
    for (std::uint32_t i = m_values.first(field.source); i != EventValues::none;) {
        const std::uint32_t next = m_values.nextOf(i);
        const Value value = m_values.at(i);
        const bool isWanted =
            row.onlyIf.empty() || std::ranges::find(row.onlyIf, value.text) != row.onlyIf.end();
        if (isWanted && i < conversion.firstNew() && conversion.convert(value)) {
            m_values.at(i).isKnown = true;
            m_values.at(i).isMoved = m_values.at(i).isMoved || !row.keep;
        }
        i = next;
    }
}

void EventMapper::renameRest(CompiledTable& table)
{
    const std::uint32_t before = m_values.size();
    for (std::uint32_t i = 0; i < before; ++i) {
        const Value& value = m_values.at(i);
        if (!value.isLive || value.isKnown || value.origin == Origin::Derived) {
            continue;
        }
        for (PatternMemo& memo : table.rests) {
            const std::uint32_t found = answer(memo, value.name, m_names, true);
            if (found >= firstAnswer) {
                m_values.rename(i, found - firstAnswer);
                break;
            }
        }
    }
}

void EventMapper::runTable(CompiledTable& table, std::size_t& budget)
{
    if (budget == 0 || !applies(table)) {
        return;
    }
    --budget;
    drop(table);
    const Program& program = table.program(codeOf(table));
    if (program.event != nullptr) {
        addEvent(*program.event);
    }
    for (const CompiledField* field : program.fields) {
        if (m_values.size() > limits::valuesPerEvent) {
            break;
        }
        runRow(*field);
    }
    for (std::uint32_t i = 0; i < m_values.size(); ++i) {
        Value& value = m_values.at(i);
        if (value.isMoved) {
            value.isMoved = false;
            value.isLive = false;
        }
    }
    renameRest(table);
    for (const std::size_t next : table.next) {
        runTable(m_tables[next], budget);
    }
}

void EventMapper::countUnmapped()
{
    for (const Value& value : m_values.values()) {
        if (value.isLive && !value.isKnown && value.origin == Origin::Renamed
            && value.source != noName && !isScratch(value.name)) {
            if (value.source >= m_unmapped.size()) {
                m_unmapped.resize(static_cast<std::size_t>(value.source) + 64, 0);
            }
            ++m_unmapped[value.source];
        }
    }
}

std::map<std::string, std::uint64_t> EventMapper::takeUnmapped()
{
    std::map<std::string, std::uint64_t> unmapped;
    for (std::size_t i = 0; i < m_unmapped.size(); ++i) {
        if (m_unmapped[i] > 0) {
            // Members of what was written as text stood under scratch names.
            const std::string& name = m_names.name(static_cast<NameId>(i));
            unmapped[name.front() == '~' ? name.substr(1) : name] += m_unmapped[i];
        }
    }
    m_unmapped.clear();
    return unmapped;
}

} // namespace sequela::mapping
