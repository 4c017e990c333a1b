#include "core/ingest/json_flattener.h"

#include "core/ingest/json_text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sequela::ingest {
namespace {

using schema::ValueKind;
using namespace std::string_view_literals;

/// Members a hit of a response may begin with. A document never begins with one of them and still
/// has `_source`.
constexpr std::array hitKeys{
    "_index"sv,   "_id"sv,     "_score"sv,        "_source"sv,   "_type"sv,
    "_version"sv, "_seq_no"sv, "_primary_term"sv, "_ignored"sv,  "_routing"sv,
    "sort"sv,     "fields"sv,  "missing"sv,       "highlight"sv, "matched_queries"sv,
    "_shard"sv,   "_node"sv,   "_explanation"sv,  "_nested"sv,   "inner_hits"sv};

bool isHitKey(std::string_view key)
{
    return !key.empty()
           && (key.front() == '_' || key == "sort"sv || key == "fields"sv || key == "missing"sv
               || key == "highlight"sv || key == "inner_hits"sv || key == "matched_queries"sv)
           && std::ranges::find(hitKeys, key) != hitKeys.end();
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

} // namespace

void JsonFlattener::note(ProblemKind kind, std::size_t offset, std::uint64_t count)
{
    const auto same = std::ranges::find(m_notes, kind, &DocumentNote::kind);
    if (same != m_notes.end()) {
        same->count += count;
    } else {
        m_notes.push_back({.kind = kind, .offset = offset, .count = count});
    }
}

bool JsonFlattener::fail(FlattenOutcome outcome)
{
    m_outcome = outcome;
    return false;
}

/// Text from one structural position to the next without the blanks behind it.
std::string_view JsonFlattener::token(std::size_t i) const
{
    const std::size_t begin = m_positions[i];
    std::size_t end = i + 1 < m_positions.size() ? m_positions[i + 1] : m_text.size();
    while (end > begin && isSpace(m_text[end - 1])) {
        --end;
    }
    return {m_text.data() + begin, end - begin};
}

bool JsonFlattener::stringToken(std::size_t i, std::string_view& inside) const
{
    const std::string_view quoted = token(i);
    if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') {
        return false;
    }
    inside = {quoted.data() + 1, quoted.size() - 2};
    return true;
}

bool JsonFlattener::unescaped(std::string_view inside, std::string& storage, std::string_view& text)
{
    if (!m_hasEscapes || inside.empty()
        || std::memchr(inside.data(), '\\', inside.size()) == nullptr) {
        text = inside;
        return true;
    }
    storage.clear();
    std::uint64_t lone = 0;
    if (unescapeJson(inside, storage, lone)) {
        return fail(FlattenOutcome::Broken);
    }
    if (lone > 0) {
        note(ProblemKind::LoneSurrogate, static_cast<std::size_t>(inside.data() - m_text.data()),
             lone);
    }
    text = storage;
    return true;
}

/// Position behind the value at @p i, brackets counted and not checked.
std::size_t JsonFlattener::skipValue(std::size_t i) const
{
    std::size_t depth = 0;
    while (i < m_positions.size()) {
        const char c = at(i++);
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
        if (depth == 0) {
            return i;
        }
    }
    return i;
}

FlattenOutcome JsonFlattener::inspect(std::string_view text, const JsonIndex& index)
{
    m_text = text;
    m_positions = index.positions();
    m_document = text;
    m_documentKey = {};
    m_documentAt = 0;
    if (at(0) != '{') {
        return at(0) == '\0' ? FlattenOutcome::Broken : FlattenOutcome::NotAnObject;
    }
    std::string_view key;
    if (at(1) != '"' || !stringToken(1, key) || !isHitKey(key)) {
        return FlattenOutcome::Done;
    }
    bool isMissing = false;
    for (std::size_t i = 1; at(i) == '"' && stringToken(i, key) && at(i + 1) == ':';) {
        const std::size_t valueAt = i + 2;
        const std::size_t end = skipValue(valueAt);
        const bool isSource = key == "_source"sv;
        if (at(valueAt) == '{' && (isSource || (key == "fields"sv && m_documentKey.empty()))) {
            const std::size_t begin = m_positions[valueAt];
            m_documentAt = valueAt;
            m_documentKey = key;
            m_document = text.substr(begin, m_positions[end - 1] + 1 - begin);
            if (isSource) {
                return FlattenOutcome::Done;
            }
        }
        isMissing = isMissing || (key == "missing"sv && token(valueAt) == "true"sv);
        i = end + 1;
    }
    return isMissing && m_documentKey.empty() ? FlattenOutcome::Placeholder : FlattenOutcome::Done;
}

void JsonFlattener::tellKeys(mapping::EventMapper& mapper) const
{
    mapper.beginKeys();
    std::size_t i = m_documentKey.empty() ? 1 : m_documentAt + 1;
    std::string_view key;
    while (at(i) == '"' && at(i + 1) == ':' && stringToken(i, key)) {
        mapper.addKey(key);
        // Past the value and the comma behind it.
        i = skipValue(i + 2) + 1;
    }
}

FlattenOutcome JsonFlattener::flatten(casefile::SegmentBuilder& builder)
{
    m_builder = &builder;
    m_mapper = nullptr;
    return flattenDocument();
}

FlattenOutcome JsonFlattener::flatten(mapping::EventMapper& mapper)
{
    m_builder = nullptr;
    m_mapper = &mapper;
    return flattenDocument();
}

