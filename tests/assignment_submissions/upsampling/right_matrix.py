"""A right answer to the upsampling assignment: each function is a matrix of zeros and weights, times the cells."""

from fractions import Fraction

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def axis_matrix(cells, factor, count, mode, align_corners):
    """Exact fractions for the positions, so that nothing is rounded before the mixing."""
    if factor is not None:
        ratio = Fraction(1, 1) / Fraction(factor).limit_denominator(1000)
        count = int(cells * factor)
    if count < 1:
        raise ValueError("no output cell")
    if factor is None:
        ratio = Fraction(cells, count)
    matrix = np.zeros((count, cells))
    for m in range(count):
        if mode == "nearest":
            matrix[m, m * ratio // 1] = 1
        elif mode == "nearest-exact":
            matrix[m, (m + Fraction(1, 2)) * ratio // 1] = 1
        else:
            position = (m + Fraction(1, 2)) * ratio - Fraction(1, 2)
            if align_corners:
                position = Fraction(m * (cells - 1), max(count - 1, 1))
            position = min(max(position, 0), cells - 1)
            low = position // 1
            matrix[m, low] += 1 - (position - low)
            matrix[m, min(low + 1, cells - 1)] += position - low
    return matrix


def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    if [scale_factor, size].count(None) != 1:
        raise ValueError("scale_factor, size")
    if align_corners is not None and mode != "bilinear":
        raise ValueError("align_corners")
    options = zip(input.shape[2:], pair(scale_factor), pair(size))
    down, across = (axis_matrix(cells, factor, count, mode, align_corners) for cells, factor, count in options)
    return np.einsum("mi,ncij,kj->ncmk", down, input, across)


def max_pool2d(input, kernel_size, stride=None, return_indices=True):
    k = pair(kernel_size)
    s = k if stride is None else pair(stride)
    height, width = input.shape[2:]
    # [m, i]: whether window m sees row i; the same for columns.
    sees = []
    for size, high, step in zip((height, width), k, s):
        begin = np.arange(0, max(size - high + 1, 0), step)[:, None]
        sees.append((begin <= np.arange(size)) & (np.arange(size) < begin + high))
    if not all(map(len, sees)):
        raise ValueError("no window fits")
    mask = np.einsum("mi,nj->mnij", *sees).reshape(len(sees[0]), len(sees[1]), -1)
    cells = np.where(mask, input.reshape(*input.shape[:2], 1, 1, -1), -np.inf)
    values = cells.max(-1)
    return (values, np.argmax(cells, -1)) if return_indices else values


def max_unpool2d(input, indices, kernel_size, stride=None, output_size=None):
    k = pair(kernel_size)
    s = k if stride is None else pair(stride)
    usual = [a * b - a + c for a, b, c in zip(s, input.shape[2:], k)]
    height, width = output_size if output_size is not None else usual
    if max(abs(height - usual[0]) - s[0], abs(width - usual[1]) - s[1]) >= 0:
        raise ValueError("output_size")
    if np.any(indices < 0) or np.any(indices // width >= height):
        raise ValueError("indices")
    # [n, c, value, cell]: whether this value stands on this cell. Equal values on one cell count once.
    places = indices.reshape(*input.shape[:2], -1, 1) == np.arange(height * width)
    values = input.reshape(*input.shape[:2], -1, 1)
    largest = np.where(places, values, -np.inf).max(axis=2)
    return np.where(places.any(axis=2), largest, 0.0).reshape(*input.shape[:2], height, width)


def pixel_shuffle(input, r):
    samples, channels, height, width = input.shape
    if channels % (r * r):
        raise ValueError("channels")
    result = np.zeros((samples, channels // r**2, height * r, width * r))
    for a in range(r):
        for b in range(r):
            down, across = np.zeros((height * r, height)), np.zeros((width * r, width))
            down[np.arange(height) * r + a, np.arange(height)] = 1
            across[np.arange(width) * r + b, np.arange(width)] = 1
            result += down @ input[:, a * r + b :: r * r] @ across.T
    return result


def bilinear_kernel(f):
    if f < 1:
        raise ValueError("f")
    # A box of f cells times a box of f cells, as a band matrix; for even f once more with half-cell ends.
    k = 2 * f - f % 2
    if f % 2:
        band = np.array([[0 <= j - i < f for i in range(f)] for j in range(k)], float)
    else:
        band = np.array([[0 <= j - i < f + 1 for i in range(f)] for j in range(k)], float)
        band[np.arange(f), np.arange(f)] = band[np.arange(f) + f, np.arange(f)] = 0.5
    tent = band @ np.full(f, 1 / f)
    return tent.reshape(-1, 1) @ tent.reshape(1, -1)
