"""The assignments' right and wrong answers: how they are written, and who of them loses which points.

``tests/assignment_submissions`` holds two files for each.

``<assignment>_right.py``: right answers, one method after the other. A method begins with a line
``# %% <name>: <what it does>``; what stands above the first (imports, helpers) belongs to all. A graded function that a
method leaves out is the reference's.

``<assignment>_wrong.py``: wrong answers, in four tables. Every function is tried alone, among right ones of the method
``loops``, so that it costs its own check cells only.

* ``WRONG[function, cells] = {mistake: (words, *edits)}``: the check cells that the mistakes lose, and no others, as one
  text; what one of the messages must say, where it is an id (``"M09a"``) the sentence of the catalogue, or a word of
  :data:`SAID`; edits are pairs of old and new text in the cell of the reference's function, or its whole new text.
* ``IDEAS[function, cells] = ids``: wrong answers that nobody has to write, because :mod:`convlab.misconceptions` or
  the oracle computes them: a function with this idea and no other fault.
* ``ALSO[function, cell] = names``: mistakes and ideas that lose this cell besides. It is about something else (nothing
  is changed, there is no window), and asks for right answers too, so that no constant passes it.
* ``EQUIVALENT = {(cell, line, change): reason}``: mutants of the reference that :func:`tools.mutants.survivors` cannot
  kill, because they do the same.

Everything runs in this process by :mod:`tools.points`: no nbgrader, no sandbox.
"""

import ast
import inspect
import re
import runpy
from functools import cache
from pathlib import Path

import nbformat
import numpy as np

from convlab.grading.oracles import ORACLES, answer
from convlab.grading.sandbox import free_names
from convlab.misconceptions import Problem, variants, wrong_answer
from convlab.misconceptions.problem import OPERATORS
from tools.points import check_cells, failing, solution, source_of

__all__ = [
    "assignments",
    "cells_calling",
    "edited",
    "equivalent",
    "expected",
    "functions",
    "ideas",
    "notebook",
    "points_of",
    "right_cells",
    "right_functions",
    "right_messages",
    "right_methods",
    "said_by",
    "solution_cell",
    "with_idea",
    "without_ids",
    "wrong",
    "wrong_messages",
]

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "assignments" / "source"
SUBMISSIONS = ROOT / "tests" / "assignment_submissions"
METHOD = re.compile(r"^# %% (\w+): (.*)$", re.M)
# What messages say of mistakes that are made in every assignment, by the word that the tables have for it.
SAID = {
    "shape": "the shape differs",
    "accepted": "it returns an answer",
    "changed": "changes an array that it was given",
    "shared": "returns a part of an array that it was given",
}


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


def _defined(text, name, before=()):
    """What a piece of code defines, run after other names are there."""
    names = dict(before)
    exec(compile(text, name, "exec"), names)
    return names


# ------------------------------------------------------------------ right ones


@cache
def right_methods(assignment):
    """Right answers, ``{method: (what it does, text)}``."""
    above, *parts = METHOD.split((SUBMISSIONS / f"{assignment}_right.py").read_text())
    return {name: (said, above + text) for name, said, text in zip(parts[::3], parts[1::3], parts[2::3])}


@cache
def right_functions(assignment, method):
    """The graded functions of a method, ``{name: function}``."""
    names = _defined(right_methods(assignment)[method][1], f"<{method}>")
    return {name: names[name] for name in functions(assignment) if name in names}


def right_messages(assignment, method):
    """The graded functions of a method, and the messages of the check cells that fail (none)."""
    own = right_functions(assignment, method)
    return list(own), failing(notebook(assignment), {**_reference(assignment), **own})


def right_cells(assignment, method):
    """A method as text for the solution cells, ``{cell: text}``; helpers go with the function below them."""
    text, above, found = right_methods(assignment)[method][1], "", {}
    own = {name: solution_cell(assignment, name)[0] for name in functions(assignment)}
    for node in ast.parse(text).body:
        above += ast.get_source_segment(text, node) + "\n\n\n"
        cell = own.get(getattr(node, "name", ""))
        if cell:
            found[cell], above = above, ""
    return dict(solution_cell(assignment, name) for name in own) | found


# ------------------------------------------------------------------ wrong ones


@cache
def _table(assignment, name):
    path = SUBMISSIONS / f"{assignment}_wrong.py"
    return runpy.run_path(str(path)).get(name, {}) if path.exists() else {}


@cache
def wrong(assignment):
    """Wrong answers that are written out, ``{function: {mistake: (edits, cells, words)}}``."""
    found = {}
    for (function, cells), mistakes in _table(assignment, "WRONG").items():
        own = {
            mistake: (edits, _with_others(assignment, function, mistake, cells), said_by(words))
            for mistake, (words, *edits) in mistakes.items()
        }
        found.setdefault(function, {}).update(own)
    return found


