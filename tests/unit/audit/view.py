#!/usr/bin/env python3
"""`bailiff audit` as people and programs use it.

usage: view.py WRITER LIBEXEC SCENARIO

KC-059 KC-060 KC-061 KC-062: the record is queried with a limit, by event type and by session.  LK-063 LK-064 LK-065
LK-066: sessions, API requests, token use and errors are entries.  LK-068: audit tail.  LK-069 LK-070 LK-071: the fields
timestamp, event and chain_hash.  LK-073: verify.
"""
import json, os, pathlib, re, signal, subprocess, sys, time

from recorder import LIBEXEC, Log, main, ok, request, until

SEED_NAMES = ["timestamp", "event", "eventType", "toolName", "action", "status", "reason", "model", "sessionId", "orgId",
              "inputSummary", "cost", "tokenCount", "duration", "decision", "outcome", "chain_hash", "seq"]

STORY = [
    {"eventType": "session_start", "sessionId": "s-1", "agent": "codex", "user": "dev"},
    {"eventType": "tool_request", "sessionId": "s-1", "toolName": "Bash", "toolUseId": "t1", "inputSummary": "ls"},
    {"eventType": "tool_execute", "decision": "allow", "outcome": "success", "sessionId": "s-1", "toolName": "Bash",
     "toolUseId": "t1", "inputSummary": "ls", "duration": 1.5, "cost": 0.25, "tokenCount": 7, "orgId": "acme-corp"},
    {"eventType": "tool_blocked", "decision": "deny", "outcome": "blocked", "sessionId": "s-1", "toolName": "Write",
     "reason": "protected path", "severity": "high"},
    {"eventType": "api_request", "action": "POST /v1/messages", "status": "200", "model": "m-1"},
    {"eventType": "token_used", "action": "read", "reason": "ci"},
    {"eventType": "error", "outcome": "error", "reason": "time limit"},
    {"eventType": "session_start", "sessionId": "0198f1c2-7d1e-7aaa-bbbb-000000000002"},
    {"eventType": "security_event", "toolName": "\x1b[2J\u202eevil\n\x07", "reason": "a\x1b]0;title\x07b\r\n\u2028c"},
]


def tell(log, story, first=1):
    door = log.connect()
    for number, entry in enumerate(story, first):
        door.send(request(json.dumps(entry).encode(), number=number))
        assert door.recv(100)[4] == 1
    door.close()


def seqs(log, *arguments):
    done = log.audit("list", "--json", *arguments)
    return [json.loads(line)["seq"] for line in done.stdout.split("\n")[:-1]]


