"""The whole round of an assignment, through nbgrader's Python interface and from a shell.

One course, one autograde run: the blank release, right solutions that differ in method, and some of the wrong ones of
tests/assignment_submissions. All the others run without nbgrader in test_assignment_answers. Nothing is read from exit
codes.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.plugins import CsvExportPlugin
from nbgrader.utils import is_grade
from nbgrader.validator import Validator

from assignment_round import ASSIGNMENTS, STUB, WRITTEN, Round
from tools import submissions
from tools.lint_assignments import problems

pytestmark = pytest.mark.assignments

NAME = "transposed_convolution"
SIZE, ONE, TWO = FUNCTIONS = ("conv_transpose_output_size", "conv_transpose1d", "conv_transpose2d")
POINTS = submissions.points_of(NAME)  # by check cell
BY_HAND = 6

# Mistakes that are made in both operators. Each costs what it costs in the one and in the other.
IN_BOTH = [
    "padding_left_out",
    "padding_adds",
    "overlaps_overwrite",
    "output_padding_zeros",
    "stride_left_out",
    "kernel_not_turned_for_sliding",
    "channel_axes_exchanged",
    "groups_in_turns",
    "only_the_first_sample",
    "the_input_where_nothing_changes",
]
# Mistakes in the size, and what they cost besides, because both operators of the reference ask for it.
IN_THE_SIZE = {
    "dilation_left_out": "dilation_1d dilation_1d_stride dilation_2d dilation_together groups_together",
    "nothing_refused": "errors_1d errors_2d",
}


# ------------------------------------------------------------------ making submissions


def reference():
    """The text of the reference's solution cells."""
    return dict(submissions.solution_cell(NAME, function) for function in FUNCTIONS)


def noisy(cells):
    """Right answers that warn and print to stderr, as honest code does."""
    noise = """    import sys, warnings
    warnings.warn("careful", stacklevel=1)
    print("debugging", file=sys.stderr)
"""
    return {name: re.sub(r"(    ### BEGIN SOLUTION\n)", lambda m: m[1] + noise, text) for name, text in cells.items()}


def wrong(mistake, *functions):
    """The reference with a mistake in some functions: its cells, the check cells it loses, words of the feedback."""
    cells, lost, said = reference(), set(), []
    for function in functions:
        cell, _ = submissions.solution_cell(NAME, function)
        cells[cell] = submissions.edited(NAME, function, mistake)
        _, checks, words = submissions.wrong(NAME)[function][mistake]
        lost |= set(checks.split())
        said.append(submissions.without_ids(words))
    return cells, lost, said


