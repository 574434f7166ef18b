"""A whole round over a local exchange, by nbgrader's own commands: from the teacher's source to the students' feedback.

The course has the repository's ``nbgrader_config.py``. Twelve students, with what happens in every class: one is
late, one hands in twice, one hands in nothing, one hands in the release as it was, one file is broken.
"""

import csv
import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp
from traitlets import TraitError
from traitlets.config import Config, PyFileConfigLoader

from convlab.grading.deadlines import LatePenalty, due_dates
from nbgrader_commands import nbgrader
from tools.submissions import edited, points_of, right_cells, solution_cell, wrong

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
NAME = "transposed_convolution"
RIGHT = {"ada": "loops", "ben": "matrix", "cleo": "zero_insertion", "dan": "gather"}
WRONG = {"finn": ("conv_transpose1d", 0), "hana": ("conv_transpose2d", 0)}  # and which
PENALTY = 10  # points for each day, in nbgrader_config.py
BROKEN = '{"cells": [{"cell_type": "co'


# ------------------------------------------------------------------ due dates and penalties


@pytest.mark.parametrize(
    "date",
    [
        "2027-03-05",
        "2027-03-05 23:59",
        "2027-03-05 23:59 Europe/Berlim",
        "2027-03-05 23:59 Europe",
        "2027-03-05 23:59 ../UTC",
        "2027-13-05 23:59 UTC",
        "2027-03-05 25:00 UTC",
        "2027-03-05 23:59+01:00 UTC",
        "tomorrow at noon",
        20270305,
    ],
)
def test_due_date_that_is_none_is_refused(date):
    with pytest.raises(ValueError, match="due date of 'upsampling'.*not " + re.escape(repr(date))):
        due_dates(Config(), {"upsampling": date})


def test_penalties_are_never_negative_and_have_a_known_method():
    with pytest.raises(TraitError, match="points_per_day"):
        LatePenalty(points_per_day=-1)
    with pytest.raises(TraitError, match="penalty_method"):
        LatePenalty(penalty_method="half")
    assert LatePenalty().late_submission_penalty("ada", 50, 1000) is None
    assert LatePenalty(penalty_method="zero").late_submission_penalty("ada", 50, 1000) == 50


def test_settings_and_readme_name_every_assignment():
    text = (ASSIGNMENTS / "nbgrader_config.py").read_text()
    named = re.findall(r'^ +"(\w+)": ', text[text.index("due_dates(") :], re.M)
    assert set(named) >= {path.name for path in (ASSIGNMENTS / "source").iterdir() if path.is_dir()}
    readme = (ASSIGNMENTS / "README.md").read_text()
    assert set(named) == set(re.findall(r"^\| `(\w+)` \|", readme, re.M))


def test_the_exchange_is_made_as_nbgrader_wants_it(tmp_path):
    before = os.umask(0o077)
    try:
        shutil.copy(ASSIGNMENTS / "nbgrader_config.py", tmp_path)
        config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    finally:
        os.umask(before)
    folder = Path(config.Exchange.root)
    assert folder == tmp_path / "exchange"
    assert folder.stat().st_mode & 0o777 == 0o777
    assert "assignments/exchange/" in (ASSIGNMENTS.parent / ".gitignore").read_text().splitlines()


# ------------------------------------------------------------------ the class


def mistake_of(function, number):
    """One of the wrong answers in the table that cost something: its name and the cells it loses."""
    table = [(name, cells.split()) for name, (_, cells, _) in wrong(NAME)[function].items() if cells.split()]
    return table[number]


def wrong_sources(function, number):
    mistake, _ = mistake_of(function, number)
    return right_cells(NAME, "loops") | {solution_cell(NAME, function)[0]: edited(NAME, function, mistake)}


def work(student, cells):
    """Fill in the fetched notebook."""
    path = student.work / NAME / f"{NAME}.ipynb"
    mine = nbformat.read(path, 4)
    for cell in mine.cells:
        cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(mine, path)


