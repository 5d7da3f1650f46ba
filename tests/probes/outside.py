#!/usr/bin/env python3
"""What a sandbox must not reach: outside.py FOLDER

Listens on a socket in FOLDER, on an abstract socket and on a TCP port, and writes their names to
FOLDER/variables as shell assignments, the process's own number among them.  Ends with its standard input.
"""
import os
import socket
import sys

folder = sys.argv[1]
by_path = socket.socket(socket.AF_UNIX)
by_path.bind(folder + "/socket")
by_path.listen(8)
os.chmod(folder + "/socket", 0o777)
abstract = socket.socket(socket.AF_UNIX)
name = "bailiff-probe-%d" % os.getpid()
abstract.bind("\0" + name)
abstract.listen(8)
tcp = socket.socket()
tcp.bind(("127.0.0.1", 0))
tcp.listen(8)
with open(folder + "/variables.new", "w", encoding="ascii") as out:
    out.write("PROBE_SECRET=%s/secret PROBE_SOCKET=%s/socket PROBE_ABSTRACT=%s PROBE_PORT=%d PROBE_PID=%d\n"
              % (folder, folder, name, tcp.getsockname()[1], os.getpid()))
os.rename(folder + "/variables.new", folder + "/variables")
sys.stdin.read()
