"""What a failed check says to the student.

Each message has two forms: in full, for the checks that the student sees, and an outline without any input, expected
or given number, for hidden ones. Both name the likely mistake and the lesson that is about it.
"""

import traceback
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from convlab.feedback.box import compared
from convlab.grading.cases import LONGEST, show_call
from convlab.grading.oracles import ORACLES, Mistake
from convlab.grading.sandbox.wire import Unknown
from convlab.misconceptions import OPERATORS, Problem, diagnose, lesson_about

__all__ = [
    *("CheckFailed", "Idea", "Said", "failed", "idea_of", "likely"),
    *("not_refused", "plain", "problem", "raised", "wrong", "wrong_kind"),
]

HIDDEN = "in a check that is not shown"
MOST = 3  # explanations of one answer


class CheckFailed(AssertionError):
    """A check that the student's function does not pass.

    In a notebook only the message is shown: a traceback would show lines of hidden tests. The outline, without inputs
    and answers, is for hidden checks; the picture, HTML of the answer and where it is right, for a page of feedback;
    ``cited``, the message with the ids of misconceptions, for who maintains the course.
    """

    def __init__(self, message: str, outline: str = "", picture: str = "", cited: str = ""):
        super().__init__(message)
        self.outline, self.picture, self.cited = outline, picture, cited or message

    def _render_traceback_(self):  # IPython asks for it
        return [f"{type(self).__name__}: {self}"]


def wrong(oracle: str, arguments: dict[str, Any], said: "Said", expected: Any, got: Any) -> CheckFailed:
    """An answer that differs; ``said`` is what :func:`problem` found."""
    found = _listed(oracle, arguments, got) or _diagnosed(oracle, arguments, expected, got)
    lines = [
        f"{oracle} gives a wrong answer.",
        _shown_call(oracle, arguments),
        f"Problem:  {said}",
        f"Expected: {shown(expected)}",
        f"Got:      {shown(got)}",
    ]
    outline = [f"{oracle} gives a wrong answer {HIDDEN}{_used(oracle, arguments)}.", f"Problem:  {said.outline}"]
    return failed(lines, outline, found, _picture(expected, got))


def failed(lines: list[str], outline: list[str], found: list["Idea"], picture: str = "") -> CheckFailed:
    """A failed check of these lines, with the ideas that are likely behind it."""
    ideas, cited = likely([idea.said for idea in found]), likely([idea.cited for idea in found])
    look = [f"Look at:  lesson {lesson_about(found[0].id)}"] if found else []
    whole, part, teachers = (
        "\n".join([*first, *rest, *look]) for first, rest in [(lines, ideas), (outline, ideas), (lines, cited)]
    )
    return CheckFailed(whole, part, picture, teachers)


def raised(
    function: Callable, oracle: str, arguments: dict[str, Any], error: Exception, before: str = ""
) -> CheckFailed:
    """An exception in the student's function.

    Of a hidden check the message and the line are left out: a line for each guess would tell what the numbers were.
    """
    if isinstance(error, NotImplementedError):
        text = f"{before}{oracle} is not written yet."
        return CheckFailed(text, text)
    lines = [f"{before}{oracle} raises {type(error).__name__}: {error}", _shown_call(oracle, arguments)]
    outline = f"{before}{oracle} raises {type(error).__name__} {HIDDEN}{_used(oracle, arguments)}."
    return CheckFailed("\n".join(lines + _where(function, error)), outline)


def not_refused(oracle: str, arguments: dict[str, Any], reason: str, said: str, got: Any = None) -> CheckFailed:
    """A call that should have raised ``ValueError``."""
    lines = [f"{oracle} must raise ValueError here: {reason}.", _shown_call(oracle, arguments), f"Problem:  {said}"]
    outline = [f"{oracle} must raise ValueError for a call that is not shown{_used(oracle, arguments)}."]
    outline.append(f"Problem:  {said}")
    return CheckFailed("\n".join(lines + ([] if got is None else [f"Got:      {shown(got)}"])), "\n".join(outline))


def plain(oracle: str, arguments: dict[str, Any], said: str) -> CheckFailed:
    """Anything else that a function does, in a few words."""
    return CheckFailed(f"{oracle} {said}.\n{_shown_call(oracle, arguments)}", f"{oracle} {said}. This showed {HIDDEN}.")


class Said(str):
    """A problem in words, with an outline that holds no numbers of the answer."""

    outline: str

    def __new__(cls, text, outline=None):
        said = super().__new__(cls, text)
        said.outline = text if outline is None else outline
        return said


def wrong_kind(got: Any, expected: Any) -> "Said | None":
    """What is wrong with the kind of an answer, whatever its value; None if nothing is."""
    if isinstance(expected, np.ndarray):
        kind = "a NumPy array", type(got) is np.ndarray
    elif isinstance(expected, bool):
        kind = "True or False", isinstance(got, (bool, np.bool_))
    elif isinstance(expected, int):
        whole = isinstance(got, (int, np.integer)) and not isinstance(got, (bool, np.bool_))
        kind = "an int", whole
    elif isinstance(expected, float):
        kind = "a number", isinstance(got, (int, float, np.number)) and not isinstance(got, (bool, np.bool_))
    elif expected is None:
        kind = "None", got is None
    elif isinstance(expected, (tuple, list)):
        kind = f"a {type(expected).__name__} of {len(expected)}", isinstance(got, (tuple, list))
    else:
        kind = f"a {type(expected).__name__}", isinstance(got, type(expected))
    if kind[1]:
        return None
    return Said(f"the answer must be {kind[0]}, this is {_kind(got)}", f"the answer must be {kind[0]}, and is not")


