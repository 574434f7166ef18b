"""Transposed convolution without zeros and without overlaps: phases.

Output cells ``stride`` apart are made by the same taps. So a transposed convolution is
``stride`` (on each axis) convolutions with stride 1 and small kernels, whose results are
interleaved; put side by side as channels they are one convolution and a pixel shuffle.
Works for every kernel size, stride, padding, output_padding and dilation.

Source: Shi et al., *Is the deconvolution layer the same as a convolutional layer?*,
arXiv:1609.07009, which has the case where the stride divides the kernel size.
"""

from itertools import product
from math import gcd, prod
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import effective_kernel_size, equivalent_convolution
from convlab.validation import array, integer_tuple, layout, widened
from convlab.views.operators import conv, conv_transpose, number_of_axes, transposed_layer
from convlab.views.zero_insertion import swap_channels

__all__ = [
    "Phase",
    "SubPixelConvolution",
    "conv_transpose_by_pixel_shuffle",
    "conv_transpose_by_polyphase",
    "interleave",
    "phases",
    "sub_pixel_convolution",
]


class Phase(NamedTuple):
    """One of the stride-1 transposed convolutions: where its first output cell lies, kernel, dilation."""

    first_cell: tuple  # in the full output, before any crop; the next ones follow ``stride`` apart
    weight: np.ndarray
    dilation: tuple


