"""A student's function as the tests see it: called here, run in the sandbox."""

import builtins

from convlab.grading import values
from convlab.grading.sandbox import CodeStopped

__all__ = ["StudentError", "StudentFunction"]


class StudentError(Exception):
    """A student's function raised something that is no built-in exception of Python."""


class StudentFunction:
    """Stands for a name of the student's notebook.

    Parameters
    ----------
    name : str
    sandbox : convlab.grading.sandbox.Sandbox

    Attributes
    ----------
    changed : bool
        Whether the last call changed an array that it was given.
    shares : bool
        Whether the last answer lies in the memory of an array that it was given.
    """

    def __init__(self, name, sandbox):
        self.__name__, self._sandbox = name, sandbox
        self.changed = self.shares = False

    def __call__(self, *arguments, **options):
        try:
            reply = self._sandbox.call(self.__name__, arguments, options)
        except CodeStopped as stop:
            raise TimeoutError(str(stop)) from None
        if "missing" in reply:
            raise NameError(f"there is no {self.__name__} in the notebook")
        if "error" in reply:
            raise _rebuilt(reply["error"])
        self.changed, self.shares = reply.get("changed") is True, reply.get("shares") is True
        try:
            return values.decode(reply.get("value"))
        except (ValueError, TypeError, RecursionError):
            raise StudentError("the answer could not be read") from None


def _rebuilt(error):
    """The exception that was raised inside, as the nearest built-in type; where it happened is in ``where``."""
    error = error if isinstance(error, dict) else {}
    message = str(error.get("message", ""))
    for name in error.get("types", []) if isinstance(error.get("types"), list) else []:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            try:
                rebuilt = kind(message)
            except TypeError:  # UnicodeError and its like want more than words
                continue
            rebuilt.where = error.get("where")
            return rebuilt
    return StudentError(f"{error.get('name', 'an error')}: {message}")
