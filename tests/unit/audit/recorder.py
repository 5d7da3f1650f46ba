#!/usr/bin/env python3
"""The recorder as its writers meet it: many at once, killed, full, read-only, lied to.

usage: recorder.py WRITER LIBEXEC SCENARIO

Each scenario is one test.  What an acknowledged entry is: the writer has printed its receipt.  KC-036 (the entries are
in a SQLite database), LK-071 and LK-072 (each has its chain hash), KO-096 (appended, never rewritten).
"""
import collections, json, os, pathlib, random, shutil, signal, socket, stat, struct, subprocess, sys, tempfile, time

WRITER, LIBEXEC, SCENARIO = sys.argv[1:4]
checks = failures = 0


def ok(passed, name):
    global checks, failures
    checks += 1
    if not passed:
        failures += 1
    print(f"{'ok' if passed else 'not ok'} {checks} - {name}", flush=True)
    return passed


class Skip(Exception):
    """This machine cannot run it."""


class Log:
    """A state directory, its recorder and its readers."""

    def __init__(self, state):
        self.state = pathlib.Path(state)
        self.recorder = None

    def start(self, *options, wait=True):
        self.recorder = subprocess.Popen([f"{LIBEXEC}/recorder", "--state", self.state, "--idle", "0", *options],
                                         stderr=subprocess.PIPE)
        if wait:
            until(lambda: self.reaches() or self.recorder.poll() is not None)
        return self.recorder

    def reaches(self):
        try:
            self.connect().close()
            return True
        except OSError:
            return False

    def connect(self):
        door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        door.settimeout(20)
        door.connect(str(self.state / "audit/door/recorder.sock"))
        return door

    def stop(self, how=signal.SIGTERM):
        """Ends the recorder that start() started."""
        self.recorder.send_signal(how)
        self.recorder.communicate(timeout=60)
        return self.recorder.returncode

    def others(self):
        """Recorders that a writer started for this state."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError):
                continue
            if entry.name.isdigit() and arguments[0].endswith(b"/recorder") and str(self.state).encode() in arguments:
                found.append(int(entry.name))
        return found

    def end_others(self):
        for pid in self.others():
            os.kill(pid, signal.SIGTERM)
        until(lambda: not self.others())

    def write(self, count, *options, start="no"):
        return subprocess.Popen([WRITER, self.state, LIBEXEC, str(count), f"start={start}", *options]
                                if start == "no" else [WRITER, self.state, LIBEXEC, str(count), *options],
                                stdout=subprocess.PIPE, text=True)

    def written(self, *arguments, **options):
        writer = self.write(*arguments, **options)
        return receipts(writer.communicate(timeout=120)[0])

    def take_in(self):
        """Lets a recorder take in what was spooled, and end."""
        self.start()
        until(lambda: not any((self.state / "audit/spool").iterdir()))
        return self.stop()

    def audit(self, *arguments):
        return subprocess.run([f"{LIBEXEC}/audit", *arguments, "--database", self.state / "audit/audit.db"],
                              capture_output=True, text=True, timeout=120)

    def entries(self, *arguments):
        return [json.loads(line) for line in self.audit("list", "--json", "--all", *arguments).stdout.split("\n")[:-1]]

    def is_clean(self, name):
        done = self.audit("verify", "--json")
        good = done.returncode == 0 and json.loads(done.stdout)["verdict"] == "consistent"
        if not ok(good, f"{name}: verify is clean"):
            print(f"# {done.returncode} {done.stdout} {done.stderr}")


Receipt = collections.namedtuple("Receipt", "how seq head number")


def receipts(text):
    """Whole lines only: a killed writer may leave half of one, which promises nothing."""
    return [Receipt(*line.split(" ", 3)) if line.count(" ") == 3 else Receipt(line.split(" ")[0], "-", "-", line.split(" ")[-1])
            for line in text.split("\n")[:-1]]


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("waited too long")
        time.sleep(0.005)


def numbers(entries):
    """How often each writer's number is in the record."""
    return collections.Counter(entry["toolUseId"][4:] for entry in entries if entry["eventType"] == "tool_execute")


