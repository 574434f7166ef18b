"""Convolution as a matrix, and transposed convolution as that matrix transposed.

With ``vec(x) = x.reshape(-1)`` for one sample ``x`` of shape ``(C, *cells)``,

* ``vec(conv(x)) = W @ vec(x)``,
* ``vec(conv_transpose(y)) = W.T @ vec(y)``.

Both have the same entries: tap ``t`` joins cell ``m`` of the small side to cell
``stride * m + dilation * t - padding`` of the large side. Read from large to small
that is a convolution, from small to large a transposed one.

Source: arXiv:1603.07285, section "Convolution as a matrix operation".
"""

from math import prod
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array

from convlab.arithmetic import conv_output_size, conv_transpose_output_size
from convlab.validation import boolean, integer, integer_tuple, widened
from convlab.views.operators import number_of_axes

__all__ = [
    "MatrixCell",
    "MatrixEntries",
    "conv_entries",
    "conv_matrix",
    "conv_transpose_entries",
    "conv_transpose_matrix",
    "matrix_cell",
]

MAX_DENSE = 2**24  # entries of a dense matrix: 128 MiB


class MatrixEntries(NamedTuple):
    """Where the taps stand in the matrix; no two on the same place.

    ``matrix[rows[n], columns[n]]`` is ``weight.reshape(-1)[taps[n]]``, and
    ``np.unravel_index(taps[n], weight.shape)`` names the tap with its channels.
    """

    rows: np.ndarray
    columns: np.ndarray
    taps: np.ndarray
    shape: tuple


class MatrixCell(NamedTuple):
    """What one place of a convolution matrix stands for.

    ``output_cell`` is ``(c_out, *cell)``, ``input_cell`` is ``(c_in, *cell)``, and ``tap`` the index
    into ``weight`` of the number there, or None where the matrix is 0 because no tap joins the two.
    """

    output_cell: tuple
    input_cell: tuple
    tap: tuple | None


def _joined(small_size, large_size, kernel_size, stride, padding, dilation):
    """One axis: every (small cell, large cell, tap) that belong together, as three arrays."""
    small, tap = np.indices((small_size, kernel_size)).reshape(2, -1)
    large = stride * small + dilation * tap - padding
    inside = (0 <= large) & (large < large_size)
    return small[inside], large[inside], tap[inside]


class _Layer(NamedTuple):
    weight_size: tuple
    small_size: tuple
    large_size: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    groups: int

    def lengths(self):
        """Length of ``vec`` of the small side and of the large one."""
        small_channels, group_channels = self.weight_size[:2]
        return small_channels * prod(self.small_size), self.groups * group_channels * prod(self.large_size)

    def entries(self):
        """Flat (small, large, tap) indices over channels and all axes."""
        small_channels, group_channels, *kernel_size = self.weight_size
        # Channels are the first axis: a small channel meets the large channels of its group.
        small, other = np.indices((small_channels, group_channels)).reshape(2, -1)
        large = small // (small_channels // self.groups) * group_channels + other
        tap = small * group_channels + other
        axes = zip(self.small_size, self.large_size, kernel_size, self.stride, self.padding, self.dilation)
        for small_size, large_size, k, s, p, d in axes:
            cells = _joined(small_size, large_size, k, s, p, d)
            small, large, tap = (
                (flat[:, None] * size + cell).reshape(-1)
                for flat, size, cell in zip((small, large, tap), (small_size, large_size, k), cells)
            )
        return small, large, tap


def _layer(input_size, weight_size, stride, padding, dilation, groups, output_padding=0, transposed=False):
    """Check the arguments of a convolution or a transposed one."""
    if not isinstance(weight_size, (tuple, list)) or not 3 <= len(weight_size) <= 5:
        raise ValueError(f"weight_size must be a shape of 3 to 5 entries, two of them channels, got {weight_size!r}")
    ndim = len(weight_size) - 2
    weight_size = integer_tuple("weight_size", weight_size, ndim + 2, minimum=1)
    groups = integer("groups", groups, minimum=1)
    if weight_size[0] % groups:
        raise ValueError(f"groups must divide the first entry of weight_size={weight_size}, got groups={groups}")
    input_size = integer_tuple("input_size", input_size, ndim, minimum=1)
    stride = integer_tuple("stride", stride, ndim, minimum=1)
    padding = integer_tuple("padding", padding, ndim, minimum=0)
    dilation = integer_tuple("dilation", dilation, ndim, minimum=1)
    kernel_size = weight_size[2:]
    if not transposed:
        small = [conv_output_size(*axis) for axis in zip(input_size, kernel_size, stride, padding, dilation)]
        return _Layer(weight_size, tuple(small), input_size, stride, padding, dilation, groups)
    output_padding = integer_tuple("output_padding", output_padding, ndim, minimum=0)
    axes = zip(input_size, kernel_size, stride, padding, output_padding, dilation)
    large = tuple(conv_transpose_output_size(*axis) for axis in axes)
    return _Layer(weight_size, input_size, large, stride, padding, dilation, groups)


