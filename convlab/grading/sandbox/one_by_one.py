"""Submissions that are graded one at a time, each of them wholly or not at all, whenever the machine stops.

nbgrader's own loop makes a submission's folder, writes its grades one by one, and takes a folder for done. Here a
submission is graded before anything is written, then nbgrader writes it with :func:`~.transaction.one_transaction` into
a folder beside; that gets its name when all is in the gradebook.
"""

import contextlib
import functools
import os
import pathlib
import shutil
from collections.abc import Callable, Iterable, Iterator

from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from .progress import Progress
from .transaction import one_transaction
from .wire import clean

__all__ = ["DUE", "OneByOne"]

DUE = NEW, NEWER, AGAIN, HALF = ("new", "handed in again", "to be graded again", "left half graded")
UNFINISHED = ".unfinished"  # in the folder of what is graded; nbgrader looks into no folder with such a name


class OneByOne:
    """Grade the submissions that a ``converter`` has found: takes the place of its method ``convert_notebooks``.

    ``graded`` takes pairs (student, notebooks) and gives pairs (student, what is graded) in their order; it may be
    ahead of what is stored. nbgrader's own method stores, for one submission at a time.
    """

    def __init__(self, converter: Autograde, progress: Progress, graded: Callable[[Iterable], Iterator]):
        self.converter, self.course, self.progress, self.graded = converter, converter.coursedir, progress, graded
        self.write, self.step = converter.convert_notebooks, self.course.autograded_directory
        # What a hook of the teacher's writes is none of the transaction; nbgrader does not take None for a hook.
        hooks = [name for name in ("pre_convert_hook", "post_convert_hook") if getattr(converter, name)]
        self.without_hooks = dict.fromkeys(hooks, lambda **facts: None)

    def __call__(self) -> None:
        """Grade everybody who is not graded yet; NbGraderException at the end if somebody cannot be."""
        converter, failure = self.converter, None
        self.assignments = converter.assignments
        for student, graded in self.graded(self._due()):
            folder = self.progress.folders[student]
            converter.assignments = {folder: self.assignments[folder]}
            converter.notebooks = sorted(self.assignments[folder])
            try:
                self._store(student, graded)
            except Exception as error:
                self._failed(student, error)
                failure = NbGraderException("Not everybody is graded; the lines above say who and why.")
        if failure:
            raise failure

    def _due(self):
        """Pairs (student, notebooks) of those who are to be graded, each when a place is free."""
        self.progress.start()
        for student, folder in self.progress.folders.items():
            state = self.states[student]
            if state not in DUE:
                continue
            if state == HALF:
                self.converter.log.warning("%s was left half graded, and is graded again", clean(student, 100))
            elif self.course.notebook_id == "*" and not self.converter.force:
                # What is older than the submission, nbgrader removes; all else stays until the end.
                self.converter.init_destination(self.course.assignment_id, student)
            self.converter.notebooks = sorted(self.assignments[folder])
            self.converter.run_pre_convert_hook()
            yield student, self.converter.notebooks

    def _folder(self, student, *beside):
        return self.course.format_path(os.path.join(self.step, *beside), student, self.course.assignment_id)

    def _half_done(self):
        """Who has a folder that did not get its name, or one without all grades."""
        students = self.progress.folders
        graded = [student for student in students if os.path.isdir(self._folder(student))]
        complete = _complete(self.course) if graded else set()
        unnamed = {student for student in students if os.path.isdir(self._folder(student, UNFINISHED))}
        return unnamed | (set(graded) - complete)

    @functools.cached_property
    def states(self) -> dict[str, str]:
        """How each submission stands: one of :data:`DUE`, ``"excluded"`` or ``"graded"``."""
        half_done = self._half_done()
        return {student: self._state(student, student in half_done) for student in self.progress.folders}

    def _state(self, student, half_done):
        final = self._folder(student)
        if student in self.course.student_id_exclude.split(","):
            return "excluded"
        if half_done:
            return HALF
        if self.course.notebook_id != "*" or not os.path.isdir(final):
            return NEW
        if self.converter.force:
            return AGAIN
        handed_in, graded = map(self.course.get_existing_timestamp, (self.progress.folders[student], final))
        return NEWER if handed_in and graded and handed_in > graded else "graded"

    def _store(self, student, graded):
        course, final, beside = self.course, self._folder(student), self._folder(student, UNFINISHED)
        shutil.rmtree(beside, ignore_errors=True)
        self.progress.begin()
        if isinstance(graded, Exception):
            raise graded
        self.converter.exporter.ready = graded.ready
        if course.notebook_id != "*" and os.path.isdir(final):  # one of several notebooks
            shutil.copytree(final, beside)
        with one_transaction(course.db_url) as db_url, _changed(self.converter, **self.without_hooks):
            with _changed(course, db_url=db_url, autograded_directory=os.path.join(self.step, UNFINISHED)):
                self.write()
        if os.path.isdir(final):
            shutil.rmtree(final)
        os.makedirs(os.path.dirname(final), exist_ok=True)
        os.rename(beside, final)
        self._tidy(beside)
        if course.groupshared:
            self.converter.set_permissions(course.assignment_id, student)
        self.progress.end(student, graded.seconds)
        self.converter.run_post_convert_hook()

    def _failed(self, student, error):
        """As nbgrader does: what there was is removed, so the next run tries again."""
        final, beside = self._folder(student), self._folder(student, UNFINISHED)
        if self.course.notebook_id == "*":
            shutil.rmtree(final, ignore_errors=True)
        else:
            for path in self.converter.notebooks:
                pathlib.Path(final, os.path.basename(path)).unlink(missing_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        self._tidy(beside)
        told = student in self.progress.reasons or isinstance(error, NbGraderException)  # the summary finds out why
        if not told:
            self.progress.failed(student, str(error) or type(error).__name__)

    @staticmethod
    def _tidy(beside):
        with contextlib.suppress(OSError):  # the first folder that is not empty
            os.removedirs(os.path.dirname(beside))


@contextlib.contextmanager
def _changed(settings, **values):
    """Other values for a while."""
    before = {name: getattr(settings, name) for name in values}
    try:
        for name, value in values.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _complete(course):
    """The students of whom the gradebook has a grade for every test of the assignment."""
    with Gradebook(course.db_url, course.course_id) as book:
        try:
            notebooks = book.find_assignment(course.assignment_id).notebooks
        except MissingEntry:
            return set()
        written = {cell.name for notebook in notebooks for cell in notebook.solution_cells}
        cells = [cell for notebook in notebooks for cell in notebook.grade_cells]
        tests = [cell.id for cell in cells if cell.cell_type == "code" and cell.name not in written]
        submissions = book.db.query(SubmittedAssignment.student_id).filter(
            SubmittedAssignment.assignment_id.in_({notebook.assignment_id for notebook in notebooks})
        )
        without = submissions.join(SubmittedAssignment.notebooks).join(SubmittedNotebook.grades)
        without = without.filter(Grade.cell_id.in_(tests), Grade.auto_score.is_(None))
        return {student for (student,) in submissions} - {student for (student,) in without}