def listing(log):
    log.start()
    tell(log, STORY)
    entries = log.entries()
    ok(len(entries) == len(STORY) + 1, "all are listed, and the recorder's start")
    ok(all(set(SEED_NAMES) <= set(entry) for entry in entries), "each has all the names of the seed")
    ok(all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", entry["timestamp"]) for entry in entries),
       "timestamp is ISO 8601 in UTC (KC-046, KO-089, LK-069)")
    ok(all(re.fullmatch(r"[0-9a-f]{64}", entry["chain_hash"]) for entry in entries), "chain_hash is a SHA-256")
    ok([entry["event"] for entry in entries][:4] == ["daemon.start", "session.start", "tool.request", "tool.execute"],
       "event is the name with a dot")
    done = entries[3]
    ok((done["toolName"], done["status"], done["decision"], done["outcome"], done["duration"], done["cost"],
        done["tokenCount"], done["orgId"], done["result"]) ==
       ("Bash", None, "allow", "success", 1.5, 0.25, 7, "acme-corp", "approved"), "values are those that were written")
    ok(entries[4]["result"] == "denied" and entries[7]["result"] == "error", "result: approved, denied or error")
    ok(seqs(log, "--limit", "3") == [7, 8, 9] and seqs(log, "-n", "1") == [9], "--limit: the newest, the oldest first")
    ok(seqs(log, "--event-type", "session_start") == [1, 8] == seqs(log, "--event", "session.start")
       == seqs(log, "--eventType", "session_start") == seqs(log, "--operation", "session_start"),
       "--event-type, by all its names")
    ok(seqs(log, "--session", "s-1") == [1, 2, 3, 4] == seqs(log, "--sessionId", "s-1") == seqs(log, "--session-id", "s-1"),
       "--session, by all its names")
    ok(seqs(log, "--session", "0198F1C2-7d1e-7aaa-bbbb-000000000002") == [8], "--session that is a UUID, in any case")
    ok(seqs(log, "--tool", "Bash") == [2, 3] == seqs(log, "--toolName", "Bash"), "--tool")
    ok(seqs(log, "--decision", "deny") == [4] and seqs(log, "--decision", "ask") == [], "--decision")
    ok(seqs(log, "--tool", "Bash' OR '1'='1") == [] and seqs(log, "--session", "%") == [], "values are values")
    ok(seqs(log, "--after", "7") == [8, 9] and seqs(log, "--after", "2", "-n", "2") == [3, 4], "--after: pages")
    ok(seqs(log, "--since", "1h") == list(range(10)) and seqs(log, "--until", "1h") == [], "--since and --until, so long ago")
    ok(seqs(log, "--since", entries[5]["timestamp"]) == [5, 6, 7, 8, 9] or
       seqs(log, "--since", entries[5]["timestamp"])[0] in (5, 6), "--since a moment")
    ok(seqs(log, "--until", "2000-01-01") == [] and len(seqs(log, "--since", "2000-01-01T00:00:00Z")) == 10, "dates")
    lines = log.audit("list", "--fields", "seq,operation,tool,chainHash", "--tool", "Bash").stdout.splitlines()
    ok([list(json.loads(line)) for line in lines] == [["seq", "operation", "tool", "chainHash"]] * 2, "--fields, with aliases")
    for wrong in (["list", "--limit", "x"], ["list", "--event-type", "x"], ["list", "--decision", "x"], ["list", "--since", "x"],
                  ["list", "--since", "2026-02-30"], ["list", "--fields", "seq,x"], ["list", "x"], ["list", "--x"], ["x"], [],
                  ["show"], ["show", "x"], ["verify", "--receipt", "1:zz"], ["verify", "--receipt", "0:" + "0" * 64]):
        done = subprocess.run([f"{LIBEXEC}/audit", *wrong, *(["--state", log.state] if wrong else [])], capture_output=True, text=True)
        ok(done.returncode == 64 and done.stderr and not done.stdout, f"status 64: {' '.join(wrong)}")
    help_text = subprocess.run([f"{LIBEXEC}/audit", "audit", "list", "--help"], capture_output=True, text=True)
    ok(help_text.returncode == 0 and "--event-type" in help_text.stdout, "--help, with the word that bailiff hands on")
    log.stop()


def people(log):
    """Tables: 80 columns, and nothing that a terminal would act on."""
    log.start()
    tell(log, STORY)
    table = log.audit("list").stdout
    ok(all(len(line) <= 80 for line in table.splitlines()), "the table fits 80 columns")
    ok(not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\u2028]", table), "control characters and marks are shown, not sent")
    ok("protected path" in table and "deny" in table, "the story can be read")
    whole = log.audit("show", "9").stdout
    ok(not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\u2028]", whole) and "\\x1b" in whole, "show: the same")
    entry = log.entries("--limit", "1")[-1]
    by_id = log.audit("show", entry["id"], "--json")
    ok(json.loads(by_id.stdout)["seq"] == 9 and by_id.returncode == 0, "show by id")
    ok(log.audit("show", "99").returncode == 1 and log.audit("show", "0" * 8 + "-0000-7000-8000-" + "0" * 12).returncode == 1,
       "show of what is not there: status 1")
    ok("\x1b" not in table + whole, "no colour into a pipe")
    tail = subprocess.Popen([f"{LIBEXEC}/audit", "tail", "-f", "-n", "2", "--json", "--state", log.state],
                            stdout=subprocess.PIPE, text=True)
    first = [json.loads(tail.stdout.readline())["seq"] for _ in range(2)]
    tell(log, STORY[:3], first=100)
    more = [json.loads(tail.stdout.readline())["seq"] for _ in range(3)]
    tail.terminate()
    tail.communicate()
    ok(first == [8, 9] and more == [10, 11, 12], "tail -f: the last, then what comes")
    ok(log.audit("tail", "--json").stdout.count("\n") == 13, "tail: twenty")
    head = subprocess.run(f"'{LIBEXEC}/audit' list --all --state '{log.state}' | head -n 1", shell=True, capture_output=True, text=True)
    ok(head.stdout.startswith("SEQ") and "Broken" not in head.stderr, "into head: quiet")
    spooled_before = log.stop()
    log.written(2)
    ok("use-1" in log_state(log, "list", "--json"), "what waits in the spool is taken in first")
    log.end_others()
    ok(spooled_before == 0, "it ended in good order")


