"""What a teacher and a student look at after grading, in a real browser: no script of a student's runs there."""

import json
import re
import urllib.request

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

import grading_course as tiny
from browser import STARTED, browser_fixture, running_lab  # noqa: F401
from grading_attacks import ATTACKS, FAMILIES, SCRIPT

pytestmark = [pytest.mark.assignments, pytest.mark.browser]

HOSTILE = [name for name in FAMILIES["pages"] + FAMILIES["leak"] if ATTACKS[name].graded]
CONTROL = "control"  # its page holds a script: the test must see it
WAIT = 300  # milliseconds that a script has to run


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Hostile submissions and a wrong one, graded, with their feedback."""
    course = tiny.make(tmp_path_factory.mktemp("pages") / "course")
    for name in HOSTILE:
        ATTACKS[name].make(course, name)
    wrong = tiny.right(tiny.release(course))
    cell = tiny.cell_of(wrong, "stamp_code")
    cell.source = cell.source.replace("stride * j + t", "j + t")
    for student in ("ada", CONTROL):
        tiny.submit(course, student, wrong)
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert "ERROR" not in done.stderr, done.stderr
    path = course / "autograded" / CONTROL / tiny.NAME / f"{tiny.NAME}.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(SCRIPT))
    path.chmod(0o644)
    nbformat.write(notebook, path)
    done = tiny.nbgrader(course, "generate_feedback", tiny.NAME)
    assert "ERROR" not in done.stderr, done.stderr
    return course


def page_of(course, student):
    return course / "feedback" / student / tiny.NAME / f"{tiny.NAME}.html"


def visit(page, url):
    """Open a page and let its scripts run, click every link that leads nowhere else; return what has happened."""
    happened = []
    page.on("dialog", lambda dialog: (happened.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.goto(url, wait_until="domcontentloaded", timeout=STARTED)
    page.wait_for_timeout(WAIT)
    happened += page.evaluate("""() => [...document.querySelectorAll('#notebook a, #notebook area')]
        .filter(a => !/^(#|https:|http:|mailto:|$)/.test(a.getAttribute('href') || '')).map(a => a.outerHTML)""")
    if page.evaluate("() => window.convlabAttack !== undefined"):
        happened.append("a script has run")
    return happened


# ------------------------------------------------------------------ feedback


@pytest.mark.parametrize("student", HOSTILE)
def test_no_script_runs_on_a_feedback_page(browser, course, student):
    page = browser.new_page()
    assert visit(page, page_of(course, student).as_uri()) == []
    page.close()


def test_red_where_a_script_is_left_on_a_feedback_page(browser, course):
    page = browser.new_page()
    assert "a script has run" in visit(page, page_of(course, CONTROL).as_uri())
    page.close()


@pytest.mark.parametrize("student", HOSTILE + ["ada"])
def test_feedback_gives_no_hidden_input_away(course, student):
    text = page_of(course, student).read_text()
    assert "HIDDEN TESTS" not in text
    assert not [number for number in tiny.SECRET if number in text]


def test_feedback_says_what_a_student_needs(course):
    """Per check: what was expected, what came, where they differ, the likely mistake, the lesson, a picture."""
    page = BeautifulSoup(page_of(course, "ada").read_text(), "html.parser")
    text = page.get_text()
    assert "(Score: 4.0 / 11.0)" in text
    assert [float(score) for score in re.findall(r"Test cell \(Score: ([\d.]+) / ", text)] == [2, 1, 0, 1]
    for words in (
        "Call:     conv_transpose1d(np.array([[[2, 3]]], float), np.array([[[1, 10]]], float), stride=2)",
        "Problem:  3 of 4 values differ, the first at index [0, 0, 1]: expected 20, got 23",
        "Expected: [[[2, 20, 3, 30]]]",
        "Got:      [[[2, 23, 30, 0]]]",
        "Likely:   the stride is left out, in an output of the right size",
        "Look at:  lesson ",
    ):
        assert words in text
    assert not re.search(r"\bM\d\d", text)  # ids are for who maintains the course
    captions = [caption.get_text() for caption in page.find_all("caption")]
    assert captions == ["Your answer", "It gives"]


# ------------------------------------------------------------------ Formgrader


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    """JupyterLab on the course's folder, with the course's own configuration."""
    private = tmp_path_factory.mktemp("jupyter")
    (private / "config").mkdir()
    source = str(course / "nbgrader_config.py")
    (private / "config" / "nbgrader_config.py").write_text(
        f"exec(compile(open({source!r}).read(), {source!r}, 'exec'), globals() | {{'__file__': {source!r}}})\n"
    )
    with running_lab(private, course.parent) as lab:
        yield lab


@pytest.fixture(scope="module")
def teacher(browser, formgrader):
    """A browser context that has logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{formgrader.url}formgrader/manage_assignments?token={formgrader.token}", wait_until="domcontentloaded")
    page.close()
    yield context
    context.close()


def submission_url(course, lab, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return f"{lab.url}formgrader/submissions/{book.find_submission_notebook(tiny.NAME, tiny.NAME, student).id}/"


@pytest.mark.parametrize("student", HOSTILE)
def test_no_script_runs_in_formgrader(teacher, formgrader, course, student):
    page = teacher.new_page()
    assert visit(page, submission_url(course, formgrader, student)) == []
    assert page.locator(".nbgrader_cell").count() == 7
    page.close()


def test_red_where_a_script_is_left_in_formgrader(teacher, formgrader, course):
    page = teacher.new_page()
    assert "a script has run" in visit(page, submission_url(course, formgrader, CONTROL))
    page.close()


def test_formgraders_lists_run_nothing(teacher, formgrader):
    for path in ("manage_students", f"manage_submissions/{tiny.NAME}", f"gradebook/{tiny.NAME}/{tiny.NAME}"):
        page = teacher.new_page()
        assert visit(page, f"{formgrader.url}formgrader/{path}") == []
        page.close()


def test_students_files_are_not_served_as_pages(course, formgrader):
    url = submission_url(course, formgrader, "scripts_in_markdown")
    folder = course / "autograded" / "scripts_in_markdown" / tiny.NAME
    assert {path.name for path in folder.iterdir()} == {"tiny.ipynb", "evil.html.txt", "evil.svg.txt"}
    for name in ("evil.html.txt", "evil.svg.txt"):
        request = urllib.request.Request(url + name, headers={"Authorization": f"token {formgrader.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.headers.get_content_type() == "text/plain"


def test_formgraders_button_grades_in_the_sandbox(course, formgrader):
    ATTACKS["gradebook_read"].make(course, "gradebook_read")
    path = f"formgrader/api/submission/{tiny.NAME}/gradebook_read/autograde"
    status, answer = formgrader.request(path, "POST")
    answer = json.loads(answer) if isinstance(answer, str) else answer
    assert (status, answer["success"]) == (200, True), answer
    assert "gradebook_read has 0 of 7 points" in answer["log"]
    assert "LEAK" not in tiny.shown(course, "gradebook_read")
    assert tiny.earned(course, "gradebook_read") == set()
