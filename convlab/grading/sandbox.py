"""A closed room for a student's code: bubblewrap, with budgets, and nothing in it that is worth stealing.

Inside are Python, NumPy, IPython, Matplotlib and the submission's own files; no network, no other submission, no
source notebook, no hidden test, no gradebook, no PyTorch and no convlab (an empty stand-in takes its place, so that
``import convlab`` in a scratch cell is no error).
"""

import contextlib
import functools
import importlib.metadata
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass

import psutil

from convlab.grading import values

__all__ = ["Budget", "CodeStopped", "Sandbox", "SandboxMissing", "available", "why_unavailable"]

INSIDE = ("numpy", "ipython", "matplotlib")  # what a student may import, with what these need
HOME = "/home/student"
REPLY = 100_000_000  # bytes of one reply
MEGABYTE = 2**20
WATCH = 0.2  # seconds between two looks at what runs inside


class SandboxMissing(RuntimeError):
    """There is no bubblewrap on this machine, or it does not work."""


class CodeStopped(Exception):
    """The student's code was stopped, or stopped itself: too long, too much memory, ``os._exit``."""


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
        Megabytes: of one process, of one file, of all files.
    processes : int
    starts : int
        How often Python is started anew after it was stopped.
    """

    seconds: float = 20
    total_seconds: float = 180
    memory: int = 2048
    file_size: int = 20
    disk: int = 50
    processes: int = 64
    starts: int = 8


def available():
    """Whether students' code can be locked up on this machine."""
    return why_unavailable() is None


@functools.cache
def why_unavailable():
    """What is missing, as a sentence that says what to install; None if all is there."""
    if not sys.platform.startswith("linux"):
        return f"Students' code is graded in a sandbox that needs Linux; this is {sys.platform}."
    if shutil.which("bwrap") is None:
        return (
            "Students' code is graded in a sandbox, and bubblewrap is not installed. Install it "
            "(Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap) and grade again."
        )
    trial = subprocess.run([*_room(), "/usr/bin/env", "true"], capture_output=True, text=True, timeout=30)
    if trial.returncode:
        return (
            "Students' code is graded in a sandbox, and bubblewrap does not work here: "
            f"{trial.stderr.strip() or 'no reason given'}. User namespaces may be switched off on this machine."
        )
    return None


@functools.cache
def _proc():
    """A fresh /proc where the machine allows one; in a nested namespace it may not."""
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "/bin/true"]
    return ("--proc", "/proc") if not subprocess.run(command, capture_output=True).returncode else ()


def _room(disk=50):
    """The command for a room with the system's libraries and nothing of its users."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    command += ["--uid", "65534", "--gid", "65534", "--hostname", "sandbox", *_proc(), "--dev", "/dev"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib32", "lib64", "bin", "sbin"):
        path = pathlib.Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    if pathlib.Path("/etc/ld.so.cache").exists():
        command += ["--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    # Other people's Python packages and files that happen to lie under /usr.
    for pattern in ("lib/python3*/dist-packages", "local/lib/python3*/*-packages", "lib/python3*/site-packages"):
        for path in pathlib.Path("/usr").glob(pattern):
            command += ["--tmpfs", str(path)]
    for path in ("/usr/local/share", "/usr/src"):
        if pathlib.Path(path).is_dir():
            command += ["--tmpfs", path]
    for path in ("/tmp", HOME):
        command += ["--size", str(disk * MEGABYTE), "--tmpfs", path]
    return command


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


def _python():
    """The bindings for the interpreter itself, with the packages of its own installation hidden."""
    binary = os.path.realpath(sys.executable)
    base = pathlib.Path(sys.base_prefix)
    bindings = [] if base == pathlib.Path("/usr") else ["--ro-bind", str(base), str(base)]
    hidden = {
        sysconfig.get_path(name, vars={"base": str(base), "platbase": str(base)}) for name in ("purelib", "platlib")
    }
    for path in hidden:
        if pathlib.Path(path).is_dir():
            bindings += ["--tmpfs", path]
    return binary, bindings


def command(files, budget):
    """The whole command line: the room, Python, the packages, the submission's files, the worker."""
    binary, bindings = _python()
    line = _room(budget.disk) + bindings
    for name, path in _packages().items():
        line += ["--ro-bind", path, f"/packages/{name}"]
    here = pathlib.Path(__file__).parent
    for name in ("worker.py", "values.py"):
        line += ["--ro-bind", str(here / name), f"/worker/{name}"]
    line += ["--ro-bind", str(here / "stand_in.py"), "/stand_in/convlab/__init__.py"]
    for name, path in files.items():
        line += ["--ro-bind", str(path), f"{HOME}/{name}"]
    for name, value in _variables(budget, HOME, "/tmp", "/packages", "/stand_in").items():
        line += ["--setenv", name, value]
    return [*line, "--chdir", HOME, binary, "-s", "-S", "-P", "/worker/worker.py"]


def unlocked(folder, budget):
    """The command line without a room: a plain process of whoever grades, for work that can be trusted."""
    home = str(folder or pathlib.Path.home())
    variables = _variables(budget, home, tempfile.gettempdir(), sysconfig.get_path("purelib"), home)
    settings = [f"{name}={value}" for name, value in variables.items()]
    worker = str(pathlib.Path(__file__).parent / "worker.py")
    return ["/usr/bin/env", "--chdir", home, *settings, sys.executable, "-s", worker]


