#include "core/ingest/byte_source.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sequela::ingest {
namespace {

constexpr std::size_t copyBytes = std::size_t{256} << 10U;
/// How long a wait for a pipe may go on before the stop token is looked at, milliseconds.
constexpr int pollMs = 20;

std::string hintFor(int error)
{
    switch (error) {
    case ENOENT:
        return "check the path";
    case EACCES:
    case EPERM:
        return "you lack the permission to read it; copy it or change its mode";
    case EIO:
        return "the disk reports damage; copy what can be saved first";
    default:
        return {};
    }
}

} // namespace

FileSource::FileSource(int descriptor, bool owned, std::string path, std::stop_token stop)
    : m_descriptor(descriptor), m_owned(owned), m_path(std::move(path)), m_stop(std::move(stop))
{
    struct stat status{};
    if (fstat(descriptor, &status) == 0) {
        m_canBlock = !S_ISREG(status.st_mode);
        m_size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    }
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path, std::stop_token stop)
{
    // O_NONBLOCK: opening a named pipe nobody writes to must not hang.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const int error = errno;
        Diagnostic diagnostic =
            makeError("ingest-unreadable",
                      fmt::format("cannot be opened: {}", std::generic_category().message(error)),
                      hintFor(error));
        diagnostic.file = path;
        return std::unexpected(std::move(diagnostic));
    }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::unique_ptr<FileSource>(new FileSource(descriptor, true, path, std::move(stop)));
}

std::unique_ptr<FileSource> FileSource::standardInput(std::stop_token stop)
{
    return std::unique_ptr<FileSource>(new FileSource(STDIN_FILENO, false, "-", std::move(stop)));
}

namespace {

Diagnostic cannotSpool(int error)
{
    return makeError("ingest-unreadable",
                     fmt::format("cannot be unpacked into a temporary file: {}",
                                 std::generic_category().message(error)),
                     "make room in the folder for temporary files (TMPDIR)");
}

/// A file of our own without a name, so that nothing is left behind whatever happens.
int openNameless()
{
    std::error_code error;
    const std::string folder = std::filesystem::temp_directory_path(error).native();
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        return descriptor;
    }
    std::string name = folder + "/sequela-XXXXXX";
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) {
        ::unlink(name.c_str());
    }
    return named;
}

bool writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

} // namespace

Result<std::unique_ptr<FileSource>> FileSource::spool(ByteSource& source, std::uint64_t mostBytes,
                                                      std::optional<Diagnostic>& brokenOff)
{
    const int descriptor = openNameless();
    if (descriptor < 0) {
        return std::unexpected(cannotSpool(errno));
    }
    // Owns the descriptor from here on; its size is taken anew below.
    const std::unique_ptr<FileSource> owner(new FileSource(descriptor, true, {}, {}));
    std::string buffer(copyBytes, '\0');
    std::uint64_t total = 0;
    for (;;) {
        auto count = source.read(buffer);
        if (!count) {
            if (isCancelled(count.error())) {
                return std::unexpected(std::move(count).error());
            }
            brokenOff = std::move(count).error();
            break;
        }
        if (*count == 0) {
            break;
        }
        total += *count;
        if (total > mostBytes) {
            return std::unexpected(makeError(
                "ingest-archive-limit",
                fmt::format("is an archive of more than {} bytes inside another file", mostBytes),
                "unpack it yourself and import what it holds"));
        }
        if (!writeAll(descriptor, {buffer.data(), *count})) {
            return std::unexpected(cannotSpool(errno));
        }
    }
    const int again = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (again < 0 || ::lseek(again, 0, SEEK_SET) < 0) {
        return std::unexpected(cannotSpool(errno));
    }
    return std::unique_ptr<FileSource>(new FileSource(again, true, {}, {}));
}

FileSource::~FileSource()
{
    if (m_owned) {
        ::close(m_descriptor);
    }
}

