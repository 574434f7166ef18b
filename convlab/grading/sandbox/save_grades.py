"""nbgrader's step that stores points and comments, with two questions to the gradebook instead of one for each cell."""

import types

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.orm import joinedload

__all__ = ["SaveGradesAtOnce"]


class SaveGradesAtOnce(SaveAutoGrades):
    """Stores what nbgrader's own step stores."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        own = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = own["notebook"], own["assignment"], own["student"]
        with Gradebook(own["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            grades, comments = (
                {one.cell.name: one for one in _of(gradebook, kind, notebook)} for kind in (Grade, Comment)
            )
            # What nbgrader asks for each cell is there already, and a commit for each would be a wait for the disk.
            self.gradebook = types.SimpleNamespace(
                find_grade=lambda cell, *_: grades[cell],
                find_comment=lambda cell, *_: comments[cell],
                db=types.SimpleNamespace(commit=lambda: None),
            )
            for index, cell in enumerate(nb.cells):
                nb.cells[index], resources = self.preprocess_cell(cell, resources, index)
            gradebook.db.commit()
        return nb, resources


def _of(gradebook, kind, notebook):
    return gradebook.db.query(kind).options(joinedload(kind.cell)).filter(kind.notebook_id == notebook.id)
