"""Operators that the catalogue and the placement test ask about, derived from :mod:`convlab.reference` and the views.

SAME padding, sizes there and back, receptive fields, and so on.
"""

from collections.abc import Sequence

import numpy as np

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, same_padding
from convlab.frameworks import conv_transpose as framework_conv_transpose
from convlab.reference import conv, max_pool2d
from convlab.typing import Array, Ints, Pads
from convlab.validation import array, integer, integer_tuple
from convlab.views import Conv, coverage, flip, holes, is_checkerboard_free, receptive_fields

__all__ = [
    "cells_read",
    "conv1d_same",
    "conv2d_same",
    "conv_same_output_size",
    "conv_transpose_same_output_size",
    "conv_transpose_weight_shape",
    "interior_is_constant",
    "keras_conv_transpose_same",
    "kernels_without_checkerboard",
    "max_pool2d_indices",
    "pad",
    "reads_all",
    "receptive_field",
    "round_trip_size",
    "sliding_kernel",
]


def _conv_same(input, weight, stride, dilation):
    ndim = weight.ndim - 2
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    axes = zip(input.shape[-ndim:], weight.shape[2:], stride, dilation)
    pads = [same_padding(k, d, stride=s, input_size=i) for i, k, s, d in axes]
    padded = np.pad(input, [(0, 0)] * (input.ndim - ndim) + pads)
    return conv(padded, weight, stride=stride, dilation=dilation)


def conv1d_same(input: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1) -> Array:
    """Convolution with TensorFlow's SAME padding, which allows a stride; shapes as ``conv1d``.

    Examples
    --------
    >>> conv1d_same(np.arange(1, 7).reshape(1, 1, 6), np.array([[[1, 10, 100]]]), stride=2)
    array([[[321, 543,  65]]])
    """
    return _conv_same(array("input", input), array("weight", weight), stride, dilation)


def conv2d_same(input: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1) -> Array:
    """The same in 2-D; shapes as ``conv2d``.

    Examples
    --------
    >>> conv2d_same(np.ones((1, 1, 5, 6)), np.ones((1, 1, 3, 3)), stride=2).shape
    (1, 1, 3, 3)
    """
    return _conv_same(array("input", input), array("weight", weight), stride, dilation)


