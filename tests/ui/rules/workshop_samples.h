#pragma once

// Apart from the tests: moc stumbles over raw strings.
namespace sequela::ui::samples {

/// Three starts of osascript: one connects after 4 s, one after 48 s, one to a private address.
inline constexpr const char* events =
    R"({"@timestamp":"2026-04-12T09:31:07.000Z","event":{"category":["process"],"type":["start"],"id":"1"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3151,"entity_id":"e1","command_line":"osascript -e x"}}
{"@timestamp":"2026-04-12T09:31:11.000Z","event":{"category":["network"],"type":["start"],"id":"2"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3151,"entity_id":"e1"},"destination":{"ip":"185.199.110.153","port":443}}
{"@timestamp":"2026-04-12T09:40:00.000Z","event":{"category":["process"],"type":["start"],"id":"3"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3200,"entity_id":"e2","command_line":"osascript late"}}
{"@timestamp":"2026-04-12T09:40:48.000Z","event":{"category":["network"],"type":["start"],"id":"4"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3200,"entity_id":"e2"},"destination":{"ip":"151.101.1.140","port":443}}
{"@timestamp":"2026-04-12T09:50:00.000Z","event":{"category":["process"],"type":["start"],"id":"5"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3300,"entity_id":"e3","command_line":"osascript home"}}
{"@timestamp":"2026-04-12T09:50:02.000Z","event":{"category":["network"],"type":["start"],"id":"6"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"osascript","pid":3300,"entity_id":"e3"},"destination":{"ip":"10.0.0.7","port":443}}
{"@timestamp":"2026-04-12T09:55:00.000Z","event":{"category":["process"],"type":["start"],"id":"7"},"host":{"id":"h1","name":"mbp-fin-03","os":{"type":"macos"}},"process":{"name":"zsh","pid":3301,"entity_id":"e4","command_line":"zsh"}}
)";

inline constexpr const char* ruleHead = R"(# kept as it is
[metadata]
maturity = "production"

[rule]
rule_id = "11111111-2222-3333-4444-555555555555"
name   =   "AppleScript goes out"
description = "osascript starts and then connects."
type = "eql"
language = "eql"
risk_score = 47
severity = "medium"
query = '''
)";

inline constexpr const char* query =
    R"(sequence by host.id, process.entity_id with maxspan=30s
  [process where event.type == "start" and process.name == "osascript"]
  [network where process.name == "osascript" and
     not cidrmatch(destination.ip, "10.0.0.0/8")]
)";

inline constexpr const char* ruleTail = R"('''   # behind it

[[rule.threat]]
framework = "MITRE ATT&CK"
  [rule.threat.tactic]
  id = "TA0002"
  name = "Execution"
  reference = "https://attack.mitre.org/tactics/TA0002/"
)";

inline constexpr const char* ruleTests = R"([[test]]
name = "a start alone"
expect = 0
[[test.event]]
at = "+0s"
host.id = "h"
event.category = ["process"]
event.type = ["start"]
process.name = "osascript"
process.entity_id = "p"

[[test]]
name = "a start and a connection"
expect = 1
[[test.event]]
at = "+0s"
host.id = "h"
event.category = ["process"]
event.type = ["start"]
process.name = "osascript"
process.entity_id = "p"
[[test.event]]
at = "+20s"
host.id = "h"
event.category = ["network"]
process.name = "osascript"
process.entity_id = "p"
destination.ip = "8.8.8.8"
)";

} // namespace sequela::ui::samples
