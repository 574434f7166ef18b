"""The checks of a test cell: right answers, calls that must be refused, arguments that must be left alone.

They take the student's function, the name of the function that it should be (one of
:data:`convlab.grading.oracles.ORACLES`) and calls as :mod:`convlab.grading.cases` describes them. They return ``None``
or raise, at the first wrong answer, :class:`~convlab.grading.messages.CheckFailed` with a message for the student: the
call, what was expected, what came, where they differ, the likely mistake, and the lesson to look at. A ``ValueError``
says that the test itself is wrong: it has no case, or the oracle refuses one.
"""

import inspect
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stderr
from typing import Any

import numpy as np

from convlab.feedback.timelimit import TimeLimitReached, time_limit
from convlab.grading import messages
from convlab.grading.cases import build, show_call
from convlab.grading.oracles import ORACLES, answer

__all__ = ["Cases", "answer_of", "check_call", "check_errors", "check_untouched", "some"]

Cases = Sequence[dict[str, Any]]

SECONDS = 10.0  # for one call in a student's own notebook; the sandbox has limits of its own


def check_call(function: Callable, oracle: str, cases: Cases, seed: int = 0) -> None:
    """Call ``function`` on every case and compare with the truth: type, dtype, shape, every value.

    The seed fills the arrays that a case gives by their shape.

    Examples
    --------
    >>> from convlab import reference
    >>> check_call(reference.conv_transpose1d, "conv_transpose1d", [{"input": [2, 3], "weight": (1, 4, 3)}])
    >>> case = {"input_size": 5, "kernel_size": 3, "stride": 2, "padding": 1}
    >>> check_call(lambda i, k, stride, padding: stride * (i - 1) + k, "conv_transpose_output_size", [case])
    Traceback (most recent call last):
        ...
    convlab.grading.messages.CheckFailed: conv_transpose_output_size gives a wrong answer.
    Call:     conv_transpose_output_size(5, 3, stride=2, padding=1)
    Problem:  the number differs
    Expected: 9
    Got:      11
    Likely:   padding is left out
    Or:       the formula has stride * i instead of stride * (i - 1)
    Or:       the stretched input is padded by k - p instead of K - 1 - p
    Look at:  lesson 05_padding_crops
    """
    for arguments in _built(cases, oracle, seed):
        expected = _truth(oracle, arguments)
        got = answer_of(function, oracle, arguments)
        problem = messages.problem(got, expected, ORACLES[oracle].tolerance)
        if problem:
            raise messages.wrong(oracle, arguments, problem, expected, got)


def check_errors(function: Callable, oracle: str, refused: Cases, accepted: Cases) -> None:
    """Check that ``function`` raises ``ValueError`` for what the oracle refuses, and only for that.

    Of the answers to the accepted calls, legal neighbours of the refused ones, only the kind is checked (an array, an
    int): the values have cells of their own, and a constant refuses nothing.

    Examples
    --------
    >>> from convlab import reference
    >>> check_errors(
    ...     reference.conv_transpose1d,
    ...     "conv_transpose1d",
    ...     refused=[{"input": [1, 2], "weight": [1], "stride": 2, "output_padding": 2}],
    ...     accepted=[{"input": [1, 2], "weight": [1], "stride": 2, "output_padding": 1}],
    ... )
    """
    for arguments in _built(refused, oracle):
        _check_refused(function, oracle, arguments)
    for arguments in _built(accepted, oracle):
        expected = _truth(oracle, arguments)
        _check_kind(oracle, arguments, expected, answer_of(function, oracle, arguments, "This call is legal. "))


