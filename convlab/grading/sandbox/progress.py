"""What a teacher sees while many submissions are graded, and at the end: who is not graded, and why."""

import glob
import os
import pathlib
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence

from nbgrader.api import Gradebook, MissingEntry
from tqdm import tqdm

from .notebook import refused
from .wire import clean

__all__ = ["Progress", "fit_name", "line", "not_graded", "why_not"]

# Signs in names beside letters, digits and the marks on them; two join letters and are not seen (Devanagari, Persian).
SIGNS = " _.@+=,'()-\u2019\u00b7\u2010\u200c\u200d"
TWIN = "there is another submission of this name, with accents in other bytes (NFC, NFD): keep one of the two folders"
UNFIT = "the name of a student may hold letters, digits, spaces and .@+=,'()- only"


class Progress:
    """The submissions of one run of ``nbgrader autograde``, whose ``converter`` knows them as its ``assignments``.

    Those that are refused are taken out: nbgrader copies what it grades, and would follow a link to ``/dev/zero``.
    """

    def __init__(self, converter, tell=None):
        self.tell = tell or converter.log.info
        self.log, self.course = converter.log, converter.coursedir
        self.reasons, self.graded, self.points = {}, {}, []  # by student; of one submission
        self.notes = []  # what else stands at the end
        self.first = self.began = None
        self.folders = {}
        spelled = self._spelled()
        for folder in sorted(converter.assignments):
            student = self._student(folder)
            reason = refused(folder, self.course.root) if fit_name(student) else UNFIT
            if student not in spelled.setdefault(unicodedata.normalize("NFC", student), {student}):
                reason = reason or TWIN
            if reason:
                del converter.assignments[folder]
                self.failed(student, reason)
            else:
                self.folders[student] = folder
        for folder in sorted(glob.glob(self._submitted(self.course.student_id))):
            student = self._student(folder)
            if os.path.isdir(folder) and student not in self.folders and student not in self.reasons:
                self.failed(student, self._why_not(folder))

    def start(self) -> None:
        """The first submission is graded now."""
        self.began = time.monotonic()

    def begin(self) -> None:
        """Somebody's notebooks are stored now."""
        self.points = []

    def earned(self, points: Iterable[tuple[float, float]]) -> None:
        """Pairs (points, most) of the tests of a notebook."""
        self.points.extend(points)

    def end(self, student: str, seconds: float) -> None:
        """Somebody is graded, in so many seconds, and all of it is stored."""
        earned, most = (sum(column) for column in zip(*self.points)) if self.points else (0, 0)
        self.graded[student] = (earned, most, seconds)
        place, now = self.place(student) + 1, time.monotonic()
        told = line(place, len(self.folders), now - self.began, self.first or 0)
        # The first one loads what the others find loaded, so it does not count, unless it is all there is.
        if self.first is None:
            self.first, self.began = place, now
        self.tell(f"{told}; {student} has {earned:g} of {most:g} points, in {seconds:.1f} s")

    def failed(self, student: str, reason: str) -> None:
        """Somebody cannot be graded."""
        self.reasons[student] = clean(reason, 1000)
        self.log.error("Not graded: %s: %s", clean(student, 100), self.reasons[student])

    def place(self, student: str) -> int:
        """How many submissions come before this one."""
        return list(self.folders).index(student)

    def summary(self) -> list[str]:
        """Who has no grade from this run or an earlier one, a line for each with the reason."""
        for student, folder in self.folders.items():
            before = self.course.format_path(self.course.autograded_directory, student, self.course.assignment_id)
            if student not in self.graded and student not in self.reasons and not os.path.isdir(before):
                self.reasons[student] = self._why_not(folder)
        return [f"{clean(student, 100)}: {reason}" for student, reason in sorted(self.reasons.items())]

    def report(self) -> None:
        """Write the end of the run to the screen."""
        lines = [*self.notes, *not_graded(self.summary())]
        print(*lines, sep="\n", end="\n" * bool(lines), file=sys.stderr)

    def _spelled(self):
        """How the names of those who are graded are spelled, by their composed form."""
        course, spelled = self.course, {}
        for folder in glob.glob(course.format_path(course.autograded_directory, "*", course.assignment_id)):
            student = self._student(folder, course.autograded_directory)
            spelled.setdefault(unicodedata.normalize("NFC", student), set()).add(student)
        return spelled

    def _submitted(self, student):
        return self.course.format_path(self.course.submitted_directory, student, self.course.assignment_id)

    def _student(self, folder, step=None):
        pattern = self.course.format_path(step or self.course.submitted_directory, "(?P<student>.*)", ".*", escape=True)
        return re.match(pattern, folder, re.S)["student"]

    def _why_not(self, folder):
        try:
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
                names = [notebook.name for notebook in gradebook.find_assignment(self.course.assignment_id).notebooks]
        except MissingEntry:
            return f"the gradebook knows no assignment {self.course.assignment_id}: nbgrader generate_assignment"
        return why_not(folder, names, self.course.root)


def not_graded(lines: Sequence[str]) -> list[str]:
    """The lines about those who are not graded, below a heading.

    Examples
    --------
    >>> not_graded(["dan: the file is no notebook"])
    ['', 'Not graded (1):', '  dan: the file is no notebook']
    """
    return ["", f"Not graded ({len(lines)}):", *(f"  {line}" for line in lines)] if lines else []


def fit_name(name: str) -> bool:
    """Whether the name of a folder may become a student's name, in the gradebook and on Formgrader's pages.

    Examples
    --------
    >>> fit_name("Zoe\\u0308 O\\u2019Neil, \\u0905\\u0928\\u093f\\u0924\\u093e"), fit_name("<b>")
    (True, False)
    """
    return 0 < len(name) <= 200 and all(unicodedata.category(sign)[0] in "LMN" or sign in SIGNS for sign in name)


def line(done: int, count: int, seconds: float, first: int = 0) -> str:
    """How many are done, as a bar, and how long the others will take if ``done - first`` took so many seconds.

    Examples
    --------
    >>> line(3, 20, 12), line(20, 20, 80)
    ('[###.................] 3 of 20 about 01:08 left', '[####################] 20 of 20 done')
    """
    told = "[{bar:20}] {n_fmt} of {total_fmt} " + ("about {remaining} left" if done < count else "done")
    return tqdm.format_meter(done, count, seconds, initial=first, ascii=".#", bar_format=told)


def why_not(folder: str | os.PathLike[str], notebooks: Sequence[str], course: str | os.PathLike[str]) -> str:
    """Why a submission was not graded, found out by looking at it; ``notebooks`` are the names of the assignment's."""
    folder = pathlib.Path(folder)
    found = sorted(clean(path.name, 100) for path in folder.glob("*.ipynb"))
    wanted = [f"{name}.ipynb" for name in notebooks]
    if not found:
        return f"there is no notebook in the folder; it must be named {' and '.join(wanted)}"
    if not set(found) & set(wanted):
        return f"the notebook is named {', '.join(found)}; give it back its name, {' and '.join(wanted)}"
    return refused(folder, course) or "nbgrader stopped, and says why in the lines above"
