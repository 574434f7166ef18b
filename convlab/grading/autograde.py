"""Grading in two rooms: students' cells run in the sandbox, the tests run here.

:class:`GradeInSandbox` takes the place of nbgrader's ``Execute``. A test cell is the teacher's text from the
gradebook, so it may run in this process; every name in it that is the student's stands for a
:class:`StudentFunction`, which sends the arguments into the sandbox and brings the answer back. The truth never
goes in.
"""

import ast
import builtins
import contextlib
import io
import pathlib
import re
import traceback

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Float, Integer

from convlab.grading.messages import CheckFailed
from convlab.grading.sandbox import Budget, CodeStopped, Sandbox
from convlab.grading.student import StudentFunction

__all__ = ["GradeInSandbox"]

SHOWN = 100_000  # letters that a cell may show
PNG = re.compile(r"[A-Za-z0-9+/=\s]{0,1000000}")


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
    processes = Integer(64, help="Processes of a student's code").tag(config=True)
    unsafe_without_sandbox = Bool(
        False, help="Run students' code with the rights of whoever grades, where there is no bubblewrap"
    ).tag(config=True)
    disk_megabytes = Integer(50, help="Files that a student's code may write, in megabytes").tag(config=True)

    def preprocess(self, nb, resources):
        folder = pathlib.Path(resources["metadata"]["path"])
        budget = Budget(
            seconds=self.seconds_per_cell,
            total_seconds=self.seconds_per_notebook,
            memory=self.megabytes,
            processes=self.processes,
            disk=self.disk_megabytes,
        )
        with Sandbox(folder, budget, locked=not self.unsafe_without_sandbox) as sandbox:
            self._grade(nb, sandbox)
        return nb, resources

    def _grade(self, nb, sandbox):
        """Every cell in its order; a test that fails is tried once more when all of the student's cells have run."""
        failed = []
        for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
            cell.execution_count = count
            if is_grade(cell) and not is_solution(cell):
                if not run_test(cell, sandbox):
                    failed.append((cell, len(sandbox.cells)))
            else:
                run_cell(cell, sandbox)
        for cell, ran in failed:
            if len(sandbox.cells) > ran:
                run_test(cell, sandbox)


def run_cell(cell, sandbox):
    """Execute a student's cell in the sandbox and store what it showed: words and pictures, no HTML, no scripts."""
    try:
        outputs, error = sandbox.run(cell.source)
    except CodeStopped as stop:
        outputs, error = [], {"name": "CodeStopped", "message": str(stop)}
    cell.outputs = [new for output in outputs if (new := _output(output))]
    if error:
        cell.outputs.append(_error(str(error.get("name")), str(error.get("message"))))


def run_test(cell, sandbox):
    """Run a test cell here and store what came of it; return whether it passed.

    It passed if nothing was raised. What it prints is stored; what the student's functions print is not: it could
    show the inputs of hidden tests.
    """
    code, name = ast.parse(cell.source), f"<{cell.metadata.nbgrader.grade_id}>"
    namespace = {name: StudentFunction(name, sandbox) for name in free_names(code)}
    printed, failure = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            exec(compile(code, name, "exec"), namespace)  # the gradebook's text
    except Exception as error:
        failure = error
    cell.outputs = []
    if printed.getvalue():
        cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text=printed.getvalue()[:SHOWN]))
    if failure is not None:
        cell.outputs += _told(failure, hidden=_line(failure, name) in hidden_lines(cell.source))
    return failure is None


def _told(failure, hidden):
    """A failed test as outputs: what the student may know of it, and a picture where there is one."""
    if not isinstance(failure, CheckFailed):  # an assert in a test cell of a teacher's own
        return [_error(type(failure).__name__, "a check that is not shown" if hidden else str(failure))]
    outputs = [_error("CheckFailed", failure.outline if hidden else str(failure))]
    if failure.picture and not hidden:
        data = {"text/plain": "your answer beside the right one", "text/html": failure.picture}
        outputs.insert(0, nbformat.v4.new_output("display_data", data=data))
    return outputs


def _line(failure, name):
    """The line of the test cell where it failed."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == name]
    return lines[-1] if lines else 0


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


def _output(output):
    """An output of the worker, rebuilt from the parts that are allowed."""
    if not isinstance(output, dict):
        return None
    if output.get("output_type") == "stream":
        return nbformat.v4.new_output("stream", name="stdout", text=str(output.get("text"))[:SHOWN])
    data = output.get("data") if isinstance(output.get("data"), dict) else {}
    kept = {"text/plain": str(data.get("text/plain"))[:SHOWN]}
    picture = data.get("image/png")
    if isinstance(picture, str) and PNG.fullmatch(picture):
        kept["image/png"] = picture
    return nbformat.v4.new_output("display_data", data=kept)


def _error(name, message):
    return nbformat.v4.new_output("error", ename=name, evalue=message[:SHOWN], traceback=[f"{name}: {message}"[:SHOWN]])
