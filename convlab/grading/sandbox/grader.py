"""Grading in two places: a student's cells run in the sandbox, sealed tests run here. No gradebook and no files."""

import json
from collections.abc import Collection

import nbformat

from .check_cells import CheckCell
from .room import RoomTest, error_output, run_cell
from .session import Sandbox
from .ways import sealed_names

__all__ = ["grade", "is_test"]

STORED = 20_000_000  # of all outputs of a notebook together


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell holds a test of the teacher's."""
    own = cell.metadata.get("nbgrader", {})
    return bool(own.get("grade")) and not own.get("solution")


def grade(nb: nbformat.NotebookNode, sandbox: Sandbox, checks: Collection[str] = ()) -> list[CheckCell | RoomTest]:
    """Run a student's cells and all tests; store in every cell what came of it. ``checks``: :mod:`.ways`.

    What runs in the room, tests too, runs once, from the first cell to the last, as nbgrader does it. A student's
    words, pictures and messages are taken before a hidden sealed test has entered that Python: functions could remember
    the arguments of one call, and show them in the next cell. So sealed tests have two parts.

    1. Each cell in its order; of a sealed test, what students see.
    2. What failed is tried once more when all cells have run: a helper may be defined further down.
    3. What passed so far is tried as a whole; only pass or fail, and an outline, is told from now on.
    4. What failed there is tried in a new Python at its place in the order: a later cell may have used a name again.
    """
    tests: list[CheckCell | RoomTest] = []
    sealed, left = [], STORED
    for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
        cell.execution_count = count
        names = sealed_names(cell.source, checks) if is_test(cell) else None
        if names is not None:
            sealed.append(CheckCell(cell, names, len(sandbox.cells)))
            sealed[-1].try_shown(sandbox)
            tests.append(sealed[-1])
            continue
        if is_test(cell):
            test = RoomTest(cell)
            tests.append(test)
            test.run(sandbox)
        else:
            run_cell(cell, sandbox)
        left = _stored(cell, left)
    for check in sealed:
        if not check.passed and len(sandbox.cells) > check.ran:
            check.try_shown(sandbox)
    failed = [check for check in sealed if check.passed and not check.try_all(sandbox)]
    if any(check.ran < len(sandbox.cells) for check in failed):
        _in_order(failed, sandbox)
    return tests


def _stored(cell, left):
    """How much may still be stored; of a test what gives its points is stored in any case."""
    size = len(json.dumps(cell.outputs))
    if size <= left:
        return left - size
    too_much = error_output("TooMuchOutput", "this notebook shows too much; the rest is left out")
    kept = [output for output in cell.outputs if output.output_type == "execute_result" or _on_stderr(output)]
    cell.outputs = kept + [output for output in cell.outputs if output.output_type == "error"]
    if not is_test(cell):
        cell.outputs = [too_much]
    return 0


def _on_stderr(output):
    return output.output_type == "stream" and output.name == "stderr"


def _in_order(checks, sandbox):
    sources = [source for source, _ in sandbox.cells]
    sandbox.restart()
    for check in checks:
        for source in sources[len(sandbox.cells) : check.ran]:
            sandbox.run(source)
        check.try_all(sandbox)
