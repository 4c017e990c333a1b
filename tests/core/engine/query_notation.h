#pragma once

#include "core/engine/engine.h"

#include <string>
#include <string_view>

namespace sequela::tests {

/// A bound query from the notation of the tables in eql.md 8.8, without lexer, parser and binder:
/// `A,B,!C,D*3` are stages by category with missing ones and runs; options follow after blanks:
/// `by=k`, `by=?k`, `by=k+k2`, `until=U`, `maxspan=5000` (milliseconds), `head=2`, `tail=1`,
/// `sample`, `event`. A stage may carry its own keys: `A:k`, `B:k2`.
[[nodiscard]] eql::BoundQuery queryFromNotation(std::string_view notation);

/// Matches as `[1 2] [3 4]`, events numbered from 1, missing slots -1.
[[nodiscard]] std::string matchesText(const engine::QueryResult& result);

/// Runs the query over an event stream (see event_table.h) at segment sizes 1, 3 and 1024 with one
/// and two threads, each twice over one engine, so cold and from kept answers. All answers must be
/// equal; that answer, or what differed.
[[nodiscard]] std::string matchesEverywhere(const std::string& lines, const eql::BoundQuery& query,
                                            const engine::RunOptions& options = {});

} // namespace sequela::tests
