"""The sandbox as steps of nbgrader, so the plain ``nbgrader autograde`` and Formgrader's button do the same.

Only public settings of nbgrader are used, and one method of its converter is called for one submission at a time.
"""

import atexit
import contextlib
import dataclasses
import math
import os
import pathlib
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ClearSolutions,
    LimitOutput,
    NbGraderPreprocessor,
)
from nbgrader.utils import determine_grade, find_all_files
from traitlets import Any, Bool, Float, Integer, Tuple
from traitlets.config import Application, Config

from .bubblewrap import MEGABYTE, Policy, packages, why_unavailable
from .export import GradesWithState
from .grader import grade, is_test
from .notebook import NotGraded, read_submission
from .one_by_one import OneByOne
from .only_run import SomebodyGrades, only_run
from .pool import Pool
from .progress import Progress
from .sanitize import disarm
from .save_grades import SaveGradesAtOnce
from .session import Sandbox, own_files
from .side_by_side import SideBySide
from .stubs import ABSENT
from .trusted_cells import TrustedCells
from .ways import Ways, ways
from .wire import clean

__all__ = ["GradeInSandbox", "ListTests", "SubmissionExporter", "configure"]

CELL = 100_000  # letters of a student's cell that a page shows
LOCK = ".grading"  # in the folder of what is graded


class GradeInSandbox(NbGraderPreprocessor):
    """The second step of ``nbgrader autograde``, in place of its ``Execute``. Without bubblewrap nothing is graded."""

    seconds_per_cell = Float(20, help="Seconds for one cell or one call of a student's function").tag(config=True)
    seconds_per_notebook = Float(180, help="Seconds for everything of one notebook").tag(config=True)
    megabytes = Integer(2048, help="Memory of a student's code, in megabytes").tag(config=True)
    processes = Integer(32, help="Processes and threads of a student's code").tag(config=True)
    unsafe_without_sandbox = Bool(
        False, help="Run students' code with the rights of whoever grades, where there is no bubblewrap"
    ).tag(config=True)
    disk_megabytes = Integer(
        50, help="Files of a student, and what its code may write, in megabytes; the assignment's own files come on top"
    ).tag(config=True)
    absent = Tuple(default_value=ABSENT, help="Libraries that can be imported and do nothing").tag(config=True)
    libraries = Tuple(help="Libraries that code in the room can use beside NumPy and Matplotlib").tag(config=True)
    checks = Tuple(help="Modules whose check_... functions need values only: sealed tests").tag(config=True)
    sealed_only = Bool(False, help="Refuse an assignment with tests that would run in the room").tag(config=True)
    workers = Integer(0, min=0, help="Submissions that are graded at once; 0: as many as processors").tag(config=True)

    def pool(self, shipped: int = 0) -> Pool:
        """Where the students' code runs, by the configuration; the assignment's own files have so many bytes."""
        policy = Policy(
            seconds=self.seconds_per_cell,
            total_seconds=self.seconds_per_notebook,
            memory=self.megabytes,
            processes=self.processes,
            disk=self.disk_megabytes + math.ceil(shipped / MEGABYTE),
            locked=not self.unsafe_without_sandbox,
            absent=self.absent,
            libraries=self.libraries,
        )
        return Pool(policy)

    def ways(self, cells: Iterable[tuple[str, str, bool]], files: Iterable[str]) -> Ways:
        """Which way the tests of an assignment run; ``files`` are its own, modules among them."""
        there = (pathlib.PurePath(name) for name in (*packages(self.libraries), *files))
        return ways(cells, self.checks, {path.parts[0].partition(".")[0] for path in there})

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade a notebook, or take what is graded already, and make the files beside it harmless."""
        folder = pathlib.Path(resources["metadata"]["path"])
        ready = getattr(self.parent, "ready", {}).get(resources["metadata"].get("name"))
        if ready is None:
            self.grade(nb, own_files(folder), self.pool())
        else:
            nb = ready.graded
        disarm(folder, getattr(self.parent, "shipped", ()))
        return nb, resources

    def grade(self, nb: NotebookNode, files: dict[str, bytes], pool: Pool) -> None:
        """Run a notebook and its tests, with the files beside it."""
        with Sandbox(files, pool=pool) as sandbox:
            for test in grade(nb, sandbox, self.checks):
                if test.fault:
                    self.log.error("Nobody can pass the test %s as it is: %r", test.name, test.fault)
            for cell in nb.cells:
                if len(cell.source) > CELL and not cell.metadata.get("nbgrader", {}).get("locked"):
                    cell.source = f"{cell.source[:CELL]}\n... the rest is cut off ..."  # colours take a minute each
            for name in sorted(sandbox.left_out):
                self.log.warning("The file %s does not fit into the sandbox, and is left out", clean(name, 200))


class ListTests(NbGraderPreprocessor):
    """A step of ``nbgrader generate_assignment``: says which way each test will run, and refuses what cannot run."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Leave the notebook as it is. NbGraderException if nobody could be graded."""
        step = GradeInSandbox(parent=self)
        cells: list[tuple[str, str, bool]] = []
        free: list[tuple[str, str, bool]] = []
        for number, cell in enumerate(nb.cells):
            own = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code":
                kind = cells if is_test(cell) or own.get("locked") else free
                kind.append((own.get("grade_id", f"number {number}"), cell.source, is_test(cell)))
        files = own_files(resources["metadata"]["path"])
        found, changeable = step.ways(cells, files), step.ways(cells + free, files).missing
        self.log.info("Tests of %s: %s", resources["nbgrader"]["notebook"], found)
        problems = found.problems(step.sealed_only)
        if problems:
            raise NbGraderException("; ".join(problems))
        for name, modules in changeable.items():
            self.log.warning("The cell %s imports %s, which does nothing when work is graded", name, ", ".join(modules))
        return nb, resources


