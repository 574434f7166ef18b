"""Due dates and late penalties from ``nbgrader_config.py``: written down once, and every command knows them.

nbgrader keeps due dates in the gradebook alone, and of penalties it knows "none" and "everything".
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Enum, Float
from traitlets.config import Config

__all__ = ["LatePenalty", "due_dates"]

DAY = 24 * 60 * 60  # seconds


class LatePenalty(LateSubmissionPlugin):
    """What a late submission loses: nothing, some points for each day, or everything.

    nbgrader never takes more than the notebook has earned.

    Examples
    --------
    >>> plugin = LatePenalty(penalty_method="points", points_per_day=10)
    >>> [plugin.late_submission_penalty("ada", 80, seconds) for seconds in (1, DAY, DAY + 1)]
    [10.0, 10.0, 20.0]
    >>> plugin.grace_minutes = 15
    >>> [plugin.late_submission_penalty("ada", 80, 60 * minutes) for minutes in (15, 16)]
    [None, 10.0]
    """

    penalty_method = Enum(
        ("none", "points", "zero"), default_value="none", help="Take nothing, points for each day, or everything"
    ).tag(config=True)
    points_per_day = Float(10, min=0, help="Points for each day that has begun, with penalty_method 'points'").tag(
        config=True
    )
    grace_minutes = Float(0, min=0, help="Up to so many minutes late, nothing is taken").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        if self.penalty_method == "none" or total_seconds_late <= 60 * self.grace_minutes:
            return None
        return score if self.penalty_method == "zero" else self.points_per_day * math.ceil(total_seconds_late / DAY)


def due_dates(c: Config, dates: Mapping[str, str | None]) -> None:
    """Write due dates into the gradebook whenever an assignment is generated or graded. Call it after ``configure``.

    ``dates`` is like ``{"upsampling": "2027-03-05 23:59 Europe/Berlin"}``. None leaves alone what the gradebook says: a
    date entered in Formgrader stays. ValueError if a date cannot be read, or its time zone is missing or unknown.

    Examples
    --------
    >>> due_dates(Config(), {"upsampling": "2027-03-05 23:59"})
    Traceback (most recent call last):
        ...
    ValueError: the due date of 'upsampling' must be like '2027-03-05 23:59 Europe/Berlin', not '2027-03-05 23:59'
    """
    known = {assignment: _utc(assignment, date) for assignment, date in dates.items() if date is not None}
    for converter in (c.GenerateAssignment, c.Autograde):
        converter.pre_convert_hook = _DueDates(c, known, converter.get("pre_convert_hook"))


def _utc(assignment, date):
    """The date without a time zone, in UTC, as the gradebook wants it."""
    try:
        day, time, name = date.split()
        zone = ZoneInfo(name)
        local = datetime.fromisoformat(f"{day} {time}")
        if local.tzinfo is not None:
            raise ValueError
    except (AttributeError, ValueError, KeyError, OSError):
        shape = "2027-03-05 23:59 Europe/Berlin"
        raise ValueError(f"the due date of {assignment!r} must be like {shape!r}, not {date!r}") from None
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


class _DueDates:
    """nbgrader calls this before each assignment that it generates and each submission that it grades."""

    def __init__(self, c, dates, before):
        self.c, self.dates, self.before = c, dict(dates), before

    def __call__(self, assignment, student, notebooks):
        if self.before:
            self.before(assignment=assignment, student=student, notebooks=notebooks)
        date = self.dates.pop(assignment, None)  # once in a run is enough
        if date is not None:
            course = CourseDirectory(config=self.c)
            with Gradebook(course.db_url, course.course_id) as gradebook:
                gradebook.update_or_create_assignment(assignment, duedate=date)
