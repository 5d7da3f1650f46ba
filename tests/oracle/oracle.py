"""
The oracle: what src/effect says of shell text, held against what bash does with it.

    oracle.py SAYS STUB [WORDS [SCRIPTS [SEED]]]

Words: generated assignments and expansions before a command `probe`; every argument that the engine
says it knows must be the one bash passes.  Scripts: generated text over stub programs; every program
that bash really runs, with its arguments, must be among what the engine reported.  Differences are
shown at their smallest.  tests/oracle/known.txt holds those that are left, with reasons.

Bash reaches nothing but its builtins, the stubs and a few filters, in a folder of its own, and, where
bubblewrap works, sees nothing else that it could write to.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
BASH = shutil.which('bash')
FILTERS = ['sh', 'bash', 'xargs', 'env', 'nice', 'nohup', 'timeout', 'cat']
MOST_SHOWN = 12
MOST_TRIES = 300  # to make one smaller

# Runs every script that it reads, in a subshell; \002 ends one.
WORDS_RUNNER = r'''
probe() { printf '%s\0' "$@" $'\001' >&9; }
ulimit -f 0
while IFS= read -r -d '' oracle_script; do
	( eval "$oracle_script" ) 9>&1 >/dev/null 2>/dev/null </dev/null
	printf '\002\0'
done
'''


class Command:
    def __init__(self, open_ended, dead):
        self.open_ended, self.dead, self.words = open_ended, dead, []

    def takes(self, argv):
        """Whether bash's argv is one this command may have; only what is complete binds."""
        reach = {0}  # how many of bash's words may be used up
        for complete, text in self.words:
            following = set()
            for at in reach:
                if complete:
                    if at < len(argv) and argv[at] == text:
                        following.add(at + 1)
                elif not text:
                    following.update(range(at, len(argv) + 1))
                elif at < len(argv) and argv[at].startswith(text):
                    following.update(range(at + 1, len(argv) + 1))
            reach = following
        return bool(reach) if self.open_ended else len(argv) in reach


class Says:
    """What the engine says of one script."""

    def __init__(self):
        self.commands, self.unknown, self.not_understood = [], False, False

    def excuses(self, words):
        """Whether anything may happen, as far as the engine can tell."""
        return self.not_understood or (self.unknown and not words)

    def covers(self, argv):
        return any(command.takes(argv) and not command.dead for command in self.commands)


