"""A right answer to the upsampling assignment: cell by cell, in loops of single numbers; no function calls another."""

import math

import numpy as np


def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    if scale_factor is not None and size is not None:
        raise ValueError("scale_factor and size")
    if scale_factor is None and size is None:
        raise ValueError("neither scale_factor nor size")
    if mode.startswith("nearest") and align_corners is not None:
        raise ValueError("align_corners")
    where = []
    for axis in (0, 1):
        cells = input.shape[2 + axis]
        given = size if scale_factor is None else scale_factor
        given = given[axis] if isinstance(given, tuple) else given
        count = given if scale_factor is None else math.floor(cells * given)
        if count < 1:
            raise ValueError("nothing comes out")
        ratio = cells / count if scale_factor is None else 1 / given
        parts = []
        for m in range(count):
            if mode == "nearest":
                parts.append([(math.floor(m * ratio), 1.0)])
            elif mode == "nearest-exact":
                parts.append([(math.floor((m + 0.5) * ratio), 1.0)])
            else:
                if align_corners and count > 1:
                    position = m * (cells - 1) / (count - 1)
                elif align_corners:
                    position = 0.0
                else:
                    position = min(max((m + 0.5) * ratio - 0.5, 0.0), cells - 1.0)
                low = min(int(position), cells - 1)
                high = low + 1 if low + 1 < cells else low
                parts.append([(low, 1 - (position - low)), (high, position - low)])
        where.append(parts)
    rows, columns = where
    result = np.zeros((*input.shape[:2], len(rows), len(columns)))
    for n in range(input.shape[0]):
        for c in range(input.shape[1]):
            for m in range(len(rows)):
                for k in range(len(columns)):
                    for i, down in rows[m]:
                        for j, across in columns[k]:
                            result[n, c, m, k] += down * across * input[n, c, i, j]
    return result


def max_pool2d(input, kernel_size, stride=None, return_indices=True):
    if stride is None:
        stride = kernel_size
    kernel_size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    stride = stride if isinstance(stride, tuple) else (stride, stride)
    samples, channels, height, width = input.shape
    if height < kernel_size[0] or width < kernel_size[1]:
        raise ValueError("the window does not fit")
    tops = range(0, height - kernel_size[0] + 1, stride[0])
    lefts = range(0, width - kernel_size[1] + 1, stride[1])
    values = np.empty((samples, channels, len(tops), len(lefts)))
    indices = np.empty(values.shape, np.int64)
    for n, c, m, k in np.ndindex(*values.shape):
        best, at = -math.inf, None
        for y in range(tops[m], tops[m] + kernel_size[0]):
            for x in range(lefts[k], lefts[k] + kernel_size[1]):
                if input[n, c, y, x] > best:
                    best, at = input[n, c, y, x], y * width + x
        values[n, c, m, k], indices[n, c, m, k] = best, at
    if return_indices:
        return values, indices
    return values


def max_unpool2d(input, indices, kernel_size, stride=None, output_size=None):
    kernel_size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    if stride is None:
        stride = kernel_size
    stride = stride if isinstance(stride, tuple) else (stride, stride)
    usual = [(input.shape[a + 2] - 1) * stride[a] + kernel_size[a] for a in (0, 1)]
    height, width = output_size or usual
    for a, given in enumerate((height, width)):
        if given not in range(usual[a] - stride[a] + 1, usual[a] + stride[a]):
            raise ValueError("output_size")
    result = np.zeros((input.shape[0], input.shape[1], height, width))
    for n, c, i, j in np.ndindex(*input.shape):
        row, column = divmod(int(indices[n, c, i, j]), width)
        if row < 0 or row >= height:
            raise ValueError(f"there is no cell {indices[n, c, i, j]}")
        result[n, c, row, column] = input[n, c, i, j]
    return result


def pixel_shuffle(input, r):
    samples, channels, height, width = input.shape
    if channels % (r * r) != 0:
        raise ValueError("channels")
    result = np.empty((samples, channels // (r * r), height * r, width * r))
    for n, c, y, x in np.ndindex(*result.shape):
        result[n, c, y, x] = input[n, c * r * r + (y % r) * r + x % r, y // r, x // r]
    return result


def bilinear_kernel(f):
    if f < 1:
        raise ValueError("f")
    k = 2 * f if f % 2 == 0 else 2 * f - 1
    middle = f - 1 if f % 2 == 1 else f - 0.5
    kernel = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            kernel[i, j] = (1 - abs(i - middle) / f) * (1 - abs(j - middle) / f)
    return kernel
