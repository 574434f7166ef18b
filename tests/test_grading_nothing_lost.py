"""Nothing is lost: whenever grading stops, a submission is graded wholly or not at all; the next run does the rest."""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook

import grading_course as tiny

pytestmark = pytest.mark.assignments

MOMENTS = range(int(os.environ.get("CONVLAB_KILLS", "6")))  # CONVLAB_KILLS=50: five minutes
ENVIRONMENT = os.environ | {"PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"}
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
# In the course's nbgrader_config.py: a process that ends itself at the n-th call of a function, once.
DEATH = """
import itertools, os, signal
import nbgrader.api, nbgrader.preprocessors
owner = {owner}
stock, calls = owner.{name}, itertools.count(1)
def dies(*arguments, **options):
    if next(calls) == {number} and not os.path.exists("died"):
        open("died", "x").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return stock(*arguments, **options)
owner.{name} = dies
"""
DEATHS = {  # each while Ben's submission is stored, the second one
    "when the submission is in the gradebook": ("nbgrader.api.Gradebook", "update_or_create_submission", 2),
    "between two of his grades": ("nbgrader.preprocessors.SaveAutoGrades", "_add_score", 8),
    "before his penalty": ("nbgrader.preprocessors.AssignLatePenalties", "preprocess", 2),
    "between the gradebook and the folder": ("os", "rename", 2),
}
COMMITS_AT_ONCE = """
import contextlib
from convlab.grading.sandbox import one_by_one
one_by_one.one_transaction = contextlib.nullcontext
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Ada is right, Ben is late and half right, Cem has written something; nobody can read what Dan has handed in."""
    course = tiny.make(tmp_path_factory.mktemp("lost") / "fresh")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.update_or_create_assignment(tiny.NAME, duedate="2026-01-31 12:00:00 UTC")
    for student in ("ada", "ben", "cem"):
        notebook = tiny.right(tiny.release(course))
        if student == "ben":
            tiny.cell_of(notebook, "stamp_code").source = "pass"
            (tiny.folder_of(course, student) / "timestamp.txt").write_text("2026-02-01 12:00:00 UTC")
        if student == "cem":
            tiny.cell_of(notebook, tiny.WRITTEN).source = "They add up."
        tiny.submit(course, student, notebook)
    tiny.submit(course, "dan", "{")
    return course


@pytest.fixture(scope="module")
def undisturbed(fresh):
    """The same course graded in one go, and how long that takes."""
    course, began = tiny.copy(fresh, fresh.parent / "undisturbed"), time.monotonic()
    tiny.nbgrader(course, "autograde", tiny.NAME)
    assert tiny.earned(course, "ada") == set(tiny.POINTS)
    return course, time.monotonic() - began


def stored(course):
    """All that grading writes into the gradebook: by student the time, the penalty, grades and comments."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        found = {student.id: [] for student in book.students}
        for submission in book.assignment_submissions(tiny.NAME):
            rows = [submission.timestamp, submission.late_submission_penalty]
            for notebook in submission.notebooks:
                grades = {
                    one.name: (one.auto_score, one.manual_score, one.needs_manual_grade) for one in notebook.grades
                }
                rows += [grades, {one.name: (one.auto_comment, one.manual_comment) for one in notebook.comments}]
            found[submission.student_id].append(rows)
        return found


def folders(course):
    """The names of everything that is graded; no folder is left over."""
    return sorted(str(path.relative_to(course)) for path in (course / "autograded").rglob("*"))


def assert_whole(course, undisturbed):
    """Who is in the gradebook is there with everything, and has a folder only then."""
    now, then = stored(course), stored(undisturbed)
    assert now == {student: then[student] for student in now}
    assert {path.parent.name for path in (course / "autograded").glob(f"*/{tiny.NAME}")} <= set(now)


def graded_again(course, undisturbed):
    """Grade again, and see that nothing of an undisturbed run is missing; returns what is said."""
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert stored(course) == stored(undisturbed)
    assert folders(course) == folders(undisturbed)
    assert "Not graded (1):\n  dan: " in done.stderr
    return done.stderr


def configured(course, lines):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(lines)


def deadly(place):
    owner, name, number = DEATHS[place]
    return DEATH.format(owner=owner, name=name, number=number)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seed", MOMENTS)
def test_stopped_at_any_moment_nobody_is_lost(fresh, undisturbed, tmp_path, seed, workers):
    course, dice = tiny.copy(fresh, tmp_path / "course"), random.Random(seed)
    configured(course, f"c.GradeInSandbox.workers = {workers}\n")
    moment = dice.uniform(0, undisturbed[1])
    tiny.nbgrader(course, "autograde", tiny.NAME, timeout=moment, end=SIGNALS[seed % len(SIGNALS)])
    assert_whole(course, undisturbed[0])
    graded_again(course, undisturbed[0])


@pytest.mark.parametrize("place", DEATHS)
def test_stopped_while_it_is_stored_a_submission_is_there_wholly_or_not_at_all(fresh, undisturbed, tmp_path, place):
    course = tiny.copy(fresh, tmp_path / "course")
    configured(course, deadly(place))
    assert tiny.nbgrader(course, "autograde", tiny.NAME).returncode == -signal.SIGKILL
    assert_whole(course, undisturbed[0])
    assert (course / "autograded" / "ada" / tiny.NAME).is_dir()
    assert "ben was left half graded, and is graded again" in graded_again(course, undisturbed[0])


def test_a_process_that_ends_while_it_grades_costs_one_submission(fresh, undisturbed, tmp_path):
    course = tiny.copy(fresh, tmp_path / "course")
    owner = "__import__('convlab.grading.sandbox.nbgrader_steps', fromlist=['x']).GradeInSandbox"
    configured(course, "c.GradeInSandbox.workers = 2\n" + DEATH.format(owner=owner, name="grade", number=2))
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert done.returncode == 1
    assert "cem: the process that graded it ended (SIGKILL)" in done.stderr
    assert_whole(course, undisturbed[0])
    assert set(stored(course)) == {"ada", "ben"}
    graded_again(course, undisturbed[0])


def test_the_gate_is_red_where_every_grade_is_committed_at_once(fresh, undisturbed, tmp_path):
    course = tiny.copy(fresh, tmp_path / "course")
    configured(course, COMMITS_AT_ONCE + deadly("between two of his grades"))
    tiny.nbgrader(course, "autograde", tiny.NAME)
    with pytest.raises(AssertionError):
        assert_whole(course, undisturbed[0])


def test_a_folder_without_all_grades_and_one_left_over_are_graded_again(undisturbed, tmp_path):
    """As nbgrader's own loop leaves them, or a gradebook from a backup."""
    course = tiny.copy(undisturbed[0], tmp_path / "course")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.find_grade("stamp", tiny.NAME, tiny.NAME, "ada").auto_score = None
        book.db.commit()
        book.remove_student("ben")
    (course / "autograded" / ".unfinished" / "cem" / tiny.NAME).mkdir(parents=True)
    said = graded_again(course, undisturbed[0])
    assert [name for name in ("ada", "ben", "cem", "dan") if f"{name} was left half graded" in said] == [
        "ada",
        "ben",
        "cem",
    ]
    assert "half graded" not in graded_again(course, undisturbed[0])


