#include "core/ingest/evtx_chunk.h"

#include "core/ingest/evtx_value.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <zlib.h>

namespace sequela::ingest {
namespace {

using mapping::XmlElement;
using namespace std::string_view_literals;

constexpr std::string_view chunkMagic("ElfChnk\0", 8);
constexpr std::string_view recordMagic("\x2a\x2a\0\0", 4);
constexpr std::size_t firstRecord = 512;
constexpr std::size_t recordHead = 24;
constexpr std::size_t leastRecord = recordHead + 4;

// Tokens of binary XML without the flag that says more follows.
enum class Token : std::uint8_t {
    End = 0x00,
    OpenElement = 0x01,
    CloseStartTag = 0x02,
    CloseEmpty = 0x03,
    EndElement = 0x04,
    Value = 0x05,
    Attribute = 0x06,
    CData = 0x07,
    CharReference = 0x08,
    EntityReference = 0x09,
    PiTarget = 0x0A,
    PiData = 0x0B,
    Template = 0x0C,
    Substitution = 0x0D,
    OptionalSubstitution = 0x0E,
    Fragment = 0x0F,
};
constexpr std::uint8_t moreFlag = 0x40;

/// A value a template instance puts in.
struct Substitute {
    std::uint8_t type = 0;
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// Reads the tokens of one record. Every position is checked; every loop makes progress; depth,
/// elements and bytes are bounded.
class RecordReader {
public:
    RecordReader(std::string_view chunk, const Limits& limits) : m_chunk(chunk), m_limits(limits) {}

    bool read(std::size_t offset, std::size_t length, XmlElement& root)
    {
        XmlElement document;
        m_at = offset;
        if (!content(document, offset + length, {}, true, 0)) {
            return false;
        }
        if (document.children.empty()) {
            return fail("the record holds no element");
        }
        root = std::move(document.children.front());
        return true;
    }
    [[nodiscard]] const std::string& reason() const { return m_reason; }

private:
    using Substitutes = std::span<const Substitute>;

    bool fail(std::string_view reason)
    {
        if (m_reason.empty()) {
            m_reason = reason;
        }
        return false;
    }
    [[nodiscard]] bool has(std::size_t count, std::size_t end) const
    {
        return m_at <= end && end <= m_chunk.size() && count <= end - m_at;
    }
    template <typename T>
    bool take(T& value, std::size_t end)
    {
        if (!has(sizeof(T), end)) {
            return fail("a value goes past the end of its record");
        }
        value = littleEndian<T>(m_chunk, m_at);
        m_at += sizeof(T);
        return true;
    }
    bool charge(std::size_t bytes)
    {
        m_bytes += bytes;
        return m_bytes <= m_limits.evtxRecordBytes
               || fail("the event unpacks to more than one may have");
    }

    /// The name at an offset of the chunk; steps over it where it stands at the current place.
    bool name(std::string& text, std::size_t end)
    {
        constexpr std::size_t head = 8;
        std::uint32_t offset = 0;
        if (!take(offset, end)) {
            return false;
        }
        if (offset > m_chunk.size() || m_chunk.size() - offset < head) {
            return fail("a name lies outside of its chunk");
        }
        const std::size_t count = littleEndian<std::uint16_t>(m_chunk, offset + head - 2);
        const std::size_t bytes = count * 2;
        if (m_chunk.size() - offset - head < bytes + 2) {
            return fail("a name goes past the end of its chunk");
        }
        text = utf16Text(m_chunk.substr(offset + head, bytes));
        if (offset == m_at) {
            m_at += head + bytes + 2;
        }
        return charge(text.size() + 1);
    }

    bool addText(XmlElement& element, std::string_view text)
    {
        element.text += text;
        return charge(text.size());
    }

