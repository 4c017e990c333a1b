#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/detect/detection.h"
#include "core/report/export.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sequela::report {

/// An input file as a summary names it.
struct SummaryInput {
    std::string path;
    std::string member;
    std::string sha256;
    std::string format;
    std::uint64_t eventCount = 0;
};

/// Everything an alert summary is written from. Referenced data outlives the writing.
struct AlertSummary {
    /// In the order of Detection::alerts; hidden ones are gone.
    std::vector<const detect::Alert*> alerts;
    std::vector<detect::RuleOutcome> outcomes;
    std::vector<SummaryInput> inputs;
    std::uint64_t eventCount = 0;
    /// Name of the program with its version.
    std::string generator;
    /// Looks an alert's details up: reads documents, evaluates clauses.
    std::function<Result<detect::AlertDetails>(const detect::Alert&)> details;
    /// The fields all stages share, for machine formats; cheaper than all details.
    std::function<Result<std::vector<detect::SharedField>>(const detect::Alert&)> sharedFields;
    /// `event.id` or identity, and index, of one stage.
    struct Ancestor {
        std::string id;
        std::string index;
    };
    std::function<Result<Ancestor>(const detect::AlertStage&)> ancestor;
};

/// The summary as bytes. Equal input, equal bytes. Errors: details could not be read, cancelled.
[[nodiscard]] Result<std::string>
writeSummary(const AlertSummary& summary, const ExportRequest& request, std::stop_token stop = {});

// The formats, one file each.
[[nodiscard]] Result<std::string> writeJson(const AlertSummary& summary, bool asLines,
                                            std::stop_token stop);
[[nodiscard]] std::string writeTable(const AlertSummary& summary, int offsetMinutes);
[[nodiscard]] Result<std::string> writeCsv(const AlertSummary& summary, std::stop_token stop);
[[nodiscard]] Result<std::string> writeMarkdown(const AlertSummary& summary,
                                                const ExportRequest& request, std::stop_token stop);
[[nodiscard]] Result<std::string> writeHtml(const AlertSummary& summary,
                                            const ExportRequest& request, std::stop_token stop);

} // namespace sequela::report
