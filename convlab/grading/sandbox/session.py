"""One student's Python, locked up: cells and calls go in, words and values come out, within budgets."""

import base64
import contextlib
import json
import os
import pathlib
import select
import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any

import psutil

from . import wire
from .bubblewrap import DEFAULT, MEGABYTE, WRITABLE, Policy, SandboxMissing, why_unavailable
from .pool import Pool

__all__ = ["CodeStopped", "Sandbox", "own_files"]

REPLY = 24_000_000  # bytes of one reply
WATCH = 0.2  # seconds between two looks at what runs inside
PIECE = 4 * MEGABYTE  # of a file that is sent
OPENING = 60  # seconds for a worker to start
GRACE = 2  # seconds that code has to notice that its time is up
SHORTEST = 2  # seconds for a function that was often too slow
KNOWN = ("too many processes", "too many descriptors", "too much memory", "too many files", "the reply is too long")


class CodeStopped(Exception):
    """The student's code was stopped, or stopped itself: too long, too much memory, ``os._exit``."""


def own_files(folder: str | os.PathLike[str]) -> dict[str, bytes]:
    """The plain files below a folder, by their relative names: no notebooks, no links, nothing hidden.

    Examples
    --------
    >>> own_files("/nowhere")
    {}
    """
    found = {}
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = pathlib.Path(root, name)
            if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb" or name.startswith("."):
                continue
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


class TooSlow(CodeStopped):
    """It took too long."""


