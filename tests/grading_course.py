"""A small course for the tests of the autograder: one assignment of a few cells, and the real command line.

Hidden checks use numbers that stand nowhere else: whoever finds one in a page has found a leak.
"""

import functools
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from nbgrader_commands import nbgrader

REPOSITORY = Path(__file__).parents[1]
NAME = "tiny"
POINTS = {"size": 2, "refuse": 1, "stamp": 3, "alone": 1}  # of the tests
WRITTEN = "why"
SECRET = ("7717301", "8819702")  # in arguments of hidden checks, and in nothing else

SIZE = """def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    ### BEGIN SOLUTION
    if output_padding >= max(stride, dilation):
        raise ValueError("output_padding is too large")
    size = stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 - 2 * padding + output_padding
    if size < 1:
        raise ValueError("nothing is left")
    return size
    ### END SOLUTION
"""
STAMP = """def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    ### BEGIN SOLUTION
    batch, _, length = input.shape
    _, channels, taps = weight.shape
    output = np.zeros((batch, channels, conv_transpose_output_size(length, taps, stride)))
    for j in range(length):
        for t in range(taps):
            output[:, :, stride * j + t] += input[:, :, j] @ weight[:, :, t]
    return output
    ### END SOLUTION
"""
TEST = '''"""{title} ({points} points)."""
from convlab import grading as convlab_grading

convlab_grading.{shown}
### BEGIN HIDDEN TESTS
convlab_grading.{hidden}
### END HIDDEN TESTS
'''
SIZE_CALL = 'check_call(conv_transpose_output_size, "conv_transpose_output_size", [{}])'
SIZE_ERRORS = 'check_errors(conv_transpose_output_size, "conv_transpose_output_size", refused=[{}], accepted=[{}])'
STAMP_CALL = 'check_call(conv_transpose1d, "conv_transpose1d", [{}])'
STAMP_ALONE = 'check_untouched(conv_transpose1d, "conv_transpose1d", [{}])'

# The same tests as other teachers write them: they run in the room.
ROOM_TEST = '''"""{title} ({points} points)."""
{shown}
### BEGIN HIDDEN TESTS
{hidden}
### END HIDDEN TESTS
'''
ROOM_REFUSED = """try:
    conv_transpose_output_size(2, {})
except ValueError:
    pass
else:
    raise AssertionError("not refused")"""
ROOM_STAMP = "assert conv_transpose1d(np.array([[{}]]), np.array([[{}]]), stride=2).sum() == {}"
ROOM_ALONE = """given = np.array([[{}]])
kept = given.copy()
got = conv_transpose1d(given, np.array([[[1.0]]]))
assert (given == kept).all() and (got == kept).all() and not np.shares_memory(given, got)"""
ROOM = {
    "size": (
        "assert conv_transpose_output_size(2, 3, stride=2) == 5",
        "assert conv_transpose_output_size(7717301, 5, stride=3) == 23151905",
    ),
    "refuse": (ROOM_REFUSED.format("3, padding=2"), ROOM_REFUSED.format("1, padding=8819702")),
    "stamp": (
        ROOM_STAMP.format([2.0, 3.0], [1.0, 10.0], 55),
        ROOM_STAMP.format([7717301.0, 8819702.0], [1.0, 10.0], 11 * (7717301 + 8819702)),
    ),
    "alone": (ROOM_ALONE.format([2.0, 3.0]), ROOM_ALONE.format([7717301.0, 7000001.0])),
}


def _nbgrader(name, **more):
    kinds = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name} | kinds | more}


def _test(name, shown, hidden):
    points = POINTS[name]
    cell = new_code_cell(TEST.format(title=name, points=points, shown=shown, hidden=hidden))
    cell.metadata.update(_nbgrader(name, grade=True, locked=True, points=points))
    return cell


