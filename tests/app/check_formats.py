"""Reads what sequela-cli exported with readers that are not ours; complains and fails.

    check_formats.py FOLDER ECS_TABLE ATTACK_TECHNIQUES ATTACK_TACTICS

FOLDER holds alerts.json, .ndjson, .csv, .sarif, .layer.json, .xml (JUnit) and .html of one case.
"""
import csv
import datetime
import html.parser
import ipaddress
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

folder = pathlib.Path(sys.argv[1])


def table(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t"))


def check(holds, *what):
    if not holds:
        sys.exit(" ".join(str(each) for each in what))


def leaves(value, name=""):
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, name)
    elif value is not None:
        yield name, value


def fits(kind, value):
    if kind in ("keyword", "wildcard", "text", "match_only_text", "constant_keyword", "flattened", "version"):
        return isinstance(value, (str, int, float, bool))
    if kind in ("long", "integer", "unsigned_long"):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in ("float", "double", "scaled_float"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if kind == "ip":
        return bool(ipaddress.ip_address(value))
    if kind == "date":
        return isinstance(value, int) or bool(datetime.datetime.fromisoformat(re.sub(r"\.(\d{6})\d+", r".\1", value).replace("Z", "+00:00")))
    return True


documents = json.loads((folder / "alerts.json").read_text(encoding="utf-8"))
lines = (folder / "alerts.ndjson").read_text(encoding="utf-8").splitlines()
check(documents == [json.loads(line) for line in lines], "JSON and NDJSON differ")
check(len(documents) > 3, "too few alerts to tell anything")
ids = [document["kibana.alert.uuid"] for document in documents]
check(len(set(ids)) == len(ids) and all(re.fullmatch("[0-9a-f]{32}", each) for each in ids), "ids")
types = {row[0]: row[1] for row in table(sys.argv[2]) if len(row) > 1}
check(len(types) > 500, "no table of fields")
known = 0
for document in documents:
    for name, value in leaves({key: member for key, member in document.items() if not key.startswith("kibana.")}):
        if name in types:
            known += 1
            check(fits(types[name], value), name, "is", types[name], "and holds", repr(value))
    check(document["kibana.alert.workflow_status"] in ("open", "acknowledged", "closed"), "status")
    for ancestor in document["kibana.alert.ancestors"]:
        check(set(ancestor) == {"id", "type", "index", "depth"} and ancestor["type"] == "event", ancestor)
check(known > 100, "hardly a field is of ECS")

with open(folder / "alerts.csv", encoding="utf-8", newline="") as text:
    rows = list(csv.DictReader(text))
check([row["alert_id"] for row in rows] == ids, "CSV has other alerts")
for row in rows:
    check(None not in row and None not in row.values(), "a row of another length", row)
    check(not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values()), "a formula", row)

