"""A student presses *Validate* in JupyterLab; a teacher grades in Formgrader. In a real browser."""

import contextlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from browser import LessonPage, browser_fixture, running_lab  # noqa: F401
from nbgrader_commands import nbgrader
from tools.submissions import SOURCE, edited, notebook, points_of, solution_cell, wrong

pytestmark = pytest.mark.browser

ASSIGNMENTS = SOURCE.parent
NAME = "transposed_convolution"
FUNCTION = "conv_transpose2d"
GRADED = 120_000  # milliseconds
ALERTS = ".alert:visible"


def reference_cells():
    """The reference's code, and an answer in words: ``{cell: text}``."""
    own = {cell.metadata.nbgrader.grade_id: cell for cell in notebook(NAME).cells if "nbgrader" in cell.metadata}
    solutions = {name: cell for name, cell in own.items() if cell.metadata.nbgrader.solution}
    return {name: cell.source if cell.cell_type == "code" else "Mine." for name, cell in solutions.items()}


def wrong_cells():
    """The same with one mistake, and the check cells that it loses."""
    mistake, lost = next((name, cells.split()) for name, (_, cells, _) in wrong(NAME)[FUNCTION].items() if cells)
    return reference_cells() | {solution_cell(NAME, FUNCTION)[0]: edited(NAME, FUNCTION, mistake)}, lost


def filled(release, cells):
    """What a student makes of the release."""
    mine = nbformat.read(release, 4)
    for cell in mine.cells:
        cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return mine


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with one assignment released, and two submissions."""
    course = tmp_path_factory.mktemp("teacher") / "assignments"
    course.mkdir()
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", course)
    shutil.copytree(SOURCE / NAME, course / "source" / NAME)
    assert nbgrader(course, "generate_assignment", NAME).returncode == 0
    for student, cells in {"ada": reference_cells(), "ben": wrong_cells()[0]}.items():
        path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(filled(release_of(course), cells), path)
    return course


def release_of(course):
    return course / "release" / NAME / f"{NAME}.ipynb"


@contextlib.contextmanager
def opened(browser, lab):
    """A page of a running server."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield LessonPage(context.new_page(), lab)
    context.close()
    lab.stop_kernels()


# ------------------------------------------------------------------ the student


@pytest.fixture(name="lab", scope="module")
def student_lab(tmp_path_factory):
    """JupyterLab on a student's folder."""
    folder = tmp_path_factory.mktemp("student")
    with running_lab(tmp_path_factory.mktemp("jupyter"), folder) as running:
        yield running


@pytest.fixture(name="page")
def student_page(browser, lab):
    with opened(browser, lab) as page:
        yield page


def validate(page, mine, screenshots):
    """Open a notebook, press *Validate*, and return what the dialog says."""
    page.open(page.lab.put(mine, f"{NAME}.ipynb"))
    page.page.click(".jp-NotebookPanel-toolbar >> text=Validate")
    page.page.wait_for_selector("#validation-message", timeout=GRADED)
    page.screenshot(f"validate_{screenshots.name}", screenshots)
    assert page.problems == []
    return page.page.inner_text("#validation-message")


def title_of(cell):
    """The first line of a check cell, without its quotes."""
    text = next(own.source for own in notebook(NAME).cells if own.metadata.get("nbgrader", {}).get("grade_id") == cell)
    return text.splitlines()[0].strip('"')


def failed_titles(text):
    """The check cells that the dialog names."""
    return {title for title in map(title_of, points_of(NAME)) if title in text}


def test_a_right_notebook_passes_validate(released, page, tmp_path):
    text = validate(page, filled(release_of(released), reference_cells()), tmp_path / "right")
    assert "Success! Your notebook passes all the tests." in text
    assert failed_titles(text) == set()


def test_validate_names_the_cells_that_fail(released, page, tmp_path):
    """All of them are among those that the hidden tests take too, and the message says what differs."""
    cells, lost = wrong_cells()
    text = validate(page, filled(release_of(released), cells), tmp_path / "wrong")
    assert "Success!" not in text
    assert failed_titles(text)
    assert failed_titles(text) <= {title_of(cell) for cell in lost}
    assert "CheckFailed" in text
    assert "expected" in text