Result<std::size_t> FileSource::read(std::span<char> buffer)
{
    for (;;) {
        if (m_canBlock) {
            pollfd waiting{.fd = m_descriptor, .events = POLLIN, .revents = 0};
            const int ready = ::poll(&waiting, 1, pollMs);
            if (m_stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            if (ready == 0) {
                continue;
            }
        }
        const std::size_t wanted = m_size > 0
                                       ? std::min<std::uint64_t>(buffer.size(), m_size - m_position)
                                       : buffer.size();
        const ssize_t count = ::read(m_descriptor, buffer.data(), wanted);
        if (count >= 0) {
            m_position += static_cast<std::uint64_t>(count);
            return static_cast<std::size_t>(count);
        }
        if (errno == EINTR || errno == EAGAIN) {
            continue;
        }
        const int error = errno;
        Diagnostic diagnostic =
            makeError("ingest-unreadable",
                      fmt::format("cannot be read on: {}", std::generic_category().message(error)),
                      hintFor(error));
        diagnostic.file = m_path;
        return std::unexpected(std::move(diagnostic));
    }
}

bool FileSource::seek(std::uint64_t position)
{
    if (position > m_size || ::lseek(m_descriptor, static_cast<off_t>(position), SEEK_SET) < 0) {
        return false;
    }
    m_position = position;
    return true;
}

Result<std::size_t> TextSource::read(std::span<char> buffer)
{
    const std::size_t count = std::min(buffer.size(), m_rest.size());
    std::copy_n(m_rest.data(), count, buffer.data());
    m_rest.remove_prefix(count);
    return count;
}

bool TextSource::seek(std::uint64_t position)
{
    if (position > m_text.size()) {
        return false;
    }
    m_rest = m_text.substr(position);
    return true;
}

Result<std::size_t> HashingSource::read(std::span<char> buffer)
{
    auto count = m_inner->read(buffer);
    if (count) {
        m_hash.update({buffer.data(), *count});
        m_bytes += *count;
        if (m_progress != nullptr) {
            m_progress->add(*count);
        }
    }
    return count;
}

Result<void> HashingSource::drain()
{
    std::string buffer(copyBytes, '\0');
    for (;;) {
        auto count = read(buffer);
        if (!count) {
            return std::unexpected(std::move(count).error());
        }
        if (*count == 0) {
            return {};
        }
    }
}

std::string_view PeekSource::peek(std::size_t count)
{
    m_ahead.erase(0, m_taken);
    m_taken = 0;
    while (m_ahead.size() < count && !m_ended) {
        const std::size_t before = m_ahead.size();
        m_ahead.resize(count);
        auto added = m_inner->read(std::span(m_ahead).subspan(before));
        m_ahead.resize(before + added.value_or(0));
        if (!added) {
            m_error = std::move(added).error();
            m_ended = true;
        } else if (*added == 0) {
            m_ended = true;
        }
    }
    return std::string_view(m_ahead).substr(0, count);
}

void PeekSource::skip(std::size_t count)
{
    m_taken = std::min(m_taken + count, m_ahead.size());
}

Result<std::size_t> PeekSource::read(std::span<char> buffer)
{
    if (m_taken < m_ahead.size()) {
        const std::size_t count = std::min(buffer.size(), m_ahead.size() - m_taken);
        std::copy_n(m_ahead.data() + m_taken, count, buffer.data());
        m_taken += count;
        return count;
    }
    if (m_error) {
        return std::unexpected(*m_error);
    }
    if (m_ended) {
        return std::size_t{0};
    }
    return m_inner->read(buffer);
}

void Utf16Source::flushUnpaired()
{
    if (m_high != 0) {
        appendUtf8(m_text, U'\uFFFD');
        ++m_replaced;
        m_high = 0;
    }
}

void Utf16Source::convert(std::string_view units)
{
    for (std::size_t i = 0; i + 1 < units.size(); i += 2) {
        const auto first = static_cast<unsigned char>(units[i]);
        const auto second = static_cast<unsigned char>(units[i + 1]);
        const char32_t unit = m_bigEndian ? static_cast<char32_t>(first) << 8U | second
                                          : static_cast<char32_t>(second) << 8U | first;
        const bool isLow = unit >= 0xDC00 && unit <= 0xDFFF;
        if (isLow && m_high != 0) {
            appendUtf8(m_text, 0x10000 + ((m_high - 0xD800) << 10U) + (unit - 0xDC00));
            m_high = 0;
            continue;
        }
        flushUnpaired();
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            m_high = unit;
        } else if (isLow) {
            appendUtf8(m_text, U'\uFFFD');
            ++m_replaced;
        } else {
            appendUtf8(m_text, unit);
        }
    }
}

Result<std::size_t> Utf16Source::read(std::span<char> buffer)
{
    while (m_taken == m_text.size() && !m_ended) {
        m_text.clear();
        m_taken = 0;
        const std::size_t before = m_units.size();
        m_units.resize(before + copyBytes);
        auto count = m_inner->read(std::span(m_units).subspan(before));
        m_units.resize(before + count.value_or(0));
        if (!count) {
            return count;
        }
        m_ended = *count == 0;
        const std::size_t whole = m_units.size() / 2 * 2;
        convert(std::string_view(m_units).substr(0, whole));
        m_units.erase(0, whole);
        if (m_ended) {
            flushUnpaired();
            if (!m_units.empty()) {
                appendUtf8(m_text, U'\uFFFD');
                ++m_replaced;
                m_units.clear();
            }
        }
    }
    const std::size_t count = std::min(buffer.size(), m_text.size() - m_taken);
    std::copy_n(m_text.data() + m_taken, count, buffer.data());
    m_taken += count;
    return count;
}

} // namespace sequela::ingest
