"""Hostile submissions, graded by the real command beside honest ones: no point won, nothing outside changed.

``python -m pytest tests/test_grading_attacks.py -v`` lists the attacks by family.
"""

import contextlib
import dataclasses
import os
import re
import socket
import subprocess
import threading
from pathlib import Path

import psutil
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html
from nbgrader.api import Gradebook

import grading_course as tiny
from convlab.grading.sandbox.nbgrader_steps import LOCK
from convlab.grading.sandbox.wire import clean
from grading_attacks import ATTACKS, ELSEWHERE, FAMILIES, WRITE, by_code

pytestmark = pytest.mark.assignments

HONEST = {"honest_right": set(tiny.POINTS), "honest_half": {"size", "refuse"}, "zz_last": set(tiny.POINTS)}
BEFORE = "graded_before"
FOUND_OUT = "s3cr3t-of-the-grader"
LIMITS = {"seconds_per_cell": 2.0, "seconds_per_notebook": 9.0, "megabytes": 1000}


class Listener:
    """Counts who connects: to a port of this machine, and to a socket without a file."""

    def __init__(self):
        self.heard = []
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.port = self.sockets[0].getsockname()[1]
        self.sockets[1].bind(f"\0convlab-attack-{self.port}")
        self.sockets[1].listen()
        for each in self.sockets:
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()

    def _listen(self, each):
        with contextlib.suppress(OSError):
            while True:
                connection, address = each.accept()
                connection.close()
                self.heard.append(address)

    def close(self):
        for each in self.sockets:
            each.close()


def honest(course):
    for student in ("honest_right", "zz_last", BEFORE):
        tiny.submit(course, student, tiny.right(tiny.release(course)))
    half = tiny.right(tiny.release(course))
    tiny.cell_of(half, "stamp_code").source = "def conv_transpose1d(*arguments, **options): return 3"
    tiny.submit(course, "honest_half", half)


