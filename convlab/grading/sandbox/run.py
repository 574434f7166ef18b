"""Grade an assignment by one call, as ``nbgrader autograde`` does it: the same settings, folders and gradebook."""

import atexit
import contextlib
import dataclasses
import logging
import os
import time
from collections.abc import Callable

from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from traitlets import TraitError

from .nbgrader_steps import SubmissionExporter
from .one_by_one import DUE

__all__ = ["NobodyGraded", "Outcome", "grade_course"]

QUIET = logging.CRITICAL  # what nbgrader logs stands in the outcome


class NobodyGraded(Exception):
    """The run did not begin, and nothing was changed; the message says why, in a sentence."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes
    ----------
    graded : dict
        Points, most points and seconds of everybody who was graded now.
    failed : dict
        Why somebody has no grade.
    states : dict
        How each submission stood before: one of :data:`~.one_by_one.DUE`, which are graded, or ``"graded"``.
    notes : list
        What else a teacher should know, a sentence each.
    seconds : float
    """

    graded: dict[str, tuple[float, float, float]]
    failed: dict[str, str]
    states: dict[str, str]
    notes: list[str]
    seconds: float

    @property
    def due(self) -> list[str]:
        """Who is to be graded, or was."""
        return [student for student, state in self.states.items() if state in DUE]


def grade_course(
    assignment: str,
    folder: str | os.PathLike[str] = ".",
    *,
    student: str = "*",
    workers: int = 0,
    force: bool = False,
    feedback: bool = False,
    dry_run: bool = False,
    tell: Callable[[str], object] | None = None,
) -> Outcome:
    """Grade who is not graded yet in the course in ``folder``, where its ``nbgrader_config.py`` lies.

    ``student`` is a pattern for names, as a shell has them; ``workers`` says how many are graded at once, 0: as many as
    processors. With ``force`` all are graded again. With ``feedback`` the pages of those who were graded are written.
    With ``dry_run`` nothing is done, and the outcome says who would be graded. ``tell`` gets a line for each
    submission. Raises :class:`NobodyGraded`; a submission that cannot be graded fails alone.
    """
    began = time.monotonic()
    with contextlib.chdir(folder):
        app = NbGrader()
        app.log_level = QUIET
        app.initialize([])
        app.log_level = QUIET
        app.coursedir.assignment_id, app.coursedir.student_id = assignment, student
        if Autograde(coursedir=app.coursedir, parent=app).exporter_class is not SubmissionExporter:
            raise NobodyGraded(f"there is no nbgrader_config.py in {os.getcwd()} that calls configure(c)")
        app.config.SubmissionExporter.update({"tell": tell, "dry_run": dry_run})
        if workers:
            app.config.GradeInSandbox.workers = workers
        converter = Autograde(coursedir=app.coursedir, parent=app, force=force)
        failure = ""
        try:
            converter.start()
        except NbGraderException as error:
            failure = str(error)
        progress = _progress(converter)
        if progress is None or (failure and not progress.graded and not progress.reasons):
            raise NobodyGraded(failure)
        atexit.unregister(progress.report)
        if not dry_run:
            progress.summary()
        if feedback:
            for name in progress.graded:
                app.coursedir.student_id = name
                GenerateFeedback(coursedir=app.coursedir, parent=app, force=True).start()
    one_by_one = getattr(converter.exporter, "one_by_one", None)  # not where all are refused
    states = one_by_one.states if one_by_one else {}
    return Outcome(progress.graded, progress.reasons, states, progress.notes, time.monotonic() - began)


def _progress(converter):
    """What a run has kept of its submissions, if it has come so far."""
    with contextlib.suppress(TraitError):
        return converter.exporter.progress
    return None
