"""Argument checks that name the argument, its value and the rule it breaks.

Every public function of convlab refuses bad input here, in one voice, before
any arithmetic starts. Wrong kinds raise ``TypeError``, wrong values ``ValueError``.
"""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from convlab.typing import Array

__all__ = [
    "AXES",
    "IMAGES",
    "SAMPLES",
    "array",
    "boolean",
    "integer",
    "integer_pair",
    "integer_tuple",
    "layout",
    "per_axis",
    "widened",
]

#: Names of the axes of cells, by their number.
AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
#: Layouts of a batch with one to three axes, and of images with or without a batch.
SAMPLES = [("N", "C", *axes) for axes in AXES.values()]
IMAGES = [("C", "H", "W"), ("N", "C", "H", "W")]
OWN_INTEGER = np.dtype(int)


def integer(name: str, value: Any, minimum: int | None = None) -> int:
    """Return ``value`` as a plain ``int``; refuse bools, floats and values below ``minimum``.

    >>> integer("stride", 2, minimum=1)
    2
    >>> integer("stride", 0, minimum=1)
    Traceback (most recent call last):
        ...
    ValueError: stride must be at least 1, got 0
    """
    if isinstance(value, (bool, np.bool_)) or getattr(value, "ndim", 0) != 0:
        raise TypeError(f"{name} must be an integer, got {value!r}")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if minimum is not None and number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {number}")
    return number


def integer_tuple(name: str, value: Any, length: int, minimum: int | None = None) -> tuple[int, ...]:
    """Return ``value`` as a tuple of ``length`` ints; one int stands for every axis.

    >>> integer_tuple("stride", 2, length=2)
    (2, 2)
    >>> integer_tuple("stride", (2, 1, 1), length=2)
    Traceback (most recent call last):
        ...
    ValueError: stride must be one integer or 2 of them, got (2, 1, 1)
    """
    if not isinstance(value, (tuple, list)):
        return (integer(name, value, minimum),) * length
    if len(value) not in (1, length):
        raise ValueError(f"{name} must be one integer or {length} of them, got {tuple(value)}")
    entries = tuple(integer(name, entry, minimum) for entry in value)
    return entries * length if len(entries) == 1 else entries


#: The smallest legal value of each option of a layer.
MINIMUM = {"input_size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}


def per_axis(ndim: int, **options: Any) -> list[tuple[int, ...]]:
    """The options of a layer, each as one legal number for each of ``ndim`` axes.

    >>> per_axis(2, stride=2, padding=(0, 1))
    [(2, 2), (0, 1)]
    """
    return [integer_tuple(name, value, ndim, MINIMUM[name]) for name, value in options.items()]


def integer_pair(name: str, value: Any, minimum: int | None = None) -> tuple[int, int]:
    """Return ``(begin, end)`` from one int (both sides) or a pair of ints.

    >>> integer_pair("padding", 1), integer_pair("padding", (0, 1))
    ((1, 1), (0, 1))
    """
    if isinstance(value, (tuple, list)) and len(value) != 2:
        raise ValueError(f"{name} must be an integer or a pair of them, got {tuple(value)}")
    begin, end = integer_tuple(name, value, 2, minimum)
    return begin, end


def boolean(name: str, value: Any) -> bool:
    """Return ``value`` if it is a bool.

    >>> boolean("ceil_mode", True)
    True
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def array(name: str, value: Any, *others: tuple[str, Array]) -> Array:
    """Return ``value`` if it is an array of float32, float64 or integers.

    ``others`` are ``(name, array)`` pairs already checked, whose dtype must be the same.

    >>> array("input", np.array([1, 2], dtype=np.uint8))
    array([1, 2], dtype=uint8)
    >>> array("input", [1, 2])
    Traceback (most recent call last):
        ...
    TypeError: input must be a NumPy array, got list
    """
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a NumPy array, got {type(value).__name__}")
    integers = value.dtype.kind in "iu" and np.can_cast(value.dtype, np.int64)
    if not integers and value.dtype not in (np.float32, np.float64):
        raise TypeError(f"{name} must hold float32, float64 or integers that fit int64, got {value.dtype}")
    for other_name, other in others:
        if _dtype(value) != _dtype(other):
            raise TypeError(f"{name} must have the dtype of {other_name}, {other.dtype}, got {value.dtype}")
    return np.asarray(value, dtype=_dtype(value))


def _dtype(values):
    """The dtype of an array; the platform's own integer counts as int64: in a browser it has 32 bits."""
    return np.dtype(np.int64) if values.dtype == OWN_INTEGER else values.dtype


def widened(values: Array) -> Array:
    """Return an integer array as int64, so that sums stay exact; a float array unchanged.

    >>> widened(np.array([250], dtype=np.uint8)) * 2
    array([500])
    """
    return values if values.dtype.kind == "f" else values.astype(np.int64, copy=False)


def layout(name: str, values: Array, layouts: Sequence[tuple[str, ...]]) -> None:
    """Check that the shape is one of the named ``layouts`` and that only ``N`` may be 0.

    >>> layout("input", np.zeros((2, 5)), [("C_in", "L"), ("N", "C_in", "L")])
    >>> layout("input", np.zeros(5), [("C_in", "L"), ("N", "C_in", "L")])
    Traceback (most recent call last):
        ...
    ValueError: input must have shape (C_in, L) or (N, C_in, L), got (5,)
    """
    for axes in layouts:
        if len(axes) == values.ndim:
            for axis, size in zip(axes, values.shape, strict=True):
                if size == 0 and axis != "N":
                    raise ValueError(f"{name} must not be empty along {axis}, got shape {values.shape}")
            return
    wanted = " or ".join(f"({', '.join(axes)})" for axes in layouts)
    raise ValueError(f"{name} must have shape {wanted}, got {values.shape}")
