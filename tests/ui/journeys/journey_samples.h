#pragma once

// Apart from the test itself: moc stumbles over raw strings.
namespace sequela::ui::samples {

/// Three events of one host: an osascript that starts and goes out, and an ordinary shell.
inline constexpr const char* events =
    R"({"@timestamp":"2026-04-12T09:31:07.114Z","event":{"category":["process"],"type":["start"],"action":"exec","id":"1"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3151,"entity_id":"e1","args":["osascript","-e","x"],"command_line":"osascript -e x"},"user":{"name":"dana"}}
{"@timestamp":"2026-04-12T09:31:09.000Z","event":{"category":["process"],"type":["start"],"action":"exec","id":"2"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"zsh","pid":3160,"entity_id":"e2","parent":{"entity_id":"e1","name":"osascript"},"command_line":"zsh /tmp/.u"},"user":{"name":"dana"}}
{"@timestamp":"2026-04-12T09:31:11.318Z","event":{"category":["network"],"type":["start"],"action":"connection_attempted","id":"3"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3151,"entity_id":"e1"},"destination":{"ip":"185.199.110.153","port":443},"network":{"transport":"tcp"},"user":{"name":"dana"}}
)";

inline constexpr const char* rule = R"([metadata]
maturity = "production"

[rule]
rule_id = "11111111-2222-3333-4444-555555555555"
name = "AppleScript goes out"
description = "osascript starts and then connects."
type = "eql"
language = "eql"
risk_score = 47
severity = "medium"
query = '''
sequence by host.id, process.entity_id with maxspan=30s
  [process where event.type == "start" and process.name == "osascript"]
  [network where process.name == "osascript"]
'''
)";

} // namespace sequela::ui::samples
