#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sequela::casefile {

/// Appends integers as LEB128 and bytes as they are.
class ByteWriter {
public:
    void clear() { m_bytes.clear(); }
    void byte(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }
    void unsignedInteger(std::uint64_t value)
    {
        while (value >= 0x80) {
            byte(static_cast<std::uint8_t>(value | 0x80U));
            value >>= 7U;
        }
        byte(static_cast<std::uint8_t>(value));
    }
    /// Zigzag, so that small negative numbers stay short.
    void signedInteger(std::int64_t value)
    {
        const auto bits = static_cast<std::uint64_t>(value);
        unsignedInteger((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : std::uint64_t{0}));
    }
    void raw(const void* bytes, std::size_t size)
    {
        m_bytes.append(static_cast<const char*>(bytes), size);
    }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }
    [[nodiscard]] std::string& bytes() { return m_bytes; }

private:
    std::string m_bytes;
};

/// Reads what ByteWriter wrote. Reading past the end yields zeros and marks the reader as failed,
/// so callers check once per section, and before trusting any count.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] bool atEnd() const { return !m_failed && m_bytes.empty(); }
    [[nodiscard]] std::size_t remaining() const { return m_bytes.size(); }

    std::uint8_t byte()
    {
        if (m_bytes.empty()) {
            m_failed = true;
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(m_bytes.front());
        m_bytes.remove_prefix(1);
        return value;
    }
    std::uint64_t unsignedInteger()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            value |= static_cast<std::uint64_t>(next & 0x7FU) << shift;
            if ((next & 0x80U) == 0) {
                return value;
            }
        }
        m_failed = true;
        return 0;
    }
    std::int64_t signedInteger()
    {
        const std::uint64_t bits = unsignedInteger();
        return static_cast<std::int64_t>((bits >> 1U) ^ (std::uint64_t{0} - (bits & 1U)));
    }
    /// The next @p size bytes, or an empty view and failure.
    std::string_view raw(std::uint64_t size)
    {
        if (size > m_bytes.size()) {
            m_failed = true;
            return {};
        }
        const std::string_view result = m_bytes.substr(0, static_cast<std::size_t>(size));
        m_bytes.remove_prefix(result.size());
        return result;
    }
    /// A count of things of which each takes at least a byte; anything greater is failure, so that
    /// what follows may allocate by it.
    std::uint32_t count()
    {
        const std::uint64_t value = unsignedInteger();
        if (value > m_bytes.size() || value > 0xFFFFFFFFU) {
            m_failed = true;
            return 0;
        }
        return static_cast<std::uint32_t>(value);
    }

private:
    std::string_view m_bytes;
    bool m_failed = false;
};

} // namespace sequela::casefile
