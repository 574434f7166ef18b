"""The reference convolutions for any number of axes: the weight's shape says how many.

The views are written once for 1-D, 2-D and 3-D; ``conv`` and ``conv_transpose`` pick
the operator of :mod:`convlab.reference` for them, and ``transposed_layer`` checks the
arguments of a transposed convolution as that operator does.
"""

from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_transpose_output_size
from convlab.reference import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d
from convlab.reference.convolution import checked_layer
from convlab.validation import array, integer_tuple

__all__ = ["TransposedLayer", "conv", "conv_transpose", "number_of_axes", "transposed_layer"]

CONV = {1: conv1d, 2: conv2d, 3: conv3d}
CONV_TRANSPOSE = {1: conv_transpose1d, 2: conv_transpose2d, 3: conv_transpose3d}


def number_of_axes(weight):
    """How many axes a kernel has: those of ``weight`` after its two channel axes.

    Raises
    ------
    TypeError
        If ``weight`` is not an array.
    ValueError
        If it has not 3, 4 or 5 axes.

    Examples
    --------
    >>> number_of_axes(np.zeros((1, 1, 3, 3)))
    2
    """
    ndim = array("weight", weight).ndim - 2
    if ndim not in CONV:
        raise ValueError(f"weight must have two channel axes and 1 to 3 kernel axes, got shape {weight.shape}")
    return ndim


def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """:func:`convlab.reference.conv1d`, ``conv2d`` or ``conv3d``, by the number of axes of ``weight``.

    Raises
    ------
    TypeError, ValueError
        As those.

    Examples
    --------
    >>> conv(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]]))
    array([[[321, 432]]])
    """
    return CONV[number_of_axes(weight)](input, weight, bias, stride, padding, dilation, groups)


def conv_transpose(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """:func:`convlab.reference.conv_transpose1d`, ``2d`` or ``3d``, by the number of axes of ``weight``.

    Raises
    ------
    TypeError, ValueError
        As those.

    Examples
    --------
    >>> conv_transpose(np.array([[[2, 3]]]), np.array([[[1, 2, 3]]]), stride=2)
    array([[[2, 4, 9, 6, 9]]])
    """
    operator = CONV_TRANSPOSE[number_of_axes(weight)]
    return operator(input, weight, bias, stride, padding, output_padding, groups, dilation)


class TransposedLayer(NamedTuple):
    """The checked arguments of a transposed convolution: arrays widened, one number for each axis."""

    input: np.ndarray  # (N, C_in, *cells), also where the caller gave no batch
    weight: np.ndarray  # (C_in, C_out/groups, *kernel)
    bias: np.ndarray | None
    stride: tuple
    padding: tuple
    output_padding: tuple
    groups: int
    dilation: tuple
    output_size: tuple


def transposed_layer(input, weight, bias, stride, padding, output_padding, groups, dilation) -> TransposedLayer:
    """Check the arguments of a transposed convolution and return them in one form.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.reference.conv_transpose1d`.

    Examples
    --------
    >>> layer = transposed_layer(np.array([[2, 3]]), np.array([[[1, 2, 3]]]), None, 2, 0, 1, 1, 1)
    >>> layer.input.shape, layer.stride, layer.output_size
    ((1, 1, 2), (2,), (6,))
    """
    ndim = number_of_axes(weight)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    padding = integer_tuple("padding", padding, ndim, minimum=0)
    output_padding = integer_tuple("output_padding", output_padding, ndim, minimum=0)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    x, w, b, groups = checked_layer(input, weight, bias, groups, ndim, transposed=True)
    axes = zip(x.shape[2:], w.shape[2:], stride, padding, output_padding, dilation)
    output_size = tuple(conv_transpose_output_size(*axis) for axis in axes)
    bias = None if bias is None else b
    return TransposedLayer(x, w, bias, stride, padding, output_padding, groups, dilation, output_size)