def kept(log, got, name):
    """Every acknowledged entry is there exactly once, where the receipt says and with its hash."""
    entries = log.entries()
    count = numbers(entries)
    by_seq = {entry["seq"]: entry for entry in entries}
    wrong = [one for one in got if one.how == "committed" and
             (int(one.seq) not in by_seq or by_seq[int(one.seq)]["chain_hash"] != one.head or
              by_seq[int(one.seq)]["toolUseId"] != "use-" + one.number)]
    ok(not wrong, f"{name}: each receipt names its entry and its hash ({len(got)} receipts)")
    lost = [one.number for one in got if one.how != "refused" and count[one.number] != 1]
    if not ok(not lost, f"{name}: each acknowledged entry is in the record exactly once"):
        print(f"# {lost[:10]} {[count[number] for number in lost[:10]]}")
    ok(max(count.values(), default=1) == 1, f"{name}: no entry is in the record twice")
    ok([entry["seq"] for entry in entries] == list(range(len(entries))), f"{name}: sequence without gaps")
    log.is_clean(name)
    return entries


def sharing(log):
    """50 processes at once, and no recorder yet: one is started, once."""
    got = log.written(40, "processes=50", start="yes")
    ok(len(got) == 2000 and all(one.how in ("committed", "spooled") for one in got), "2,000 entries of 50 processes")
    until(lambda: not any((log.state / "audit/spool").iterdir()))
    ok(len(log.others()) == 1, "exactly one recorder was started")
    again = log.written(40, "processes=50", "first=2000", start="yes")
    ok(sum(one.how == "committed" for one in again) >= 1900, "with a recorder they are committed")
    log.end_others()
    until(lambda: not any((log.state / "audit/spool").iterdir()) or log.take_in() == 0)
    entries = kept(log, got + again, "50 processes")
    ok(sum(entry["eventType"] == "daemon_start" for entry in entries) >= 1, "the start is in the record")
    ok(entries[-1]["eventType"] == "daemon_stop", "and the end")


def kills(log):
    """100 kills of the recorder while 8 writers write, writers killed as well."""
    generator = random.Random(1)
    got, first, running = [], 0, []
    for _ in range(100):
        log.start(wait=False)
        while len(running) < 8:
            running.append(log.write(40, f"first={first}"))
            first += 40
        time.sleep(generator.uniform(0.005, 0.05))
        ok_kill = log.stop(signal.SIGKILL) == -signal.SIGKILL
        assert ok_kill
        for writer in [running.pop(0) for _ in range(2)]:
            if generator.random() < 0.5:
                writer.kill()
            got += receipts(writer.communicate(timeout=60)[0])
    for writer in running:
        got += receipts(writer.communicate(timeout=60)[0])
    log.take_in()
    ok(sum(one.how == "committed" for one in got) > 0 and sum(one.how == "spooled" for one in got) > 0,
       f"100 kills: {sum(one.how == 'committed' for one in got)} committed, "
       f"{sum(one.how == 'spooled' for one in got)} spooled")
    ok(not [one for one in got if one.how == "refused"], "none was refused")
    kept(log, got, "100 kills")


def reached(log):
    """Writers that connect before they know what to record."""
    absent = log.written(2, "reach=yes")
    ok([one.how for one in absent] == ["spooled"] * 2, "without a recorder nothing is reached, and both are spooled")
    log.start()
    got = log.written(3, "reach=yes", "first=2")
    ok([one.how for one in got] == ["committed"] * 3, "three entries go over one connection")
    log.recorder.send_signal(signal.SIGSTOP)
    writer = log.write(2, "reach=yes", "first=5")
    time.sleep(0.02)
    log.stop(signal.SIGKILL)
    lost = receipts(writer.communicate(timeout=60)[0])
    ok([one.how for one in lost] == ["spooled"] * 2, "a recorder that dies behind the connection costs no entry")
    log.take_in()
    kept(log, absent + got + lost, "reached")


