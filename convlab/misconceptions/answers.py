"""Reading a learner's answer, whatever it is, and comparing it."""

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Answer", "close_as_written", "equal_values", "fit_axes", "read", "wrong_kind"]


class Answer(NamedTuple):
    """An answer as an array, or None and why not.

    ``typed`` is true where the answer came with a dtype of its own; ``decimals`` is the
    number of decimals of floats written by hand, else None.
    """

    values: Any
    note: str = ""
    typed: bool = False
    decimals: int | None = None


def read(answer):
    """Read an array, a tensor, nested lists or a number; never raises.

    Examples
    --------
    >>> read([1, 2]).values
    array([1, 2])
    >>> read([[1, 2], [3]]).note
    'The rows have different lengths.'
    """
    if answer is None or answer is ...:
        return Answer(None, "There is no answer yet.")
    if isinstance(answer, (str, bytes)):
        return Answer(None, "The answer is a text. Give numbers, without quotes.")
    typed = hasattr(answer, "dtype")
    if isinstance(answer, np.ma.MaskedArray):
        return Answer(None, "The answer is a masked array. Give a plain one.")
    try:
        values = np.asarray(answer.detach().cpu() if hasattr(answer, "detach") else answer)
    except Exception as error:  # a learner's object may do anything when it is read
        ragged = isinstance(error, ValueError) and "inhomogeneous" in str(error)
        return Answer(None, "The rows have different lengths." if ragged else f"The answer cannot be read: {error}")
    if values.dtype.kind not in "biuf":
        return Answer(None, f"The answer is not made of numbers: it is of type {type(answer).__name__}.")
    decimals = _decimals(values) if values.dtype.kind == "f" and not typed else None
    return Answer(values, "", typed, decimals)


def _decimals(values):
    """Decimals of the longest number, as Python writes it."""
    return max((len(repr(number).partition(".")[2]) for number in values.ravel().tolist()), default=0)


def wrong_kind(answer, truth):
    """What is wrong with the dtype of an answer; empty if nothing.

    Arrays may hold integers or floats, as long as the values are right: the zeros that a learner
    starts from are floats. A size is an integer, and True is not 1.

    Examples
    --------
    >>> wrong_kind(read(9.0), 9)
    'The answer holds float64; integers are asked for.'
    >>> wrong_kind(read(np.array([1.0])), np.array([1]))
    ''
    """
    have, want = answer.values.dtype, np.asarray(truth).dtype
    names = {"i": "integers are", "b": "True or False is", "f": "numbers are"}
    numbers = "iuf" if want.kind == "f" or np.ndim(truth) else "iu"
    if have.kind in ("b" if want.kind == "b" else numbers):
        return ""
    return f"The answer holds {have}; {names[want.kind]} asked for."


def fit_axes(values, shape):
    """Add or remove leading axes of length 1 to get as many axes as ``shape``; say so.

    Returns
    -------
    (array or None, str)
        None where that is not possible.

    Examples
    --------
    >>> fit_axes(np.zeros((1, 1, 5)), (5,))[1]
    'The answer has 3 axes instead of 1: 2 axes of length 1 too many at the front.'
    """
    extra = values.ndim - len(shape)
    if extra == 0:
        return values, ""
    told = f"The answer has {values.ndim} {'axis' if values.ndim == 1 else 'axes'} instead of {len(shape)}"
    if extra > 0 and values.shape[:extra] == (1,) * extra:
        noun = "axis of length 1" if extra == 1 else "axes of length 1"
        return values.reshape(values.shape[extra:]), f"{told}: {extra} {noun} too many at the front."
    if extra < 0 and shape[:-extra] == (1,) * -extra:
        return values.reshape((1,) * -extra + values.shape), f"{told}: batch or channel axes are missing at the front."
    return None, f"{told}."


def equal_values(values, other):
    """Same shape and same numbers: exactly for integers, within rounding errors for floats.

    Examples
    --------
    >>> equal_values(np.array([0.1 + 0.2]), np.array([0.3]))
    True
    """
    values, other = np.asarray(values), np.asarray(other)
    if values.shape != other.shape:
        return False
    if "f" not in (values.dtype.kind, other.dtype.kind):
        return bool(np.array_equal(values, other))
    precision = max(np.finfo(a.dtype).eps for a in (values, other) if a.dtype.kind == "f")
    finite = np.abs(other[np.isfinite(other)])
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.allclose(values, other, rtol=0, atol=64 * float(precision) * scale, equal_nan=True))


def close_as_written(answer, other):
    """:func:`equal_values`, but numbers written by hand with two decimals or more may be rounded there.

    Examples
    --------
    >>> close_as_written(read([3.33]), np.array([10 / 3]))
    True
    """
    if equal_values(answer.values, other):
        return True
    if answer.decimals is None or answer.decimals < 2 or answer.values.shape != np.shape(other):
        return False
    return bool(np.allclose(answer.values, other, rtol=0, atol=0.5000001 * 10.0**-answer.decimals))
