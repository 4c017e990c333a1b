#!/usr/bin/env python3
"""Instruction counts of the hot paths, by callgrind: a guard that does not depend on how busy the
machine is.

    count_instructions.py --events EVENTS.ndjson --build BUILD --scratch FOLDER
                          [--baseline instructions.json] [--out instructions.json] [--top 8]

Counts over the first 5,000 events, one run of each path. With a baseline, a path that needs over a
tenth more instructions than it fails. Counts change with compiler, libraries and rules; make a
baseline on the machine that compares.
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 5_000
TOLERANCE = 1.1
PATHS = {
    "import": "^ingest/case/1/",
    "rules": "^rules/cold/100/1/",
    "loose sequence": "^sequence/loose/cold",
    "edit": "^edit/one_rule",
}


def count(arguments, events, case, pattern):
    """Total instructions of one path and the functions that spend most."""
    profile = arguments.scratch / "count.callgrind"
    # Every path does its work at least once, and no more often than once with so little time.
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
         str(arguments.build / "tests/bench/sequela_bench"), f"--events={events}",
         f"--rules={ROOT / 'rules'}", f"--case={case}", f"--scratch={arguments.scratch}",
         f"--benchmark_filter={pattern}", "--benchmark_min_time=0.000001"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    text = subprocess.run(["callgrind_annotate", "--threshold=90", str(profile)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    total = int(re.search(r"([\d,]+) \(100\.0%\)  PROGRAM TOTALS", text)[1].replace(",", ""))
    functions = []
    for cost, name in re.findall(r"^ *([\d,]+) \( *[\d.]+%\)  (.+)$", text, re.MULTILINE):
        if name == "PROGRAM TOTALS":
            continue
        library = re.search(r"/([^/\]]+)\]$", name)
        if library and re.match(r"^\S*0x[0-9a-f]+ ", name):
            name = f"somewhere in {library[1]}"
        name = re.sub(r"^.*?:(?=[\w(~])", "", name)
        functions.append((re.sub(r" \[.*\]$", "", name)[:100],
                          round(100 * int(cost.replace(",", "")) / total, 1)))
    profile.unlink()
    return {"instructions": total, "functions": functions[:arguments.top]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--top", type=int, default=8)
    arguments = parser.parse_args()
    events = arguments.scratch / "count-events.ndjson"
    case = arguments.scratch / "count.sequela"
    with open(arguments.events, "rb") as source, open(events, "wb") as target:
        for _, line in zip(range(EVENTS), source):
            target.write(line)
    case.unlink(missing_ok=True)
    subprocess.run([str(arguments.build / "app/sequela-cli"), "import", str(events), "--case",
                    str(case)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    counts = {name: count(arguments, events, case, pattern) for name, pattern in PATHS.items()}
    events.unlink()
    case.unlink()
    for name, result in counts.items():
        print(f"{name}: {result['instructions']:,} instructions")
        for function, share in result["functions"]:
            print(f"    {share:5.1f} %  {function}")
    if arguments.out:
        arguments.out.write_text(json.dumps(counts, indent=1) + "\n")
    if arguments.baseline:
        known = json.loads(arguments.baseline.read_text())
        worse = [name for name, result in counts.items()
                 if result["instructions"] > known[name]["instructions"] * TOLERANCE]
        if worse:
            sys.exit(f"more instructions than the baseline: {', '.join(worse)}")


if __name__ == "__main__":
    main()
