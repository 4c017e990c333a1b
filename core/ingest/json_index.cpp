#include "core/ingest/json_index.h"

#include <simdjson.h>

#include <algorithm>

namespace sequela::ingest {

struct JsonIndex::State {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    std::size_t capacity = 0;
};

JsonIndex::JsonIndex() : m_state(std::make_unique<State>()) {}
JsonIndex::~JsonIndex() = default;

JsonIndex::Outcome JsonIndex::index(std::string_view text)
{
    constexpr std::size_t leastCapacity = std::size_t{64} << 10U;
    constexpr std::size_t unusedDepth = 1;
    if (text.size() > m_state->capacity || m_state->parser == nullptr) {
        const std::size_t capacity = std::max(leastCapacity, text.size() + text.size() / 2);
        m_state->parser.reset();
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(
                capacity, unusedDepth, m_state->parser)
            != simdjson::SUCCESS) {
            m_state->parser.reset();
            m_state->capacity = 0;
            return Outcome::Empty;
        }
        m_state->capacity = capacity;
    }
    const auto error = m_state->parser->stage1(reinterpret_cast<const std::uint8_t*>(text.data()),
                                               text.size(), simdjson::stage1_mode::regular);
    switch (error) {
    case simdjson::SUCCESS:
        return Outcome::Done;
    case simdjson::UTF8_ERROR:
        return Outcome::InvalidUtf8;
    case simdjson::UNESCAPED_CHARS:
        return Outcome::RawControlCharacter;
    case simdjson::UNCLOSED_STRING:
        return Outcome::UnclosedString;
    default:
        return Outcome::Empty;
    }
}

std::span<const std::uint32_t> JsonIndex::positions() const
{
    return {m_state->parser->structural_indexes.get(), m_state->parser->n_structural_indexes};
}

} // namespace sequela::ingest
