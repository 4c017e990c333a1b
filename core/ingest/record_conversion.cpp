#include "core/ingest/record_conversion.h"

#include "core/base/text.h"
#include "core/ingest/audit_record.h"
#include "core/ingest/csv_record.h"
#include "core/ingest/evtx_chunk.h"
#include "core/mapping/event_xml.h"

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

ConvertedRecord broken(std::string reason, std::size_t offset = 0)
{
    ConvertedRecord record;
    record.reason = std::move(reason);
    record.offset = offset;
    return record;
}

ConvertedRecord fromXml(std::string_view text, std::string_view extraMembers)
{
    mapping::XmlFault fault;
    std::string repaired;
    if (!isValidUtf8(text)) {
        repaired = sanitizeUtf8(text);
        text = repaired;
    }
    const auto element = mapping::parseEventXml(text, &fault);
    if (!element) {
        ConvertedRecord record = broken(std::move(fault.reason), fault.offset);
        record.isTruncated = fault.offset >= text.size();
        return record;
    }
    ConvertedRecord record;
    record.json = mapping::xmlToJson(*element);
    if (!extraMembers.empty()) {
        record.json.pop_back();
        record.json.append(1, ',').append(extraMembers).append(1, '}');
    }
    return record;
}

/// `<BSD or ISO time> <host> <program>[pid]: <Event>…</Event>`.
ConvertedRecord fromSyslog(std::string_view line)
{
    const std::size_t begin = line.find("<Event>"sv);
    if (begin == std::string_view::npos) {
        ConvertedRecord record = broken("the line holds no event");
        record.isNoEvent = true;
        return record;
    }
    const std::string_view head = line.substr(0, begin);
    return fromXml(line.substr(begin),
                   head.empty() ? std::string()
                                : R"("syslog":{"head":)" + quoteJson(sanitizeUtf8(head)) + "}");
}

ConvertedRecord fromEvtx(std::string_view record, std::string_view chunk, const Limits& limits)
{
    std::string reason;
    const auto offset = static_cast<std::size_t>(record.data() - chunk.data());
    const auto element = readEvtxRecord(chunk, offset, record.size(), limits, reason);
    if (!element) {
        return broken(std::move(reason));
    }
    ConvertedRecord converted;
    converted.json = mapping::xmlToJson(*element);
    return converted;
}

} // namespace

ConvertedRecord convertRecord(RecordForm form, std::string_view record, std::string_view context,
                              const Limits& limits)
{
    switch (form) {
    case RecordForm::Json:
        break;
    case RecordForm::EvtxRecord:
        return fromEvtx(record, context, limits);
    case RecordForm::EventXml:
        return fromXml(record, {});
    case RecordForm::SyslogXml:
        return fromSyslog(record);
    case RecordForm::AuditLines: {
        ConvertedRecord converted;
        converted.json = auditJson(record);
        converted.isNoEvent = converted.json.empty();
        converted.reason = converted.isNoEvent ? "the line holds no audit record" : "";
        return converted;
    }
    case RecordForm::CsvRow: {
        ConvertedRecord converted;
        converted.json = csvJson(record, context, limits, converted.reason);
        return converted;
    }
    }
    return broken("the record is of no form");
}

} // namespace sequela::ingest
