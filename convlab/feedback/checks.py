"""Instant feedback on an answer: ``from convlab.feedback import checks as check``.

An exercise names an operator and its arguments; the check computes the truth. So a notebook
states the problem and never holds the answer:

>>> equal([2, 4, 9, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
Right: [2, 4, 9, 6, 9]

Hints grow with each new wrong answer to the same problem: first where it differs, then
which misconception gives this answer, then the idea. The solution comes on request only
(:func:`solution`). An answer that is still ``...`` is not wrong, only not there yet.

``operator`` is a name that :class:`convlab.misconceptions.Problem` knows: ``"conv1d"``, ``"conv_transpose2d"``,
``"interpolate"`` and so on; ``formula`` one from :mod:`convlab.arithmetic`. Their arguments follow. If the PROBLEM is
not well stated, ``TypeError`` or ``ValueError`` is raised; never because of the answer. Where a learner's own function
makes it, the check calls that, for it may never end: ``equal(call(mended, x, 2), "conv1d", ...)``.
"""

import contextlib
import inspect
import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from convlab import arithmetic, traces
from convlab.feedback.box import Feedback, compared
from convlab.feedback.calls import Stopped, call
from convlab.misconceptions import OPERATORS, Problem, diagnose, further_problems, simulation_of
from convlab.misconceptions.comparison import agree, fit_axes, plain, read, same_cells
from convlab.misconceptions.simulation import StepSimulation
from convlab.validation import integer

__all__ = ["call", "computed", "equal", "forget", "function", "size", "solution", "truth", "why"]

NO_ANSWER = "No answer yet. Replace the ... and run the cell again."

_attempts: dict[Any, list[str]] = {}  # problem in words -> the different wrong answers so far, in words


def equal(answer: Any, operator: str, *arguments: Any, **options: Any) -> Feedback:
    """Compare an answer with what an operator really gives, value by value.

    One sample of one channel may be given without batch and channel axes.

    Examples
    --------
    >>> forget()  # a check says more each time
    >>> equal([2, 4, 3, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. The first difference is at [2]: you have 3.
    >>> equal([2, 4, 3, 6, 1], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. The first difference is at [2]: you have 3.
    This answer is not recognised.
    >>> equal([2, 4], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. Your answer has shape (2,), the right one has shape (5,).
    The shape is not the one asked for, and no known slip gives it.
    The cell [2] of the right answer is the sum of x[1]·w[0] + x[0]·w[2].
    """
    problem = Problem(operator, *arguments, **options)
    if absent := _absent(answer):
        return absent
    truth = np.asarray(problem.truth())
    diagnosis = diagnose(answer, problem)
    if diagnosis.right:
        return Feedback(True, f"Right: {truth.tolist()}")
    text, _, picture = _difference(answer, truth)
    return _hints(problem, answer, diagnosis, text, picture)


def size(answer: Any, formula: str, *arguments: Any, **options: Any) -> Feedback:
    """Compare a size with what a formula of :mod:`convlab.arithmetic` gives.

    Where an argument is a list, the formula is asked once per entry, and the answer is a list as well.

    Examples
    --------
    >>> forget()
    >>> size(5, "conv_transpose_output_size", 2, 3, stride=2)
    Right: 5
    >>> size([5, 6, 9], "conv_transpose_output_size", 3, 3, stride=[1, 2, 3])
    Not yet. [1] is 6, and that is too small.
    >>> size(3.5, "conv_output_size", 6, 3, stride=2, padding=1)
    Not yet. A size must be an integer, got 3.5
    """
    asked = _asked(formula, arguments, options)
    truths = _sizes(formula, asked)
    if absent := _absent(answer):
        return absent
    listed = _is_listed(arguments, options)
    if not all(isinstance(truth, int) for truth in truths):  # a pair, or several sizes
        return computed(answer, lambda: truths if listed else truths[0])
    answers = plain(answer) if listed else answer
    try:
        numbers = [_whole(number) for number in (answers if isinstance(answers, list) else [answers])]
    except TypeError as error:
        return Feedback(False, f"Not yet. {error}")
    if len(numbers) != len(truths):
        return Feedback(False, f"Not yet. {len(truths)} sizes are asked for, got {len(numbers)}.")
    for index, (number, truth, (positional, named)) in enumerate(zip(numbers, truths, asked)):
        if number != truth:
            place = f"[{index}] is {number}, and that" if listed else f"{number}"
            text = f"Not yet. {place} is too {'large' if number > truth else 'small'}."
            if formula not in OPERATORS:  # no misconception is known for this formula
                return Feedback(False, text)
            problem = Problem(formula, *positional, **named)
            return _hints(problem, answer, diagnose(number, problem), text)
    return Feedback(True, f"Right: {truths if listed else truths[0]}")


