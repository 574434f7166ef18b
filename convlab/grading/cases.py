"""Test cases as data: a case is a dict of the arguments of one call.

For the arguments that are arrays (an oracle knows which)

* a list holds the numbers; axes of size 1 are put in front where it has too few, so
  that ``[1, 2, 3]`` is one sample with one channel;
* a tuple is a shape, to be filled with numbers that can be decoded: digits for the
  input and all others, digits times powers of ten for the weight, or ``w`` (tap t of the kernel is
  the t-th decimal place), and -1, -2, ... for the bias. No two channels or taps are alike, so
  nothing can be swapped or turned round unnoticed.

All arrays are float64 with integer values, so that sums are exact in any order.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

__all__ = ["build", "show_call"]

LONGEST = 40  # cells of an array that a message still writes out


def build(case: Mapping[str, Any], axes: Mapping[str, int], seed: int = 0) -> dict[str, Any]:
    """The arguments of the call that a case describes, in its order, with arrays in place.

    ``axes`` says how many axes each array has: ``{"input": 4, "weight": 4, "bias": 1}``. Another seed fills the shapes
    with other digits.

    Examples
    --------
    >>> build({"input": [1, 2], "weight": (1, 2, 3), "stride": 2}, {"input": 3, "weight": 3})
    {'input': array([[[1., 2.]]]), 'weight': array([[[  5.,  90., 900.],
            [  6.,  30., 800.]]]), 'stride': 2}
    """
    arguments = dict(case)
    for role, (name, count) in enumerate(axes.items()):
        value = arguments.get(name)
        if isinstance(value, tuple):
            arguments[name] = _filled(name, value, np.random.default_rng((seed, role)))
        elif isinstance(value, list):
            values = np.array(value, dtype=np.int64 if name == "indices" else np.float64)
            arguments[name] = values.reshape((1,) * (count - values.ndim) + values.shape)
    return arguments


def _filled(name, shape, rng):
    if name == "bias":
        return -np.arange(1.0, shape[0] + 1)
    digits = rng.integers(1, 10, shape).astype(np.float64)
    if name not in ("weight", "w"):
        return digits
    taps = prod(shape[2:])
    if taps > 12:
        raise ValueError(f"weight must have at most 12 taps, so that sums stay exact, got shape {shape}")
    return digits * 10.0 ** np.arange(taps).reshape(shape[2:])


def show_call(name: str, arguments: Mapping[str, Any], positional: int = 2) -> str:
    """Write a call as a line that can be pasted into a cell, if its arrays are small.

    Examples
    --------
    >>> arguments = build({"input": [1, 2], "weight": [1, 10], "stride": 2}, {"input": 3, "weight": 3})
    >>> show_call("conv_transpose1d", arguments)
    'conv_transpose1d(np.array([[[1, 2]]], float), np.array([[[1, 10]]], float), stride=2)'
    """
    shown = []
    for position, (key, value) in enumerate(arguments.items()):
        if isinstance(value, np.ndarray):
            value = _array(value) if value.size <= LONGEST else f"<array of shape {value.shape}>"
        else:
            value = repr(value)
        shown.append(value if position < positional else f"{key}={value}")
    return f"{name}({', '.join(shown)})"


def _array(value):
    if value.dtype.kind != "f":
        return f"np.array({value.tolist()})"
    whole = (value == np.round(value)).all()
    return f"np.array({value.astype(int).tolist()}, float)" if whole else f"np.array({value.tolist()})"
