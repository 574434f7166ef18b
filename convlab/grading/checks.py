"""The two checks of a test cell: right answers, and calls that must be refused.

Both return ``None`` or raise :class:`CheckFailed` with a message for the student: the
call, what was expected, what came, where they differ, and the likely mistake.
"""

import sys
import traceback
from contextlib import redirect_stderr

import numpy as np

from convlab import arithmetic, reference
from convlab.grading.cases import LONGEST, build, show_call
from convlab.grading.oracles import ORACLES, answer
from convlab.misconceptions import Problem, diagnose

__all__ = ["CheckFailed", "check_call", "check_errors"]


class CheckFailed(AssertionError):
    """A check that the student's function does not pass.

    In a notebook only the message is shown: a traceback would show lines of hidden tests.
    """

    def _render_traceback_(self):  # IPython asks for it
        return [f"{type(self).__name__}: {self}"]


def check_call(function, oracle, cases, seed=0):
    """Call ``function`` on every case and compare with PyTorch: type, dtype, shape, every value exactly.

    Parameters
    ----------
    function : callable
        The student's.
    oracle : str
        A name of :data:`convlab.grading.oracles.ORACLES`: the function that it should be.
    cases : list of dict
        See :mod:`convlab.grading.cases`. The first two arguments are passed by position.
    seed : int
        Fills the arrays that a case gives by their shape.

    Raises
    ------
    CheckFailed
        At the first case with a wrong answer; the message is for the student.
    ValueError
        If there is no case, or PyTorch refuses one: then the test is wrong.

    Examples
    --------
    >>> check_call(reference.conv_transpose1d, "conv_transpose1d", [{"input": [2, 3], "weight": (1, 4, 3)}])
    >>> check_call(lambda i, k: i + k, "conv_transpose_output_size", [{"input_size": 5, "kernel_size": 3}])
    Traceback (most recent call last):
        ...
    convlab.grading.checks.CheckFailed: conv_transpose_output_size gives a wrong answer.
    Call:     conv_transpose_output_size(5, 3)
    Problem:  the size differs
    Expected: 7
    Got:      8
    Likely:   the formula has stride * i instead of stride * (i - 1) (M12a)
    """
    for arguments in _built(cases, oracle, seed):
        expected = answer(oracle, arguments)
        if expected is None:
            raise ValueError(f"the test is wrong: PyTorch refuses {show_call(oracle, arguments)}")
        try:
            got = _call(function, arguments)
        except Exception as error:
            raise CheckFailed(_raised(function, oracle, arguments, error)) from error
        problem = _problem(got, expected)
        if problem:
            raise CheckFailed(_message(oracle, arguments, problem, expected, got))


def check_errors(function, oracle, refused, accepted):
    """Check that ``function`` raises ``ValueError`` for what PyTorch refuses, and only for that.

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
        If a list is empty, or PyTorch disagrees with the test.

    Examples
    --------
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
        expected = answer(oracle, arguments)
        if expected is None:
            raise ValueError(f"the test is wrong: PyTorch refuses {show_call(oracle, arguments)}")
        try:
            got = _call(function, arguments)
        except Exception as error:
            raise CheckFailed(f"This call is legal. {_raised(function, oracle, arguments, error)}") from error
        problem = _wrong_kind(got, expected)
        if problem:
            raise CheckFailed(_message(oracle, arguments, problem, expected, got))


def _check_refused(function, oracle, arguments):
    reason = _reason(oracle, arguments)
    if reason is None or answer(oracle, arguments) is not None:
        raise ValueError(f"the test is wrong: this call is legal: {show_call(oracle, arguments)}")
    demand = f"{oracle} must raise ValueError here: {reason}.\nCall:     {show_call(oracle, arguments)}"
    try:
        got = _call(function, arguments)
    except ValueError:
        return
    except Exception as error:
        raise CheckFailed(f"{demand}\nProblem:  it raises {type(error).__name__}") from error
    raise CheckFailed(f"{demand}\nProblem:  it returns an answer\nGot:      {_shown(got)}")


def _reason(oracle, arguments):
    """Why a call is illegal, in the words of our own reference; ``None`` if it is legal."""
    home = arithmetic if ORACLES[oracle].only_size else reference
    try:
        getattr(home, oracle)(**arguments)
    except ValueError as error:
        return str(error)
    return None


def _built(cases, oracle, seed=0):
    if not cases:
        raise ValueError("the test is wrong: it has no cases, so it checks nothing")
    return [build(case, ORACLES[oracle].spatial_axes, seed) for case in cases]


def _call(function, arguments):
    """Call the student's function on copies; what it writes to stderr goes to stdout.

    nbgrader gives no points to a cell with any stderr, be it only a warning.
    """
    copies = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in arguments.items()}
    first, second, *rest = copies
    with redirect_stderr(sys.stdout):
        return function(copies[first], copies[second], **{name: copies[name] for name in rest})


def _wrong_kind(got, expected):
    if isinstance(expected, int):
        whole = isinstance(got, (int, np.integer)) and not isinstance(got, (bool, np.bool_))
        return None if whole else f"a size must be an int, this is {_kind(got)}"
    return None if type(got) is np.ndarray else f"the answer must be a NumPy array, this is {_kind(got)}"


def _problem(got, expected):
    """The first thing that is wrong with an answer, or ``None``."""
    kind = _wrong_kind(got, expected)
    if kind or isinstance(expected, int):
        return kind or (None if got == expected else "the size differs")
    if got.shape != expected.shape:
        return f"the shape differs: expected {expected.shape}, got {got.shape}"
    if got.dtype != expected.dtype:
        return f"the dtype differs: expected {expected.dtype}, got {got.dtype}"
    differs = np.argwhere(got != expected)
    if not len(differs):
        return None
    first = tuple(int(n) for n in differs[0])
    count = f"{len(differs)} of {expected.size} values differ" if len(differs) > 1 else "one value differs"
    return f"{count}, the first at index {list(first)}: expected {_number(expected[first])}, got {_number(got[first])}"


def _message(oracle, arguments, problem, expected, got):
    lines = [
        f"{oracle} gives a wrong answer.",
        f"Call:     {show_call(oracle, arguments)}",
        f"Problem:  {problem}",
        f"Expected: {_shown(expected)}",
        f"Got:      {_shown(got)}",
    ]
    if _wrong_kind(got, expected) is None:
        matches = diagnose(got, Problem(oracle, **arguments)).misconceptions[:3]
        lines += [f"{'Or:' if number else 'Likely:':9} {match}" for number, match in enumerate(matches)]
    return "\n".join(lines)


def _raised(function, oracle, arguments, error):
    if isinstance(error, NotImplementedError):
        return f"{oracle} is not written yet."
    lines = [f"{oracle} raises {type(error).__name__}: {error}", f"Call:     {show_call(oracle, arguments)}"]
    cell = getattr(getattr(function, "__code__", None), "co_filename", None)
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == cell]
    lines += [f"Where:    line {places[-1].lineno} of its cell: {places[-1].line}"] if places else []
    return "\n".join(lines)


def _kind(value):
    return "None: is a return missing?" if value is None else f"{value!r:.60} ({type(value).__name__})"


def _shown(value):
    if not isinstance(value, np.ndarray):
        return f"{value!r:.200}"
    if value.size > LONGEST:
        return f"<array of shape {value.shape}>"
    return np.array2string(value, 100, separator=", ", prefix="Expected: ", formatter={"float_kind": _number})


def _number(value):
    """A number without a needless ``.0``."""
    return f"{value:.15g}" if isinstance(value, (float, np.floating)) else str(value)
