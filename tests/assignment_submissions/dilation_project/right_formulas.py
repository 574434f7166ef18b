"""A right answer to the dilation project: closed formulas, without a loop where there need be none."""

import math

import numpy as np


def receptive_field(layers):
    if any(min(layer) < 1 for layer in layers):
        raise ValueError("a number below 1")
    jumps = np.cumprod([1, *(stride for _, stride, _ in layers)]).tolist()
    return 1 + sum(jump * dilation * (k - 1) for jump, (k, _, dilation) in zip(jumps, layers))


def fixed_padding(kernel_size, dilation):
    kh, kw = kernel_size if np.ndim(kernel_size) else (kernel_size, kernel_size)
    dh, dw = dilation if np.ndim(dilation) else (dilation, dilation)
    if min(kh, kw, dh, dw) < 1:
        raise ValueError("a number below 1")
    high, wide = kh + (kh - 1) * (dh - 1), kw + (kw - 1) * (dw - 1)
    return (wide - 1) // 2, wide // 2, (high - 1) // 2, high // 2


def same_pads(n, k, s, d):
    if min(n, k, s, d) < 1:
        raise ValueError("a number below 1")
    over = n % s
    span = d * (k - 1) + 1
    total = max(span - (over if over else s), 0)
    return math.floor(total / 2), math.ceil(total / 2)


def coverage(rates, k=3):
    if min(min(rates), k) < 1:
        raise ValueError("a number below 1")
    reached = 1  # a row of bits, one for each cell
    for rate in rates:
        reached = sum_of_bits(reached << (rate * tap) for tap in range(k))
    return [cell for cell in range(reached.bit_length()) if reached >> cell & 1]


def sum_of_bits(rows):
    together = 0
    for row in rows:
        together |= row
    return together


def checkerboard_phases(w, s):
    steps = np.broadcast_to(s, w.ndim)
    if steps.min() < 1:
        raise ValueError("a number below 1")
    # For each axis a matrix of 0 and 1: which tap (column) belongs to which phase (row).
    matrices = [np.arange(step)[:, None] == np.arange(k) % step for step, k in zip(steps, w.shape)]
    return matrices[0] @ w if w.ndim == 1 else matrices[0] @ w @ matrices[1].T


def cut(size, stride):
    """The layer without overlap that makes ``size`` cells, and the size that it needs."""
    needed = math.ceil(size / stride)
    extra = stride * needed - size
    return (stride, stride, math.ceil(extra / 2), extra % 2), needed


def design_decoder(i, target):
    """Layers without overlap at the end, and before them small steps with stride 1."""
    if min(i, target) < 1:
        raise ValueError("a number below 1")
    for layers in range(5):
        for strides in np.ndindex(*(5,) * layers):
            size, decoder = target, []
            for stride in strides:
                layer, size = cut(size, stride + 2)
                decoder.insert(0, layer)
            change = size - i
            small = []
            while change and len(small) + layers < 4:
                step = max(-5, min(5, change))
                small.append((abs(step) + 1, 1, 0 if step > 0 else abs(step), 0))
                change -= step
            if change == 0 and len(small) + layers <= 4:
                return small + decoder
    raise ValueError("no way")
