#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sequela::ingest {

/// Finds the structural characters of a JSON document and checks its UTF-8, with the widest
/// instructions of the processor it runs on (simdjson's first stage). One per thread, reused.
class JsonIndex {
public:
    enum class Outcome : std::uint8_t {
        Done,
        InvalidUtf8,
        /// A control character stands raw in a string.
        RawControlCharacter,
        UnclosedString,
        Empty,
    };

    JsonIndex();
    ~JsonIndex();
    JsonIndex(const JsonIndex&) = delete;
    JsonIndex& operator=(const JsonIndex&) = delete;

    /// Indexes @p text, which must stay as it is while positions() is used.
    [[nodiscard]] Outcome index(std::string_view text);
    /// Offsets of brackets, colons, commas, opening quotes and first characters of other scalars,
    /// ascending.
    [[nodiscard]] std::span<const std::uint32_t> positions() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sequela::ingest