def rows(course, student):
    """What the gradebook holds about one student."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submission = book.find_submission(tiny.NAME, student)
        grades = [grade.to_dict() for notebook in submission.notebooks for grade in notebook.grades]
        comments = [comment.to_dict() for notebook in submission.notebooks for comment in notebook.comments]
        return submission.to_dict(), grades, comments


@dataclasses.dataclass
class Run:
    """What was before, and what came of it."""

    course: Path
    files: dict
    rows: tuple
    beside: dict
    listener: Listener
    done: subprocess.CompletedProcess = None


@pytest.fixture(scope="module", params=["sealed", "room"])
def attacked(request):
    """One course and one run for each way; tests in the room may be fooled, and nothing else."""
    return request.getfixturevalue(request.param)


OUTWARD = ("files", "resources", "pipe", "pages")  # the families of what is not after points


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return graded(tmp_path_factory.mktemp("sealed") / "course", "sealed", ATTACKS)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    names = [name for family in OUTWARD for name in FAMILIES[family]]
    return graded(tmp_path_factory.mktemp("room") / "course", "room", names)


def graded(path, way, names):
    course = tiny.make(path, way, **LIMITS)
    honest(course)
    done = tiny.nbgrader(course, "autograde", tiny.NAME, "--student", BEFORE)
    assert tiny.earned(course, BEFORE) == set(tiny.POINTS), done.stderr
    listener = Listener()
    for name in names:
        ATTACKS[name].make(course, name)
    for name in ("network", "process_left_behind"):
        path = course / "submitted" / name / tiny.NAME / f"{tiny.NAME}.ipynb"
        path.write_text(path.read_text().replace("PORT", str(listener.port)))
    files = tiny.hashes(course, "autograded", "gradebook.db")
    run = Run(course, files, rows(course, BEFORE), tiny.hashes(course.parent, course.name), listener)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVLAB_TEST_SECRET", FOUND_OUT)
        run.done = tiny.nbgrader(course, "autograde", tiny.NAME, timeout=1800)
    listener.close()
    return run


def test_there_are_attacks_of_every_family():
    assert len(ATTACKS) >= 150
    assert set(FAMILIES) == set("replace lie search ipython metadata files resources pipe leak pages".split())


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.graded])
def test_no_point_is_won(sealed, name):
    assert tiny.earned(sealed.course, name) == ATTACKS[name].deserves
    assert sealed.done.stderr.count(f"; {name} has 0 of 7 points") == (not ATTACKS[name].deserves)


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if not attack.graded])
def test_who_is_not_graded_is_named_with_the_reason(sealed, name):
    assert not tiny.earned(sealed.course, name)
    assert not (sealed.course / "autograded" / name / tiny.NAME).exists()
    summary = sealed.done.stderr.partition("Not graded (")[2]
    lines = [line for line in summary.splitlines() if line.startswith(f"  {clean(name)}: ")]
    assert len(lines) == 1
    assert ATTACKS[name].words in lines[0]


@pytest.mark.parametrize("student", HONEST)
def test_every_other_grade_is_intact(attacked, student):
    assert tiny.earned(attacked.course, student) == HONEST[student]


def test_who_was_graded_before_is_untouched(attacked):
    assert rows(attacked.course, BEFORE) == attacked.rows


def test_no_file_outside_is_changed(attacked):
    assert tiny.hashes(attacked.course, "autograded", "gradebook.db") == attacked.files
    assert tiny.hashes(attacked.course.parent, attacked.course.name) == attacked.beside
    students = {path.name for path in (attacked.course / "autograded").iterdir() if path.name != LOCK}
    assert students <= {*ATTACKS, *HONEST, BEFORE}
    assert not list(attacked.course.rglob("convlab-attack*"))
    assert not [folder for folder in ELSEWHERE if os.path.exists(f"{os.path.expanduser(folder)}/convlab-attack.txt")]


def test_nothing_is_found_out(attacked):
    for path in attacked.course.glob(f"autograded/*/{tiny.NAME}"):
        shown = tiny.shown(attacked.course, path.parent.name)
        found = [words for words in ("LEAK", FOUND_OUT, str(attacked.course)) if words in shown]
        assert not found, path.parent.name


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.graded])
def test_no_hidden_number_is_shown(sealed, name):
    assert not [number for number in tiny.SECRET if number in tiny.shown(sealed.course, name)]


def test_hidden_checks_did_run(sealed):
    """Else the test before would be green for nothing."""
    for name in ("hidden_inputs_after_the_visible_ones", "hidden_inputs_in_the_line"):
        assert "in a check that is not shown" in tiny.shown(sealed.course, name)


def test_nobody_has_connected_and_no_process_is_left(attacked):
    assert attacked.listener.heard == []
    lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if f"98765.{attacked.listener.port}" in line]


@pytest.mark.parametrize("name", FAMILIES["pages"])
def test_graded_notebooks_hold_no_html_of_a_student(sealed, name):
    if not ATTACKS[name].graded:
        return
    for cell in tiny.graded(sealed.course, name).cells:
        assert cell.cell_type in ("code", "markdown")
        if cell.cell_type == "markdown":
            page = BeautifulSoup(markdown2html(cell.source), "html.parser")
            assert [tag["id"] for tag in page.find_all(id=True)] in ([], ["Tiny"])  # the teacher's title
            assert not page.find_all(["script", "svg", "iframe", "style", "math", "details", "form", "input"])
            assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
            links = [tag.get("href") or tag.get("src") or "#" for tag in page.find_all(["a", "img"])]
            assert all(link.startswith(("#", "https://", "data:image/png")) for link in links)
        for output in cell.get("outputs", []):
            kinds = set(output.get("data", {}))
            assert kinds <= {"text/plain", "image/png"}
    folder = sealed.course / "autograded" / name / tiny.NAME
    assert not [path.name for path in folder.iterdir() if path.suffix in (".html", ".svg")]


def test_nothing_reaches_the_terminal_that_it_would_obey(attacked):
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", re.sub(r"\x1b\[[0-9;]*m", "", attacked.done.stderr))


# ------------------------------------------------------------------ planted faults: what makes these tests go red


def test_red_without_the_sandbox(tmp_path):
    """The same attacks, with the sandbox switched off in the configuration: they read the course and change it."""
    course = tiny.make(tmp_path / "course", unsafe_without_sandbox=True, workers=1, **LIMITS)
    ATTACKS["gradebook_read"].make(course, "reads")
    by_code(WRITE.replace("{elsewhere!r}", "[]"))(course, "writes")
    ATTACKS["network"].make(course, "connects")
    listener = Listener()
    path = course / "submitted" / "connects" / tiny.NAME / f"{tiny.NAME}.ipynb"
    path.write_text(path.read_text().replace("PORT", str(listener.port)))
    tiny.nbgrader(course, "autograde", tiny.NAME)
    listener.close()
    assert len(listener.heard) >= 2
    assert "LEAK" in tiny.shown(course, "reads")
    assert (course / "convlab-attack.txt").exists()
    assert (course / "gradebook.db").read_text() == "import os"


def test_red_without_trusted_cells(tmp_path):
    """nbgrader's own settings instead of ours: an edited notebook gets points that it does not deserve."""
    course = tiny.make(tmp_path / "course")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'convlab'\n")
    ATTACKS["torch_and_reference_replaced"].make(course, "eve")
    tiny.nbgrader(course, "autograde", tiny.NAME)
    assert tiny.earned(course, "eve") == set(tiny.POINTS)
