"""A learner's own lessons: copied once, brought up to date later, and no answer lost.

Beside the copies lies ``.convlab/``: of each lesson the cells as they were brought, so that a later copy knows what the
learner has changed since, and the notebook as it was before the last update.
"""

import contextlib
import copy
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from convlab.feedback.prediction import unasked
from convlab.lessons import lessons_folder

__all__ = ["Copied", "bring", "copy_lessons", "merged"]

RECORDS = ".convlab"
PAGES = ("*.ipynb", "*.html")

Notebook = dict[str, Any]


class Copied(NamedTuple):
    """What was done with one file: "new", "updated", "as it was", or why it was left alone."""

    name: str
    done: str
    kept: int = 0  # cells that both sides have changed: the learner's stands first, then the new one


def copy_lessons(folder: str | os.PathLike, lessons: str | os.PathLike | None = None) -> list[Copied]:
    """Bring all lessons into ``folder``, which is made where it is missing.

    A cell that the learner has changed stays as it is, and so do cells of the learner's own; cells that are as they
    were brought follow the lesson. ``lessons`` are those of convlab, unless others are named.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first, again = copy_lessons(folder), copy_lessons(folder)
    >>> first[0].name, first[0].done, again[0].done
    ('00_start_here.ipynb', 'new', 'as it was')
    """
    source, target = lessons_folder() if lessons is None else Path(lessons), Path(folder)
    (target / RECORDS).mkdir(parents=True, exist_ok=True)
    if os.path.samefile(source, target):
        raise ValueError(f"folder must be another one than that of the lessons, got {os.fspath(folder)!r}")
    pages = sorted(path for pattern in PAGES for path in source.glob(pattern))
    return [bring(page, target) if page.suffix == ".ipynb" else _copy_page(page, target) for page in pages]


def bring(lesson: Path, target: Path) -> Copied:
    """Bring one lesson into the folder ``target``: new, or merged with what the learner has there."""
    new = _read(lesson)
    sources = _sources(new)
    mine, record = target / lesson.name, target / RECORDS / lesson.name
    if not mine.exists():
        fresh = _for_learners(new)
        _write(mine, fresh)
        _sign(fresh)
        _write(record, sources)
        return Copied(lesson.name, "new")
    brought = _read(record) if record.exists() else {}
    if list(brought.items()) == list(sources.items()):
        return Copied(lesson.name, "as it was")
    try:
        own = _read(mine)
        cells, kept = merged(_for_learners(new)["cells"], own["cells"], brought)
    except (ValueError, KeyError, TypeError):
        return Copied(lesson.name, "cannot be read: left as it is")
    _write(record, sources)
    if _contents(cells) == _contents(own["cells"]):
        return Copied(lesson.name, "as it was")
    trusted = _is_signed(own)
    shutil.copy2(mine, record.with_suffix(".before.ipynb"))
    updated = {**own, "cells": cells}
    _write(mine, updated)
    if trusted:
        _sign(updated)
    return Copied(lesson.name, "updated", kept)


def merged(new: list[dict], own: list[dict], brought: dict[str, str]) -> tuple[list[dict], int]:
    """The cells of a lesson and those of the learner, and how many both have changed.

    ``brought`` has the source of each cell, by its id, as it was when the learner got it.

    Examples
    --------
    >>> cell = lambda id, source: {"id": id, "cell_type": "code", "source": source}
    >>> brought = {"a": "1", "b": "..."}
    >>> new, own = [cell("a", "2"), cell("b", "..."), cell("c", "new")], [cell("a", "1"), cell("b", "my answer")]
    >>> [each["source"] for each in merged(new, own, brought)[0]]
    ['2', 'my answer', 'new']
    """
    mine = {cell["id"]: cell for cell in own}
    cells, kept = [], 0
    for cell in new:
        found, before = mine.get(cell["id"]), brought.get(cell["id"])
        if found is None:
            if before != _source(cell):  # new, or the learner has deleted what is another cell now
                cells.append(cell)
        elif _source(found) == _source(cell):
            cells.append(found)
        elif _source(found) == before:  # not the learner's doing
            cells.append(cell)
        else:
            cells.append(found)
            if before != _source(cell):
                cells.append({**cell, "id": _free_id(cell["id"], mine)})
                kept += 1
    return _with_own(cells, new, own, brought), kept


def _with_own(cells, new, own, brought):
    """Add what the learner has and the lesson has not, each after the cell that it follows."""
    ids = {cell["id"] for cell in new}
    before = None
    for cell in own:
        if cell["id"] not in ids and _source(cell) != brought.get(cell["id"]):
            places = [place for place, other in enumerate(cells) if other["id"] == before]
            cells.insert(places[0] + 1 if places else 0, cell)
        if any(other["id"] == cell["id"] for other in cells):
            before = cell["id"]
    return cells


def _free_id(id, taken):
    count = 1
    while f"{id[:50]}-new{count}" in taken:
        count += 1
    return f"{id[:50]}-new{count}"


def _source(cell):
    return "".join(cell["source"])


def _sources(notebook):
    return {cell["id"]: _source(cell) for cell in notebook["cells"]}


def _contents(cells):
    return [(cell["id"], cell["cell_type"], _source(cell)) for cell in cells]


def _for_learners(notebook: Notebook) -> Notebook:
    """The lesson without the stored outputs of predictions and of what tells their truth: that comes when it is run."""
    notebook = copy.deepcopy(notebook)
    styled = True
    for cell in _under_predictions(notebook["cells"]):
        cell.update(outputs=[], execution_count=None)
        if "predict(" in _source(cell):
            data = {"text/html": unasked(styled), "text/plain": "Run this cell to answer."}
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
            styled = False
    return notebook


def _under_predictions(cells: list[dict]) -> Iterator[dict]:
    """Each prediction and the code cells below it, down to the next Markdown cell, as ``prediction.css`` has it."""
    asked = straight = False  # straight: right below a prediction
    for cell in cells:
        if cell["cell_type"] == "code":
            straight = "predict(" in _source(cell)
            asked = asked or straight
        else:
            asked, straight = asked and straight and _source(cell).startswith("**"), False
        if asked and cell["cell_type"] == "code":
            yield cell


def _read(path):
    return json.loads(path.read_text("utf-8"))


def _write(path, content):
    """Write whole or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    os.replace(unfinished, path)


def _copy_page(page, target):
    same = (target / page.name).exists() and (target / page.name).read_bytes() == page.read_bytes()
    if not same:
        if (target / page.name).exists():
            shutil.copy2(target / page.name, target / RECORDS / f"{page.stem}.before{page.suffix}")
        shutil.copyfile(page, target / page.name)
    return Copied(page.name, "as it was" if same else "new")


def _is_signed(notebook):
    signing = _signing()
    return signing is not None and signing[0].check_signature(signing[1](notebook))


def _sign(notebook):
    """Tell JupyterLab that these outputs are ours: it shows saved explorers and answers of trusted notebooks only."""
    with contextlib.suppress(OSError):  # where Jupyter's folder cannot be written to, the notebook stays untrusted
        if signing := _signing():
            signing[0].sign(signing[1](notebook))


def _signing():
    """Who signs, and how it reads a notebook; None where there is no Jupyter."""
    try:
        from nbformat import from_dict
        from nbformat.sign import NotebookNotary
    except ImportError:
        return None
    return NotebookNotary(), from_dict
