#include "ui/rules/version_history.h"

#include <algorithm>
#include <utility>

namespace sequela::ui {

namespace {

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t first = line.find_first_not_of(" \t\r");
        line = first == std::string_view::npos ? std::string_view() : line.substr(first);
        lines.push_back(line.substr(0, line.find_last_not_of(" \t\r") + 1));
    }
    return lines;
}

} // namespace

void VersionHistory::note(QueryVersion version)
{
    const auto known = std::ranges::find(m_versions, version.text, &QueryVersion::text);
    if (known != m_versions.end()) {
        version.firstRunMs = known->firstRunMs;
        *known = std::move(version);
        return;
    }
    if (m_versions.size() == maxVersions) {
        const bool isPinned = m_pinned && m_versions.front().text == *m_pinned;
        m_versions.erase(m_versions.begin() + (isPinned ? 1 : 0));
    }
    m_versions.push_back(std::move(version));
}

std::string firstChange(std::string_view before, std::string_view text)
{
    const std::vector<std::string_view> old = linesOf(before);
    const std::vector<std::string_view> now = linesOf(text);
    const auto [was, is] = std::ranges::mismatch(old, now);
    const bool onlyTaken =
        static_cast<std::size_t>(is - now.begin()) == now.size() || now.size() < old.size();
    if (was == old.end() && is == now.end()) {
        return {};
    }
    return onlyTaken && was != old.end() ? "− " + std::string(*was) : std::string(*is);
}

} // namespace sequela::ui
