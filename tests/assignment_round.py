"""For the tests of the assignments: one assignment through nbgrader, from the release to the feedback."""

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

from tools import submissions

__all__ = ["STUB", "WRITTEN", "Round"]

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
WRITTEN = "written_answer"  # the cell that a teacher grades
STUB = "YOUR ANSWER HERE"


class Round:
    """A course with one assignment.

    Parameters
    ----------
    course : pathlib.Path
        A new folder for it.
    assignment : str
        Its name.
    """

    def __init__(self, course, assignment):
        self.course, self.assignment = course, assignment
        course.mkdir(parents=True, exist_ok=True)
        shutil.copy(ASSIGNMENTS / "nbgrader_config.py", course)
        shutil.copytree(submissions.SOURCE / assignment, course / "source" / assignment)
        self.run(GenerateAssignment)

    def run(self, converter, **options):
        """Run one step of nbgrader in this process, with the course's own configuration."""
        config = PyFileConfigLoader("nbgrader_config.py", path=str(self.course)).load_config()
        coursedir = CourseDirectory(config=config, assignment_id=self.assignment, **options)
        with pytest.MonkeyPatch.context() as patch:  # a new gradebook is made by the command alembic
            patch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)
            converter(coursedir=coursedir, config=config).start()

    def grade(self, *feedback_for):
        """Autograde everybody, and write the feedback for some."""
        self.run(Autograde)
        for student in feedback_for:
            self.run(GenerateFeedback, student_id=student)

    def release(self):
        """The notebook that the students get."""
        return nbformat.read(self.course / "release" / self.assignment / f"{self.assignment}.ipynb", 4)

    def submit(self, student, cells=None, written=None):
        """Hand in the release, with other text in some solution cells, and perhaps an answer in words."""
        notebook = self.release()
        texts = {**(cells or {}), **({WRITTEN: written} if written else {})}
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = texts.get(name, cell.source)
        path = self.course / "submitted" / student / self.assignment / f"{self.assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def submit_three(self, function, mistake):
        """Three students: nothing written, the reference with an answer in words, one wrong function in it."""
        right = dict(
            submissions.solution_cell(self.assignment, name) for name in submissions.functions(self.assignment)
        )
        cell, _ = submissions.solution_cell(self.assignment, function)
        self.submit("blank")
        self.submit("right", right, "I think so.")
        self.submit("wrong", {**right, cell: submissions.edited(self.assignment, function, mistake)}, "I think so too.")

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.course}/gradebook.db")

    def lost(self, student):
        """The check cells without their points, and what a teacher has still to grade."""
        with self.gradebook() as book:
            grades = book.find_submission_notebook(self.assignment, self.assignment, student).grades
            without = {grade.name for grade in grades if grade.auto_score is not None and not grade.auto_score}
            return without, {grade.name for grade in grades if grade.needs_manual_grade}

    def score(self, student):
        """All points together."""
        with self.gradebook() as book:
            return book.find_submission(self.assignment, student).score

    def give(self, student, points):
        """What a teacher does in Formgrader: points for the answer in words."""
        with self.gradebook() as book:
            grade = book.find_grade(WRITTEN, self.assignment, self.assignment, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            book.db.commit()

    def feedback(self, student):
        """The page that a student gets, as text."""
        return (self.course / "feedback" / student / self.assignment / f"{self.assignment}.html").read_text()