@cache
def ideas(assignment):
    """Wrong answers that are computed, ``{function: {id: cells}}``."""
    found = {}
    for (function, cells), ids in _table(assignment, "IDEAS").items():
        own = {id: _with_others(assignment, function, id, cells) for id in ids.split()}
        found.setdefault(function, {}).update(own)
    return found


def _with_others(assignment, function, mistake, cells):
    also = _table(assignment, "ALSO").items()
    return " ".join([cells, *(cell for (wrong, cell), names in also if wrong == function and mistake in names.split())])


def expected(assignment, function):
    """All wrong answers, written or computed, ``{mistake: (cells that it loses, what is said)}``."""
    written = {mistake: entry[1:] for mistake, entry in wrong(assignment).get(function, {}).items()}
    return written | {id: (cells, f"({id})") for id, cells in ideas(assignment).get(function, {}).items()}


def equivalent(assignment):
    """Mutants of the reference that do the same, ``{(cell, line, change): reason}``."""
    return _table(assignment, "EQUIVALENT")


def said_by(words):
    """The words; for the id of a variant the sentence of the catalogue with it, and for a word of SAID its sentence.

    Examples
    --------
    >>> said_by("M10"), said_by("shape"), said_by("differ")
    ('dilation is left out (M10)', 'the shape differs', 'differ')
    """
    said = [f"{variant.did} ({variant.id})" for variant in variants(words[:3]) if variant.id == words]
    return said[0] if said else SAID.get(words, words)


def without_ids(words):
    """What students read of such words.

    Examples
    --------
    >>> without_ids("dilation is left out (M10)")
    'dilation is left out'
    """
    return re.sub(r" ?\(M\d\d[a-z]?\)", "", words)


def edited(assignment, function, mistake):
    """The text of the cell of a wrong function."""
    edits, _, _ = wrong(assignment)[function][mistake]
    _, text = solution_cell(assignment, function)
    for edit in edits:
        if isinstance(edit, str):
            return edit
        if edit[0] not in text:
            raise ValueError(f"{assignment}, {function}, {mistake}: there is no {edit[0]!r} in the reference")
        text = text.replace(*edit)
    return text


def with_idea(function, id):
    """A function with one wrong idea: it answers what the oracle's mistakes, or else the catalogue, give for it.

    It refuses what must be refused, and calls where the idea gives no answer.

    Examples
    --------
    >>> with_idea("conv_output_size", "M10")(9, 3, dilation=2)
    7
    """
    names = _parameters(function)

    def student(*positional, **options):
        arguments = {**dict(zip(names, positional)), **options}
        right = answer(function, arguments)
        if right is None and not ORACLES[function].may_be_none:
            raise ValueError("refused")
        return _wrong_answer(function, id, arguments, right)

    return student


@cache
def _parameters(function):
    (assignment,) = (name for name in assignments() if function in functions(name))
    return list(inspect.signature(_reference(assignment)[function]).parameters)


def _wrong_answer(function, id, arguments, right):
    oracle = ORACLES[function]
    for mistake in oracle.mistakes(**arguments) if oracle.mistakes else ():
        if mistake.id == id:
            return mistake.answer
    if not oracle.stated and function not in OPERATORS:
        return right
    stated = oracle.stated(right, **arguments) if oracle.stated else (Problem(function, **arguments), right)
    if stated is None:
        return right
    problem, form = stated
    got = wrong_answer(id, problem)
    if got is None:
        raise ValueError("this idea gives no answer here")
    if isinstance(right, tuple):  # the second part is the one that the catalogue is about
        return right[0], got
    if isinstance(right, np.ndarray) and form.ndim != right.ndim:  # the columns of a matrix
        return got.reshape(len(got), -1).T
    return got


def wrong_messages(assignment, function, mistake):
    """The messages of the check cells that a wrong function loses, ``{cell: message}``; ``mistake`` may be an idea."""
    if mistake in ideas(assignment).get(function, ()):
        names, made = _reference(assignment), with_idea(function, mistake)
    else:
        names = _defined(edited(assignment, function, mistake), f"<{function}: {mistake}>", _reference(assignment))
        made = names[function]
    calling = cells_calling(assignment, function)
    graded = [
        cell for cell in notebook(assignment).cells if cell.metadata.get("nbgrader", {}).get("grade_id") in calling
    ]
    return failing({"cells": graded}, {**names, **right_functions(assignment, "loops"), function: made})
