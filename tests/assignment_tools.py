"""The assignments' tables as data: right and wrong implementations, and mutants that change nothing.

``tests/assignment_submissions/<assignment>/`` holds

* ``right_<method>.py``: right answers of one method, a whole file; its docstring says which method. A graded function
  that it leaves out is the reference's.
* ``wrong.py``: ``WRONG = {function: {mistake: (edits, cells, words)}}``. The edits are pairs of old and new text in
  the cell of the reference's function, or its whole new text; the cells are the check cells that it loses, and no
  others, as one text; the words are what one of their messages must hold: the misconception, where the diagnosis
  names it. All other functions come from ``right_loops.py``, so that a wrong function costs its own cells only.
* ``equivalent.py``: ``EQUIVALENT = {(cell, line, change): reason}``, the mutants that
  :func:`convlab.grading.mutants.survivors` cannot kill, because they do the same.

Everything runs in this process by :mod:`convlab.grading.points`: no nbgrader, no sandbox.
"""

import ast
import importlib
import runpy
from functools import cache
from pathlib import Path

import nbformat

from convlab.grading.check_cells import free_names
from convlab.grading.points import check_cells, failing, solution, source_of

__all__ = [
    "assignments",
    "cells_calling",
    "edited",
    "equivalent",
    "functions",
    "method_of",
    "notebook",
    "points_of",
    "right_files",
    "right_functions",
    "right_messages",
    "solution_cell",
    "wrong",
    "wrong_messages",
]

SOURCE = Path(__file__).parents[1] / "assignments" / "source"
SUBMISSIONS = Path(__file__).with_name("assignment_submissions")


def assignments():
    """The assignments that exist, by name."""
    return sorted(path.stem for path in SOURCE.glob("*/*.ipynb") if path.stem == path.parent.name)


@cache
def notebook(assignment):
    """The source notebook of an assignment."""
    return nbformat.read(SOURCE / assignment / f"{assignment}.ipynb", as_version=4)


def points_of(assignment):
    """Points of each check cell, ``{cell: points}``; what a teacher grades by hand is not among them."""
    return {cell: points for cell, (points, _) in check_cells(notebook(assignment)).items()}


@cache
def _solution_cells(assignment):
    found = {}
    for cell in notebook(assignment).cells:
        own = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and own.get("solution"):
            for node in ast.parse(source_of(cell)).body:
                if isinstance(node, ast.FunctionDef):
                    found[node.name] = own["grade_id"], source_of(cell)
    return found


def solution_cell(assignment, function):
    """Where a function of the reference is defined: ``(name of the cell, its text)``."""
    return _solution_cells(assignment)[function]


def functions(assignment):
    """The graded functions: the students write them, and check cells call them."""
    return [name for name in _solution_cells(assignment) if cells_calling(assignment, name)]


@cache
def cells_calling(assignment, function):
    """The check cells that call a function by its name."""
    cells = check_cells(notebook(assignment)).items()
    return [cell for cell, (_, text) in cells if function in free_names(ast.parse(text))]


@cache
def _reference(assignment):
    return solution(notebook(assignment))


def _defined(assignment, text, name):
    """What a piece of code defines, run after the reference."""
    names = dict(_reference(assignment))
    exec(compile(text, name, "exec"), names)
    return names


# ------------------------------------------------------------------ right ones


def right_files(assignment):
    """Files of right answers, ``{method: path}``."""
    paths = sorted((SUBMISSIONS / assignment).glob("right_*.py"))
    return {path.stem.removeprefix("right_"): path for path in paths}


def method_of(assignment, method):
    """What the docstring of a file of right answers says about its method."""
    doc = ast.get_docstring(ast.parse(right_files(assignment)[method].read_text()))
    return doc.splitlines()[0].partition(": ")[2]


@cache
def right_functions(assignment, method):
    """The graded functions of a file of right answers, ``{name: function}``."""
    names = runpy.run_path(str(right_files(assignment)[method]))
    return {name: names[name] for name in functions(assignment) if name in names}


def right_messages(assignment, method):
    """The graded functions of a file of right answers, and the messages of the check cells that fail (none)."""
    own = right_functions(assignment, method)
    return list(own), failing(notebook(assignment), {**_reference(assignment), **own})


# ------------------------------------------------------------------ wrong ones


def _data(assignment, module, name):
    if not (SUBMISSIONS / assignment / f"{module}.py").exists():
        return {}
    return getattr(importlib.import_module(f"assignment_submissions.{assignment}.{module}"), name)


def wrong(assignment):
    """Wrong answers, ``{function: {mistake: (edits, cells, words)}}``."""
    return _data(assignment, "wrong", "WRONG")


def equivalent(assignment):
    """Mutants of the reference that do the same, ``{(cell, line, change): reason}``."""
    return _data(assignment, "equivalent", "EQUIVALENT")


def edited(assignment, function, mistake):
    """The text of the cell of a wrong function."""
    edits, _, _ = wrong(assignment)[function][mistake]
    if isinstance(edits, str):
        return edits
    _, text = solution_cell(assignment, function)
    for old, new in edits:
        if old not in text:
            raise ValueError(f"{assignment}, {function}, {mistake}: there is no {old!r} in the reference")
        text = text.replace(old, new)
    return text


def wrong_messages(assignment, function, mistake):
    """The messages of the check cells that a wrong function loses, ``{cell: message}``."""
    names = _defined(assignment, edited(assignment, function, mistake), f"<{function}: {mistake}>")
    calling = cells_calling(assignment, function)
    graded = [
        cell for cell in notebook(assignment).cells if cell.metadata.get("nbgrader", {}).get("grade_id") in calling
    ]
    others = right_functions(assignment, "loops") if "loops" in right_files(assignment) else {}
    return failing({"cells": graded}, {**names, **others, function: names[function]})