sarif = json.loads((folder / "alerts.sarif").read_text(encoding="utf-8"))
check(sarif["version"] == "2.1.0" and len(sarif["runs"]) == 1, "SARIF version")
run = sarif["runs"][0]
rules = run["tool"]["driver"]["rules"]
check(run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints"), "columnKind")
check(all(isinstance(each["executionSuccessful"], bool) for each in run["invocations"]), "invocations")
check(len({rule["id"] for rule in rules}) == len(rules), "a rule twice")
for rule in rules:
    check(rule["shortDescription"]["text"], "a rule without description")
    check(len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"]), "a tag twice")
    check(0 <= float(rule["properties"]["security-severity"]) <= 10, "security-severity")


def check_location(location):
    place = location["physicalLocation"]
    check(re.fullmatch(r"[A-Za-z0-9:/._~%-]+", place["artifactLocation"]["uri"]), "uri", place)
    check(place["artifactLocation"].get("index", 0) < len(run["artifacts"]), "index")
    check(place.get("region", {"startLine": 1})["startLine"] >= 1, "line")


check([each["partialFingerprints"]["alertId/v1"] for each in run["results"]] == ids, "SARIF has other alerts")
for result in run["results"]:
    check(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex")
    check(result["level"] in ("none", "note", "warning", "error"), "level")
    check(result["message"]["text"], "no message")
    for location in result["locations"]:
        check_location(location)
    for flow in result.get("codeFlows", []):
        for step in flow["threadFlows"][0]["locations"]:
            check_location(step["location"])
for artifact in run["artifacts"]:
    check(artifact.get("parentIndex", 0) < len(run["artifacts"]), "parentIndex")
    check(all(re.fullmatch("[0-9a-f]{64}", each) for each in artifact.get("hashes", {}).values()), "hash")

# Properties of the layer format 4.5 as its definition lists them, with their JSON types.
LAYER = {
    "layer": {"versions": dict, "name": str, "description": str, "domain": str, "customDataURL": str, "filters": dict,
              "sorting": int, "layout": dict, "hideDisabled": bool, "techniques": list, "gradient": dict,
              "legendItems": list, "showTacticRowBackground": bool, "tacticRowBackground": str,
              "selectTechniquesAcrossTactics": bool, "selectSubtechniquesWithParent": bool,
              "selectVisibleTechniques": bool, "metadata": list, "links": list},
    "versions": {"attack": str, "navigator": str, "layer": str},
    "layout": {"layout": str, "showID": bool, "showName": bool, "showAggregateScores": bool, "countUnscored": bool,
               "aggregateFunction": str, "expandedSubtechniques": str},
    "technique": {"techniqueID": str, "tactic": str, "comment": str, "enabled": bool, "score": int, "color": str,
                  "metadata": list, "links": list, "showSubtechniques": bool},
    "gradient": {"colors": list, "minValue": int, "maxValue": int},
    "legendItem": {"label": str, "color": str},
    "metadata": {"name": str, "value": str},
}


def check_layer_object(kind, value):
    for name, member in value.items():
        wanted = LAYER[kind].get(name)
        check(wanted and isinstance(member, wanted) and (wanted is bool or not isinstance(member, bool)), kind, name)


layer = json.loads((folder / "alerts.layer.json").read_text(encoding="utf-8"))
check(layer["versions"]["layer"] == "4.5" and layer["domain"] == "enterprise-attack" and layer["name"], "layer")
check(int(layer["versions"]["navigator"].split(".")[0]) >= 5, "navigator")
techniques = {row[0] for row in table(sys.argv[3])}
tactics = {cell for row in table(sys.argv[4]) for cell in row}
check(len(layer["gradient"]["colors"]) >= 2, "gradient")
check(layer["gradient"]["maxValue"] > layer["gradient"]["minValue"], "gradient")
check(len(layer["techniques"]) > 3, "an empty layer")
check_layer_object("layer", layer)
for kind in ("versions", "layout", "gradient"):
    check_layer_object(kind, layer[kind])
check(layer["layout"]["layout"] in ("side", "flat", "mini"), "layout")
check(layer["layout"]["expandedSubtechniques"] in ("none", "all", "annotated"), "layout")
for item in layer["legendItems"]:
    check_layer_object("legendItem", item)
cells = [(technique["techniqueID"], technique["tactic"]) for technique in layer["techniques"]]
check(len(set(cells)) == len(cells), "a technique twice")
for technique in layer["techniques"]:
    check_layer_object("technique", technique)
    for item in technique["metadata"]:
        check_layer_object("metadata", item)
    check(technique["techniqueID"] in techniques, technique["techniqueID"])
    check(technique["tactic"] in tactics, technique["tactic"])
    check(isinstance(technique["score"], int) and isinstance(technique["enabled"], bool), "score")
    check(re.fullmatch("#[0-9a-f]{6}", technique.get("color", "#ffffff")), "color")
    check(all(isinstance(each["value"], str) for each in technique["metadata"]), "metadata")

junit = ElementTree.parse(folder / "alerts.xml").getroot()
suite = junit.find("testsuite")
cases = suite.findall("testcase")
check(junit.tag == "testsuites" and int(suite.get("tests")) == len(cases), "JUnit counts")
for kind, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
    check(int(suite.get(counted)) == sum(case.find(kind) is not None for case in cases), counted)


class Page(html.parser.HTMLParser):
    """Counts elements; nothing may be able to run or to be loaded."""

    void = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.counts = [], {}

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attributes:
            check(not name.startswith("on") and name not in ("src", "href", "srcset"), tag, name, value)
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        check(self.open and self.open.pop() == tag, "closes", tag)


page = Page()
page.feed((folder / "alerts.html").read_text(encoding="utf-8"))
check(not page.open, "left open:", page.open)
check(page.counts["section"] == len(ids), "HTML has other alerts")
check(page.counts["svg"] > len(ids), "hardly a drawing")
check(not {"script", "img", "iframe", "link", "object", "a"} & set(page.counts), page.counts)
