#include "core/detect/verdict_edit.h"

#include <algorithm>
#include <string_view>

namespace sequela::detect {

namespace {

std::string_view withoutBlanksAround(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

Verdict editedVerdict(Verdict verdict, const VerdictEdit& edit)
{
    if (edit.decision) {
        verdict.status = edit.decision->first;
        verdict.reason = edit.decision->second;
    }
    if (edit.note) {
        verdict.note = *edit.note;
    }
    std::erase_if(verdict.tags, [&edit](const std::string& tag) {
        return std::ranges::find(edit.removedTags, tag) != edit.removedTags.end();
    });
    for (const std::string& added : edit.addedTags) {
        const std::string_view tag = withoutBlanksAround(added);
        if (!tag.empty() && std::ranges::find(verdict.tags, tag) == verdict.tags.end()) {
            verdict.tags.emplace_back(tag);
        }
    }
    verdict.author.clear();
    verdict.changed.reset();
    verdict.inheritedFrom.clear();
    return verdict;
}

} // namespace sequela::detect