    /// A value at a substitution, into the content of an element.
    bool substitute(XmlElement& element, const Substitute& value, std::size_t depth)
    {
        const std::string_view bytes = m_chunk.substr(value.offset, value.size);
        if (static_cast<EvtxType>(value.type) == EvtxType::BinXml) {
            const std::size_t back = m_at;
            m_at = value.offset;
            const bool good = content(element, value.offset + value.size, {}, true, depth + 1);
            m_at = back;
            return good;
        }
        if ((value.type & evtxArrayFlag) != 0) {
            m_array = evtxArrayTexts(value.type, bytes);
            std::string joined;
            for (const std::string& text : m_array) {
                joined.append(joined.empty() ? ""sv : ", "sv).append(text);
            }
            return addText(element, joined);
        }
        const auto text = evtxValueText(value.type, bytes);
        return text ? addText(element, *text) : fail("a value has not the size of its type");
    }

    bool substitution(XmlElement& element, Substitutes values, std::size_t end, std::size_t depth)
    {
        std::uint16_t index = 0;
        std::uint8_t type = 0;
        if (!take(index, end) || !take(type, end)) {
            return false;
        }
        // A template may ask for more than its instance gives.
        return index >= values.size() || substitute(element, values[index], depth);
    }

    bool text(XmlElement& element, std::size_t end)
    {
        std::uint16_t count = 0;
        if (!take(count, end)) {
            return false;
        }
        const std::size_t bytes = std::size_t{count} * 2;
        if (!has(bytes, end)) {
            return fail("a text goes past the end of its record");
        }
        const std::string decoded = utf16Text(m_chunk.substr(m_at, bytes));
        m_at += bytes;
        return addText(element, decoded);
    }

    bool valueToken(XmlElement& element, std::size_t end)
    {
        std::uint8_t type = 0;
        if (!take(type, end)) {
            return false;
        }
        return static_cast<EvtxType>(type) == EvtxType::String
                   ? text(element, end)
                   : fail("a value stands where only text may");
    }

    bool entity(XmlElement& element, std::size_t end)
    {
        std::string entityName;
        if (!name(entityName, end)) {
            return false;
        }
        constexpr std::array<std::pair<std::string_view, std::string_view>, 5> known{
            {{"lt"sv, "<"sv},
             {"gt"sv, ">"sv},
             {"amp"sv, "&"sv},
             {"quot"sv, "\""sv},
             {"apos"sv, "'"sv}}};
        for (const auto& [word, character] : known) {
            if (word == entityName) {
                return addText(element, character);
            }
        }
        return addText(element, "&" + entityName + ";");
    }

    bool templateInstance(XmlElement& element, std::size_t end, std::size_t depth)
    {
        constexpr std::size_t definitionHead = 24;
        std::uint8_t unknown = 0;
        std::uint32_t id = 0;
        std::uint32_t definition = 0;
        if (!take(unknown, end) || !take(id, end) || !take(definition, end)) {
            return false;
        }
        if (definition > m_chunk.size() || m_chunk.size() - definition < definitionHead) {
            return fail("a template lies outside of its chunk");
        }
        const std::size_t bodySize = littleEndian<std::uint32_t>(m_chunk, definition + 20);
        const std::size_t body = definition + definitionHead;
        if (bodySize > m_chunk.size() - body) {
            return fail("a template goes past the end of its chunk");
        }
        if (definition == m_at) {
            m_at = body + bodySize;
        }
        std::uint32_t count = 0;
        if (!take(count, end)) {
            return false;
        }
        constexpr std::size_t descriptor = 4;
        if (!has(std::size_t{count} * descriptor, end)) {
            return fail("a template has more values than its record can hold");
        }
        std::vector<Substitute> values(count);
        std::size_t place = m_at + std::size_t{count} * descriptor;
        for (Substitute& value : values) {
            value.size = littleEndian<std::uint16_t>(m_chunk, m_at);
            value.type = static_cast<std::uint8_t>(m_chunk[m_at + 2]);
            value.offset = place;
            m_at += descriptor;
            if (value.size > end - place) {
                return fail("a value goes past the end of its record");
            }
            place += value.size;
        }
        m_at = body;
        const bool good = content(element, body + bodySize, values, false, depth + 1);
        m_at = place;
        return good;
    }

