#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/base/sha256.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace sequela::ingest {

/// Bytes that arrive one after the other: a file, a pipe, what a decompressor makes of another.
/// One reader at a time.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills at most @p buffer and returns how many bytes; 0 is the end. An error is final, what
    /// came before it stands.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

/// A source that somebody else keeps.
class LentSource final : public ByteSource {
public:
    explicit LentSource(ByteSource& source) : m_source(source) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override
    {
        return m_source.read(buffer);
    }

private:
    ByteSource& m_source;
};

/// A source that can be read from any place.
class SeekableSource : public ByteSource {
public:
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /// Moves to an absolute position; false when it cannot.
    [[nodiscard]] virtual bool seek(std::uint64_t position) = 0;
};

/// Reads a file descriptor, in slices so that a stop request ends a wait for a pipe. A regular file
/// is read up to the size it had when it was opened: one that is being written gives a whole number
/// of bytes that a hash can name.
class FileSource final : public SeekableSource {
public:
    /// Opens a file; the error says why not and what to do.
    [[nodiscard]] static Result<std::unique_ptr<FileSource>> open(const std::string& path,
                                                                  std::stop_token stop);
    [[nodiscard]] static std::unique_ptr<FileSource> standardInput(std::stop_token stop);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    /// Size when it was opened; 0 for pipes.
    [[nodiscard]] std::uint64_t size() const override { return m_size; }
    [[nodiscard]] bool seek(std::uint64_t position) override;
    /// Copies the rest of another source into a private temporary file without a name, at most
    /// @p mostBytes of it. A source that breaks off is copied up to there and @p brokenOff says
    /// why; errors: more bytes than allowed, no room.
    [[nodiscard]] static Result<std::unique_ptr<FileSource>>
    spool(ByteSource& source, std::uint64_t mostBytes, std::optional<Diagnostic>& brokenOff);

private:
    FileSource(int descriptor, bool owned, std::string path, std::stop_token stop);

    int m_descriptor = -1;
    bool m_owned = false;
    bool m_canBlock = false;
    std::uint64_t m_size = 0;
    std::uint64_t m_position = 0;
    std::string m_path;
    std::stop_token m_stop;
};

/// Bytes in memory, which must outlive it.
class TextSource final : public SeekableSource {
public:
    explicit TextSource(std::string_view text) : m_text(text), m_rest(text) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] std::uint64_t size() const override { return m_text.size(); }
    [[nodiscard]] bool seek(std::uint64_t position) override;

private:
    std::string_view m_text;
    std::string_view m_rest;
};

/// Passes another source on and keeps the SHA-256 and number of the bytes that went through;
/// tells the progress.
class HashingSource final : public ByteSource {
public:
    HashingSource(std::unique_ptr<ByteSource> inner, Progress* progress)
        : m_inner(std::move(inner)), m_progress(progress)
    {
    }
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] std::string hashHex() const { return toHex(m_hash.digest()); }
    /// Reads to the end for the hash's sake.
    [[nodiscard]] Result<void> drain();

private:
    std::unique_ptr<ByteSource> m_inner;
    Progress* m_progress = nullptr;
    Sha256 m_hash;
    std::uint64_t m_bytes = 0;
};

/// Lets a recogniser look at the first bytes before a reader takes them all.
class PeekSource final : public ByteSource {
public:
    explicit PeekSource(std::unique_ptr<ByteSource> inner) : m_inner(std::move(inner)) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    /// The next bytes, as many as there are up to @p count; fewer before a damaged place, whose
    /// error comes when the reader gets there. Valid until the next call of either function.
    [[nodiscard]] std::string_view peek(std::size_t count);
    /// Why nothing more comes behind what was peeked at; null while nothing is wrong.
    [[nodiscard]] const Diagnostic* error() const { return m_error ? &*m_error : nullptr; }
    /// Forgets the next bytes, which were peeked at before.
    void skip(std::size_t count);

private:
    std::unique_ptr<ByteSource> m_inner;
    std::string m_ahead;
    std::size_t m_taken = 0;
    bool m_ended = false;
    std::optional<Diagnostic> m_error;
};

/// UTF-16 text as UTF-8. Unpaired surrogates become U+FFFD and are counted.
class Utf16Source final : public ByteSource {
public:
    Utf16Source(std::unique_ptr<ByteSource> inner, bool bigEndian)
        : m_inner(std::move(inner)), m_bigEndian(bigEndian)
    {
    }
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] std::uint64_t replacedCount() const { return m_replaced; }

private:
    void convert(std::string_view units);
    void flushUnpaired();

    std::unique_ptr<ByteSource> m_inner;
    bool m_bigEndian = false;
    std::string m_units;
    std::string m_text;
    std::size_t m_taken = 0;
    char32_t m_high = 0;
    std::uint64_t m_replaced = 0;
    bool m_ended = false;
};

} // namespace sequela::ingest
