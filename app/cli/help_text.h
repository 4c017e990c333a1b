#pragma once

/// What `--help` teaches beside the list of options: examples and the meaning of exit codes.
namespace sequela::cli::help {

inline constexpr const char* overview = R"(
Start here:
  sequela-cli scan export.ndjson --rules rules
      run the rules over a file and print the alerts
  sequela-cli query export.ndjson --eql 'process where process.name == "osascript"'
      ask one question
  sequela-cli import laptop1/ laptop2.zip --case incident.sequela
      keep the events in a case file; scan and query then take --case

Event files need no format option: JSON in every layout, compressed or in archives, is
recognised by its content. What could not be read is said, file by file.

Exit codes: 0 done; 1 findings (--fail-on, failed tests, broken rules in check); 2 wrong
arguments or an invalid query; 3 an input could not be opened or recognised; 4 output could
not be written; 5 internal error; 130 cancelled.
)";

inline constexpr const char* scan = R"(
Examples:
  sequela-cli scan export.ndjson --rules rules
  sequela-cli scan evidence/ --rules rules ~/detection-rules/rules --format html -o report.html
  sequela-cli scan --case incident.sequela --rules rules --format ndjson --from now-7d
  sequela-cli scan samples/ --rules rules --fail-on high --format sarif -o alerts.sarif  # in CI
  sequela-cli scan --case incident.sequela --rules rules --schedule --run-delay 7m

Alerts go to standard output; rules that did not run, broken rules and import problems to
standard error or to --report. With EVENTS and --case, events are imported first, and the
alerts are kept in the case. Name EVENTS before --rules.
)";

inline constexpr const char* query = R"(
Examples:
  sequela-cli query export.ndjson --eql 'network where destination.port == 4444'
  sequela-cli query --case incident.sequela --format json --size 10 \
      --eql 'sequence by host.id, process.entity_id with maxspan=30s
               [process where process.name == "osascript"] [network where true]'
  sequela-cli query export.ndjson --eql 'any where user.name : "adm*"' --explain

--format json answers like Elasticsearch's EQL search: hits.events, or hits.sequences with
join_keys. Events of other vocabularies are searched with --schema, --timestamp-field,
--event-category-field and --id-field.
)";

inline constexpr const char* eval = R"(
Examples:
  sequela-cli eval 'substring("sequela", 0, 3)'        # "seq"
  sequela-cli eval '7 / 3'                             # 2
  sequela-cli eval 'cidrMatch("10.1.2.3", "10.0.0.0/8")'
)";

inline constexpr const char* check = R"(
Examples:
  sequela-cli check rules
  sequela-cli check ~/detection-rules/rules --format json
  sequela-cli check --eql 'process where process.nam == "x"'
  sequela-cli check rules --case incident.sequela

With --case the lint also names fields and values that the case does not have. --eql says where
python-eql would answer otherwise; rule files do so with --twins.

Every file is accounted for: ok, not run and why, or broken and where. Warnings do not
change the exit code; an error in a rule file is 1, in --eql 2.
)";

inline constexpr const char* format = R"(
Examples:
  sequela-cli format rules/macos/osascript.toml
  echo 'process where true and user.id=="0"' | sequela-cli format -

Only white space changes; comments stay. A rule file comes back whole with its query laid
out and every other byte as it was. Nothing is changed on disk: use -o FILE --force for that.
)";

inline constexpr const char* test = R"(
Examples:
  sequela-cli test rules
  sequela-cli test rules/macos --format junit -o results.xml

Runs NAME.tests.toml beside NAME.toml. Exit code 1 if a test fails or a rule is broken.
)";

inline constexpr const char* import = R"(
Examples:
  sequela-cli import laptop1/ laptop2.zip --case incident.sequela
  zcat events.ndjson.gz | sequela-cli import - --case incident.sequela
  sequela-cli import verdicts.json --what verdicts --case incident.sequela

The case is made if it is not there. Files that are in it already are left alone, of files
that have grown only the new part is added, and an import that was interrupted goes on.
)";

inline constexpr const char* exportText = R"(
Examples:
  sequela-cli export --case incident.sequela --format html -o report.html
  sequela-cli export --case incident.sequela --format markdown --alert ALERT_ID
  sequela-cli export --case incident.sequela --what verdicts -o verdicts.json
  sequela-cli export --case incident.sequela --what exceptions -o exceptions.json

Writes the alerts of the last scan of the case. The same case gives the same bytes.
)";

inline constexpr const char* diff = R"(
Examples:
  sequela-cli diff old/rule.toml new/rule.toml --case incident.sequela
  sequela-cli diff main/rules branch/rules samples/ -o evidence.md
  sequela-cli diff old.toml new.toml export.ndjson --format json

Runs both versions over the same events. A match is kept if it covers the same events, whatever
the query is; what was gained and lost comes with its events and the values that matched, and
true positives of the case that would be lost are said first. Differences do not change the exit
code.
)";

inline constexpr const char* fields = R"(
Examples:
  sequela-cli fields --case incident.sequela
  sequela-cli fields export.ndjson --format json --top 10
)";

} // namespace sequela::cli::help
