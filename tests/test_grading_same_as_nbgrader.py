"""Tests of other teachers give the points that nbgrader itself gives, or grading is refused with a sentence.

The cells of ``teachers_cells.txt``, by style, and nbgrader's own example course, graded by nbgrader's settings and by
ours.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import grading_course as tiny
from nbgrader_commands import nbgrader as command

pytestmark = pytest.mark.assignments

NAME = "styles"
STUDENTS = ("right", "wrong", "blank")
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"
OURS = "from convlab.grading.sandbox import configure\nconfigure(c)\n"
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


@dataclass
class Case:
    """One exercise: what students write, and the test; ``locked`` is a cell of the teacher's above it."""

    name: str
    right: str
    wrong: str
    test: str
    locked: str


def read_case(text):
    """``def f(x):``, or a name where a whole cell is written; then parts, each but the last with its name below it."""
    head, _, body = text.partition("\n")
    parts = dict(re.findall(r"(.*?)\n- (\w+)\n", body, re.S))
    parts = {name: text for text, name in parts.items()}
    name = re.sub(r"(def )?(\w+).*", r"\2", head)
    for kind in ("right", "wrong"):
        marked = f"### BEGIN SOLUTION\n{parts[kind]}\n### END SOLUTION"
        parts[kind] = f"{head}\n{indent(marked, '    ')}" if head.startswith("def ") else marked
    return Case(name, test=re.split(r"\n- \w+\n", body)[-1].strip(), **{"locked": ""} | parts)


def read_styles():
    styles = Path(__file__).with_name("teachers_cells.txt").read_text().split("=== ")[1:]
    titles = [style.partition("\n") for style in styles]
    return {name: [read_case(case) for case in body.split("--- ")[1:]] for name, _, body in titles}


STYLES = read_styles()
# Two notebooks for all styles: each takes seconds to grade.
NOTEBOOKS = {
    name: [case for style in list(STYLES)[number::2] for case in STYLES[style]] for number, name in enumerate("ab")
}


def kinds(name, **more):
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name} | plain | more}


def source(cases):
    cells = []
    for case in cases:
        if case.locked:
            cells.append(new_code_cell(case.locked, metadata=kinds(f"{case.name}_locked", locked=True)))
        cells.append(new_code_cell(case.right, metadata=kinds(f"{case.name}_code", solution=True)))
        cells.append(new_code_cell(case.test, metadata=kinds(case.name, grade=True, locked=True, points=2)))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata=KERNEL)


def make(course, notebooks):
    """A course of nbgrader's own settings."""
    folder = course / "source" / NAME
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("a,b\n1,2\n")
    (folder / "helpers_of_course.py").write_text("def twice(n):\n    return 2 * n\n")
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (course / "nbgrader_config.py").write_text(STOCK)
    done = command(course, "generate_assignment", NAME)
    assert "ERROR" not in done.stderr, done.stderr
    return course


def hand_in(course):
    for student in STUDENTS:
        folder = course / "submitted" / student / NAME
        shutil.copytree(course / "release" / NAME, folder)
        for name, cases in NOTEBOOKS.items():
            notebook = nbformat.read(folder / f"{name}.ipynb", 4)
            for case in cases if student != "blank" else ():
                tiny.cell_of(notebook, f"{case.name}_code").source = getattr(case, student)
            nbformat.write(notebook, folder / f"{name}.ipynb")


def graded_both_ways(stock, assignment):
    """Grade a course twice: its own settings, and those with the sandbox. Returns points, the course, what was said."""
    course = tiny.copy(stock, stock.parent / "ours")
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(OURS)
    said = [command(folder, "autograde", assignment, timeout=1200) for folder in (stock, course)]
    return tiny.all_scores(stock, assignment), tiny.all_scores(course, assignment), course, said[1]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    notebooks = {name: source(cases) for name, cases in NOTEBOOKS.items()}
    stock = make(tmp_path_factory.mktemp("styles") / "stock", notebooks)
    hand_in(stock)
    return graded_both_ways(stock, NAME)


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("style", STYLES)
def test_every_cell_gives_the_points_of_nbgrader(graded, style, student):
    stock, ours, _, _ = graded
    names = [case.name for case in STYLES[style]]
    points = ({name: scores[student][name] for name in names} for scores in (stock, ours))
    assert next(points) == next(points)


def test_the_cells_tell_right_from_wrong(graded):
    """Else the test before would be green for nothing."""
    stock = graded[0]
    cells = [case.name for cases in STYLES.values() for case in cases]
    assert len(cells) >= 135
    assert sum(stock["right"][name] > max(stock["wrong"][name], stock["blank"][name]) for name in cells) > 120


def test_hidden_tests_in_the_room_are_not_shown(graded):
    names = [case.name for case in STYLES["hidden"]]
    assert "7717" in str(STYLES["hidden"])
    for student in STUDENTS:
        notebook = nbformat.read(graded[2] / "autograded" / student / NAME / "b.ipynb", 4)
        assert "7717" not in str([tiny.cell_of(notebook, name).outputs for name in names])


def test_which_tests_run_in_the_room_is_said_before_and_at_the_end(graded):
    said = graded[3].stderr
    assert re.search(
        r"Tests of a: 0 sealed; \d\d in the room, where a student's code can fool them \(plus, double", said
    )
    assert said.rindex("Tests of a:") > said.rindex("of 3 done")


def test_nbgraders_own_example_course(tmp_path):
    """``nbgrader quickstart``, with the submissions of nbgrader's documentation."""
    command(tmp_path, "quickstart", "stock")
    stock = tmp_path / "stock"
    done = command(stock, "generate_assignment", "ps1")
    assert "ERROR" not in done.stderr, done.stderr
    shutil.copytree(Path(nbgrader.__file__).parent / "docs/source/user_guide/submitted", stock / "submitted")
    shutil.copytree(stock / "release" / "ps1", stock / "submitted" / "blank" / "ps1")
    expected, ours, course, said = graded_both_ways(stock, "ps1")
    assert expected == ours
    assert set(expected) >= {"bitdiddle", "hacker", "blank"}, said.stderr
    done = command(course, "generate_assignment", "ps1", "--force")
    assert "0 sealed; 4 in the room" in done.stderr


ABSENT = new_notebook(
    metadata=KERNEL,
    cells=[
        new_code_cell("### BEGIN SOLUTION\nimport pandas\n### END SOLUTION", metadata=kinds("mine", solution=True)),
        new_code_cell("import scipy.signal\nassert mine", metadata=kinds("scipys", grade=True, locked=True, points=1)),
    ],
)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("", "the cell scipys imports scipy, which the room does not have: see GradeInSandbox.libraries"),
        ("c.GradeInSandbox.sealed_only = True\n", "these tests are not made of checks alone: scipys"),
        ("c.GradeInSandbox.libraries = ('scipy',)\n", None),
    ],
)
def test_what_cannot_run_is_refused_when_it_is_made_and_when_it_is_graded(tmp_path, setting, words):
    course = make(tmp_path / "course", {"absent": ABSENT})
    shutil.copytree(course / "release" / NAME, course / "submitted" / "ada" / NAME)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(OURS + setting)
    made, graded = command(course, "generate_assignment", NAME, "--force"), command(course, "autograde", NAME)
    assert "The cell mine imports pandas, which does nothing when work is graded" in made.stderr or words
    for done in (made, graded):
        assert (words is None) or words in done.stderr
        assert (done.returncode == 0) == (words is None), done.stderr
