"""A right answer to the dilation project: NumPy arrays that are shifted, stretched and convolved."""

import numpy as np


def receptive_field(layers):
    spread = np.ones(1)
    for kernel_size, stride, dilation in reversed(layers):
        if np.min([kernel_size, stride, dilation]) < 1:
            raise ValueError("a layer is impossible")
        stretched = np.zeros(stride * (spread.size - 1) + 1)
        stretched[::stride] = spread
        comb = np.zeros(dilation * (kernel_size - 1) + 1)
        comb[::dilation] = 1
        spread = np.convolve(stretched, comb) > 0
    return spread.size


def fixed_padding(kernel_size, dilation):
    kernel_size, dilation = np.broadcast_to(kernel_size, 2), np.broadcast_to(dilation, 2)
    if (kernel_size < 1).any() or (dilation < 1).any():
        raise ValueError("kernel_size and dilation must be at least 1")
    totals = (dilation * (kernel_size - 1))[::-1]
    return tuple(np.stack([totals // 2, (totals + 1) // 2], axis=1).ravel().tolist())


def same_pads(n, k, s, d):
    if np.any(np.array([n, k, s, d]) < 1):
        raise ValueError("n, k, s, d must be at least 1")
    reads = np.arange(0, n, s)[:, None] + d * np.arange(k)
    halves = np.array_split(np.zeros(max(0, reads.max() + 1 - n)), 2)
    return halves[1].size, halves[0].size


def coverage(rates, k=3):
    if k < 1 or np.min(rates) < 1:
        raise ValueError("rates and k must be at least 1")
    paths = np.ones(1)
    for rate in rates:
        comb = np.zeros(rate * (k - 1) + 1)
        comb[::rate] = 1
        paths = np.convolve(paths, comb)
    return np.flatnonzero(paths > 0.5).tolist()


def checkerboard_phases(w, s):
    steps = np.broadcast_to(s, w.ndim)
    if (steps < 1).any():
        raise ValueError("s must be at least 1")
    sums = w
    for axis, step in enumerate(steps):
        rows = np.moveaxis(sums, axis, 0)
        rows = np.concatenate([rows, np.zeros((-len(rows) % step, *rows.shape[1:]))])
        sums = np.moveaxis(rows.reshape(-1, step, *rows.shape[1:]).sum(axis=0), 0, axis)
    return sums


def design_decoder(i, target):
    if i < 1 or target < 1:
        raise ValueError("i and target must be at least 1")
    k, s, p, op = (axis.ravel() for axis in np.mgrid[1:7, 1:7, 0:6, 0:6])
    allowed = (k % s == 0) & (p < k) & (op < s) & (op <= p)
    layers = np.stack([k, s, p, op], axis=1)[allowed]
    k, s, p, op = layers.T
    sizes, steps = np.array([i]), []
    while target not in sizes:
        if len(steps) == 4:
            raise ValueError(f"{target} is out of reach")
        made = np.multiply.outer(sizes - 1, s) + k - 2 * p + op
        new, where = np.unique(made, return_index=True)
        kept = (new > 0) & (new < 2 * target + 20)
        steps.append((sizes, new[kept], where[kept]))
        sizes = new[kept]
    decoder, size = [], target
    for before, after, where in reversed(steps):
        row, column = divmod(where[np.searchsorted(after, size)], len(layers))
        decoder.insert(0, tuple(layers[column].tolist()))
        size = before[row]
    return decoder
