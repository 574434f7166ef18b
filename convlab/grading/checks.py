"""The checks of a test cell: right answers, calls that must be refused, arguments that must be left alone.

They return ``None`` or raise :class:`~convlab.grading.messages.CheckFailed` with a message for the student: the
call, what was expected, what came, where they differ, the likely mistake, and the lesson to look at.
"""

import sys
from contextlib import redirect_stderr

import numpy as np

from convlab.grading import messages
from convlab.grading.cases import build, show_call
from convlab.grading.messages import CheckFailed
from convlab.grading.oracles import ORACLES, answer

__all__ = ["CheckFailed", "answer_of", "check_call", "check_errors", "check_untouched"]


def check_call(function, oracle, cases, seed=0):
    """Call ``function`` on every case and compare with the truth: type, dtype, shape, every value.

    Parameters
    ----------
    function : callable
        The student's.
    oracle : str
        A name of :data:`convlab.grading.oracles.ORACLES`: the function that it should be.
    cases : list of dict
        See :mod:`convlab.grading.cases`.
    seed : int
        Fills the arrays that a case gives by their shape.

    Raises
    ------
    CheckFailed
        At the first case with a wrong answer; the message is for the student.
    ValueError
        If there is no case, or the oracle refuses one: then the test is wrong.

    Examples
    --------
    >>> from convlab import reference
    >>> check_call(reference.conv_transpose1d, "conv_transpose1d", [{"input": [2, 3], "weight": (1, 4, 3)}])
    >>> check_call(lambda i, k: i + k, "conv_transpose_output_size", [{"input_size": 5, "kernel_size": 3}])
    Traceback (most recent call last):
        ...
    convlab.grading.messages.CheckFailed: conv_transpose_output_size gives a wrong answer.
    Call:     conv_transpose_output_size(5, 3)
    Problem:  the number differs
    Expected: 7
    Got:      8
    Likely:   the formula has stride * i instead of stride * (i - 1) (M12a)
    Look at:  lesson 02_size_arithmetic
    """
    for arguments in _built(cases, oracle, seed):
        expected = _truth(oracle, arguments)
        got = answer_of(function, oracle, arguments)
        problem = messages.problem(got, expected, ORACLES[oracle].tolerance)
        if problem:
            raise messages.wrong(oracle, arguments, problem, expected, got)


def check_errors(function, oracle, refused, accepted):
    """Check that ``function`` raises ``ValueError`` for what the oracle refuses, and only for that.

    Parameters
    ----------
    function, oracle
        As in :func:`check_call`.
    refused, accepted : list of dict
        Calls that must raise ``ValueError``, and their legal neighbours. Of the answers to
        the legal ones only the kind is checked (an array, an int): the values have cells of their own.

    Raises
    ------
    CheckFailed
        At the first case with a wrong reaction; the message is for the student.
    ValueError
        If a list is empty, or the oracle disagrees with the test.

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
        got = answer_of(function, oracle, arguments, "This call is legal. ")
        problem = messages.wrong_kind(got, expected)
        if problem:
            raise messages.wrong(oracle, arguments, problem, expected, got)


def check_untouched(function, oracle, cases, seed=0):
    """Check that ``function`` leaves its arguments as they were, and gives its answer in memory of its own.

    Parameters
    ----------
    function, oracle, cases, seed
        As in :func:`check_call`.

    Raises
    ------
    CheckFailed
        If an array that was passed is changed, if the answer is a part of one, or if there is no answer.
    ValueError
        If there is no case.

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
        try:
            got = _call(function, oracle, given)
        except Exception as error:
            raise messages.raised(function, oracle, arguments, error) from error
        problem = messages.wrong_kind(got, expected)
        if problem:
            raise messages.wrong(oracle, arguments, problem, expected, got)
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


def answer_of(function, oracle, arguments, before=""):
    """What a student's function answers to a call, on copies of the arrays.

    Raises
    ------
    CheckFailed
        If it raises anything; the message begins with ``before``.
    """
    try:
        return _call(function, oracle, _copied(arguments))
    except Exception as error:
        raise messages.raised(function, oracle, arguments, error, before) from error


def _check_refused(function, oracle, arguments):
    reason = _reason(oracle, arguments)
    if reason is None or answer(oracle, arguments) is not None:
        raise ValueError(f"the test is wrong: this call is legal: {show_call(oracle, arguments)}")
    try:
        got = _call(function, oracle, _copied(arguments))
    except ValueError:
        return
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
    if not cases:
        raise ValueError("the test is wrong: it has no cases, so it checks nothing")
    return [build(case, ORACLES[oracle].axes, seed) for case in cases]


def _parts(got):
    """The arrays of an answer: one, or those in a tuple or list."""
    parts = got if isinstance(got, (tuple, list)) else [got]
    return [part for part in parts if isinstance(part, np.ndarray)]


def _copied(arguments):
    return {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in arguments.items()}


def _call(function, oracle, arguments):
    """Call the student's function; what it writes to stderr goes to stdout.

    nbgrader gives no points to a cell with any stderr, be it only a warning.
    """
    names = list(arguments)
    first, rest = names[: ORACLES[oracle].positional], names[ORACLES[oracle].positional :]
    with redirect_stderr(sys.stdout):
        return function(*(arguments[name] for name in first), **{name: arguments[name] for name in rest})
