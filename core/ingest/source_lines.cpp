#include "core/ingest/source_lines.h"

#include "core/ingest/archive_reader.h"
#include "core/ingest/byte_source.h"
#include "core/ingest/compression.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t packingBytes = 512;
constexpr std::size_t blockBytes = std::size_t{64} * 1024;

/// Cuts a text into lines and keeps those that are wanted.
class LineCollector {
public:
    explicit LineCollector(const SourceLinesRequest& request)
        : m_request(request),
          m_first(request.line > request.around ? request.line - request.around : 1),
          m_last(request.line + request.around)
    {
        m_found.firstLine = m_first;
    }

    /// False once no more is wanted.
    bool take(std::string_view text)
    {
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            add(text.substr(0, end));
            if (end == std::string_view::npos) {
                return true;
            }
            text.remove_prefix(end + 1);
            finishLine();
            if (m_line > m_last) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] Result<SourceLines> finish()
    {
        if (m_isOpen) {
            finishLine();
        }
        if (m_found.firstLine + m_found.lines.size() <= m_request.line) {
            return std::unexpected(
                makeError("ingest-no-line",
                          fmt::format("{} has {} lines; line {} is not there.", m_request.path,
                                      m_line - 1, m_request.line),
                          "The file is not the one that was imported any more."));
        }
        return std::move(m_found);
    }

private:
    void add(std::string_view part)
    {
        m_isOpen = true;
        if (m_line < m_first) {
            return;
        }
        const std::size_t most =
            m_line == m_request.line ? m_request.lineBytes : m_request.aroundBytes;
        const std::size_t room = most - std::min(most, m_current.text.size());
        m_current.isCut = m_current.isCut || part.size() > room;
        m_current.text += part.substr(0, room);
    }

    void finishLine()
    {
        if (m_line >= m_first && m_line <= m_last) {
            if (m_current.text.ends_with('\r')) {
                m_current.text.pop_back();
            }
            m_found.lines.push_back(std::exchange(m_current, {}));
        }
        m_isOpen = false;
        ++m_line;
    }

    const SourceLinesRequest& m_request;
    std::uint64_t m_first;
    std::uint64_t m_last;
    std::uint64_t m_line = 1;
    bool m_isOpen = false;
    SourceLines::Line m_current;
    SourceLines m_found;
};

/// Goes down to the content that the request names.
class ContentFinder {
public:
    ContentFinder(const SourceLinesRequest& request, const std::stop_token& stop,
                  const Limits& limits)
        : m_request(request), m_stop(stop), m_limits(limits)
    {
    }

    /// @p member: where this content lies in the file. @p seekable: the file, if it is the content.
    [[nodiscard]] Result<SourceLines> read(std::unique_ptr<ByteSource> source, FileSource* seekable,
                                           const std::string& member, std::size_t depth)
    {
        if (depth > m_limits.archiveDepth + m_limits.compressionDepth) {
            return std::unexpected(makeError("ingest-archive-limit",
                                             "The file is packed more often than is unpacked.",
                                             "Unpack it yourself."));
        }
        auto peek = std::make_unique<PeekSource>(std::move(source));
        const Packing packing = recognisePacking(peek->peek(packingBytes));
        if (packing == Packing::None) {
            return readText(*peek);
        }
        if (!isArchive(packing)) {
            return read(decompress(std::move(peek), packing, m_limits), nullptr, member, depth + 1);
        }
        return readArchive(std::move(peek), seekable, packing, member, depth);
    }

private:
    [[nodiscard]] Result<SourceLines> readArchive(std::unique_ptr<ByteSource> source,
                                                  SeekableSource* seekable, Packing packing,
                                                  const std::string& member, std::size_t depth)
    {
        // The file stays with `source`, which has looked at its beginning already.
        if (seekable != nullptr && !seekable->seek(0)) {
            seekable = nullptr;
        }
        if (seekable == nullptr && needsSeeking(packing)) {
            std::optional<Diagnostic> brokenOff;
            auto spooled = FileSource::spool(*source, m_limits.spooledBytes, brokenOff);
            if (!spooled) {
                return std::unexpected(std::move(spooled).error());
            }
            seekable = spooled->get();
            source = std::move(*spooled);
        }
        auto packed = std::make_unique<LentSource>(seekable != nullptr ? *seekable : *source);
        auto archive =
            openArchive(std::move(packed), seekable, packing, m_limits, m_request.archivePasswords);
        if (!archive) {
            return std::unexpected(std::move(archive).error());
        }
        while (!m_stop.stop_requested()) {
            auto found = (*archive)->next();
            if (!found) {
                return std::unexpected(std::move(found).error());
            }
            if (!*found) {
                return std::unexpected(
                    makeError("ingest-no-member",
                              fmt::format("{} is not in {}.", m_request.member, m_request.path),
                              "The archive is not the one that was imported any more."));
            }
            const std::string path =
                member.empty() ? (*found)->path : fmt::format("{}!/{}", member, (*found)->path);
            if ((*found)->isFile
                && (path == m_request.member || m_request.member.starts_with(path + "!/"))) {
                return read(std::make_unique<MemberSource>(**archive), nullptr, path, depth + 1);
            }
        }
        return std::unexpected(cancelledError());
    }

    [[nodiscard]] Result<SourceLines> readText(PeekSource& source)
    {
        const std::string_view head = source.peek(4);
        const bool isLittle = head.starts_with("\xff\xfe"sv);
        if (isLittle || head.starts_with("\xfe\xff"sv)) {
            source.skip(2);
            Utf16Source decoded(std::make_unique<LentSource>(source), !isLittle);
            return collect(decoded);
        }
        if (head.starts_with("\xef\xbb\xbf"sv)) {
            source.skip(3);
        }
        return collect(source);
    }

    [[nodiscard]] Result<SourceLines> collect(ByteSource& source)
    {
        LineCollector lines(m_request);
        std::string block(blockBytes, '\0');
        while (!m_stop.stop_requested()) {
            const auto count = source.read(block);
            if (!count) {
                return std::unexpected(count.error());
            }
            if (*count == 0 || !lines.take(std::string_view(block).substr(0, *count))) {
                return lines.finish();
            }
        }
        return std::unexpected(cancelledError());
    }

    const SourceLinesRequest& m_request;
    const std::stop_token& m_stop;
    const Limits& m_limits;
};

} // namespace

Result<SourceLines> readSourceLines(const SourceLinesRequest& request, const std::stop_token& stop,
                                    const Limits& limits)
{
    auto file = FileSource::open(request.path, stop);
    if (!file) {
        return std::unexpected(std::move(file).error());
    }
    FileSource* seekable = file->get();
    return ContentFinder(request, stop, limits).read(std::move(*file), seekable, {}, 0);
}

} // namespace sequela::ingest