def waiting(log):
    """50 writers wait for a recorder that hangs, and is killed: each decision is in the record once."""
    for round_number in range(3):
        log.start()
        log.recorder.send_signal(signal.SIGSTOP)
        writers = [log.write(1, f"first={round_number * 50 + i}") for i in range(50)]
        if round_number:  # in time, or past their patience
            time.sleep(0.02 * round_number)
        if round_number == 2:
            log.recorder.send_signal(signal.SIGCONT)
        else:
            log.stop(signal.SIGKILL)
        got = [one for writer in writers for one in receipts(writer.communicate(timeout=60)[0])]
        ok(len(got) == 50 and all(one.how in ("committed", "spooled") for one in got),
           f"round {round_number}: 50 waiting writers have a receipt each")
        if round_number == 2:
            log.stop()
        log.take_in()
        kept(log, got, f"round {round_number}")


def second(log):
    """A second recorder is refused; a lock that is another file is refused."""
    log.start()
    other = subprocess.run([f"{LIBEXEC}/recorder", "--state", log.state], capture_output=True, text=True, timeout=30)
    ok(other.returncode == 75 and "another recorder runs here" in other.stderr, "the second is refused, with status 75")
    ok(log.written(1)[0].how == "committed", "the first goes on")
    with tempfile.TemporaryFile() as foreign:
        os.set_inheritable(foreign.fileno(), True)
        other = subprocess.run([f"{LIBEXEC}/recorder", "--state", log.state, "--lock-fd", str(foreign.fileno())],
                               capture_output=True, text=True, timeout=30, close_fds=False)
    ok(other.returncode == 70, "a lock that is another file is refused")
    ok(log.stop() == 0, "the first ends in good order")
    ok(not (log.state / "audit/door/recorder.sock").exists(), "its socket has gone")
    for wrong in ([], ["--state"], ["--state", "x", "y"], ["--state", "x", "--idle", "-1"], ["--bad"]):
        done = subprocess.run([f"{LIBEXEC}/recorder", *wrong], capture_output=True, text=True, timeout=30)
        ok(done.returncode == 64 and "usage:" in done.stderr, f"status 64: {wrong}")


def terminated(log):
    """SIGTERM while 8 writers write: the batch is finished, the rest is spooled."""
    got = []
    for round_number in range(5):
        log.start()
        writers = [log.write(100, f"first={(round_number * 8 + i) * 100}") for i in range(8)]
        time.sleep(0.03)
        ok(log.stop() == 0, f"round {round_number}: status 0")
        for writer in writers:
            got += receipts(writer.communicate(timeout=60)[0])
    log.take_in()
    ok(len(got) == 4000 and not [one for one in got if one.how == "refused"], "4,000 receipts")
    entries = kept(log, got, "SIGTERM")
    ok(sum(entry["eventType"] == "daemon_stop" for entry in entries) >= 1, "each end is told")


def replayed(log):
    """An entry that comes twice, or by both ways, is stored once and answered alike."""
    log.start()
    first = log.written(5, "id=1000")
    again = log.written(5, "id=1000")
    ok(first == again and all(one.how == "committed" for one in first), "the second time has the first receipt")
    log.stop()
    ok(all(one.how == "spooled" for one in log.written(5, "id=1000")), "the third time it is spooled")
    log.take_in()
    kept(log, first, "replay")


def guarded(log):
    """Without a spool there is no record without the recorder: refused."""
    got = log.written(3, "spool=no")
    ok(len(got) == 3 and all(one.how == "refused" for one in got), "no recorder and no spool: refused")
    log.start()
    got = log.written(3, "spool=no")
    ok(all(one.how == "committed" for one in got), "with one: committed")
    log.recorder.send_signal(signal.SIGSTOP)
    ok(all(one.how == "refused" for one in log.written(2, "spool=no", "first=10")), "one that hangs: refused")
    log.stop(signal.SIGKILL)
    log.take_in()
    kept(log, got, "guarded")


