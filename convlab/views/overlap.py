"""Where the stamps of a transposed convolution overlap, and when that shows: checkerboards.

Counting stamps is the popular explanation (Odena et al., *Deconvolution and checkerboard
artifacts*, distill.pub 2016). Counts show what happens on average over random kernels;
whether *this* kernel makes a pattern is decided by its polyphase sums.
"""

from functools import reduce

import numpy as np

from convlab.reference import conv_transpose1d
from convlab.validation import integer_tuple, widened
from convlab.views.operators import number_of_axes

__all__ = ["is_checkerboard_free", "overlap_counts", "polyphase_sums"]


def overlap_counts(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """How many taps land on each output cell: the transposed convolution of ones by ones.

    Parameters
    ----------
    input_size : int or tuple of ints
        Cells of the input on each axis; an int for one axis, a tuple for as many as it has.
    kernel_size, stride, padding, output_padding, dilation : int or tuple of ints
        As in :func:`convlab.reference.conv_transpose1d`; one int stands for every axis.

    Returns
    -------
    array
        One axis for each entry of ``input_size``. In 2-D it is the product of the two axes' counts.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a number is out of range, or nothing is left after the crop.

    Notes
    -----
    It is also how often a strided convolution reads each input cell: the gradient of its sum with a kernel of
    ones. So downsampling makes the same pattern in the gradients.

    Examples
    --------
    >>> overlap_counts(4, kernel_size=3, stride=2)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap_counts((2, 2), kernel_size=3, stride=2)
    array([[1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1],
           [2, 2, 4, 2, 2],
           [1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1]])
    """
    ndim = len(input_size) if isinstance(input_size, (tuple, list)) else 1
    input_size = integer_tuple("input_size", input_size, ndim, minimum=1)
    options = [("kernel_size", kernel_size, 1), ("stride", stride, 1), ("padding", padding, 0)]
    options += [("output_padding", output_padding, 0), ("dilation", dilation, 1)]
    options = [integer_tuple(name, value, ndim, minimum) for name, value, minimum in options]
    axes = []
    for i, k, s, p, op, d in zip(input_size, *options):
        inputs, kernel = np.ones((1, i), dtype=int), np.ones((1, 1, k), dtype=int)
        axes.append(conv_transpose1d(inputs, kernel, None, s, p, op, 1, d)[0])
    return reduce(np.multiply.outer, axes)


def polyphase_sums(weight, stride, dilation=1):
    """Sum of the taps that can meet in one output cell, for each phase of the output.

    Phase ``r`` is made by the taps ``t`` with ``dilation * t mod stride = r``, in each axis.

    Parameters
    ----------
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
    stride, dilation : int or tuple of ints
        As in :func:`convlab.reference.conv_transpose1d`.

    Returns
    -------
    array
        ``(C_in, C_out/groups, *stride)``. A phase without taps has sum 0.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is below 1.

    Examples
    --------
    >>> polyphase_sums(np.array([[[1, 10, 100]]]), stride=2)
    array([[[101,  10]]])
    """
    ndim = number_of_axes(weight)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    taps = widened(weight)
    sums = np.zeros((*taps.shape[:2], *stride), taps.dtype)
    for tap in np.ndindex(*taps.shape[2:]):
        phase = (d * t % s for t, s, d in zip(tap, stride, dilation))
        sums[:, :, *phase] += taps[..., *tap]
    return sums


def is_checkerboard_free(weight, stride, dilation=1, *, tolerance=0):
    """Whether a transposed convolution turns constant channels into channels with a constant interior.

    Exactly so if all polyphase sums are equal, for every pair of input and output channel. That ``stride``
    divides the kernel size is neither necessary ([1, 2, 1] with stride 2) nor sufficient ([1, 3] with stride 2).

    Parameters
    ----------
    weight, stride, dilation
        As in :func:`polyphase_sums`.
    tolerance : float
        Largest difference that still counts as equal: for trained weights, whose sums are never exactly equal.

    Returns
    -------
    bool
        The border, where stamps are missing, is not judged.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or a number is out of range.

    Examples
    --------
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
