#include "core/mapping/mapping_program.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace sequela::mapping {
namespace {

using namespace std::string_view_literals;

/// Names below the target of a conversion, in the order in which it uses them.
std::vector<std::string> partsOf(const FieldRow& row)
{
    const auto below = [&](std::initializer_list<std::string_view> names) {
        std::vector<std::string> parts;
        for (const std::string_view name : names) {
            parts.push_back(row.target + std::string(name));
        }
        return parts;
    };
    switch (row.conversion) {
    case Conversion::Image:
    case Conversion::DeviceImage:
        return below({".executable", ".name"});
    case Conversion::Path:
    case Conversion::FilePathUrl:
        return below({".path", ".name", ".directory", ".extension"});
    case Conversion::CommandLine:
    case Conversion::QuotedCommandLine:
    case Conversion::Arguments:
        return below({".command_line", ".args", ".args_count"});
    case Conversion::Account:
        return below({".domain", ".name"});
    case Conversion::Hashes: {
        auto parts = below({".hash.md5", ".hash.sha1", ".hash.sha256", ".pe.imphash"});
        parts.emplace_back("related.hash");
        return parts;
    }
    case Conversion::RegistryPath:
        return below({".path", ".hive", ".key", ".value"});
    case Conversion::RegistryData:
        return below({".strings", ".type"});
    case Conversion::DnsName: {
        auto parts = below({".name", ".registered_domain", ".subdomain", ".top_level_domain"});
        parts.emplace_back("related.hosts");
        return parts;
    }
    case Conversion::DnsAnswers: {
        auto parts = below({".answers.type", ".answers.data", ".resolved_ip"});
        parts.emplace_back("related.hosts");
        parts.emplace_back("related.ip");
        return parts;
    }
    case Conversion::CommunityId:
        return {"destination.ip", "source.port", "destination.port", "network.transport"};
    case Conversion::LocalTime:
        return {"EventReceivedTime", "@timestamp"};
    case Conversion::SysmonTime:
        return {"~TimeCreated"};
    case Conversion::EpochTime:
        return {row.argument.empty() ? "~none" : row.argument};
    case Conversion::JoinPath:
        return {row.argument};
    case Conversion::Token:
        return {row.argument, "host.name"};
    default:
        return {};
    }
}

void addProgram(CompiledTable& compiled, Program& program, std::string_view code)
{
    for (const CompiledField& field : compiled.fields) {
        if (field.row->codes.holds(code)) {
            program.fields.push_back(&field);
        }
    }
    for (const EventRow& event : compiled.table->events) {
        if (event.codes.holds(code)) {
            program.event = &event;
            return;
        }
    }
}

void addPrograms(CompiledTable& compiled)
{
    std::set<std::string, std::less<>> codes;
    for (const FieldRow& row : compiled.table->fields) {
        codes.insert(row.codes.codes.begin(), row.codes.codes.end());
    }
    for (const EventRow& row : compiled.table->events) {
        codes.insert(row.codes.codes.begin(), row.codes.codes.end());
    }
    for (const std::string& code : codes) {
        addProgram(compiled, compiled.programs[code], code);
    }
    addProgram(compiled, compiled.other, {});
}

std::vector<PatternMemo> memosOf(const std::vector<PatternRow>& rows)
{
    std::vector<PatternMemo> memos;
    for (const PatternRow& row : rows) {
        memos.push_back({.row = &row, .answers = {}});
    }
    return memos;
}

void compile(CompiledTable& compiled, const std::vector<MappingTable>& tables, NameTable& names)
{
    const MappingTable& table = *compiled.table;
    compiled.codeField = table.codeField.empty() ? noName : names.intern(table.codeField);
    for (const FieldRow& row : table.fields) {
        CompiledField field{.row = &row, .target = names.intern(row.target), .parts = {}};
        field.source = row.isConstant ? noName : names.intern(row.source);
        for (const std::string& part : partsOf(row)) {
            field.parts.push_back(names.intern(part));
        }
        compiled.fields.push_back(std::move(field));
    }
    for (const PatternRow& row : table.applies) {
        compiled.applies.push_back(names.intern(row.pattern));
    }
    for (const std::string& field : table.unless) {
        compiled.unless.push_back(names.intern(field));
    }
    for (const std::string& id : table.next) {
        const auto found = std::ranges::find(tables, id, &MappingTable::id);
        if (found != tables.end()) {
            compiled.next.push_back(static_cast<std::size_t>(found - tables.begin()));
        }
    }
    compiled.drops = memosOf(table.drops);
    compiled.rests = memosOf(table.rests);
    addPrograms(compiled);
}

} // namespace

std::vector<CompiledTable> compileTables(const std::vector<MappingTable>& tables, NameTable& names)
{
    std::vector<CompiledTable> compiled(tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        compiled[i].table = &tables[i];
        compile(compiled[i], tables, names);
    }
    return compiled;
}

} // namespace sequela::mapping
