#include "core/base/text_positions.h"

#include "core/base/text.h"

#include <algorithm>

namespace sequela {

namespace {

constexpr std::size_t bytesPerMilestone = 4096;

bool continuesCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

TextPositions::TextPositions(std::string_view text) : m_text(text)
{
    m_milestones.emplace_back();
    for (std::size_t next = bytesPerMilestone; next < text.size(); next += bytesPerMilestone) {
        while (next < text.size() && continuesCharacter(text[next])) {
            ++next;
        }
        m_milestones.push_back({next, advanced(m_milestones.back(), next)});
    }
}

TextPosition TextPositions::at(std::size_t offset) const
{
    offset = std::min(offset, m_text.size());
    const auto after = std::ranges::upper_bound(m_milestones, offset, {}, &Milestone::offset);
    return advanced(*(after - 1), offset);
}

TextPosition TextPositions::advanced(const Milestone& from, std::size_t end) const
{
    TextPosition position = from.position;
    std::size_t counted = from.offset;
    for (std::size_t i = from.offset; i < end; ++i) {
        const bool endsLine =
            m_text[i] == '\n'
            || (m_text[i] == '\r' && (i + 1 == m_text.size() || m_text[i + 1] != '\n'));
        if (endsLine) {
            ++position.line;
            position.column = 1;
            counted = i + 1;
        }
    }
    position.column += countCodePoints(m_text.substr(counted, end - counted));
    return position;
}

void locateAll(std::span<Diagnostic> diagnostics, std::string_view text, std::string_view file)
{
    const TextPositions positions(text);
    for (Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.file.empty()) {
            diagnostic.file = file;
        }
        if (diagnostic.span) {
            diagnostic.begin = positions.at(diagnostic.span->begin);
            diagnostic.end = positions.at(diagnostic.span->end);
        }
    }
}

} // namespace sequela
