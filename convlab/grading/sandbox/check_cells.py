"""Sealed test cells, run outside the sandbox.

A test cell is the teacher's text from the gradebook, so it may run in the grader's process; every name in it that is
the student's stands for a :class:`~.proxy.StudentFunction`. The truth never goes in.
"""

import contextlib
import io
from collections.abc import Sequence

import nbformat

from .alarm import TimeIsUp, budget
from .proxy import StudentFunction
from .room import SECRET, SHOWN, error_output
from .session import Sandbox
from .wire import clean

__all__ = ["CheckCell", "without_hidden"]


SECONDS = 30  # of this process's own work for one cell: an answer may be made to take for ever
MEMORY = 2**30  # bytes that it may take


class CheckCell:
    """One test cell, whose outputs are replaced with each attempt, and what has come of it.

    ``names`` are the student's functions in it (:func:`~.ways.sealed_names`).

    Attributes
    ----------
    ran : int
        How many cells of the student's had run when it was its turn.
    passed : bool
    fault : BaseException or None
        What the test itself did wrong, if the student's work is not to blame.
    """

    def __init__(self, cell: nbformat.NotebookNode, names: Sequence[str], ran: int):
        self.cell, self.names, self.ran, self.passed = cell, names, ran, False
        self.fault: BaseException | None = None
        self.name = f"<{cell.metadata.nbgrader.grade_id}>"

    def try_shown(self, sandbox: Sandbox) -> bool:
        """Run what the student sees of it, and tell everything. Return whether it passed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            failure = self._failure(without_hidden(self.cell.source), sandbox)
        text = clean(printed.getvalue(), SHOWN)
        self.cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        self.cell.outputs += _told(failure) if failure else []
        self.passed = failure is None
        return self.passed

    def try_all(self, sandbox: Sandbox) -> bool:
        """Run it with its hidden part, and tell nothing that could give that away. Return whether it passed."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            failure = self._failure(self.cell.source, sandbox)
        self.cell.outputs = [output for output in self.cell.outputs if output.output_type == "stream"]
        if failure:
            outline = getattr(failure, "outline", "") or SECRET
            self.cell.outputs.append(error_output(type(failure).__name__, outline))
        self.passed = failure is None
        return self.passed

    def _failure(self, source, sandbox):
        """What the test cell raises, or None. An exit is a fault of this cell; only the teacher's Ctrl-C ends more."""
        try:
            namespace = {name: StudentFunction(name, sandbox) for name in self.names}
            with budget(SECONDS, MEMORY):
                exec(compile(source, self.name, "exec"), namespace)  # the gradebook's text
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if isinstance(error, (TimeIsUp, MemoryError)) or "allocate memory" in str(error):  # PyTorch's words
                return AssertionError("an answer takes too much time or memory to look at")
            if not isinstance(error, AssertionError) and not hasattr(error, "by_student"):
                self.fault = error.with_traceback(None)  # which holds all arrays of the check
            return error
        return None


def _told(failure):
    """A failed test as outputs, with a picture where there is one."""
    outputs = [error_output(type(failure).__name__, failure)]
    if getattr(failure, "picture", ""):
        data = {"text/plain": "your answer beside the right one", "text/html": failure.picture}
        outputs.insert(0, nbformat.v4.new_output("display_data", data=data))
    return outputs


def without_hidden(source: str) -> str:
    """A test cell as students have it; the other lines keep their numbers.

    Examples
    --------
    >>> without_hidden("one\\n### BEGIN HIDDEN TESTS\\nthree\\n### END HIDDEN TESTS\\nfive")
    'one\\n\\n\\n\\nfive'
    """
    shown, inside = [], False
    for line in source.splitlines():
        inside = inside or "BEGIN HIDDEN TESTS" in line
        shown.append("" if inside else line)
        inside = inside and "END HIDDEN TESTS" not in line
    return "\n".join(shown)
