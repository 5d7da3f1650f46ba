#!/usr/bin/env python3
"""Runs the `$ bailiff ...` examples of manual pages and README, and compares what they print.

usage: BAILIFF=PROGRAM man.py ROOT

In a manual page an example stands in an indented literal display (.Bd -literal -offset indent), in README.md
in a fenced block; the page is rendered first, so mdoc's escapes need no care (but a line that
begins with a dot is written `\\&.`).  The lines after `$ bailiff ...`,
up to the next `$`, are what it must print (standard output, then standard error); `...` stands for anything within a
line, and a line of only `...` for any lines.  An example that shows no output is for the reader and is not run.
Each page runs in one shell folder of its own, top to bottom, with an empty HOME.
"""
import os, pathlib, re, subprocess, sys, tempfile

OVERSTRIKE = re.compile(r".\x08")


def rendered(page):
    """The lines of the page's displays; None between two of them."""
    if page.suffix == ".md":
        inside = False
        for line in page.read_text(encoding="utf-8").split("\n"):
            if line.startswith("```"):
                inside = not inside
                yield None
            elif inside:
                yield line
        return
    done = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=200", str(page)], stdout=subprocess.PIPE, check=True)
    indent = None
    for line in OVERSTRIKE.sub("", done.stdout.decode("utf-8")).split("\n"):
        margin = len(line) - len(line.lstrip())
        if line.lstrip().startswith("$ "):
            indent = margin
        elif line.strip() and indent is not None and margin < indent:
            indent = None
            yield None
        if indent is not None:
            yield line[indent:]


def examples(page):
    """Pairs of a command line and the lines it must print."""
    command, wanted = None, []
    for line in [*rendered(page), None]:
        if line is None or line.startswith("$ "):
            while wanted and not wanted[-1].strip():
                wanted.pop()
            if command and wanted:
                yield command, wanted
            found = line is not None and re.match(r"\$ (.*\bbailiff .*)$", line)
            command, wanted = (found.group(1) if found and "./dev" not in line else None), []
        elif command:
            wanted.append(line.rstrip())


def matches(wanted, got):
    pattern = ""
    for line in wanted:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += ".*?".join(re.escape(part) for part in line.split("...")) + r"[ \t]*\n"
    return re.fullmatch(pattern, got) is not None


def run(command, folder, environment):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    got = (done.stdout + done.stderr).decode("utf-8", errors="replace")
    return got if got.endswith("\n") or not got else got + "\n"


def run_page(page, bailiff, count):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder, home, binaries = (pathlib.Path(place) / name for name in ("work", "home", "bin"))
        for path in (folder, home, binaries):
            path.mkdir()
        (binaries / "bailiff").symlink_to(bailiff)
        environment = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(home),
                       "BAILIFF_HOME": str(home / ".bailiff"), "LANG": "C.UTF-8", "NO_COLOR": "1"}
        for command, wanted in examples(page):
            got = run(command, folder, environment)
            good = matches(wanted, got)
            count += 1
            print(f"{'' if good else 'not '}ok {count} - {page.name}: {command}")
            if not good:
                print("".join(f"# got: {line}\n" for line in got.splitlines()), end="")
    return count


def main(bailiff, root):
    count = 0
    for page in [*sorted((root / "man").glob("*.[1-8]")), root / "README.md"]:
        if page.is_file():
            count = run_page(page, bailiff, count)
    print(f"1..{count}" if count else "1..0 # SKIP no page shows an example with its output")


if __name__ == "__main__":
    main(os.path.realpath(os.environ["BAILIFF"]), pathlib.Path(sys.argv[1]))
