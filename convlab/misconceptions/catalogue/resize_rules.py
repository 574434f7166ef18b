"""Wrong resizing, unpooling and pixel shuffling: functions with the arguments of the right ones."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from convlab.misconceptions.registry import NotApplicable
from convlab.reference import interpolate, max_pool2d, max_unpool2d, pixel_shuffle
from convlab.typing import Array, Ints
from convlab.validation import integer_tuple

__all__ = [
    "asymmetric_linear",
    "depth_to_space",
    "index_in_window",
    "other_corners",
    "other_nearest",
    "put_top_left",
    "rounded",
    "sum_duplicates",
]

LINEAR = ("linear", "bilinear")


def _only_linear(mode):
    if mode not in LINEAR:
        raise NotApplicable("only the linear modes mix two cells")


def other_corners(input: Array, mode: str = "nearest", align_corners: bool | None = None, **options: Any) -> Array:
    """Linear resizing with ``align_corners`` the other way round."""
    _only_linear(mode)
    return interpolate(input, mode=mode, align_corners=not align_corners, **options)


def asymmetric_linear(
    input: Array, size: Ints | None = None, scale_factor: Any = None, mode: str = "nearest", **options: Any
) -> Array:
    """Linear resizing that reads at ``m * scale``, without the half pixels, as TensorFlow 1 did.

    Examples
    --------
    >>> asymmetric_linear(np.array([[[10.0, 20.0]]]), scale_factor=2, mode="linear")
    array([[[10., 15., 20., 20.]]])
    """
    _only_linear(mode)
    output_shape = interpolate(input, size, scale_factor, mode).shape
    for axis in range(2, input.ndim):
        in_size, out_size = input.shape[axis], output_shape[axis]
        positions = np.arange(out_size) * (in_size / out_size)
        low = positions.astype(int)
        share = (positions - low).reshape(-1, *(1,) * (input.ndim - 1 - axis))
        high = np.minimum(low + 1, in_size - 1)
        input = input.take(low, axis) * (1 - share) + input.take(high, axis) * share
    return input


def other_nearest(input: Array, mode: str = "nearest", **options: Any) -> Array:
    """The other of the two nearest modes."""
    others = {"nearest": "nearest-exact", "nearest-exact": "nearest"}
    if mode not in others:
        raise NotApplicable("only two modes take the nearest cell")
    return interpolate(input, mode=others[mode], **options)


def rounded(rounding: Callable[[Array], Array]) -> Callable[..., Array]:
    """Linear resizing, then rounded to whole numbers."""

    def answer(input, mode="nearest", **options):
        _only_linear(mode)
        return rounding(interpolate(input, mode=mode, **options))

    return answer


def _top_left(pooled_shape, kernel_size, stride, padding):
    """Row and column of the first cell of each window, ``(H, 1)`` and ``(W,)``."""
    kernel_size = integer_tuple("kernel_size", kernel_size, 2)
    stride = kernel_size if stride is None else integer_tuple("stride", stride, 2)
    padding = integer_tuple("padding", padding, 2)
    rows, columns = (np.arange(o) * s - p for o, s, p in zip(pooled_shape[-2:], stride, padding))
    return rows[:, None], columns


def put_top_left(
    input: Array,
    indices: Array,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Unpooling that ignores the indices and puts each value at the top left of its window.

    Examples
    --------
    >>> put_top_left(np.array([[[5, 6]]]), np.array([[[5, 2]]]), 2)[0].tolist()
    [[5, 0, 6, 0], [0, 0, 0, 0]]
    """
    width = max_unpool2d(input, indices, kernel_size, stride, padding, output_size).shape[-1]
    rows, columns = _top_left(input.shape, kernel_size, stride, padding)
    cells = np.maximum(rows, 0) * width + np.maximum(columns, 0)
    return max_unpool2d(input, np.broadcast_to(cells, input.shape), kernel_size, stride, padding, output_size)


def sum_duplicates(
    input: Array,
    indices: Array,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Unpooling that adds up values with the same index."""
    output = np.zeros_like(max_unpool2d(input, indices, kernel_size, stride, padding, output_size))
    for plane in np.ndindex(*input.shape[:-2]):
        np.add.at(output[plane].reshape(-1), indices[plane].ravel(), input[plane].ravel())
    return output


def index_in_window(
    input: Array, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0, dilation: Ints = 1
) -> Array:
    """Pooling indices counted inside each window.

    Examples
    --------
    >>> index_in_window(np.array([[[1, 2, 6, 3], [3, 5, 2, 1]]]), 2)
    array([[[3, 0]]])
    """
    indices = max_pool2d(input, kernel_size, stride, padding, dilation, return_indices=True)[1]
    rows, columns = _top_left(indices.shape, kernel_size, stride, padding)
    high, wide = integer_tuple("dilation", dilation, 2)
    width = input.shape[-1]
    kernel_width = integer_tuple("kernel_size", kernel_size, 2)[1]
    return (indices // width - rows) // high * kernel_width + (indices % width - columns) // wide


def depth_to_space(input: Array, upscale_factor: int) -> Array:
    """Pixel shuffle with the channels in TensorFlow's order: the block first, then the channel.

    Examples
    --------
    >>> depth_to_space(np.arange(1, 9).reshape(8, 1, 1), 2).tolist()
    [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]
    """
    *batch, _, height, width = input.shape
    blocks = input.reshape(*batch, upscale_factor**2, -1, height, width)
    return pixel_shuffle(blocks.swapaxes(-4, -3).reshape(input.shape), upscale_factor)
