"""One call in ``nbgrader_config.py`` that makes nbgrader grade in the sandbox.

Only public settings of nbgrader are used, so the plain ``nbgrader autograde`` and Formgrader's button do the same.
"""

import atexit
import importlib
import os

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput, SaveAutoGrades
from traitlets.config import Application, Config

from convlab.grading.autograde import GradeInSandbox
from convlab.grading.progress import Progress
from convlab.grading.reading import read_submission
from convlab.grading.room import why_unavailable
from convlab.grading.sandbox import own_files
from convlab.grading.submission import TrustedCells

__all__ = ["SubmissionExporter", "configure"]


class SubmissionExporter(NotebookExporter):
    """Reads submissions with care, and keeps what all of one run share: rooms for their code, and who is graded.

    nbgrader makes one for each run of ``autograde``, as soon as it knows the submissions.

    Raises
    ------
    NbGraderException
        If there is no sandbox; before anything is changed.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.rooms, self.shipped, self.progress = None, (), None
        if hasattr(self.parent, "assignments"):
            self._begin(self.parent)

    def _begin(self, converter):
        self.rooms = GradeInSandbox(parent=self).rooms()
        reason = why_unavailable() if self.rooms.locked else None
        self.progress = None if reason else Progress(converter)
        if not reason and not converter.assignments:
            reason = "Nobody is graded."
        if reason:
            converter.log.error(reason)
            raise NbGraderException(reason)
        course = converter.coursedir
        self.rooms.prepare()  # it opens while PyTorch is imported
        importlib.import_module("torch").set_num_threads(1)  # the arrays are small, and the rooms need a core
        self.shipped = own_files(course.format_path(course.source_directory, ".", course.assignment_id))
        if isinstance(converter.parent, Application):  # Formgrader grades again and again, and shows the log
            atexit.register(self.progress.report)

    def from_filename(self, filename, resources=None, **options):
        if self.progress is None:
            return super().from_filename(filename, resources=resources, **options)
        student = resources["nbgrader"]["student"]
        self.rooms.ahead = self.progress.place(student) + 1 < len(self.progress.folders)
        try:
            if self._is_submitted(filename, resources["nbgrader"]):
                self.progress.begin(student)
                self.rooms.prepare()
                return self.from_notebook_node(read_submission(filename), resources=resources)
            notebook, resources = super().from_filename(filename, resources=resources, **options)
        except Exception as error:
            self.progress.failed(student, str(error) or type(error).__name__)
            raise
        self.progress.end(student, resources.get("points"))
        return notebook, resources

    def _is_submitted(self, filename, own):
        course = self.parent.coursedir
        folder = course.format_path(course.submitted_directory, own["student"], own["assignment"])
        return os.path.abspath(os.path.dirname(filename)) == os.path.abspath(folder)


def configure(c: Config, unsafe_without_sandbox=False):
    """Set what grading needs in the configuration object of ``nbgrader_config.py``.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` gives.
    unsafe_without_sandbox : bool
        Run students' code with the rights of whoever grades. Only for work that you have written yourself.

    Examples
    --------
    >>> c = Config()
    >>> configure(c)
    >>> [step.__name__ for step in c.Autograde.autograde_preprocessors][0]
    'GradeInSandbox'
    """
    c.Autograde.sanitize_preprocessors = [TrustedCells]
    c.Autograde.autograde_preprocessors = [GradeInSandbox, LimitOutput, SaveAutoGrades, AssignLatePenalties]
    c.Autograde.exporter_class = SubmissionExporter
    # Files whose names would be commands to the terminal that shows the log; the name is a pattern.
    c.CourseDirectory.ignore.append("*[\x01-\x1f\x7f]*")
    c.GradeInSandbox.unsafe_without_sandbox = unsafe_without_sandbox
