"""One run at a time in a course: who grades holds a lock on a file, and the file says who it is."""

import contextlib
import datetime
import fcntl
import getpass
import os
import socket
from collections.abc import Iterator

__all__ = ["SomebodyGrades", "only_run"]


class SomebodyGrades(RuntimeError):
    """Another run is under way; the message says whose, in a sentence."""


@contextlib.contextmanager
def only_run(path: str | os.PathLike[str]) -> Iterator[None]:
    """Hold the lock on a file in a block. It ends with the process, however that ends, so there is no stale one.

    Raises :class:`SomebodyGrades` if another run holds it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file, only_run(file.name):
    ...     try:
    ...         with only_run(file.name):
    ...             pass
    ...     except SomebodyGrades as error:
    ...         print(str(error).partition(":")[0])
    This course is being graded already
    """
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read(500).strip() or "by a run that has just begun"
            again = "Nothing was changed; grade again when that run has ended."
            raise SomebodyGrades(f"This course is being graded already: {who}. {again}") from None
        file.truncate(0)
        file.write(_who())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _who():
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = str(os.getuid())
    return f"by {user}, process {os.getpid()} on {socket.gethostname()}, since {datetime.datetime.now():%H:%M:%S}"