    bool attributes(XmlElement& element, std::size_t end, Substitutes values, std::size_t depth)
    {
        while (has(1, end)
               && (static_cast<std::uint8_t>(m_chunk[m_at]) & ~moreFlag)
                      == static_cast<std::uint8_t>(Token::Attribute)) {
            ++m_at;
            std::string key;
            if (!name(key, end)) {
                return false;
            }
            XmlElement value;
            bool isGiven = false;
            while (has(1, end)) {
                const auto token =
                    static_cast<Token>(static_cast<std::uint8_t>(m_chunk[m_at]) & ~moreFlag);
                if (token == Token::Value) {
                    ++m_at;
                    isGiven = true;
                    if (!valueToken(value, end)) {
                        return false;
                    }
                } else if (token == Token::Substitution || token == Token::OptionalSubstitution) {
                    ++m_at;
                    if (!substitution(value, values, end, depth)) {
                        return false;
                    }
                    isGiven = isGiven || token == Token::Substitution;
                } else if (token == Token::EntityReference) {
                    ++m_at;
                    if (!entity(value, end)) {
                        return false;
                    }
                } else {
                    break;
                }
            }
            if (isGiven || !value.text.empty()) {
                element.attributes.emplace_back(std::move(key), std::move(value.text));
            }
        }
        return true;
    }

    bool element(XmlElement& parent, bool hasMore, std::size_t end, Substitutes values,
                 bool isOutside, std::size_t depth)
    {
        if (depth > mapping::xmlDepth || ++m_elements > mapping::xmlElements) {
            return fail("more elements, or deeper in one another, than an event has");
        }
        std::uint16_t dependency = 0;
        std::uint32_t size = 0;
        XmlElement child;
        // Only elements of a template say which value they depend on.
        if ((!isOutside && !take(dependency, end)) || !take(size, end) || !name(child.name, end)) {
            return false;
        }
        if (hasMore && (!take(size, end) || !attributes(child, end, values, depth))) {
            return false;
        }
        std::uint8_t token = 0;
        if (!take(token, end)) {
            return false;
        }
        m_array.clear();
        if (static_cast<Token>(token) == Token::CloseStartTag) {
            if (!content(child, end, values, isOutside, depth)) {
                return false;
            }
        } else if (static_cast<Token>(token) != Token::CloseEmpty) {
            return fail("an element has no end of its start");
        }
        if (m_array.size() > 1 && child.children.empty()) {
            // A list is an element for each of its values.
            const std::vector<std::string> texts = std::exchange(m_array, {});
            for (const std::string& one : texts) {
                child.text = one;
                parent.children.push_back(child);
            }
            return charge(texts.size() * child.name.size());
        }
        m_array.clear();
        parent.children.push_back(std::move(child));
        return true;
    }

    bool skipInstruction(Token token, std::size_t end)
    {
        if (token == Token::PiTarget) {
            std::string target;
            return name(target, end);
        }
        XmlElement ignored;
        return text(ignored, end);
    }

    /// Tokens up to the end of the element or of the bytes.
    bool content(XmlElement& parent, std::size_t end, Substitutes values, bool isOutside,
                 std::size_t depth)
    {
        if (depth > mapping::xmlDepth) {
            return fail("more elements, or deeper in one another, than an event has");
        }
        while (has(1, end)) {
            if (!charge(1)) {
                return false;
            }
            const auto byte = static_cast<std::uint8_t>(m_chunk[m_at++]);
            const auto token = static_cast<Token>(byte & ~moreFlag);
            bool good = true;
            switch (token) {
            case Token::End:
            case Token::EndElement:
                return true;
            case Token::OpenElement:
                good = element(parent, (byte & moreFlag) != 0, end, values, isOutside, depth + 1);
                break;
            case Token::Value:
                good = valueToken(parent, end);
                break;
            case Token::CData:
                good = text(parent, end);
                break;
            case Token::CharReference: {
                std::uint16_t unit = 0;
                good = take(unit, end) && addText(parent, utf16Text(m_chunk.substr(m_at - 2, 2)));
                break;
            }
            case Token::EntityReference:
                good = entity(parent, end);
                break;
            case Token::PiTarget:
            case Token::PiData:
                good = skipInstruction(token, end);
                break;
            case Token::Template:
                good = templateInstance(parent, end, depth);
                break;
            case Token::Substitution:
            case Token::OptionalSubstitution:
                good = substitution(parent, values, end, depth);
                break;
            case Token::Fragment:
                good = has(3, end) || fail("a fragment ends in its head");
                m_at += 3;
                break;
            case Token::CloseStartTag:
            case Token::CloseEmpty:
            case Token::Attribute:
            default:
                return fail("a token stands where it may not");
            }
            if (!good) {
                return false;
            }
        }
        return true;
    }