def conv_entries(input_size, weight_size, stride=1, padding=0, dilation=1, groups=1) -> MatrixEntries:
    """Which tap stands where in the matrix of a convolution.

    Parameters
    ----------
    input_size : int or tuple of ints
        Cells of the input on each axis, without batch and channels; one int stands for every axis.
    weight_size : tuple of ints
        ``(C_out, C_in/groups, *kernel)``.
    stride, padding, dilation, groups
        As in :func:`convlab.reference.conv1d`, padding in numbers.

    Returns
    -------
    MatrixEntries
        Rows count the output ``(C_out, *out)``, columns the input ``(C_in, *input_size)``, last axis fastest.
        A tap that falls on padding has no entry.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a number is out of range, or the kernel does not fit once.

    Examples
    --------
    >>> entries = conv_entries(4, (1, 1, 3), stride=2, padding=1)
    >>> list(zip(entries.rows.tolist(), entries.columns.tolist(), entries.taps.tolist()))
    [(0, 0, 1), (0, 1, 2), (1, 1, 0), (1, 2, 1), (1, 3, 2)]
    """
    layer = _layer(input_size, weight_size, stride, padding, dilation, groups)
    return MatrixEntries(*layer.entries(), layer.lengths())


def conv_transpose_entries(
    input_size, weight_size, stride=1, padding=0, output_padding=0, groups=1, dilation=1
) -> MatrixEntries:
    """Which tap stands where in the matrix of a transposed convolution.

    Parameters
    ----------
    input_size : int or tuple of ints
        Cells of the transposed convolution's input on each axis.
    weight_size : tuple of ints
        ``(C_in, C_out/groups, *kernel)``.
    stride, padding, output_padding, groups, dilation
        As in :func:`convlab.reference.conv_transpose1d`.

    Returns
    -------
    MatrixEntries
        Rows count the output ``(C_out, *out)``, columns the input ``(C_in, *input_size)``.
        A tap that lands in the crop has no entry.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a number is out of range, or nothing is left after the crop.

    Examples
    --------
    >>> entries = conv_transpose_entries(2, (1, 1, 3), stride=2, padding=1, output_padding=1)
    >>> list(zip(entries.columns.tolist(), entries.rows.tolist(), entries.taps.tolist()))
    [(0, 0, 1), (0, 1, 2), (1, 1, 0), (1, 2, 1), (1, 3, 2)]
    """
    layer = _layer(input_size, weight_size, stride, padding, dilation, groups, output_padding, transposed=True)
    columns, rows, taps = layer.entries()
    return MatrixEntries(rows, columns, taps, layer.lengths()[::-1])


def _filled(layer, weight, sparse):
    """The matrix with one row for each cell of the small side."""
    shape = layer.lengths()
    if not boolean("sparse", sparse) and prod(shape) > MAX_DENSE:
        raise ValueError(
            f"sparse must be True for a matrix of {shape} entries: more than {MAX_DENSE} are refused when dense"
        )
    small, large, taps = layer.entries()
    values = widened(weight).reshape(-1)[taps]
    if sparse:
        return coo_array((values, (small, large)), shape=shape).tocsr()
    matrix = np.zeros(shape, values.dtype)
    matrix[small, large] = values
    return matrix