def check_untouched(function: Callable, oracle: str, cases: Cases, seed: int = 0) -> None:
    """Check that ``function`` leaves its arguments as they were, and gives its answer in memory of its own.

    The answer must also be right: whoever returns a constant touches nothing, and has earned nothing.

    Examples
    --------
    >>> from convlab import reference
    >>> case = {"input": [1, 2], "weight": [1]}
    >>> check_untouched(reference.conv_transpose1d, "conv_transpose1d", [case])
    >>> check_untouched(lambda input, weight: input[:], "conv_transpose1d", [case])
    Traceback (most recent call last):
        ...
    convlab.grading.messages.CheckFailed: conv_transpose1d returns a part of an array that it was given: make a new one.
    Call:     conv_transpose1d(np.array([[[1, 2]]], float), np.array([[[1]]], float))
    """
    for arguments in _built(cases, oracle, seed):
        expected = _truth(oracle, arguments)
        given = _copied(arguments)
        got = answer_of(function, oracle, arguments, given=given)
        _check_kind(oracle, arguments, expected, got)
        arrays = [value for value in given.values() if isinstance(value, np.ndarray)]
        before = [value for value in arguments.values() if isinstance(value, np.ndarray)]
        # A student's function in the sandbox gets copies; what happened to them is reported by its stand-in here.
        changed = getattr(function, "changed", False) or not all(map(np.array_equal, arrays, before))
        shares = getattr(function, "shares", False) or any(
            np.may_share_memory(part, value) for part in _parts(got) for value in arrays
        )
        if changed:
            raise messages.plain(oracle, arguments, "changes an array that it was given: work on a copy")
        if shares:
            raise messages.plain(oracle, arguments, "returns a part of an array that it was given: make a new one")
        problem = messages.problem(got, expected, ORACLES[oracle].tolerance)
        if problem:
            raise messages.wrong(oracle, arguments, problem, expected, got)


def answer_of(
    function: Callable, oracle: str, arguments: dict[str, Any], before: str = "", given: dict[str, Any] | None = None
) -> Any:
    """What a student's function answers to a call, on copies of the arrays or on the ``given`` ones.

    If it raises anything, the message begins with ``before``.

    Examples
    --------
    >>> answer_of(lambda input_size, kernel_size: input_size, "conv_output_size", {"input_size": 7, "kernel_size": 3})
    7
    """
    try:
        return _call(function, oracle, _copied(arguments) if given is None else given)
    except messages.CheckFailed:
        raise
    except Exception as error:
        raise messages.raised(function, oracle, arguments, error, before) from error


def _check_kind(oracle, arguments, expected, got):
    problem = messages.wrong_kind(got, expected)
    if problem:
        raise messages.wrong(oracle, arguments, problem, expected, got)


def _check_refused(function, oracle, arguments):
    reason = _reason(oracle, arguments)
    if reason is None or answer(oracle, arguments) is not None:
        raise ValueError(f"the test is wrong: this call is legal: {show_call(oracle, arguments)}")
    try:
        got = _call(function, oracle, _copied(arguments))
    except ValueError:
        return
    except messages.CheckFailed:
        raise
    except Exception as error:
        raise messages.not_refused(oracle, arguments, reason, f"it raises {type(error).__name__}") from error
    raise messages.not_refused(oracle, arguments, reason, "it returns an answer", got)


def _reason(oracle, arguments):
    """Why a call is illegal, in the words of our own reference; ``None`` if it is legal."""
    try:
        ORACLES[oracle].ours(**arguments)
    except ValueError as error:
        return str(error)
    return None


def _truth(oracle, arguments):
    expected = answer(oracle, arguments)
    if expected is None and not ORACLES[oracle].may_be_none:
        raise ValueError(f"the test is wrong: PyTorch refuses {show_call(oracle, arguments)}")
    return expected


def _built(cases, oracle, seed=0):
    return [build(case, ORACLES[oracle].axes, seed) for case in some(cases)]


def some(cases: Cases) -> Cases:
    """The cases, of which there must be one at least.

    Examples
    --------
    >>> some([])
    Traceback (most recent call last):
        ...
    ValueError: the test is wrong: it has no cases, so it checks nothing
    """
    if not cases:
        raise ValueError("the test is wrong: it has no cases, so it checks nothing")
    return cases


def _parts(got):
    """The arrays of an answer: one, or those in a tuple or list."""
    parts = got if isinstance(got, (tuple, list)) else [got]
    return [part for part in parts if isinstance(part, np.ndarray)]


def _copied(arguments):
    return {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in arguments.items()}


def _call(function, oracle, arguments):
    """Call the student's function; what it writes to stderr goes to stdout.

    nbgrader gives no points to a cell with any stderr, be it only a warning. A function of this process has a time
    limit, so that a loop without end fails in a sentence.
    """
    names = list(arguments)
    first, rest = names[: ORACLES[oracle].positional], names[ORACLES[oracle].positional :]
    limit = time_limit(SECONDS) if inspect.isfunction(function) else nullcontext()
    try:
        with redirect_stderr(sys.stdout), limit:
            return function(*(arguments[name] for name in first), **{name: arguments[name] for name in rest})
    except TimeLimitReached:
        said = f"was stopped after {SECONDS:g} seconds: does a loop never end?"
        raise messages.plain(oracle, arguments, said) from None
