"""Lessons in a real JupyterLab in a real browser, as a student runs them; and the server that ``make lab`` starts."""

import copy
import pathlib

import nbformat
import pytest

from browser import (
    REPOSITORY,
    check_lesson,
    is_described,
    require_chromium,
    running_lab,
)
from tools import execute_notebooks

pytestmark = pytest.mark.browser

PAGES = {"00_start_here", "15_where_you_are_now"}  # few cells, and they wait for answers
LESSONS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def test_there_are_lessons():
    assert LESSONS


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_runs_and_shows_its_stored_results(path, page, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    shown = check_lesson(page, notebook, f"run_{path.name}", tmp_path)
    least = 1 if path.stem in PAGES else 5
    assert sum(len(cell["outputs"]) for cell in shown) >= least, "hardly anything to compare"


@pytest.mark.parametrize("path", LESSONS[:1], ids=lambda path: path.stem)
def test_committed_lesson_shows_its_pictures_before_it_is_run(path, page, tmp_path):
    page.open(path.name)
    pictures = [picture for cell in page.cells() for output in cell["outputs"] for picture in output["pictures"]]
    assert pictures
    assert all(is_described(picture) and picture["loaded"] for picture in pictures)
    assert page.messages() == []
    page.screenshot(f"stored_{path.stem}", tmp_path)


# --- planted faults ----------------------------------------------------------------------------------------------

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
CELLS = [
    "from IPython.display import HTML",
    "print([2 * (i - 1) + 3 for i in range(1, 4)])",
    f'HTML(\'<img alt="a dot" src="data:image/png;base64,{DOT}">\')',
    "6 * 7",
]


@pytest.fixture(scope="module")
def small_lesson(tmp_path_factory):
    new = nbformat.v4
    notebook = new.new_notebook(cells=[new.new_code_cell(source) for source in CELLS])
    return execute_notebooks.execute(notebook, tmp_path_factory.mktemp("small"))


def test_small_lesson_passes(small_lesson, page, tmp_path):
    shown = check_lesson(page, small_lesson, "small.ipynb", tmp_path)
    assert [output["text"].strip() for cell in shown for output in cell["outputs"]] == ["[3, 5, 7]", "", "42"]


def raising_cell(notebook):
    notebook.cells[1].source = 'raise ValueError("stride must be at least 1")'


def warning_cell(notebook):
    notebook.cells[1].source = 'import warnings\n\nwarnings.warn("old")\n' + notebook.cells[1].source


def wrong_stored_result(notebook):
    notebook.cells[3].outputs[0].data["text/plain"] = "43"


def wrong_stored_text(notebook):
    notebook.cells[1].outputs[0].text = "[3, 5, 8]\n"


def second_result(notebook):
    notebook.cells[3].source = "print(6)\n6 * 7"


def broken_widget(notebook):
    notebook.cells[3].source = (
        "from IPython.display import display\n\n"
        'display({"application/vnd.jupyter.widget-view+json": {"model_id": "gone"}, "text/plain": "42"}, raw=True)'
    )


def picture_without_alt(notebook):
    notebook.cells[2].source = notebook.cells[2].source.replace("a dot", "")


def broken_picture(notebook):
    notebook.cells[2].source = notebook.cells[2].source.replace(DOT, "AAAA")


def picture_from_another_host(notebook):
    notebook.cells[2].source = 'HTML(\'<img alt="a dot" src="https://convlab.invalid/dot.png">\')'


@pytest.mark.parametrize(
    ("plant", "assertion"),
    [
        (raising_cell, "an error or a warning is shown.*stride must be at least 1"),
        (warning_cell, "an error or a warning is shown.*old"),
        (wrong_stored_result, "cell 4 does not show the stored result"),
        (wrong_stored_text, "cell 2 does not show the stored result"),
        (second_result, "cell 4 shows 2 results, not 1"),
        (broken_widget, "a widget failed"),
        (picture_without_alt, "a picture has no alternative text"),
        (broken_picture, "a picture is not shown"),
    ],
)
def test_planted_fault_fails_at_the_right_assertion(plant, assertion, small_lesson, page, tmp_path):
    notebook = copy.deepcopy(small_lesson)
    plant(notebook)
    with pytest.raises(AssertionError, match=f"(?s){assertion}"):
        check_lesson(page, notebook, f"{plant.__name__}.ipynb", tmp_path)


def test_requests_to_other_hosts_are_noticed(small_lesson, page, tmp_path):
    notebook = copy.deepcopy(small_lesson)
    picture_from_another_host(notebook)
    with pytest.raises(AssertionError):
        check_lesson(page, notebook, "another_host.ipynb", tmp_path)
    assert any("convlab.invalid" in problem for problem in page.problems)


# --- without a browser -------------------------------------------------------------------------------------------


def test_make_lab_serves_the_course(tmp_path):
    """The README's command, with a screenless server: a learner's own lessons, without the menus of teachers."""
    work = tmp_path / "work"
    with running_lab(tmp_path, work, ["make", "lab", "LAB_ARGS=--no-browser", f"WORK={work}"]) as running:
        status, text = running.request("lab")
        assert status == 200
        assert "JupyterLab" in text
        assert '"@jupyter/nbgrader": true' in text or '"@jupyter/nbgrader"' in text.split("disabledExtensions")[1]
        _, listing = running.request("api/contents")
        assert {path.name for path in LESSONS} <= {entry["name"] for entry in listing["content"]}
        assert f"/lab/tree/{LESSONS[0].name}" in (tmp_path / "server.log").read_text()


def test_server_that_does_not_start_says_why(tmp_path):
    command = ["sh", "-c", "echo 'no more ports'; exit 3"]
    with pytest.raises(AssertionError, match="no more ports"), running_lab(tmp_path, REPOSITORY, command):
        pass


def test_missing_chromium_skips_with_a_sentence_but_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CONVLAB_CHROMIUM", "/nowhere/chromium")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        require_chromium()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        require_chromium()
    monkeypatch.setenv("CONVLAB_CHROMIUM", str(pathlib.Path("/bin/sh")))
    assert require_chromium() == "/bin/sh"
