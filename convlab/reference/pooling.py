"""Pooling and unpooling in two dimensions, for reading.

Names, argument names and argument order are those of ``torch.nn.functional``; refusals as in :mod:`.conv_nd`.
``input`` is ``(C, H, W)`` or ``(N, C, H, W)``. Options are one int or a pair; ``stride`` defaults to ``kernel_size``;
``padding`` is at most half of ``kernel_size``, whatever the dilation; ``ceil_mode`` rounds the output size up, so that
the last window may hang over the end.
"""

from collections.abc import Sequence

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size, pool_output_size
from convlab.reference.conv_nd import cells_of_tap
from convlab.typing import Array, Ints
from convlab.validation import IMAGES, array, boolean, integer, integer_pair, integer_tuple, layout, per_axis, widened

__all__ = ["avg_pool2d", "max_pool2d", "max_unpool2d"]


def _windows(input, kernel_size, stride, padding, dilation, ceil_mode):
    """Check the arguments of a pooling layer; return ``(image, out_size, seen)``.

    ``seen(plane, border, overhang)`` yields, tap by tap, what all windows see of a plane through
    that tap. ``border`` fills the padding, ``overhang`` the cells behind it, into which only the
    last windows of ``ceil_mode`` reach.
    """
    image = widened(array("input", input))
    layout("input", image, IMAGES)
    kernel_size = integer_tuple("kernel_size", kernel_size, 2, minimum=1)
    stride = kernel_size if stride is None else integer_tuple("stride", stride, 2, minimum=1)
    padding, dilation = per_axis(2, padding=padding, dilation=dilation)
    axes = list(zip(image.shape[-2:], kernel_size, stride, padding, dilation))
    out_size = [pool_output_size(*axis, ceil_mode=ceil_mode) for axis in axes]
    read = [s * (o - 1) + effective_kernel_size(k, d) for o, (_, k, s, _, d) in zip(out_size, axes)]
    beyond = [(0, max(0, r - i - 2 * p)) for r, (i, _, _, p, _) in zip(read, axes)]

    def seen(plane, border, overhang):
        padded = _pad(_pad(plane, [(p, p) for p in padding], border), beyond, overhang)
        for tap in np.ndindex(*kernel_size):
            yield padded[..., *cells_of_tap(tap, out_size, stride, dilation)]

    return image, out_size, seen


def _pad(plane, pads, value):
    return np.pad(plane, [(0, 0)] * (plane.ndim - 2) + pads, constant_values=value)


def max_pool2d(
    input: Array,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Array]:
    """Largest value of each window, as ``torch.nn.functional.max_pool2d``.

    Gives ``(..., H_out, W_out)``, and with ``return_indices`` where each maximum stood: int64, FLAT positions in the
    ``H x W`` plane of the input, not in the window. Of equal maxima the first counts; padded cells never win.

    A dilated window can step over a small input and see nothing but padding. Its maximum is
    ``-inf``, or the smallest integer of the input's dtype, as in PyTorch; its index is -1, where
    PyTorch names a cell outside the window.

    Source: relationship 7 of arXiv:1603.07285; ``torch.nn.MaxPool2d``.

    >>> x = np.array([[[1, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]])
    >>> values, indices = max_pool2d(x, 2, return_indices=True)
    >>> values[0].tolist(), indices[0].tolist()
    ([[5, 6], [7, 8]], [[5, 2], [12, 15]])
    """
    return_indices = boolean("return_indices", return_indices)
    image, out_size, seen = _windows(input, kernel_size, stride, padding, dilation, ceil_mode)
    height, width = image.shape[-2:]
    positions = np.arange(height * width).reshape(height, width)

    lowest = -np.inf if image.dtype.kind == "f" else np.iinfo(input.dtype).min
    best = np.full((*image.shape[:-2], *out_size), lowest, image.dtype)
    indices = np.full(best.shape, -1)
    for value, position in zip(seen(image, 0, 0), seen(positions, -1, -1)):  # -1: padding
        # A NaN beats everything, as in PyTorch.
        better = (position >= 0) & ((indices < 0) | (value > best) | (value != value))
        best = np.where(better, value, best)
        indices = np.where(better, position, indices)
    return (best, indices) if return_indices else best


