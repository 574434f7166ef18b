"""Walls around a Python, as a command line for bubblewrap, and nothing inside that is worth stealing.

Inside are the system's libraries, Python, NumPy, IPython, Matplotlib, tqdm and :mod:`.worker`; no network, no file of
the course, no other package.
"""

import functools
import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass

from .stubs import ABSENT

__all__ = ["Policy", "SandboxMissing", "changes_user", "command", "environment", "packages", "why_unavailable"]

INSIDE = ("numpy", "ipython", "matplotlib", "tqdm")  # what a student may import, with what these need
HOME = "/home/student"
WRITABLE = ("/tmp", "/dev/shm", HOME)
MEGABYTE = 2**20


class SandboxMissing(RuntimeError):
    """There is no bubblewrap on this machine, or it does not work."""


@dataclass(frozen=True)
class Policy:
    """What one submission may use, and what it is told is there."""

    seconds: float = 20  # for one cell or one call
    total_seconds: float = 180  # for all cells and calls of one notebook together
    memory: int = 2048  # megabytes of all processes together, and of each
    disk: int = 50  # megabytes of all files of a folder
    files: int = 5000
    processes: int = 32  # with threads
    descriptors: int = 512  # of all processes together: each may be a socket that holds 200 kB outside of their memory
    starts: int = 40  # how often Python is started anew after it died or was stopped
    locked: bool = True  # False: a plain process with your own rights. Only for work that you trust
    absent: tuple[str, ...] = ABSENT  # libraries that can be imported and do nothing
    libraries: tuple[str, ...] = ()  # what may be imported beside INSIDE, by the names that pip knows


DEFAULT = Policy()


def why_unavailable() -> str | None:
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
    """Why bubblewrap does not start; None if it does."""
    done = subprocess.run([*_walls(DEFAULT), "/usr/bin/env", "true"], capture_output=True, text=True, timeout=30)
    return done.stderr.strip() or "no reason given" if done.returncode else None


@functools.cache
def changes_user() -> bool:
    """Whether walls can be built without a user namespace, for another user: only root can.

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


def _walls(policy):
    """The command for walls with the system's libraries inside and nothing of its users."""
    stranger = changes_user()
    line = ["bwrap", *_unshared(stranger), "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    line += ["--dev", "/dev"]
    for path in _system():
        line += _bound(path, path)
    for path in map(str, _hidden()):
        line += ["--tmpfs", path, "--remount-ro", path]
    for path in WRITABLE:
        line += [word for word in ("--perms", "0755", "--dir", "/home") if path == HOME]
        line += ["--perms", "1777", "--size", str(policy.disk * MEGABYTE), "--tmpfs", path]
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
    # Not the rest of /proc: /proc/self/mountinfo tells where things lie outside.
    wanted += [pathlib.Path("/etc/ld.so.cache"), pathlib.Path("/proc/cpuinfo")]
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
def packages(libraries: tuple[str, ...] = ()) -> dict[str, str]:
    """Where the allowed packages lie: ``{name inside: path outside}``, the smallest set that they need."""
    found: dict[str, str] = {}
    seen, queue = set(), [*INSIDE, *libraries]
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


def command(policy: Policy, user: int | None = None) -> list[str]:
    """The whole command for closed walls: packages, worker and its environment; Python's own line comes after it.

    ``user`` is whom the worker becomes if :func:`changes_user`.
    """
    line = _walls(policy)
    for name, path in packages(policy.libraries).items():
        line += _bound(path, f"/packages/{name}")
    here = pathlib.Path(__file__).parent
    for name in ("worker.py", "alarm.py", "stubs.py", "wire.py"):
        line += _bound(here / name, f"/worker/{name}")
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in environment(policy, HOME, "/tmp", "/packages", user).items():
        line += ["--setenv", name, value]
    return [*line, "--chdir", HOME]


def environment(
    policy: Policy, home: str, temporary: str, packages: str | None = None, user: int | None = None
) -> dict[str, str]:
    """The environment of the worker; see ``settle`` there."""
    limits = {
        "memory": policy.memory * MEGABYTE,
        "processes": policy.processes,
        "file_size": policy.disk * MEGABYTE,
        "seconds": int(policy.total_seconds) + 10,
    }
    settings = {"packages": packages, "user": user, "limits": limits, "absent": policy.absent}
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
        "SANDBOX_WORKER": json.dumps(settings),
    }