RIGHT = {
    "right_reference": reference(),
    "right_noisy": noisy(reference()),
    **{f"right_{method}": submissions.right_cells(NAME, method) for method in submissions.right_methods(NAME)},
}
WRONG = {f"wrong_{mistake}": wrong(mistake, ONE, TWO) for mistake in IN_BOTH}
for mistake, more in IN_THE_SIZE.items():
    cells, lost, said = wrong(mistake, SIZE)
    WRONG[f"wrong_size_{mistake}"] = cells, lost | set(more.split()), said


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with the assignment released, and its gradebook."""
    return Round(tmp_path_factory.mktemp("released") / "course", NAME)


@pytest.fixture(scope="module")
def graded(released):
    """All submissions, graded in one run. Only one student has answered in words."""
    released.submit("blank")
    for student, cells in RIGHT.items():
        released.submit(student, cells, "It does not." if student == "right_reference" else None)
    for student, (cells, _, _) in WRONG.items():
        released.submit(student, cells)
    released.grade("wrong_overlaps_overwrite")
    return released


def autograded_messages(course, student):
    """The text of all errors in a graded notebook."""
    notebook = nbformat.read(course.course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return ["\n".join(output.traceback) for output in outputs if output.output_type == "error"]


# ------------------------------------------------------------------ source and release


def test_the_release_has_no_answers(released):
    notebook = released.release()
    text = nbformat.writes(notebook)
    assert problems(notebook, release=True) == []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in FUNCTIONS:
            assert cell.source.endswith("raise NotImplementedError()")
        if name == WRITTEN:
            assert cell.source == STUB
    assert "For the marker" not in text
    only_hidden = hidden_lines(submissions.notebook(NAME))
    assert len(only_hidden) > 50
    assert not [line for line in only_hidden if line in text]


def hidden_lines(notebook):
    """Lines with test cases that stand in hidden tests only, as they stand in the file."""
    shown, hidden = set(), set()
    for cell in notebook.cells:
        before, _, rest = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        inside, _, after = rest.partition("### END HIDDEN TESTS")
        shown |= set((before + after).splitlines())
        hidden |= {line for line in inside.splitlines() if '"input' in line}
    return {json.dumps(line)[1:-1] for line in hidden - shown}


def test_reference_passes_and_blank_release_fails_every_check(released):
    source = released.course / "source" / NAME / f"{NAME}.ipynb"
    release = released.course / "release" / NAME / f"{NAME}.ipynb"
    assert sum(map(is_grade, nbformat.read(release, 4).cells)) > 30  # {} from the validator also means "no test cells"
    assert Validator().validate(str(source)) == {}
    assert Validator(invert=True).validate(str(release)) == {}


def test_validator_goes_red_on_a_broken_solution(tmp_path):
    notebook = nbformat.read(ASSIGNMENTS / "source" / NAME / f"{NAME}.ipynb", 4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == ONE)
    cell.source = submissions.edited(NAME, ONE, "stride_left_out")
    nbformat.write(notebook, tmp_path / "broken.ipynb")
    failed = Validator().validate(str(tmp_path / "broken.ipynb"))["failed"]
    idea = "the stride is left out, in an output of the right size"
    assert any(idea in result["raw_error"] for result in failed)


# ------------------------------------------------------------------ grades


def test_every_submission_is_graded_over_100_points(graded):
    with graded.gradebook() as book:
        students = {submission.student_id: submission for submission in book.assignment_submissions(NAME)}
        assert set(students) == {"blank", *RIGHT, *WRONG}
        assert {submission.max_score for submission in students.values()} == {100}
    assert sum(POINTS.values()) + BY_HAND == 100


@pytest.mark.parametrize("student", RIGHT)
def test_right_solutions_get_full_marks(graded, student):
    words = set() if student == "right_reference" else {WRITTEN}
    assert graded.lost(student) == (words, {WRITTEN} - words)
    assert graded.score(student) == 100 - BY_HAND
    assert autograded_messages(graded, student) == []


def test_the_blank_release_gets_nothing(graded):
    assert graded.lost("blank") == ({*POINTS, WRITTEN}, set())
    assert graded.score("blank") == 0
    assert "conv_transpose1d is not written yet." in "\n".join(autograded_messages(graded, "blank"))


@pytest.mark.parametrize("student", WRONG)
def test_wrong_solutions_lose_what_they_get_wrong(graded, student):
    _, lost, said = WRONG[student]
    assert graded.lost(student) == ({*lost, WRITTEN}, set())
    assert graded.score(student) == 100 - BY_HAND - sum(POINTS[cell] for cell in lost)
    messages = "\n".join(autograded_messages(graded, student))
    assert all(words in messages for words in said)


def test_messages_show_no_lines_of_the_test_cells(graded):
    messages = autograded_messages(graded, "wrong_padding_left_out")
    assert messages
    assert not [message for message in messages if "check_call(" in message]


def test_feedback_names_the_misconception(graded):
    text = graded.feedback("wrong_overlaps_overwrite")
    assert "the later of two overlapping stamps overwrites the earlier" in text
    _, lost, _ = WRONG["wrong_overlaps_overwrite"]
    assert f"(Score: {94.0 - sum(POINTS[cell] for cell in lost)} / 100.0)" in text
    assert "HIDDEN TESTS" not in text


def test_export_has_the_right_scores(graded, tmp_path):
    table = tmp_path / "grades.csv"
    with graded.gradebook() as book:
        CsvExportPlugin(to=str(table)).export(book)
    with table.open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"blank", *RIGHT, *WRONG}
    for student, row in rows.items():
        assert float(row["score"]) == graded.score(student)
        assert float(row["max_score"]) == 100


def test_the_points_of_a_teacher_stay(graded):
    graded.give("right_reference", 5)
    graded.grade()
    assert graded.score("right_reference") == 99
    assert graded.lost("right_reference")[0] == set()


# ------------------------------------------------------------------ from a shell


def test_the_commands_of_the_readme(tmp_path, monkeypatch):
    """Two students, one right and one wrong, with the commands just as the README gives them."""
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)
    readme = (ASSIGNMENTS / "README.md").read_text()
    commands = [line for block in re.findall(r"```bash\n(.*?)```", readme, re.S) for line in block.splitlines()]
    assert [command.split()[1] for command in commands] == [
        "generate_assignment",
        "autograde",
        "generate_feedback",
        "export",
    ]
    course = tmp_path / "assignments"
    course.mkdir()
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", course)
    shutil.copytree(ASSIGNMENTS / "source", course / "source")
    wrong_cells, lost, _ = WRONG["wrong_padding_adds"]
    for command in commands:
        done = subprocess.run(command, shell=True, cwd=course, capture_output=True, text=True, timeout=120)
        assert "ERROR" not in done.stderr, done.stderr
        if "generate_assignment" in command:
            hand_in(course, "ada", reference())
            hand_in(course, "ben", wrong_cells)
    for student in ("ada", "ben"):
        assert (course / "feedback" / student / NAME / f"{NAME}.html").stat().st_size > 10_000
    with (course / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ada": 94, "ben": 94 - sum(POINTS[cell] for cell in lost)}


def hand_in(course, student, cells):
    notebook = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", 4)
    for cell in notebook.cells:
        cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