def conv_matrix(input_size, weight, stride=1, padding=0, dilation=1, groups=1, *, sparse=False):
    """The matrix ``W`` of a convolution: ``W @ x.reshape(-1)`` is ``conv(x).reshape(-1)`` for one sample.

    Parameters
    ----------
    input_size : int or tuple of ints
        Cells of the input on each axis, without batch and channels; one int stands for every axis.
    weight : array
        ``(C_out, C_in/groups, *kernel)``, with one to three kernel axes.
    stride, padding, dilation, groups
        As in :func:`convlab.reference.conv1d`, padding in numbers.
    sparse : bool
        Return a ``scipy.sparse.csr_array``, for sizes larger than a page. Every tap is stored, also a tap 0.

    Returns
    -------
    array or scipy.sparse.csr_array
        ``(C_out * out cells, C_in * input cells)``. Integers give int64.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape or number is out of range, or a dense matrix would have more than 2^24 entries.

    Notes
    -----
    ``W.T`` is the transposed convolution, see :func:`conv_transpose_matrix`. A row has the kernel
    in its own order: it is the transposed *matrix*, not a transposed kernel, that gives the name.

    Examples
    --------
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
    return _filled(_layer(input_size, weight.shape, stride, padding, dilation, groups), weight, sparse)


def conv_transpose_matrix(
    input_size, weight, stride=1, padding=0, output_padding=0, groups=1, dilation=1, *, sparse=False
):
    """The matrix of a transposed convolution; the transpose of a convolution's.

    Parameters
    ----------
    input_size : int or tuple of ints
        Cells of the transposed convolution's input on each axis.
    weight : array
        ``(C_in, C_out/groups, *kernel)``.
    stride, padding, output_padding, groups, dilation
        As in :func:`convlab.reference.conv_transpose1d`.
    sparse : bool
        As in :func:`conv_matrix`.

    Returns
    -------
    array or scipy.sparse.csr_array
        ``(C_out * out cells, C_in * input cells)``. It is ``conv_matrix(out, weight, stride, padding, dilation,
        groups).T`` wherever such a convolution exists, that is for ``output_padding < stride``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape or number is out of range, or a dense matrix would have more than 2^24 entries.

    Examples
    --------
    >>> conv_transpose_matrix(2, np.array([[[1, 2, 3]]]), stride=2) @ np.array([2, 3])
    array([2, 4, 9, 6, 9])
    """
    number_of_axes(weight)
    layer = _layer(input_size, weight.shape, stride, padding, dilation, groups, output_padding, transposed=True)
    matrix = _filled(layer, weight, sparse)
    return matrix.T.tocsr() if sparse else matrix.T


def matrix_cell(row, column, input_size, weight_size, stride=1, padding=0, dilation=1, groups=1) -> MatrixCell:
    """Which output cell, input cell and kernel tap one place of :func:`conv_matrix` stands for.

    For the transposed matrix give ``row`` and ``column`` the other way round.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a number is out of range, or there is no such row or column.

    Examples
    --------
    >>> matrix_cell(1, 4, (3, 3), (1, 1, 2, 2))
    MatrixCell(output_cell=(0, 0, 1), input_cell=(0, 1, 1), tap=(0, 0, 1, 0))
    >>> matrix_cell(0, 8, (3, 3), (1, 1, 2, 2)).tap is None
    True
    """
    layer = _layer(input_size, weight_size, stride, padding, dilation, groups)
    out_channels, group_channels, *kernel_size = layer.weight_size
    sides = [("row", row, (out_channels, *layer.small_size))]
    sides += [("column", column, (layer.groups * group_channels, *layer.large_size))]
    places = []
    for name, index, shape in sides:
        if integer(name, index, minimum=0) >= prod(shape):
            raise ValueError(f"{name} must be below {prod(shape)}, got {index}")
        places.append(tuple(int(i) for i in np.unravel_index(index, shape)))
    output_cell, input_cell = places

    group, channel = divmod(input_cell[0], group_channels)
    tap = [output_cell[0], channel]
    options = (kernel_size, layer.stride, layer.padding, layer.dilation)
    for m, x, k, s, p, d in zip(output_cell[1:], input_cell[1:], *options):
        t, between = divmod(x + p - s * m, d)
        if between or not 0 <= t < k:
            return MatrixCell(output_cell, input_cell, None)
        tap.append(t)
    same_group = output_cell[0] // (out_channels // layer.groups) == group
    return MatrixCell(output_cell, input_cell, tuple(tap) if same_group else None)