def log_state(log, *arguments):
    return subprocess.run([f"{LIBEXEC}/audit", *arguments, "--state", log.state], capture_output=True, text=True).stdout


def verifying(log):
    """Statuses of verify, and what it says it was checked against."""
    missing = subprocess.run([f"{LIBEXEC}/audit", "verify", "--state", log.state], capture_output=True, text=True)
    ok(missing.returncode == 1 and "nothing is recorded yet" in missing.stderr, "no record is not a clean record")
    log.start()
    tell(log, STORY)
    done = log.audit("verify")
    ok(done.returncode == 0 and "consistent: 10 entries" in done.stdout and "anchored: none" in done.stdout,
       "clean, and says that nothing outside vouches for it")
    ok(log.audit("verify", "--require-anchor").returncode == 3, "--require-anchor: status 3")
    report = json.loads(log.audit("verify", "--json").stdout)
    ok({name: check["state"] for name, check in report["checks"].items()} ==
       {"schema": "clean", "store": "clean", "sequence": "clean", "columns": "clean", "content": "clean", "chain": "clean",
        "receipt": "not-checked"} and report["anchored"] is None, "the checks, as a set")
    ok(report["coverage"] == {"requests": 1, "answers": 2, "gaps": 0, "spooled": 0, "guests": 0}, "the coverage")
    receipt = f"{report['entries']}:{report['head']}"
    tell(log, STORY[:2], first=50)
    ok(log.audit("verify", "--receipt", receipt).returncode == 0, "a receipt of before holds")
    ok(log.audit("verify", "--receipt", "99:" + report["head"]).returncode == 5, "a receipt beyond the end: status 5")
    ok(log.audit("verify", "--receipt", "3:" + report["head"]).returncode == 6, "another record's receipt: status 6")
    ok(log.stop() == 0, "the recorder ends")
    database = log.state / "audit/audit.db"
    data = database.read_bytes()
    at = data.find(b"protected path")
    database.write_bytes(data[:at] + b"P" + data[at + 1:])
    done = log.audit("verify", "--json")
    report = json.loads(done.stdout)
    ok(done.returncode == 4 and report["checks"]["content"] == {"state": "broken", "broken": 1, "firstSeq": 4,
       "what": "the body was changed"} and report["checks"]["chain"]["state"] == "clean", "one byte: status 4, which and where")
    database.write_bytes(data[:5000])
    ok(log.audit("verify").returncode == 4, "a file cut short: status 4")
    ok(log.audit("list").returncode in (65, 70), "list: no entries of a file that cannot be read")
    database.write_bytes(b"")
    ok(log.audit("verify").returncode == 4, "an empty file: status 4")
    database.write_bytes(os.urandom(10000))
    ok(log.audit("verify").returncode == 4, "noise: status 4")


if __name__ == "__main__":
    sys.exit(main({"listing": listing, "people": people, "verifying": verifying}))
