#include "core/ingest/mapping_draft.h"

#include "core/base/text.h"
#include "core/ingest/json_flattener.h"
#include "core/ingest/json_index.h"
#include "core/mapping/event_mapper.h"
#include "core/mapping/mapping_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace sequela::ingest {
namespace {

using namespace std::string_view_literals;

/// Names that sources give a field, written without case, blanks and punctuation.
struct Synonym {
    std::string_view name;
    std::string_view target;
};
constexpr std::array synonyms{
    Synonym{"timestamp"sv, "@timestamp"sv},
    Synonym{"time"sv, "@timestamp"sv},
    Synonym{"date"sv, "@timestamp"sv},
    Synonym{"datetime"sv, "@timestamp"sv},
    Synonym{"eventtime"sv, "@timestamp"sv},
    Synonym{"utctime"sv, "@timestamp"sv},
    Synonym{"host"sv, "host.name"sv},
    Synonym{"hostname"sv, "host.name"sv},
    Synonym{"computer"sv, "host.name"sv},
    Synonym{"computername"sv, "host.name"sv},
    Synonym{"devicename"sv, "host.name"sv},
    Synonym{"user"sv, "user.name"sv},
    Synonym{"username"sv, "user.name"sv},
    Synonym{"account"sv, "user.name"sv},
    Synonym{"accountname"sv, "user.name"sv},
    Synonym{"category"sv, "event.category"sv},
    Synonym{"action"sv, "event.action"sv},
    Synonym{"eventid"sv, "event.code"sv},
    Synonym{"pid"sv, "process.pid"sv},
    Synonym{"processid"sv, "process.pid"sv},
    Synonym{"ppid"sv, "process.parent.pid"sv},
    Synonym{"parentprocessid"sv, "process.parent.pid"sv},
    Synonym{"image"sv, "process.executable"sv},
    Synonym{"exe"sv, "process.executable"sv},
    Synonym{"executable"sv, "process.executable"sv},
    Synonym{"processpath"sv, "process.executable"sv},
    Synonym{"processname"sv, "process.name"sv},
    Synonym{"process"sv, "process.name"sv},
    Synonym{"commandline"sv, "process.command_line"sv},
    Synonym{"cmdline"sv, "process.command_line"sv},
    Synonym{"command"sv, "process.command_line"sv},
    Synonym{"parentimage"sv, "process.parent.executable"sv},
    Synonym{"parentprocessname"sv, "process.parent.name"sv},
    Synonym{"parentcommandline"sv, "process.parent.command_line"sv},
    Synonym{"srcip"sv, "source.ip"sv},
    Synonym{"sourceip"sv, "source.ip"sv},
    Synonym{"clientip"sv, "source.ip"sv},
    Synonym{"srcport"sv, "source.port"sv},
    Synonym{"sourceport"sv, "source.port"sv},
    Synonym{"dstip"sv, "destination.ip"sv},
    Synonym{"destip"sv, "destination.ip"sv},
    Synonym{"destinationip"sv, "destination.ip"sv},
    Synonym{"remoteip"sv, "destination.ip"sv},
    Synonym{"dstport"sv, "destination.port"sv},
    Synonym{"destport"sv, "destination.port"sv},
    Synonym{"destinationport"sv, "destination.port"sv},
    Synonym{"remoteport"sv, "destination.port"sv},
    Synonym{"protocol"sv, "network.transport"sv},
    Synonym{"filepath"sv, "file.path"sv},
    Synonym{"filename"sv, "file.name"sv},
    Synonym{"targetfilename"sv, "file.path"sv},
    Synonym{"queryname"sv, "dns.question.name"sv},
    Synonym{"domain"sv, "dns.question.name"sv},
    Synonym{"url"sv, "url.full"sv},
    Synonym{"md5"sv, "process.hash.md5"sv},
    Synonym{"sha1"sv, "process.hash.sha1"sv},
    Synonym{"sha256"sv, "process.hash.sha256"sv},
    Synonym{"message"sv, "message"sv},
};

/// How a target is filled: by a conversion of a mapping file, perhaps of the object above it.
struct Filling {
    std::string_view target;
    std::string_view written;
    std::string_view conversion;
};
constexpr std::array fillings{
    Filling{"@timestamp"sv, "@timestamp"sv, "time"sv},
    Filling{"event.created"sv, "event.created"sv, "time"sv},
    Filling{"process.executable"sv, "process"sv, "image"sv},
    Filling{"process.parent.executable"sv, "process.parent"sv, "image"sv},
    Filling{"process.command_line"sv, "process"sv, "command-line"sv},
    Filling{"process.parent.command_line"sv, "process.parent"sv, "command-line"sv},
    Filling{"file.path"sv, "file"sv, "path"sv},
    Filling{"dll.path"sv, "dll"sv, "path"sv},
    Filling{"registry.path"sv, "registry"sv, "registry-path"sv},
    Filling{"dns.question.name"sv, "dns.question"sv, "dns-name"sv},
    Filling{"network.transport"sv, "network.transport"sv, "lower"sv},
};

std::string plainName(std::string_view name)
{
    std::string plain;
    for (const char c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            plain += c;
        } else if (c >= 'A' && c <= 'Z') {
            plain += static_cast<char>(c - 'A' + 'a');
        }
    }
    return plain;
}