def computed(answer: Any, compute: Callable, *arguments: Any, hint: str = "", **options: Any) -> Feedback:
    """Compare an answer with whatever a function gives: where :func:`equal` and :func:`size` have no name for it.

    Lists, tuples and arrays are compared value by value, words without regard to capitals, sets without regard to
    order; ``hint`` is said from the second different wrong answer on. What ``compute`` raises is the author's fault.

    Examples
    --------
    >>> computed([1, 2, 1], np.convolve, [1, 1], [1, 1])
    Right: [1, 2, 1]
    >>> computed("upper", str.lower, "LOWER", hint="Look at the small letters.")
    Not yet. 'upper' is not it.
    """
    if not callable(compute):
        raise TypeError(f"compute must be callable, got {type(compute).__name__}")
    truth = plain(compute(*arguments, **options))
    if absent := _absent(answer, may_be_none=truth is None):
        return absent
    given = _given(answer)
    if isinstance(truth, set) and isinstance(answer, (list, tuple)):
        with contextlib.suppress(TypeError):  # entries that no set can hold
            given = set(answer)
    if agree(given, truth):
        return Feedback(True, f"Right: {truth}")
    text, picture = f"Not yet. {answer!r} is not it.", ""
    if (numbers := _numbers(truth)) is not None:
        text, _, picture = _difference(answer, numbers)
    tried = _count(("computed", repr(truth), repr(arguments), repr(options)), given)
    return Feedback(False, f"{text}\n{hint}" if hint and tried > 1 else text, picture)


def function(candidate: Callable, operator: str, *arguments: Any, seconds: float = 5.0, **options: Any) -> Feedback:
    """Try a learner's function on the stated problem, and then on others of its kind.

    It is called with the arrays first and the options by name, within ``seconds`` for all calls together; only
    options that are stated here are varied. A function that returns ``...`` is not there yet either.

    Examples
    --------
    >>> forget()
    >>> def stamp(x, w, stride):
    ...     y = np.zeros(stride * (len(x) - 1) + len(w), dtype=int)
    ...     for j in range(len(x)):
    ...         y[stride * j : stride * j + len(w)] = x[j] * w
    ...     return y
    >>> function(stamp, "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. The first difference is at [2]: you have 3.
    """
    problem = Problem(operator, *arguments, **options)
    problem.truth()
    if candidate is ... or not callable(candidate):
        return _absent(call(candidate))
    seen: dict[str, Any] = {}

    def watched(*positional, **named):
        answer = candidate(*positional, **named)
        seen.setdefault("first", answer)
        return answer

    diagnosis = call(diagnose, watched, problem, seconds=seconds)
    if isinstance(diagnosis, Stopped) or seen.get("first") is ...:
        return _absent(diagnosis if isinstance(diagnosis, Stopped) else ...)
    if diagnosis.right:
        others = ", and for others of its kind" if further_problems(problem) else ""
        return Feedback(True, f"Right, for this problem{others}.")
    return _judged_function(problem, seen, diagnosis)


def _judged_function(problem, seen, diagnosis):
    if seen.get("first") is None:  # it stopped before it returned anything, or has no return
        return Feedback(False, f"Not yet. {diagnosis.note}")
    text, same, picture = _difference(seen["first"], np.asarray(problem.truth()))
    if same is not None and same.all():
        return _hints(problem, diagnosis.note, diagnosis, f"Not yet. {diagnosis.note}")
    return _hints(problem, seen["first"], diagnosis, text, picture)


