"""Answers that a learner has saved in a notebook."""

import ast
import json
import pathlib
from typing import Any

__all__ = ["saved_answers"]


def saved_answers(notebook: str | pathlib.Path) -> dict[int, Any]:
    """The answers in a saved notebook: its assignments ``answers[1] = ...`` and so on. Nothing is run.

    ``notebook`` is lesson 00. Numbers, lists and texts come as they are written; what would have to be run is ``...``,
    no answer. A file that is not there raises ``FileNotFoundError``, one that is no notebook ``ValueError``.
    """
    path = pathlib.Path(notebook)
    if not path.exists():
        raise FileNotFoundError(f"there is no {path} here; give the points of your first test instead: before=7")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} must be a notebook") from None
    answers = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            answers.update(_assigned("".join(cell["source"])))
    return answers


def _assigned(source):
    """What a cell assigns to entries of ``answers``."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # half an answer, or a command of IPython
        return {}
    found = {}
    for statement in statements:
        match statement:
            case ast.Assign([ast.Subscript(ast.Name("answers"), ast.Constant(number))], value):
                try:
                    found[number] = ast.literal_eval(value)
                except ValueError:  # an expression
                    found[number] = ...
    return found
