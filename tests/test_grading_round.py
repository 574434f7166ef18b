"""What grading again leaves alone, and what it does where there is no sandbox."""

import datetime
import os
import shutil
import sys

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

import grading_course as tiny
from convlab.grading.sandbox import bubblewrap

pytestmark = pytest.mark.assignments

DUE = "2026-01-31 12:00:00 UTC"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Ada has answered in words, Ben is late, Cem has not answered; all are graded."""
    course = tiny.make(tmp_path_factory.mktemp("round") / "course")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.update_or_create_assignment(tiny.NAME, duedate=DUE)
    for student, answer, when in (("ada", "They add up.", 30), ("ben", "They add up.", 1), ("cem", None, 30)):
        notebook = tiny.right(tiny.release(course))
        if answer:
            tiny.cell_of(notebook, tiny.WRITTEN).source = answer
        tiny.submit(course, student, notebook)
        date = datetime.datetime(2026, 1 if when == 30 else 2, when, 12)
        (tiny.folder_of(course, student) / "timestamp.txt").write_text(f"{date} UTC")
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert "ERROR" not in done.stderr, done.stderr
    return course


def book_of(course):
    return Gradebook(f"sqlite:///{course}/gradebook.db")


def test_a_written_answer_waits_for_the_teacher_and_an_empty_one_does_not(course):
    with book_of(course) as book:
        grades = {student: book.find_grade(tiny.WRITTEN, tiny.NAME, tiny.NAME, student) for student in ("ada", "cem")}
        assert (grades["ada"].auto_score, grades["ada"].needs_manual_grade) == (None, True)
        assert (grades["cem"].auto_score, grades["cem"].needs_manual_grade) == (0, False)
        assert book.find_comment(tiny.WRITTEN, tiny.NAME, tiny.NAME, "cem").comment == "No response."
        assert book.find_comment(tiny.WRITTEN, tiny.NAME, tiny.NAME, "ada").comment is None


def test_late_penalties_are_nbgraders_own(course):
    with book_of(course) as book:
        found = book.assignment_submissions(tiny.NAME)
        scores = {one.student_id: (one.score, one.late_submission_penalty) for one in found}
    assert scores["ada"] == (7, 0)
    assert scores["ben"] == (7, 7)


def test_what_a_teacher_has_entered_survives_grading_again(course, tmp_path):
    course = tiny.copy(course, tmp_path / "course")
    entered = {tiny.WRITTEN: (3.5, 0.5), "stamp": (2.0, 1.0)}
    with book_of(course) as book:
        for name, (score, extra) in entered.items():
            grade = book.find_grade(name, tiny.NAME, tiny.NAME, "ada")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        book.find_comment(tiny.WRITTEN, tiny.NAME, tiny.NAME, "ada").manual_comment = "Well said <b>"
        book.db.commit()
    wrong = tiny.right(tiny.release(course))
    tiny.cell_of(wrong, "size_code").source = "def conv_transpose_output_size(*a, **k): return 3"
    tiny.cell_of(wrong, tiny.WRITTEN).source = "They add up, I think."
    tiny.submit(course, "ada", wrong)
    done = tiny.nbgrader(course, "autograde", tiny.NAME, "--force")
    assert "ERROR" not in done.stderr, done.stderr
    with book_of(course) as book:
        for name, (score, extra) in entered.items():
            grade = book.find_grade(name, tiny.NAME, tiny.NAME, "ada")
            assert (grade.manual_score, grade.extra_credit) == (score, extra)
            assert grade.needs_manual_grade  # to be looked at again, as with nbgrader's own settings
        assert book.find_grade("size", tiny.NAME, tiny.NAME, "ada").score == 0
        assert book.find_comment(tiny.WRITTEN, tiny.NAME, tiny.NAME, "ada").comment == "Well said <b>"
        # "alone" counts with right values only, and those need the size.
        assert book.find_submission(tiny.NAME, "ada").score == 3.5 + 0.5 + 2 + 1
    feedback = tiny.nbgrader(course, "generate_feedback", tiny.NAME)
    assert "ERROR" not in feedback.stderr


def test_graded_twice_is_graded_alike(course, tmp_path):
    course = tiny.copy(course, tmp_path / "course")
    before = {student: tiny.scores(course, student) for student in ("ada", "ben", "cem")}
    tiny.nbgrader(course, "autograde", tiny.NAME, "--force")
    assert {student: tiny.scores(course, student) for student in before} == before


def test_who_is_graded_already_is_left_alone_and_not_listed(course):
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert "Not graded" not in done.stderr
    assert "points" not in done.stderr


# ------------------------------------------------------------------ without bubblewrap


def test_without_bubblewrap_it_refuses_with_a_sentence_and_changes_nothing(course):
    before = tiny.hashes(course)
    done = tiny.nbgrader(course, "autograde", tiny.NAME, "--force", PATH="/nowhere")
    assert done.returncode == 1
    assert "bubblewrap is not installed. Install it (Debian, Ubuntu: apt install bubblewrap" in done.stderr
    assert "Traceback" not in done.stderr
    assert tiny.hashes(course) == before


def test_without_bubblewrap_formgraders_button_shows_the_sentence(course, monkeypatch):
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    api = NbGraderAPI(config=config)
    monkeypatch.setenv("PATH", "/nowhere")
    before = tiny.hashes(course)
    answer = api.autograde(tiny.NAME, "ada")
    assert answer["success"] is False
    assert "bubblewrap is not installed" in answer["log"]
    assert "bubblewrap is not installed" in answer["error"]
    assert tiny.hashes(course) == before


def test_a_bubblewrap_that_does_not_work_is_refused(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for cached in (bubblewrap._trial, bubblewrap.changes_user):
        cached.cache_clear()
    reason = bubblewrap.why_unavailable()
    for cached in (bubblewrap._trial, bubblewrap.changes_user):
        cached.cache_clear()
    assert "does not work here: bwrap: No permissions to create new namespace." in reason


def test_elsewhere_than_on_linux_it_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert bubblewrap.why_unavailable() == "Students' code is graded in a sandbox that needs Linux; this is darwin."


def test_the_unsafe_option_grades_without_bubblewrap(course, tmp_path):
    course = tiny.copy(course, tmp_path / "course")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.GradeInSandbox.unsafe_without_sandbox = True\n")
    shutil.rmtree(course / "autograded")
    folder = tmp_path / "bin"
    folder.mkdir()
    done = tiny.nbgrader(course, "autograde", tiny.NAME, PATH=str(folder))
    assert "ERROR" not in done.stderr, done.stderr
    assert tiny.earned(course, "ada") == set(tiny.POINTS)
