"""A time limit for code that may never end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["TimeLimitReached", "time_limit"]


class TimeLimitReached(BaseException):
    """Raised inside the block when the time is up. Not an ``Exception``: ``except Exception`` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block after ``seconds`` with :class:`TimeLimitReached`.

    Repeats every tenth of a second, so that a bare ``except`` in a loop cannot swallow it for
    ever. Works in the main thread of a Unix process, where notebooks run their cells; elsewhere
    (Windows, threads) there is no limit.

    Examples
    --------
    >>> try:
    ...     with time_limit(0.1):
    ...         while True:
    ...             pass
    ... except TimeLimitReached:
    ...     print("stopped")
    stopped
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number, frame):
        raise TimeLimitReached

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
