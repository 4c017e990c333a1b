// DuckDB beside Sequela: imports NDJSON into a table of flat columns and runs conditions over it.
//
//   node duckdb_peer.mjs import EVENTS.ndjson DATABASE
//   node duckdb_peer.mjs query DATABASE QUERIES.tsv
//
// Prints one JSON object; seconds of wall and of processor time (all threads).
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

// 58 columns by hand, as somebody would write them who knows the data; lists are joined as
// Sequela's `event` table joins them. No document is kept.
const columns = {
  '@timestamp': 'TIMESTAMP',
  'agent.id': 'VARCHAR', 'agent.type': 'VARCHAR', 'agent.version': 'VARCHAR',
  'data_stream.dataset': 'VARCHAR', 'data_stream.namespace': 'VARCHAR',
  'destination.ip': 'VARCHAR', 'destination.port': 'BIGINT', 'destination.address': 'VARCHAR',
  'dll.name': 'VARCHAR', 'dll.path': 'VARCHAR', 'dll.hash.sha256': 'VARCHAR',
  'dns.question.name': 'VARCHAR', 'dns.question.type': 'VARCHAR', 'dns.resolved_ip': 'VARCHAR[]',
  'ecs.version': 'VARCHAR',
  'event.action': 'VARCHAR', 'event.category': 'VARCHAR[]', 'event.code': 'VARCHAR',
  'event.created': 'TIMESTAMP', 'event.dataset': 'VARCHAR', 'event.id': 'VARCHAR',
  'event.kind': 'VARCHAR', 'event.module': 'VARCHAR', 'event.outcome': 'VARCHAR',
  'event.sequence': 'BIGINT', 'event.type': 'VARCHAR[]',
  'file.extension': 'VARCHAR', 'file.name': 'VARCHAR', 'file.path': 'VARCHAR',
  'file.size': 'BIGINT', 'file.hash.sha256': 'VARCHAR',
  'host.hostname': 'VARCHAR', 'host.id': 'VARCHAR', 'host.ip': 'VARCHAR[]',
  'host.name': 'VARCHAR', 'host.os.name': 'VARCHAR', 'host.os.type': 'VARCHAR',
  'message': 'VARCHAR', 'network.direction': 'VARCHAR', 'network.transport': 'VARCHAR',
  'process.args': 'VARCHAR[]', 'process.args_count': 'BIGINT',
  'process.command_line': 'VARCHAR', 'process.entity_id': 'VARCHAR',
  'process.executable': 'VARCHAR', 'process.hash.sha256': 'VARCHAR', 'process.name': 'VARCHAR',
  'process.parent.entity_id': 'VARCHAR', 'process.parent.executable': 'VARCHAR',
  'process.parent.name': 'VARCHAR', 'process.pid': 'BIGINT', 'process.working_directory': 'VARCHAR',
  'registry.data.strings': 'VARCHAR[]', 'registry.path': 'VARCHAR',
  'source.ip': 'VARCHAR', 'source.port': 'BIGINT', 'user.name': 'VARCHAR',
};

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

function nested() {
  const root = new Map();
  for (const [name, type] of Object.entries(columns)) {
    const parts = name.split('.');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      if (!at.has(part)) at.set(part, new Map());
      at = at.get(part);
    }
    at.set(parts.at(-1), type);
  }
  return root;
}

function typeOf(node) {
  return node instanceof Map
    ? `STRUCT(${[...node].map(([name, child]) => `${quoted(name)} ${typeOf(child)}`).join(', ')})`
    : node;
}

function selected(name, type) {
  const path = name.split('.').map(quoted).join('.');
  const value = type.endsWith('[]') ? `array_to_string(${path}, chr(31))` : path;
  return `${value} AS ${quoted(name)}`;
}

async function timed(work) {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const result = await work();
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const used = process.cpuUsage(cpu);
  return { result, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function importFile(events, database) {
  const instance = await DuckDBInstance.create(database, { threads: '2' });
  const connection = await instance.connect();
  const schema = [...nested()].map(([name, node]) => `${literal(name)}: ${literal(typeOf(node))}`);
  const sql = `CREATE OR REPLACE TABLE ev AS SELECT ${Object.entries(columns)
    .map(([name, type]) => selected(name, type)).join(', ')}
    FROM read_json(${literal(events)}, format = 'newline_delimited',
                   columns = {${schema.join(', ')}}, maximum_object_size = 33554432)`;
  const { seconds, cpuSeconds } = await timed(async () => {
    await connection.run(sql);
    await connection.run('CHECKPOINT');
  });
  const rows = await connection.runAndReadAll('SELECT count(*) FROM ev');
  return { events: Number(rows.getRows()[0][0]), seconds, cpuSeconds };
}

async function query(database, queries) {
  const instance = await DuckDBInstance.create(database, { threads: '2', access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const results = {};
  for (const line of readFileSync(queries, 'utf8').split('\n').filter(Boolean)) {
    const [name, , condition] = line.split('\t');
    const { result, seconds, cpuSeconds } = await timed(() =>
      connection.runAndReadAll(`SELECT count(*) FROM ev WHERE ${condition}`));
    results[name] = { count: Number(result.getRows()[0][0]), seconds, cpuSeconds };
  }
  return results;
}

const [command, first, second] = process.argv.slice(2);
console.log(JSON.stringify(await (command === 'import' ? importFile : query)(first, second)));
