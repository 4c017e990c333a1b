#include "core/base/sha256.h"

#include <openssl/evp.h>

#include <cassert>
#include <new>

namespace sequela {
namespace {

struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

ContextPtr newContext()
{
    ContextPtr context(EVP_MD_CTX_new());
    if (!context) {
        throw std::bad_alloc();
    }
    return context;
}

} // namespace

struct Sha256::Context {
    ContextPtr handle = newContext();
};

// The EVP calls fail only when libcrypto has no SHA-256 or no memory; neither can be handled here.
Sha256::Sha256() : m_context(std::make_unique<Context>())
{
    [[maybe_unused]] const int ok =
        EVP_DigestInit_ex(m_context->handle.get(), EVP_sha256(), nullptr);
    assert(ok == 1);
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes)
{
    EVP_DigestUpdate(m_context->handle.get(), bytes.data(), bytes.size());
}

void Sha256::updateWithLength(std::string_view bytes)
{
    std::array<char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) {
        length[i] =
            static_cast<char>((static_cast<std::uint64_t>(bytes.size()) >> (56 - 8 * i)) & 0xff);
    }
    update({length.data(), length.size()});
    update(bytes);
}

Sha256Digest Sha256::digest() const
{
    const ContextPtr copy = newContext();
    EVP_MD_CTX_copy_ex(copy.get(), m_context->handle.get());
    Sha256Digest digest{};
    EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr);
    return digest;
}

Sha256Digest sha256(std::string_view bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.digest();
}

std::string toHex(const Sha256Digest& digest, std::size_t byteCount)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * byteCount);
    for (std::size_t i = 0; i < byteCount && i < digest.size(); ++i) {
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 0xfU];
    }
    return text;
}

} // namespace sequela
