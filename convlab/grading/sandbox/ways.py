"""Two ways to run a test cell, never a mixture: its form says which, so a teacher can know it beforehand.

*Sealed*: outside the sandbox, the student's functions called in it, and only values come out. For cells that are made
of nothing but calls of ``check_...`` functions which are known to need no more. *In the room*: every other test cell
runs in the student's own Python, inside the sandbox, and means what it means to nbgrader: as easily fooled, but
harmless to the machine, to others and to the gradebook.
"""

import ast
import builtins
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

__all__ = ["Ways", "free_names", "sealed_names", "ways"]

CHECK = "check_"  # how the name of a function begins that a sealed cell may call


def sealed_names(source: str, checks: Collection[str]) -> list[str] | None:
    """The student's functions that a sealed test cell checks, or None if it is to run in the room.

    Sealed are imports of the modules ``checks``, and calls of their ``check_...`` functions; what is the student's may
    only be handed to these.

    Examples
    --------
    >>> sealed_names("from course import checks\\nchecks.check_call(double, [2])", {"course.checks"})
    ['double']
    >>> sealed_names("assert double(2) == 4", {"course.checks"}) is None
    True
    """
    try:
        code = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    known = _imported(code)
    if not all(module in checks or module.rpartition(".")[0] in checks for module in known.values()):
        return None
    title = ast.get_docstring(code, clean=False) is not None
    steps = [node for node in code.body[title:] if not isinstance(node, (ast.Import, ast.ImportFrom))]
    calls = [node.value for node in steps if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    if not steps or len(calls) < len(steps) or not all(_is_check(call.func, known, checks) for call in calls):
        return None
    handed = [argument for call in calls for argument in (*call.args, *(option.value for option in call.keywords))]
    mine, places = free_names(code), set(map(id, handed))
    elsewhere = {node.id for node in ast.walk(code) if isinstance(node, ast.Name) and id(node) not in places}
    return None if elsewhere & set(mine) else mine


def _imported(code):
    """What the names stand for that a cell imports: ``{name: dotted name}``."""
    known = {}
    for node in code.body:
        for alias in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else ():
            module = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            known[alias.asname or alias.name] = module
    return known


def _is_check(function, known, checks):
    words = ast.unparse(function) if isinstance(function, (ast.Name, ast.Attribute)) else ""
    module, _, name = words.rpartition(".")
    module, _, name = known.get(words, f"{known.get(module, '')}.{name}").rpartition(".")
    return module in checks and name.startswith(CHECK)


def free_names(code: ast.AST) -> list[str]:
    """The names that a piece of code reads and does not make: in a test cell, the student's.

    Examples
    --------
    >>> free_names(ast.parse("import numpy as np\\nnp.all(mine(3) == [n for n in range(3)])"))
    ['mine']
    """
    names = [node for node in ast.walk(code) if isinstance(node, ast.Name)]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    for node in ast.walk(code):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            made |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
    read = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load))
    return [name for name in read if name not in made and not hasattr(builtins, name)]


@dataclass
class Ways:
    """How the tests of an assignment run.

    Attributes
    ----------
    sealed, room : list of str
        The names of the test cells.
    missing : dict
        By the name of a cell in the room: modules that it imports and that are not there.
    needs : dict
        By the name of a test in the room: names that it reads, and that a sealed test makes, which runs elsewhere.
    """

    sealed: list[str] = field(default_factory=list)
    room: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self):
        told = [f"{len(self.sealed)} sealed" + (f" ({', '.join(self.sealed)})" if self.sealed and self.room else "")]
        if self.room:
            told.append(f"{len(self.room)} in the room, where a student's code can fool them ({', '.join(self.room)})")
        return "; ".join(told)

    def problems(self, sealed_only: bool = False) -> list[str]:
        """Why nobody can be graded like that, as sentences."""
        found = []
        if sealed_only and self.room:
            cells = ", ".join(self.room)
            found.append(f"GradeInSandbox.sealed_only is set, and these tests are not made of checks alone: {cells}")
        found += [
            f"the cell {cell} imports {' and '.join(names)}, which the room does not have: "
            "see GradeInSandbox.libraries; a cell with checks is sealed if it holds nothing else"
            for cell, names in self.missing.items()
        ]
        return found + [
            f"the test {cell} runs in the room and reads {' and '.join(names)}, which a sealed test imports"
            for cell, names in self.needs.items()
        ]


def ways(cells: Iterable[tuple[str, str, bool]], checks: Collection[str], inside: Collection[str]) -> Ways:
    """Which way each test of an assignment runs.

    ``cells`` are the teacher's, as ``(name, source, whether it is a test)``; ``inside`` are the modules that the room
    has beside Python's own.

    Examples
    --------
    >>> cells = [("tools", "import pandas", False), ("sum", "assert total([1, 2]) == 3", True)]
    >>> found = ways(cells, (), ())
    >>> print(found)
    0 sealed; 1 in the room, where a student's code can fool them (sum)
    >>> found.missing
    {'tools': ['pandas']}
    """
    found, there = Ways(), {*inside, *sys.stdlib_module_names}
    missing: dict[str, list[str]] = {}
    made: set[str] = set()
    for name, source, test in cells:
        if test and sealed_names(source, checks) is not None:
            found.sealed.append(name)
            made |= _imported(ast.parse(source)).keys()
            continue
        if test:
            found.room.append(name)
            needed = made & set(free_names(_parsed(source)))
            if needed:
                found.needs[name] = sorted(needed)
        absent = [module for module in _modules(source) if module not in there]
        if absent:
            missing[name] = absent
    if found.room:
        found.missing = missing
    return found


def _parsed(source):
    """A cell, magics and all; nothing if it is no Python."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _modules(source):
    """The modules that a cell imports."""
    code = _parsed(source)
    names = [alias.name for node in ast.walk(code) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(code) if isinstance(node, ast.ImportFrom) and not node.level]
    return list(dict.fromkeys(name.split(".")[0] for name in names))
