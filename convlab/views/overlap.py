"""Where the stamps of a transposed convolution overlap, and when that shows: checkerboards.

Counting stamps is the popular explanation (Odena et al., *Deconvolution and checkerboard
artifacts*, distill.pub 2016). Counts show what happens on average over random kernels;
whether *this* kernel makes a pattern is decided by its polyphase sums.

``weight`` is ``(C_in, C_out/groups, *kernel)``; options are those of :func:`convlab.reference.conv_transpose1d`,
one int for every axis or one for each. Wrong kinds raise ``TypeError``, wrong values ``ValueError``.
"""

from functools import reduce

import numpy as np

from convlab.reference import conv_transpose1d
from convlab.reference.layer_arguments import number_of_axes
from convlab.typing import Array, Ints
from convlab.validation import per_axis, widened

__all__ = ["is_checkerboard_free", "overlap_counts", "polyphase_sums"]


def overlap_counts(
    input_size: Ints,
    kernel_size: Ints,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
) -> Array:
    """How many taps land on each output cell: the transposed convolution of ones by ones.

    ``input_size`` is an int for one axis, a tuple for as many as it has; so many axes has the result. In 2-D it is
    the product of the two axes' counts. It is also how often a strided convolution reads each input cell: the
    gradient of its sum with a kernel of ones. So downsampling makes the same pattern in the gradients.

    >>> overlap_counts(4, kernel_size=3, stride=2)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap_counts((2, 2), kernel_size=3, stride=2)[:3]
    array([[1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1],
           [2, 2, 4, 2, 2]])
    """
    ndim = len(input_size) if isinstance(input_size, (tuple, list)) else 1
    numbers = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "padding": padding}
    axes = []
    for i, k, s, p, op, d in zip(*per_axis(ndim, **numbers, output_padding=output_padding, dilation=dilation)):
        inputs, kernel = np.ones((1, i), dtype=int), np.ones((1, 1, k), dtype=int)
        axes.append(conv_transpose1d(inputs, kernel, None, s, p, op, 1, d)[0])
    return reduce(np.multiply.outer, axes)


def polyphase_sums(weight: Array, stride: Ints, dilation: Ints = 1) -> Array:
    """Sum of the taps that can meet in one output cell, for each phase: ``(C_in, C_out/groups, *stride)``.

    Phase ``r`` is made by the taps ``t`` with ``dilation * t mod stride = r``, in each axis; without taps its sum is 0.

    >>> polyphase_sums(np.array([[[1, 10, 100]]]), stride=2)
    array([[[101,  10]]])
    """
    ndim = number_of_axes(weight)
    stride, dilation = per_axis(ndim, stride=stride, dilation=dilation)
    taps = widened(weight)
    sums = np.zeros((*taps.shape[:2], *stride), taps.dtype)
    for tap in np.ndindex(*taps.shape[2:]):
        phase = (d * t % s for t, s, d in zip(tap, stride, dilation))
        sums[:, :, *phase] += taps[..., *tap]
    return sums


def is_checkerboard_free(weight: Array, stride: Ints, dilation: Ints = 1, *, tolerance: float = 0) -> bool:
    """Whether a transposed convolution turns constant channels into channels with a constant interior.

    Exactly so if all polyphase sums are equal, for every pair of input and output channel. That ``stride``
    divides the kernel size is neither necessary ([1, 2, 1] with stride 2) nor sufficient ([1, 3] with stride 2).
    The border, where stamps are missing, is not judged. ``tolerance`` is the largest difference that still counts
    as equal: for trained weights, whose sums are never exactly equal.

    >>> is_checkerboard_free(np.array([[[0.5, 1.0, 0.5]]]), stride=2)
    True
    >>> is_checkerboard_free(np.array([[[1, 3]]]), stride=2)
    False
    """
    if isinstance(tolerance, (bool, str)) or not hasattr(tolerance, "__float__"):
        raise TypeError(f"tolerance must be a number, got {tolerance!r}")
    if not 0 <= tolerance < np.inf:
        raise ValueError(f"tolerance must be at least 0 and finite, got {tolerance}")
    sums = polyphase_sums(weight, stride, dilation)
    phase_axes = tuple(range(2, sums.ndim))
    return bool(np.all(np.ptp(sums, axis=phase_axes) <= tolerance))
