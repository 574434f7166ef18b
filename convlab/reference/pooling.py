"""Pooling and unpooling in two dimensions, for reading.

Names, argument names and argument order are those of ``torch.nn.functional``.
"""

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size, pool_output_size
from convlab.validation import array, boolean, integer, integer_pair, integer_tuple, layout, widened

__all__ = ["avg_pool2d", "max_pool2d", "max_unpool2d"]

IMAGE = [("C", "H", "W"), ("N", "C", "H", "W")]


def _windows(input, kernel_size, stride, padding, dilation, ceil_mode):
    """Check the arguments of a pooling layer; return ``(image, out_size, seen)``.

    ``seen(plane, border, overhang)`` yields, tap by tap, what all windows see of a plane through
    that tap. ``border`` fills the padding, ``overhang`` the cells behind it, into which only the
    last windows of ``ceil_mode`` reach.
    """
    image = widened(array("input", input))
    layout("input", image, IMAGE)
    kernel_size = integer_tuple("kernel_size", kernel_size, 2, minimum=1)
    stride = kernel_size if stride is None else integer_tuple("stride", stride, 2, minimum=1)
    padding = integer_tuple("padding", padding, 2, minimum=0)
    dilation = integer_tuple("dilation", dilation, 2, minimum=1)
    axes = list(zip(image.shape[-2:], kernel_size, stride, padding, dilation))
    out_size = [pool_output_size(*axis, ceil_mode=ceil_mode) for axis in axes]
    read = [s * (o - 1) + effective_kernel_size(k, d) for o, (_, k, s, _, d) in zip(out_size, axes)]
    beyond = [(0, max(0, r - i - 2 * p)) for r, (i, _, _, p, _) in zip(read, axes)]

    def seen(plane, border, overhang):
        padded = _pad(_pad(plane, [(p, p) for p in padding], border), beyond, overhang)
        for tap in np.ndindex(*kernel_size):
            cells = [slice(d * t, d * t + s * (o - 1) + 1, s) for t, o, s, d in zip(tap, out_size, stride, dilation)]
            yield padded[..., *cells]

    return image, out_size, seen


def _pad(plane, pads, value):
    return np.pad(plane, [(0, 0)] * (plane.ndim - 2) + pads, constant_values=value)


def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """Largest value of each window, as ``torch.nn.functional.max_pool2d``.

    Parameters
    ----------
    input : array
        ``(C, H, W)`` or ``(N, C, H, W)``.
    kernel_size, stride, padding, dilation : int or (int, int)
        ``stride`` defaults to ``kernel_size``; padded cells never win; ``padding`` is at
        most half of ``kernel_size``, whatever the dilation.
    ceil_mode : bool
        Round the output size up: the last window may hang over the end.
    return_indices : bool
        Also return where each maximum stood.

    Returns
    -------
    array, or (array, array)
        ``(..., H_out, W_out)`` and the indices, int64: FLAT positions in the
        ``H x W`` plane of the input, not in the window. Of equal maxima the first counts.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or a number is out of range.

    Notes
    -----
    A dilated window can step over a small input and see nothing but padding. Its maximum is
    ``-inf``, or the smallest integer of the input's dtype, as in PyTorch; its index is -1, where
    PyTorch names a cell outside the window.

    Source: relationship 7 of arXiv:1603.07285; ``torch.nn.MaxPool2d``.

    Examples
    --------
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
    input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
):
    """Mean of each window, as ``torch.nn.functional.avg_pool2d``.

    Parameters
    ----------
    input : array
        ``(C, H, W)`` or ``(N, C, H, W)``.
    kernel_size, stride, padding : int or (int, int)
        ``stride`` defaults to ``kernel_size``; ``padding`` is at most half of the kernel size.
    ceil_mode : bool
        Round the output size up: the last window may hang over the end.
    count_include_pad : bool
        Count the zeros of the padding as cells of the window.
    divisor_override : int, optional
        Divide by this number instead of the number of cells.

    Returns
    -------
    array
        ``(..., H_out, W_out)``, of the input's dtype (integers give int64).

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or a mean of integers is not an
        integer: PyTorch would drop the fraction there, convlab does not.

    Notes
    -----
    Source: relationship 7 of arXiv:1603.07285; ``torch.nn.AvgPool2d``.

    Examples
    --------
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


def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Put pooled values back where they stood, zeros elsewhere, as ``torch.nn.functional.max_unpool2d``.

    Parameters
    ----------
    input : array
        ``(C, H, W)`` or ``(N, C, H, W)``.
    indices : array of int64
        The same shape: flat positions in the output plane, from :func:`max_pool2d`.
    kernel_size, stride, padding : int or (int, int)
        Those of the pooling; ``stride`` defaults to ``kernel_size``.
    output_size : tuple, optional
        The last two entries are ``(H_out, W_out)``; default ``(i - 1) s - 2 p + k`` per
        axis, and less than one stride away from that.

    Returns
    -------
    array
        ``(..., H_out, W_out)``. Where an index occurs twice, the last value stays: nothing is summed.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, a number is out of range, or an index points outside the output.

    Notes
    -----
    Source: ``torch.nn.MaxUnpool2d``.

    Examples
    --------
    >>> values, indices = np.array([[[5, 6]]]), np.array([[[4, 3]]])
    >>> max_unpool2d(values, indices, 2)[0].tolist()
    [[0, 0, 0, 6], [5, 0, 0, 0]]
    """
    image = widened(array("input", input))
    layout("input", image, IMAGE)
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
