#include "core/workspace/workspace_state.h"

#include <utility>

namespace sequela::workspace {

namespace {

/// What a code weighs; those of an older or newer program count as lost records.
ingest::ProblemWeight weightOf(std::string_view code)
{
    for (std::size_t kind = 0; kind < ingest::problemKindCount; ++kind) {
        const auto problem = static_cast<ingest::ProblemKind>(kind);
        if (ingest::problemCode(problem) == code) {
            return ingest::problemWeight(problem);
        }
    }
    return ingest::ProblemWeight::Lost;
}

} // namespace

Result<std::vector<ImportOutcome::File>> Workspace::importedFiles() const
{
    std::vector<ImportOutcome::File> files;
    const auto events = std::dynamic_pointer_cast<const casefile::CaseSnapshot>(snapshot()->events);
    if (!m_state->caseFile || !events) {
        for (SourceInfo& source : sources()) {
            files.push_back({std::move(source), false, std::nullopt, {}});
        }
        return files;
    }
    for (const casefile::SourceRecord& source : events->sources()) {
        ImportOutcome::File& file = files.emplace_back();
        file.source = sourceInfoOf(source);
        const auto problems = m_state->caseFile->problems(source.number);
        if (!problems) {
            return std::unexpected(problems.error());
        }
        for (const casefile::ProblemRecord& problem : *problems) {
            Diagnostic diagnostic = makeError(problem.code, problem.reason);
            if (weightOf(problem.code) != ingest::ProblemWeight::Lost) {
                diagnostic.severity = Severity::Warning;
            }
            diagnostic.file =
                source.key.member.empty() ? source.path : source.path + "!/" + source.key.member;
            if (problem.line > 0) {
                diagnostic.begin = TextPosition{problem.line, problem.column};
            }
            file.problems.push_back(std::move(diagnostic));
        }
        if (source.state == casefile::SourceState::Failed) {
            file.failure = file.problems.empty()
                               ? makeError("ingest-failed", "The file could not be read.")
                               : file.problems.front();
        }
    }
    return files;
}

} // namespace sequela::workspace
