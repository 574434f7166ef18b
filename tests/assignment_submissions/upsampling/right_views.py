"""A right answer to the upsampling assignment: repeated, reshaped and strided views, and gathers elsewhere."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return tuple(value) if np.iterable(value) else (value, value)


def positions(cells, count, ratio, mode, align_corners):
    m = np.arange(count, dtype=float)
    if align_corners:
        return m * ((cells - 1) / (count - 1)) if count > 1 else m
    return m * ratio if mode == "nearest" else (m + 0.5) * ratio


def interpolate(input, scale_factor=None, size=None, mode="nearest", align_corners=None):
    if (size is None) is (scale_factor is None):
        raise ValueError("size or scale_factor")
    if align_corners is not None and "nearest" in mode:
        raise ValueError("align_corners")
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
