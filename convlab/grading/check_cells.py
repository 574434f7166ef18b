"""The test cells of an assignment, run outside the sandbox.

A test cell is the teacher's text from the gradebook, so it may run in the grader's process; every name in it that is
the student's stands for a :class:`~convlab.grading.student.StudentFunction`. The truth never goes in.
"""

import ast
import builtins
import contextlib
import io
import traceback

import nbformat

from convlab.grading.messages import CheckFailed
from convlab.grading.student import StudentFunction
from convlab.grading.values import clean

__all__ = ["CheckCell", "error_output", "free_names", "hidden_lines", "without_hidden"]

SHOWN = 100_000  # letters that a cell may show
LINE = 5000  # of a traceback
SECRET = "a check that is not shown"


class CheckCell:
    """One test cell and what has come of it.

    Parameters
    ----------
    cell : NotebookNode
        Its outputs are replaced with each attempt.
    ran : int
        How many cells of the student's had run when it was its turn.

    Attributes
    ----------
    passed : bool
    fault : Exception or None
        What the test itself did wrong, if the student's work is not to blame.
    """

    def __init__(self, cell, ran):
        self.cell, self.ran, self.passed, self.fault = cell, ran, False, None
        self.name = f"<{cell.metadata.nbgrader.grade_id}>"

    def try_shown(self, sandbox):
        """Run what the student sees of it, and tell everything. Return whether it passed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            failure = self._failure(without_hidden(self.cell.source), sandbox)
        text = clean(printed.getvalue(), SHOWN)
        self.cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        self.cell.outputs += _told(failure) if failure else []
        self.passed = failure is None
        return self.passed

    def try_all(self, sandbox):
        """Run it with its hidden part, and tell nothing that could give that away. Return whether it passed."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            failure = self._failure(self.cell.source, sandbox)
        self.cell.outputs = [output for output in self.cell.outputs if output.output_type == "stream"]
        if failure:
            outline = failure.outline if isinstance(failure, CheckFailed) else SECRET
            self.cell.outputs.append(error_output(type(failure).__name__, outline or SECRET))
        self.passed = failure is None
        return self.passed

    def _failure(self, source, sandbox):
        """The exception that the test cell raises, or None."""
        code = ast.parse(source)
        namespace = {name: StudentFunction(name, sandbox) for name in free_names(code)}
        try:
            exec(compile(code, self.name, "exec"), namespace)  # the gradebook's text
        except Exception as error:
            error.line = _line(error, self.name, source)
            if not isinstance(error, AssertionError) and not hasattr(error, "by_student"):
                self.fault = error
            return error
        return None


def _told(failure):
    """A failed test as outputs, with a picture where there is one."""
    message = str(failure) or failure.line
    outputs = [error_output(type(failure).__name__, message)]
    if isinstance(failure, CheckFailed) and failure.picture:
        data = {"text/plain": "your answer beside the right one", "text/html": failure.picture}
        outputs.insert(0, nbformat.v4.new_output("display_data", data=data))
    return outputs


def error_output(name, message, lines=()):
    """An error as nbgrader and its pages know it: a test cell that has one gets no points."""
    name, message = clean(name, 100), clean(message, SHOWN)
    told = [clean(line, LINE) for line in lines] or [f"{name}: {message}"]
    return nbformat.v4.new_output("error", ename=name, evalue=message, traceback=told)


def _line(failure, name, source):
    """The line of the test cell where it failed."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == name]
    return source.splitlines()[lines[-1] - 1].strip() if lines else ""


def hidden_lines(source):
    """The numbers of the lines that students do not see.

    Examples
    --------
    >>> sorted(hidden_lines("one\\n### BEGIN HIDDEN TESTS\\nthree\\n### END HIDDEN TESTS\\nfive"))
    [2, 3, 4]
    """
    hidden, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = inside or "BEGIN HIDDEN TESTS" in line
        if inside:
            hidden.add(number)
        inside = inside and "END HIDDEN TESTS" not in line
    return hidden


def without_hidden(source):
    """A test cell as students have it.

    Examples
    --------
    >>> without_hidden("one\\n### BEGIN HIDDEN TESTS\\nthree\\n### END HIDDEN TESTS\\nfive")
    'one\\n\\n\\n\\nfive'
    """
    hidden = hidden_lines(source)
    return "\n".join("" if number in hidden else line for number, line in enumerate(source.splitlines(), 1))


def free_names(code):
    """The names that a piece of code reads and does not make: in a test cell, the student's.

    Examples
    --------
    >>> free_names(ast.parse("import numpy as np\\nnp.all(mine(3) == [n for n in range(3)])"))
    ['mine']
    """
    names = [node for node in ast.walk(code) if isinstance(node, ast.Name)]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    for node in ast.walk(code):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            made |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
    read = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load))
    return [name for name in read if name not in made and not hasattr(builtins, name)]
