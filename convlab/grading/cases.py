"""Test cases as data: a case is a dict of the arguments of one call.

For ``input``, ``weight`` and ``bias``

* a list holds the numbers; axes of size 1 are put in front where it has too few, so
  that ``[1, 2, 3]`` is one sample with one channel;
* a tuple is a shape, to be filled with numbers that can be decoded: digits for the
  input, digits times powers of ten for the weight (tap t of the kernel is the t-th
  decimal place), and -1, -2, ... for the bias. No two channels or taps are alike, so
  nothing can be swapped or turned round unnoticed.

All arrays are float64 with integer values, so that sums are exact in any order.
"""

from math import prod

import numpy as np

__all__ = ["build", "show_call"]

AXES = {"input": 2, "weight": 2}  # in front of the spatial ones
LONGEST = 40  # cells of an array that a message still writes out


def build(case, spatial_axes, seed=0):
    """Return the arguments of the call that a case describes, with arrays in place.

    Parameters
    ----------
    case : dict
        The arguments, see above.
    spatial_axes : int
        1 for ``(N, C, L)``, 2 for ``(N, C, H, W)``; 0 if the call takes no arrays.
    seed : int
        Fills the shapes with other digits.

    Returns
    -------
    dict
        In the order of the case.

    Examples
    --------
    >>> build({"input": [1, 2], "weight": (1, 2, 3), "stride": 2}, spatial_axes=1)
    {'input': array([[[1., 2.]]]), 'weight': array([[[  5.,  90., 900.],
            [  6.,  30., 800.]]]), 'stride': 2}
    """
    arguments = dict(case)
    for role, name in enumerate(("input", "weight", "bias")):
        value = arguments.get(name)
        if isinstance(value, tuple):
            arguments[name] = _filled(name, value, np.random.default_rng((seed, role)))
        elif isinstance(value, list):
            values = np.array(value, dtype=np.float64)
            missing = AXES[name] + spatial_axes - values.ndim if name in AXES else 0
            arguments[name] = values.reshape((1,) * missing + values.shape)
    return arguments


def _filled(name, shape, rng):
    if name == "bias":
        return -np.arange(1.0, shape[0] + 1)
    digits = rng.integers(1, 10, shape).astype(np.float64)
    if name == "input":
        return digits
    taps = prod(shape[2:])
    if taps > 12:
        raise ValueError(f"weight must have at most 12 taps, so that sums stay exact, got shape {shape}")
    return digits * 10.0 ** np.arange(taps).reshape(shape[2:])


def show_call(name, arguments):
    """Write a call as a line that can be pasted into a cell, if its arrays are small.

    Examples
    --------
    >>> show_call("conv_transpose1d", build({"input": [1, 2], "weight": [1, 10], "stride": 2}, 1))
    'conv_transpose1d(np.array([[[1, 2]]], float), np.array([[[1, 10]]], float), stride=2)'
    """
    shown = []
    for position, (key, value) in enumerate(arguments.items()):
        if isinstance(value, np.ndarray):
            numbers = value.astype(int).tolist()  # shorter to read, and whole numbers they are
            value = f"np.array({numbers}, float)" if value.size <= LONGEST else f"<array of shape {value.shape}>"
        shown.append(f"{value}" if position < 2 else f"{key}={value}")
    return f"{name}({', '.join(shown)})"
