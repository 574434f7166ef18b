"""nbgrader's commands as users start them, each in a process of its own, but imported once for all: that takes seconds.

Run as a program it reads commands, a line of JSON each, and answers each with a line.
"""

import atexit
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

__all__ = ["nbgrader"]


def nbgrader(folder, *words, timeout=300, end=signal.SIGKILL, **environment):
    """``nbgrader WORDS`` in a folder, with changes of the environment; returns what subprocess gives.

    After so many seconds it gets the signal ``end``.
    """
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    command = {
        "words": [str(word) for word in words],
        "folder": str(folder),
        "environment": dict(os.environ) | {"PATH": path} | environment,
        "timeout": timeout,
        "end": end,
    }
    server = _server()
    server.stdin.write(json.dumps(command) + "\n")
    server.stdin.flush()
    return subprocess.CompletedProcess(words, **json.loads(server.stdout.readline()))


@functools.cache
def _server():
    """One for each process that runs tests."""
    command = [sys.executable, "-W", "ignore", __file__]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)
    return server


def _run(words, folder, environment, timeout, end):
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        child = os.fork()
        if child == 0:
            _become_nbgrader(words, folder, environment, stdout, stderr)
        code = _awaited(child, time.monotonic() + timeout, end)
        return {"returncode": code} | {"stdout": _content(stdout), "stderr": _content(stderr)}


def _become_nbgrader(words, folder, environment, stdout, stderr):
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["nbgrader", *words]
    sys.exit(main())


def _awaited(child, deadline, end):
    """The exit code of a process, which gets a signal then."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, end)
        time.sleep(0.02)


def _content(file):
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    # What grading imports for every command; nothing of it has computed anything before the fork.
    import torch  # noqa: F401
    from nbgrader.apps.nbgraderapp import main

    import convlab.grading.configuration  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_run(**json.loads(line))), flush=True)