class Oracle:
    def __init__(self, says, stub, scratch):
        self.program = says
        self.bin, self.cwd, self.home, empty = (os.path.join(scratch, name) for name in ('bin', 'cwd', 'home', 'empty'))
        for folder in (self.bin, self.cwd, self.home, empty):
            os.mkdir(folder)
        self.log = os.path.join(self.bin, 'log')
        shutil.copy(stub, os.path.join(self.bin, 'stub'))
        for number in range(10):
            os.symlink('stub', os.path.join(self.bin, 'p%d' % number))
        for name in FILTERS:
            if shutil.which(name):  # sh is bash: see known.txt
                os.symlink(BASH if name == 'sh' else shutil.which(name), os.path.join(self.bin, name))
        self.words_env = {'HOME': self.home, 'PATH': empty, 'LC_ALL': 'C.UTF-8'}
        self.scripts_env = {'HOME': self.home, 'PATH': self.bin, 'LC_ALL': 'C.UTF-8'}
        self.wall = self.find_wall(scratch)

    @staticmethod
    def find_wall(scratch):
        wall = [shutil.which('bwrap') or 'bwrap', '--ro-bind', '/', '/', '--bind', scratch, scratch, '--dev', '/dev', '--proc', '/proc', '--unshare-all',
                '--die-with-parent']
        try:
            subprocess.run(wall + [BASH, '-c', ':'], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return []
        return wall

    def engine(self, scripts):
        text = b''.join(script.encode() + b'\0' for script in scripts)
        run = subprocess.run([self.program, self.cwd, self.home], input=text, capture_output=True, check=True)
        answers, now = [], Says()
        for line in run.stdout.decode(errors='replace').splitlines():
            kind, _, rest = line.partition(' ')
            if kind == 'c':
                now.commands.append(Command(rest[0] == '1', rest[2] == '1'))
            elif kind == 'w':
                now.commands[-1].words.append((rest[0] == '1', bytes.fromhex(rest[2:])))
            elif kind == 'u':
                now.unknown = True
            elif kind == 'n':
                now.not_understood = True
            elif kind == '.':
                answers.append(now)
                now = Says()
        return answers

    def bash_words(self, scripts):
        """For each script the argvs that probe got."""
        text = b''.join(script.encode() + b'\0' for script in scripts)
        run = subprocess.run(self.wall + [BASH, '--norc', '--noprofile', '-c', WORDS_RUNNER], input=text, env=self.words_env,
                             cwd=self.cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
        answers, argvs, argv = [], [], [b'probe']
        for field in run.stdout.split(b'\0')[:-1]:
            if field == b'\2':
                answers.append(argvs)
                argvs, argv = [], [b'probe']
            elif field == b'\1':
                argvs.append(argv)
                argv = [b'probe']
            else:
                argv.append(field)
        return answers + [[]] * (len(scripts) - len(answers))

    def bash_script(self, script):
        """The argvs of the stubs that ran."""
        if os.path.exists(self.log):
            os.unlink(self.log)
        limited = 'ulimit -u 2000 -f 64 -v 2000000; exec "$0" --norc --noprofile -c "$1"'
        try:
            subprocess.run(self.wall + [BASH, '-c', limited, BASH, script], env=self.scripts_env, cwd=self.cwd,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2)
        except subprocess.TimeoutExpired:
            pass
        if not os.path.exists(self.log):
            return []
        with open(self.log, 'rb') as log:
            records = log.read().split(b'\1\0')[:-1]
        return [record.split(b'\0')[:-1] for record in records]

    @staticmethod
    def difference(says, argvs):
        """The first argv that was not foreseen, or None."""
        return next((argv for argv in argvs if not says.covers(argv)), None)

    def differs(self, script, words):
        says = self.engine([script])[0]
        if says.excuses(words):
            return None
        return self.difference(says, self.bash_words([script])[0] if words else self.bash_script(script))

    def shrink(self, script, words):
        """Drops parts of the text for as long as there is a difference."""
        size, tries = len(script) // 2, MOST_TRIES
        while size > 0:
            at = 0
            while at < len(script) and tries > 0:
                tries -= 1
                shorter = script[:at] + script[at + size:]
                if re.search(r'\bp(robe|\d)\b', shorter) and self.differs(shorter, words) is not None:
                    script = shorter
                else:
                    at += size
            size //= 2
        return script


def show(oracle, script, words):
    script = oracle.shrink(script, words)
    says, argv = oracle.engine([script])[0], oracle.differs(script, words)
    lines = ['script: ' + script.replace('\n', '\n        '), 'bash:   %r' % (argv,)]
    for command in says.commands:
        text = ' '.join('%r%s' % (text, '' if complete else '...') for complete, text in command.words)
        lines.append('engine: %s%s%s' % (text, ' ...' if command.open_ended else '', ' (dead)' if command.dead else ''))
    print('\n'.join('# ' + line for line in '\n'.join(lines).split('\n')))


def known_patterns():
    with open(os.path.join(HERE, 'known.txt'), encoding='utf-8') as known:
        return [re.compile(line.rstrip('\n')) for line in known if line.strip() and not line.startswith('#')]


def compare(oracle, scripts, words):
    """(argvs held against what was said, of these not bound, scripts that differ)"""
    known, differing, seen, excused = known_patterns(), [], 0, 0
    batch = 500
    for start in range(0, len(scripts), batch):
        part = scripts[start:start + batch]
        answers = oracle.bash_words(part) if words else [oracle.bash_script(script) for script in part]
        for script, says, argvs in zip(part, oracle.engine(part), answers):
            seen += len(argvs)
            if says.excuses(words):
                excused += len(argvs)
            elif oracle.difference(says, argvs) is not None:
                if not any(pattern.search(script) for pattern in known):
                    differing.append(script)
            else:
                excused += sum(1 for argv in argvs if not any(
                    c.takes(argv) and not c.open_ended and all(complete for complete, _ in c.words) for c in says.commands))
    return seen, excused, differing


def report(number, oracle, title, scripts, words):
    seen, excused, differing = compare(oracle, scripts, words)
    for script in differing[:MOST_SHOWN]:
        show(oracle, script, words)
    print('%s %d - %s: %d generated, bash ran %d commands, %d of them known only in part, %d differ' % (
        'not ok' if differing else 'ok', number, title, len(scripts), seen, excused, len(differing)), flush=True)
    return not differing


def main():
    says, stub = sys.argv[1:3]
    words, scripts, seed = (int(value) for value in sys.argv[3:6] + ['3000', '150', '1'][len(sys.argv) - 3:])
    if not BASH:
        print('1..0 # SKIP no bash')
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        oracle = Oracle(says, stub, os.path.realpath(scratch))
        print('1..2\n# seed %d%s' % (seed, '' if oracle.wall else '; without bubblewrap'), flush=True)
        rng = random.Random(seed)
        good = report(1, oracle, 'words', [generate.Words(rng).case() for _ in range(words)], True)
        good = report(2, oracle, 'scripts', [generate.Scripts(rng).case() for _ in range(scripts)], False) and good
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
