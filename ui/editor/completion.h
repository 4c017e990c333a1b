#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"
#include "core/schema/field_catalog.h"
#include "ui/state/value_counts.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ui {

enum class CompletionKind : std::uint8_t { Keyword, Function, Field, Category, Value };

struct Completion {
    CompletionKind kind = CompletionKind::Keyword;
    /// What replaces CompletionList::replaced: query text, quoted where it has to be.
    std::string insert;
    /// What the list shows: a signature, a name, a value. May be event text.
    std::string label;
    /// Muted words beside it: type, number of events, help.
    std::string detail;
    std::uint64_t eventCount = 0;
};

/// What can stand at the caret, the likeliest first.
struct CompletionList {
    /// The prefix that is typed already, in the text. Empty span: nothing yet.
    SourceSpan replaced;
    std::string prefix;
    std::vector<Completion> entries;
    /// Field whose values belong here; the values are among the entries if they were given.
    std::string valuesOf;
};

/// Whether accepting any entry would only write what stands there already.
[[nodiscard]] bool saysNothingNew(const CompletionList& list);
/// What of @p text gives way to @p entry: a value takes the quote behind it, too, where the pair
/// was there already.
[[nodiscard]] SourceSpan replacedBy(const Completion& entry, const CompletionList& list,
                                    std::string_view text);

/// At most this many entries of a list.
inline constexpr std::size_t maxCompletions = 200;

/// @p catalog may be null (no case). @p values: of `valuesOf`, if known. Fields of this case come
/// before fields that only the schema knows, frequent before rare ones.
[[nodiscard]] CompletionList completionsAt(std::string_view text, eql::Dialect dialect,
                                           std::size_t offset, const schema::FieldCatalog* catalog,
                                           const state::ValueCounts* values);

} // namespace sequela::ui
