"""``unfold`` (im2col) and its adjoint ``fold`` (col2im), for reading.

Names, argument names and argument order are those of ``torch.nn.functional``; refusals as in :mod:`.conv_nd`.
"""

from math import prod

import numpy as np

from convlab.arithmetic import conv_output_size
from convlab.reference.conv_nd import cells_of_tap, cropped
from convlab.typing import Array, Ints
from convlab.validation import IMAGES, array, integer_pair, layout, widened

__all__ = ["fold", "unfold"]


def _blocks(size, kernel_size, dilation, padding, stride):
    """Check the arguments; return kernel size, padding, the grid of blocks, and the cells of a tap."""
    kernel_size = integer_pair("kernel_size", kernel_size, minimum=1)
    dilation = integer_pair("dilation", dilation, minimum=1)
    padding = integer_pair("padding", padding, minimum=0)
    stride = integer_pair("stride", stride, minimum=1)
    grid = [conv_output_size(*axis) for axis in zip(size, kernel_size, stride, padding, dilation)]

    def cells(tap):
        return cells_of_tap(tap, grid, stride, dilation)

    return kernel_size, padding, grid, cells


def unfold(input: Array, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Array:
    """Copy every kernel-sized block into a column, as ``torch.nn.functional.unfold``.

    ``(C, H, W)`` gives ``(C * kH * kW, blocks)``, ``(N, C, H, W)`` gives ``(N, C * kH * kW, blocks)``; blocks run row
    by row. Options are those of a convolution, one int or a pair.

    Source: ``torch.nn.Unfold``.

    >>> unfold(np.arange(6).reshape(1, 2, 3), kernel_size=2)
    array([[0, 1],
           [1, 2],
           [3, 4],
           [4, 5]])
    """
    image = widened(array("input", input))
    layout("input", image, IMAGES)
    kernel, pads, grid, cells = _blocks(image.shape[-2:], kernel_size, dilation, padding, stride)
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(p, p) for p in pads])
    columns = np.empty((*image.shape[:-2], *kernel, *grid), image.dtype)
    for tap in np.ndindex(*kernel):
        columns[..., *tap, :, :] = padded[..., *cells(tap)]
    return columns.reshape(*image.shape[:-3], image.shape[-3] * prod(kernel), prod(grid))


def fold(
    input: Array, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Array:
    """Add the columns of :func:`unfold` back into an image, as ``torch.nn.functional.fold``.

    It is the adjoint of ``unfold``, not its inverse: cells under several blocks are sums.

    It takes ``(C * kH * kW, blocks)`` or ``(N, C * kH * kW, blocks)``, and the sizes of the image and of the blocks in
    it.

    Source: ``torch.nn.Fold``.

    >>> fold(np.ones((4, 2), dtype=int), output_size=(2, 3), kernel_size=2)
    array([[[1, 2, 1],
            [1, 2, 1]]])
    """
    columns = widened(array("input", input))
    layout("input", columns, [("C*kH*kW", "blocks"), ("N", "C*kH*kW", "blocks")])
    output_size = integer_pair("output_size", output_size, minimum=1)
    kernel, pads, grid, cells = _blocks(output_size, kernel_size, dilation, padding, stride)
    rows, blocks = columns.shape[-2:]
    if rows % prod(kernel):
        raise ValueError(f"input must have a multiple of kH*kW={prod(kernel)} rows, got {rows}")
    if blocks != prod(grid):
        raise ValueError(f"input must have {grid[0]}x{grid[1]}={prod(grid)} blocks for these sizes, got {blocks}")
    columns = columns.reshape(*columns.shape[:-2], rows // prod(kernel), *kernel, *grid)
    padded = np.zeros((*columns.shape[:-4], *(o + 2 * p for o, p in zip(output_size, pads))), columns.dtype)
    for tap in np.ndindex(*kernel):
        padded[..., *cells(tap)] += columns[..., *tap, :, :]
    return cropped(padded, pads, output_size)
