"""A right answer to the dilation project: sets of cells and of sizes, with comprehensions and itertools."""

from itertools import product

import numpy as np


def receptive_field(layers):
    cells = {0}
    for kernel_size, stride, dilation in layers[::-1]:
        if any(number <= 0 for number in (kernel_size, stride, dilation)):
            raise ValueError(f"no layer has {kernel_size}, {stride}, {dilation}")
        cells = {stride * cell + dilation * tap for cell in cells for tap in (0, kernel_size - 1)}
    return max(cells) - min(cells) + 1


def fixed_padding(kernel_size, dilation):
    kernels, dilations = (v if isinstance(v, tuple) else (v,) * 2 for v in (kernel_size, dilation))
    if min(kernels + dilations) < 1:
        raise ValueError("kernel_size and dilation must be positive")
    gaps = [set(range(d * (k - 1))) for k, d in zip(kernels, dilations)]
    before = [{zero for zero in zeros if zero % 2} for zeros in gaps]
    (bottom, top), (right, left) = ((len(zeros - odd), len(odd)) for zeros, odd in zip(gaps, before))
    return left, right, top, bottom


def same_pads(n, k, s, d):
    if not {n, k, s, d}.isdisjoint(range(min(n, k, s, d), 1)):
        raise ValueError("all four must be positive")
    places = set(range(0, n, s))
    wanted = {place + d * tap for place in places for tap in range(k)}
    lacking = range(n, max(wanted) + 1)
    return len(lacking[: len(lacking) // 2]), len(lacking[len(lacking) // 2 :])


def coverage(rates, k=3):
    if k < 1 or any(rate < 1 for rate in rates):
        raise ValueError("rates and k must be positive")
    return sorted({sum(path) for path in product(*(range(0, rate * k, rate) for rate in rates))})


def checkerboard_phases(w, s):
    steps = s if isinstance(s, tuple) else (s,) * w.ndim
    if any(step < 1 for step in steps):
        raise ValueError("s must be positive")
    taps = set(np.ndindex(*w.shape))
    phases = {
        phase: {tap for tap in taps if all(t % m == r for t, m, r in zip(tap, steps, phase))}
        for phase in np.ndindex(*steps)
    }
    return np.array([sum(w[tap] for tap in phases[phase]) for phase in np.ndindex(*steps)], float).reshape(steps)


RULES = {
    (k, s, p, op): (s, k - s - 2 * p + op)
    for k, s, p, op in product(range(1, 7), range(1, 7), range(6), range(6))
    if k % s == 0 and p < k and op < s and op <= p
}


def before(size):
    """All sizes from which one layer leads to this one, each with such a layer."""
    found = {}
    for layer, (stride, more) in RULES.items():
        if (size - more) % stride == 0 and size - more >= stride:
            found[(size - more) // stride] = layer
    return found


def design_decoder(i, target):
    if {i, target} & set(range(min(i, target), 1)):
        raise ValueError("sizes begin at 1")
    ways = {target: []}
    for _ in range(4):
        if i in ways:
            break
        ways = {size: [layer, *way] for last, way in ways.items() for size, layer in before(last).items()} | ways
    if i not in ways:
        raise ValueError("no such decoder")
    return ways[i]