class Sandbox:
    """One student's Python, locked up, with ``files`` in its working folder. A pool may have a worker ready.

    :class:`SandboxMissing` if this machine has no working bubblewrap.

    Examples
    --------
    >>> with Sandbox() as sandbox:  # doctest: +SKIP
    ...     sandbox.run("def double(x): return 2 * x")
    ...     sandbox.call("double", [3], {})
    ([], None)
    {'value': {'int': '6'}, 'changed': False, 'shares': False}
    """

    def __init__(self, files: dict[str, bytes] | None = None, policy: Policy = DEFAULT, pool: Pool | None = None):
        self.pool = pool or Pool(policy)
        self.policy = self.pool.policy
        reason = why_unavailable() if self.policy.locked else None
        if reason:
            raise SandboxMissing(reason)
        self.files = files or {}
        self.left_out: set[str] = set()  # files that do not fit
        self.worker = None
        self.cells: list[
            tuple[str, float]
        ] = []  # executed so far, each with its seconds: after a restart they run again
        self.starts = 0
        self.used = 0.0  # seconds that the student's code has taken
        self._late: dict[str, int] = {}  # how often a function was too slow

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def run(self, source: str) -> tuple[list, dict | None]:
        """Execute a cell; return ``(outputs, error)``. ``error`` is None or a dict of words."""
        reply = {}
        try:
            self._ensure()
            reply = self._ask({"run": source}, self.policy.seconds)
        except CodeStopped as stop:
            return [], _stopped(str(stop))
        late = reply.get("late") is True
        self.cells.append((source, SHORTEST if late else self.policy.seconds))
        outputs = reply.get("outputs")
        error = _stopped(_too_slow(self.policy.seconds)) if late else reply.get("error")
        return outputs if isinstance(outputs, list) else [], error if isinstance(error, dict) else None

    def call(self, name: str, arguments: Sequence, options: dict[str, Any]) -> dict:
        """Call a function that the student has defined; return the worker's reply.

        A function that was too slow before gets less time: it loses no points of other functions then. Raises
        :class:`CodeStopped` if it took too long, or Python died, and TypeError if an argument is no plain value.
        """
        encoded = [wire.encode(value, strict=True) for value in arguments]
        named = {key: wire.encode(value, strict=True) for key, value in options.items()}
        self._ensure()
        seconds = max(SHORTEST, self.policy.seconds / 4 ** self._late.get(name, 0))
        seconds = min(seconds, self.policy.seconds)
        try:
            reply = self._ask({"call": name, "arguments": encoded, "options": named}, seconds)
            if reply.get("late") is True:
                raise TooSlow(_too_slow(seconds))
        except TooSlow:
            self._late[name] = self._late.get(name, 0) + 1
            raise
        return reply

    def restart(self) -> None:
        """Forget everything, as in a new notebook."""
        self.stop()
        self.cells = []

    def stop(self) -> None:
        """End everything inside."""
        if self.worker is not None:
            self.worker.close()
            self.worker = None

    def _ensure(self):
        """Start Python if it is not running, and bring it to where it was."""
        if self.worker is not None:
            return
        if self.starts >= self.policy.starts:
            raise CodeStopped(f"Python has died {self.starts} times in this notebook; it is not started again")
        self._open()
        for source, seconds in self.cells:
            self._ask({"run": source}, seconds)

    def _open(self):
        """Take a worker. Its start does not count as the student's time."""
        self.starts += 1
        self.worker = self.pool.take()
        self.watched = time.monotonic()
        if self.policy.locked:
            threading.Thread(target=_guard, args=(weakref.ref(self), self.worker), daemon=True).start()
        try:
            ready = wire.parse(self._receive(time.monotonic() + OPENING))
        except (OSError, ValueError):
            ready = {}
        if ready.get("ready") is not True:
            complaint = self.worker.complaint()
            self.stop()
            raise SandboxMissing(f"the sandbox did not open: {complaint}")
        used = self.used
        for name, data in self.files.items():
            for start in range(0, len(data) or 1, PIECE):
                piece = base64.b64encode(data[start : start + PIECE]).decode()
                if self._ask({"file": name, "piece": piece}, OPENING).get("written") is not True:
                    self.left_out.add(name)
                    break
        self.used = used

    def _ask(self, request, seconds):
        """Send one request and wait for its reply within the time; on any trouble all inside is ended."""
        left = self.policy.total_seconds - self.used
        if left <= 0:
            self.stop()
            raise CodeStopped(f"the notebook has used up its {self.policy.total_seconds:g} seconds")
        seconds = min(seconds, left)
        began = time.monotonic()
        try:
            self._send(json.dumps(request | {"seconds": seconds}).encode() + b"\n", began + seconds + GRACE)
            return wire.parse(self._receive(began + seconds + GRACE))
        except TimeoutError:
            self.stop()
            raise TooSlow(_too_slow(seconds)) from None
        except (OSError, ValueError) as error:
            self.stop()
            known = next((words for words in KNOWN if words in str(error)), "too much memory, or an exit?")
            raise CodeStopped(f"Python stopped: {known}") from None
        finally:
            self.used += time.monotonic() - began

    def _watch(self):
        """Look at what runs inside: the kernel's own limits count each process, and each file, for itself."""
        self.watched = time.monotonic()
        try:
            inside = psutil.Process(self.worker.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        if len(inside) > self.policy.processes + 2:  # bubblewrap's own
            raise OSError("too many processes")
        if _total(inside, lambda process: process.num_fds()) > self.policy.descriptors:
            raise OSError("too many descriptors")
        most = self.policy.memory * MEGABYTE
        # The second counts a page that is shared by processes once, and takes its time.
        if _total(inside, lambda process: process.memory_info().rss) > most:
            if _total(inside, lambda process: process.memory_full_info().pss) > most:
                raise OSError("too much memory")
        if inside and self.policy.locked and _files(inside[0].pid) > self.policy.files:
            raise OSError("too many files")

    def _send(self, data, deadline):
        while data:
            _, ready, _ = select.select([], [self.worker.requests], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            data = data[os.write(self.worker.requests, data) :]

    def _receive(self, deadline):
        """One line. Replies come one by one: if there is more, something else has written as well."""
        received, piece = bytearray(), b""
        while b"\n" not in piece:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            ready, _, _ = select.select([self.worker.replies], [], [], min(left, WATCH))
            if time.monotonic() - self.watched > WATCH:
                self._watch()
            if not ready:
                continue
            piece = os.read(self.worker.replies, 2**20)
            if not piece:
                raise OSError("the other end is closed")
            received += piece
            if len(received) > REPLY:
                raise OSError("the reply is too long")
        if received.find(b"\n") != len(received) - 1:
            raise OSError("more than one reply")
        return bytes(received)


def _guard(sandbox, worker):
    """Look at what runs inside while nobody waits for a reply: processes that were left behind go on.

    ``sandbox`` is a weak reference, so that a forgotten one is closed.
    """
    while True:
        time.sleep(WATCH)
        watched = sandbox()
        if watched is None or watched.worker is not worker:
            return
        if time.monotonic() - watched.watched > 2 * WATCH:
            try:
                watched._watch()
            except OSError:
                worker.process.kill()
                return
            except (MemoryError, AttributeError):  # within a budget; closed in this moment
                pass
        del watched


def _too_slow(seconds):
    return f"it took longer than {seconds:g} seconds and was stopped. Does a loop never end?"


def _stopped(message):
    return {"name": "CodeStopped", "message": message}


def _total(processes, of):
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += of(process)
    return total


def _files(pid):
    """How many files there are in the folders that can be written."""
    count = 0
    for folder in WRITABLE:
        with contextlib.suppress(OSError):
            status = os.statvfs(f"/proc/{pid}/root{folder}")
            count += status.f_files - status.f_ffree
    return count
