#pragma once

// Apart from the tests: moc stumbles over raw strings.
namespace sequela::ui::samples {

/// Four events with repeated values, and a name that needs quotes.
inline constexpr const char* completionEvents = R"(
{"event":{"category":["process"]},"process":{"name":"osascript","pid":7}}
{"event":{"category":["process"]},"process":{"name":"curl","pid":8}}
{"event":{"category":["process"]},"process":{"name":"osascript"}}
{"event":{"category":["network"]},"odd name":"say \"hi\""}
)";

/// Two process starts.
inline constexpr const char* editorEvents = R"(
{"event":{"category":["process"]},"process":{"name":"osascript","pid":7},"destination":{"port":1}}
{"event":{"category":["process"]},"process":{"name":"curl","pid":8}}
)";

} // namespace sequela::ui::samples
