"""What a student hands in, read with care: whatever the file holds, it becomes plain cells, or a sentence says why not.

Of a cell only these parts are read: its type, its text, the pictures in it, and the name it says it has. So nothing
else in the file can steer nbgrader, and what other programs have left out or written wrongly does no harm. All
versions of the notebook format are read alike.
"""

import contextlib
import json
import os
import pathlib
import stat

import nbformat
from nbgrader.utils import parse_utc

from .sanitize import attachments
from .wire import clean

__all__ = ["NotGraded", "read_submission", "refused"]

LARGEST = 20_000_000  # bytes of one notebook
WHOLE = 200_000_000  # bytes of one submission
FILES = 1000  # of one submission
DEEPEST = 20  # folders in one another
CELLS = 2000  # of one notebook
LETTERS = 1_000_000  # of one cell
NEW = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}


class NotGraded(Exception):
    """A submission cannot be graded; the message is a sentence for the teacher."""


def refused(folder: str | os.PathLike[str], course: str | os.PathLike[str] | None = None) -> str | None:
    """Why a submission is not even copied, as a sentence; None if it is.

    Nothing in a submission may be a second name of another file in the folder of the ``course``.

    Examples
    --------
    >>> refused("/nowhere") is None
    True
    """
    folder, count, size = pathlib.Path(folder), 0, 0
    if folder.is_symlink() or folder.parent.is_symlink():
        return f"the folder {clean(folder.name)} is a link, and links are not followed; ask for the files themselves"
    for path in _below(folder):
        reason = _strange(path, folder, course)
        if reason:
            return f"{clean(path.relative_to(folder), 200)} {reason}"
        count, size = count + 1, size + path.stat().st_size
    if count > FILES:
        return f"it has {count:,} files, more than {FILES:,}"
    return f"it has {size:,} bytes, more than {WHOLE:,}" if size > WHOLE else None


def _below(folder, without=None):
    """Everything below a folder. ``os.walk`` calls itself for each folder in a folder, so a thousand of them end it."""
    folders = [pathlib.Path(folder)]
    while folders:
        folder = folders.pop()
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                yield path
                if path != without and path.is_dir() and not path.is_symlink():
                    folders.append(path)


def _strange(path, folder, course):
    """What is wrong with one file of a submission."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "is a link, and links are not followed; ask for the file itself"
    if len(path.relative_to(folder).parts) > DEEPEST:
        return f"lies in more than {DEEPEST} folders in one another"
    if stat.S_ISDIR(status.st_mode):
        return None if os.access(path, os.R_OK | os.X_OK) else "may not be read by you"
    if not stat.S_ISREG(status.st_mode):
        return "is no plain file"
    if not os.access(path, os.R_OK):
        return "may not be read by you"
    if path.suffix == ".ipynb" and status.st_size > LARGEST:
        return f"has {status.st_size:,} bytes, more than {LARGEST:,}"
    if path.name == "timestamp.txt" and not _is_date(path):
        return "holds no date; nbgrader writes one there, like 2026-01-31 12:00:00 UTC"
    if status.st_nlink > 1 and course and _elsewhere(status, path, folder, course):
        return "is another file of the course under a second name (a hard link)"
    return None


def _is_date(path):
    try:
        words = path.read_text(encoding="utf-8").strip()
        return not words or parse_utc(words) is not None
    except (ValueError, OverflowError, TypeError):
        return False


def _elsewhere(status, path, folder, course):
    """Whether a file has another name in the course. Of notebooks, not in other submissions: who has copied whom?"""
    outside = folder.parent.parent if path.suffix == ".ipynb" else folder
    others = (other.lstat() for other in _below(course, outside))
    return any((other.st_dev, other.st_ino) == (status.st_dev, status.st_ino) for other in others)


def read_submission(path: str | os.PathLike[str]) -> nbformat.NotebookNode:
    """Read a submitted notebook as plain cells: of each its type, text, pictures and the ``grade_id`` it says it has.

    Raises :class:`NotGraded` if there are no cells in the file.

    Examples
    --------
    >>> read_submission("/dev/null")
    Traceback (most recent call last):
        ...
    convlab.grading.sandbox.notebook.NotGraded: the file is empty
    """
    try:
        text = pathlib.Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotGraded("the file is no text, so it is no notebook") from None
    except OSError as error:
        raise NotGraded(f"the file cannot be read: {error.strerror}") from None
    if not text.strip():
        raise NotGraded("the file is empty")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NotGraded(f"the file is no notebook, or only a part of one: it cannot be read as JSON{where}") from None
    found = _cells(data)
    if len(found) > CELLS:
        raise NotGraded(f"the notebook has {len(found):,} cells, more than {CELLS:,}")
    cells = [_cell(cell) for cell in found if isinstance(cell, dict)]
    return nbformat.v4.new_notebook(cells=cells)


def _cells(data):
    """The cells of a notebook of version 4, or of one of versions 1 to 3."""
    if isinstance(data, dict) and isinstance(data.get("cells"), list):
        return data["cells"]
    sheets = data.get("worksheets") if isinstance(data, dict) else None
    if isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        return [cell for cells in lists if isinstance(cells, list) for cell in cells]
    raise NotGraded("the file holds no cells, so it is no notebook")


def _cell(raw):
    kind, source = raw.get("cell_type"), raw.get("source", raw.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    source = _writable(source if isinstance(source, str) else "")
    if kind == "heading":  # of version 3
        level = raw.get("level") if isinstance(raw.get("level"), int) else 1
        kind, source = "markdown", f"{'#' * min(max(level, 1), 6)} {source}"
    cell = NEW.get(str(kind), nbformat.v4.new_raw_cell)(source)
    pictures = attachments(raw.get("attachments"))
    if kind == "markdown" and pictures:
        cell["attachments"] = nbformat.from_dict(pictures)
    metadata = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else {}
    name = metadata["nbgrader"].get("grade_id") if isinstance(metadata.get("nbgrader"), dict) else None
    if isinstance(name, str):
        cell.metadata["nbgrader"] = {"grade_id": name}
    return cell


def _writable(text):
    """Text without half letters, which no file can hold."""
    return text[:LETTERS].encode("utf-8", "replace").decode("utf-8")
