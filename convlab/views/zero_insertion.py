"""Transposed convolution as an ordinary one: stretch, pad or crop, flip, convolve.

Each step is a function whose result can be printed. Arrays have the full layout
``(N, C, *cells)``, with one to three axes of cells; the sizes of the steps come from
:func:`convlab.arithmetic.equivalent_convolution`.

Source: relationships 8 to 14 of arXiv:1603.07285, which have no dilation and do not
say that the kernel must be flipped.
"""

from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, equivalent_convolution
from convlab.validation import array, integer, integer_pair, integer_tuple, layout, widened
from convlab.views.operators import conv, number_of_axes, transposed_layer

__all__ = [
    "ZeroInsertion",
    "conv_transpose_by_zero_insertion",
    "convolve",
    "flip",
    "pad_or_crop",
    "stretch",
    "swap_channels",
    "zero_insertion_steps",
]

LAYOUTS = [("N", "C", "L"), ("N", "C", "H", "W"), ("N", "C", "D", "H", "W")]


def stretch(input, stride):
    """Step 1: put ``stride - 1`` zeros between neighbouring cells, none after the last.

    Parameters
    ----------
    input : array
        ``(N, C, *cells)``.
    stride : int or tuple of ints
        At least 1; one entry for each axis of cells.

    Returns
    -------
    array
        ``(N, C, *stretched)`` with ``stretched = stride * (cells - 1) + 1``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or ``stride`` is below 1.

    Notes
    -----
    It is the transposed convolution with the kernel ``[1]``. Source: relationship 12.

    Examples
    --------
    >>> stretch(np.array([[[1, 2, 3]]]), stride=3)
    array([[[1, 0, 0, 2, 0, 0, 3]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, LAYOUTS)
    stride = integer_tuple("stride", stride, cells.ndim - 2, minimum=1)
    size = [conv_transpose_output_size(i, 1, s) for i, s in zip(cells.shape[2:], stride)]
    stretched = np.zeros((*cells.shape[:2], *size), cells.dtype)
    stretched[..., *(slice(None, None, s) for s in stride)] = cells
    return stretched


def pad_or_crop(input, padding):
    """Step 2: add zeros on each side; a negative number takes cells away instead.

    Zeros are added before anything is taken away, so that a crop may also take zeros.

    Parameters
    ----------
    input : array
        ``(N, C, *cells)``.
    padding : sequence of int or (int, int)
        For each axis of cells, one number for both sides or a pair ``(begin, end)``.

    Returns
    -------
    array
        ``(N, C, *padded)`` with ``padded = cells + begin + end``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or nothing is left on an axis.

    Examples
    --------
    >>> pad_or_crop(np.array([[[1, 2, 3]]]), padding=[(2, -1)])
    array([[[0, 0, 1, 2]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, LAYOUTS)
    if not isinstance(padding, (tuple, list)) or len(padding) != cells.ndim - 2:
        raise ValueError(f"padding must have one entry an axis, {cells.ndim - 2}, got {padding!r}")
    pads = [integer_pair("padding", entry) for entry in padding]
    size = [i + begin + end for i, (begin, end) in zip(cells.shape[2:], pads)]
    if min(size) < 1:
        raise ValueError(f"padding={padding} leaves nothing of input of shape {input.shape}")
    padded = np.pad(cells, [(0, 0), (0, 0), *((max(begin, 0), max(end, 0)) for begin, end in pads)])
    first = [max(-begin, 0) for begin, _ in pads]
    return padded[..., *(slice(f, f + o) for f, o in zip(first, size))]


def swap_channels(weight, groups=1):
    """Give a transposed convolution's weight the channel order of a convolution, group by group.

    Parameters
    ----------
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
    groups : int
        Number of channel groups.

    Returns
    -------
    array
        ``(C_out, C_in/groups, *kernel)``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the shape is no weight's, or ``groups`` does not divide ``C_in``.

    Examples
    --------
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


def flip(weight, groups=1):
    """Step 3: turn the kernel by 180 degrees and swap its input and output channels.

    Parameters
    ----------
    weight : array
        ``(C_in, C_out/groups, *kernel)``, as a transposed convolution has it.
    groups : int
        Number of channel groups; each group is swapped by itself.

    Returns
    -------
    array
        ``(C_out, C_in/groups, *kernel)``, as a convolution has it.

    Raises
    ------
    TypeError, ValueError
        As :func:`swap_channels`.

    Examples
    --------
    >>> flip(np.array([[[1, 10, 100]]]))
    array([[[100,  10,   1]]])
    >>> flip(np.zeros((4, 6, 3, 3)), groups=2).shape
    (12, 2, 3, 3)
    """
    kernel_axes = tuple(range(-number_of_axes(weight), 0))
    return np.flip(swap_channels(weight, groups), kernel_axes)


def convolve(input, weight, bias=None, dilation=1, groups=1):
    """Step 4: an ordinary convolution with stride 1, and no padding beyond step 2's.

    Parameters
    ----------
    input : array
        ``(N, C_in, *cells)``.
    weight : array
        ``(C_out, C_in/groups, *kernel)``.
    bias, dilation, groups
        As in :func:`convlab.reference.conv1d`.

    Returns
    -------
    array
        ``(N, C_out, *out)``.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.reference.conv1d`.

    Examples
    --------
    >>> convolve(np.array([[[0, 0, 2, 0, 3, 0, 0]]]), np.array([[[3, 2, 1]]]))
    array([[[2, 4, 9, 6, 9]]])
    """
    return conv(input, weight, bias, 1, 0, dilation, groups)


class ZeroInsertion(NamedTuple):
    """What each of the four steps gives: ``(N, C, *cells)`` three times, and the flipped kernel."""

    stretched: np.ndarray
    padded: np.ndarray
    flipped: np.ndarray
    output: np.ndarray


def zero_insertion_steps(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
) -> ZeroInsertion:
    """All four steps of a transposed convolution, always with the batch axis ``N``.

    Arguments are those of :func:`conv_transpose_by_zero_insertion`.

    Raises
    ------
    TypeError, ValueError
        As :func:`conv_transpose_by_zero_insertion`.

    Examples
    --------
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


def conv_transpose_by_zero_insertion(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Transposed convolution by zero insertion and a flipped kernel; equal to ``conv_transpose1d`` and so on.

    Parameters
    ----------
    input : array
        ``(C_in, *cells)`` or ``(N, C_in, *cells)``, with one to three axes of cells.
    weight : array
        ``(C_in, C_out/groups, *kernel)``; its number of axes says whether the layer is 1-D, 2-D or 3-D.
    bias, stride, padding, output_padding, groups, dilation
        As in :func:`convlab.reference.conv_transpose1d`.

    Returns
    -------
    array
        ``(C_out, *out)`` or ``(N, C_out, *out)``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or nothing is left after the crop.

    Notes
    -----
    Source: relationships 8 to 14 of arXiv:1603.07285, with the flip and the dilation added.

    Examples
    --------
    >>> x, w = np.array([[[[1, 2], [3, 4]]]]), np.arange(1, 10).reshape(1, 1, 3, 3)
    >>> conv_transpose_by_zero_insertion(x, w, stride=2, padding=1)[0, 0]
    array([[ 5, 14, 10],
           [14, 36, 24],
           [15, 34, 20]])
    """
    output = zero_insertion_steps(input, weight, bias, stride, padding, output_padding, groups, dilation).output
    return output if input.ndim == weight.ndim else output[0]
