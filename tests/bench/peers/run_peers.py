#!/usr/bin/env python3
"""Sequela and its peers over the same events, in turns, and the ratios between them.

    run_peers.py --events EVENTS.ndjson --build BUILD --scratch FOLDER [--rounds 5]
                 [--skip import,sqlite] [--out peers.json]

Peers: DuckDB (npm install in this folder), SQLite over the `event` rows of the case, jq and a
row-at-a-time evaluator in Python over a share of the events, grep as the probe of the machine. A
round runs each once, so that whatever else the machine does falls on all of them; figures are
medians over the rounds. Processor seconds (user + system, all threads) are what to compare on a
machine that is not idle. Counts of matches must agree, or the script says so and fails.
"""
import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE_EVENTS = 20_000


def run(command, **options):
    """Runs a command; its output, wall seconds and processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)
    seconds = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, seconds, cpu


def remove(path):
    for name in (path, f"{path}-wal", f"{path}-shm", f"{path}.wal"):
        Path(name).unlink(missing_ok=True)


class Peers:
    def __init__(self, arguments):
        self.arguments = arguments
        self.case = arguments.scratch / "peers.sequela"
        self.database = arguments.scratch / "peers.duckdb"
        self.sample = arguments.scratch / "peers-sample.ndjson"
        self.skipped = set(arguments.skip.split(","))
        lines = (HERE / "queries.tsv").read_text().splitlines()
        self.queries = [line.split("\t") for line in lines if line]
        self.samples = {}
        self.counts = {}

    def note(self, figure, peer, seconds, cpu):
        self.samples.setdefault((figure, peer), []).append((seconds, cpu))

    def count(self, query, peer, matches):
        self.counts.setdefault(query, {})[peer] = matches

    def probe(self):
        _, seconds, cpu = run(["grep", "-c", "-F", "/dev/tcp/", str(self.arguments.events)])
        self.note("read the file (grep)", "grep", seconds, cpu)

    def sequela(self, pattern, *options):
        """What sequela_bench prints of the benchmarks of a name."""
        result_file = self.arguments.scratch / "peers-bench.json"
        run([str(self.arguments.build / "tests/bench/sequela_bench"),
             f"--events={self.arguments.events}", f"--rules={HERE.parents[2] / 'rules'}",
             f"--scratch={self.arguments.scratch}", f"--benchmark_filter={pattern}",
             f"--benchmark_out={result_file}", "--benchmark_out_format=json", *options],
            stderr=subprocess.DEVNULL)
        return json.loads(result_file.read_text())["benchmarks"]

    def make_case(self):
        remove(self.case)
        run([str(self.arguments.build / "app/sequela-cli"), "import", str(self.arguments.events),
             "--case", str(self.case)], stderr=subprocess.DEVNULL)

    def imports(self):
        figure = self.sequela("^ingest/case/0/")[0]
        self.note("import", "sequela", figure["real_time"] / 1e3, figure["cpu_time"] / 1e3)
        remove(self.database)
        output, _, _ = run(["node", str(HERE / "duckdb_peer.mjs"), "import",
                            str(self.arguments.events), str(self.database)])
        result = json.loads(output)
        self.note("import", "duckdb", result["seconds"], result["cpuSeconds"])

    def bench(self):
        for figure in self.sequela("^peer/", f"--case={self.case}",
                                   f"--queries={HERE / 'queries.tsv'}",
                                   "--benchmark_min_time=0.1"):
            name = figure["name"].split("/")[1]
            self.note(name, "sequela", figure["real_time"] / 1e3, figure["cpu_time"] / 1e3)
            self.count(name, "sequela", int(figure["matches"]))

    def duckdb(self):
        output, _, _ = run(["node", str(HERE / "duckdb_peer.mjs"), "query", str(self.database),
                            str(HERE / "queries.tsv")])
        for name, result in json.loads(output).items():
            self.note(name, "duckdb", result["seconds"], result["cpuSeconds"])
            self.count(name, "duckdb", result["count"])

    def sqlite(self):
        connection = sqlite3.connect(f"file:{self.case}?mode=ro", uri=True)
        for name, _, condition in self.queries:
            begin, cpu = time.monotonic(), time.process_time()
            matches = connection.execute(f"SELECT count(*) FROM event WHERE {condition}").fetchone()
            self.note(name, "sqlite", time.monotonic() - begin, time.process_time() - cpu)
            self.count(name, "sqlite", matches[0])
        connection.close()

    def rows(self):
        """jq and Python look at every document; a share of them is enough to know the rate."""
        if not self.sample.exists():
            with open(self.arguments.events, "rb") as source, open(self.sample, "wb") as target:
                for _, line in zip(range(SAMPLE_EVENTS), source):
                    target.write(line)
        condition = 'select(.event.category[0] == "process" and .process.name == "osascript") | 1'
        _, seconds, cpu = run(["jq", "-c", condition, str(self.sample)])
        self.note("one condition, a row at a time", "jq", seconds, cpu)
        begin, cpu = time.monotonic(), time.process_time()
        with open(self.sample, "rb") as source:
            for line in source:
                event = json.loads(line)
                category = event.get("event", {}).get("category", [])
                if "process" in category and event.get("process", {}).get("name") == "osascript":
                    pass
        self.note("one condition, a row at a time", "python", time.monotonic() - begin,
                  time.process_time() - cpu)

    def round(self):
        self.probe()
        if not self.case.exists():
            self.make_case()
        if "import" not in self.skipped or not self.database.exists():
            self.imports()
        self.bench()
        if "duckdb" not in self.skipped:
            self.duckdb()
        if "sqlite" not in self.skipped:
            self.sqlite()
        if "rows" not in self.skipped:
            self.rows()

    def medians(self):
        figures = {}
        for (figure, peer), samples in self.samples.items():
            figures.setdefault(figure, {})[peer] = {
                "seconds": statistics.median(sample[0] for sample in samples),
                "cpuSeconds": statistics.median(sample[1] for sample in samples),
                "rounds": len(samples)}
        return figures

    def event_count(self):
        connection = sqlite3.connect(f"file:{self.case}?mode=ro", uri=True)
        count = connection.execute("SELECT count(*) FROM event").fetchone()[0]
        connection.close()
        return count

    def disagreements(self):
        return {name: counts for name, counts in self.counts.items()
                if len(set(counts.values())) > 1}


def show(figures, counts):
    print(f"{'figure':32} {'peer':8} {'wall ms':>10} {'cpu ms':>10} {'× sequela (cpu)':>16}")
    for figure, peers in figures.items():
        own = peers.get("sequela", {}).get("cpuSeconds")
        for peer, result in peers.items():
            ratio = f"{result['cpuSeconds'] / own:.1f}" if own and peer != "sequela" else ""
            print(f"{figure:32} {peer:8} {result['seconds'] * 1e3:10.2f} "
                  f"{result['cpuSeconds'] * 1e3:10.2f} {ratio:>16}")
    for name, by_peer in counts.items():
        print(f"matches of {name}: {by_peer}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip", default="")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if not (HERE / "node_modules").exists() or shutil.which("node") is None:
        sys.exit("DuckDB is not there: run npm install in " + str(HERE))
    peers = Peers(arguments)
    for _ in range(arguments.rounds):
        peers.round()
    figures = peers.medians()
    show(figures, peers.counts)
    if arguments.out:
        arguments.out.write_text(json.dumps(
            {"events": peers.event_count(), "eventBytes": os.path.getsize(arguments.events),
             "sampleEvents": SAMPLE_EVENTS, "figures": figures, "counts": peers.counts},
            indent=1) + "\n")
    if peers.disagreements():
        sys.exit(f"counts differ: {peers.disagreements()}")


if __name__ == "__main__":
    main()
