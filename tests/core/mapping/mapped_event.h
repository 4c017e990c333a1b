#pragma once

#include "tests/core/ingest/ingest_fixture.h"

#include <string>
#include <string_view>

namespace sequela::mapping::testing {

/// Values of a field of the first event of a text, joined by `|`; derived ones begin with `~`.
inline std::string mapped(const std::string& text, std::string_view field,
                          const ingest::ImportOptions& options = {})
{
    const ingest::EventsInMemory read = ingest::testing::readText(text, options);
    if (read.source == nullptr || read.source->eventCount() == 0) {
        return "<no event>";
    }
    return ingest::testing::valuesOf(*read.source, 0, field);
}

/// The same without the mark of derived values.
inline std::string mappedText(const std::string& text, std::string_view field,
                              const ingest::ImportOptions& options = {})
{
    const std::string values = mapped(text, field, options);
    return values.starts_with('~') ? values.substr(1) : values;
}

/// An event as evtx_dump writes it. @p data: the members of EventData.
inline std::string windowsEvent(std::string_view provider, std::string_view channel,
                                std::string_view code, std::string_view data)
{
    return R"({"Event":{"#attributes":{"xmlns":"http://x"},"System":{"Provider":{"#attributes":)"
           R"({"Name":")"
           + std::string(provider)
           + R"(","Guid":"5770385F-C22A-43E0-BF4C-06F5698FFBD9"}},"EventID":)" + std::string(code)
           + R"(,"Version":5,"Level":4,"Task":1,"Opcode":0,"Keywords":"0x8020000000000000",)"
             R"("TimeCreated":{"#attributes":{"SystemTime":"2025-12-06T21:11:02.6491501Z"}},)"
             R"("EventRecordID":67583,"Correlation":null,"Execution":{"#attributes":)"
             R"({"ProcessID":3904,"ThreadID":4272}},"Channel":")"
           + std::string(channel)
           + R"(","Computer":"Host-A","Security":{"#attributes":{"UserID":"S-1-5-18"}}},)"
             R"("EventData":{)"
           + std::string(data) + "}}}";
}

inline std::string sysmonEvent(std::string_view code, std::string_view data)
{
    return windowsEvent("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", code,
                        data);
}

inline std::string securityEvent(std::string_view code, std::string_view data)
{
    return windowsEvent("Microsoft-Windows-Security-Auditing", "Security", code, data);
}

} // namespace sequela::mapping::testing