def test_a_newer_submission_that_cannot_be_graded_leaves_no_mixture(undisturbed, tmp_path):
    course = tiny.copy(undisturbed[0], tmp_path / "course")
    tiny.submit(course, "ada", "{")
    done = tiny.nbgrader(course, "autograde", tiny.NAME, "--force")
    assert "  ada: the file is no notebook" in done.stderr
    assert stored(course) == stored(undisturbed[0])
    assert not (course / "autograded" / "ada" / tiny.NAME).exists()
    shutil.copy(undisturbed[0] / "submitted" / "ada" / tiny.NAME / f"{tiny.NAME}.ipynb", tiny.folder_of(course, "ada"))
    graded_again(course, undisturbed[0])


# ------------------------------------------------------------------ one call


def told(course, *words):
    """``convlab grade``: its exit code and what it says."""
    command = [sys.executable, "-W", "ignore", "-m", "convlab", "grade", *words]
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_convlab_grade_does_the_same_and_says_who_is_graded(fresh, undisturbed, tmp_path):
    course = tiny.copy(fresh, tmp_path / "course")
    before = tiny.hashes(course)
    code, said = told(course, tiny.NAME, "--dry-run")
    assert (code, "ada: new\nben: new\n" in said) == (0, True)
    assert {name: value for name, value in tiny.hashes(course).items() if ".grading" not in name} == before
    code, said = told(course, tiny.NAME, "--student", "[ab]*", "-j", "2", "--feedback")
    assert code == 0
    assert "1 of 2 " in said
    assert "2 of 2 done; ben has 3 of 7 points" in said
    assert "tiny: 2 graded in " in said
    assert sorted(path.name for path in (course / "feedback").iterdir()) == ["ada", "ben"]
    code, said = told(course, tiny.NAME)
    assert code == 1
    assert "Not graded (1):\n  dan: the file is no notebook" in said
    assert "tiny: 1 graded in " in said
    assert "2 were graded before, 1 cannot be graded" in said
    assert stored(course) == stored(undisturbed[0])
    assert folders(course) == folders(undisturbed[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [(["tinny"], "No notebooks were matched"), ([tiny.NAME, "--folder", "source"], "calls configure(c)")],
)
def test_convlab_grade_says_why_it_does_not_begin(fresh, words, said):
    code, told_ = told(fresh, *words)
    assert (code, "Nobody is graded: " in told_, said in told_) == (2, True, True)


# ------------------------------------------------------------------ two runs at once


def start(course):
    """A run that goes on by itself, as soon as it has the lock."""
    command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", tiny.NAME]
    run = subprocess.Popen(command, cwd=course, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    lock = course / "autograded" / ".grading"
    while run.poll() is None and not (lock.exists() and lock.read_text()):
        time.sleep(0.01)
    return run


def test_a_second_run_says_who_is_grading_and_changes_nothing(fresh, undisturbed, tmp_path):
    course = tiny.copy(fresh, tmp_path / "course")
    first = start(course)
    os.kill(first.pid, signal.SIGSTOP)
    second = tiny.nbgrader(course, "autograde", tiny.NAME, "--force")
    os.kill(first.pid, signal.SIGCONT)
    first.wait()
    assert second.returncode == 1
    assert "This course is being graded already: by " in second.stderr
    assert f", process {first.pid} on " in second.stderr
    assert "Not graded" not in second.stderr
    graded_again(course, undisturbed[0])


def test_a_run_that_was_killed_locks_nobody_out(fresh, undisturbed, tmp_path):
    course = tiny.copy(fresh, tmp_path / "course")
    first = start(course)
    first.kill()
    first.wait()
    assert "process" in (course / "autograded" / ".grading").read_text()
    assert "being graded already" not in graded_again(course, undisturbed[0])


# ------------------------------------------------------------------ names, files, the table of grades

NAMES = [
    "Lovelace, Ada",
    "Zoe\u0308 M\u00fcller",
    "o'neil",
    "o\u2019neil",
    "\u0905\u0928\u093f\u0924\u093e \u0936\u0930\u094d\u092e\u093e",
]
READS = "import os\nassert os.path.getsize('large.bin') == 25_000_000\n"


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """Names as people have them, a large file of the teacher's, one of a student's, and somebody without a grade."""
    course = tiny.make(tmp_path_factory.mktemp("named") / "course", disk_megabytes=10)
    (course / "source" / tiny.NAME / "large.bin").write_bytes(bytes(25_000_000))
    for student in (*NAMES, "files"):
        notebook = tiny.right(tiny.release(course))
        tiny.cell_of(notebook, "size_code").source = READS + tiny.cell_of(notebook, "size_code").source
        tiny.submit(course, student, notebook)
    (tiny.folder_of(course, "files") / "own.bin").write_bytes(bytes(12_000_000))
    tiny.submit(course, "dan", "{")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.add_student("dan", last_name="Danton, Georges")
        book.add_student("eve")
    return course, tiny.nbgrader(course, "autograde", tiny.NAME)


@pytest.mark.parametrize("student", [*NAMES, "files"])
def test_everybody_with_a_name_and_files_of_any_size_is_graded(named, student):
    course, done = named
    assert tiny.earned(course, student) == set(tiny.POINTS), done.stderr
    assert done.stderr.count("The file own.bin does not fit into the sandbox, and is left out") == 1


def test_the_exported_table_keeps_its_columns_and_says_who_is_not_graded(named):
    course = named[0]
    done = tiny.nbgrader(course, "export", "--to", "grades.csv")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert all(None not in row and None not in row.values() for row in rows.values())
    assert {name: (rows[name]["score"], rows[name]["state"]) for name in NAMES} == dict.fromkeys(
        NAMES, ("7.0", "graded")
    )
    assert [rows["dan"][name] for name in ("score", "state", "last_name")] == ["", "not graded", "Danton, Georges"]
    assert [rows["eve"][name] for name in ("score", "state")] == ["0.0", "nothing handed in"]
    assert "Not graded: dan has handed in tiny" in done.stderr
    assert "eve" not in done.stderr


def test_feedback_reaches_every_name(named):
    course = named[0]
    done = tiny.nbgrader(course, "generate_feedback", tiny.NAME)
    assert [name for name in NAMES if not (course / "feedback" / name / tiny.NAME / "tiny.html").exists()] == [], (
        done.stderr
    )


# ------------------------------------------------------------------ one name, spelled in two ways

COMPOSED, DECOMPOSED = "Zo\u00eb", "Zoe\u0308"


@pytest.mark.parametrize("first", [COMPOSED, DECOMPOSED], ids=["composed", "decomposed"])
def test_of_two_names_that_look_the_same_the_second_is_refused(tmp_path, first):
    course = tiny.make(tmp_path / "course", workers=1)
    second = DECOMPOSED if first == COMPOSED else COMPOSED
    tiny.submit(course, first, tiny.right(tiny.release(course)))
    tiny.nbgrader(course, "autograde", tiny.NAME)
    before = stored(course)
    assert tiny.earned(course, first) == set(tiny.POINTS)
    tiny.submit(course, second, tiny.release(course))
    for options in ([], ["--force"], ["--student", second]):
        done = tiny.nbgrader(course, "autograde", tiny.NAME, *options)
        assert f"Not graded: {second}: there is another submission of this name" in done.stderr
        assert stored(course) == before
        assert tiny.earned(course, first) == set(tiny.POINTS)
        assert [path.name for path in (course / "autograded").glob("Zo*")] == [first]


def test_of_two_names_that_look_the_same_and_are_new_one_is_graded(tmp_path):
    course = tiny.make(tmp_path / "course", workers=1)
    for student in (COMPOSED, DECOMPOSED):
        tiny.submit(course, student, tiny.right(tiny.release(course)))
    done = tiny.nbgrader(course, "autograde", tiny.NAME)
    assert f"Not graded (1):\n  {COMPOSED}: there is another submission of this name" in done.stderr
    assert list(stored(course)) == [DECOMPOSED]
