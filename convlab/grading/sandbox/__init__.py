"""Run code that nobody trusts, and grade notebooks with it: walls around the code, tests outside, values across.

This package knows nothing of convolution and imports nothing of convlab. By layer, each using those above it:

- :mod:`.wire` (values as text), :mod:`.alarm` (time limit), :mod:`.stubs` and :mod:`.worker`: also inside the sandbox;
- :mod:`.seccomp`, :mod:`.bubblewrap`, :mod:`.pool`: the walls, and processes behind them;
- :mod:`.session` and :mod:`.proxy`: one student's Python, and a function in it that can be called from here;
- :mod:`.sanitize`, :mod:`.notebook`: what a student hands in, made harmless;
- :mod:`.ways`: which tests run sealed, outside the sandbox, and which in the room, in the student's own Python;
- :mod:`.room`, :mod:`.check_cells`, :mod:`.grader`: the cells of both kinds, and all of a notebook in their order;
- :mod:`.only_run`, :mod:`.side_by_side`, :mod:`.transaction`, :mod:`.one_by_one`: one run at a time, which grades
  several submissions at once, and what it stores of a submission, all of it or nothing;
- :mod:`.trusted_cells`, :mod:`.save_grades`, :mod:`.progress`, :mod:`.penalties`, :mod:`.export`,
  :mod:`.nbgrader_steps`: how nbgrader comes to use it; :mod:`.run`: the same as one call.

A sealed test cell calls ``check_...`` functions of modules that the settings name. An exception that one raises may
have two attributes: ``outline``, what a student is told if the check is hidden, and ``picture``, HTML for the feedback
page.
"""

import importlib
from typing import Any

_HOMES = {
    "bubblewrap": ("Policy", "SandboxMissing", "why_unavailable"),
    "pool": ("Pool",),
    "session": ("CodeStopped", "Sandbox", "own_files"),
    "proxy": ("StudentError", "StudentFunction"),
    "wire": ("Unknown",),
    "notebook": ("NotGraded", "read_submission"),
    "ways": ("free_names",),
    "grader": ("grade",),
    "nbgrader_steps": ("configure",),
    "run": ("NobodyGraded", "Outcome", "grade_course"),
    "penalties": ("LatePenalty", "due_dates"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    """Import what is asked for: students' notebooks need :class:`~.wire.Unknown`, but no nbgrader."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME_OF[name]}", __name__), name)
