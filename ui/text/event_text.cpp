#include "ui/text/event_text.h"

#include "core/base/text.h"

#include <algorithm>

namespace sequela::ui::text {

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string toUtf8(QStringView text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

QString visible(std::string_view text)
{
    return fromUtf8(visibleText(text));
}

QString visibleLines(std::string_view text)
{
    return fromUtf8(visibleText(text, true));
}

QString visibleCell(std::string_view text)
{
    if (text.size() <= maxCellBytes) {
        return visible(text);
    }
    std::size_t end = maxCellBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return visible(text.substr(0, end)) + QChar(0x2026);
}

qsizetype utf16Offset(std::string_view text, std::size_t byteOffset)
{
    return fromUtf8(text.substr(0, std::min(byteOffset, text.size()))).size();
}

std::size_t utf8Offset(QStringView text, qsizetype position)
{
    return static_cast<std::size_t>(
        text.first(std::clamp<qsizetype>(position, 0, text.size())).toUtf8().size());
}

} // namespace sequela::ui::text