def source(way="sealed"):
    """The teacher's notebook, with tests that run this way."""
    small = '{"input_size": 2, "kernel_size": 3, "stride": 2}'
    cells = [
        new_markdown_cell("# Tiny", metadata=_nbgrader("intro", locked=True)),
        new_code_cell("import numpy as np\n\n\ndef helper():\n    return 1", metadata=_nbgrader("tools", locked=True)),
        new_code_cell(SIZE, metadata=_nbgrader("size_code", solution=True)),
        _test(
            "size", SIZE_CALL.format(small), SIZE_CALL.format('{"input_size": 7717301, "kernel_size": 5, "stride": 3}')
        ),
        _test(
            "refuse",
            SIZE_ERRORS.format('{"input_size": 2, "kernel_size": 3, "padding": 2}', small),
            SIZE_ERRORS.format('{"input_size": 2, "kernel_size": 1, "padding": 8819702}', small),
        ),
        new_code_cell("# a scratch cell"),
        new_code_cell(STAMP, metadata=_nbgrader("stamp_code", solution=True)),
        _test(
            "stamp",
            STAMP_CALL.format('{"input": [2, 3], "weight": [1, 10], "stride": 2}'),
            STAMP_CALL.format('{"input": [7717301, 8819702, 7000001], "weight": [1, 10, 100], "stride": 2}'),
        ),
        _test(
            "alone",
            STAMP_ALONE.format('{"input": [2, 3], "weight": [1]}'),
            STAMP_ALONE.format('{"input": [7717301, 7000001], "weight": [3]}'),
        ),
        new_code_cell("# another scratch cell"),
        new_markdown_cell("Your answer", metadata=_nbgrader(WRITTEN, grade=True, solution=True, points=4)),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"tiny-{number}"
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if way == "room" and name in ROOM:
            shown, hidden = ROOM[name]
            cell.source = ROOM_TEST.format(title=name, points=POINTS[name], shown=shown, hidden=hidden)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=kernel)


@functools.cache
def _released(way):
    """A course with the assignment released; making one takes seconds."""
    keep = tempfile.TemporaryDirectory()
    path = Path(keep.name) / "course"
    folder = path / "source" / NAME
    folder.mkdir(parents=True)
    nbformat.write(source(way), folder / f"{NAME}.ipynb")
    shutil.copy(REPOSITORY / "assignments" / "nbgrader_config.py", path)
    done = nbgrader(path, "generate_assignment", NAME)
    assert "ERROR" not in done.stderr, done.stderr
    return path, keep


def make(path, way="sealed", **settings):
    """A course folder with the assignment released; ``settings`` are those of ``GradeInSandbox``."""
    copy(_released(way)[0], path)
    with (path / "nbgrader_config.py").open("a") as config:
        config.writelines(f"c.GradeInSandbox.{name} = {value!r}\n" for name, value in settings.items())
    return path


def copy(course, path):
    """A copy of a course."""
    shutil.copytree(course, path, symlinks=True)
    return path


def release(course):
    """What a student starts from."""
    return nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", 4)


def cell_of(notebook, name):
    """The cell of this name."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def right(notebook):
    """Fill in the reference solution."""
    for cell in source().cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell_of(notebook, cell.metadata.nbgrader.grade_id).source = cell.source
    return notebook


def folder_of(course, student):
    """The folder of a submission, made if it is not there."""
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def submit(course, student, notebook):
    """Hand in a notebook, as it is: a dict, or the text of a file."""
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    (folder_of(course, student) / f"{NAME}.ipynb").write_text(text, encoding="utf-8", errors="surrogatepass")


def all_scores(course, assignment=NAME):
    """Points by student and cell."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return {
            submission.student_id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in book.assignment_submissions(assignment)
        }


def scores(course, student):
    """Points by cell; None for a student without grades."""
    return all_scores(course).get(student)


def earned(course, student):
    """The tests with points; None for a student who is not graded."""
    found = scores(course, student)
    if found is None or any(found.get(name) is None for name in POINTS):
        return None
    return {name for name in POINTS if found[name]}


def graded(course, student):
    """The autograded notebook."""
    return nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)


def shown(course, student):
    """Everything that the outputs of a graded notebook hold, as one text."""
    return json.dumps([cell.get("outputs", []) for cell in graded(course, student).cells])


def hashes(folder, *without):
    """The content of every file below a folder, but not below the folders named."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.relative_to(folder).parts[0] not in without
    }
