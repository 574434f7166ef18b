"""What a teacher sees while many submissions are graded, and at the end: who is not graded, and why."""

import glob
import os
import pathlib
import re
import sys
import time

from nbgrader.api import Gradebook, MissingEntry

from convlab.grading.reading import refused
from convlab.grading.values import clean

__all__ = ["Progress", "bar", "duration", "why_not"]

# The name of a folder becomes the student's name, in the gradebook and on Formgrader's pages.
STUDENT = re.compile(r"[\w.@+=,'() -]{1,200}")
UNFIT = "the name of a student may hold letters, digits, spaces and .@+=,'()- only"


class Progress:
    """The submissions of one run of ``nbgrader autograde``.

    Parameters
    ----------
    converter : nbgrader.converters.Autograde
        Its ``assignments`` are the submissions. Those that are refused are taken out: nbgrader copies what it
        grades, and would follow a link to ``/dev/zero`` as well.
    """

    def __init__(self, converter):
        self.log, self.course = converter.log, converter.coursedir
        self.reasons, self.graded = {}, set()
        self.first = self.began = None
        self.folders = {}
        for folder in sorted(converter.assignments):
            student = self._student(folder)
            reason = refused(folder, self.course.root) if STUDENT.fullmatch(student) else UNFIT
            if reason:
                del converter.assignments[folder]
                self.failed(student, reason)
            else:
                self.folders[student] = folder
        for folder in sorted(glob.glob(self._submitted(self.course.student_id))):
            student = self._student(folder)
            if os.path.isdir(folder) and student not in self.folders and student not in self.reasons:
                self.failed(student, self._why_not(folder))

    def begin(self, student):
        """Somebody's notebook is read now."""
        if self.began is None:
            self.began = time.monotonic()

    def end(self, student, points):
        """Somebody is graded; ``points`` are pairs (points, most) of the tests."""
        self.graded.add(student)
        earned, most = (sum(column) for column in zip(*points)) if points else (0, 0)
        place, count, now = self.place(student) + 1, len(self.folders), time.monotonic()
        # The first one loads what the others find loaded, so it does not count, unless it is all there is.
        left = (now - self.began) / max(place - (self.first or 0), 1) * (count - place)
        if self.first is None:
            self.first, self.began = place, now
        then = f"about {duration(left)} left" if place < count else "done"
        self.log.info("%s %s; %s has %g of %g points", bar(place, count), then, student, earned, most)

    def failed(self, student, reason):
        """Somebody cannot be graded."""
        self.reasons[student] = clean(reason, 1000)
        self.log.error("Not graded: %s: %s", clean(student, 100), self.reasons[student])

    def place(self, student):
        """How many submissions come before this one."""
        return list(self.folders).index(student)

    def summary(self):
        """Who has no grade from this run or an earlier one, a line for each with the reason."""
        for student, folder in self.folders.items():
            before = self.course.format_path(self.course.autograded_directory, student, self.course.assignment_id)
            if student not in self.graded and student not in self.reasons and not os.path.isdir(before):
                self.reasons[student] = self._why_not(folder)
        return [f"{clean(student, 100)}: {reason}" for student, reason in sorted(self.reasons.items())]

    def report(self):
        """Write the end of the run to the screen."""
        lines = self.summary()
        if lines:
            print("\n".join(["", f"Not graded ({len(lines)}):", *(f"  {line}" for line in lines)]), file=sys.stderr)

    def _submitted(self, student):
        return self.course.format_path(self.course.submitted_directory, student, self.course.assignment_id)

    def _student(self, folder):
        pattern = self.course.format_path(self.course.submitted_directory, "(?P<student>.*)", ".*", escape=True)
        return re.match(pattern, folder, re.S)["student"]

    def _why_not(self, folder):
        try:
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
                names = [notebook.name for notebook in gradebook.find_assignment(self.course.assignment_id).notebooks]
        except MissingEntry:
            return f"the gradebook knows no assignment {self.course.assignment_id}: nbgrader generate_assignment"
        return why_not(folder, names, self.course.root)


def bar(done, count, length=20):
    """A progress bar in characters.

    Examples
    --------
    >>> bar(3, 20)
    '[###.................] 3 of 20'
    """
    full = length * done // count
    return f"[{'#' * full}{'.' * (length - full)}] {done} of {count}"


def duration(seconds):
    """A time in words.

    Examples
    --------
    >>> duration(41.3), duration(200)
    ('41 s', '3 min')
    """
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def why_not(folder, notebooks, course):
    """Why a submission was not graded, found out by looking at it.

    Parameters
    ----------
    folder : path
    notebooks : list of str
        The names of the assignment's notebooks.
    course : path
    """
    folder = pathlib.Path(folder)
    found = sorted(clean(path.name, 100) for path in folder.glob("*.ipynb"))
    wanted = [f"{name}.ipynb" for name in notebooks]
    if not found:
        return f"there is no notebook in the folder; it must be named {' and '.join(wanted)}"
    if not set(found) & set(wanted):
        return f"the notebook is named {', '.join(found)}; give it back its name, {' and '.join(wanted)}"
    return refused(folder, course) or "nbgrader stopped, and says why in the lines above"
