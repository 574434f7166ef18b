"""Transposed convolution as an ordinary one: stretch, pad or crop, flip, convolve.

Each step is a function whose result can be printed. Arrays have the full layout ``(N, C, *cells)``, with one to three
axes of cells; a transposed convolution's weight is ``(C_in, C_out/groups, *kernel)``. The sizes of the steps come from
:func:`convlab.arithmetic.equivalent_convolution`. Wrong kinds raise ``TypeError``, wrong shapes and values
``ValueError``.

Source: relationships 8 to 14 of arXiv:1603.07285, which have no dilation and do not
say that the kernel must be flipped.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, equivalent_convolution
from convlab.reference import conv
from convlab.reference.conv_nd import cropped
from convlab.reference.layer_arguments import number_of_axes, transposed_layer
from convlab.typing import Array, Ints, Pads
from convlab.validation import SAMPLES, array, integer, integer_pair, integer_tuple, layout, widened

__all__ = ["ZeroInsertion", "convolve", "flip", "pad_or_crop", "stretch", "swap_channels", "zero_insertion_steps"]


def stretch(input: Array, stride: Ints) -> Array:
    """Step 1: put ``stride - 1`` zeros between neighbouring cells, none after the last: ``stride * (cells - 1) + 1``.

    It is the transposed convolution with the kernel ``[1]``. Source: relationship 12.

    >>> stretch(np.array([[[1, 2, 3]]]), stride=3)
    array([[[1, 0, 0, 2, 0, 0, 3]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, SAMPLES)
    stride = integer_tuple("stride", stride, cells.ndim - 2, minimum=1)
    size = [conv_transpose_output_size(i, 1, s) for i, s in zip(cells.shape[2:], stride)]
    stretched = np.zeros((*cells.shape[:2], *size), cells.dtype)
    stretched[:, :, *(slice(None, None, s) for s in stride)] = cells
    return stretched


def pad_or_crop(input: Array, padding: Sequence[Pads]) -> Array:
    """Step 2: add zeros on each side; a negative number takes cells away instead.

    ``padding`` has, for each axis of cells, one number for both sides or a pair ``(begin, end)``.
    Zeros are added before anything is taken away, so that a crop may also take zeros.

    >>> pad_or_crop(np.array([[[1, 2, 3]]]), padding=[(2, -1)])
    array([[[0, 0, 1, 2]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, SAMPLES)
    if not isinstance(padding, (tuple, list)) or len(padding) != cells.ndim - 2:
        raise ValueError(f"padding must have one entry an axis, {cells.ndim - 2}, got {padding!r}")
    pads = [integer_pair("padding", entry) for entry in padding]
    size = [i + begin + end for i, (begin, end) in zip(cells.shape[2:], pads)]
    if min(size) < 1:
        raise ValueError(f"padding={padding} leaves nothing of input of shape {input.shape}")
    padded = np.pad(cells, [(0, 0), (0, 0), *((max(begin, 0), max(end, 0)) for begin, end in pads)])
    first = [max(-begin, 0) for begin, _ in pads]
    return cropped(padded, first, size)


def swap_channels(weight: Array, groups: int = 1) -> Array:
    """Exchange the channel axes of each group, which turns the weight of one convolution into that of the other.

    A transposed one's ``(C_in, C_out/groups, *kernel)`` gives an ordinary one's ``(C_out, C_in/groups, *kernel)``,
    and back. The taps keep their order.

    >>> swap_channels(np.array([[[11], [12]], [[21], [22]]]))[..., 0]
    array([[11, 21],
           [12, 22]])
    """
    number_of_axes(weight)
    groups = integer("groups", groups, minimum=1)
    in_channels, group_channels, *kernel_size = weight.shape
    if in_channels % groups:
        raise ValueError(f"groups must divide C_in={in_channels} of weight, got groups={groups}")
    grouped = widened(weight).reshape(groups, in_channels // groups, group_channels, *kernel_size)
    return grouped.swapaxes(1, 2).reshape(groups * group_channels, in_channels // groups, *kernel_size)


def flip(weight: Array, groups: int = 1) -> Array:
    """Step 3: turn the kernel by 180 degrees and swap its channels: ``(C_out, C_in/groups, *kernel)``, a convolution's.

    >>> flip(np.array([[[1, 10, 100]]]))
    array([[[100,  10,   1]]])
    >>> flip(np.zeros((4, 6, 3, 3)), groups=2).shape
    (12, 2, 3, 3)
    """
    kernel_axes = tuple(range(-number_of_axes(weight), 0))
    return np.flip(swap_channels(weight, groups), kernel_axes)


def convolve(input: Array, weight: Array, bias: Array | None = None, dilation: Ints = 1, groups: int = 1) -> Array:
    """Step 4: an ordinary convolution with stride 1, and no padding beyond step 2's.

    >>> convolve(np.array([[[0, 0, 2, 0, 3, 0, 0]]]), np.array([[[3, 2, 1]]]))
    array([[[2, 4, 9, 6, 9]]])
    """
    return conv(input, weight, bias, 1, 0, dilation, groups)


class ZeroInsertion(NamedTuple):
    """What each of the four steps gives: ``(N, C, *cells)`` three times, and the flipped kernel."""

    stretched: Array
    padded: Array
    flipped: Array
    output: Array


def zero_insertion_steps(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> ZeroInsertion:
    """All four steps of a transposed convolution, always with the batch axis ``N``.

    Arguments are those of :func:`convlab.reference.conv_transpose1d` and so on, and ``output`` equals its result.

    >>> steps = zero_insertion_steps(np.array([[[2, 3]]]), np.array([[[1, 2, 3]]]), stride=2, padding=1)
    >>> [step[0, 0].tolist() for step in steps]
    [[2, 0, 3], [0, 2, 0, 3, 0], [3, 2, 1], [4, 9, 6]]
    """
    layer = transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation)
    axes = zip(layer.weight.shape[2:], layer.stride, layer.padding, layer.output_padding, layer.dilation)
    equivalent = [equivalent_convolution(*axis) for axis in axes]
    stretched = stretch(layer.input, layer.stride)
    padded = pad_or_crop(stretched, [(axis.padding_begin, axis.padding_end) for axis in equivalent])
    flipped = flip(layer.weight, layer.groups)
    output = convolve(padded, flipped, layer.bias, layer.dilation, layer.groups)
    return ZeroInsertion(stretched, padded, flipped, output)