def _variables(budget, home, temporary, packages, stand_in):
    """The environment of the worker."""
    limits = {
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
        "CONVLAB_SANDBOX_PATH": json.dumps([home, packages, stand_in]),
        "CONVLAB_SANDBOX_LIMITS": json.dumps(limits),
    }


def own_files(folder):
    """The plain files below a folder, by their relative names: no notebooks, no links, nothing hidden.

    Examples
    --------
    >>> own_files("/nowhere")
    {}
    """
    found = {}
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = pathlib.Path(root, name)
            if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb" and not name.startswith("."):
                found[str(path.relative_to(folder))] = path
    return found


class Sandbox:
    """One student's Python, locked up.

    Parameters
    ----------
    folder : path
        The submission: its plain files are there to be read in the working folder.
    budget : Budget
    locked : bool
        False: the code runs with your own rights, as a plain process. Only for work that you trust.

    Raises
    ------
    SandboxMissing
        If this machine has no working bubblewrap.
    """

    def __init__(self, folder=None, budget=Budget(), locked=True):
        reason = why_unavailable() if locked else None
        if reason:
            raise SandboxMissing(reason)
        self.files = own_files(folder) if folder else {}
        self.command = command(self.files, budget) if locked else unlocked(folder, budget)
        self.budget = budget
        self.process = None
        self.cells = []  # sources executed so far: after a restart they run again
        self.starts = 0
        self.used = 0.0  # seconds that the student's code has taken

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def run(self, source):
        """Execute a cell; return ``(outputs, error)``. ``error`` is None or a dict of words."""
        self._ensure()
        try:
            reply = self._ask({"run": source})
        except CodeStopped as stop:
            return [], {"name": "CodeStopped", "types": [], "message": str(stop), "where": None}
        self.cells.append(source)
        return reply.get("outputs", []), reply.get("error")

    def call(self, name, arguments, options):
        """Call a function that the student has defined; return the worker's reply.

        Raises
        ------
        CodeStopped
            If it took too long, or Python died.
        """
        self._ensure()
        encoded = [values.encode(value) for value in arguments]
        named = {key: values.encode(value) for key, value in options.items()}
        return self._ask({"call": name, "arguments": encoded, "options": named})

    def stop(self):
        """End everything inside."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for end in (self.requests, self.replies):
                os.close(end)
            self.process = None

    def _ensure(self):
        """Start Python if it is not running, and bring it to where it was."""
        if self.process is not None:
            return
        if self.starts >= self.budget.starts:
            raise CodeStopped(f"Python was started {self.starts} times for this notebook; it is not started again")
        self._start()
        for source in list(self.cells):
            self._ask({"run": source})

    def _start(self):
        self.starts += 1
        inner_requests, self.requests = os.pipe()
        self.replies, inner_replies = os.pipe()

        self.process = subprocess.Popen(
            [*self.command, str(inner_requests), str(inner_replies)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(inner_requests, inner_replies),
        )
        os.close(inner_requests)
        os.close(inner_replies)
        os.set_blocking(self.requests, False)
        self.buffer = b""

    def _ask(self, request):
        """Send one request and wait for its reply within the budget; on any trouble all inside is ended."""
        left = self.budget.total_seconds - self.used
        if left <= 0:
            self.stop()
            raise CodeStopped(f"the notebook has used up its {self.budget.total_seconds:g} seconds")
        seconds = min(self.budget.seconds, left)
        began = time.monotonic()
        try:
            self._send(json.dumps(request).encode() + b"\n", began + seconds)
            line = self._receive(began + seconds)
            reply = json.loads(line)
            if not isinstance(reply, dict):
                raise ValueError("not a reply")
        except TimeoutError:
            self.stop()
            raise CodeStopped(
                f"it took longer than {seconds:g} seconds and was stopped. Does a loop never end?"
            ) from None
        except (OSError, ValueError, RecursionError) as error:
            self.stop()
            known = [
                words for words in ("reply is too long", "too many processes", "too much memory") if words in str(error)
            ]
            raise CodeStopped(f"Python stopped: {known[0] if known else 'too much memory, or an exit?'}") from None
        finally:
            self.used += time.monotonic() - began
        return reply

    def _watch(self):
        """Count what runs inside: the kernel's own limits are per process, and do not bind a teacher who is root."""
        try:
            inside = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        if len(inside) > self.budget.processes:
            raise OSError("too many processes")
        memory = 0
        for process in inside:
            with contextlib.suppress(psutil.Error):
                memory += process.memory_info().rss
        if memory > self.budget.memory * MEGABYTE:
            raise OSError("too much memory")

    def _send(self, data, deadline):
        while data:
            _, ready, _ = select.select([], [self.requests], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            data = data[os.write(self.requests, data) :]

    def _receive(self, deadline):
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            ready, _, _ = select.select([self.replies], [], [], min(left, WATCH))
            if not ready:
                self._watch()
                continue
            piece = os.read(self.replies, 2**20)
            if not piece:
                raise OSError("the other end is closed")
            self.buffer += piece
            if len(self.buffer) > REPLY:
                raise OSError("the reply is too long")
        line, self.buffer = self.buffer.split(b"\n", 1)
        if self.buffer:  # replies come one by one: something else has written as well
            raise OSError("more than one reply")
        return line
