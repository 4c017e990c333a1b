#!/usr/bin/env python3
"""How cost grows: runs sequela_bench over growing data and draws SVG plots of what it printed.

    plot_costs.py measure --events EVENTS.ndjson --build BUILD --scratch FOLDER --out costs.json
                          [--sizes 10000,100000,1000000]
    plot_costs.py add costs.json --size 10000000 --figures bench.json --import-cpu SECONDS
    plot_costs.py draw costs.json FOLDER [--peers peers.json]

`measure` cuts the events to the sizes asked for and runs import, rules, sequences and edits over
each; `add` takes in what sequela_bench printed for a case that was imported from a stream, as sizes
must be that nobody keeps as text; `draw` needs only the JSON, so plots can be made again without measuring. Processor time
throughout: it is what can be compared on a machine that does other things as well.
"""
import argparse
import json
import math
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILTER = ("^(ingest/case/0|open/case|rules/cold/(1|10|100|300|1000)/1|rules/again/1000/1"
          "|sequence/.*/cold|edit/one_rule)")
COLORS = ["#0b6e99", "#c44e1c", "#3a7d34", "#7d3a78", "#8a6d00", "#444444"]


def cut(events, size, target):
    with open(events, "rb") as source, open(target, "wb") as out:
        for _, line in zip(range(size), source):
            out.write(line)


def measure(arguments):
    results = {}
    for size in [int(text) for text in arguments.sizes.split(",")]:
        events = arguments.scratch / f"costs-{size}.ndjson"
        cut(arguments.events, size, events)
        figures = arguments.scratch / f"costs-{size}.json"
        subprocess.run(
            [str(arguments.build / "tests/bench/sequela_bench"), f"--events={events}",
             f"--rules={ROOT / 'rules'}", f"--scratch={arguments.scratch}",
             f"--benchmark_filter={FILTER}", "--benchmark_min_time=0.2",
             f"--benchmark_out={figures}", "--benchmark_out_format=json"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results[size] = json.loads(figures.read_text())["benchmarks"]
        events.unlink()
        figures.unlink()
    arguments.out.write_text(json.dumps(results, indent=1) + "\n")


def add(arguments):
    results = json.loads(arguments.costs.read_text())
    figures = json.loads(arguments.figures.read_text())["benchmarks"]
    figures = [figure for figure in figures if not figure["name"].startswith("ingest/")]
    figures.append({"name": "ingest/case/0", "cpu_time": arguments.import_cpu * 1e3})
    results[str(arguments.size)] = figures
    arguments.costs.write_text(json.dumps(results, indent=1) + "\n")


def base_name(figure):
    """The name without what Google Benchmark appends."""
    parts = figure["name"].split("/")
    return "/".join(part for part in parts
                    if part not in ("real_time", "process_time") and ":" not in part)


def series_by_events(results):
    """Name → [(events, ms)] of everything measured at more than one size."""
    series = {}
    for size, figures in results.items():
        for figure in figures:
            name = base_name(figure)
            if name == "edit/one_rule":
                series.setdefault("edit p95", []).append((int(size), figure["cpu_p95_ms"]))
                continue
            series.setdefault(name, []).append((int(size), figure["cpu_time"]))
    return {name: sorted(points) for name, points in series.items() if len(points) > 1}


def series_by_rules(results):
    """Events and [(rules, ms)] of the size at which most numbers of rules were measured."""
    by_size = {}
    for size, figures in results.items():
        for figure in figures:
            parts = base_name(figure).split("/")
            if parts[:2] == ["rules", "cold"] and parts[2] != "0" and parts[3] == "1":
                by_size.setdefault(int(size), {})[int(parts[2])] = figure["cpu_time"]
    size = max(by_size, key=lambda size: (len(by_size[size]), size))
    return size, sorted(by_size[size].items())


def decades(values):
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def label(exponent):
    value = 10 ** exponent
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def draw_chart(title, x_title, lines, path):
    """Both axes logarithmic; a line is (name, [(x, y)], dashed)."""
    width, height, left, right, top, bottom = 760, 460, 70, 230, 40, 50
    points = [point for _, some, _ in lines for point in some if point[1] > 0]
    x_low, x_high = decades([x for x, _ in points])
    y_low, y_high = decades([y for _, y in points])

    def place(x, y):
        return (left + (math.log10(x) - x_low) / (x_high - x_low) * (width - left - right),
                height - bottom
                - (math.log10(y) - y_low) / (y_high - y_low) * (height - top - bottom))

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
             f'<text x="{left}" y="22" font-size="15">{title}</text>']
    for exponent in range(x_low, x_high + 1):
        x, y = place(10 ** exponent, 10 ** y_low)
        parts.append(f'<path d="M{x:.1f} {top}V{y:.1f}" stroke="#e0e0e0"/>'
                     f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">'
                     f'{label(exponent)}</text>')
    for exponent in range(y_low, y_high + 1):
        x, y = place(10 ** x_low, 10 ** exponent)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{width - right}" stroke="#e0e0e0"/>'
                     f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">'
                     f'{label(exponent)} ms</text>')
    parts.append(f'<text x="{(left + width - right) / 2:.0f}" y="{height - 12}" '
                 f'text-anchor="middle">{x_title}</text>')
    for number, (name, some, dashed) in enumerate(lines):
        color = COLORS[number % len(COLORS)]
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        at = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in some if y > 0)
        parts.append(f'<polyline points="{at}" fill="none" stroke="{color}" '
                     f'stroke-width="2"{dash}/>')
        y = top + 10 + 20 * number
        parts.append(f'<path d="M{width - right + 15} {y}h22" stroke="{color}" '
                     f'stroke-width="2"{dash}/><text x="{width - right + 43}" y="{y + 4}">'
                     f'{name}</text>')
    path.write_text("\n".join(parts) + "\n</svg>\n")