def solution(operator: str, *arguments: Any, **options: Any) -> Feedback:
    """The right answer to a stated problem: for those who ask.

    Examples
    --------
    >>> solution("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    The right answer is [2, 4, 9, 6, 9].
    """
    return Feedback(None, f"The right answer is {truth(operator, *arguments, **options)}.")


def why(answer: Any, operator: str, *arguments: Any, **options: Any) -> str:
    """What is known about a wrong answer, in full and at once; empty where nothing is.

    Examples
    --------
    >>> print(why([2, 4, 3, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2))
    This answer comes out if the later of two overlapping stamps overwrites the earlier.
    Where stamps overlap, their values add up.
    """
    sizes = operator in arithmetic.__all__
    if sizes and (operator not in OPERATORS or _is_listed(arguments, options)):
        return ""  # no misconception is known for this formula, or several sizes are asked for at once
    problem = Problem(operator, *arguments, **options)
    return "\n".join(_explained(diagnose(answer, problem)))


def truth(operator: str, *arguments: Any, **options: Any) -> Any:
    """The right answer to a stated problem as a number or a nested list.

    Examples
    --------
    >>> truth("conv_transpose_output_size", 3, 3, stride=[1, 2])
    [5, 7]
    """
    if operator in arithmetic.__all__:
        sizes = _sizes(operator, _asked(operator, arguments, options))
        return sizes if _is_listed(arguments, options) else sizes[0]
    answer = Problem(operator, *arguments, **options).truth()
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


def forget() -> None:
    """Start all hints anew.

    Examples
    --------
    >>> forget()
    """
    _attempts.clear()


def _absent(answer, may_be_none=False):
    """Feedback where there is no answer to judge: not yet, no return, a call that gave none; else None."""
    parts = [answer, *answer] if isinstance(answer, (list, tuple)) else [answer]
    if any(part is ... for part in parts):
        return Feedback(None, NO_ANSWER)
    if stopped := next((part for part in parts if isinstance(part, Stopped)), None):
        return Feedback(False, f"Not yet. {stopped.text}")
    if answer is None and not may_be_none:
        return Feedback(False, "Not yet. The answer is None. If a function made it: is its return missing?")
    return None


def _given(answer):
    """An answer as plain lists and numbers; what cannot be read stays as it is."""
    try:
        return plain(answer)
    except Exception:  # a learner's object may do anything when it is read
        return answer


def _whole(number):
    """A size: 3.0 is one as well."""
    whole = isinstance(number, (float, np.floating)) and float(number).is_integer()
    return integer("A size", int(number) if whole else number)


def _numbers(truth):
    """A list of numbers as an array; None for anything else."""
    try:
        numbers = np.asarray(truth if isinstance(truth, list) else None)
    except ValueError:  # ragged
        return None
    return numbers if numbers.dtype.kind in "iuf" else None


def _is_listed(arguments, options):
    return any(isinstance(value, list) for value in (*arguments, *options.values()))


def _asked(formula, arguments, options):
    """The calls of a formula: one, or one per entry where arguments are lists."""
    if formula not in arithmetic.__all__ or not inspect.isfunction(getattr(arithmetic, formula)):
        raise ValueError(f"formula must be a function of convlab.arithmetic, got {formula!r}")
    lengths = {len(value) for value in (*arguments, *options.values()) if isinstance(value, list)}
    if len(lengths) > 1:
        raise ValueError(f"lists of arguments must have one length, got {sorted(lengths)}")

    def entry(value, index):
        return value[index] if isinstance(value, list) else value

    return [
        (tuple(entry(value, n) for value in arguments), {name: entry(value, n) for name, value in options.items()})
        for n in range(lengths.pop() if lengths else 1)
    ]


def _sizes(formula, asked):
    return [getattr(arithmetic, formula)(*positional, **named) for positional, named in asked]


