#!/usr/bin/env python3
"""Runs the shipped rules over the demo, the load data and the recordings beside the project, and
writes how often each rule fired into rules/README.md.

    tests/rules/measure_rules.py --cli build/dev/app/sequela-cli          write the tables
    tests/rules/measure_rules.py --cli build/dev/app/sequela-cli --check  compare; 1 if they differ

Recordings that are absent are left out, and the tables say so. The load data (--events, --seed)
are generated into --scratch, which must have about 2.5 kB an event.
"""
import argparse
import collections
import dataclasses
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
RULES = ROOT / "rules"
README = RULES / "README.md"
BEGIN = "<!-- written by tests/rules/measure_rules.py -->\n"
END = "<!-- end of what tests/rules/measure_rules.py writes -->\n"

# Name, what it is, files below the data folder. Where a folder holds the same events twice, once.
RECORDINGS = [
    ("otrf", "Windows under attack in a laboratory: 132 recordings of Security and Sysmon logs (OTRF)",
     ["otrf/otrf-all.ndjson.zst"]),
    ("eqllib", "Windows under attack in a laboratory: Sysmon, flattened (EQL library)",
     ["eqllib/sysmon-rta.json.gz"]),
    ("evtx", "Windows under attack: event logs of single techniques (EVTX to MITRE, Sigma's regression data)",
     ["evtx/evtx-to-mitre.tar.zst", "evtx/sigma-regression-evtx.tar.gz"]),
    ("linux-sysmon", "Linux under attack in a laboratory: Sysmon and audit records of one exploit (OTRF)",
     ["linux-sysmon/sysmon-linux-syslog.log",
      "linux-sysmon/syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference.zip"]),
    ("macos-elastic", "macOS under attack: single documents of Elastic Defend 7.10, one a technique",
     ["macos-elastic/ecs-ndjson.ndjson"]),
]

INPUT_NOT_RECOGNIZED = 3  # exit code of sequela-cli
# A rule that cannot fire on a data set is no problem; one that is broken is.
RUNNABLE = ("ran", "missing-category", "field-never-populated")


@dataclasses.dataclass
class Scan:
    """What one run over one data set gave."""
    events: int
    runnable: int
    hits: collections.Counter
    alerts: list

    def folded(self):
        """Matches that the rules' own suppression counts at another alert."""
        return sum(alert.get("kibana.alert.suppression.docs_count", 0) for alert in self.alerts)


