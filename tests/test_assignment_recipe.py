"""The recipe for a new assignment, followed with a dummy: one notebook, one file of oracles, right and wrong answers.

With these four files, and no other change, it is checked, released, graded and counted as the real ones are.
"""

import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from assignment_round import Round
from convlab.grading import oracles
from tools import lint_assignments, submissions, tables

NAME = "doubling"
SOLUTION = """def double(size):
    \"\"\"Twice the cells.\"\"\"
    ### BEGIN SOLUTION
    if size < 1:
        raise ValueError("no cells")
    return size * 2
    ### END SOLUTION"""
VALUES = """# Sizes are doubled (60 points).
from convlab.grading import check_call
check_call(double, "double", [{"size": 1}])
### BEGIN HIDDEN TESTS
check_call(double, "double", [{"size": 3}, {"size": 4}])
### END HIDDEN TESTS"""
ERRORS = """# No cells are refused (40 points).
from convlab.grading import check_errors
check_errors(double, "double", refused=[{"size": 0}], accepted=[{"size": 1}])"""
ORACLES = """
from convlab.grading.oracles.oracle import Mistake, Oracle, refusing

def ours(size):
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    return 2 * size

def mistakes(size):
    yield Mistake("M12a", size + 2, "two is added")

ORACLES = {"double": Oracle(refusing(ours), ours=ours, positional=1, mistakes=mistakes)}
"""
RIGHT = """
# %% loops: one and one
def double(size):
    if size < 1:
        raise ValueError
    return sum(2 for _ in range(size))


# %% factor: twice as many
def double(size):
    return size * 2 if size > 0 else int("no cells")
"""
WRONG = """
WRONG = {("double", "errors"): {"nothing_refused": ("it returns an answer", ("if size < 1:", "if False:"))}}
IDEAS = {("double", "values"): "M12a"}
EQUIVALENT = {("double", "return size * 2", "arguments exchanged"): "not a mutant here"}
"""


def cell(text, name, **options):
    made = new_code_cell(text)
    nbgrader = {"grade_id": name, "locked": False, "schema_version": 3, "cell_type": "code", "task": False, **options}
    made.metadata.nbgrader = {"grade": False, "solution": False, **nbgrader}
    return made


@pytest.fixture
def dummy(tmp_path, monkeypatch):
    """The four files of the recipe, where the machinery looks for them."""
    notebook = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [
        new_markdown_cell("## Doubling (100 points)"),
        cell(SOLUTION, "double", solution=True),
        cell(VALUES, "values", grade=True, locked=True, points=60),
        cell(ERRORS, "errors", grade=True, locked=True, points=40),
    ]
    (tmp_path / "source" / NAME).mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "source" / NAME / f"{NAME}.ipynb")
    for name, text in {"oracles": ORACLES, "right": RIGHT, "wrong": WRONG}.items():
        (tmp_path / f"{NAME}_{name}.py").write_text(text)
    monkeypatch.setattr(submissions, "SOURCE", tmp_path / "source")
    monkeypatch.setattr(submissions, "SUBMISSIONS", tmp_path)
    monkeypatch.setattr(oracles, "__path__", [*oracles.__path__, str(tmp_path)])
    monkeypatch.setitem(oracles.ORACLES, "double", oracles.found()["double"])
    yield
    del sys.modules[f"{oracles.__name__}.{NAME}_oracles"]


def test_it_is_found_and_its_form_is_checked(dummy):
    assert submissions.assignments() == [NAME]
    assert submissions.functions(NAME) == ["double"]
    assert lint_assignments.problems(submissions.notebook(NAME)) == []


def test_its_answers_are_counted(dummy):
    text, faults = tables.right_table([NAME])
    assert faults == []
    assert text.endswith(f"| {NAME} | `double` | 2 | loops, factor |")
    text, faults = tables.wrong_table([NAME])
    assert faults == []
    assert text.endswith(f"| {NAME} | `double` | 2 | 40 to 60 | 1 |")
    _, faults = tables.mutant_table([NAME])
    assert faults == []


@pytest.mark.assignments
def test_it_is_released_and_graded(dummy, tmp_path):
    course = Round(tmp_path / "course", NAME)
    text = nbformat.writes(course.release())
    assert "HIDDEN TESTS" not in text
    assert "size * 2" not in text
    course.submit("right", {"double": submissions.right_cells(NAME, "factor")["double"]})
    course.submit("wrong", {"double": "def double(size):\n    return size + 2"})
    course.grade("wrong")
    assert [course.score(student) for student in ("right", "wrong")] == [100, 0]
    assert "two is added" in course.feedback("wrong")