def problem(got: Any, expected: Any, tolerance: float = 0.0) -> "Said | None":
    """The first thing that is wrong with an answer, or ``None``.

    Examples
    --------
    >>> problem(np.array([1.0, 3.0]), np.array([1.0, 2.0]))
    'one value differs, the first at index [1]: expected 2, got 3'
    >>> problem((1, 2), (1, 2)) is None
    True
    """
    kind = wrong_kind(got, expected)
    if kind:
        return kind
    if isinstance(expected, (tuple, list)):
        if len(got) != len(expected):
            return Said(f"{len(expected)} parts are expected, got {len(got)}")
        parts = ((n, problem(mine, right, tolerance)) for n, (mine, right) in enumerate(zip(got, expected)))
        return next((Said(f"part {n}: {said}", f"part {n}: {said.outline}") for n, said in parts if said), None)
    if isinstance(expected, np.ndarray):
        return _array_problem(got, expected, tolerance)
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        same = abs(got - expected) <= tolerance if tolerance else got == expected
        return None if same else Said("the number differs")
    return None if got == expected else Said("the answer differs")


def _array_problem(got, expected, tolerance):
    if got.shape != expected.shape:
        return Said(f"the shape differs: expected {expected.shape}, got {got.shape}", "the shape differs")
    if got.dtype != expected.dtype:
        return Said(f"the dtype differs: expected {expected.dtype}, got {got.dtype}")
    same = np.isclose(got, expected, rtol=0, atol=tolerance) if tolerance else got == expected
    differs = np.argwhere(~same)
    if not len(differs):
        return None
    first = tuple(int(n) for n in differs[0])
    count = f"{len(differs)} of {expected.size} values differ" if len(differs) > 1 else "one value differs"
    place = f"the first at index {list(first)}: expected {_number(expected[first])}, got {_number(got[first])}"
    return Said(f"{count}, {place}", count)


class Idea(NamedTuple):
    """What is likely behind an answer: in words, in words with ids, and the id that tells the lesson."""

    said: str
    cited: str
    id: str


def likely(ideas: list[str]) -> list[str]:
    """Lines about ideas, the commonest first.

    Examples
    --------
    >>> likely(["dilation is left out", "padding is left out"])
    ['Likely:   dilation is left out', 'Or:       padding is left out']
    """
    return [f"{'Or:' if number else 'Likely:':9} {idea}" for number, idea in enumerate(ideas)]


def _listed(oracle, arguments, got):
    """Of the oracle's own wrong answers those that are this one."""
    known = ORACLES[oracle].mistakes(**arguments) if ORACLES[oracle].mistakes else ()
    same = (mistake for mistake in known if problem(got, mistake.answer, ORACLES[oracle].tolerance) is None)
    return [idea_of(mistake) for mistake in islice(same, MOST)]


def idea_of(mistake: Mistake) -> Idea:
    """A mistake that an oracle knows, for a message."""
    return Idea(mistake.did, f"{mistake.did} ({mistake.id})", mistake.id)


def _diagnosed(oracle, arguments, expected, got):
    """What the catalogue of misconceptions says of this answer."""
    if wrong_kind(got, expected) is not None:
        return []
    if ORACLES[oracle].stated:
        case = ORACLES[oracle].stated(got, **arguments)
    else:
        case = (Problem(oracle, **arguments), got) if oracle in OPERATORS else None
    if case is None:
        return []
    problem, answer = case
    matches = diagnose(answer, problem).misconceptions[:MOST]
    return [Idea(str(match), match.cited, match.ids[0]) for match in matches]


def _shown_call(oracle, arguments):
    return f"Call:     {show_call(oracle, arguments, ORACLES[oracle].positional)}"


def _used(oracle, arguments):
    """Which options a hidden call uses, by name only."""
    names = [name for name in list(arguments)[ORACLES[oracle].positional :] if arguments[name] is not None]
    return f", with {', '.join(names)}" if names else ""


def _where(function, error):
    """The line of the student's cell that raised; a stand-in for a function in the sandbox has it from there."""
    where = getattr(error, "where", None)
    if isinstance(where, (list, tuple)) and len(where) == 2:
        return [f"Where:    line {where[0]} of its cell: {str(where[1]).strip()}"]
    cell = getattr(getattr(function, "__code__", None), "co_filename", None)
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == cell]
    return [f"Where:    line {places[-1].lineno} of its cell: {places[-1].line}"] if places else []


def _picture(expected, got):
    if not (isinstance(expected, np.ndarray) and type(got) is np.ndarray and got.shape == expected.shape):
        return ""
    flat = expected.shape[:-2] if expected.ndim > 2 else ()
    if any(count != 1 for count in flat) or got.dtype.kind not in "iuf":
        return ""
    mine, right = got.reshape(got.shape[len(flat) :]), expected.reshape(expected.shape[len(flat) :])
    return compared(mine, mine == right, right)


def _kind(value):
    if isinstance(value, Unknown):
        return f"{value!r:.60} ({value.type_name})"
    return "None: is a return missing?" if value is None else f"{value!r:.60} ({type(value).__name__})"


def shown(value):
    """An answer as text, short if it is large."""
    if not isinstance(value, np.ndarray):
        return f"{value!r:.200}"
    if value.size > LONGEST:
        return f"<array of shape {value.shape}>"
    return np.array2string(value, 100, separator=", ", prefix="Expected: ", formatter={"float_kind": _number})


def _number(value):
    """A number without a needless ``.0``."""
    return f"{value:.15g}" if isinstance(value, (float, np.floating)) else str(value)