def _difference(answer, truth):
    """``(text, same, picture)``: where an answer differs; ``same`` is None where shapes do."""
    values = read(answer).values
    if values is None or values.dtype.kind not in "iuf":
        return "Not yet. Your answer must be numbers, in rows of equal length.", None, ""
    if values.shape != truth.shape:
        have = f"has shape {values.shape}" if values.size else "is empty"
        return f"Not yet. Your answer {have}, the right one has shape {truth.shape}.", None, ""
    same = same_cells(values, truth)
    if not values.ndim and not same.all():
        return f"Not yet. {values} is not it.", None, ""
    text = "Not yet."
    if not same.all():
        first = tuple(int(i) for i in np.argwhere(~same)[0])
        text = f"Not yet. The first difference is at {list(first)}: you have {values[first]}."
    return text, same, compared(values, same)


def _count(problem, answer):
    """How many different wrong answers there are to a problem so far, with this one."""
    tried = _attempts.setdefault(problem, [])
    if repr(answer) not in tried:
        tried.append(repr(answer))
    return len(tried)


def _hints(problem, answer, diagnosis, text, picture=""):
    """Difference, then misconception, then idea: one more with each different wrong answer."""
    tried = _count(repr(problem), answer)
    cause, *ideas = _explained(diagnosis)
    if diagnosis.note and diagnosis.note in text:  # it is said already
        cause = cause.removeprefix(diagnosis.note).strip()
    lines = [text]
    if tried > 1:
        lines.append(cause)
    if tried > 2:
        lines += ideas or [_one_cell(problem, answer)]
    return Feedback(False, "\n".join(line for line in dict.fromkeys(lines) if line), picture)


def _explained(diagnosis):
    """What gives the answer, then the ideas against it; first what this lesson and those before it are about."""
    diagnosis = replace(diagnosis, misconceptions=tuple(sorted(diagnosis.misconceptions, key=_is_taught_later)))
    ideas = dict.fromkeys(entry.truth for match in diagnosis.misconceptions[:1] for entry in match.misconceptions)
    return [diagnosis.message().removeprefix("Not yet. "), *ideas]


def _is_taught_later(match):
    """Whether it belongs to a later lesson than the notebook of this kernel, which Jupyter's server names."""
    lesson = re.match(r"\d\d(?=_)", os.path.basename(os.environ.get("JPY_SESSION_NAME", "")))
    return lesson is not None and any(entry.lesson[:2] > lesson[0] for entry in match.misconceptions)


def _one_cell(problem, answer):
    """Which inputs and taps make the first wrong cell; an idea for an answer that is not recognised."""
    simulation = simulation_of(problem)
    cell = _wrong_cell(answer, np.asarray(problem.truth()))
    stated = problem.arguments.get("padding_mode", "zeros") == "zeros"  # otherwise cells of the padding are read, too
    if cell is None or not problem.plain or not isinstance(simulation, StepSimulation) or not stated:
        return ""
    x, w = problem.arguments["input"], problem.arguments["weight"]
    options = {
        "stride": [axis.stride for axis in simulation.stated],
        "padding": [axis.begin for axis in simulation.stated],
        "dilation": [axis.dilation for axis in simulation.stated],
    }
    find = traces.stamps_on if problem.operator.startswith("conv_transpose") else traces.read_by
    terms = [f"x{list(i)}·w{list(t)}" for i, t in find(cell, x.shape, w.shape, **options)]
    bias = problem.arguments.get("bias")
    terms += [f"the bias {bias.item()}"] if bias is not None else []
    named = "the sum of " + " + ".join(terms) if terms else "0: no product reaches it"
    return f"The cell {list(cell)} of the right answer is {named}."


def _wrong_cell(answer, truth):
    """The first cell of the truth that the answer lacks or has wrong; None if there is none, or nothing to compare."""
    values = read(answer).values
    values = None if values is None else fit_axes(values, truth.shape)[0]
    if values is None:
        return None
    wrong = np.ones(truth.shape, bool)
    shared = tuple(slice(min(have, want)) for have, want in zip(values.shape, truth.shape))
    wrong[shared] = ~same_cells(values[shared], truth[shared])
    return tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else None