@dataclasses.dataclass
class Ready:
    """A notebook that is graded and not stored yet: its text before that, with nbgrader's resources, and itself."""

    text: str
    resources: dict[str, typing.Any]
    graded: NotebookNode


@dataclasses.dataclass
class Graded:
    """A submission: by the name of a notebook what is ready, or why it cannot be graded, and the seconds it took."""

    ready: dict[str, Ready | Exception]
    seconds: float


class SubmissionExporter(NotebookExporter):
    """Reads submissions with care, and keeps what all of one run share: workers for their code, and who is graded.

    nbgrader makes one for each run of ``autograde``, as soon as it knows the submissions. NbGraderException if there
    is no sandbox, before anything is changed.
    """

    warm_up = Any(help="Called once, while the first worker starts: what the checks need").tag(config=True)
    tell = Any(help="Called with a line for each submission, in place of the log").tag(config=True)
    dry_run = Bool(False, help="Only find out who would be graded").tag(config=True)

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.pool, self.shipped, self.progress = None, {}, None
        self.known: dict[str, dict] = {}  # the cells of each notebook, by the gradebook
        self.ready = {}  # of one submission, by the name of a notebook: Ready, or why it cannot be graded
        if hasattr(self.parent, "assignments"):
            self._begin(self.parent)

    def _begin(self, converter):
        self.step = GradeInSandbox(parent=self)
        self.pool = self.step.pool()
        reason = why_unavailable() if self.pool.policy.locked else None
        if reason:
            raise _told(converter, reason)
        course = converter.coursedir
        folder = course.format_path(course.autograded_directory, ".", ".")
        os.makedirs(folder, exist_ok=True)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(only_run(os.path.join(folder, LOCK)))
            except SomebodyGrades as error:
                raise _told(converter, str(error)) from None
            self.progress = Progress(converter, self.tell)
            if not converter.assignments:
                raise _told(converter, "Nobody is graded.")
            self.shipped = self._files(course.format_path(course.source_directory, ".", course.assignment_id))
            self._check_tests(converter)
            self.pool = self.step.pool(sum(map(len, self.shipped.values())))
            self.workers = self._workers(converter)
            if not self.dry_run:
                self._prepare()
            self.one_by_one = OneByOne(converter, self.progress, self.graded)
            converter.convert_notebooks = self._convert
            if _is_command(converter):  # Formgrader grades again and again, and shows the log
                atexit.register(self.progress.report)
            self.lock = stack.pop_all()

    def _prepare(self):
        if self.workers == 1:
            self.pool.prepare()
        if self.warm_up:
            self.warm_up()

    def _check_tests(self, converter):
        """Say which way the tests run; NbGraderException if some cannot."""
        course = converter.coursedir
        with Gradebook(course.db_url, course.course_id) as book, contextlib.suppress(MissingEntry):
            for notebook in book.find_assignment(course.assignment_id).notebooks:
                self.known[notebook.name] = TrustedCells.known(course.db_url, course.assignment_id, notebook.name)
                cells = self.known[notebook.name].items()
                code = [(name, facts) for name, facts in cells if facts["cell_type"] == "code" and facts["locked"]]
                found = self.step.ways([(name, facts["source"], facts["grade"]) for name, facts in code], self.shipped)
                converter.log.info("Tests of %s: %s", notebook.name, found)
                problems = found.problems(self.step.sealed_only)
                if problems:
                    raise _told(converter, "; ".join(problems))
                if found.room:
                    self.progress.notes.append(f"Tests of {notebook.name}: {found}")

    def _convert(self):
        with self.lock:
            if not self.dry_run:
                self.one_by_one()

    def _files(self, folder):
        """What is graded with the notebooks of a folder."""
        kept = {os.path.relpath(path, folder) for path in find_all_files(folder, self.parent.coursedir.ignore)}
        return {name: data for name, data in own_files(folder).items() if name in kept}

    def _workers(self, converter):
        """How many processes grade: none is forked from a server, which has threads, nor for a single submission."""
        wanted = self.step.workers or len(os.sched_getaffinity(0))
        return max(1, min(wanted, len(self.progress.folders))) if _is_command(converter) else 1

    def graded(self, due: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, Graded | Exception]]:
        """Pairs (student, notebooks) in, each student's graded notebooks or why there are none out, in their order."""
        if self.workers == 1:
            for student, notebooks in due:
                try:
                    yield student, self.grade(student, notebooks)
                except Exception as error:  # it fails alone
                    yield student, error
            return
        with SideBySide(self._grade_apart, self.workers, self.log) as processes:
            for (student, _), graded in processes.map(due):
                yield student, graded

    def _grade_apart(self, submission):
        return self.grade(*submission)

    def grade(self, student: str, notebooks: Sequence[str]) -> Graded:
        """Grade the notebooks of one submission; nothing is written."""
        began, converter = time.monotonic(), typing.cast(typing.Any, self.parent)
        self.pool.ahead = self.progress.place(student) + self.workers < len(self.progress.folders)
        self.pool.prepare()
        theirs = converter.exclude_overwriting.get(converter.coursedir.assignment_id, [])
        given = {name: data for name, data in self.shipped.items() if name not in theirs}
        files = given | self._files(os.path.dirname(notebooks[0])) | given  # what does not fit is left out at the end
        ready: dict[str, Ready | Exception] = {}
        for path in notebooks:
            name = os.path.splitext(os.path.basename(path))[0]
            try:
                ready[name] = self._ready(name, path, files)
            except Exception as error:  # told when it is the notebook's turn: nbgrader may not want it
                ready[name] = NotGraded(str(error) or type(error).__name__)
        return Graded(ready, time.monotonic() - began)

    def _ready(self, name, path, files):
        sanitizer = NotebookExporter(parent=self, config=self.config)
        for step in self.parent.sanitize_preprocessors:
            sanitizer.register_preprocessor(step)
        resources = self.parent.init_single_notebook_resources(path) | {"known_cells": self.known.get(name)}
        text, resources = sanitizer.from_notebook_node(read_submission(path), resources=resources)
        graded = nbformat.reads(text, as_version=4)
        self.step.grade(graded, files, self.pool)
        return Ready(text, resources, graded)

    def from_filename(self, filename: str, resources: typing.Any = None, **options: typing.Any) -> typing.Any:
        """What was graded before: first as it was handed in, then with all outputs and steps that store its grades."""
        if self.progress is None:
            return super().from_filename(filename, resources=resources, **options)
        own = resources["nbgrader"]
        ready = self.ready[own["notebook"]]
        try:
            if isinstance(ready, Exception):
                raise ready
            if self._is_submitted(filename, own):
                return ready.text, ready.resources
            self.progress.earned(map(determine_grade, filter(is_test, ready.graded.cells)))
            return super().from_filename(filename, resources=resources, **options)
        except Exception as error:
            self.progress.failed(own["student"], str(error) or type(error).__name__)
            raise

    def _is_submitted(self, filename, own):
        course = self.parent.coursedir
        folder = course.format_path(course.submitted_directory, own["student"], own["assignment"])
        return os.path.abspath(os.path.dirname(filename)) == os.path.abspath(folder)


