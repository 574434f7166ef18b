"""Convolution as a (Toeplitz) matrix, and transposed convolution as that matrix transposed.

With ``vec(x) = x.reshape(-1)`` for one sample ``x`` of shape ``(C, *cells)``,

* ``vec(conv(x)) = W @ vec(x)``,
* ``vec(conv_transpose(y)) = W.T @ vec(y)``.

Both have the same entries: tap ``t`` joins cell ``m`` of the small side to cell
``stride * m + dilation * t - padding`` of the large side. Read from large to small
that is a convolution, from small to large a transposed one.

``input_size`` has the cells of the input on each axis, without batch and channels (one int stands for every axis);
options are those of :func:`convlab.reference.conv1d` and :func:`~convlab.reference.conv_transpose1d`, padding in
numbers. Rows of a matrix count the output ``(C_out, *out)``, columns the input ``(C_in, *input_size)``, last axis
fastest. Wrong kinds raise ``TypeError``, wrong shapes and values ``ValueError``.

Source: arXiv:1603.07285, section "Convolution as a matrix operation".
"""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from convlab.arithmetic import conv_output_size
from convlab.reference.layer_arguments import number_of_axes
from convlab.typing import Array, Ints
from convlab.validation import boolean, integer, integer_tuple, per_axis, widened

__all__ = ["MatrixEntries", "conv_entries", "conv_matrix"]

MAX_DENSE = 2**24  # entries of a dense matrix: 128 MiB


class MatrixEntries(NamedTuple):
    """Where the taps stand in the matrix; no two on the same place.

    ``matrix[rows[n], columns[n]]`` is ``weight.reshape(-1)[taps[n]]``, and
    ``np.unravel_index(taps[n], weight.shape)`` names the tap with its channels.
    """

    rows: Array
    columns: Array
    taps: Array
    shape: tuple


def _joined(small_size, large_size, kernel_size, stride, padding, dilation):
    """One axis: every (small cell, large cell, tap) that belong together, as three arrays."""
    small, tap = np.indices((small_size, kernel_size)).reshape(2, -1)
    large = stride * small + dilation * tap - padding
    inside = (0 <= large) & (large < large_size)
    return small[inside], large[inside], tap[inside]


def conv_entries(
    input_size: Ints,
    weight_size: Sequence[int],
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> MatrixEntries:
    """Which tap stands where in the matrix of a convolution with a weight ``(C_out, C_in/groups, *kernel)``.

    A tap that falls on padding has no entry.

    >>> entries = conv_entries(4, (1, 1, 3), stride=2, padding=1)
    >>> list(zip(entries.rows.tolist(), entries.columns.tolist(), entries.taps.tolist()))
    [(0, 0, 1), (0, 1, 2), (1, 1, 0), (1, 2, 1), (1, 3, 2)]
    """
    if not isinstance(weight_size, (tuple, list)) or not 3 <= len(weight_size) <= 5:
        raise ValueError(f"weight_size must be a shape of 3 to 5 entries, two of them channels, got {weight_size!r}")
    ndim = len(weight_size) - 2
    small_channels, group_channels, *kernel_size = integer_tuple("weight_size", weight_size, ndim + 2, minimum=1)
    groups = integer("groups", groups, minimum=1)
    if small_channels % groups:
        raise ValueError(f"groups must divide the first entry of weight_size={tuple(weight_size)}, got groups={groups}")
    numbers = per_axis(ndim, input_size=input_size, stride=stride, padding=padding, dilation=dilation)
    large_size, stride, padding, dilation = numbers
    small_size = [conv_output_size(*axis) for axis in zip(large_size, kernel_size, stride, padding, dilation)]

    # Channels are the first axis: a small channel meets the large channels of its group.
    small, other = np.indices((small_channels, group_channels)).reshape(2, -1)
    large = small // (small_channels // groups) * group_channels + other
    tap = small * group_channels + other
    for n, k in enumerate(kernel_size):
        cells = _joined(small_size[n], large_size[n], k, stride[n], padding[n], dilation[n])
        small, large, tap = (
            (flat[:, None] * size + cell).reshape(-1)
            for flat, size, cell in zip((small, large, tap), (small_size[n], large_size[n], k), cells)
        )
    shape = (small_channels * prod(small_size), groups * group_channels * prod(large_size))
    return MatrixEntries(small, large, tap, shape)


def conv_matrix(
    input_size: Ints,
    weight: Array,
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
    *,
    sparse: bool = False,
) -> Any:
    """The matrix ``W`` of a convolution: ``W @ x.reshape(-1)`` is ``conv(x).reshape(-1)`` for one sample.

    It is ``(C_out * out cells, C_in * input cells)`` for a weight ``(C_out, C_in/groups, *kernel)``; integers give
    int64. ``sparse`` returns a ``scipy.sparse.csr_array``, for sizes larger than a page: every tap is stored, also a
    tap 0; that needs SciPy. More than 2^24 entries are refused when dense.

    ``W.T`` is the transposed convolution wherever ``output_padding < stride``. A row has the kernel in its own order:
    it is the transposed *matrix*, not a transposed kernel, that gives the name.

    >>> conv_matrix(4, np.array([[[1, 2, 3]]]))
    array([[1, 2, 3, 0],
           [0, 1, 2, 3]])
    >>> conv_matrix((3, 3), np.array([[[[1, 2], [3, 4]]]]))
    array([[1, 2, 0, 3, 4, 0, 0, 0, 0],
           [0, 1, 2, 0, 3, 4, 0, 0, 0],
           [0, 0, 0, 1, 2, 0, 3, 4, 0],
           [0, 0, 0, 0, 1, 2, 0, 3, 4]])
    """
    number_of_axes(weight)
    rows, columns, taps, shape = conv_entries(input_size, weight.shape, stride, padding, dilation, groups)
    if not boolean("sparse", sparse) and prod(shape) > MAX_DENSE:
        raise ValueError(
            f"sparse must be True for a matrix of {shape} entries: more than {MAX_DENSE} are refused when dense"
        )
    values = widened(weight).reshape(-1)[taps]
    if sparse:
        from scipy.sparse import coo_array  # only here, so that convlab does not need SciPy

        return coo_array((values, (rows, columns)), shape=shape).tocsr()
    matrix = np.zeros(shape, values.dtype)
    matrix[rows, columns] = values
    return matrix
