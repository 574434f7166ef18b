"""Points without nbgrader: run an assignment's check cells against functions in this process.

For trying out solutions of one's own, right ones and wrong ones, by the hundred. Students' work is graded by
:mod:`convlab.grading.sandbox`, in a sandbox.
"""

import ast
import contextlib
import io
from functools import cache

from convlab.feedback.timelimit import TimeLimitReached, time_limit
from convlab.grading.oracles import one_thread
from convlab.grading.sandbox import free_names

__all__ = ["check_cells", "failing", "solution", "source_of"]


def _own(cell):
    return cell["metadata"].get("nbgrader", {})


def source_of(cell):
    """The text of a cell, as one string."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def check_cells(notebook):
    """The check cells of a source notebook: ``{name: (points, text)}``, hidden tests included.

    Cells that are graded by hand have no text to run and are left out.

    Examples
    --------
    >>> test = {"cell_type": "code", "source": "assert f(1) == 2"}
    >>> test["metadata"] = {"nbgrader": {"grade": True, "solution": False, "grade_id": "one", "points": 3}}
    >>> check_cells({"cells": [test]})
    {'one': (3, 'assert f(1) == 2')}
    """
    return {
        _own(cell)["grade_id"]: (_own(cell)["points"], source_of(cell))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and _own(cell).get("grade") and not _own(cell).get("solution")
    }


def solution(notebook, replaced=None):
    """The names that a source notebook's own solution defines.

    Parameters
    ----------
    notebook : dict
        As ``nbformat.read`` gives it; the cells that are no checks are run in their order.
    replaced : dict, optional
        Other text for some solution cells, by their names.

    Returns
    -------
    dict
        The namespace after all cells.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "def f(x):\\n    return x + 1", "metadata": {}}
    >>> solution({"cells": [cell]})["f"](1)
    2
    """
    namespace = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or (_own(cell).get("grade") and not _own(cell).get("solution")):
            continue
        text = (replaced or {}).get(_own(cell).get("grade_id"), source_of(cell))
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, f"<{_own(cell).get('grade_id', 'cell')}>", "exec"), namespace)
    return namespace


@cache  # the same cells are run against hundreds of answers
def _compiled(cell, text):
    """The code of a check cell, and the names that it takes from elsewhere."""
    tree = ast.parse(text)
    return compile(tree, f"<{cell}>", "exec"), tuple(free_names(tree))


def failing(notebook, names, seconds=20, first=False):
    """Which check cells fail, and with what message.

    Parameters
    ----------
    notebook : dict
        A source notebook.
    names : dict
        What the student has defined: functions by their names. A name that a check needs and that is not there fails.
    seconds : float
        For one check cell.
    first : bool
        Stop at the first that fails.

    Returns
    -------
    dict
        ``{name of the cell: message}``, with the ids of misconceptions; empty if all points are earned.

    Examples
    --------
    >>> test = {"cell_type": "code", "source": "assert f(1) == 2, 'not two'"}
    >>> test["metadata"] = {"nbgrader": {"grade": True, "solution": False, "grade_id": "one", "points": 3}}
    >>> failing({"cells": [test]}, {"f": abs})
    {'one': 'not two'}
    >>> failing({"cells": [test]}, {"f": lambda x: x + 1})
    {}
    """
    messages = {}
    for cell, (_, text) in check_cells(notebook).items():
        if first and messages:
            break
        code, needed = _compiled(cell, text)
        namespace = {name: names[name] for name in needed if name in names}
        try:
            # Entered first: it imports PyTorch, which a time limit must not interrupt.
            with one_thread(), contextlib.redirect_stdout(io.StringIO()), time_limit(seconds):
                exec(code, namespace)
        except TimeLimitReached:
            messages[cell] = f"it took longer than {seconds:g} seconds"
        except Exception as error:
            messages[cell] = getattr(error, "cited", str(error))
    return messages
