#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/detect/detection.h"
#include "core/detect/exceptions.h"
#include "core/report/export.h"
#include "core/views/case_drawings.h"

#include <cstdint>
#include <functional>
#include <memory>
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

/// A note of the case.
struct SummaryNote {
    /// "alert", "event", "host", "rule" or "case", and which of them.
    std::string subjectKind;
    std::string subjectKey;
    std::string text;
    std::string author;
    std::optional<Timestamp> changed;
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
    /// Process trees and timelines of the case, for documents; built when first asked for.
    std::function<Result<std::shared_ptr<const views::CaseDrawings>>()> drawings;
    /// Alerts of building blocks that were left out.
    std::uint64_t hiddenCount = 0;
    /// Of the case, in order of id, whether in force or not.
    std::vector<detect::Exception> exceptions;
    std::vector<SummaryNote> notes;
};

/// The summary as bytes. Equal input, equal bytes. Errors: details could not be read, cancelled.
[[nodiscard]] Result<std::string>
writeSummary(const AlertSummary& summary, const ExportRequest& request, std::stop_token stop = {});

// The formats, one file each.
[[nodiscard]] Result<std::string> writeJson(const AlertSummary& summary, bool asLines,
                                            std::stop_token stop);
[[nodiscard]] std::string writeTable(const AlertSummary& summary, int offsetMinutes);
[[nodiscard]] Result<std::string> writeCsv(const AlertSummary& summary, std::stop_token stop);
/// An ATT&CK Navigator layer (format 4.5): techniques of the loaded rules, scored by alerts.
[[nodiscard]] std::string writeNavigator(const AlertSummary& summary, const ExportRequest& request);
/// SARIF 2.1.0: one result an alert, its stages as a flow.
[[nodiscard]] Result<std::string> writeSarif(const AlertSummary& summary, std::stop_token stop);
/// JUnit: one test case a rule, failed by its alerts.
[[nodiscard]] Result<std::string> writeJunit(const AlertSummary& summary, std::stop_token stop);
[[nodiscard]] Result<std::string> writeMarkdown(const AlertSummary& summary,
                                                const ExportRequest& request, std::stop_token stop);
[[nodiscard]] Result<std::string> writeHtml(const AlertSummary& summary,
                                            const ExportRequest& request, std::stop_token stop);

} // namespace sequela::report
