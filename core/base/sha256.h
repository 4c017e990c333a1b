#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sequela {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// Incremental SHA-256 (FIPS 180-4).
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void update(std::string_view bytes);
    /// Adds the length as eight bytes, big-endian, and then the bytes: no two lists of parts
    /// collide.
    void updateWithLength(std::string_view bytes);
    /// The digest of all bytes so far; more may follow, the running state is kept.
    [[nodiscard]] Sha256Digest digest() const;

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);
/// Lower-case hex of the first @p byteCount bytes.
[[nodiscard]] std::string toHex(const Sha256Digest& digest, std::size_t byteCount = 32);

} // namespace sequela
