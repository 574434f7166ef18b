"""Instant feedback on an answer: ``from convlab import checks as check``.

An exercise names an operator and its arguments; the check computes the truth. So a notebook
states the problem and never holds the answer:

>>> equal([2, 4, 9, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
Right: [2, 4, 9, 6, 9]

Hints grow with each new wrong answer to the same problem: first where it differs, then
which misconception gives this answer, then the idea. The solution comes on request only
(:func:`solution`). An answer that is still ``...`` is not wrong, only not there yet.
"""

import contextlib
import inspect

import numpy as np

from convlab import arithmetic, traces
from convlab.feedback import Feedback, compared
from convlab.misconceptions import Problem, diagnose
from convlab.misconceptions.probes import further_problems
from convlab.misconceptions.problem import OPERATORS
from convlab.timelimit import TimeLimitReached, time_limit
from convlab.validation import integer

__all__ = ["computed", "equal", "forget", "function", "size", "solution", "truth", "why"]

NO_ANSWER = "No answer yet. Replace the ... and run the cell again."

_attempts = {}  # problem in words -> the different wrong answers so far, in words


def equal(answer, operator, *arguments, **options):
    """Compare an answer with what an operator really gives, value by value.

    Parameters
    ----------
    answer : array or nested list
        The learner's answer; ``...`` for none yet.
    operator : str
        A name that :class:`convlab.misconceptions.Problem` knows: ``"conv1d"``,
        ``"conv_transpose2d"``, ``"interpolate"`` and so on.
    *arguments, **options
        The operator's. One sample of one channel may be given without batch and channel axes.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        If the PROBLEM is not well stated. Never because of the answer.

    Examples
    --------
    >>> equal([2, 4, 3, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. The first difference is at [2]: you have 3.
    >>> equal([2, 4, 3, 6, 0], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. The first difference is at [2]: you have 3.
    This answer is not recognised.
    >>> equal([2, 4], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    Not yet. Your answer has shape (2,), the right one has (5,).
    The shape is not the one asked for, and no known slip gives it.
    The cell [0] of the right answer is the sum of x[0]·w[0].
    """
    problem = Problem(operator, *arguments, **options)
    if answer is ...:
        return Feedback(None, NO_ANSWER)
    truth = np.asarray(problem.truth())
    diagnosis = diagnose(answer, problem)
    if diagnosis.right:
        return Feedback(True, f"Right: {truth.tolist()}")
    values, same, text = _difference(answer, truth)
    return _hints(problem, answer, text, diagnosis, same, compared(values, same) if same is not None else "")


def size(answer, formula, *arguments, **options):
    """Compare a size with what a formula of :mod:`convlab.arithmetic` gives.

    Parameters
    ----------
    answer : int or list of int
        The learner's answer; ``...`` for none yet.
    formula : str
        A name from :mod:`convlab.arithmetic`.
    *arguments, **options
        The formula's. Where one is a list, the formula is asked once per entry, and the
        answer is a list as well.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        If ``formula`` is unknown, refuses its arguments, or two lists have different lengths.

    Examples
    --------
    >>> size(5, "conv_transpose_output_size", 2, 3, stride=2)
    Right: 5
    >>> size([5, 6, 9], "conv_transpose_output_size", 3, 3, stride=[1, 2, 3])
    Not yet. [1] is 6, and that is too small.
    >>> size(3.5, "conv_output_size", 6, 3, stride=2, padding=1)
    Not yet. A size must be an integer, got 3.5
    """
    asked = _asked(formula, arguments, options)
    truths = _sizes(formula, asked)
    if answer is ...:
        return Feedback(None, NO_ANSWER)
    listed = _is_listed(arguments, options)
    answers = list(answer) if listed and isinstance(answer, (list, tuple, np.ndarray)) else [answer]
    try:
        numbers = [integer("A size", number) for number in answers]
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
            return _hints(problem, answer, text, diagnose(number, problem))
    return Feedback(True, f"Right: {truths if listed else truths[0]}")