def trust(log):
    """Modes, and directories that others can write to."""
    log.start()
    got = log.written(2)
    audit = log.state / "audit"
    ok(all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in (audit, audit / "spool", audit / "door", audit / "damaged")),
       "directories are 0700")
    ok(all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in audit.glob("*.db*")), "the database is 0600")
    log.stop()
    got += log.written(1, "first=2")
    ok(all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (audit / "spool").iterdir()), "spools are 0600")
    for path in (log.state, audit, audit / "spool"):
        path.chmod(0o770)
        recorder = log.start(wait=False)
        error = recorder.communicate(timeout=30)[1].decode()
        ok(recorder.returncode == 70 and "others can write" in error, f"{path.name} for all to write: refused")
        path.chmod(0o700)
    (audit / "spool").chmod(0o777)
    ok(log.written(1, "first=90")[0].how == "refused", "a writer does not use a spool for all to write")
    (audit / "spool").chmod(0o700)
    (audit / "audit.db").chmod(0o644)
    recorder = log.start(wait=False)
    recorder.communicate(timeout=30)
    ok(recorder.returncode == 70, "a database for all to read: refused")
    (audit / "audit.db").chmod(0o600)
    (audit / "spool/link").symlink_to("/etc/passwd")
    (audit / "spool/folder").mkdir()
    log.start()
    until(lambda: not (audit / "spool/current").exists())
    log.stop()
    (audit / "spool/link").unlink()
    (audit / "spool/folder").rmdir()
    kept(log, got, "modes")


def request(body, kind=1, length=None, number=1, magic=b"BLR1", rest=b"\0\0\0"):
    return (magic + bytes([kind]) + rest + struct.pack(">II", len(body) if length is None else length, 1) +
            bytes([0x55] * 12) + struct.pack(">I", number) + struct.pack(">QQ", 1, 1) + bytes(16) + body)


def is_served(door):
    try:
        door.send(request(b"", kind=2))
        return len(door.recv(100)) == 72
    except OSError:
        return False


def is_committed(log, *orders):
    """In one of some attempts: on a machine that is busy with other tests an answer may take longer than is waited for."""
    return any(log.written(1, *orders)[0].how == "committed" for _ in range(20))


def hostile(log):
    """Bytes of all kinds: refused, and the recorder lives."""
    log.start()
    good = b'{"eventType":"tool_execute","toolUseId":"use-x"}'
    cases = {
        "nothing of ours": b"GET / HTTP/1.1\r\n\r\n", "one byte": b"\0", "a head only, with a length": request(b"", length=9),
        "another magic": request(good, magic=b"BLR2"), "another kind": request(good, kind=7),
        "reserved bytes": request(good, rest=b"\1\0\0"), "a length that lies": request(good, length=4),
        "no body": request(b""), "no JSON": request(b"\xff\xfe\0"), "an array": request(b"[]"),
        "no event": request(b"{}"), "an unknown event": request(b'{"eventType":"x"}'),
        "a number for a name": request(b'{"eventType":1}'), "a key twice": request(b'{"eventType":"error","eventType":"error"}'),
        "the recorder's own event": request(b'{"eventType":"daemon_stop"}'),
        "a decision that is none": request(b'{"eventType":"error","decision":"yes"}'),
        "a tool that is a list": request(b'{"eventType":"error","toolName":[]}'),
        "a hash that is none": request(b'{"eventType":"error","policySha256":"zz"}'),
        "a NUL": request(good[:-1] + b"\0}"), "invalid UTF-8": request(b'{"eventType":"error","toolName":"\xc3("}'),
        "20,000 deep": request(b'{"eventType":"error","details":' + b"[" * 20000 + b"]" * 20000 + b"}"),
        "90,000 numbers": request(b'{"eventType":"error","details":[' + b"0," * 45000 + b"0]} x"),
        "a body too long": request(b'{"eventType":"error","toolName":"' + b"x" * 98304 + b'"}'),
    }
    for name, message in cases.items():
        door = log.connect()
        door.send(message)
        answer = door.recv(100)
        ok(len(answer) == 72 and answer[4] == 2, f"{name}: refused")
        door.close()
    generator = random.Random(2)
    for _ in range(300):
        door = log.connect()
        message = bytearray(request(good, number=generator.randrange(1 << 30)))
        for _ in range(generator.randrange(1, 8)):
            message[generator.randrange(len(message))] = generator.randrange(256)
        door.send(message)
        if generator.random() < 0.5:
            door.recv(100)
        door.close()
    ok(log.recorder.poll() is None, "300 damaged messages: it lives")
    many = [log.connect() for _ in range(900)]
    served = sum(is_served(door) for door in many)
    ok(0 < served <= 64, f"900 connections of one process: {served} are served")
    ok(log.written(1)[0].how == "committed", "and another process is served")
    for door in many:
        door.close()
    door = log.connect()
    for i in range(2000):  # a writer that never reads its answers
        try:
            door.send(request(good, number=1 << 31 | i), socket.MSG_DONTWAIT)
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            break
    ok(is_committed(log, "first=1"), "a writer that does not read does not hold up others")
    door.close()
    ok(is_committed(log, "first=2", "bytes=1048576"), "an input of 1 MB")
    entry = log.entries("--tool", "Bash")[-1]
    ok(entry["inputBytes"] == 1048576 and len(entry["inputSummary"]) == 200, "is kept as 200 characters and its length")
    ok(log.stop() == 0, "it ends in good order")
    log.is_clean("hostile")


