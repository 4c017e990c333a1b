#include "core/rules/rule_set.h"

#include "core/base/text.h"
#include "core/rules/limits.h"
#include "core/rules/rule_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

namespace sequela::rules {

namespace {

namespace fs = std::filesystem;

[[nodiscard]] Diagnostic pathError(const fs::path& path, std::string_view what,
                                   std::string_view hint)
{
    Diagnostic diagnostic = makeError(
        "rule-path", fmt::format("{}: {}", visibleText(path.string()), what), std::string(hint));
    diagnostic.file = path.string();
    return diagnostic;
}

[[nodiscard]] bool isExport(const fs::path& path)
{
    return path.extension() == ".ndjson" || path.extension() == ".json";
}

[[nodiscard]] bool isRuleFile(const fs::path& path)
{
    return path.extension() == ".toml" || path.extension() == ".ndjson";
}

/// Collects the rule files below a folder.
class Collector {
public:
    Collector(RuleSet& set, std::stop_token stop) : m_set(set), m_stop(std::move(stop)) {}

    [[nodiscard]] std::vector<fs::path> take()
    {
        std::ranges::sort(m_files);
        const auto repeated = std::ranges::unique(m_files);
        m_files.erase(repeated.begin(), repeated.end());
        return std::move(m_files);
    }

    void addFile(const fs::path& path) { m_files.push_back(path.lexically_normal()); }

    void addFolder(const fs::path& folder, std::size_t depth)
    {
        if (m_stop.stop_requested() || m_full) {
            return;
        }
        if (depth > limits::maxFolderDepth) {
            note(folder,
                 fmt::format("folders more than {} deep are not read", limits::maxFolderDepth));
            return;
        }
        std::error_code error;
        fs::directory_iterator entries(folder, error);
        if (error) {
            note(folder, "the folder cannot be read: " + error.message());
            return;
        }
        for (const fs::directory_iterator end; entries != end; entries.increment(error)) {
            if (error) {
                note(folder, "the folder cannot be read to its end: " + error.message());
                return;
            }
            visit(*entries, depth);
        }
    }

private:
    void visit(const fs::directory_entry& entry, std::size_t depth)
    {
        std::error_code error;
        const fs::path& path = entry.path();
        const bool isHidden = path.filename().string().starts_with('.');
        if (entry.is_directory(error) && !entry.is_symlink(error)) {
            if (!isHidden) {
                addFolder(path, depth + 1);
            }
        } else if (entry.is_regular_file(error) && isRuleFile(path)) {
            if (m_files.size() >= limits::maxFiles) {
                if (!m_full) {
                    note(path, fmt::format("more than {} rule files; the rest is not read",
                                           limits::maxFiles));
                }
                m_full = true;
                return;
            }
            addFile(path);
        }
    }

    void note(const fs::path& path, std::string_view what)
    {
        Diagnostic diagnostic = pathError(path, what, "Name the part you need directly");
        diagnostic.severity = Severity::Warning;
        m_set.addDiagnostic(std::move(diagnostic));
    }