std::string_view targetOf(std::string_view field)
{
    const std::string plain = plainName(field);
    const auto* const known = std::ranges::find(synonyms, plain, &Synonym::name);
    return known == synonyms.end() ? std::string_view() : known->target;
}

std::string rowText(const DraftRow& row)
{
    const auto* const known = std::ranges::find(fillings, row.target, &Filling::target);
    if (known != fillings.end()) {
        return fmt::format("{} | {} | {}\n", row.source, known->written, known->conversion);
    }
    if (row.target == "user.name" && row.sample.find('\\') != std::string::npos) {
        return fmt::format("{} | user | account\n", row.source);
    }
    const std::string_view target = row.target;
    const std::string_view conversion =
        target.ends_with(".ip"sv)                                   ? "ip"sv
        : target.ends_with(".port"sv) || target.ends_with(".pid"sv) ? "integer"sv
        : target.find(".hash."sv) != std::string_view::npos         ? "lower"sv
                                                                    : ""sv;
    return fmt::format("{} | {} | {}\n", row.source, row.target, conversion);
}

/// What a mapping file would read as something else.
bool canStand(std::string_view name)
{
    return !name.empty() && name.find_first_of("|\n\r\t") == std::string_view::npos
           && name.front() != ' ' && name.back() != ' ' && !name.starts_with('#')
           && !name.starts_with('\'') && !name.starts_with('[') && !name.starts_with('~');
}

} // namespace

MappingDraft draftMapping(std::span<const std::string> documents)
{
    const Limits limits;
    mapping::EventMapper mapper(std::make_shared<const mapping::MappingSet>());
    JsonIndex index;
    JsonFlattener flattener(limits);
    MappingDraft draft;
    std::optional<std::vector<std::string>> keys;
    for (const std::string& document : documents) {
        if (index.index(document) != JsonIndex::Outcome::Done
            || flattener.inspect(document, index) != FlattenOutcome::Done) {
            continue;
        }
        mapper.begin();
        if (flattener.flatten(mapper) != FlattenOutcome::Done) {
            continue;
        }
        std::vector<std::string> ofThis;
        for (const mapping::Value& value : mapper.values()) {
            const std::string& name = mapper.name(value.name);
            const std::string top = name.substr(0, name.find('.'));
            if (std::ranges::find(ofThis, top) == ofThis.end()) {
                ofThis.push_back(top);
            }
            if (draft.rows.size() < draftRows
                && std::ranges::find(draft.rows, name, &DraftRow::source) == draft.rows.end()) {
                std::string target(targetOf(name));
                // The first field of a name is the one; a second one would say it twice.
                if (std::ranges::find(draft.rows, target, &DraftRow::target) != draft.rows.end()) {
                    target.clear();
                }
                draft.rows.push_back({.source = name,
                                      .sample = std::string(value.text),
                                      .target = std::move(target)});
            }
        }
        if (keys) {
            std::erase_if(*keys, [&](const std::string& key) {
                return std::ranges::find(ofThis, key) == ofThis.end();
            });
        } else {
            keys = std::move(ofThis);
        }
    }
    draft.keys = keys.value_or(std::vector<std::string>());
    return draft;
}

Result<std::string> mappingFileText(const MappingDraft& draft, std::string_view id)
{
    std::string keys;
    for (const std::string& key : draft.keys) {
        // Keys are words there.
        keys += canStand(key) && key.find(' ') == std::string::npos ? " " + key : std::string();
    }
    std::string title = visibleText(draft.title);
    std::ranges::replace(title, '|', '/');
    std::string text = fmt::format("table {} | {}\n", id, title);
    if (!keys.empty()) {
        text += "keys" + keys + "\n";
    }
    text += "[fields]\n";
    std::size_t rows = 0;
    for (const DraftRow& row : draft.rows) {
        if (row.target.empty()) {
            continue;
        }
        if (!canStand(row.source) || !canStand(row.target)) {
            return std::unexpected(
                makeError("ingest-mapping-name",
                          fmt::format("{} cannot stand in a mapping file",
                                      visibleText(canStand(row.source) ? row.target : row.source)),
                          "field names there have no bars or quotes; leave this field as it is"));
        }
        text += rowText(row);
        ++rows;
    }
    if (rows == 0) {
        return std::unexpected(makeError("ingest-mapping-empty", "no field has an ECS name",
                                         "give at least one field a name, such as @timestamp"));
    }
    // What cannot be read back is not worth saving.
    if (auto read = mapping::parseMappingFile(text, id); !read) {
        return std::unexpected(std::move(read).error());
    }
    return text;
}

} // namespace sequela::ingest