def computed(answer, compute, *arguments, hint="", **options):
    """Compare an answer with whatever a function gives: where :func:`equal` and :func:`size` have no name for it.

    Parameters
    ----------
    answer : object
        The learner's answer; ``...`` for none yet. Lists, tuples and arrays are compared value by value, words
        without regard to capitals, sets without regard to order.
    compute : callable
        Called with ``*arguments`` and ``**options``; gives the truth.
    hint : str
        Said from the second different wrong answer on.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError
        If ``compute`` is not callable. Otherwise what ``compute`` raises: the PROBLEM is not well stated then.

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
    if answer is ... or (isinstance(answer, (list, tuple)) and any(entry is ... for entry in answer)):
        return Feedback(None, NO_ANSWER)
    given = plain(answer)
    if isinstance(truth, set) and isinstance(answer, (list, tuple)):
        with contextlib.suppress(TypeError):  # entries that no set can hold
            given = set(answer)
    if _agree(given, truth):
        return Feedback(True, f"Right: {truth}")
    text, picture = f"Not yet. {answer!r} is not it.", ""
    if (numbers := _numbers(truth)) is not None:
        values, same, text = _difference(answer, numbers)
        picture = compared(values, same) if same is not None else ""
    tried = _attempts.setdefault(("computed", repr(truth), repr(arguments), repr(options)), [])
    if repr(given) not in tried:
        tried.append(repr(given))
    return Feedback(False, "\n".join([text, *([hint] if hint and len(tried) > 1 else [])]), picture)


def function(candidate, operator, *arguments, seconds=5.0, **options):
    """Try a learner's function on the stated problem, and then on others of its kind.

    Parameters
    ----------
    candidate : callable
        Called with the arrays first and the options by name; ``...`` for none yet. A function
        that returns ``...`` is not there yet either.
    operator, *arguments, **options
        As in :func:`equal`. Only options that are stated here are varied on further problems.
    seconds : float
        Time limit for all calls together.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        If the PROBLEM is not well stated. Never because of the function.

    Examples
    --------
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
    if candidate is ...:
        return Feedback(None, NO_ANSWER)
    if not callable(candidate):
        return Feedback(False, f"Not yet. A function is asked for, got {type(candidate).__name__}.")
    seen = {}

    def watched(*positional, **named):
        answer = candidate(*positional, **named)
        seen.setdefault("first", answer)
        return answer

    try:
        with time_limit(seconds):
            diagnosis = diagnose(watched, problem)
    except TimeLimitReached:
        return Feedback(False, f"Not yet. Your function was stopped after {seconds:g} seconds. Does a loop never end?")
    if seen.get("first") is ...:
        return Feedback(None, NO_ANSWER)
    if diagnosis.right:
        others = ", and for others of its kind" if further_problems(problem) else ""
        return Feedback(True, f"Right, for this problem{others}.")
    return _judged_function(problem, seen, diagnosis)


def _judged_function(problem, seen, diagnosis):
    if "first" not in seen:  # it stopped before it returned anything
        return Feedback(False, f"Not yet. {diagnosis.note}")
    truth = np.asarray(problem.truth())
    values, same, text = _difference(seen["first"], truth)
    if same is not None and same.all():
        text = f"Not yet. {diagnosis.note}"
        return _hints(problem, diagnosis.note, text, diagnosis)
    return _hints(problem, seen["first"], text, diagnosis, same, compared(values, same) if same is not None else "")


def solution(operator, *arguments, **options):
    """The right answer to a stated problem: for those who ask.

    Parameters
    ----------
    operator, *arguments, **options
        As in :func:`equal` or :func:`size`.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        If the problem is not well stated.

    Examples
    --------
    >>> solution("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    The right answer is [2, 4, 9, 6, 9].
    """
    return Feedback(None, f"The right answer is {truth(operator, *arguments, **options)}.")


def why(answer, operator, *arguments, **options):
    """What is known about a wrong answer, in full and at once; empty where nothing is.

    Raises
    ------
    TypeError, ValueError
        If the problem is not well stated.

    Examples
    --------
    >>> print(why([2, 4, 3, 6, 9], "conv_transpose1d", [2, 3], [1, 2, 3], stride=2))
    This answer comes out if the later of two overlapping stamps overwrites the earlier (M14a).
    Where stamps overlap, their values add up.
    """
    sizes = operator in arithmetic.__all__
    if sizes and (operator not in OPERATORS or _is_listed(arguments, options)):
        return ""  # no misconception is known for this formula, or several sizes are asked for at once
    problem = Problem(operator, *arguments, **options)
    return "\n".join(_explained(diagnose(answer, problem)))


