#pragma once

#include "core/base/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela {

/// Writes JSON text from front to back: commas and nesting are its business, names and values the
/// caller's. Compact, no white space, so that equal calls make equal bytes.
class JsonWriter {
public:
    void beginObject() { open('{'); }
    void endObject() { close('}'); }
    void beginArray() { open('['); }
    void endArray() { close(']'); }

    /// The name of the next value; only inside an object.
    void key(std::string_view name)
    {
        separate();
        m_text += quoteJson(name);
        m_text += ':';
        m_afterKey = true;
    }
    void string(std::string_view value) { raw(quoteJson(value)); }
    void integer(std::int64_t value) { raw(std::to_string(value)); }
    void unsignedInteger(std::uint64_t value) { raw(std::to_string(value)); }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void null() { raw("null"); }
    /// A value that is JSON already.
    void raw(std::string_view json)
    {
        separate();
        m_text += json;
    }

    void member(std::string_view name, std::string_view value)
    {
        key(name);
        string(value);
    }
    void members(std::string_view name, const std::vector<std::string>& values)
    {
        key(name);
        beginArray();
        for (const std::string& value : values) {
            string(value);
        }
        endArray();
    }

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] std::string take() { return std::exchange(m_text, {}); }

private:
    void separate()
    {
        if (m_afterKey) {
            m_afterKey = false;
            return;
        }
        if (!m_hasMember.empty()) {
            if (m_hasMember.back()) {
                m_text += ',';
            }
            m_hasMember.back() = true;
        }
    }
    void open(char bracket)
    {
        separate();
        m_text += bracket;
        m_hasMember.push_back(false);
    }
    void close(char bracket)
    {
        m_text += bracket;
        m_hasMember.pop_back();
    }

    std::string m_text;
    std::vector<bool> m_hasMember;
    bool m_afterKey = false;
};

} // namespace sequela
