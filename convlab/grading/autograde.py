"""Grading in two rooms: students' cells run in the sandbox, the tests run here.

:class:`GradeInSandbox` takes the place of nbgrader's ``Execute``.
"""

import json
import pathlib

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import determine_grade, is_grade, is_solution
from traitlets import Bool, Float, Integer

from convlab.grading.check_cells import CheckCell, error_output, free_names
from convlab.grading.harmless import disarm, png
from convlab.grading.room import MEGABYTE, Budget, Rooms
from convlab.grading.sandbox import Sandbox, own_files
from convlab.grading.values import clean

__all__ = ["GradeInSandbox", "free_names", "grade", "run_cell"]

SHOWN = 100_000  # letters that a cell may show
STORED = 20_000_000  # of all outputs of a notebook together


class GradeInSandbox(NbGraderPreprocessor):
    """The second step of ``nbgrader autograde``: run the student's cells in a sandbox, and the tests outside of it.

    Raises
    ------
    SandboxMissing
        If bubblewrap is missing: then nothing is graded, and the sentence says what to install.
    """

    seconds_per_cell = Float(20, help="Seconds for one cell or one call of a student's function").tag(config=True)
    seconds_per_notebook = Float(180, help="Seconds for everything of one notebook").tag(config=True)
    megabytes = Integer(2048, help="Memory of a student's code, in megabytes").tag(config=True)
    processes = Integer(32, help="Processes and threads of a student's code").tag(config=True)
    unsafe_without_sandbox = Bool(
        False, help="Run students' code with the rights of whoever grades, where there is no bubblewrap"
    ).tag(config=True)
    disk_megabytes = Integer(50, help="Files that a student's code may write, in megabytes").tag(config=True)

    def rooms(self):
        """Where the students' code runs, with the budgets of the configuration."""
        budget = Budget(
            seconds=self.seconds_per_cell,
            total_seconds=self.seconds_per_notebook,
            memory=self.megabytes,
            processes=self.processes,
            disk=self.disk_megabytes,
        )
        return Rooms(budget, locked=not self.unsafe_without_sandbox)

    def preprocess(self, nb, resources):
        folder = pathlib.Path(resources["metadata"]["path"])
        rooms = getattr(self.parent, "rooms", None) or self.rooms()
        with Sandbox(own_files(folder, self.disk_megabytes * MEGABYTE), rooms=rooms) as sandbox:
            for check in grade(nb, sandbox):
                if check.fault:
                    self.log.error("Nobody can pass the test %s as it is: %r", check.name, check.fault)
        disarm(folder, getattr(self.parent, "shipped", ()))
        for cell in filter(is_grade, nb.cells):
            if not is_solution(cell):
                resources.setdefault("points", []).append(determine_grade(cell))
        return nb, resources


def grade(nb, sandbox):
    """Run a student's cells and all tests; store in every cell what came of it.

    A student's words, pictures and messages are taken from a room that no hidden test has entered: functions could
    remember the arguments of one call, and show them in the next cell. So the tests have two parts.

    1. Each cell in its order; of a test, what students see.
    2. What failed is tried once more when all cells have run: a helper may be defined further down.
    3. What passed so far is tried as a whole; only pass or fail, and an outline, is told from now on.
    4. What failed there is tried in a new room at its place in the order: a later cell may have used a name again.
    """
    checks, room = [], STORED
    for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
        cell.execution_count = count
        if is_grade(cell) and not is_solution(cell):
            checks.append(CheckCell(cell, len(sandbox.cells)))
            checks[-1].try_shown(sandbox)
        else:
            run_cell(cell, sandbox)
            size = len(json.dumps(cell.outputs))
            if size > room:
                cell.outputs = [error_output("TooMuchOutput", "this notebook shows too much; the rest is left out")]
            room -= min(size, room)
    for check in checks:
        if not check.passed and len(sandbox.cells) > check.ran:
            check.try_shown(sandbox)
    left = [check for check in checks if check.passed and not check.try_all(sandbox)]
    if any(check.ran < len(sandbox.cells) for check in left):
        _in_order(left, sandbox)
    return checks


def _in_order(checks, sandbox):
    sources = [source for source, _ in sandbox.cells]
    sandbox.restart()
    for check in checks:
        for source in sources[len(sandbox.cells) : check.ran]:
            sandbox.run(source)
        check.try_all(sandbox)


def run_cell(cell, sandbox):
    """Execute a student's cell in the sandbox and store what it showed: words and pictures, no HTML, no scripts."""
    outputs, error = sandbox.run(cell.source)
    cell.outputs = [new for output in outputs[:25] if (new := _output(output))]
    if error:
        lines = error.get("traceback") if isinstance(error.get("traceback"), list) else []
        cell.outputs.append(error_output(error.get("name"), error.get("message"), lines[-100:]))


def _output(output):
    """An output of the worker, rebuilt from the parts that are allowed."""
    if not isinstance(output, dict):
        return None
    if output.get("output_type") == "stream":
        return nbformat.v4.new_output("stream", name="stdout", text=clean(output.get("text"), SHOWN))
    data = output.get("data") if isinstance(output.get("data"), dict) else {}
    kept = {"text/plain": clean(data.get("text/plain"), SHOWN)}
    if png(data.get("image/png")):
        kept["image/png"] = data["image/png"]
    return nbformat.v4.new_output("display_data", data=kept)