def conv_same_output_size(input_size: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> int:
    """Output size of a convolution with TensorFlow's SAME padding: ``ceil(i / s)``.

    Examples
    --------
    >>> conv_same_output_size(5, 3, stride=2)
    3
    """
    pads = same_padding(kernel_size, dilation, stride=stride, input_size=input_size)
    return conv_output_size(input_size, kernel_size, stride, pads, dilation)


def conv_transpose_same_output_size(input_size: int, stride: int = 1) -> int:
    """Output size of a transposed convolution with ``padding="same"`` in Keras: ``s * i``.

    Examples
    --------
    >>> conv_transpose_same_output_size(5, stride=2)
    10
    """
    return integer("stride", stride, minimum=1) * integer("input_size", input_size, minimum=1)


def round_trip_size(
    input_size: int, kernel_size: int, stride: int = 1, padding: Pads = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Size after a convolution and then the transposed convolution with the same numbers.

    Examples
    --------
    >>> [round_trip_size(i, 3, stride=2, padding=1) for i in (23, 24)]
    [23, 23]
    """
    middle = conv_output_size(input_size, kernel_size, stride, padding, dilation)
    return conv_transpose_output_size(middle, kernel_size, stride, padding, output_padding, dilation)


def conv_transpose_weight_shape(
    in_channels: int, out_channels: int, kernel_size: Ints, groups: int = 1
) -> tuple[int, ...]:
    """Shape of the weight of ``torch.nn.ConvTranspose2d``: ``(C_in, C_out/groups, kH, kW)``.

    Examples
    --------
    >>> conv_transpose_weight_shape(8, 4, 3, groups=2)
    (8, 2, 3, 3)
    """
    groups = integer("groups", groups, minimum=1)
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if integer(name, channels, minimum=1) % groups:
            raise ValueError(f"{name} must be a multiple of groups={groups}, got {channels}")
    return (in_channels, out_channels // groups, *integer_tuple("kernel_size", kernel_size, 2, minimum=1))


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> int:
    """Input cells from the first to the last that one output cell depends on.

    ``layers`` are ``(kernel_size, stride, dilation)``, first layer first.

    Examples
    --------
    >>> receptive_field([(3, 2, 1), (3, 1, 1)])
    7
    """
    stack = [Conv(kernel_size, stride, 0, dilation) for kernel_size, stride, dilation in layers]
    return receptive_fields(stack)[-1].size


def cells_read(rates: Sequence[int], kernel_size: int = 3) -> int:
    """How many cells of a row a stack of stride-1 layers with these dilation rates reads.

    Examples
    --------
    >>> cells_read([2, 2, 2])
    7
    """
    return len(coverage(rates, kernel_size))


def reads_all(rates: Sequence[int], kernel_size: int = 3) -> bool:
    """Whether such a stack reads its receptive field without holes.

    Examples
    --------
    >>> reads_all([1, 2, 5]), reads_all([2, 2, 2])
    (True, False)
    """
    return not holes(rates, kernel_size)


def interior_is_constant(weight: Array, stride: int) -> bool:
    """Whether a 1-D transposed convolution turns a constant into a constant, away from the border.

    Examples
    --------
    >>> interior_is_constant(np.array([1, 3]), 2), interior_is_constant(np.array([0.5, 1, 0.5]), 2)
    (False, True)
    """
    kernel = array("weight", weight).reshape(1, 1, -1)
    return bool(is_checkerboard_free(kernel, stride, tolerance=1e-9 * float(np.abs(kernel).max())))


def max_pool2d_indices(
    input: Array, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1
) -> Array:
    """The indices that ``max_pool2d`` returns with the maxima: flat positions in the input plane.

    Examples
    --------
    >>> max_pool2d_indices(np.array([[[1, 2], [4, 3]]]), 2)
    array([[[2]]])
    """
    return max_pool2d(input, kernel_size, stride, padding, dilation, return_indices=True)[1]


def pad(input: Array, pad: Sequence[int], value: float = 0) -> Array:
    """``torch.nn.functional.pad`` with a constant: the LAST axis comes first in ``pad``.

    Examples
    --------
    >>> pad(np.zeros((2, 2)), (1, 2, 3, 4)).shape
    (9, 5)
    """
    image = array("input", input)
    if len(pad) % 2 or len(pad) > 2 * image.ndim:
        raise ValueError(f"pad must hold a begin and an end for some of the {image.ndim} axes, got {tuple(pad)}")
    pairs = [tuple(integer("pad", p, minimum=0) for p in pad[n : n + 2]) for n in range(0, len(pad), 2)]
    return np.pad(image, [(0, 0)] * (image.ndim - len(pairs)) + pairs[::-1], constant_values=value)


def sliding_kernel(kernel: list[list[int]]) -> Array:
    """What slides in the last of the four steps of a transposed convolution, for the kernel ``(kH, kW)`` of a layer.

    Examples
    --------
    >>> sliding_kernel([[1, 2], [3, 4]]).tolist()
    [[4, 3], [2, 1]]
    """
    return flip(np.array([[kernel]]))[0, 0]


def keras_conv_transpose_same(x: list[int], w: list[int], stride: int) -> Array:
    """What Keras' transposed convolution with ``padding="same"`` gives for one row of one channel.

    Examples
    --------
    >>> keras_conv_transpose_same([2, 3], [1, 10, 100], 2).tolist()
    [2, 20, 203, 30]
    """
    row, kernel = np.array(x)[None, :, None], np.array(w)[:, None, None]
    return framework_conv_transpose("keras", row, kernel, stride, padding="same")[0, :, 0]


def kernels_without_checkerboard(kernels: dict[str, list[int]], stride: int) -> set[str]:
    """The names of those kernels for which :func:`interior_is_constant`.

    Examples
    --------
    >>> kernels_without_checkerboard({"A": [1, 3], "B": [1, 2, 1]}, 2)
    {'B'}
    """
    return {name for name, kernel in kernels.items() if is_checkerboard_free(np.array([[kernel]]), stride)}
