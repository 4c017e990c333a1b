#include "core/workspace/text_merge.h"

#include "core/workspace/limits.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sequela::workspace {

namespace {

using Lines = std::vector<std::string_view>;

/// Lines with their ends.
Lines linesOf(std::string_view text)
{
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

std::string_view withoutEnd(std::string_view line)
{
    while (line.ends_with('\n') || line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

bool sameLine(std::string_view left, std::string_view right)
{
    return withoutEnd(left) == withoutEnd(right);
}

/// For each line of @p base the line of @p other it goes on as, by the longest common subsequence.
/// Nothing if the texts are too large to compare.
std::optional<std::vector<std::optional<std::size_t>>> matchLines(const Lines& base,
                                                                  const Lines& other)
{
    const std::size_t width = other.size() + 1;
    if (base.size() * width > limits::maxMergeCells) {
        return std::nullopt;
    }
    std::vector<std::uint32_t> lengths((base.size() + 1) * width, 0);
    for (std::size_t at = base.size(); at-- > 0;) {
        for (std::size_t to = other.size(); to-- > 0;) {
            lengths[at * width + to] =
                sameLine(base[at], other[to])
                    ? lengths[(at + 1) * width + to + 1] + 1
                    : std::max(lengths[(at + 1) * width + to], lengths[at * width + to + 1]);
        }
    }
    std::vector<std::optional<std::size_t>> places(base.size());
    std::size_t at = 0;
    std::size_t to = 0;
    while (at < base.size() && to < other.size()) {
        if (sameLine(base[at], other[to])) {
            places[at++] = to++;
        } else if (lengths[(at + 1) * width + to] >= lengths[at * width + to + 1]) {
            ++at;
        } else {
            ++to;
        }
    }
    return places;
}

bool sameLines(std::span<const std::string_view> left, std::span<const std::string_view> right)
{
    return std::ranges::equal(left, right, sameLine);
}

class Merger {
public:
    Merger(std::string_view base, std::string_view mine, std::string_view theirs)
        : m_base(linesOf(base)),
          m_mine(linesOf(mine)),
          m_theirs(linesOf(theirs)),
          m_lineEnd(mine.find("\r\n") == std::string_view::npos ? "\n" : "\r\n")
    {
    }

    MergedText merge()
    {
        const auto toMine = matchLines(m_base, m_mine);
        const auto toTheirs = matchLines(m_base, m_theirs);
        if (!toMine || !toTheirs) {
            takeChunk(m_base, m_mine, m_theirs);
            return std::move(m_result);
        }
        std::size_t base = 0;
        std::size_t mine = 0;
        std::size_t theirs = 0;
        for (std::size_t at = 0; at < m_base.size(); ++at) {
            if (!(*toMine)[at] || !(*toTheirs)[at]) {
                continue;
            }
            // A line that all three have ends what was changed before it.
            const std::size_t mineAt = *(*toMine)[at];
            const std::size_t theirsAt = *(*toTheirs)[at];
            takeChunk(piece(m_base, base, at), piece(m_mine, mine, mineAt),
                      piece(m_theirs, theirs, theirsAt));
            append(m_mine[mineAt]);
            base = at + 1;
            mine = mineAt + 1;
            theirs = theirsAt + 1;
        }
        takeChunk(piece(m_base, base, m_base.size()), piece(m_mine, mine, m_mine.size()),
                  piece(m_theirs, theirs, m_theirs.size()));
        return std::move(m_result);
    }

private:
    using Piece = std::span<const std::string_view>;

    static Piece piece(const Lines& lines, std::size_t begin, std::size_t end)
    {
        return Piece(lines).subspan(begin, end - begin);
    }

    void append(std::string_view line)
    {
        if (!m_result.text.empty() && !m_result.text.ends_with('\n')) {
            m_result.text += m_lineEnd;
        }
        const bool hasEnd = line.ends_with('\n');
        m_result.text += withoutEnd(line);
        if (hasEnd) {
            m_result.text += m_lineEnd;
        }
    }

    void appendAll(Piece lines)
    {
        for (const std::string_view line : lines) {
            append(line);
        }
    }

    void takeChunk(Piece base, Piece mine, Piece theirs)
    {
        if (sameLines(mine, theirs) || sameLines(theirs, base)) {
            appendAll(mine);
            return;
        }
        if (sameLines(mine, base)) {
            appendAll(theirs);
            return;
        }
        ++m_result.conflictCount;
        appendAll(mine);
        for (const std::string_view line : theirs) {
            append(std::string("// in the file: ") + std::string(withoutEnd(line)) + "\n");
        }
    }

    Lines m_base;
    Lines m_mine;
    Lines m_theirs;
    std::string_view m_lineEnd;
    MergedText m_result;
};

} // namespace

MergedText mergeTexts(std::string_view base, std::string_view mine, std::string_view theirs)
{
    return Merger(base, mine, theirs).merge();
}

} // namespace sequela::workspace