def damaged(log):
    """A spool with torn and changed records: the good ones are taken in, the rest is told and kept."""
    got = log.written(3)
    spool = log.state / "audit/spool/current"
    whole = spool.read_bytes()
    ok(all(one.how == "spooled" for one in got) and len(whole) > 100, "three are spooled")
    log.take_in()
    count = 3
    for cut in range(1, len(whole) // 3, 37):
        spool.write_bytes(whole[:cut])
        got += log.written(1, f"first={count}")
        count += 1
        log.take_in()
    entries = kept(log, got, "torn in front")
    gaps = [entry for entry in entries if entry["eventType"] == "audit_gap"]
    ok(len(gaps) == count - 3, f"each torn record is told: {len(gaps)} gaps")
    ok(len(list((log.state / "audit/damaged").iterdir())) == count - 3, "and its file is kept")
    spool.write_bytes(whole + b"rubbish" * 1000 + whole)
    log.take_in()
    kept(log, got, "the same again, with rubbish between")
    foreign = log.state / "audit/spool/huge"
    foreign.write_bytes(os.urandom(3 << 20))
    log.take_in()
    kept(log, got, "3 MB of noise")


def inside(log, scenario):
    """Runs a scenario again where we may mount: a small file system of its own."""
    command = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    probe = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", log.state], capture_output=True, text=True)
    if probe.returncode != 0:
        raise Skip(probe.stderr.strip())
    os.execvp(command[0], [*command, sys.executable, __file__, WRITER, LIBEXEC, scenario])


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def full_inside(log):
    """The disk fills up: refused, never lost; room again: the gap is told."""
    mount("-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", str(log.state))
    log.start()
    filler = log.state / "filler"
    filler.write_bytes(bytes(3 << 20))
    got, first = log.written(50), 50
    while not any(one.how == "refused" for one in got) and first < 40000:
        got += log.written(500, "processes=4", f"first={first}", "bytes=2000")
        first += 2000
    refused = [one for one in got if one.how == "refused"]
    ok(refused, f"the disk is full: {len(refused)} refused of {len(got)}")
    ok(log.recorder.poll() is None, "the recorder lives")
    log.is_clean("full")
    filler.unlink()
    # Spooled entries come in first; then new ones are committed again.
    until(lambda: log.written(1, f"first={first}")[0].how == "committed" or time.sleep(0.2))
    first += 1
    got += log.written(10, f"first={first + 1000000}")
    ok(got[-1].how == "committed", "room again: committed")
    until(lambda: not any((log.state / "audit/spool").iterdir()))
    ok(log.stop() == 0, "it ends in good order")
    entries = kept(log, got, "full")
    ok(any(entry["eventType"] == "audit_gap" for entry in entries), "the gap is told")


def readonly_inside(log):
    """The file system becomes read-only, and writable again: no record, and no pretence of one."""
    mount("-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", str(log.state))
    log.start()
    got = log.written(5)
    log.stop()  # a file system with open files cannot be made read-only
    mount("-o", "remount,bind,ro", str(log.state))
    refused = log.written(3, "first=10")
    ok(all(one.how == "refused" for one in refused), "read-only, no recorder: refused")
    recorder = log.start(wait=False)
    recorder.communicate(timeout=30)
    ok(recorder.returncode == 70, "a recorder does not start")
    ok(len(log.entries()) > 0, "the record can be read")
    log.is_clean("read-only")
    mount("-o", "remount,bind,rw", str(log.state))
    log.start()
    got += log.written(5, "first=20")
    log.stop()
    kept(log, got, "writable again")


def idle(log):
    """Leaves when nobody needs it; not while somebody holds a connection."""
    log.start("--idle", "1")
    door = log.connect()
    time.sleep(2.5)
    ok(log.recorder.poll() is None, "held: it stays")
    door.close()
    log.recorder.communicate(timeout=30)
    ok(log.recorder.returncode == 0, "idle: it leaves")
    ok(log.written(1)[0].how == "spooled", "then entries are spooled")
    ok(log.written(1, "first=1", start="yes")[0].how == "spooled", "and a recorder is started")
    until(lambda: not any((log.state / "audit/spool").iterdir()))
    got = log.written(1, "first=2", start="yes")
    ok(got[0].how == "committed", "for the next one")
    log.end_others()
    kept(log, got, "idle")


def guest(log):
    """A writer in another pid namespace is known as one, by its process id as we see it."""
    command = ["unshare", "-pf"] if os.geteuid() == 0 else ["unshare", "-Urpf"]
    if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        raise Skip("no pid namespaces")
    log.start()
    log.written(1)
    done = subprocess.run([*command, WRITER, log.state, LIBEXEC, "1", "first=1", "start=no"], capture_output=True, text=True)
    ok(done.stdout.startswith("committed"), "it is served")
    log.stop()
    outside, within = [entry for entry in log.entries() if entry["eventType"] == "tool_execute"]
    ok("guest" not in outside and within.get("guest") is True, "its entry says so, and the other does not")
    ok(within["actor"]["pid"] > 1 and within["actor"]["start"] > 0, "with the process id and start that we see")
    ok(outside["actor"]["uid"] == os.geteuid(), "the user is the kernel's word")


def longpath(log):
    """Paths longer than a socket's address."""
    log.state = log.state / ("d" * 100) / ("e" * 100)
    got = log.written(2)
    ok([one.how for one in got] == ["spooled"] * 2, "spooled where there is no state directory yet")
    got += log.written(1, "first=2", start="yes")
    until(lambda: len(log.others()) == 1 and not any((log.state / "audit/spool").iterdir()))
    got += log.written(3, "first=3", start="yes")
    ok([one.how for one in got[-3:]] == ["committed"] * 3, "committed")
    log.end_others()
    kept(log, got, "long path")


SCENARIOS = {
    "guest": guest, "longpath": longpath,
    "sharing": sharing, "kills": kills, "waiting": waiting, "second": second, "terminated": terminated,
    "replayed": replayed, "guarded": guarded, "trust": trust, "hostile": hostile, "damaged": damaged, "idle": idle,
    "reached": reached,
    "full": lambda log: inside(log, "full-inside"), "full-inside": full_inside,
    "readonly": lambda log: inside(log, "readonly-inside"), "readonly-inside": readonly_inside,
}


def main(scenarios):
    state = pathlib.Path(tempfile.mkdtemp(prefix="bailiff-audit-"))
    log = Log(state)
    try:
        scenarios[SCENARIO](log)
    except Skip as reason:
        if os.environ.get("BAILIFF_MUST_RUN") == "1":
            ok(False, f"must run: {reason}")
        else:
            print(f"1..0 # SKIP {reason}")
            return 0
    except TimeoutError as error:
        ok(False, str(error))
    finally:
        if log.recorder and log.recorder.poll() is None:
            log.recorder.kill()
            log.recorder.communicate()
        log.end_others()
        if SCENARIO.endswith("-inside"):
            subprocess.run(["umount", "-l", state])
        shutil.rmtree(state, ignore_errors=True)
    print(f"1..{checks}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