def avg_pool2d(
    input: Array,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Mean of each window, as ``torch.nn.functional.avg_pool2d``.

    Gives ``(..., H_out, W_out)`` of the input's dtype (integers give int64). ``count_include_pad`` counts the zeros of
    the padding as cells of the window; ``divisor_override`` divides by another number than that of the cells. A mean of
    integers that is not an integer is refused: PyTorch would drop the fraction there, convlab does not.

    Source: relationship 7 of arXiv:1603.07285; ``torch.nn.AvgPool2d``.

    >>> avg_pool2d(np.array([[[1.0, 2.0], [3.0, 4.0]]]), 2)
    array([[[2.5]]])
    """
    count_include_pad = boolean("count_include_pad", count_include_pad)
    if divisor_override is not None and integer("divisor_override", divisor_override) == 0:
        raise ValueError("divisor_override must not be zero, got 0")
    image, out_size, seen = _windows(input, kernel_size, stride, padding, 1, ceil_mode)
    cells = np.ones(image.shape[-2:], image.dtype)

    total = np.zeros((*image.shape[:-2], *out_size), image.dtype)
    count = np.zeros(out_size, image.dtype)
    for value, counts in zip(seen(image, 0, 0), seen(cells, int(count_include_pad), 0)):  # the overhang never counts
        total += value
        count += counts
    if divisor_override is not None:
        count[...] = divisor_override
    if image.dtype.kind == "f":
        return total / count
    if (total % count).any():
        raise ValueError("input holds integers whose mean is not an integer; pass input.astype(float)")
    return total // count


def max_unpool2d(
    input: Array,
    indices: Array,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Put pooled values back where they stood, zeros elsewhere, as ``torch.nn.functional.max_unpool2d``.

    ``indices`` are int64 of the input's shape: flat positions in the output plane, from :func:`max_pool2d`; the other
    numbers are those of the pooling. The last two entries of ``output_size`` are ``(H_out, W_out)``: by default ``(i -
    1) s - 2 p + k`` per axis, and less than one stride away from that. Where an index occurs twice, the last value
    stays: nothing is summed.

    Source: ``torch.nn.MaxUnpool2d``.

    >>> values, indices = np.array([[[5, 6]]]), np.array([[[4, 3]]])
    >>> max_unpool2d(values, indices, 2)[0].tolist()
    [[0, 0, 0, 6], [5, 0, 0, 0]]
    """
    image = widened(array("input", input))
    layout("input", image, IMAGES)
    if array("indices", indices).dtype != np.int64:
        raise TypeError(f"indices must hold int64, got {indices.dtype}")
    if indices.shape != image.shape:
        raise ValueError(f"indices must have the shape of input, {image.shape}, got {indices.shape}")
    kernel_size = integer_pair("kernel_size", kernel_size, minimum=1)
    stride = kernel_size if stride is None else integer_pair("stride", stride, minimum=1)
    padding = integer_pair("padding", padding, minimum=0)
    height, width = _unpooled_size(output_size, list(zip(image.shape[-2:], kernel_size, stride, padding)))
    if indices.size and not 0 <= indices.min() <= indices.max() < height * width:
        wrong = indices.min() if indices.min() < 0 else indices.max()
        raise ValueError(f"indices must be from 0 to {height * width - 1} for a {height}x{width} output, got {wrong}")
    planes = np.zeros((*image.shape[:-2], height * width), image.dtype)
    flat = (*image.shape[:-2], image.shape[-2] * image.shape[-1])
    # Contiguous, because NumPy takes other arrays in the order of their memory, and then another value is the last.
    indices, values = np.ascontiguousarray(indices), np.ascontiguousarray(image)
    np.put_along_axis(planes, indices.reshape(flat), values.reshape(flat), axis=-1)
    return planes.reshape(*image.shape[:-2], height, width)


def _unpooled_size(output_size, axes):
    if output_size is None:
        return [conv_transpose_output_size(*axis) for axis in axes]
    if not isinstance(output_size, (tuple, list)):
        raise TypeError(f"output_size must be a tuple, got {output_size!r}")
    if len(output_size) not in (2, 4):
        raise ValueError(f"output_size must have 2 or 4 entries, got {tuple(output_size)}")
    sizes = [integer("output_size", size, minimum=1) for size in output_size[-2:]]
    for size, (i, k, s, p) in zip(sizes, axes):
        middle = conv_transpose_output_size(i, k, s) - 2 * p  # the default, which may be 0 or less here
        if not middle - s < size < middle + s:
            raise ValueError(
                f"output_size must be less than one stride ({s}) away from {middle}, got {tuple(output_size)}"
            )
    return sizes