def peer_import(peers, results):
    """DuckDB's import as a line through the size it was measured at: its cost is linear, too."""
    imported = peers["figures"].get("import", {}).get("duckdb")
    if not imported:
        return []
    measured = peers["events"]
    cost = imported["cpuSeconds"] * 1e3
    sizes = sorted(int(text) for text in results)
    return [(f"DuckDB, 58 columns, from {measured:,}",
             [(size, cost * size / measured) for size in sizes], True)]


def peer_rules(peers, counts, size):
    """What the peers' median query costs, times the number of rules (they share nothing) and the
    size of this case by that of theirs."""
    lines = []
    scale = size / peers["events"] if "events" in peers else 1
    for peer, name in (("duckdb", "DuckDB"), ("sqlite", "SQLite")):
        costs = sorted(figure[peer]["cpuSeconds"] * 1e3
                       for figure_name, figure in peers["figures"].items()
                       if peer in figure and figure_name != "import")
        if costs:
            median = costs[len(costs) // 2] * scale
            lines.append((f"{name}, one by one", [(count, median * count) for count in counts],
                          True))
    return lines


def draw(arguments):
    results = json.loads(arguments.costs.read_text())
    peers = json.loads(arguments.peers.read_text()) if arguments.peers else {"figures": {}}
    arguments.folder.mkdir(parents=True, exist_ok=True)
    series = series_by_events(results)
    wanted = [("ingest/case/0", "import"), ("rules/cold/1000/1", "1,000 rules, cold"),
              ("rules/again/1000/1", "1,000 rules, again"),
              ("sequence/loose/cold", "loose sequence, cold"), ("edit p95", "one edit, p95"),
              ("open/case", "open")]
    lines = [(title, series[name], False) for name, title in wanted if name in series]
    lines += peer_import(peers, results)
    draw_chart("Processor time against events", "events", lines,
               arguments.folder / "cost-by-events.svg")
    size, points = series_by_rules(results)
    lines = [("Sequela, cold", points, False)]
    lines += peer_rules(peers, [count for count, _ in points], size)
    draw_chart(f"Processor time against rules, {size:,} events", "rules", lines,
               arguments.folder / "cost-by-rules.svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("measure")
    measuring.add_argument("--events", type=Path, required=True)
    measuring.add_argument("--build", type=Path, required=True)
    measuring.add_argument("--scratch", type=Path, required=True)
    measuring.add_argument("--sizes", default="10000,100000,1000000")
    measuring.add_argument("--out", type=Path, required=True)
    adding = commands.add_parser("add")
    adding.add_argument("costs", type=Path)
    adding.add_argument("--size", type=int, required=True)
    adding.add_argument("--figures", type=Path, required=True)
    adding.add_argument("--import-cpu", type=float, required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("costs", type=Path)
    drawing.add_argument("folder", type=Path)
    drawing.add_argument("--peers", type=Path)
    arguments = parser.parse_args()
    {"measure": measure, "add": add, "draw": draw}[arguments.command](arguments)


if __name__ == "__main__":
    main()
