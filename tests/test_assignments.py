"""The whole round of an assignment, through nbgrader's Python interface and from a shell.

One course, one autograde run: the blank release, right solutions that differ in method,
and wrong ones that each make one mistake. Nothing is read from exit codes.
"""

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from nbgrader.utils import is_grade
from nbgrader.validator import Validator
from traitlets.config import PyFileConfigLoader

from assignment_submissions.wrong import WRONG
from convlab.grading.lint import problems

pytestmark = pytest.mark.assignments

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
NAME = "transposed_convolution"
SOURCE = ASSIGNMENTS / "source" / NAME / f"{NAME}.ipynb"
SUBMISSIONS = Path(__file__).with_name("assignment_submissions")
FUNCTIONS = ("conv_transpose_output_size", "conv_transpose1d", "conv_transpose2d")
PARTS = {"size": 10, "scatter": 25, "padding": 15, "output_padding": 15, "dilation": 10, "groups": 15, "errors": 10}


@pytest.fixture(autouse=True, scope="module")
def nbgrader_finds_alembic():
    """Creating a gradebook runs the command ``alembic``, so the environment's bin folder must be on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)
        yield


# ------------------------------------------------------------------ making submissions


def function_cells(notebook):
    """The solution cells, by the function that they hold."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if cell.id.replace("-", "_") in FUNCTIONS}


def reference_sources():
    return {name: cell.source for name, cell in function_cells(nbformat.read(SOURCE, 4)).items()}


def sources_of(file):
    """The text of a file of right answers, cut into the three cells; helpers go into the first."""
    text = (SUBMISSIONS / file).read_text()
    own = {}
    for node in ast.parse(text).body:
        name = node.name if getattr(node, "name", "") in FUNCTIONS[1:] else FUNCTIONS[0]
        own[name] = own.get(name, "") + ast.get_source_segment(text, node) + "\n"
    return own


def edited(edits):
    sources = sources_of(edits["file"]) if "file" in edits else reference_sources()
    for function in FUNCTIONS:
        for old, new in edits.get(function, ()):
            assert old in sources[function], f"{old!r} is not in {function}"
            sources[function] = sources[function].replace(old, new)
    return sources


def noisy(sources):
    """Right answers that warn and print to stderr, as honest code does."""
    noise = """    import sys, warnings
    warnings.warn("careful", stacklevel=1)
    print("debugging", file=sys.stderr)
"""
    return {name: re.sub(r"(    ### BEGIN SOLUTION\n)", lambda m: m[1] + noise, text) for name, text in sources.items()}


SUBMITTED = {
    "blank": lambda: {},
    "right_reference": reference_sources,
    "right_noisy": lambda: noisy(reference_sources()),
    "right_loops": lambda: sources_of("loops.py"),
    "right_zero_insertion": lambda: sources_of("zero_insertion.py"),
    "right_matrix": lambda: sources_of("matrix.py"),
    **{f"wrong_{name}": (lambda edits=edits: edited(edits)) for name, (edits, _, _) in WRONG.items()},
}


def submit(course, student, sources):
    """Do what a student does: fill the function cells of the release and hand it in."""
    notebook = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", 4)
    for name, text in sources.items():
        function_cells(notebook)[name].source = text
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def new_course(path):
    path.mkdir(exist_ok=True)
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", path)
    shutil.copytree(ASSIGNMENTS / "source", path / "source")
    return path


def run(converter, course, **options):
    """Run one nbgrader step in this process, with the course's configuration."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    coursedir = CourseDirectory(config=config, assignment_id=NAME, **options)
    converter(coursedir=coursedir, config=config).start()


def gradebook(course):
    return Gradebook(f"sqlite:///{course}/gradebook.db")


def scores(course, student):
    """Points by test cell."""
    with gradebook(course) as book:
        grades = book.find_submission_notebook(NAME, NAME, student).grades
        return {grade.name: (grade.auto_score, grade.max_score) for grade in grades}


def lost(points):
    """Points lost by part; parts without a loss are left out."""
    parts = {}
    for cell, (score, most) in points.items():
        part = max((name for name in PARTS if cell.startswith(name)), key=len)
        parts[part] = parts.get(part, 0) + most - score
    return {part: loss for part, loss in parts.items() if loss}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with the assignment released, and its gradebook; to be copied, because making it takes seconds."""
    course = new_course(tmp_path_factory.mktemp("released") / "course")
    run(GenerateAssignment, course)
    return course


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """All submissions, graded in one run."""
    course = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released, course)
    for student, sources in SUBMITTED.items():
        submit(course, student, sources())
    run(Autograde, course)
    run(GenerateFeedback, course, student_id="wrong_overlaps_overwrite")
    return course


def autograded_messages(course, student):
    """The text of all errors in a graded notebook."""
    notebook = nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return ["\n".join(output.traceback) for output in outputs if output.output_type == "error"]


# ------------------------------------------------------------------ source and release


