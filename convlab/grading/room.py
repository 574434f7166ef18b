"""A closed room with a Python in it: bubblewrap, and nothing inside that is worth stealing.

Inside are the system's libraries, Python, NumPy, IPython, Matplotlib and :mod:`convlab.grading.worker`; no network,
no file of the course, no PyTorch and no convlab. A submission's own files are sent in through a pipe. So a room
needs nothing of the submission that it is for, and can be made ready while another one is graded.
"""

import contextlib
import functools
import importlib.metadata
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import weakref
from dataclasses import dataclass

from convlab.grading.syscalls import program

__all__ = ["Budget", "Room", "Rooms", "SandboxMissing", "why_unavailable"]

INSIDE = ("numpy", "ipython", "matplotlib", "tqdm")  # what a student may import, with what these need
HOME = "/home/student"
WRITABLE = ("/tmp", "/dev/shm", HOME)
MEGABYTE = 2**20
STRANGER = 61_000  # the first of 4000 users that own nothing
COUNT = itertools.count(os.getpid())


class SandboxMissing(RuntimeError):
    """There is no bubblewrap on this machine, or it does not work."""


@dataclass(frozen=True)
class Budget:
    """What one submission may use.

    Parameters
    ----------
    seconds : float
        For one cell or one call.
    total_seconds : float
        For all cells and calls of one notebook together.
    memory, file_size, disk : int
        Megabytes: of all processes together (and of each), of one file, of all files of a folder.
    files : int
        How many.
    processes : int
        With threads.
    starts : int
        How often Python is started anew after it died or was stopped.
    """

    seconds: float = 20
    total_seconds: float = 180
    memory: int = 2048
    file_size: int = 20
    disk: int = 50
    files: int = 5000
    processes: int = 32
    starts: int = 40


DEFAULT = Budget()


def why_unavailable():
    """What is missing on this machine, as a sentence that says what to install; None if all is there."""
    if not sys.platform.startswith("linux"):
        return f"Students' code is graded in a sandbox that needs Linux; this is {sys.platform}."
    if shutil.which("bwrap") is None:
        return (
            "Students' code is graded in a sandbox, and bubblewrap is not installed. Install it "
            "(Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap) and grade again."
        )
    reason = _trial()
    if reason:
        return (
            f"Students' code is graded in a sandbox, and bubblewrap does not work here: {reason}. "
            "User namespaces may be switched off on this machine."
        )
    return None


@functools.cache
def _trial():
    """Why no room can be opened; None if one can."""
    done = subprocess.run([*_walls(DEFAULT), "/usr/bin/env", "true"], capture_output=True, text=True, timeout=30)
    return done.stderr.strip() or "no reason given" if done.returncode else None


@functools.cache
def _as_stranger():
    """Whether a room can be made without a user namespace, for another user: only root can.

    The kernel's limit on processes binds every user but root, inside a user namespace too.
    """
    if os.geteuid() != 0:
        return False
    trial = ["bwrap", *_unshared(True), "--ro-bind", "/", "/", "/bin/true"]
    return subprocess.run(trial, capture_output=True).returncode == 0


