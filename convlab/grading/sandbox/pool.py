"""Worker processes behind walls, some of them started ahead.

A submission's own files are sent in through a pipe. So a worker needs nothing of the submission that it is for, and can
be made ready while another one is graded.
"""

import contextlib
import itertools
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import weakref

from . import bubblewrap
from .bubblewrap import DEFAULT, Policy
from .seccomp import program

__all__ = ["Pool", "WorkerProcess"]

STRANGERS = range(61_000, 65_000)  # users that own nothing
COUNT = itertools.count(random.SystemRandom().randrange(len(STRANGERS)))


class WorkerProcess:
    """A worker, started and perhaps not ready yet.

    Attributes
    ----------
    requests, replies : int
        The descriptors of the pipes to it and from it.
    """

    def __init__(self, policy: Policy):
        user, claim = _stranger() if policy.locked and bubblewrap.changes_user() else (None, None)
        inner_requests, self.requests = os.pipe()
        self.replies, inner_replies = os.pipe()
        fds = [inner_requests, inner_replies]
        folder = None
        if policy.locked:
            # Through a pipe, so that /proc does not show where things lie outside.
            words, rules = _pipe("\0".join(bubblewrap.command(policy, user)[1:]).encode()), _pipe(program())
            fds += [words, rules]
            line = [
                shutil.which("bwrap") or "bwrap",
                "--args",
                str(words),
                *(["--seccomp", str(rules)] if program() else []),
            ]
            line += [os.path.realpath(sys.executable), "-s", "-S", "-P", "/worker/worker.py"]
            place, variables = "/", {}  # bubblewrap's own can be read inside
        else:
            line = [sys.executable, "-s", "-P", str(pathlib.Path(__file__).with_name("worker.py"))]
            folder = tempfile.mkdtemp(prefix="sandbox-")
            place = os.path.join(folder, "home")
            os.mkdir(place)
            variables = os.environ | bubblewrap.environment(policy, place, folder)
        self.process = subprocess.Popen(
            [*line, str(inner_requests), str(inner_replies)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            cwd=place,
            env=variables,
        )
        for fd in fds:
            os.close(fd)
        os.set_blocking(self.requests, False)
        self._closing = weakref.finalize(self, _close, self.process, self.requests, self.replies, folder, claim)

    def complaint(self) -> str:
        """What a worker that did not become ready has said last."""
        self.process.kill()
        lines = self.process.communicate()[1].decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it does not say why")

    def close(self) -> None:
        """End everything inside. Whoever forgets it: the last reference, or the end of Python, does it."""
        self._closing()


def _pipe(data):
    """A descriptor to read these few bytes from."""
    reading, writing = os.pipe()
    with open(writing, "wb") as file:
        file.write(data)
    return reading


def _stranger():
    """A user whom no other worker has, and a socket whose name says so: the limit on processes is for each user.

    Nor has he a process: what a worker leaves behind takes a moment to die.
    """
    busy = _users()
    for _ in STRANGERS:
        user, claim = STRANGERS[next(COUNT) % len(STRANGERS)], socket.socket(socket.AF_UNIX)
        if user in busy:
            continue
        with contextlib.suppress(OSError):
            claim.bind(f"\0sandbox-user-{user}")
            return user, claim
        claim.close()
    raise bubblewrap.SandboxMissing("every user for sandboxes is taken")


def _users():
    """Who has processes on this machine."""
    users = set()
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            users.add(entry.stat().st_uid)
    return users


def _close(process, requests, replies, folder, claim):
    process.kill()
    process.wait()
    process.stderr.close()
    for end in (requests, replies):
        os.close(end)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
    if claim:
        claim.close()


class Pool:
    """Workers that are started before they are needed; ``ahead``: the next one as soon as one is taken."""

    def __init__(self, policy: Policy = DEFAULT):
        self.policy, self.ahead = policy, False
        self._ready: list[WorkerProcess] = []

    def prepare(self) -> None:
        """Start a worker, to be taken later."""
        if not self._ready:
            self._ready.append(WorkerProcess(self.policy))

    def take(self) -> WorkerProcess:
        """A worker: one that was prepared, or a new one."""
        worker = self._ready.pop() if self._ready else WorkerProcess(self.policy)
        if self.ahead:
            self.prepare()
        return worker

    def close(self) -> None:
        """Close what was prepared and not taken."""
        while self._ready:
            with contextlib.suppress(OSError):
                self._ready.pop().close()
