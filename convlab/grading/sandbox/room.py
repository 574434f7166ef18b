"""Cells that run in the room, in the student's own Python: the student's, and tests that are not sealed."""

from collections.abc import Sequence
from typing import Any

import nbformat
from nbgrader.utils import determine_grade

from .sanitize import png
from .session import Sandbox
from .wire import clean

__all__ = ["SECRET", "RoomTest", "error_output", "run_cell"]

SHOWN = 100_000  # letters that a cell may show
LINE = 5000  # of a traceback
MOST = 25  # outputs of a cell
SECRET = "a check that is not shown"
HIDDEN = "BEGIN HIDDEN TESTS"


def run_cell(cell: nbformat.NotebookNode, sandbox: Sandbox) -> None:
    """Execute a student's cell in the sandbox and store what it showed: words and pictures, no HTML, no scripts."""
    outputs, error = sandbox.run(cell.source)
    cell.outputs = [_harmless(output) for output in outputs[:MOST]] + _told(error)


class RoomTest:
    """A test cell that means what it means to nbgrader: an error or words on stderr give 0, a last number its points.

    Attributes
    ----------
    fault : Exception or None
        Why nbgrader cannot make points of what the cell shows; it has an error then.
    passed : bool
        Whether it has given points.
    """

    def __init__(self, cell: nbformat.NotebookNode):
        self.cell, self.name, self.passed = cell, f"<{cell.metadata.nbgrader.grade_id}>", False
        self.fault: Exception | None = None

    def run(self, sandbox: Sandbox) -> None:
        """Execute it in the sandbox, at its place in the order of cells."""
        outputs, error = sandbox.run(self.cell.source)
        self.cell.outputs = [_as_nbgrader(output, self.cell.execution_count) for output in outputs[:MOST]]
        self.cell.outputs += _told(error)
        try:
            self.passed = bool(determine_grade(self.cell)[0])
        except Exception as fault:  # nbgrader's own: it would take the whole submission with it
            self.fault = fault
            self.cell.outputs = [error_output(type(fault).__name__, fault)]
        if HIDDEN in self.cell.source:
            self._tell_less(error or {})

    def _tell_less(self, error):
        """Of what was shown, what no hidden line can stand in: a traceback has those below the one that failed, too."""
        lines = self.cell.source.splitlines()
        first = next(number for number, line in enumerate(lines, 1) if HIDDEN in line)
        failed = error.get("line")
        if isinstance(failed, int) and 0 < failed < first:  # before any of them has run
            told = error_output(error.get("name"), error.get("message"))
            told.traceback.insert(0, f"line {failed}: {lines[failed - 1].strip()}")
            self.cell.outputs[-1] = told
        else:
            self.cell.outputs = [new for output in self.cell.outputs if (new := _outline(output))]


def error_output(name: Any, message: Any, lines: Sequence = ()) -> nbformat.NotebookNode:
    """An error as nbgrader and its pages know it: a test cell that has one gets no points."""
    name, message = clean(name, 100), clean(message, SHOWN)
    told = [clean(line, LINE) for line in lines] or [f"{name}: {message}"]
    return nbformat.v4.new_output("error", ename=name, evalue=message, traceback=told)


def _told(error):
    """An error of the worker's as outputs."""
    if not error:
        return []
    lines = error.get("traceback")
    return [error_output(error.get("name"), error.get("message"), lines[-100:] if isinstance(lines, list) else [])]


def _harmless(output):
    """An output of the worker, rebuilt from the parts that are allowed."""
    output = output if isinstance(output, dict) else {}
    if output.get("output_type") == "stream":
        return nbformat.v4.new_output("stream", name="stdout", text=clean(output.get("text"), SHOWN))
    data = output.get("data") if isinstance(output.get("data"), dict) else {}
    kept = {"text/plain": clean(data.get("text/plain", ""), SHOWN)}
    if png(data.get("image/png")):
        kept["image/png"] = data["image/png"]
    return nbformat.v4.new_output("display_data", data=kept)


def _as_nbgrader(output, count):
    """The same, with what nbgrader looks at: whether words are on stderr, and which one is the cell's value."""
    harmless = _harmless(output)
    if harmless.output_type == "stream":
        harmless.name = "stderr" if output.get("name") == "stderr" else "stdout"
    elif isinstance(output, dict) and output.get("output_type") == "execute_result":
        return nbformat.v4.new_output("execute_result", data=harmless.data, execution_count=count)
    return harmless


def _outline(output):
    """What may be told of an output if hidden lines have run: what nbgrader needs, in no words of theirs."""
    if output.output_type == "error":
        return error_output(output.ename, SECRET)
    if output.output_type == "stream" and output.name == "stderr":
        return nbformat.v4.new_output("stream", name="stderr", text=SECRET)
    return output if output.output_type == "execute_result" else None