def _is_command(converter):
    """Whether ``nbgrader autograde`` runs, and not a server."""
    return isinstance(converter.parent, Application)


def _told(converter, reason):
    """Why nothing is graded, for the screen and for Formgrader."""
    converter.log.error(reason)
    return NbGraderException(reason)


def configure(
    c: Config,
    unsafe_without_sandbox: bool = False,
    absent: tuple[str, ...] = ABSENT,
    checks: tuple[str, ...] = (),
    warm_up: Callable[[], object] | None = None,
) -> None:
    """Set what grading needs in the configuration object of ``nbgrader_config.py``, which ``get_config()`` gives.

    Students' code can import the libraries ``absent``, which do nothing. Test cells made of ``check_...`` functions of
    the modules ``checks`` run sealed, all others in the room (:mod:`~.ways`). ``warm_up`` is called once in a run,
    while the first worker starts: it may import what sealed tests need. Be unsafe only with work that you have written
    yourself.

    Examples
    --------
    >>> c = Config()
    >>> configure(c)
    >>> [step.__name__ for step in c.Autograde.autograde_preprocessors][0]
    'GradeInSandbox'
    """
    c.Autograde.sanitize_preprocessors = [TrustedCells]
    c.Autograde.autograde_preprocessors = [GradeInSandbox, LimitOutput, SaveGradesAtOnce, AssignLatePenalties]
    c.Autograde.exporter_class = SubmissionExporter
    steps = list(GenerateAssignment.class_traits()["preprocessors"].default())
    steps.insert(steps.index(ClearSolutions), ListTests)
    c.GenerateAssignment.preprocessors = steps
    c.ExportApp.plugin_class = GradesWithState
    # Files whose names would be commands to the terminal that shows the log; the name is a pattern.
    c.CourseDirectory.ignore.append("*[\x01-\x1f\x7f]*")
    c.GradeInSandbox.unsafe_without_sandbox = unsafe_without_sandbox
    c.GradeInSandbox.absent = absent
    c.GradeInSandbox.checks = checks
    c.SubmissionExporter.warm_up = warm_up
