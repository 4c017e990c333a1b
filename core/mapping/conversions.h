#pragma once

#include "core/mapping/event_values.h"
#include "core/mapping/mapping_program.h"

#include <cstdint>
#include <string_view>

namespace sequela::mapping {

/// One row of a mapping at work on one event.
class ConversionRun {
public:
    ConversionRun(EventValues& values, NameTable& names, const CompiledField& field)
        : m_values(values), m_names(names), m_field(field), m_firstNew(values.size())
    {
    }

    /// Values with this index and above were made by this row.
    [[nodiscard]] std::uint32_t firstNew() const { return m_firstNew; }
    /// Puts the constant of the row.
    void constant();
    /// Converts one value of the source; false when it is none the conversion can use.
    [[nodiscard]] bool convert(const Value& value);

private:
    /// Adds a value unless the target had one before this row (see FieldRow for append, replace).
    /// Whether the text was used. @p text stays good until the event ends.
    bool put(NameId target, std::string_view text, schema::ValueKind kind, Origin origin);
    bool putText(NameId target, std::string_view text, Origin origin);
    /// The same for a text that does not last.
    bool putMade(NameId target, std::string_view text, schema::ValueKind kind, Origin origin);
    void putAppended(NameId target, std::string_view text);
    [[nodiscard]] NameId part(std::size_t index) const { return m_field.parts[index]; }
    [[nodiscard]] bool isWindows() const;
    /// Offset behind the last separator of the platform.
    [[nodiscard]] std::size_t nameOffset(std::string_view path) const;

    // conversions_text.cpp
    bool copy(const Value& value);
    bool integer(const Value& value);
    bool boolean(const Value& value);
    bool guid(const Value& value);
    bool lower(const Value& value);
    bool lookup(const Value& value);
    bool numbered(const Value& value);
    bool keyValues(const Value& value);
    bool json(const Value& value);
    bool eventXml(const Value& value);
    bool auditFields(const Value& value);
    bool split(const Value& value);
    // conversions_process.cpp
    bool basename(const Value& value);
    bool image(const Value& value);
    bool deviceImage(const Value& value);
    bool path(const Value& value);
    bool fileUrl(const Value& value);
    bool commandLine(const Value& value, bool keepsQuotes);
    bool arguments(const Value& value);
    bool account(const Value& value);
    bool hashes(const Value& value);
    bool registryPath(const Value& value);
    bool registryData(const Value& value);
    bool joinPath(const Value& value);
    bool token(const Value& value);
    bool exitStatus(const Value& value);
    bool auditToken(const Value& value);
    // conversions_network.cpp
    bool ip(const Value& value);
    bool ipType(const Value& value);
    bool dnsName(const Value& value);
    void domainParts(std::string_view name);
    bool dnsAnswers(const Value& value);
    bool communityId(const Value& value);
    // conversions_time.cpp
    bool time(const Value& value);
    bool sysmonTime(const Value& value);
    bool localTime(const Value& value);
    bool epochTime(const Value& value);

    EventValues& m_values;
    NameTable& m_names;
    const CompiledField& m_field;
    std::uint32_t m_firstNew;
    /// What is made of a derived value is derived.
    bool m_comesFromDerived = false;
};

} // namespace sequela::mapping
