"""A student's function as the tests see it: called here, run in the sandbox."""

import builtins

from . import wire
from .session import CodeStopped, Sandbox

__all__ = ["StudentError", "StudentFunction"]

WORDS = 2000  # letters of a message


class StudentError(Exception):
    """A student's function raised something that is no built-in exception of Python."""


class StudentFunction:
    """Stands for a name of the student's notebook.

    What it raises is an exception of Python's own, made here from words; ``where`` is the line of the student's cell
    that raised it, ``[number, text]``, or None.

    Attributes
    ----------
    changed : bool
        Whether the last call changed an array that it was given.
    shares : bool
        Whether the last answer lies in the memory of an array that it was given.
    """

    def __init__(self, name: str, sandbox: Sandbox):
        self.__name__, self._sandbox = name, sandbox
        self.changed = self.shares = False

    def __call__(self, *arguments, **options):
        self.changed = self.shares = False
        try:
            reply = self._sandbox.call(self.__name__, arguments, options)
        except CodeStopped as stop:
            raise _blamed(TimeoutError(str(stop))) from None
        if "missing" in reply:
            raise _blamed(NameError(f"there is no {self.__name__} in the notebook"))
        if "error" in reply:
            raise _blamed(_rebuilt(reply["error"], [source for source, _ in self._sandbox.cells]))
        self.changed, self.shares = reply.get("changed") is True, reply.get("shares") is True
        try:
            return wire.decode(reply.get("value"))
        except (ValueError, TypeError):
            raise _blamed(StudentError("the answer could not be read")) from None


def _blamed(error):
    """Mark an exception as the student's: any other one that a test cell raises is the test's own fault."""
    error.by_student = True
    return error


def _rebuilt(error, cells):
    """The exception that was raised inside, as the nearest built-in type."""
    error = error if isinstance(error, dict) else {}
    message = wire.clean(error.get("message", ""), WORDS)
    names = error.get("types") if isinstance(error.get("types"), list) else []
    for name in names[:20]:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            try:
                rebuilt = kind(message)
            except TypeError:  # UnicodeError and its like want more than words
                continue
            rebuilt.where = _place(error.get("where"), cells)
            return rebuilt
    return StudentError(f"{wire.clean(error.get('name', 'an error'), 100)}: {message}")


def _place(where, cells):
    """A line of the student's own cells, if it is one: other words could tell what the arguments were."""
    if not isinstance(where, list) or len(where) != 2 or type(where[0]) is not int or not isinstance(where[1], str):
        return None
    number, text = where[0], where[1].strip()
    lines = (source.splitlines()[number - 1 : number] for source in cells if number > 0)
    return [number, text[:200]] if any(line and line[0].strip()[:200] == text for line in lines) else None
