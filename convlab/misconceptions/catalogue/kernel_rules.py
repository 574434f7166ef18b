"""What is done to the kernel and the channels before anything moves: steps of both kinds of convolution.

A kernel rule gets ``weight`` with its two channel axes first, and the stated axes; a
channel rule gets ``input``, ``weight`` and ``groups``.
"""

from collections.abc import Callable

import numpy as np

from convlab.misconceptions.registry import NotApplicable
from convlab.misconceptions.simulation import Axis
from convlab.typing import Array

__all__ = [
    "dense_taps",
    "ignored_groups",
    "interleaved_inputs",
    "interleaved_inputs_and_weights",
    "matrix_transpose",
    "sum_of_one",
    "swapped_channels",
    "turned",
]

Stated = list[Axis] | None  # the axes of the layer; most rules need none
Channels = tuple[Array, Array, int]


def turned(*axes: int) -> Callable[[Array, Stated], Array]:
    """A kernel rule: rotate by 180 degrees; with ``axes``, flip a kernel of rows and columns along those only.

    Examples
    --------
    >>> turned()(np.arange(4).reshape(1, 1, 2, 2), None)[0, 0].tolist()
    [[3, 2], [1, 0]]
    """

    def rule(weight, stated):
        if axes and weight.ndim != 4:
            raise NotApplicable("only a kernel of rows and columns can be flipped one way")
        return np.flip(weight, axes or tuple(range(2, weight.ndim)))

    return rule


def matrix_transpose(weight: Array, stated: Stated) -> Array:
    """Exchange the rows and columns of the kernel."""
    if weight.ndim != 4 or weight.shape[2] != weight.shape[3]:
        raise NotApplicable("only a square kernel can be transposed in place")
    return weight.swapaxes(2, 3)


def sum_of_one(weight: Array, stated: Stated) -> Array:
    """Divide by the sum of the kernel."""
    total = weight.sum(axis=tuple(range(2, weight.ndim)), keepdims=True)
    if not total.all():
        raise NotApplicable("the kernel sums to zero")
    return weight / total


def dense_taps(weight: Array, stated: list[Axis]) -> Array:
    """Let each tap of a dilated kernel read ``dilation`` neighbouring cells.

    Examples
    --------
    >>> dense_taps(np.array([[[1, 10, 100]]]), [Axis(5, 3, dilation=2)])
    array([[[  1,   1,  10,  10, 100]]])
    """
    for axis, a in enumerate(stated, start=2):
        weight = np.repeat(weight, a.dilation, axis).take(range(a.span), axis)
    return weight


def swapped_channels(input: Array, weight: Array, groups: int) -> Channels:
    """Read ``(in, out)`` as ``(out, in)``; possible where both are equal."""
    rows, columns = weight.shape[0] // groups, weight.shape[1]
    if rows != columns:
        raise NotApplicable("the channel axes are not equally long")
    blocks = weight.reshape(groups, rows, columns, *weight.shape[2:])
    return input, blocks.swapaxes(1, 2).reshape(weight.shape), groups


def ignored_groups(input: Array, weight: Array, groups: int) -> Channels:
    """Take the weight for that of an ungrouped layer."""
    return input, weight, 1


def _in_turns(channels, groups):
    return [channel for first in range(groups) for channel in range(first, channels, groups)]


def interleaved_inputs(input: Array, weight: Array, groups: int) -> Channels:
    """Deal the input channels out to the groups in turns, for a convolution."""
    return input[:, _in_turns(input.shape[1], groups)], weight, groups


def interleaved_inputs_and_weights(input: Array, weight: Array, groups: int) -> Channels:
    """Deal the input channels out to the groups in turns, for a transposed convolution.

    Its weight has an entry for each input channel, which goes along.

    Examples
    --------
    >>> x, w = np.array([[[1], [2], [3], [4]]]), np.array([1, 10, 100, 1000]).reshape(4, 1, 1)
    >>> x, w, groups = interleaved_inputs_and_weights(x, w, 2)
    >>> x.ravel(), w.ravel()
    (array([1, 3, 2, 4]), array([   1,  100,   10, 1000]))
    """
    order = _in_turns(input.shape[1], groups)
    return input[:, order], weight[order], groups