class Student:
    """A student who uses the exchange in ``exchange``; everything of theirs lies below ``home``.

    All students are one Unix user here, so ``submit`` is told their name by ``--student``, nbgrader's own option.
    """

    def __init__(self, name, home, exchange):
        self.name, self.home = name, home / name
        self.work = self.home / "work"
        self.work.mkdir(parents=True)
        settings = self.home / ".jupyter" / "nbgrader_config.py"
        settings.parent.mkdir()
        lines = ["c = get_config()", f"c.Exchange.root = {str(exchange)!r}", 'c.CourseDirectory.course_id = "convlab"']
        settings.write_text("\n".join(lines))

    def nbgrader(self, *words):
        own = {"HOME": "", "JUPYTER_CONFIG_DIR": ".jupyter", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
        return nbgrader(self.work, *words, **{name: str(self.home / below) for name, below in own.items()})


class Class:
    """A teacher's course and its students."""

    def __init__(self, folder):
        self.course = folder / "assignments"
        self.course.mkdir(parents=True)
        shutil.copy(ASSIGNMENTS / "nbgrader_config.py", self.course)
        shutil.copytree(ASSIGNMENTS / "source" / NAME, self.course / "source" / NAME)
        self.configure("c.ExchangeCollect.check_owner = False  # all students are one Unix user here")
        names = [*RIGHT, *WRONG, "ivo", "jane", "kim", "lena", "max", "nora"]
        self.students = {name: Student(name, folder / "home", self.course / "exchange") for name in names}

    def configure(self, line):
        """The teacher edits the settings."""
        with (self.course / "nbgrader_config.py").open("a") as file:
            file.write(line + "\n")

    def due(self, date):
        self.configure(f'due_dates(c, {{"{NAME}": "{date}"}})')

    def teacher(self, *words):
        """A command in the course's folder; returns exit code and text."""
        done = nbgrader(self.course, *words)
        return done.returncode, done.stdout + done.stderr

    def all_right(self, *words):
        code, text = self.teacher(*words)
        assert code == 0, text
        assert "ERROR" not in text, text
        return text

    def all_of(self, names, *words):
        """The same command by some students; returns what each of them reads. ``NAME`` is replaced by their names."""
        read = {}
        for student in map(self.students.get, names):
            done = student.nbgrader(*(word.replace("NAME", student.name) for word in words))
            read[student.name] = done.stdout + done.stderr
            assert done.returncode == 0, read[student.name]
        return read

    def export(self):
        """The table of grades: ``{student: row}``."""
        self.all_right("export", "--to", "grades.csv")
        with (self.course / "grades.csv").open() as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def duedate(self):
        with Gradebook(f"sqlite:///{self.course}/gradebook.db", "convlab") as book:
            return book.find_assignment(NAME).duedate


def fetch_and_work(room):
    """Everybody fetches; the first ones write their answers."""
    listed = room.all_of(room.students, "list")
    assert all(f"convlab {NAME}" in text for text in listed.values())
    room.all_of(room.students, "fetch_assignment", NAME)
    fetched = {(student.work / NAME / f"{NAME}.ipynb").read_bytes() for student in room.students.values()}
    assert fetched == {(room.course / "release" / NAME / f"{NAME}.ipynb").read_bytes()}
    for name, method in RIGHT.items():
        work(room.students[name], right_cells(NAME, method))
    for name, mistake in WRONG.items():
        work(room.students[name], wrong_sources(*mistake))
    work(room.students["kim"], wrong_sources("conv_transpose2d", 0))  # kim hands in twice: wrong, then right
    work(room.students["lena"], right_cells(NAME, "loops"))  # lena will be late
    (room.students["max"].work / NAME / f"{NAME}.ipynb").write_text(BROKEN)
    work(room.students["ivo"], right_cells(NAME, "strides"))


def expected_scores():
    """Points by student, from the tables of right and wrong answers; the written answer waits for the teacher."""
    points = points_of(NAME)
    full = sum(points.values())
    expected = dict.fromkeys([*RIGHT, "ivo", "kim"], full)
    for name, mistake in WRONG.items():
        expected[name] = full - sum(points[cell] for cell in mistake_of(*mistake)[1])
    return expected | {"jane": 0, "lena": full - PENALTY}


@pytest.fixture(name="room")
def room_fixture(tmp_path):
    return Class(tmp_path)


@pytest.mark.assignments
def test_the_whole_round(room):
    on_time = [name for name in room.students if name not in ("lena", "nora")]  # nora hands in nothing

    # The teacher hands out.
    room.due("2050-01-01 00:00 Europe/Berlin")
    room.all_right("generate_assignment", NAME)
    assert room.duedate() == datetime(2049, 12, 31, 23)
    room.all_right("release_assignment", NAME)

    # The students work and hand in; then the date is moved, and lena is late.
    fetch_and_work(room)
    submitted = room.all_of(on_time, "submit", NAME, "--student=NAME")
    assert all("Submitted as: convlab" in text for text in submitted.values())
    work(room.students["kim"], right_cells(NAME, "loops"))
    room.all_of(["kim"], "submit", NAME, "--student=NAME")
    time.sleep(1)
    now = datetime.now(UTC)
    room.all_of(["lena"], "submit", NAME, "--student=NAME")
    room.due(f"{now:%Y-%m-%d %H:%M:%S} UTC")
    room.configure("c.LatePenalty.grace_minutes = 0")

    # The teacher collects and grades. One file is broken: it is named, and the others are graded.
    text = room.all_right("collect", NAME)
    assert text.count("Collecting submission") == len(on_time) + 1
    code, text = room.teacher("autograde", NAME)
    assert code != 0
    not_graded = text[text.rindex("Not graded (1):") :]
    assert re.search(r"max: the file is no notebook, or only a part of one", not_graded)
    assert room.duedate() == now.replace(microsecond=0, tzinfo=None)

    rows = room.export()
    expected = expected_scores()
    assert {name: float(rows[name]["score"]) for name in expected} == expected
    assert {name for name, row in rows.items() if float(row["late_submission_penalty"] or 0)} == {"lena"}
    assert float(rows["lena"]["late_submission_penalty"]) == PENALTY
    assert float(rows["lena"]["raw_score"]) == sum(points_of(NAME).values())
    assert {float(row["max_score"]) for row in rows.values()} == {100}
    assert "nora" not in rows

    # Feedback goes back, to each their own.
    room.all_right("generate_feedback", NAME)
    room.all_right("release_feedback", NAME)
    graded = list(expected)
    room.all_of([*graded, "max", "nora"], "fetch_feedback", NAME)
    for name in graded:
        (page,) = (room.students[name].work / NAME / "feedback").rglob("*.html")
        assert page.read_bytes() == (room.course / "feedback" / name / NAME / f"{NAME}.html").read_bytes()
        assert f"(Score: {expected[name]:.1f} / 100.0)" in page.read_text()
    for name in ("max", "nora"):
        assert not list(room.students[name].work.rglob("*.html"))
    listed = room.all_of(["kim"], "list", "--inbound", "--student=NAME")["kim"]
    assert listed.count("feedback already fetched") == 1
    assert listed.count("no feedback available") == 1

    # Afterwards: max hands in again, late now, and the teacher gives lena a day more.
    shutil.copy(room.students["ada"].work / NAME / f"{NAME}.ipynb", room.students["max"].work / NAME)
    room.all_of(["max"], "submit", NAME, "--student=NAME")
    assert "Updating submission: max" in room.all_right("collect", NAME, "--update")
    with Gradebook(f"sqlite:///{room.course}/gradebook.db", "convlab") as book:
        book.grant_extension(NAME, "lena", days=1)
    room.all_right("autograde", NAME)
    room.all_right("autograde", NAME, "--student=lena", "--force")
    rows = room.export()
    full = sum(points_of(NAME).values())
    assert {name: float(rows[name]["score"]) for name in ("max", "lena")} == {"max": full - PENALTY, "lena": full}


def test_the_commands_of_the_readme_exist():
    text = (ASSIGNMENTS / "README.md").read_text()
    named = set(re.findall(r"nbgrader ([a-z_]+) ", text))
    assert {"release_assignment", "collect", "submit", "release_feedback", "db"} <= named
    assert named <= set(NbGraderApp.subcommands)