FlattenOutcome JsonFlattener::flattenDocument()
{
    m_outcome = FlattenOutcome::Done;
    // One look at the whole document spares most of them a look at every string.
    m_hasEscapes = m_text.find('\\') != std::string_view::npos;
    m_path.clear();
    m_hasTime = false;
    m_timeText.clear();
    m_fieldCount = 0;
    m_notes.clear();
    m_next = 1;
    const bool good = m_documentKey.empty() ? members(1) : hit();
    if (good && m_next != m_positions.size()) {
        m_outcome = FlattenOutcome::Broken;
    }
    return good || m_outcome != FlattenOutcome::Done ? m_outcome : FlattenOutcome::Broken;
}

/// Members of a hit: the document in place of the hit, its identity beside it, the rest dropped.
bool JsonFlattener::hit()
{
    for (;;) {
        std::string_view key;
        if (at(m_next) != '"' || !stringToken(m_next, key) || at(m_next + 1) != ':') {
            return false;
        }
        m_next += 2;
        m_path.clear();
        if (m_next == m_documentAt) {
            ++m_next;
            if (!members(2)) {
                return false;
            }
        } else if (key == "_id"sv || key == "_index"sv) {
            m_path = key;
            if (!value(2)) {
                return false;
            }
        } else {
            m_next = skipValue(m_next);
        }
        const char c = at(m_next++);
        if (c != ',') {
            return c == '}';
        }
    }
}

bool JsonFlattener::members(std::size_t depth)
{
    if (depth > m_limits.nestingDepth) {
        return fail(FlattenOutcome::TooDeep);
    }
    if (at(m_next) == '}') {
        ++m_next;
        return true;
    }
    for (;;) {
        if (!member(depth)) {
            return false;
        }
        const char c = at(m_next++);
        if (c != ',') {
            return c == '}';
        }
    }
}

bool JsonFlattener::member(std::size_t depth)
{
    std::string_view inside;
    std::string_view key;
    if (at(m_next) != '"' || !stringToken(m_next, inside) || at(m_next + 1) != ':'
        || !unescaped(inside, m_keyText, key)) {
        return false;
    }
    const std::size_t before = m_path.size();
    const bool kept = appendKey(key, m_positions[m_next]);
    m_next += 2;
    if (!kept) {
        m_next = skipValue(m_next);
        m_path.resize(before);
        return true;
    }
    const bool good = value(depth);
    m_path.resize(before);
    return good;
}

/// Extends the path; false when this member is to be left out.
bool JsonFlattener::appendKey(std::string_view key, std::size_t offset)
{
    if (key.empty()) {
        note(ProblemKind::EmptyKey, offset);
        // A name that is nothing could not be queried nor shown.
        key = "\"\""sv;
    }
    if (m_path.size() + key.size() + 1 > m_limits.fieldNameBytes) {
        note(ProblemKind::FieldNameTooLong, offset);
        return false;
    }
    if (!m_path.empty()) {
        m_path += '.';
    }
    m_path += key;
    return true;
}

bool JsonFlattener::value(std::size_t depth)
{
    switch (at(m_next)) {
    case '{':
        ++m_next;
        return members(depth + 1);
    case '[':
        ++m_fieldCount;
        ++m_next;
        return elements(depth + 1);
    default:
        break;
    }
    if (++m_fieldCount > m_limits.fieldsPerDocument && m_next < m_positions.size()) {
        note(ProblemKind::TooManyFields, m_positions[m_next]);
        m_next = skipValue(m_next);
        return true;
    }
    return scalar();
}

bool JsonFlattener::elements(std::size_t depth)
{
    if (depth > m_limits.nestingDepth) {
        return fail(FlattenOutcome::TooDeep);
    }
    if (at(m_next) == ']') {
        ++m_next;
        return true;
    }
    const bool fieldFits = m_fieldCount <= m_limits.fieldsPerDocument;
    for (std::size_t count = 1;; ++count) {
        const char c = at(m_next);
        const bool fits = fieldFits && count <= m_limits.valuesPerField;
        if (!fits && m_next < m_positions.size()) {
            note(fieldFits ? ProblemKind::TooManyValues : ProblemKind::TooManyFields,
                 m_positions[m_next]);
            m_next = skipValue(m_next);
        } else if (c == '{' || c == '[') {
            ++m_next;
            if (!(c == '{' ? members(depth + 1) : elements(depth + 1))) {
                return false;
            }
        } else if (!scalar()) {
            return false;
        }
        const char next = at(m_next++);
        if (next != ',') {
            return next == ']';
        }
    }
}

bool JsonFlattener::scalar()
{
    const char c = at(m_next);
    if (c == '"') {
        std::string_view inside;
        std::string_view text;
        if (!stringToken(m_next, inside) || !unescaped(inside, m_valueText, text)) {
            return false;
        }
        ++m_next;
        addValue(text, ValueKind::String);
        return true;
    }
    if (c == '\0' || m_next >= m_positions.size()) {
        return false;
    }
    const std::string_view text = token(m_next);
    ++m_next;
    if (text == "true"sv || text == "false"sv) {
        addValue(text, ValueKind::Boolean);
        return true;
    }
    if (text == "null"sv) {
        return true;
    }
    if (!isJsonNumber(text)) {
        return false;
    }
    addValue(text, ValueKind::Number);
    return true;
}

void JsonFlattener::addValue(std::string_view text, ValueKind kind)
{
    if (m_mapper != nullptr) {
        m_mapper->add(m_path, text, kind);
        return;
    }
    m_builder->add(m_path, text, kind);
    if (!m_hasTime && m_path == "@timestamp"sv) {
        m_hasTime = true;
        m_timeText = text;
        m_timeIsNumber = kind == ValueKind::Number;
    }
}

} // namespace sequela::ingest