def phases(weight, stride, dilation=1):
    """Split a kernel into the small kernels of its phases.

    Without dilation each phase has every ``stride``-th tap. Where ``stride`` and ``dilation`` have a common
    divisor ``G``, it has every ``stride/G``-th, its taps are ``dilation/G`` apart, and only one in ``G`` output
    cells belongs to any phase: the others stay empty, whatever the kernel size.

    Parameters
    ----------
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
    stride, dilation : int or tuple of ints
        As in :func:`convlab.reference.conv_transpose1d`.

    Returns
    -------
    list of Phase
        In the order of their first taps.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is below 1.

    Examples
    --------
    >>> [phase.weight.tolist() for phase in phases(np.array([[[1, 2, 3, 4, 5]]]), stride=2)]
    [[[[1, 3, 5]]], [[[2, 4]]]]
    >>> [phase.first_cell for phase in phases(np.array([[[1, 2, 3]]]), stride=2, dilation=2)]
    [(0,)]
    """
    ndim = number_of_axes(weight)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    common = [gcd(s, d) for s, d in zip(stride, dilation)]
    steps = [s // g for s, g in zip(stride, common)]
    first_taps = product(*(range(min(step, k)) for step, k in zip(steps, weight.shape[2:])))
    return [
        Phase(
            tuple(d * t for d, t in zip(dilation, first)),
            widened(weight)[..., *(slice(t, None, step) for t, step in zip(first, steps))],
            tuple(d // g for d, g in zip(dilation, common)),
        )
        for first in first_taps
    ]


def conv_transpose_by_polyphase(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Transposed convolution as interleaved stride-1 ones; equal to ``conv_transpose1d`` and so on.

    Parameters
    ----------
    input : array
        ``(C_in, *cells)`` or ``(N, C_in, *cells)``, with one to three axes of cells.
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
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

    Examples
    --------
    >>> x, w = np.array([[[1, 2, 3]]]), np.array([[[1, 10, 100, 1000]]])
    >>> conv_transpose_by_polyphase(x, w, stride=2, padding=1)
    array([[[  10,  102, 1020,  203, 2030,  300]]])
    """
    layer = transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation)
    size = [p + o for p, o in zip(layer.padding, layer.output_size)]
    full_size = [s * (i - 1) + effective_kernel_size(k, d) for i, k, s, d in _axes(layer)]
    shape = (len(layer.input), layer.weight.shape[1] * layer.groups, *map(max, size, full_size))
    full = np.zeros(shape, layer.input.dtype)
    for phase in phases(layer.weight, layer.stride, layer.dilation):
        cells = conv_transpose(layer.input, phase.weight, groups=layer.groups, dilation=phase.dilation)
        axes = zip(phase.first_cell, layer.stride, cells.shape[2:])
        full[..., *(slice(first, first + s * (n - 1) + 1, s) for first, s, n in axes)] = cells
    output = full[..., *(slice(p, o) for p, o in zip(layer.padding, size))].copy()
    if layer.bias is not None:
        output += layer.bias.reshape(-1, *(1,) * len(size))
    return output if input.ndim == weight.ndim else output[0]


def _axes(layer):
    return zip(layer.input.shape[2:], layer.weight.shape[2:], layer.stride, layer.dilation)


def interleave(input, stride):
    """Deal channels out over space: a pixel shuffle for any number of axes, and one stride an axis.

    Parameters
    ----------
    input : array
        ``(N, C * prod(stride), *cells)``.
    stride : int or tuple of ints
        How many channels go to each axis.

    Returns
    -------
    array
        ``(N, C, *(stride * cells))``; with two equal strides as :func:`convlab.reference.pixel_shuffle`.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or ``stride`` is below 1.

    Examples
    --------
    >>> interleave(np.array([[[1, 2], [10, 20]]]), stride=2)
    array([[[ 1, 10,  2, 20]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, [("N", "C", "L"), ("N", "C", "H", "W"), ("N", "C", "D", "H", "W")])
    batch, channels, *size = cells.shape
    ndim = len(size)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    if channels % prod(stride):
        raise ValueError(f"input must have a multiple of {prod(stride)} channels for stride={stride}, got {channels}")
    dealt = cells.reshape(batch, channels // prod(stride), *stride, *size)
    pairs = [axis for n in range(ndim) for axis in (2 + ndim + n, 2 + n)]  # each cell axis, then its phase
    output_size = [s * i for s, i in zip(stride, size)]
    return dealt.transpose(0, 1, *pairs).reshape(batch, channels // prod(stride), *output_size)


class SubPixelConvolution(NamedTuple):
    """The ordinary convolution whose interleaved channels are a transposed convolution.

    Convolve with ``weight`` and ``padding`` (stride 1), interleave by the stride, then drop ``crop`` cells at
    the end of each axis. With ``crop`` 0 that is a convolution and PixelShuffle, and nothing else.
    """

    weight: np.ndarray  # (C_out * prod(stride), C_in/groups, *kernel)
    padding: tuple
    crop: tuple


def sub_pixel_convolution(weight, stride, padding=0, output_padding=0, groups=1, dilation=1) -> SubPixelConvolution:
    """The convolution before a pixel shuffle that equals a transposed convolution.

    ``pixel_shuffle(conv2d(x, W, padding=P), s)`` with the ``W`` and ``P`` returned is ``conv_transpose2d(x, weight,
    stride=s, ...)``, cropped where the output size is no multiple of the stride. A bias is repeated
    ``prod(stride)`` times for each channel. (A pixel shuffle wants the same stride on both axes; see
    :func:`interleave` for others and for 1-D.)

    Parameters
    ----------
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
    stride, padding, output_padding, groups, dilation
        Of the transposed convolution.

    Returns
    -------
    SubPixelConvolution
        Its weight holds every tap once, and zeros where a phase has no tap or ``padding`` must be made equal
        on both sides.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is out of range.

    Notes
    -----
    Output cell ``s q + r`` gets input cell ``q - n`` by tap ``t``, where ``dilation * t - padding = s n + r``.

    Examples
    --------
    >>> sub_pixel_convolution(np.array([[[1, 10, 100, 1000]]]), stride=2, padding=1)
    SubPixelConvolution(weight=array([[[1000,   10,    0]],
    <BLANKLINE>
           [[   0,  100,    1]]]), padding=(1,), crop=(0,))
    """
    ndim = number_of_axes(weight)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    padding = integer_tuple("padding", padding, ndim, minimum=0)
    output_padding = integer_tuple("output_padding", output_padding, ndim, minimum=0)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    swapped = swap_channels(weight, groups)
    out_channels, group_channels, *kernel_size = swapped.shape
    axes = zip(kernel_size, stride, padding, output_padding, dilation)
    new_size, new_padding, crop = zip(*(_sub_pixel_axis(*axis) for axis in axes))

    taps = np.zeros((out_channels, *stride, group_channels, *new_size), swapped.dtype)
    for tap in np.ndindex(*kernel_size):
        landing = [divmod(d * t - p, s) for t, s, p, d in zip(tap, stride, padding, dilation)]
        n, r = zip(*landing)
        taps[:, *r, :, *(p - before for p, before in zip(new_padding, n))] = swapped[..., *tap]
    new_weight = taps.reshape(out_channels * prod(stride), group_channels, *new_size)
    return SubPixelConvolution(new_weight, new_padding, crop)


def _sub_pixel_axis(kernel_size, stride, padding, output_padding, dilation):
    """Kernel size, padding and crop of the convolution, on one axis."""
    equivalent_convolution(kernel_size, stride, padding, output_padding, dilation)  # refuses a bad output_padding
    span = effective_kernel_size(kernel_size, dilation)
    # The output has stride * i + beyond cells, rounded up to whole groups of ``stride``.
    beyond = span - stride - 2 * padding + output_padding
    crop = -beyond % stride
    grown = (beyond + crop) // stride
    before, after = (span - 1 - padding) // stride, -(-padding // stride)  # furthest input cells that a tap asks for
    new_padding = max(before, grown + after, 0)
    return 2 * new_padding + 1 - grown, new_padding, crop


def conv_transpose_by_pixel_shuffle(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Transposed convolution as one convolution and a pixel shuffle; equal to ``conv_transpose1d`` and so on.

    Parameters, Returns and Raises are those of :func:`conv_transpose_by_polyphase`.

    Examples
    --------
    >>> x, w = np.array([[[1, 2, 3]]]), np.array([[[1, 10, 100]]])
    >>> conv_transpose_by_pixel_shuffle(x, w, stride=2, padding=1, output_padding=1)
    array([[[ 10, 102,  20, 203,  30, 300]]])
    """
    layer = transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation)
    options = (layer.stride, layer.padding, layer.output_padding, layer.groups, layer.dilation)
    direct = sub_pixel_convolution(layer.weight, *options)
    bias = None if bias is None else np.repeat(layer.bias, prod(layer.stride))
    channels = conv(layer.input, direct.weight, bias, padding=direct.padding, groups=layer.groups)
    output = interleave(channels, layer.stride)[..., *(slice(o) for o in layer.output_size)]
    return output if input.ndim == weight.ndim else output[0]
