#pragma once

#include "core/base/diagnostic.h"
#include "core/base/timestamp.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Documents {"NAME":[{…},…]} that carry an analyst's work from one case to another. Included by
/// the .cpp files that read them only.
namespace sequela::workspace {

/// `what`: verdicts, exceptions or notes.
[[nodiscard]] inline Diagnostic notSuchDocument(std::string_view what, std::string_view why)
{
    return makeError(fmt::format("{}-format", what),
                     fmt::format("this is no file of {}: {}", what, why),
                     fmt::format("give a file written by `sequela-cli export --what {}`", what));
}

/// Text of a member; empty if it is absent or of another type.
[[nodiscard]] inline std::string textAt(const simdjson::dom::element& entry, std::string_view name)
{
    std::string_view text;
    return entry[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

/// Time of a member in ISO 8601; nothing if it is absent or no time.
[[nodiscard]] inline std::optional<Timestamp> timeAt(const simdjson::dom::element& entry,
                                                     std::string_view name)
{
    return parseIsoTimestamp(textAt(entry, name));
}

/// Reads every entry of such a document by @p read(element), which yields a Result. Errors: no such
/// document, or the first error of an entry.
template <typename Read>
[[nodiscard]] auto readEntries(std::string_view json, std::string_view what, const Read& read)
    -> Result<std::vector<typename decltype(read(simdjson::dom::element()))::value_type>>
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array entries;
    const std::string name(what);
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS
        || root[name].get(entries) != simdjson::SUCCESS) {
        return std::unexpected(
            notSuchDocument(what, fmt::format("no JSON object with an array \"{}\"", what)));
    }
    std::vector<typename decltype(read(simdjson::dom::element()))::value_type> records;
    for (const simdjson::dom::element entry : entries) {
        auto record = read(entry);
        if (!record) {
            return std::unexpected(std::move(record).error());
        }
        records.push_back(std::move(*record));
    }
    return records;
}

/// The document of entries that are JSON objects already.
[[nodiscard]] inline std::string documentOf(std::string_view what,
                                            const std::vector<std::string>& entries)
{
    std::string text = fmt::format("{{\"{}\":[", what);
    for (std::size_t index = 0; index < entries.size(); ++index) {
        text += (index == 0 ? "\n" : ",\n") + entries[index];
    }
    return text + "\n]}\n";
}

} // namespace sequela::workspace