    std::string_view m_chunk;
    const Limits& m_limits;
    std::size_t m_at = 0;
    std::size_t m_elements = 0;
    std::size_t m_bytes = 0;
    /// Values of the list that was put in last.
    std::vector<std::string> m_array;
    std::string m_reason;
};

bool isRecordAt(std::string_view chunk, std::size_t offset, std::size_t end, std::size_t& size)
{
    if (end - offset < leastRecord || chunk.substr(offset, recordMagic.size()) != recordMagic) {
        return false;
    }
    size = littleEndian<std::uint32_t>(chunk, offset + recordMagic.size());
    return size >= leastRecord && size <= end - offset;
}

} // namespace

EvtxChunkScan scanEvtxChunk(std::string_view chunk)
{
    constexpr std::size_t freeSpaceAt = 48;
    constexpr std::size_t checksumAt = 52;
    EvtxChunkScan scan;
    if (chunk.size() < firstRecord || !chunk.starts_with(chunkMagic)) {
        scan.damage = "the chunk does not begin with its signature";
        return scan;
    }
    const std::size_t freeSpace = littleEndian<std::uint32_t>(chunk, freeSpaceAt);
    const bool knowsEnd = freeSpace >= firstRecord && freeSpace <= chunk.size();
    const std::size_t end = knowsEnd ? freeSpace : chunk.size();
    if (knowsEnd) {
        const auto* const bytes = reinterpret_cast<const Bytef*>(chunk.data() + firstRecord);
        const uLong sum = crc32(0, bytes, static_cast<uInt>(end - firstRecord));
        scan.isChecksumWrong = sum != littleEndian<std::uint32_t>(chunk, checksumAt);
    }
    std::size_t at = firstRecord;
    while (at < end) {
        std::size_t size = 0;
        if (!isRecordAt(chunk, at, end, size)) {
            const std::size_t next = chunk.find(recordMagic, at + 1);
            const bool isOnlyZeros =
                chunk.substr(at, std::min(next, end) - at).find_first_not_of('\0')
                == std::string_view::npos;
            scan.gaps += isOnlyZeros && next == std::string_view::npos ? 0U : 1U;
            if (next == std::string_view::npos || next >= end) {
                break;
            }
            at = next;
            continue;
        }
        scan.records.push_back(
            {.offset = at,
             .length = size,
             .id = littleEndian<std::uint64_t>(chunk, at + recordMagic.size() + 4)});
        at += size;
    }
    return scan;
}

std::optional<XmlElement> readEvtxRecord(std::string_view chunk, std::size_t offset,
                                         std::size_t length, const Limits& limits,
                                         std::string& reason)
{
    constexpr std::size_t tail = 4;
    if (length < leastRecord || offset > chunk.size() || length > chunk.size() - offset) {
        reason = "the record goes past the end of its chunk";
        return std::nullopt;
    }
    RecordReader reader(chunk, limits);
    XmlElement root;
    if (!reader.read(offset + recordHead, length - recordHead - tail, root)) {
        reason = reader.reason();
        return std::nullopt;
    }
    return root;
}

} // namespace sequela::ingest
