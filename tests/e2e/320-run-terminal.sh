#!/bin/sh
# Goal: on a terminal a guarded command behaves as any other: size, job control, interrupts, stop and go; and nothing
# can be typed into it from inside.
. "$(dirname "$0")/../tap.sh"
mkdir "$work/project"
cd "$work/project" || exit 1
cat >"$work/drive.py" <<'PYTHON'
import fcntl
import os
import pty
import select
import shlex
import struct
import sys
import termios
import time


class Terminal:
    """A shell on a terminal of its own, told and read like by a person."""

    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 111, 0, 0))
        self.text = ""

    def tell(self, text):
        os.write(self.fd, text.encode())

    def wait(self, part, seconds=15):
        until = time.monotonic() + seconds
        while part not in self.text and time.monotonic() < until:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.text += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    break
        found = part in self.text
        self.text = self.text[self.text.index(part) + len(part):] if found else self.text
        return found


def check(passed, name, terminal):
    print("%s %s" % ("yes" if passed else "no", name))
    if not passed:
        sys.stderr.write("# %r\n" % terminal.text[-400:])


os.environ["PS1"] = "outer> "
shell = Terminal("sh", "-i")
shell.wait("outer> ")
shell.tell(shlex.quote(sys.argv[1]) + " run --workspace . -- bash --norc --noprofile -i\n")
check(shell.wait("bash-"), "a shell starts inside", shell)
shell.tell("PS1='inner> '; stty size\n")
check(shell.wait("33 111"), "it knows the size of the terminal", shell)
shell.tell("sleep 60; echo st=$?\n")
time.sleep(0.5)
shell.tell("\x03")
check(shell.wait("inner> "), "an interrupt ends the command, not the shell", shell)
shell.tell("sleep 60\n")
time.sleep(0.5)
shell.tell("\x1a")
check(shell.wait("Stopped"), "a command can be stopped inside", shell)
shell.tell("kill %1; wait; echo e''nd\n")
check(shell.wait("end"), "and ended", shell)
shell.tell("suspend -f\n")
check(shell.wait("outer> "), "the whole run can be stopped", shell)
shell.tell("fg\n")
time.sleep(0.5)
shell.tell("echo a''gain\n")
check(shell.wait("again"), "and goes on", shell)
shell.tell("exit 9\n")
shell.wait("outer> ")
shell.tell("echo status=$?.\n")
check(shell.wait("status=9."), "its status comes back to the outer shell", shell)
shell.tell("exit\n")
PYTHON
python3 "$work/drive.py" "$BAILIFF" >"$work/results" 2>"$work/notes"
while read -r result name; do
	is "$result" yes "$name"
done <"$work/results"
is "$(wc -l <"$work/results" | tr -d ' ')" 8 'all was tried'
sed 's/^/# /' "$work/notes"
done_testing
