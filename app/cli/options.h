#pragma once

#include "core/base/timestamp.h"
#include "core/eql/dialect.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sequela::cli {

/// What every command takes.
struct CommonOptions {
    /// Empty: standard output.
    std::string outputFile;
    bool force = false;
    bool quiet = false;
    /// 0: one per core.
    std::size_t jobs = 0;
    std::string from;
    std::string to;
    std::string dialectName;

    [[nodiscard]] eql::Dialect dialect() const
    {
        return dialectName == "endpoint" ? eql::Dialect::Endpoint : eql::Dialect::Elasticsearch;
    }
};

/// Where events come from and how they are read.
struct EventOptions {
    std::vector<std::string> events;
    std::string caseFile;
    bool noDerive = false;
    /// Tables of the user's own for making ECS of other fields.
    std::string mappingFile;
    std::vector<std::string> archivePasswords;
    bool libraryAlias = false;
    /// HOST=OFFSET.
    std::vector<std::string> clockOffsets;
    std::string schemaFile;
    bool strictInput = false;
};

struct ScanOptions {
    CommonOptions common;
    EventOptions events;
    std::vector<std::string> rules;
    std::string format = "table";
    std::string failOn;
    std::string reportFile;
    std::string runtimeErrors = "null";
    bool matchIndex = false;
    bool strictFields = false;
    bool buildingBlocks = false;
    bool schedule = false;
    std::string ingestDelay;
    std::string runDelay;
    /// "FROM/TO".
    std::string outage;
};

struct QueryOptions {
    CommonOptions common;
    EventOptions events;
    std::string eql;
    std::string format = "table";
    std::string timestampField = "@timestamp";
    std::string tiebreakerField;
    std::string eventCategoryField = "event.category";
    std::string idField;
    std::string resultPosition = "tail";
    std::string runtimeErrors = "null";
    std::optional<std::uint64_t> size;
    std::uint32_t maxSamplesPerKey = 1;
    bool strictFields = false;
    bool explain = false;
    bool provenance = false;
};

struct EvalOptions {
    CommonOptions common;
    std::string expression;
    std::string format = "text";
};

struct CheckOptions {
    CommonOptions common;
    std::vector<std::string> rules;
    std::string eql;
    bool hasEql = false;
    std::string format = "text";
    /// The case whose fields and values the lint compares with, and the field types.
    EventOptions data;
    std::string eventCategoryField = "event.category";
    bool strictFields = false;
    bool twins = false;
};

struct FormatOptions {
    CommonOptions common;
    std::string file;
};

struct TestOptions {
    CommonOptions common;
    std::vector<std::string> rules;
    std::string format = "table";
};

struct ImportOptions {
    CommonOptions common;
    EventOptions events;
    std::string format = "text";
    std::string what = "events";
};

struct ExportOptions {
    CommonOptions common;
    std::string caseFile;
    std::string format = "json";
    std::string what = "alerts";
    std::vector<std::string> alertIds;
    std::string title = "Alert summary";
    bool buildingBlocks = false;
};

struct DiffOptions {
    CommonOptions common;
    EventOptions events;
    std::string oldRules;
    std::string newRules;
    std::string format = "markdown";
    bool matchIndex = false;
};

struct FieldsOptions {
    CommonOptions common;
    EventOptions events;
    std::string format = "table";
    std::size_t top = 3;
};

} // namespace sequela::cli
