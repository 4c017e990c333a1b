#pragma once

#include "core/base/diagnostic.h"
#include "core/base/progress.h"
#include "core/rules/rule.h"
#include "core/rules/rule_file.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::rules {

/// All rules of some paths, one entry per file (or export line), in order of path. Nothing is
/// dropped: what is not run is listed with the reason. Immutable once loaded.
class RuleSet {
public:
    [[nodiscard]] const std::vector<RuleEntry>& entries() const { return m_entries; }
    /// Rules that can run, in order of path.
    [[nodiscard]] std::vector<std::shared_ptr<const Rule>> runnable() const;
    /// First entry whose rule has this id; null if none.
    [[nodiscard]] const RuleEntry* find(std::string_view ruleId) const;
    [[nodiscard]] std::size_t count(RuleStatus status) const;
    /// About the set as a whole: duplicate ids, folders that could not be read, test files without
    /// a rule, bounds reached.
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return m_diagnostics; }

    /// Adds entries; duplicates of ids that are already there are noted in diagnostics().
    void append(std::vector<RuleEntry> entries);
    void addDiagnostic(Diagnostic diagnostic);

private:
    std::vector<RuleEntry> m_entries;
    std::vector<Diagnostic> m_diagnostics;
};

/// Loads files and folders (recursively; a clone of a rule repository will do). `.toml` and
/// `.ndjson`/`.json` exports are read, `NAME.tests.toml` are attached to NAME.toml, folders whose
/// name begins with a dot are left out, links to folders are not followed. A file named directly is
/// read whatever its ending. Error only where a path does not exist or cannot be opened at all
/// (`rule-path`), or on cancellation.
[[nodiscard]] Result<RuleSet> loadRules(std::span<const std::filesystem::path> paths,
                                        std::stop_token stop = {}, Progress* progress = nullptr);

/// The whole file, for editors and locateInRuleFile. Errors: `rule-path`, `rule-too-large`.
[[nodiscard]] Result<std::string> readRuleText(const std::filesystem::path& path);

} // namespace sequela::rules