def scan(cli, paths):
    """Runs all rules over `paths`; hits are by rule id. None if no file there can be read."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [cli, "scan", *map(str, paths), "--rules", str(RULES), "--building-blocks", "--format",
                   "ndjson", "--quiet", "--force", "--report", report.name]
        run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if run.returncode == INPUT_NOT_RECOGNIZED:
            return None
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {run.returncode}")
        told = json.load(open(report.name, encoding="utf-8"))
    broken = [item for item in told["rules"] if item["status"] not in RUNNABLE]
    if broken or told["diagnostics"]:
        sys.exit(f"Rules did not run: {broken or told['diagnostics']}")
    alerts = [json.loads(line) for line in run.stdout.decode().splitlines()]
    files = told["import"]["files"]
    return Scan(sum(file["events"] for file in files), sum(item["status"] == "ran" for item in told["rules"]),
                collections.Counter(alert["kibana.alert.rule.rule_id"] for alert in alerts), alerts)


def ordinary_demo(folder):
    """Writes the demo case without its stories: only what its hosts do every day."""
    spec = importlib.util.spec_from_file_location("make_demo", ROOT / "resources/demo/make_demo.py")
    demo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(demo)
    machines = [demo.Mac("mbp-fin-03", "dana", "10.20.3.103"), demo.Mac("mbp-fin-07", "luis", "10.20.3.107"),
                demo.Mac("mbp-ops-11", "mika", "10.20.3.111"), demo.Windows("win-acc-02", "lee", "10.20.5.12"),
                demo.Windows("win-hr-05", "noor", "10.20.5.15")]
    for machine in machines:
        machine.ordinary()
    server = demo.Host("srv-web-01", "srv-web-01", "linux", "24.04.2 LTS", "10.20.0.21")
    init = server.boot("/usr/lib/systemd/systemd", 1)
    sshd = server.boot("/usr/sbin/sshd", 801, init)
    web = server.boot("/usr/sbin/nginx", 820, init, "www-data")
    demo.linux_ordinary(server, web, sshd, server.boot("/usr/sbin/cron", 640, init))
    for host in [machine.host for machine in machines] + [server]:
        host.finish(folder)


def not_planted(found, truth):
    """Alerts of the load data that stand on at least one event of the ordinary part."""
    planted = {event for plant in truth["planted"] for event in plant["event_ids"]}
    ordinary = collections.Counter()
    for alert in found.alerts:
        if not all(event["id"] in planted for event in alert["kibana.alert.ancestors"]):
            ordinary[alert["kibana.alert.rule.rule_id"]] += 1
    return ordinary, len(planted)


def shipped():
    """(folder, id, name, link, is a sequence) of each rule, in the order of the tables."""
    rules = []
    for path in sorted(RULES.glob("*/*.toml")):
        if path.name.endswith(".tests.toml"):
            continue
        rule = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        rules.append((path.parent.name, rule["rule_id"], rule["name"], f"{path.parent.name}/{path.name}",
                      rule["query"].lstrip().startswith("sequence")))
    return rules


def number(value):
    return f"{value:,}"


def tables(sets, scans, ordinary, rules):
    """The text between the marks. `ordinary` is (events, hits) of the ordinary parts by set."""
    lines = ["| data | what | events | rules with all they need | rules that fired | alerts "
             "| folded into them |",
             "|---|---|---:|---:|---:|---:|---:|"]
    for name, what in sets:
        if name not in scans:
            lines.append(f"| {name} | {what} | absent or not read | | | | |")
            continue
        found = scans[name]
        lines.append(f"| {name} | {what} | {number(found.events)} | {found.runnable} "
                     f"| {len(found.hits)} | {number(sum(found.hits.values()))} | {number(found.folded())} |")
    lines.append("")
    for name, (events, hits) in ordinary.items():
        lines.append(f"False positives on the ordinary part of {name} ({number(events)} events): "
                     f"{sum(hits.values())}.")
    columns = [name for name, _ in sets if name in scans]
    lines += ["", "| rule | kind | " + " | ".join(columns) + " | false positives |",
              "|---|---|" + "---:|" * (len(columns) + 1)]
    for folder, rule_id, name, link, is_sequence in rules:
        cells = [number(scans[column].hits[rule_id]) if scans[column].hits[rule_id] else "" for column in columns]
        wrong = sum(hits[rule_id] for _, hits in ordinary.values())
        lines.append(f"| [{name}]({link}) | {'sequence' if is_sequence else 'event'} | " + " | ".join(cells)
                     + f" | {wrong} |")
    return "\n".join(lines) + "\n"


def measure(options, scratch):
    sets = [("demo", "[the demo case](../resources/demo/README.md), of which the stories are invented")]
    scans = {"demo": scan(options.cli, sorted((ROOT / "resources/demo").glob("*.ndjson.gz")))}
    folder = scratch / "ordinary-demo"
    folder.mkdir()
    ordinary_demo(folder)
    everyday = scan(options.cli, [folder])
    ordinary = {"demo": (everyday.events, everyday.hits)}
    generator = SHARED / "bench/make_bench.py"
    sets.append(("load", f"generated load of Elastic Defend on 60 hosts, seed {options.seed}, with planted attacks"))
    if generator.exists():
        data, truth = scratch / "load.ndjson", scratch / "load.truth.json"
        subprocess.run([sys.executable, generator, "-n", str(options.events), "--seed", str(options.seed), "-o", data,
                        "--truth", truth], check=True, stderr=subprocess.DEVNULL)
        found = scan(options.cli, [data])
        scans["load"] = found
        wrong, planted = not_planted(found, json.loads(truth.read_text(encoding="utf-8")))
        ordinary["load"] = (found.events - planted, wrong)
        data.unlink()
    for name, what, paths in RECORDINGS:
        sets.append((name, what))
        paths = [SHARED / "data" / path for path in paths]
        found = scan(options.cli, paths) if all(path.exists() for path in paths) else None
        if found:
            scans[name] = found
    return tables(sets, scans, ordinary, shipped())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True, help="sequela-cli to measure with")
    parser.add_argument("--events", type=int, default=200_000, help="events of the load data")
    parser.add_argument("--seed", type=int, default=7, help="seed of the load data")
    parser.add_argument("--scratch", help="folder for the load data (default: the system's)")
    parser.add_argument("--check", action="store_true", help="only compare with rules/README.md")
    options = parser.parse_args()
    text = README.read_text(encoding="utf-8")
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"{README} has no place for the tables between {BEGIN.strip()} and {END.strip()}")
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        measured = measure(options, pathlib.Path(scratch))
    written = text[:begin + len(BEGIN)] + "\n" + measured + "\n" + text[end:]
    if options.check:
        print(f"rules/README.md {'agrees' if written == text else 'differs; run without --check'}")
        return 0 if written == text else 1
    README.write_text(written, encoding="utf-8")
    print(f"{README} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
