"""Do the checks of an assignment notice every change of its reference solution?

A mutant is the solution with one small change: another operator, another number, a statement left out. Each must
lose a point; one that does not shows a hole in the checks, or is no change of behaviour at all.

    python -m tools.mutants assignments/source/convolution/convolution.ipynb
"""

import argparse
import ast
import copy
import pathlib
import sys
from unittest import mock

import nbformat
from tqdm import tqdm

from convlab.grading import messages
from tools.points import failing, solution, source_of

__all__ = ["mutants", "survivors"]

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult, ast.Div),
    ast.Div: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (),
}
NO_ORDER = {"max", "maximum", "min", "minimum"}  # exchanged arguments change nothing


def changes(node):
    """Every small change of one node of a syntax tree: ``(what it does, the new node)``."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        yield "another comparison", _with(node, ops=[COMPARISONS[type(node.ops[0])]()])
    if isinstance(node, ast.BinOp):
        for other in ARITHMETIC.get(type(node.op), ()):
            yield f"{type(node.op).__name__} to {other.__name__}", _with(node, op=other())
        if isinstance(node.op, (ast.Sub, ast.FloorDiv, ast.Mod, ast.MatMult)):
            yield "sides exchanged", _with(node, left=node.right, right=node.left)
    if isinstance(node, ast.AugAssign):
        yield "assigned in place of added", ast.Assign([_stored(node.target)], node.value)
        if isinstance(node.op, ast.Add):
            yield "subtracted in place of added", _with(node, op=ast.Sub())
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and, or exchanged", _with(node, op=other)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "sign or not left out", node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield f"{node.value} to {node.value + 1}", ast.Constant(node.value + 1)
        yield f"{node.value} to {node.value - 1}", ast.Constant(node.value - 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "True, False exchanged", ast.Constant(not node.value)
    if isinstance(node, ast.If):
        yield "if always", _with(node, test=ast.Constant(True))
        yield "if never", _with(node, test=ast.Constant(False))
    if isinstance(node, ast.IfExp):
        yield "always the first", node.body
        yield "always the other", node.orelse
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and _can_be_exchanged(node.elts):
        yield "pair exchanged", _with(node, elts=node.elts[::-1])
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield f"slice without {part}", _with(node, **{part: None})
    if isinstance(node, ast.Call) and not node.keywords and _can_be_exchanged(node.args):
        if _name(node.func) not in NO_ORDER:
            yield "arguments exchanged", _with(node, args=node.args[::-1])
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise)) and not _is_text(node):
        yield "left out", ast.Pass()


def _with(node, **fields):
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _stored(target):
    new = copy.copy(target)
    new.ctx = ast.Store()
    return new


def _can_be_exchanged(nodes):
    return len(nodes) == 2 and ast.dump(nodes[0]) != ast.dump(nodes[1])


def _name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Replace(ast.NodeTransformer):
    def __init__(self, target, new):
        self.target, self.new = target, new

    def visit(self, node):
        return self.new if node is self.target else super().generic_visit(node)


def mutants(source):
    """Every mutant of a piece of code, as ``(line, what was changed, new code)``.

    Examples
    --------
    >>> for line, change, code in mutants("def f(i):\\n    return i + 1"):
    ...     print(line, change, code.splitlines()[-1].strip(), sep=": ")
    2: Add to Sub: return i - 1
    2: 1 to 2: return i + 2
    2: 1 to 0: return i + 0
    """
    nodes = [node for node in ast.walk(ast.parse(source)) if hasattr(node, "lineno") or isinstance(node, ast.Slice)]
    for number, node in enumerate(nodes):
        for change, _ in enumerate(changes(node)):
            tree = ast.parse(source)
            fresh = [n for n in ast.walk(tree) if hasattr(n, "lineno") or isinstance(n, ast.Slice)][number]
            said, new = list(changes(fresh))[change]
            mutated = ast.fix_missing_locations(_Replace(fresh, new).visit(tree))
            yield getattr(fresh, "lineno", 0), said, ast.unparse(mutated)


def survivors(notebook, equivalent=(), every=1, progress=lambda things: things):
    """The mutants of all solution cells that lose no point.

    Parameters
    ----------
    notebook : dict
        A source notebook.
    equivalent : collection of tuple
        ``(cell, line as it stands, change)`` that do not change what the function does.
    every : int
        Try only every ``every``-th mutant.
    progress : callable
        Wraps the list of mutants, to show how far it is.

    Returns
    -------
    tried : int
    list of tuple
        ``(cell, line as it stands, change)``.

    Raises
    ------
    ValueError
        If the solution itself loses points: then no mutant says anything.
    """
    # This also imports PyTorch, before a time limit could interrupt that.
    lost = failing(notebook, solution(notebook), seconds=120)
    if lost:
        raise ValueError(f"the solution itself loses points: {', '.join(lost)}")
    cells = {
        cell["metadata"]["nbgrader"]["grade_id"]: source_of(cell)
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    }
    every_mutant = [(name, *mutant) for name, source in cells.items() for mutant in mutants(source)][::every]
    alive, tried = [], 0
    for name, line, change, code in progress(every_mutant):
        place = cells[name].splitlines()[line - 1].strip() if line else "a slice"
        if (name, place, change) in equivalent:
            continue
        tried += 1
        if not _fails(notebook, name, code):
            alive.append((name, place, change))
    return tried, alive


def _fails(notebook, name, code):
    try:
        names = solution(notebook, {name: code})
    except Exception:  # it does not even define its functions
        return True
    with mock.patch.object(messages, "_diagnosed", return_value=[]):  # nobody reads what is said of a mutant
        return bool(failing(notebook, names, seconds=5, first=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, help="try only every n-th mutant")
    arguments = parser.parse_args()
    holes = 0
    for path in arguments.notebooks:
        tried, alive = survivors(nbformat.read(path, as_version=4), every=arguments.every, progress=tqdm)
        print(f"{path.stem}: {tried} mutants tried, {len(alive)} survive")
        for cell, line, change in alive:
            print(f"    {cell}: {change}: {line}")
        holes += len(alive)
    sys.exit(bool(holes))


if __name__ == "__main__":
    main()
