"""One call in ``nbgrader_config.py`` that makes nbgrader grade in the sandbox.

Only public settings of nbgrader are used, so the plain ``nbgrader autograde`` and Formgrader's button do the same.
"""

import pathlib
import sys

from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, LimitOutput, SaveAutoGrades
from traitlets.config import Config

from convlab.grading.autograde import GradeInSandbox
from convlab.grading.sandbox import why_unavailable
from convlab.grading.submission import TrustedCells

__all__ = ["SubmissionExporter", "configure"]

LARGEST = 20_000_000  # bytes of one notebook


class SubmissionExporter(NotebookExporter):
    """Reads a submission only if it is a plain file of a sensible size."""

    def from_filename(self, filename, resources=None, **options):
        reason = refused(pathlib.Path(filename))
        if reason:
            raise ValueError(reason)
        return super().from_filename(filename, resources=resources, **options)


def refused(notebook):
    """Why a submitted notebook is not read, as a sentence; None if it is.

    Examples
    --------
    >>> refused(pathlib.Path("/nowhere/a.ipynb"))
    '/nowhere/a.ipynb is not a plain file'
    """
    folder = notebook.parent
    links = [path for path in (folder, *folder.rglob("*")) if path.is_symlink()] if folder.is_dir() else []
    if links:
        return f"{links[0]} is a link, and links are not followed; ask for the file itself"
    if not notebook.is_file():
        return f"{notebook} is not a plain file"
    if notebook.stat().st_size > LARGEST:
        return f"{notebook} has {notebook.stat().st_size:,} bytes, more than {LARGEST:,}"
    return None


def before_grading(assignment, student, notebooks):
    """nbgrader calls this before it copies and reads a submission.

    Ends the run where there is no sandbox. A submission with links loses its notebooks here, before any file is
    copied: nbgrader then lists the student as not graded.
    """
    reason = why_unavailable()
    if reason:
        sys.exit(reason)
    for notebook in list(notebooks):
        reason = refused(pathlib.Path(notebook))
        if reason:
            print(f"Not graded: {reason}", file=sys.stderr)
            notebooks.remove(notebook)


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
    c.Autograde.autograde_preprocessors = [
        GradeInSandbox,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.Autograde.exporter_class = SubmissionExporter
    c.GradeInSandbox.unsafe_without_sandbox = unsafe_without_sandbox
    if not unsafe_without_sandbox:
        c.Autograde.pre_convert_hook = before_grading
