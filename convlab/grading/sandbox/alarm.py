"""A time limit for code that may never end; used on both sides of the wall, so it needs the standard library only."""

import contextlib
import pathlib
import signal
import threading
from collections.abc import Iterator

__all__ = ["TimeIsUp", "budget", "time_limit"]


class TimeIsUp(BaseException):
    """Raised in a block when its time is up; no ``except Exception`` stops it."""


@contextlib.contextmanager
def time_limit(seconds: float, own: bool = False) -> Iterator[None]:
    """Stop the block after so many seconds, and again every tenth of one: a bare ``except`` may have caught the first.

    With ``own``, seconds of this process's own work count, none that it waits.

    Only in the main thread of a process on Unix; elsewhere there is no limit.

    Examples
    --------
    >>> try:
    ...     with time_limit(0.1):
    ...         while True:
    ...             pass
    ... except TimeIsUp as stop:
    ...     print(stop)
    stopped after 0.1 seconds
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number, frame):
        raise TimeIsUp(f"stopped after {seconds:g} seconds")

    timer, number = (signal.ITIMER_PROF, signal.SIGPROF) if own else (signal.ITIMER_REAL, signal.SIGALRM)
    before = signal.signal(number, stop)
    signal.setitimer(timer, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before or signal.SIG_DFL)


@contextlib.contextmanager
def budget(seconds: float, memory: int) -> Iterator[None]:
    """Let a block have so many seconds of work and bytes of memory more: TimeIsUp or MemoryError ends it.

    Examples
    --------
    >>> try:
    ...     with budget(10, 2**20):
    ...         many = bytearray(2**30)
    ... except MemoryError:
    ...     print("too much")
    too much
    """
    import resource  # not where Windows is

    # Data, not addresses: a library that is loaded in the block has many of these.
    limits = resource.getrlimit(resource.RLIMIT_DATA)
    most = int(pathlib.Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize() + memory
    if limits[0] != resource.RLIM_INFINITY:
        most = min(most, limits[0])
    resource.setrlimit(resource.RLIMIT_DATA, (most, limits[1]))
    try:
        with time_limit(seconds, own=True):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, limits)
