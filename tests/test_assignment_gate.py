"""The gate for source notebooks of assignments goes red on planted faults. test_assignment_each has the real ones."""

import copy

import nbformat
import pytest

from tools import submissions
from tools.lint_assignments import problems


@pytest.fixture
def notebook():
    return nbformat.read(submissions.SOURCE / "convolution" / "convolution.ipynb", 4)


def first_test(notebook):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade"))


def with_last_line(line):
    def plant(notebook):
        cell = first_test(notebook)
        cell.source += "\n" + line

    return plant


def without_check(notebook):
    cell = first_test(notebook)
    cell.source = cell.source.splitlines()[0] + "\nanswer = conv_output_size(2, 3)"


def assert_removed(notebook):
    cell = first_test(notebook)
    points = cell.source.splitlines()[0]
    cell.source = f"{points}\nassert conv_output_size(2, 3) == 4\nnp.array_equal(1, 1)\nnumber = 1"


def without_docstring(notebook):
    cell = first_test(notebook)
    cell.source = cell.source.partition("\n")[2]


def with_other_points(notebook):
    first_test(notebook).metadata.nbgrader.points += 1


def with_points_moved_to_another_part(notebook):
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for cell, change in ((tests[0], -1), (tests[-1], 1)):
        before = cell.metadata.nbgrader.points
        cell.metadata.nbgrader.points += change
        cell.source = cell.source.replace(f"({before} points)", f"({before + change} points)")


def with_an_output(notebook):
    cell = first_test(notebook)
    cell.execution_count = 3


def with_another_kernel(notebook):
    notebook.metadata.kernelspec.name = "my-env"


def with_the_same_id_twice(notebook):
    notebook.cells.append(copy.deepcopy(notebook.cells[0]))


def written(notebook):
    """The answer in words, that a teacher grades."""
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "written_answer"
    )


def as_code(notebook):
    written(notebook).cell_type = "code"
    written(notebook).update(execution_count=None, outputs=[])


def without_a_place_to_write(notebook):
    written(notebook).metadata.nbgrader.solution = False


def worth_nothing(notebook):
    written(notebook).metadata.nbgrader.points = 0


def with_more_points_than_the_rubric(notebook):
    written(notebook).metadata.nbgrader.points += 1


def without_a_rubric(notebook):
    question = notebook.cells[notebook.cells.index(written(notebook)) - 1]
    question.source = question.source.replace("| 3 |", "| three |")


def without_a_model_answer(notebook):
    written(notebook).source = "YOUR ANSWER HERE"


def with_a_test_that_is_a_solution(notebook):
    first_test(notebook).metadata.nbgrader.solution = True


PLANTED = {
    "a comparison without assert as the last line": (
        with_last_line("np.allclose(mine, truth)"),
        "compares without assert",
    ),
    "the same, read by nbgrader as points": (
        with_last_line("np.allclose(mine, truth)"),
        "the last line is an expression",
    ),
    "a bare method call": (with_last_line("(mine == truth).all()"), "compares without assert"),
    "a bare equality": (with_last_line("mine == truth"), "compares without assert"),
    "a number as the last line": (with_last_line("largest_error"), "the last line is an expression"),
    "an assert that became a bare call in the middle": (assert_removed, "compares without assert"),
    "no assertion at all": (without_check, "it asserts nothing"),
    "no word on what is checked": (without_docstring, "it does not say what it checks"),
    "points that the first line does not name": (with_other_points, "its first line must name its points"),
    "points that do not add up": (with_other_points, "the points add up to 101, not 100"),
    "points moved to another part": (with_points_moved_to_another_part, "promises 15 points, its test cells give 14"),
    "a notebook that was run and saved": (with_an_output, "is not stripped"),
    "somebody's own kernel": (with_another_kernel, "the kernel must be python3"),
    "a cell copied with its id": (with_the_same_id_twice, "is used twice"),
    "an answer in code": (as_code, "written_answer: it is code and a solution, so it would be graded by hand"),
    "no place to write": (without_a_place_to_write, "written_answer: it is graded by hand, but students cannot write"),
    "nothing to earn": (worth_nothing, "written_answer: it is worth nothing"),
    "more points than the rubric": (with_more_points_than_the_rubric, "the rubric above it adds up to 5 points, not 6"),
    "more points than the heading": (with_more_points_than_the_rubric, "promises 5 points, its test cells give 6"),
    "a rubric without a number": (without_a_rubric, "the rubric above it adds up to 2 points, not 5"),
    "no model answer": (without_a_model_answer, "written_answer: it has no model answer"),
    "a test that nobody would run": (with_a_test_that_is_a_solution, "size_places: it is code and a solution"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_gate_goes_red(notebook, fault):
    plant, words = PLANTED[fault]
    plant(notebook)
    assert any(words in problem for problem in problems(notebook))


def test_an_assert_as_the_last_line_is_fine(notebook):
    with_last_line("assert mine == truth")(notebook)
    assert problems(notebook) == []


def test_the_gate_sees_answers_left_in_a_release(notebook):
    found = problems(notebook, release=True)
    assert "BEGIN SOLUTION is left in the release" in found
    assert "BEGIN HIDDEN TESTS is left in the release" in found
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") or "HIDDEN TESTS" in cell.source:
            cell.source = cell.source.partition("### BEGIN")[0]
    assert problems(notebook, release=True) == []
