#pragma once

#include "ui/editor/clause_margin.h"
#include "ui/rules/live_run.h"

#include <QString>

#include <string>
#include <vector>

namespace sequela::ui {

/// A line of the funnel: a heading, or a bar.
struct FunnelRow {
    enum class Kind : std::uint8_t { Heading, Clause, Sequence };
    Kind kind = Kind::Clause;
    QString label;
    std::uint64_t count = 0;
    /// Place in the query that the row speaks of.
    SourceSpan span;
    /// Event query for what is left here; empty where events alone do not say it.
    std::string filter;
    /// A few events that the clause dropped.
    std::vector<EventNumber> dropped;

    bool operator==(const FunnelRow&) const = default;
};

/// How each clause of @p result narrows the events. @p near: of the same text, or null.
[[nodiscard]] std::vector<FunnelRow> funnelRows(const LiveResult& result,
                                                const workspace::NearMisses* near);

/// The same beside the lines of the query: what a stage keeps, what its later lines leave.
[[nodiscard]] std::vector<LineNote> lineNotes(const LiveResult& result);

/// A piece of a query on one line.
[[nodiscard]] std::string onOneLine(std::string_view text);

} // namespace sequela::ui
