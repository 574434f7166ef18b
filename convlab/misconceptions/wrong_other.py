"""Wrong resizing, unpooling, pixel shuffling and padding: functions with the arguments of the right ones."""

import numpy as np

from convlab.misconceptions.questions import pad as pad_last_axis_first
from convlab.misconceptions.variants import NotApplicable, Variant
from convlab.reference import interpolate, max_pool2d, max_unpool2d, pixel_shuffle
from convlab.validation import integer_tuple

__all__ = [
    "WRONG_FUNCTIONS",
    "asymmetric_linear",
    "depth_to_space",
    "index_in_window",
    "pad_first_axis_first",
    "put_top_left",
    "sum_duplicates",
]

LINEAR = ("linear", "bilinear")


def other_corners(input, mode="nearest", align_corners=None, **options):
    """Linear resizing with ``align_corners`` the other way round."""
    if mode not in LINEAR:
        raise NotApplicable("only the linear modes know align_corners")
    return interpolate(input, mode=mode, align_corners=not align_corners, **options)


def asymmetric_linear(input, size=None, scale_factor=None, mode="nearest", **options):
    """Linear resizing that reads at ``m * scale``, without the half pixels, as TensorFlow 1 did.

    Examples
    --------
    >>> asymmetric_linear(np.array([[[10.0, 20.0]]]), scale_factor=2, mode="linear")
    array([[[10., 15., 20., 20.]]])
    """
    if mode not in LINEAR:
        raise NotApplicable("only the linear modes mix two cells")
    output_shape = interpolate(input, size, scale_factor, mode).shape
    for axis in range(2, input.ndim):
        in_size, out_size = input.shape[axis], output_shape[axis]
        positions = np.arange(out_size) * (in_size / out_size)
        low = positions.astype(int)
        share = (positions - low).reshape(-1, *(1,) * (input.ndim - 1 - axis))
        high = np.minimum(low + 1, in_size - 1)
        input = input.take(low, axis) * (1 - share) + input.take(high, axis) * share
    return input


def other_nearest(input, mode="nearest", **options):
    """The other of the two nearest modes."""
    others = {"nearest": "nearest-exact", "nearest-exact": "nearest"}
    if mode not in others:
        raise NotApplicable("only two modes take the nearest cell")
    return interpolate(input, mode=others[mode], **options)


def rounded(rounding):
    """Linear resizing, then rounded to whole numbers."""

    def answer(input, mode="nearest", **options):
        if mode not in LINEAR:
            raise NotApplicable("only the linear modes give fractions")
        return rounding(interpolate(input, mode=mode, **options))

    return answer


def _top_left(pooled_shape, kernel_size, stride, padding):
    """Row and column of the first cell of each window, ``(H, 1)`` and ``(W,)``."""
    kernel_size = integer_tuple("kernel_size", kernel_size, 2)
    stride = kernel_size if stride is None else integer_tuple("stride", stride, 2)
    padding = integer_tuple("padding", padding, 2)
    rows, columns = (np.arange(o) * s - p for o, s, p in zip(pooled_shape[-2:], stride, padding))
    return rows[:, None], columns


def put_top_left(input, indices, kernel_size, stride=None, padding=0, output_size=None):
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


def sum_duplicates(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Unpooling that adds up values with the same index."""
    output = np.zeros_like(max_unpool2d(input, indices, kernel_size, stride, padding, output_size))
    for plane in np.ndindex(*input.shape[:-2]):
        np.add.at(output[plane].reshape(-1), indices[plane].ravel(), input[plane].ravel())
    return output


def index_in_window(input, kernel_size, stride=None, padding=0, dilation=1):
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


def depth_to_space(input, upscale_factor):
    """Pixel shuffle with the channels in TensorFlow's order: the block first, then the channel.

    Examples
    --------
    >>> depth_to_space(np.arange(1, 9).reshape(8, 1, 1), 2).tolist()
    [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]
    """
    *batch, _, height, width = input.shape
    blocks = input.reshape(*batch, upscale_factor**2, -1, height, width)
    return pixel_shuffle(blocks.swapaxes(-4, -3).reshape(input.shape), upscale_factor)


def pad_first_axis_first(input, pad, value=0):
    """Padding whose numbers are read from the first of the padded axes on.

    Examples
    --------
    >>> pad_first_axis_first(np.zeros((2, 2)), (1, 2, 3, 4)).shape
    (5, 9)
    """
    pairs = [pad[n : n + 2] for n in range(0, len(pad), 2)]
    return pad_last_axis_first(input, [number for pair in reversed(pairs) for number in pair], value)


WRONG_FUNCTIONS = {
    "interpolate": (
        Variant(
            "M24a",
            "the corners are aligned where they should not be, or the other way round",
            {"answer": other_corners},
        ),
        Variant("M24b", "the half-pixel offset is left out", {"answer": asymmetric_linear}),
        Variant("M25", "the other of the two nearest rules is taken", {"answer": other_nearest}),
        Variant("M26a", "the values are rounded down to whole numbers", {"answer": rounded(np.floor)}),
        Variant("M26b", "the values are rounded to whole numbers, halves to even", {"answer": rounded(np.rint)}),
        Variant(
            "M26c",
            "the values are rounded to whole numbers, halves up",
            {"answer": rounded(lambda values: np.floor(values + 0.5))},
        ),
    ),
    "max_unpool2d": (
        Variant("M27a", "each value is put at the top left of its window", {"answer": put_top_left}),
        Variant("M28", "values with the same index are added up", {"answer": sum_duplicates}),
    ),
    "max_pool2d_indices": (Variant("M27b", "the indices count inside each window", {"answer": index_in_window}),),
    "pixel_shuffle": (Variant("M40", "the channels are read in TensorFlow's order", {"answer": depth_to_space}),),
    "pad": (Variant("M39", "the numbers are read from the first axis on", {"answer": pad_first_axis_first}),),
}
