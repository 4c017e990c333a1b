#include "core/detect/alert_details.h"
#include "core/report/alert_summary.h"
#include "core/report/diff_report.h"
#include "core/report/summary_document.h"
#include "core/views/case_drawings.h"
#include "core/workspace/workspace_state.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace sequela::workspace {

namespace {

constexpr const char* generator = "Sequela " SEQUELA_VERSION;

std::vector<const detect::Alert*> chosenAlerts(const detect::Detection& found,
                                               const report::ExportRequest& request)
{
    std::vector<const detect::Alert*> chosen;
    std::set<std::string_view> wanted;
    if (request.alertIds) {
        wanted.insert(request.alertIds->begin(), request.alertIds->end());
    }
    for (const detect::Alert& alert : found.alerts) {
        const bool isChosen = request.alertIds
                                  ? wanted.contains(alert.id)
                                  : request.includeBuildingBlocks || !alert.rule->buildingBlock;
        if (isChosen) {
            chosen.push_back(&alert);
        }
    }
    return chosen;
}

/// Sources by content, so that a summary does not tell the order of import.
std::vector<report::SummaryInput> inputsOf(const std::vector<SourceInfo>& sources)
{
    std::vector<report::SummaryInput> inputs;
    for (const SourceInfo& source : sources) {
        inputs.push_back(
            {source.path, source.member, source.sha256, source.format, source.eventCount});
    }
    std::ranges::sort(inputs, {}, [](const report::SummaryInput& input) {
        return std::tie(input.sha256, input.member, input.path);
    });
    return inputs;
}

/// Exceptions and notes.
Result<void> addAnalystsWork(const Workspace& workspace, report::AlertSummary& summary)
{
    auto exceptions = workspace.exceptions();
    if (!exceptions) {
        return std::unexpected(std::move(exceptions).error());
    }
    summary.exceptions = std::move(*exceptions);
    auto notes = workspace.notes();
    if (!notes) {
        return std::unexpected(std::move(notes).error());
    }
    for (Note& note : *notes) {
        summary.notes.push_back({std::move(note.subjectKind), std::move(note.subjectKey),
                                 std::move(note.text), std::move(note.author), note.changed});
    }
    return {};
}

Result<std::shared_ptr<const views::CaseDrawings>> drawingsOf(const schema::ColumnSource& events,
                                                              const std::stop_token& stop)
{
    auto forest = views::ProcessForest::build(events, stop);
    if (!forest) {
        return std::unexpected(std::move(forest).error());
    }
    auto sharedForest = std::make_shared<const views::ProcessForest>(std::move(*forest));
    auto timeline = views::NetworkTimeline::build(events, *sharedForest, stop);
    if (!timeline) {
        return std::unexpected(std::move(timeline).error());
    }
    return std::make_shared<const views::CaseDrawings>(
        std::move(sharedForest),
        std::make_shared<const views::NetworkTimeline>(std::move(*timeline)));
}

/// Everything a summary is written from. What it refers to lives as long as its functions do.
Result<report::AlertSummary> summaryOf(const Workspace& workspace,
                                       const report::ExportRequest& request,
                                       const std::stop_token& stop)
{
    const std::shared_ptr<const Snapshot> current = workspace.snapshot();
    const std::shared_ptr<const detect::Detection> found = workspace.detection();
    report::AlertSummary summary;
    summary.alerts = chosenAlerts(*found, request);
    if (!request.alertIds && !request.includeBuildingBlocks) {
        summary.hiddenCount = found->alerts.size() - summary.alerts.size();
    }
    summary.outcomes = found->outcomes;
    summary.inputs = inputsOf(workspace.sources());
    summary.eventCount = current->events->eventCount();
    summary.generator = generator;
    summary.details = [&workspace, found](const detect::Alert& alert) {
        return workspace.details(alert);
    };
    summary.sharedFields = [current](const detect::Alert& alert) {
        return detect::sharedFieldsOf(*current->events, alert);
    };
    summary.ancestor =
        [current](const detect::AlertStage& stage) -> Result<report::AlertSummary::Ancestor> {
        auto id = detect::ancestorIdOf(*current->events, stage);
        if (!id) {
            return std::unexpected(std::move(id).error());
        }
        auto index = detect::indexOf(*current->events, stage);
        if (!index) {
            return std::unexpected(std::move(index).error());
        }
        return report::AlertSummary::Ancestor{std::move(*id), std::move(*index)};
    };
    SEQUELA_TRY(addAnalystsWork(workspace, summary));
    using Drawings = std::shared_ptr<const views::CaseDrawings>;
    summary.drawings = [current, stop, drawings = Drawings()]() mutable -> Result<Drawings> {
        if (!drawings) {
            auto built = drawingsOf(*current->events, stop);
            if (!built) {
                return built;
            }
            drawings = std::move(*built);
        }
        return drawings;
    };
    return summary;
}

} // namespace

Result<std::string> Workspace::exportAlerts(const report::ExportRequest& request,
                                            std::stop_token stop) const
{
    const auto summary = summaryOf(*this, request, stop);
    if (!summary) {
        return std::unexpected(summary.error());
    }
    return report::writeSummary(*summary, request, stop);
}

Result<void> Workspace::describeAlerts(const report::ExportRequest& request,
                                       report::DocumentSink& sink, std::stop_token stop) const
{
    const auto summary = summaryOf(*this, request, stop);
    if (!summary) {
        return std::unexpected(summary.error());
    }
    return report::writeDocument(*summary, request, sink, stop);
}

Result<std::string> Workspace::exportComparison(const RuleComparison& comparison,
                                                std::string_view beforeName,
                                                std::string_view afterName, bool asJson,
                                                std::stop_token stop) const
{
    report::DiffSummary summary;
    summary.diff = &comparison.diff;
    summary.beforeName = beforeName;
    summary.afterName = afterName;
    summary.inputs = inputsOf(sources());
    summary.eventCount = snapshot()->events->eventCount();
    summary.generator = generator;
    summary.details = [this](const detect::Alert& alert) { return details(alert); };
    return asJson ? report::writeDiffJson(summary, std::move(stop))
                  : report::writeDiffMarkdown(summary, std::move(stop));
}

} // namespace sequela::workspace
