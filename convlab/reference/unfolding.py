"""``unfold`` (im2col) and its adjoint ``fold`` (col2im), for reading.

Names, argument names and argument order are those of ``torch.nn.functional``.
"""

from math import prod

import numpy as np

from convlab.arithmetic import conv_output_size
from convlab.validation import array, integer_pair, layout, widened

__all__ = ["fold", "unfold"]


def _blocks(size, kernel_size, dilation, padding, stride):
    """Check the arguments; return kernel size, padding, the grid of blocks, and the cells of a tap."""
    kernel_size = integer_pair("kernel_size", kernel_size, minimum=1)
    dilation = integer_pair("dilation", dilation, minimum=1)
    padding = integer_pair("padding", padding, minimum=0)
    stride = integer_pair("stride", stride, minimum=1)
    grid = [conv_output_size(*axis) for axis in zip(size, kernel_size, stride, padding, dilation)]

    def cells(tap):
        return tuple(slice(d * t, d * t + s * (o - 1) + 1, s) for t, o, s, d in zip(tap, grid, stride, dilation))

    return kernel_size, padding, grid, cells


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Copy every kernel-sized block into a column, as ``torch.nn.functional.unfold``.

    Parameters
    ----------
    input : array
        ``(C, H, W)`` or ``(N, C, H, W)``.
    kernel_size, dilation, padding, stride : int or (int, int)
        As in a convolution.

    Returns
    -------
    array
        ``(C * kH * kW, blocks)`` or ``(N, C * kH * kW, blocks)``; blocks run row by row.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is out of range.

    Notes
    -----
    Source: ``torch.nn.Unfold``.

    Examples
    --------
    >>> unfold(np.arange(6).reshape(1, 2, 3), kernel_size=2)
    array([[0, 1],
           [1, 2],
           [3, 4],
           [4, 5]])
    """
    image = widened(array("input", input))
    layout("input", image, [("C", "H", "W"), ("N", "C", "H", "W")])
    kernel_size, padding, grid, cells = _blocks(image.shape[-2:], kernel_size, dilation, padding, stride)
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(p, p) for p in padding])
    columns = np.empty((*image.shape[:-2], *kernel_size, *grid), image.dtype)
    for tap in np.ndindex(*kernel_size):
        columns[..., *tap, :, :] = padded[..., *cells(tap)]
    return columns.reshape(*image.shape[:-3], image.shape[-3] * prod(kernel_size), prod(grid))


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Add the columns of :func:`unfold` back into an image, as ``torch.nn.functional.fold``.

    It is the adjoint of ``unfold``, not its inverse: cells under several blocks are sums.

    Parameters
    ----------
    input : array
        ``(C * kH * kW, blocks)`` or ``(N, C * kH * kW, blocks)``.
    output_size, kernel_size, dilation, padding, stride : int or (int, int)
        Of the image, and of the blocks in it.

    Returns
    -------
    array
        ``(C, H, W)`` or ``(N, C, H, W)``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is out of range.

    Notes
    -----
    Source: ``torch.nn.Fold``.

    Examples
    --------
    >>> fold(np.ones((4, 2), dtype=int), output_size=(2, 3), kernel_size=2)
    array([[[1, 2, 1],
            [1, 2, 1]]])
    """
    columns = widened(array("input", input))
    layout("input", columns, [("C*kH*kW", "blocks"), ("N", "C*kH*kW", "blocks")])
    output_size = integer_pair("output_size", output_size, minimum=1)
    kernel_size, padding, grid, cells = _blocks(output_size, kernel_size, dilation, padding, stride)
    rows, blocks = columns.shape[-2:]
    if rows % prod(kernel_size):
        raise ValueError(f"input must have a multiple of kH*kW={prod(kernel_size)} rows, got {rows}")
    if blocks != prod(grid):
        raise ValueError(f"input must have {grid[0]}x{grid[1]}={prod(grid)} blocks for these sizes, got {blocks}")
    columns = columns.reshape(*columns.shape[:-2], rows // prod(kernel_size), *kernel_size, *grid)
    padded = np.zeros((*columns.shape[:-4], *(o + 2 * p for o, p in zip(output_size, padding))), columns.dtype)
    for tap in np.ndindex(*kernel_size):
        padded[..., *cells(tap)] += columns[..., *tap, :, :]
    return padded[..., *(slice(p, p + o) for p, o in zip(padding, output_size))]
