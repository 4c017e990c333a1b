-- A Sequela case: plain SQLite, application_id 0x53455131 ("SEQ1"), user_version 1.
-- Anyone may read it with the sqlite3 shell or DB Browser; `event_text` is the place to start.
-- Times are nanoseconds since 1970 UTC, NULL where an event has none. Blobs are described in
-- core/casefile/blob.h and column_codec.h. Texts named detail are JSON.

-- Facts about the file: column_revision, created_by, created.
CREATE TABLE property(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Imported files and archive members; records_read to prefix_sha256 say how far each one is in.
CREATE TABLE source(
    source_no INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,               -- importing, complete, failed
    continues INTEGER,                 -- source_no of the file's part that was imported before
    records_read INTEGER NOT NULL DEFAULT 0,
    bytes_consumed INTEGER NOT NULL DEFAULT 0,
    next_line INTEGER NOT NULL DEFAULT 1,
    resume_token BLOB NOT NULL DEFAULT x'',
    prefix_sha256 TEXT NOT NULL DEFAULT '',
    event_count INTEGER NOT NULL DEFAULT 0,
    broken_count INTEGER NOT NULL DEFAULT 0,
    skipped_count INTEGER NOT NULL DEFAULT 0,
    problem_count INTEGER NOT NULL DEFAULT 0,
    first_time INTEGER,
    last_time INTEGER,
    detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX source_by_hash ON source(sha256);
CREATE INDEX source_by_path ON source(path);

-- What was wrong with a source; line is 1-based, 0 where there is none.
CREATE TABLE problem(
    problem_no INTEGER PRIMARY KEY,
    source_no INTEGER NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    record_no INTEGER NOT NULL,
    line INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    excerpt TEXT NOT NULL,
    count INTEGER NOT NULL
);
CREATE INDEX problem_by_source ON problem(source_no);

-- One row per event with the fields people ask for. Several values are joined by U+001F.
-- record_no is 0-based in its source, line 1-based (0: the format has no lines).
CREATE TABLE event(
    event_no INTEGER PRIMARY KEY,
    "@timestamp" INTEGER,
    source_no INTEGER NOT NULL,
    record_no INTEGER NOT NULL,
    line INTEGER NOT NULL,
    "host.name" TEXT,
    "host.id" TEXT,
    "host.os.type" TEXT,
    "event.id" TEXT,
    "event.category" TEXT,
    "event.type" TEXT,
    "event.action" TEXT,
    "event.dataset" TEXT,
    "process.name" TEXT,
    "process.pid" INTEGER,
    "process.entity_id" TEXT,
    "process.parent.name" TEXT,
    "process.parent.entity_id" TEXT,
    "process.executable" TEXT,
    "process.command_line" TEXT,
    "user.name" TEXT,
    "source.ip" TEXT,
    "source.port" INTEGER,
    "destination.ip" TEXT,
    "destination.port" INTEGER,
    "file.path" TEXT,
    "dns.question.name" TEXT,
    "registry.path" TEXT,
    "dll.path" TEXT
);

-- The same with ISO times and the path of the source.
CREATE VIEW event_text AS
SELECT event_no,
    strftime('%Y-%m-%dT%H:%M:%S',
             ("@timestamp" - ("@timestamp" % 1000000000 + 1000000000) % 1000000000) / 1000000000,
             'unixepoch')
        || printf('.%09dZ', ("@timestamp" % 1000000000 + 1000000000) % 1000000000) AS "@timestamp",
    "host.name", "host.id", "host.os.type", "event.id", "event.category", "event.type",
    "event.action", "event.dataset", "process.name", "process.pid", "process.entity_id",
    "process.parent.name", "process.parent.entity_id", "process.executable",
    "process.command_line", "user.name", "source.ip", "source.port", "destination.ip",
    "destination.port", "file.path", "dns.question.name", "registry.path", "dll.path",
    source.path AS source_path, source.member AS source_member, record_no, line
FROM event LEFT JOIN source USING (source_no);

-- Every field that occurs. Counts of kinds count distinct values per segment.
CREATE TABLE field(
    field_no INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    event_count INTEGER NOT NULL DEFAULT 0,
    list_count INTEGER NOT NULL DEFAULT 0,
    string_count INTEGER NOT NULL DEFAULT 0,
    integer_count INTEGER NOT NULL DEFAULT 0,
    fraction_count INTEGER NOT NULL DEFAULT 0,
    boolean_count INTEGER NOT NULL DEFAULT 0,
    derived_count INTEGER NOT NULL DEFAULT 0
);

-- Runs of consecutive events of one source; positions: times, record numbers and lines.
CREATE TABLE segment(
    segment_no INTEGER PRIMARY KEY,
    source_no INTEGER NOT NULL,
    first_event INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    first_time INTEGER,
    last_time INTEGER,
    positions BLOB NOT NULL
);

-- All values of one field in one segment. The greatest revision is the one that holds.
CREATE TABLE column_segment(
    segment_no INTEGER NOT NULL,
    field_no INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY(segment_no, field_no, revision)
);

-- Original documents of a segment, from first_row on.
CREATE TABLE document_block(
    segment_no INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    document_count INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY(segment_no, first_row)
);

-- Rules as they were last run over this case.
CREATE TABLE rule(
    rule_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    version TEXT NOT NULL,
    query_hash TEXT NOT NULL,
    outcome TEXT NOT NULL,             -- ran, not_run, broken
    message TEXT NOT NULL,
    match_count INTEGER NOT NULL,
    nanoseconds INTEGER NOT NULL,
    run_time INTEGER NOT NULL,
    events_searched INTEGER NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE alert(
    alert_id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,
    rule_name TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    query_hash TEXT NOT NULL,
    events_hash TEXT NOT NULL,
    severity TEXT NOT NULL,
    risk_score INTEGER NOT NULL,
    first_time INTEGER,
    last_time INTEGER,
    host_name TEXT NOT NULL,
    user_name TEXT NOT NULL,
    process_name TEXT NOT NULL,
    building_block INTEGER NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX alert_by_rule ON alert(rule_id);

-- Stages of an alert in order; event_no is NULL in a slot that must be missing.
CREATE TABLE alert_event(
    alert_id TEXT NOT NULL,
    stage INTEGER NOT NULL,
    event_no INTEGER,
    identity TEXT NOT NULL,
    PRIMARY KEY(alert_id, stage)
) WITHOUT ROWID;

CREATE TABLE verdict(
    alert_id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,
    events_hash TEXT NOT NULL,
    state TEXT NOT NULL,               -- open, acknowledged, closed
    reason TEXT NOT NULL,              -- '', true_positive, false_positive, benign_positive
    note TEXT NOT NULL,
    tags TEXT NOT NULL,                -- joined by U+001F
    author TEXT NOT NULL,
    time INTEGER NOT NULL
);
CREATE INDEX verdict_by_events ON verdict(rule_id, events_hash);

CREATE TABLE exception(
    exception_id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,             -- '' for all rules
    condition TEXT NOT NULL,
    comment TEXT NOT NULL,
    author TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    enabled INTEGER NOT NULL
);

CREATE TABLE note(
    note_id TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,        -- alert, event, host, rule, case
    subject_key TEXT NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    time INTEGER NOT NULL
);

CREATE TABLE bookmark(
    event_no INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,
    label TEXT NOT NULL,
    color TEXT NOT NULL,
    time INTEGER NOT NULL
);

CREATE TABLE saved_filter(
    name TEXT PRIMARY KEY,
    eql TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE layout(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
