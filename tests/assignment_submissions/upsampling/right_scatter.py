"""A right answer to the upsampling assignment: every input cell gives away what it has to the output cells."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def receivers(cells, mode, align_corners, factor, count):
    """For every input cell the output cells that take of it, and how much: ``{cell: {output cell: share}}``."""
    given = {cell: {} for cell in range(cells)}
    for m in range(count):
        ratio = cells / count if factor is None else 1 / factor
        if mode == "bilinear":
            if align_corners:
                position = (cells - 1) / (count - 1) * m if count > 1 else 0
            else:
                position = ratio * m + ratio / 2 - 0.5
            position = min(max(position, 0), cells - 1)
            for cell in given:
                share = 1 - abs(cell - position)
                if share > 0:
                    given[cell][m] = share
        else:
            offset = 0.5 if mode == "nearest-exact" else 0
            given[int((m + offset) * ratio)][m] = 1
    return given


def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    if not (scale_factor is None) ^ (size is None):
        raise ValueError("give one of scale_factor and size")
    if mode != "bilinear" and align_corners is not None:
        raise ValueError("align_corners is for bilinear")
    factors = (None, None) if scale_factor is None else pair(scale_factor)
    counts = pair(size) if factors[0] is None else tuple(int(i * f) for i, f in zip(input.shape[2:], factors))
    if min(counts) < 1:
        raise ValueError(f"an output of {counts} cells")
    down, across = (
        receivers(cells, mode, align_corners, factor, count)
        for cells, factor, count in zip(input.shape[2:], factors, counts)
    )
    result = np.zeros((*input.shape[:2], *counts))
    for i, rows in down.items():
        for j, columns in across.items():
            for m, high in rows.items():
                for n, wide in columns.items():
                    result[:, :, m, n] += high * wide * input[:, :, i, j]
    return result


def max_pool2d(input, kernel_size, stride=None, return_indices=True):
    (high, wide), (down, right) = pair(kernel_size), pair(kernel_size if stride is None else stride)
    height, width = input.shape[2:]
    shape = (*input.shape[:2], len(range(high, height + 1, down)), len(range(wide, width + 1, right)))
    if 0 in shape:
        raise ValueError("a window larger than the picture")
    values, indices = np.full(shape, -np.inf), np.zeros(shape, int)
    # Every cell asks the windows that it lies in whether it is larger; the first of equal ones stays.
    for y, x in np.ndindex(height, width):
        for m, n in np.ndindex(*shape[2:]):
            if 0 <= y - down * m < high and 0 <= x - right * n < wide:
                larger = input[:, :, y, x] > values[:, :, m, n]
                values[:, :, m, n][larger] = input[:, :, y, x][larger]
                indices[:, :, m, n][larger] = y * width + x
    return (values, indices) if return_indices else values


def max_unpool2d(input, indices, kernel_size, stride=None, output_size=None):
    k, s = pair(kernel_size), pair(kernel_size if stride is None else stride)
    rows, columns = (s[a] * (input.shape[a + 2] - 1) + k[a] for a in (0, 1))
    if output_size is not None:
        if abs(output_size[0] - rows) > s[0] - 1 or abs(output_size[1] - columns) > s[1] - 1:
            raise ValueError("output_size")
        rows, columns = output_size
    if indices.size and not set(indices.ravel().tolist()) <= set(range(rows * columns)):
        raise ValueError("an index outside")
    samples, channels = input.shape[:2]
    result = np.zeros(samples * channels * rows * columns)
    planes = np.arange(samples * channels).reshape(samples, channels, 1, 1) * rows * columns
    result[(planes + indices).ravel()] = input.ravel()
    return result.reshape(samples, channels, rows, columns)


def pixel_shuffle(input, r):
    samples, channels, height, width = input.shape
    if channels != channels // r**2 * r**2:
        raise ValueError("channels")
    result = np.zeros((samples, channels // r**2, r * height, r * width))
    for channel in range(channels):
        c, place = divmod(channel, r**2)
        a, b = divmod(place, r)
        for h, w in np.ndindex(height, width):
            result[:, c, r * h + a, r * w + b] = input[:, channel, h, w]
    return result


def bilinear_kernel(f):
    if f < 1:
        raise ValueError("f must be 1 or more")
    # A box of f cells, scattered over a box of f cells, is a tent; for even f the two are half a cell apart.
    box = np.ones(f) / f
    tent = np.zeros(2 * f - 1)
    for j in range(f):
        tent[j : j + f] += box
    if f % 2 == 0:
        tent = (np.append(tent, 0) + np.append(0, tent)) / 2
    return np.outer(tent, tent)
