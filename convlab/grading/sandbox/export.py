"""The grades of everybody as a table that says what its numbers are.

nbgrader's own table gives 0.0 to who could not be graded and to who has handed in nothing, and a comma in a name moves
the columns.
"""

import csv
import os
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

__all__ = ["GradesWithState"]

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


class GradesWithState(ExportPlugin):
    """``nbgrader export``: nbgrader's columns, and a last one, ``state``.

    It is ``graded``, ``graded; to grade by hand: 2``, ``not graded`` (handed in, and ``autograde`` could not; there is
    no score then) or ``nothing handed in`` (0).
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the table; the log names who is not graded."""
        path = self.to or "grades.csv"
        self.log.info("Exporting grades to %s", path)
        with open(path, "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, (*COLUMNS, "state"), lineterminator="\n")
            table.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if self._wanted(assignment.name, self.assignment) and self._wanted(student.id, self.student):
                        table.writerow(self._row(gradebook, assignment, student))

    @staticmethod
    def _wanted(name, names):
        return not names or name in map(str, names)

    def _row(self, gradebook, assignment, student) -> dict[str, Any]:
        row = {name: getattr(student, name) for name in ("last_name", "first_name", "email")}
        row |= {"assignment": assignment.name, "student_id": student.id}
        row |= {"duedate": assignment.duedate, "max_score": assignment.max_score}
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            submission = None
        if self._waits(assignment.name, student.id, submission):
            self.log.warning("Not graded: %s has handed in %s", student.id, assignment.name)
            return row | {"state": "not graded"}
        if submission is None:
            return (
                row
                | dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0)
                | {"state": "nothing handed in"}
            )
        penalty = submission.late_submission_penalty or 0.0
        by_hand = sum(grade.needs_manual_grade for notebook in submission.notebooks for grade in notebook.grades)
        return row | {
            "timestamp": submission.timestamp,
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty),
            "state": f"graded; to grade by hand: {by_hand}" if by_hand else "graded",
        }

    def _waits(self, assignment, student, submission):
        """Whether a submission is there that is not in the gradebook, or that could not be graded when it was new."""
        course = self.parent.coursedir
        handed_in, graded = (
            os.path.isdir(course.format_path(step, student, assignment))
            for step in (course.submitted_directory, course.autograded_directory)
        )
        return handed_in and not (graded and submission is not None)
