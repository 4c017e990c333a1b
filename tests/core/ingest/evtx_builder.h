#pragma once

#include "core/ingest/evtx_chunk.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace sequela::ingest::testing {

/// Makes Windows event logs byte by byte.
class EvtxBuilder {
public:
    template <typename T>
    static void put(std::string& bytes, T value)
    {
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFFU);
        }
    }
    static std::string wide(std::string_view text)
    {
        std::string bytes;
        for (const char c : text) {
            bytes += c;
            bytes += '\0';
        }
        return bytes;
    }

    /// A record whose binary XML is `<Event><System><EventID>7</EventID>…` without templates.
    void addPlainRecord(std::uint64_t id, std::string_view channel)
    {
        std::string xml("\x0f\x01\x01\x00", 4);
        const std::size_t base = m_records.size() + firstRecord + recordHead;
        const auto open = [&](std::string_view name) {
            xml += '\x01';
            put<std::uint32_t>(xml, 0);
            putName(xml, base, name);
            xml += '\x02';
        };
        const auto text = [&](std::string_view value) {
            xml += "\x05\x01";
            put<std::uint16_t>(xml, static_cast<std::uint16_t>(value.size()));
            xml += wide(value);
        };
        open("Event");
        open("System");
        open("EventID");
        text("7");
        xml += '\x04';
        open("Channel");
        text(channel);
        xml += "\x04\x04\x04";
        xml += '\0';
        addRecord(id, xml);
    }

    /// A record of a template `<Event><EventData><Data Name="X">%0</Data></EventData></Event>`.
    void addTemplateRecord(std::uint64_t id, std::uint8_t type, std::string_view value)
    {
        std::string xml("\x0f\x01\x01\x00\x0c\x01", 6);
        const std::size_t base = m_records.size() + firstRecord + recordHead;
        put<std::uint32_t>(xml, 1);
        put<std::uint32_t>(xml, static_cast<std::uint32_t>(base + xml.size() + 4));
        put<std::uint32_t>(xml, 0);
        xml += std::string(16, '\x01');
        const std::size_t sizeAt = xml.size();
        put<std::uint32_t>(xml, 0);
        const std::size_t bodyAt = xml.size();
        xml += std::string("\x0f\x01\x01\x00", 4);
        const auto open = [&](std::string_view name, bool hasAttributes) {
            xml += hasAttributes ? '\x41' : '\x01';
            put<std::uint16_t>(xml, 0xFFFF);
            put<std::uint32_t>(xml, 0);
            putName(xml, base, name);
        };
        open("Event", false);
        xml += '\x02';
        open("EventData", false);
        xml += '\x02';
        open("Data", true);
        put<std::uint32_t>(xml, 0);
        xml += '\x06';
        putName(xml, base, "Name");
        xml += "\x05\x01";
        put<std::uint16_t>(xml, 1);
        xml += wide("X");
        xml += '\x02';
        xml += '\x0d';
        put<std::uint16_t>(xml, 0);
        xml += static_cast<char>(type);
        xml += "\x04\x04\x04";
        xml += '\0';
        const std::size_t bodySize = xml.size() - bodyAt;
        for (std::size_t i = 0; i < 4; ++i) {
            xml[sizeAt + i] = static_cast<char>(bodySize >> (8 * i) & 0xFFU);
        }
        put<std::uint32_t>(xml, 1);
        put<std::uint16_t>(xml, static_cast<std::uint16_t>(value.size()));
        xml += static_cast<char>(type);
        xml += '\0';
        xml += value;
        addRecord(id, xml);
    }

    void addRecord(std::uint64_t id, std::string_view xml)
    {
        const auto size = static_cast<std::uint32_t>(recordHead + xml.size() + 4);
        m_records += std::string("\x2a\x2a\0\0", 4);
        put(m_records, size);
        put(m_records, id);
        put<std::uint64_t>(m_records, 0);
        m_records += xml;
        put(m_records, size);
    }

    [[nodiscard]] std::string chunk() const
    {
        std::string chunk("ElfChnk\0", 8);
        chunk.resize(evtxChunkBytes, '\0');
        chunk.replace(firstRecord, m_records.size(), m_records);
        const auto setNumber = [&](std::size_t at, std::uint32_t value) {
            std::string bytes;
            put(bytes, value);
            chunk.replace(at, bytes.size(), bytes);
        };
        setNumber(48, static_cast<std::uint32_t>(firstRecord + m_records.size()));
        const auto* const begin = reinterpret_cast<const Bytef*>(m_records.data());
        setNumber(52,
                  static_cast<std::uint32_t>(crc32(0, begin, static_cast<uInt>(m_records.size()))));
        return chunk;
    }

    [[nodiscard]] static std::string file(const std::vector<std::string>& chunks)
    {
        std::string bytes("ElfFile\0", 8);
        bytes.resize(evtxHeaderBytes, '\0');
        bytes[42] = static_cast<char>(chunks.size());
        for (const std::string& chunk : chunks) {
            bytes += chunk;
        }
        return bytes;
    }

private:
    static constexpr std::size_t firstRecord = 512;
    static constexpr std::size_t recordHead = 24;

    /// A name where it is referred to.
    static void putName(std::string& xml, std::size_t base, std::string_view name)
    {
        put<std::uint32_t>(xml, static_cast<std::uint32_t>(base + xml.size() + 4));
        put<std::uint32_t>(xml, 0);
        put<std::uint16_t>(xml, 0);
        put<std::uint16_t>(xml, static_cast<std::uint16_t>(name.size()));
        xml += wide(name);
        xml += std::string(2, '\0');
    }

    std::string m_records;
};

} // namespace sequela::ingest::testing