def test_validate_tells_a_student_who_has_edited_a_check(released, page, tmp_path):
    """Planted fault: a check cell that checks nothing."""
    mine = filled(release_of(released), reference_cells())
    check = next(cell for cell in mine.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in points_of(NAME))
    check.source = "pass"
    text = validate(page, mine, tmp_path / "edited")
    assert "Success!" not in text
    assert "The source of the following cell has changed, but it should not have!" in text


def test_validate_asks_for_the_answer_in_words(released, page, tmp_path):
    cells = {name: text for name, text in reference_cells().items() if text != "Mine."}
    text = validate(page, filled(release_of(released), cells), tmp_path / "no_words")
    assert "Success!" not in text
    assert "You did not provide a response." in text


# ------------------------------------------------------------------ the teacher


@contextlib.contextmanager
def teaching(browser, course, private):
    """``make teach`` on a course, and the page that it opens."""
    command = ["make", "teach", f"ASSIGNMENTS={course}", "LAB_ARGS=--no-browser"]
    with running_lab(private, course, command) as lab, opened(browser, lab) as page:
        log = (private / "server.log").read_text()
        assert f"{lab.url}formgrader" in log.replace("127.0.0.1", "localhost")
        page.page.goto(f"{lab.url}formgrader?token={lab.token}")
        page.page.wait_for_selector(f"text={NAME}")
        yield page


def row(page, text):
    """The cells of the table's row with this text."""
    return page.page.locator("tbody tr", has_text=text).locator("td").all_inner_texts()


def autograde(page, student):
    """Press the button, and return the dialog that comes."""
    page.page.locator("tbody tr", has_text=student).locator("td.autograde a").click()
    page.page.wait_for_selector(".modal-title:visible", timeout=GRADED)
    text = page.page.inner_text(".modal-content")
    page.page.click(".modal-footer button")
    page.page.wait_for_selector(".modal-backdrop", state="detached")
    return text


def submissions(page):
    page.page.locator("tbody tr", has_text=NAME).locator("td.num-submissions a").click()
    page.page.wait_for_selector("tbody tr >> text=ada")


def test_a_teacher_grades_in_formgrader(released, browser, tmp_path):
    course = shutil.copytree(released, tmp_path / "assignments")
    with teaching(browser, course, new(tmp_path / "jupyter")) as page:
        assert page.page.locator(ALERTS).all_inner_texts() == []
        assert row(page, NAME)[:3] == [NAME, "None", "draft"]
        submissions(page)
        assert "needs autograding" in row(page, "ada")
        for student in ("ada", "ben"):
            assert f"Successfully autograded '{NAME}' for student '{student}'." in autograde(page, student)
        page.page.wait_for_selector("tbody tr:has-text('ben') >> text=/[0-9]+ \\/ 100/")
        full = sum(points_of(NAME).values())
        lost = sum(points_of(NAME)[cell] for cell in wrong_cells()[1])
        assert f"{full} / 100" in row(page, "ada")
        assert f"{full - lost} / 100" in row(page, "ben")
        page.screenshot("formgrader", tmp_path)
        assert page.problems == []


def test_formgrader_says_why_it_does_not_grade(released, browser, tmp_path):
    """Planted faults: a broken notebook, and no place for the exchange."""
    course = shutil.copytree(released, tmp_path / "assignments")
    (course / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_text(json.dumps({"cells": 3}))
    with (course / "nbgrader_config.py").open("a") as file:
        file.write('c.Exchange.root = "/nowhere/exchange"\n')
    with teaching(browser, course, new(tmp_path / "jupyter")) as page:
        (alert,) = page.page.locator(ALERTS).all_inner_texts()
        assert "/nowhere/exchange" in alert
        submissions(page)
        text = autograde(page, "ada")
        assert "There was an error autograding" in text
        assert "the file holds no cells, so it is no notebook" in text
        assert "needs autograding" in row(page, "ada")
        page.screenshot("formgrader_refuses", tmp_path)


def new(folder: Path):
    folder.mkdir()
    return folder