def _unshared(stranger):
    if stranger:
        kept = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]  # until the worker has changed its user
        return ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--cap-drop", "ALL", *kept]
    return ["--unshare-all", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534"]


@functools.cache
def _proc(stranger):
    """A fresh /proc where the machine allows one; in a nested namespace it may not."""
    trial = ["bwrap", *_unshared(stranger), "--ro-bind", "/", "/", "--proc", "/proc", "/bin/true"]
    return () if subprocess.run(trial, capture_output=True).returncode else ("--proc", "/proc")


def _walls(budget):
    """The command for a room with the system's libraries and nothing of its users."""
    stranger = _as_stranger()
    line = ["bwrap", *_unshared(stranger), "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    line += [*_proc(stranger), "--dev", "/dev"]
    for path in _system():
        line += _bound(path, path)
    for path in map(str, _hidden()):
        line += ["--tmpfs", path, "--remount-ro", path]
    for path in WRITABLE:
        line += [word for word in ("--perms", "0755", "--dir", "/home") if path == HOME]
        line += ["--perms", "1777", "--size", str(budget.disk * MEGABYTE), "--tmpfs", path]
    return line


def _bound(source, path):
    """Show a file or folder inside, read-only; the folders above it can be passed through."""
    path = pathlib.Path(path)
    if path.is_symlink() and path == pathlib.Path(source):
        return ["--symlink", os.readlink(path), str(path)]
    above = [part for part in reversed(path.parents) if len(part.parts) > 1]
    line = [word for part in above for word in ("--perms", "0755", "--dir", str(part))]
    return [*line, "--ro-bind", str(source), str(path)]


@functools.cache
def _system():
    """Libraries and programs: of the system, and of this Python."""
    base = pathlib.Path(sys.base_prefix)
    wanted = [pathlib.Path("/usr", name) for name in ("bin", "lib", "lib32", "lib64", "libexec")]
    wanted += [pathlib.Path("/", name) for name in ("lib", "lib32", "lib64", "bin", "sbin")]
    wanted += [pathlib.Path("/etc/ld.so.cache")]
    wanted += [base / "bin", base / "lib", pathlib.Path(os.path.realpath(sys.executable)).parent]
    return [path for path in dict.fromkeys(wanted) if path.exists()]


@functools.cache
def _hidden():
    """Python packages in these folders: PyTorch may be among them."""
    roots = ["/usr/lib", "/usr/lib64", f"{sys.base_prefix}/lib"]
    found = [path for root in roots for path in pathlib.Path(root).glob("python*/*-packages")]
    installed = [sysconfig.get_path(name, vars={"base": sys.base_prefix}) for name in ("purelib", "platlib")]
    found += [path for path in map(pathlib.Path, installed) if any(map(path.is_relative_to, _system()))]
    return [path for path in dict.fromkeys(map(pathlib.Path.resolve, found)) if path.is_dir()]


@functools.cache
def _packages():
    """Where the allowed packages lie: ``{name inside: path outside}``, the smallest set that they need."""
    found, seen, queue = {}, set(), list(INSIDE)
    while queue:
        name = re.split(r"[^A-Za-z0-9._-]", queue.pop())[0].lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        queue += [need for need in distribution.requires or [] if "extra ==" not in need]
        for file in distribution.files or []:
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not top.endswith(".pth"):
                found[top] = str(distribution.locate_file(top))
    return found


def furnished(budget):
    """The whole command for a closed room: walls, packages, worker. Python's own line comes after it."""
    line = _walls(budget)
    for name, path in _packages().items():
        line += _bound(path, f"/packages/{name}")
    here = pathlib.Path(__file__).parent
    for name in ("worker.py", "values.py", "stand_in.py"):
        line += _bound(here / name, f"/worker/{name}")
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    user = STRANGER + next(COUNT) % 4000 if _as_stranger() else None  # the limit on processes is for each user
    for name, value in _variables(budget, HOME, "/tmp", "/packages", user).items():
        line += ["--setenv", name, value]
    return [*line, "--chdir", HOME]


def _variables(budget, home, temporary, packages, user):
    """The environment of the worker."""
    settings = {
        "memory": budget.memory * MEGABYTE,
        "processes": budget.processes,
        "file_size": budget.file_size * MEGABYTE,
        "seconds": int(budget.total_seconds) + 10,
    }
    return {
        "HOME": home,
        "PATH": "/usr/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": temporary,
        "IPYTHONDIR": f"{temporary}/ipython",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CONVLAB_WORKER": json.dumps({"packages": packages, "user": user, "limits": settings}),
    }


class Room:
    """A worker process, started and perhaps not ready yet.

    Parameters
    ----------
    budget : Budget
    locked : bool
        False: a plain process with your own rights, in a temporary folder. Only for work that you trust.

    Attributes
    ----------
    requests, replies : int
        The descriptors of the pipes to it and from it.
    """

    def __init__(self, budget, locked=True):
        self.folder = None if locked else tempfile.mkdtemp(prefix="convlab-")
        inner_requests, self.requests = os.pipe()
        self.replies, inner_replies = os.pipe()
        fds = [inner_requests, inner_replies]
        if locked:
            # Through a pipe, so that /proc does not show where things lie outside.
            words, rules = _pipe("\0".join(furnished(budget)[1:]).encode()), _pipe(program())
            fds += [words, rules]
            line = [shutil.which("bwrap"), "--args", str(words), *(["--seccomp", str(rules)] if program() else [])]
            line += [os.path.realpath(sys.executable), "-s", "-S", "-P", "/worker/worker.py"]
            variables = {}  # bubblewrap's own can be read inside
        else:
            line = [sys.executable, "-s", "-P", str(pathlib.Path(__file__).with_name("worker.py"))]
            home = pathlib.Path(self.folder, "home")
            home.mkdir()
            variables = os.environ | _variables(budget, str(home), self.folder, None, None)
        self.process = subprocess.Popen(
            [*line, str(inner_requests), str(inner_replies)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            cwd="/" if locked else home,
            env=variables,
        )
        for fd in fds:
            os.close(fd)
        os.set_blocking(self.requests, False)
        self._closing = weakref.finalize(self, _close, self.process, self.requests, self.replies, self.folder)

    def complaint(self):
        """What a room that did not open has said last."""
        self.process.kill()
        lines = self.process.stderr.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it does not say why")

    def close(self):
        """End everything inside. Whoever forgets it: the last reference, or the end of Python, does it."""
        self._closing()


def _pipe(data):
    """A descriptor to read these few bytes from."""
    reading, writing = os.pipe()
    with open(writing, "wb") as file:
        file.write(data)
    return reading


def _close(process, requests, replies, folder):
    process.kill()
    process.wait()
    process.stderr.close()
    for end in (requests, replies):
        os.close(end)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


class Rooms:
    """Rooms that are made ready beforehand.

    Parameters
    ----------
    budget : Budget
    locked : bool
        See :class:`Room`.

    Attributes
    ----------
    ahead : bool
        Whether the next room is started as soon as one is taken.
    """

    def __init__(self, budget=DEFAULT, locked=True):
        self.budget, self.locked, self.ahead = budget, locked, False
        self._ready = []

    def prepare(self):
        """Start a room, to be taken later."""
        if not self._ready:
            self._ready.append(Room(self.budget, self.locked))

    def take(self):
        """A room: one that was prepared, or a new one."""
        room = self._ready.pop() if self._ready else Room(self.budget, self.locked)
        if self.ahead:
            self.prepare()
        return room

    def close(self):
        """Close what was prepared and not taken."""
        while self._ready:
            with contextlib.suppress(OSError):
                self._ready.pop().close()