    RuleSet& m_set;
    std::stop_token m_stop;
    std::vector<fs::path> m_files;
    bool m_full = false;
};

[[nodiscard]] RuleEntry unreadableEntry(const fs::path& path, Diagnostic diagnostic)
{
    RuleEntry entry;
    entry.path = path.string();
    entry.status = RuleStatus::Broken;
    entry.reason = diagnostic.message;
    diagnostic.file = path.string();
    entry.diagnostics.push_back(std::move(diagnostic));
    return entry;
}

[[nodiscard]] std::vector<RuleEntry> readFile(const fs::path& path)
{
    auto text = readRuleText(path);
    if (!text) {
        return {unreadableEntry(path, std::move(text).error())};
    }
    const std::size_t first = text->find_first_not_of(" \t\r\n");
    const bool looksLikeJson = first != std::string::npos && text->at(first) == '{';
    if (isExport(path) || looksLikeJson) {
        return readRuleExport(*text, path.string());
    }
    std::vector<RuleEntry> entries{readRuleToml(*text, path.string())};
    const fs::path tests = testFileOf(path);
    std::error_code error;
    if (fs::is_regular_file(tests, error)) {
        entries.front().testFile = tests.string();
    }
    return entries;
}

void noteOrphan(RuleSet& set, const fs::path& testFile)
{
    std::string name = testFile.string();
    name.resize(name.size() - std::string_view(".tests.toml").size());
    std::error_code error;
    if (!fs::exists(name + ".toml", error)) {
        Diagnostic diagnostic = pathError(testFile, "these tests have no rule beside them",
                                          "Name the file after its rule: NAME.tests.toml");
        diagnostic.severity = Severity::Warning;
        set.addDiagnostic(std::move(diagnostic));
    }
}

} // namespace

std::vector<std::shared_ptr<const Rule>> RuleSet::runnable() const
{
    std::vector<std::shared_ptr<const Rule>> rules;
    for (const RuleEntry& entry : m_entries) {
        if (entry.status == RuleStatus::Loaded) {
            rules.push_back(entry.rule);
        }
    }
    return rules;
}

const RuleEntry* RuleSet::find(std::string_view ruleId) const
{
    const auto entry = std::ranges::find_if(m_entries, [ruleId](const RuleEntry& candidate) {
        return candidate.rule != nullptr && candidate.rule->id == ruleId;
    });
    return entry == m_entries.end() ? nullptr : &*entry;
}

std::size_t RuleSet::count(RuleStatus status) const
{
    return static_cast<std::size_t>(std::ranges::count(m_entries, status, &RuleEntry::status));
}

void RuleSet::append(std::vector<RuleEntry> entries)
{
    std::map<std::string, std::string, std::less<>> firstPath;
    for (const RuleEntry& entry : m_entries) {
        if (entry.rule != nullptr) {
            firstPath.try_emplace(entry.rule->id, entry.path);
        }
    }
    for (RuleEntry& entry : entries) {
        if (entry.rule != nullptr) {
            const auto [known, isNew] = firstPath.try_emplace(entry.rule->id, entry.path);
            if (!isNew) {
                Diagnostic diagnostic = makeError(
                    "rule-duplicate-id",
                    fmt::format("The rule id {} is already used by {}", visibleText(entry.rule->id),
                                visibleText(known->second)),
                    "Both are run and their alerts share the id; give one of them another");
                diagnostic.severity = Severity::Warning;
                diagnostic.file = entry.path;
                m_diagnostics.push_back(std::move(diagnostic));
            }
        }
        m_entries.push_back(std::move(entry));
    }
}

void RuleSet::addDiagnostic(Diagnostic diagnostic)
{
    m_diagnostics.push_back(std::move(diagnostic));
}

Result<std::string> readRuleText(const fs::path& path)
{
    const std::size_t maxBytes =
        isExport(path) ? limits::maxExportFileBytes : limits::maxRuleFileBytes;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        return std::unexpected(
            pathError(path, "the file cannot be opened", "Look whether it exists and may be read"));
    }
    std::string text;
    std::string block(std::size_t{1} << 16U, '\0');
    while (stream.read(block.data(), static_cast<std::streamsize>(block.size()))
           || stream.gcount() > 0) {
        text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > maxBytes) {
            Diagnostic tooLarge =
                pathError(path, fmt::format("the file has more than {} bytes", maxBytes),
                          "Rule files are small; look whether this is one");
            tooLarge.code = "rule-too-large";
            return std::unexpected(std::move(tooLarge));
        }
    }
    if (stream.bad()) {
        return std::unexpected(pathError(path, "reading failed", "Look at the disk"));
    }
    return text;
}

Result<RuleSet> loadRules(std::span<const fs::path> paths, std::stop_token stop, Progress* progress)
{
    RuleSet set;
    Collector collector(set, stop);
    for (const fs::path& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status)) {
            return std::unexpected(
                pathError(path, "there is no such file or folder", "Check the path"));
        }
        if (fs::is_directory(status)) {
            fs::directory_iterator readable(path, error);
            if (error) {
                return std::unexpected(pathError(
                    path, "the folder cannot be read: " + error.message(), "Check its rights"));
            }
            collector.addFolder(path, 0);
        } else {
            collector.addFile(path);
        }
    }
    const std::vector<fs::path> files = collector.take();
    if (progress != nullptr) {
        progress->setTotal(files.size());
    }
    std::vector<RuleEntry> entries;
    for (const fs::path& path : files) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        if (isTestFile(path)) {
            noteOrphan(set, path);
        } else {
            std::ranges::move(readFile(path), std::back_inserter(entries));
        }
        if (progress != nullptr) {
            progress->add(1);
        }
    }
    set.append(std::move(entries));
    return set;
}

} // namespace sequela::rules
