#!/usr/bin/env python3
"""Takes each condition out of each shipped rule in turn, and each alternative out of each choice,
and runs the tests beside the rule. A change that no test notices is printed: a near miss or a hit
is missing, or the condition says nothing.

    tests/rules/mutate_rules.py --cli build/dev/app/sequela-cli [RULE.toml …]

Exit code 1 if a change went unnoticed. Conditions on the operating system and on the start of a
process are left alone: they only choose the documents.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

RULES = pathlib.Path(__file__).resolve().parent.parent.parent / "rules"
UNTOUCHED = re.compile(r'host\.os\.type == "\w+"|event\.type == "start"')
# Published elsewhere in these words: `!= "::1"` stands beside a list of networks that has ::1, too.
KNOWN = {("macos/command_and_control_osascript_network.toml", 'destination.ip != "::1"')}
TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"(?:\\.|[^"\\])*"|[()\[\]]|\b(?:and|or|where)\b', re.S)


def pieces(query):
    """Conditions joined by `and` at the top of a stage, and alternatives joined by `or` inside
    parentheses, as (what it is worth when it is gone, begin, end)."""
    found, levels = [], [[None, 0, []]]
    for token in TOKEN.finditer(query):
        text, at = token.group(), token.start()
        if text in "([":
            levels.append([text, at + 1, []])
        elif text in ")]":
            found += close(levels.pop(), at)
        elif text == "where":
            levels[-1] = ["where", token.end(), []]
        elif text in ("and", "or"):
            levels[-1][2].append((text, at, token.end()))
    return found + close(levels.pop(), len(query))


def close(level, end):
    opened, begin, joints = level
    wanted, worth = ("and", "true") if opened == "where" else ("or", "false")
    if opened is None or opened == "(" and not any(word == "or" for word, _, _ in joints):
        return []
    cuts = [begin]
    for word, at, after in joints:
        if word == wanted:
            cuts += [at, after]
    cuts.append(end)
    return [(worth, cuts[i], cuts[i + 1]) for i in range(0, len(cuts), 2)]


def changes(path):
    text = path.read_text(encoding="utf-8")
    query = tomllib.loads(text)["rule"]["query"]
    for worth, begin, end in pieces(query):
        piece = " ".join(query[begin:end].split())
        if UNTOUCHED.fullmatch(piece) or (str(path.relative_to(RULES)), piece) in KNOWN:
            continue
        yield path, piece, text.replace(query, query[:begin] + f" {worth} " + query[end:])


def unnoticed(cli, path, piece, text):
    with tempfile.TemporaryDirectory() as folder:
        changed = pathlib.Path(folder) / path.name
        changed.write_text(text, encoding="utf-8")
        shutil.copy(path.with_suffix(".tests.toml"), folder)
        run = subprocess.run([cli, "test", changed], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{path}: without {piece}: {run.stderr}")
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True, help="sequela-cli to test with")
    parser.add_argument("rules", nargs="*", type=pathlib.Path, help="rule files (default: all shipped ones)")
    options = parser.parse_args()
    rules = [path.resolve() for path in options.rules] or [
        path for path in sorted(RULES.glob("*/*.toml")) if not path.name.endswith(".tests.toml")]
    work = [change for path in rules for change in changes(path)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        missed = pool.map(lambda change: unnoticed(options.cli, *change), work)
        silent = [change for change, is_missed in zip(work, missed) if is_missed]
    for path, piece, _ in silent:
        print(f"{path.name}: no test notices when this is gone: {piece}")
    print(f"{len(work)} changes to {len(rules)} rules, {len(silent)} unnoticed")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
