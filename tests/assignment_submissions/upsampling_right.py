"""Right answers to the upsampling assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import math
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def check_options(scale_factor, size, mode, align_corners):
    if (scale_factor is None) == (size is None):
        raise ValueError("give one of scale_factor and size")
    if mode != "bilinear" and align_corners is not None:
        raise ValueError("align_corners is for bilinear")


# %% lookup: tables of positions, then whole axes are taken at once.
def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    check_options(scale_factor, size, mode, align_corners)
    output = input
    for axis, name in ((2, "rows"), (3, "columns")):
        cells = input.shape[axis]
        if size is None:
            step = 1.0 / pair(scale_factor)[axis - 2]
            count = int(np.floor(cells * pair(scale_factor)[axis - 2]))
        else:
            count = pair(size)[axis - 2]
            step = cells / count if count else np.nan
        if count == 0:
            raise ValueError(f"no {name}")
        begins = np.arange(count) * step
        if mode == "nearest":
            output = output.take(begins.astype(int), axis)
            continue
        centres = (np.arange(count) + 0.5) * step
        if mode == "nearest-exact":
            output = output.take(np.floor(centres).astype(int), axis)
            continue
        positions = centres - 0.5
        if align_corners:
            positions = np.linspace(0, cells - 1, count)
        positions = positions.clip(0, cells - 1)
        low = np.floor(positions).astype(int)
        high = np.ceil(positions).astype(int)
        share = np.expand_dims(positions - low, tuple(range(1, 4 - axis)))
        output = output.take(low, axis) * (1 - share) + output.take(high, axis) * share
    return output.copy()


def windows(size, kernel, stride):
    """Cells of every window along one axis, ``(places, kernel)``."""
    begin = np.arange(0, size - kernel + 1, stride)
    if not len(begin):
        raise ValueError("the window does not fit")
    return begin[:, None] + np.arange(kernel)


def max_pool2d(input, kernel_size, stride=None, return_indices=True):
    kernel_size, stride = pair(kernel_size), pair(stride or kernel_size)
    height, width = input.shape[2:]
    rows = windows(height, kernel_size[0], stride[0])
    columns = windows(width, kernel_size[1], stride[1])
    cells = (rows[:, None, :, None] * width + columns[None, :, None, :]).reshape(len(rows), len(columns), -1)
    seen = input.reshape(*input.shape[:2], -1)[:, :, cells]
    first = seen.argmax(axis=-1)[..., None]
    values = np.take_along_axis(seen, first, -1)[..., 0]
    if not return_indices:
        return values
    return values, np.take_along_axis(np.broadcast_to(cells, seen.shape), first, -1)[..., 0]


def max_unpool2d(input, indices, kernel_size, stride=None, output_size=None):
    kernel_size, stride = np.array(pair(kernel_size)), np.array(pair(stride or kernel_size))
    usual = stride * (np.array(input.shape[2:]) - 1) + kernel_size
    size = usual if output_size is None else np.array(output_size)
    if not (np.abs(size - usual) < stride).all():
        raise ValueError("output_size")
    flat = np.zeros((*input.shape[:2], size.prod()))
    if not ((indices >= 0) & (indices < flat.shape[-1])).all():
        raise ValueError("indices")
    np.put_along_axis(flat, indices.reshape(*input.shape[:2], -1), input.reshape(*input.shape[:2], -1), axis=-1)
    return flat.reshape(*input.shape[:2], *size)


def pixel_shuffle(input, r):
    channels, height, width = input.shape[1:]
    groups, left_over = divmod(channels, r * r)
    if left_over:
        raise ValueError("channels")
    c, y, x = np.ogrid[:groups, : height * r, : width * r]
    return input[:, c * r * r + y % r * r + x % r, y // r, x // r]


def bilinear_kernel(f):
    if not f >= 1:
        raise ValueError("f")
    # Half a tent, and its mirror image; an odd one has its tip but once.
    half = (np.arange(f) + (1 if f % 2 else 0.5)) / f
    tent = np.concatenate([half, half[::-1][f % 2 :]])
    return tent[:, None] * tent


# %% loops: cell by cell, in loops of single numbers; no function calls another.
def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    check_options(scale_factor, size, mode, align_corners)
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
    kernel_size, stride = pair(kernel_size), pair(stride)
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
    kernel_size, stride = pair(kernel_size), pair(kernel_size if stride is None else stride)
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


# %% matrix: each function is a matrix of zeros and weights, times the cells.
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
    check_options(scale_factor, size, mode, align_corners)
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


# %% scatter: every input cell gives away what it has to the output cells.
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
    check_options(scale_factor, size, mode, align_corners)
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


# %% views: repeated, reshaped and strided views, and gathers elsewhere.
def positions(cells, count, ratio, mode, align_corners):
    m = np.arange(count, dtype=float)
    if align_corners:
        return m * ((cells - 1) / (count - 1)) if count > 1 else m
    return m * ratio if mode == "nearest" else (m + 0.5) * ratio


def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    check_options(scale_factor, size, mode, align_corners)
    height, width = input.shape[2:]
    if size is None:
        (down, right) = pair(scale_factor)
        rows, columns, ratios = int(height * down), int(width * right), (1 / down, 1 / right)
        if mode != "bilinear" and isinstance(down, int) and isinstance(right, int):
            return input.repeat(down, axis=2).repeat(right, axis=3)
    else:
        rows, columns = pair(size)
        ratios = [cells / count if count else 0 for cells, count in zip((height, width), (rows, columns))]
    if rows < 1 or columns < 1:
        raise ValueError("no cell would be left")
    y = positions(height, rows, ratios[0], mode, align_corners)[:, None]
    x = positions(width, columns, ratios[1], mode, align_corners)[None, :]
    if mode != "bilinear":
        return input[:, :, np.floor(y).astype(int), np.floor(x).astype(int)]
    if not align_corners:
        y, x = y - 0.5, x - 0.5
    # One more cell all round, a copy of the border: then there is always a neighbour.
    framed = np.pad(input, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    low, side = y - top, x - left
    corners = [framed[:, :, top + 1 + a, left + 1 + b] for a in (0, 1) for b in (0, 1)]
    weights = [(1 - low) * (1 - side), (1 - low) * side, low * (1 - side), low * side]
    return sum(corner * weight for corner, weight in zip(corners, weights))


def max_pool2d(input, kernel_size, stride=None, return_indices=True):
    kernel_size = pair(kernel_size)
    stride = kernel_size if stride is None else pair(stride)
    if any(k > size for k, size in zip(kernel_size, input.shape[2:])):
        raise ValueError("too large")
    plane = np.arange(input.shape[2] * input.shape[3]).reshape(input.shape[2:])
    seen = sliding_window_view(input, kernel_size, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    names = sliding_window_view(plane, kernel_size)[:: stride[0], :: stride[1]]
    values = seen.max(axis=(4, 5))
    winners = np.where(seen == values[..., None, None], names, plane.size)
    return (values, winners.min(axis=(4, 5))) if return_indices else values


def max_unpool2d(input, indices, kernel_size, stride=None, output_size=None):
    kernel_size = pair(kernel_size)
    stride = kernel_size if stride is None else pair(stride)
    sizes = tuple(
        range((i - 1) * s + k - s + 1, (i - 1) * s + k + s) for i, s, k in zip(input.shape[2:], stride, kernel_size)
    )
    size = tuple(legal[s - 1] for legal, s in zip(sizes, stride)) if output_size is None else tuple(output_size)
    if size[0] not in sizes[0] or size[1] not in sizes[1]:
        raise ValueError(f"{size} is not in {sizes}")
    n, c = np.ogrid[: input.shape[0], : input.shape[1]]
    result = np.zeros((*input.shape[:2], *size))
    try:
        rows, columns = np.unravel_index(indices, size)
    except ValueError:
        raise ValueError("an index does not lie in the plane") from None
    result[n[..., None, None], c[..., None, None], rows, columns] = input
    return result


def pixel_shuffle(input, r):
    n, channels, height, width = input.shape
    if channels % r**2:
        raise ValueError("channels")
    blocks = input.reshape(n, channels // r**2, r, r, height, width)
    return np.ascontiguousarray(blocks.transpose(0, 1, 4, 2, 5, 3)).reshape(n, -1, height * r, width * r).copy()


def bilinear_kernel(f):
    if f <= 0:
        raise ValueError("f")
    reach = np.arange(1 - f, f) if f % 2 else np.arange(0.5 - f, f)
    return np.prod(np.meshgrid(1 - abs(reach) / f, 1 - abs(reach) / f), axis=0)
