"""What must hold for the source notebook of an assignment, checked without running it.

nbgrader gives full points to a test cell that shows nothing wrong: a comparison
without ``assert``, or a last line whose value is ``False``, passes everybody. So the
form of the cells is checked, and that the points are what the headings promise. An answer
that is graded by hand must be text, with a rubric above it that adds up to its points.
"""

import ast
import re

__all__ = ["problems"]

COMPARISONS = {"allclose", "array_equal", "array_equiv", "equal", "isclose", "all", "any"}
# All raise, or return None.
CHECKS = {"check_adjoint", "check_call", "check_design", "check_errors", "check_untouched"}
POINTS = re.compile(r"\((\d+) points?\)")
RUBRIC = re.compile(r"^\|.*\|\s*(\d+)\s*\|$", re.M)  # a row of a table that ends with a number
ANSWERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def problems(notebook, total=100, release=False):
    """Everything that is wrong with an assignment's notebook, as sentences.

    Parameters
    ----------
    notebook : dict
        As ``nbformat.read`` gives it.
    total : int
        The points of all test cells together.
    release : bool
        Check the form that the students get: no solution or hidden test may be left.

    Returns
    -------
    list of str
        Empty if all is well.

    Examples
    --------
    >>> cell = {"cell_type": "code", "execution_count": None, "outputs": []}
    >>> cell["metadata"] = {"nbgrader": {"grade": True, "grade_id": "sum", "points": 100, "solution": False}}
    >>> cell["source"] = "# The sum is right (100 points).\\nnp.allclose(mine, 6)"
    >>> kernel = {"kernelspec": {"name": "python3"}}
    >>> for problem in problems({"cells": [cell], "metadata": kernel}):
    ...     print(problem)
    sum: it asserts nothing
    sum: line 2 compares without assert
    sum: the last line is an expression, which nbgrader reads as points
    """
    cells = notebook["cells"]
    graded = [cell for cell in cells if _nbgrader(cell).get("grade")]
    found = _notebook_problems(notebook, graded, total)
    found += _heading_problems(cells)
    for number, cell in enumerate(cells):
        if _nbgrader(cell).get("grade"):
            by_hand = cell["cell_type"] != "code" or _nbgrader(cell).get("solution")
            inside = _written_problems(cell, cells[:number], release) if by_hand else _cell_problems(cell)
            found += [f"{_nbgrader(cell)['grade_id']}: {problem}" for problem in inside]
    if release:
        left = [name for name in ANSWERS for cell in cells if name in _source(cell)]
        found += [f"{name} is left in the release" for name in left]
    return found


def _nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def _source(cell):
    return "".join(cell["source"])


def _notebook_problems(notebook, graded, total):
    found = []
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        found.append("the kernel must be python3")
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and (cell["execution_count"] is not None or cell["outputs"]):
            found.append(f"cell {number} is not stripped: it has outputs or an execution count")
    ids = [_nbgrader(cell)["grade_id"] for cell in notebook["cells"] if _nbgrader(cell)]
    found += [f"grade_id {name} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    points = sum(_nbgrader(cell)["points"] for cell in graded)
    if points != total:
        found.append(f"the points add up to {points}, not {total}")
    return found


def _heading_problems(cells):
    """Headings that name points must name those of the test cells below them."""
    found, heading, promised, given = [], None, 0, 0
    for cell in [*cells, {"cell_type": "markdown", "metadata": {}, "source": "## (0 points)"}]:
        first = _source(cell).partition("\n")[0]
        names = POINTS.search(first)
        if cell["cell_type"] == "markdown" and first.startswith("#") and names:
            if heading and promised != given:
                found.append(f"{heading!r} promises {promised} points, its test cells give {given}")
            heading, promised, given = first, int(names[1]), 0
        given += _nbgrader(cell).get("points", 0)
    return found


def _written_problems(cell, before, release):
    """Of an answer in words, which a teacher grades."""
    nbgrader, found = _nbgrader(cell), []
    if cell["cell_type"] != "markdown":
        found.append("it is code and a solution, so it would be graded by hand")
    if not nbgrader.get("solution"):
        found.append("it is graded by hand, but students cannot write in it: solution must be true")
    if nbgrader["points"] <= 0:
        found.append("it is worth nothing")
    above = [_source(other) for other in before if other["cell_type"] == "markdown"]
    rubric = sum(map(int, RUBRIC.findall(above[-1]))) if above else 0
    if rubric != nbgrader["points"]:
        found.append(f"the rubric above it adds up to {rubric} points, not {nbgrader['points']}")
    if not release and not ("BEGIN SOLUTION" in _source(cell) and "END SOLUTION" in _source(cell)):
        found.append("it has no model answer: no region BEGIN SOLUTION to END SOLUTION")
    return found


def _cell_problems(cell):
    nbgrader, source = _nbgrader(cell), _source(cell)
    tree = ast.parse(source)
    found = []
    first = source.lstrip().partition("\n")[0]
    says = ast.get_docstring(tree) or (first if first.startswith("#") else "")
    named = POINTS.search(says)
    if not says:
        found.append("it does not say what it checks: no docstring or comment in the first line")
    elif not named or int(named[1]) != nbgrader["points"]:
        found.append(f"its first line must name its points, ({nbgrader['points']} points)")
    if nbgrader["points"] <= 0:
        found.append("it is worth nothing")
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    if not any(isinstance(node, ast.Assert) or _is_check(node) for node in ast.walk(tree)):
        found.append("it asserts nothing")
    found += [f"line {node.lineno} compares without assert" for node in ast.walk(tree) if _is_bare_comparison(node)]
    if body and isinstance(body[-1], ast.Expr) and not _is_check(body[-1]):
        found.append("the last line is an expression, which nbgrader reads as points")
    return found


def _is_check(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value) in CHECKS


def _is_bare_comparison(node):
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    return isinstance(value, (ast.Compare, ast.BoolOp, ast.UnaryOp)) or (
        isinstance(value, ast.Call) and _name(value) in COMPARISONS
    )


def _name(call):
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