def truth(operator, *arguments, **options):
    """The right answer to a stated problem as a number or a nested list.

    Raises
    ------
    TypeError, ValueError
        If the problem is not well stated.

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


def forget():
    """Start all hints anew.

    Examples
    --------
    >>> forget()
    """
    _attempts.clear()


def plain(value):
    """Nested lists and Python numbers in place of tuples, arrays, tensors and NumPy numbers."""
    if hasattr(value, "detach"):  # a tensor of PyTorch
        value = value.detach().cpu().numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(entry) for entry in value]
    return set(value) if isinstance(value, (set, frozenset)) else value


def _numbers(truth):
    """A list of numbers as an array; None for anything else."""
    try:
        numbers = np.asarray(truth if isinstance(truth, list) else None)
    except ValueError:  # ragged
        return None
    return numbers if numbers.dtype.kind in "iuf" else None


def _agree(given, truth):
    if isinstance(truth, list):
        return isinstance(given, list) and len(given) == len(truth) and all(map(_agree, given, truth))
    if isinstance(truth, str):
        return isinstance(given, str) and given.strip().casefold() == truth.strip().casefold()
    if isinstance(truth, bool) or isinstance(given, bool) or truth is None:
        return type(given) is type(truth) and given == truth
    if isinstance(truth, float) and isinstance(given, (int, float)):
        return bool(np.isclose(given, truth, rtol=1e-6, atol=1e-6))
    return given == truth


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
    """``(values, same, text)``: where an answer differs; ``same`` is None where shapes do."""
    try:
        values = np.asarray(answer)
    except (ValueError, TypeError):  # ragged lists
        values = np.empty(0, object)
    if values.dtype.kind not in "iuf":
        return values, None, "Not yet. Your answer must be numbers, in rows of equal length."
    if values.shape != truth.shape:
        return values, None, f"Not yet. Your answer has shape {values.shape}, the right one has {truth.shape}."
    same = values == truth if truth.dtype.kind in "iu" else np.isclose(values, truth, rtol=1e-6, atol=1e-6)
    if same.all():
        return values, same, "Not yet."
    if not values.ndim:
        return values, None, f"Not yet. {values} is not it."
    first = tuple(int(i) for i in np.argwhere(~same)[0])
    return values, same, f"Not yet. The first difference is at {list(first)}: you have {values[first]}."


def _hints(problem, answer, text, diagnosis, same=None, picture=""):
    """Difference, then misconception, then idea: one more with each different wrong answer."""
    tried = _attempts.setdefault(repr(problem), [])
    if repr(answer) not in tried:
        tried.append(repr(answer))
    cause, *ideas = _explained(diagnosis)
    if diagnosis.note and diagnosis.note in text:  # it is said already
        cause = cause.removeprefix(diagnosis.note).strip()
    lines = [text]
    if len(tried) > 1:
        lines.append(cause)
    if len(tried) > 2:
        lines += ideas or [_one_cell(problem, same)]
    return Feedback(False, "\n".join(line for line in dict.fromkeys(lines) if line), picture)


def _explained(diagnosis):
    """What gives the answer, then the ideas against it."""
    ideas = dict.fromkeys(entry.truth for match in diagnosis.misconceptions[:1] for entry in match.misconceptions)
    return [diagnosis.message().removeprefix("Not yet. "), *ideas]


def _one_cell(problem, same):
    """Which inputs and taps make the first wrong cell; an idea for an answer that is not recognised."""
    options = {key: value for key, value in problem.arguments.items() if key not in ("input", "weight")}
    transposed = problem.operator.startswith("conv_transpose")
    if not problem.plain or options.keys() - {"stride", "padding", "output_padding", "dilation"}:
        return ""
    if not problem.operator.startswith("conv") or isinstance(options.get("padding"), str):
        return ""
    x, w = problem.arguments["input"], problem.arguments["weight"]
    wrong = np.argwhere(~same) if same is not None and (~same).any() else np.zeros((1, x.ndim), int)
    cell = tuple(int(i) for i in wrong[0])
    steps = {"stride": options.get("stride", 1), "dilation": options.get("dilation", 1)}
    find = traces.stamps_on if transposed else traces.read_by
    terms = find(cell, x.shape, w.shape, padding=options.get("padding", 0), **steps)
    named = " + ".join(f"x{list(i)}·w{list(t)}" for i, t in terms) or "nothing: no stamp reaches it"
    return f"The cell {list(cell)} of the right answer is the sum of {named}."
