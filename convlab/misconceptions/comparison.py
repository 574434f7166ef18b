"""Reading a learner's answer, whatever it is, and comparing it: the one home of equality.

* :func:`read`, :func:`fit_axes`, :func:`wrong_kind`, :func:`equal_values` and :func:`close_as_written` for arrays and
  numbers that are to be diagnosed;
* :func:`plain` and :func:`agree` for whatever a function gives: words, sets, lists of lists;
* :func:`same_cells` to show where an array is right.
"""

from typing import Any, NamedTuple

import numpy as np

from convlab.typing import Array

__all__ = [
    "LearnerAnswer",
    "agree",
    "close_as_written",
    "equal_values",
    "fit_axes",
    "plain",
    "read",
    "same_cells",
    "wrong_kind",
]


class LearnerAnswer(NamedTuple):
    """An answer as an array, or None and why not.

    ``typed`` is true where the answer came with a dtype of its own; ``decimals`` is the
    number of decimals of floats written by hand, else None.
    """

    values: Any
    note: str = ""
    typed: bool = False
    decimals: int | None = None


def read(answer: Any) -> LearnerAnswer:
    """Read an array, a tensor, nested lists or a number; never raises.

    Examples
    --------
    >>> read([1, 2]).values
    array([1, 2])
    >>> read([[1, 2], [3]]).note
    'The rows have different lengths.'
    """
    if answer is None or answer is ...:
        return LearnerAnswer(None, "There is no answer yet.")
    if isinstance(answer, (str, bytes)):
        return LearnerAnswer(None, "The answer is a text. Give numbers, without quotes.")
    typed = hasattr(answer, "dtype")
    if isinstance(answer, np.ma.MaskedArray):
        return LearnerAnswer(None, "The answer is a masked array. Give a plain one.")
    try:
        values = np.asarray(answer.detach().cpu() if hasattr(answer, "detach") else answer)
    except Exception as error:  # a learner's object may do anything when it is read
        ragged = isinstance(error, ValueError) and "inhomogeneous" in str(error)
        return LearnerAnswer(
            None, "The rows have different lengths." if ragged else f"The answer cannot be read: {error}"
        )
    if values.dtype.kind not in "biuf":
        return LearnerAnswer(None, f"The answer is not made of numbers: it is of type {type(answer).__name__}.")
    decimals = _decimals(values) if values.dtype.kind == "f" and not typed else None
    return LearnerAnswer(values, "", typed, decimals)


def _decimals(values):
    """Decimals of the longest number, as Python writes it."""
    return max((len(repr(number).partition(".")[2]) for number in values.ravel().tolist()), default=0)


def wrong_kind(answer: LearnerAnswer, truth: Any) -> str:
    """What is wrong with the dtype of an answer; empty if nothing.

    Numbers may be integers or floats, as long as the values are right: the zeros that a learner starts from are
    floats, and so is half of a size. True is not 1.

    Examples
    --------
    >>> wrong_kind(read(9.0), 9), wrong_kind(read(True), 1)
    ('', 'The answer holds bool; numbers are asked for.')
    """
    have, want = answer.values.dtype, np.asarray(truth).dtype
    kinds, names = ("b", "True or False is") if want.kind == "b" else ("iuf", "numbers are")
    return "" if have.kind in kinds else f"The answer holds {have}; {names} asked for."


def fit_axes(values: Array, shape: tuple[int, ...]) -> tuple[Array | None, str]:
    """Add or remove leading axes of length 1 to get as many axes as ``shape``; say so.

    The array is None where that is not possible.

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


def equal_values(values: Any, other: Any) -> bool:
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


def close_as_written(answer: LearnerAnswer, other: Any) -> bool:
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


def same_cells(values: Any, truth: Any, tolerance: float = 1e-6) -> Any:
    """Cell by cell, where values are right: exactly for integers, within the tolerance for floats.

    Examples
    --------
    >>> same_cells(np.array([1, 2]), np.array([1, 3])).tolist()
    [True, False]
    """
    if np.asarray(truth).dtype.kind in "iu" or not tolerance:
        return values == truth
    return np.isclose(values, truth, rtol=tolerance, atol=tolerance)


def plain(value: Any) -> Any:
    """Nested lists and Python numbers in place of tuples, arrays, tensors and NumPy numbers.

    Examples
    --------
    >>> plain((np.int64(1), np.array([2, 3])))
    [1, [2, 3]]
    """
    if hasattr(value, "detach"):  # a tensor of PyTorch
        value = value.detach().cpu().numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(entry) for entry in value]
    return set(value) if isinstance(value, (set, frozenset)) else value


def agree(given: Any, truth: Any) -> bool:
    """Whether two :func:`plain` values agree: words without regard to capitals, floats within 1e-6, and True is not 1.

    Examples
    --------
    >>> agree([1, "Same"], [1, "SAME"]), agree(1, True)
    (True, False)
    """
    if isinstance(truth, list):
        return isinstance(given, list) and len(given) == len(truth) and all(map(agree, given, truth))
    if isinstance(truth, str):
        return isinstance(given, str) and given.strip().casefold() == truth.strip().casefold()
    if isinstance(truth, set) and all(isinstance(word, str) for word in truth):
        return isinstance(given, set) and {str(word).casefold() for word in given} == {*map(str.casefold, truth)}
    if isinstance(truth, bool) or isinstance(given, bool) or truth is None:
        return type(given) is type(truth) and given == truth
    if isinstance(truth, float) and isinstance(given, (int, float)):
        return abs(given) < 1e300 and bool(same_cells(given, truth))  # an integer may be too large for a float
    return given == truth