def test_the_release_has_no_answers(released):
    text = (released / "release" / NAME / f"{NAME}.ipynb").read_text()
    notebook = nbformat.reads(text, 4)
    assert problems(notebook, release=True) == []
    for cell in function_cells(notebook).values():
        assert cell.source.endswith("raise NotImplementedError()")
    only_hidden = hidden_lines(nbformat.read(SOURCE, 4))
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
    source = released / "source" / NAME / f"{NAME}.ipynb"
    release = released / "release" / NAME / f"{NAME}.ipynb"
    assert sum(map(is_grade, nbformat.read(release, 4).cells)) > 30  # {} from the validator also means "no test cells"
    assert Validator().validate(str(source)) == {}
    assert Validator(invert=True).validate(str(release)) == {}


def test_validator_goes_red_on_a_broken_solution(released, tmp_path):
    notebook = nbformat.read(SOURCE, 4)
    cell = function_cells(notebook)["conv_transpose1d"]
    assert "stride * j" in cell.source
    cell.source = cell.source.replace("stride * j", "j")
    nbformat.write(notebook, tmp_path / "broken.ipynb")
    failed = Validator().validate(str(tmp_path / "broken.ipynb"))["failed"]
    idea = "the stride is left out, in an output of the right size (M06e)"
    assert any(idea in result["raw_error"] for result in failed)


# ------------------------------------------------------------------ grades


def test_every_submission_is_graded_over_100_points(graded):
    with gradebook(graded) as book:
        graded_students = {submission.student_id for submission in book.assignment_submissions(NAME)}
    assert graded_students == set(SUBMITTED)
    for student in SUBMITTED:
        points = scores(graded, student)
        assert sum(most for _, most in points.values()) == 100
        assert all(score is not None for score, _ in points.values())
    parts = {}
    for cell, (_, most) in scores(graded, "blank").items():
        part = max((name for name in PARTS if cell.startswith(name)), key=len)
        parts[part] = parts.get(part, 0) + most
    assert parts == PARTS


@pytest.mark.parametrize("student", [name for name in SUBMITTED if name.startswith("right")])
def test_right_solutions_get_full_marks(graded, student):
    assert lost(scores(graded, student)) == {}
    assert autograded_messages(graded, student) == []


def test_the_blank_release_gets_nothing(graded):
    assert lost(scores(graded, "blank")) == PARTS
    assert "conv_transpose1d is not written yet." in "\n".join(autograded_messages(graded, "blank"))


@pytest.mark.parametrize("name", WRONG)
def test_wrong_solutions_lose_what_they_get_wrong(graded, name):
    _, expected, words = WRONG[name]
    assert lost(scores(graded, f"wrong_{name}")) == expected
    assert words in "\n".join(autograded_messages(graded, f"wrong_{name}"))


def test_messages_show_no_lines_of_the_test_cells(graded):
    messages = autograded_messages(graded, "wrong_padding_ignored")
    assert messages
    assert not [message for message in messages if "check_call(" in message]


def test_feedback_names_the_misconception(graded):
    page = graded / "feedback" / "wrong_overlaps_overwrite" / NAME / f"{NAME}.html"
    text = page.read_text()
    assert "the later of two overlapping stamps overwrites the earlier (M14a)" in text
    assert "(Score: 80.0 / 100.0)" in text
    assert "HIDDEN TESTS" not in text


def test_export_has_the_right_scores(graded, tmp_path):
    table = tmp_path / "grades.csv"
    with gradebook(graded) as book:
        CsvExportPlugin(to=str(table)).export(book)
    with table.open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(SUBMITTED)
    for student, row in rows.items():
        loss = PARTS if student == "blank" else WRONG.get(student.removeprefix("wrong_"), ({}, {}, ""))[1]
        assert float(row["score"]) == 100 - sum(loss.values())
        assert float(row["max_score"]) == 100


# ------------------------------------------------------------------ from a shell


def test_the_commands_of_the_readme(tmp_path):
    """Two students, one right and one wrong, with the commands just as the README gives them."""
    readme = (ASSIGNMENTS / "README.md").read_text()
    commands = [line for block in re.findall(r"```bash\n(.*?)```", readme, re.S) for line in block.splitlines()]
    assert [command.split()[1] for command in commands] == [
        "generate_assignment",
        "autograde",
        "generate_feedback",
        "export",
    ]
    course = new_course(tmp_path / "assignments")
    for command in commands:
        done = subprocess.run(command, shell=True, cwd=course, capture_output=True, text=True, timeout=120)
        assert "ERROR" not in done.stderr, done.stderr
        if "generate_assignment" in command:
            submit(course, "ada", reference_sources())
            submit(course, "ben", edited(WRONG["padding_adds"][0]))
    assert lost(scores(course, "ada")) == {}
    assert lost(scores(course, "ben")) == WRONG["padding_adds"][1]
    for student in ("ada", "ben"):
        assert (course / "feedback" / student / NAME / f"{NAME}.html").stat().st_size > 10_000
    with (course / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ada": 100, "ben": 71}
