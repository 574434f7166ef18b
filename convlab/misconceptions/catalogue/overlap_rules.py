"""Where stamps overlap, and which cells the bias reaches: wrong steps of the transposed convolution.

An overlap rule gets what :func:`~convlab.misconceptions.stamping_simulation.add` gets, and gives the full result; a
bias rule gets the output, the bias, how many stamps reach each cell, and the input channels of a group.
"""

import numpy as np

from convlab.misconceptions.stamping_simulation import add, touched_cells
from convlab.typing import Array, Ints

__all__ = [
    "average",
    "cut_off_stamps",
    "every_channel",
    "every_stamp",
    "largest",
    "nowhere",
    "overwrite",
    "where_touched",
]


def _stamps(x, w, stride, dilation, groups):
    """Each input cell in turn: the output cells of its stamp, and the stamp, summed over input channels."""
    batch, _, *in_size = x.shape
    _, group_channels, *kernel_size = w.shape
    by_group = x.reshape(batch, groups, -1, *in_size)
    w = w.reshape(groups, by_group.shape[2], group_channels, *kernel_size)
    for position in np.ndindex(*in_size):
        stamp = np.einsum("ngc,gco...->ngo...", by_group[..., *position], w)
        cells = tuple(
            slice(s * j, s * j + d * (k - 1) + 1, d) for j, s, d, k in zip(position, stride, dilation, kernel_size)
        )
        yield cells, stamp.reshape(batch, -1, *kernel_size)


def overwrite(x: Array, w: Array, stride: Ints, dilation: Ints, groups: int) -> Array:
    """The later stamp replaces the earlier one."""
    full = np.zeros_like(add(x, w, stride, dilation, groups))
    for cells, stamp in _stamps(x, w, stride, dilation, groups):
        full[..., *cells] = stamp
    return full


def largest(x: Array, w: Array, stride: Ints, dilation: Ints, groups: int) -> Array:
    """Of overlapping stamps the largest value stays."""
    full = np.zeros_like(add(x, w, stride, dilation, groups))
    seen = np.zeros(full.shape[2:], dtype=bool)
    for cells, stamp in _stamps(x, w, stride, dilation, groups):
        full[..., *cells] = np.where(seen[cells], np.maximum(full[..., *cells], stamp), stamp)
        seen[cells] = True
    return full


def cut_off_stamps(x: Array, w: Array, stride: Ints, dilation: Ints, groups: int) -> Array:
    """Each product is put into an array of integers before it is added.

    Examples
    --------
    >>> cut_off_stamps(np.array([[[1.0, 3.0]]]), np.array([[[0.5, 1.0]]]), (1,), (1,), 1)
    array([[[0., 2., 3.]]])
    """
    full = np.zeros(add(x, w, stride, dilation, groups).shape)
    by_group = full.reshape(len(x), groups, -1, *full.shape[2:])  # a view: the same numbers
    for channel in range(len(w)):
        one = slice(channel, channel + 1)
        for cells, stamp in _stamps(x[:, one], w[one], stride, dilation, 1):
            by_group[:, channel * groups // len(w), :, *cells] += np.trunc(stamp)
    return full


def average(x: Array, w: Array, stride: Ints, dilation: Ints, groups: int) -> Array:
    """Overlapping stamps are averaged."""
    return add(x, w, stride, dilation, groups) / np.maximum(touched_cells(x, w, stride, dilation), 1)


def where_touched(output: Array, bias: Array, touched: Array, channels: int) -> Array:
    """Only cells that some stamp reaches get the bias."""
    return output + bias * (touched > 0)


def nowhere(output: Array, bias: Array, touched: Array, channels: int) -> Array:
    """No cell gets it."""
    return output


def every_channel(output: Array, bias: Array, touched: Array, channels: int) -> Array:
    """It is added again for each input channel of a group."""
    return output + bias * channels


def every_stamp(output: Array, bias: Array, touched: Array, channels: int) -> Array:
    """It is part of each stamp, so it counts once for each stamp that reaches a cell."""
    return output + bias * touched
