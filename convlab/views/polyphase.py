"""Transposed convolution without zeros and without overlaps: one convolution and a pixel shuffle.

Output cells ``stride`` apart are made by the same taps, a phase of the kernel. So a transposed convolution is
``stride`` (on each axis) convolutions with stride 1 and small kernels, put side by side as channels and then
interleaved. Works for every kernel size, stride, padding, output_padding and dilation.

``weight`` is ``(C_in, C_out/groups, *kernel)`` with one to three kernel axes; options are those of
:func:`convlab.reference.conv_transpose1d`. Wrong kinds raise ``TypeError``, wrong shapes and values ``ValueError``.

Source: Shi et al., *Is the deconvolution layer the same as a convolutional layer?*,
arXiv:1609.07009, which has the case where the stride divides the kernel size.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import effective_kernel_size, equivalent_convolution
from convlab.reference import conv
from convlab.reference.conv_nd import cropped
from convlab.reference.layer_arguments import number_of_axes, transposed_layer
from convlab.typing import Array, Ints
from convlab.validation import SAMPLES, array, integer_tuple, layout, per_axis, widened
from convlab.views.zero_insertion import swap_channels

__all__ = ["SubPixelConvolution", "conv_transpose_by_pixel_shuffle", "interleave", "sub_pixel_convolution"]


def interleave(input: Array, stride: Ints) -> Array:
    """Deal channels out over space: a pixel shuffle for any number of axes, and one stride an axis.

    ``(N, C * prod(stride), *cells)`` gives ``(N, C, *(stride * cells))``; with two equal strides as
    :func:`convlab.reference.pixel_shuffle`.

    >>> interleave(np.array([[[1, 2], [10, 20]]]), stride=2)
    array([[[ 1, 10,  2, 20]]])
    """
    cells = widened(array("input", input))
    layout("input", cells, SAMPLES)
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

    weight: Array  # (C_out * prod(stride), C_in/groups, *kernel)
    padding: tuple
    crop: tuple


def sub_pixel_convolution(
    weight: Array, stride: Ints, padding: Ints = 0, output_padding: Ints = 0, groups: int = 1, dilation: Ints = 1
) -> SubPixelConvolution:
    """The convolution before a pixel shuffle that equals a transposed convolution.

    ``pixel_shuffle(conv2d(x, W, padding=P), s)`` with the ``W`` and ``P`` returned is ``conv_transpose2d(x, weight,
    stride=s, ...)``, cropped where the output size is no multiple of the stride. A bias is repeated
    ``prod(stride)`` times for each channel. (A pixel shuffle wants the same stride on both axes; see
    :func:`interleave` for others and for 1-D.)

    ``W`` holds every tap once, and zeros where a phase has no tap or ``padding`` must be made equal on both sides.
    Output cell ``s q + r`` gets input cell ``q - n`` by tap ``t``, where ``dilation * t - padding = s n + r``.

    >>> sub_pixel_convolution(np.array([[[1, 10, 100, 1000]]]), stride=2, padding=1)
    SubPixelConvolution(weight=array([[[1000,   10,    0]],
    <BLANKLINE>
           [[   0,  100,    1]]]), padding=(1,), crop=(0,))
    """
    ndim = number_of_axes(weight)
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    stride, padding, output_padding, dilation = per_axis(ndim, **options)
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
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Array:
    """Transposed convolution as one convolution and a pixel shuffle; equal to ``conv_transpose1d`` and so on.

    ``(C_in, *cells)`` or ``(N, C_in, *cells)`` gives ``(C_out, *out)`` or ``(N, C_out, *out)``.

    >>> x, w = np.array([[[1, 2, 3]]]), np.array([[[1, 10, 100]]])
    >>> conv_transpose_by_pixel_shuffle(x, w, stride=2, padding=1, output_padding=1)
    array([[[ 10, 102,  20, 203,  30, 300]]])
    """
    layer = transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation)
    begin = tuple(begin for begin, _ in layer.padding)
    options = (layer.stride, begin, layer.output_padding, layer.groups, layer.dilation)
    direct = sub_pixel_convolution(layer.weight, *options)
    bias = None if layer.bias is None else np.repeat(layer.bias, prod(layer.stride))
    channels = conv(layer.input, direct.weight, bias, padding=direct.padding, groups=layer.groups)
    output = cropped(interleave(channels, layer.stride), (0,) * len(layer.stride), layer.output_size)
    return output if layer.batched else output[0]
