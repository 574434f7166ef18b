"""Right answers to the dilation-project assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import math
from functools import cache
from itertools import product

import numpy as np


# %% arrays: NumPy arrays that are shifted, stretched and convolved.
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


# %% formulas: closed formulas, without a loop where there need be none.
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


# %% loops: plain loops and counting, cell by cell; no function calls another.
def receptive_field(layers):
    first = last = 0
    for kernel_size, stride, dilation in reversed(layers):
        if kernel_size < 1 or stride < 1 or dilation < 1:
            raise ValueError("no such layer")
        first = first * stride
        last = last * stride
        for _ in range(kernel_size - 1):
            last += dilation
    return last - first + 1


def fixed_padding(kernel_size, dilation):
    sides = [0, 0, 0, 0]
    for axis in (0, 1):
        k = kernel_size[axis] if isinstance(kernel_size, tuple) else kernel_size
        d = dilation[axis] if isinstance(dilation, tuple) else dilation
        if k < 1 or d < 1:
            raise ValueError("no such kernel")
        begin, end = (2, 3) if axis == 0 else (0, 1)
        for zero in range(d * (k - 1)):
            sides[end if zero % 2 == 0 else begin] += 1
    return tuple(sides)


def same_pads(n, k, s, d):
    if n < 1 or k < 1 or s < 1 or d < 1:
        raise ValueError("too small")
    places = 0
    for _ in range(0, n, s):
        places += 1
    begin = end = 0
    while n + begin + end < s * (places - 1) + d * (k - 1) + 1:
        if begin < end:
            begin += 1
        else:
            end += 1
    return begin, end


def coverage(rates, k=3):
    if k < 1:
        raise ValueError("k is too small")
    cells = [0]
    for rate in reversed(rates):
        if rate < 1:
            raise ValueError("a rate is too small")
        read = []
        for cell in cells:
            for tap in range(k):
                if cell + rate * tap not in read:
                    read.append(cell + rate * tap)
        cells = read
    cells.sort()
    return cells


def checkerboard_phases(w, s):
    rows, columns = s if isinstance(s, tuple) else (s, s)
    if rows < 1 or columns < 1:
        raise ValueError("no such stride")
    if w.ndim == 1:
        sums = np.zeros(columns)
        for t in range(len(w)):
            sums[t % columns] += w[t]
        return sums
    sums = np.zeros((rows, columns))
    for t in range(w.shape[0]):
        for u in range(w.shape[1]):
            sums[t % rows, u % columns] += w[t, u]
    return sums


def design_decoder(i, target):
    if i < 1 or target < 1:
        raise ValueError("there are no such sizes")
    reached = [(i, [])]
    known = {i}
    position = 0
    while position < len(reached):
        size, layers = reached[position]
        position += 1
        if size == target:
            return layers
        if len(layers) == 4:
            continue
        for stride in range(1, 7):
            for kernel_size in range(stride, 7, stride):
                for padding in range(kernel_size):
                    for output_padding in range(min(stride, padding + 1)):
                        new = stride * (size - 1) + kernel_size - 2 * padding + output_padding
                        if 1 <= new <= 2 * target + 20 and new not in known:
                            known.add(new)
                            reached.append((new, [*layers, (kernel_size, stride, padding, output_padding)]))
    raise ValueError("it cannot be done")


# %% recursion: each function does one layer, tap or axis and calls itself for the rest.
def receptive_field(layers):
    if not layers:
        return 1
    (kernel_size, stride, dilation), *others = layers
    if not (kernel_size > 0 and stride > 0 and dilation > 0):
        raise ValueError("kernel_size, stride and dilation must be positive")
    return (receptive_field(others) - 1) * stride + dilation * (kernel_size - 1) + 1


def fixed_padding(kernel_size, dilation):
    if isinstance(kernel_size, tuple) or isinstance(dilation, tuple):
        k = kernel_size if isinstance(kernel_size, tuple) else [kernel_size] * 2
        d = dilation if isinstance(dilation, tuple) else [dilation] * 2
        rows, columns = fixed_padding(k[0], d[0]), fixed_padding(k[1], d[1])
        return columns[:2] + rows[2:]
    if kernel_size < 1 or dilation < 1:
        raise ValueError("too small")
    if kernel_size == 1:
        return (0, 0, 0, 0)
    inner = sum(fixed_padding(kernel_size - 1, dilation)[:2]) + dilation
    return (inner // 2, -(-inner // 2)) * 2


def same_pads(n, k, s, d):
    if n <= 0 or k <= 0 or s <= 0 or d <= 0:
        raise ValueError("too small")
    if n > s:
        # What lies before the last place but one makes no difference.
        return same_pads(n - s, k, s, d)
    lacking = max(0, d * (k - 1) + 1 - n)
    return lacking // 2, lacking - lacking // 2


def coverage(rates, k=3):
    if k < 1:
        raise ValueError("k")
    if len(rates) == 0:
        return [0]
    if rates[0] < 1:
        raise ValueError("rates")
    rest = coverage(rates[1:], k)
    together = []
    for tap in range(k):
        together += [cell + tap * rates[0] for cell in rest]
    return list(dict.fromkeys(sorted(together)))


def checkerboard_phases(w, s):
    if w.ndim == 2:
        rows, columns = s if isinstance(s, tuple) else (s, s)
        if rows < 1:
            raise ValueError("s")
        folded = [sum(w[r::rows], np.zeros(w.shape[1])) for r in range(rows)]
        return np.stack([checkerboard_phases(row, columns) for row in folded])
    if s < 1:
        raise ValueError("s")
    if len(w) <= s:
        return np.concatenate([w, np.zeros(s - len(w))])
    sums = checkerboard_phases(w[s:], s)
    return sums + w[:s]


def design_decoder(i, target):
    if i < 1 or target < 1:
        raise ValueError("sizes must be positive")

    @cache
    def way(size, layers):
        """The last `layers` layers that lead to a size; None if there are none."""
        if size == i:
            return ()
        if layers == 0 or size > i * 6**layers or size < i - 5 * layers:
            return None
        for stride in (2, 1, 3, 4, 5, 6):
            for kernel_size in range(stride, 7, stride):
                for padding in range(kernel_size):
                    for output_padding in range(min(stride - 1, padding) + 1):
                        steps = size - kernel_size + 2 * padding - output_padding
                        if steps >= 0 and steps % stride == 0:
                            rest = way(steps // stride + 1, layers - 1)
                            if rest is not None:
                                return (*rest, (kernel_size, stride, padding, output_padding))
        return None

    decoder = way(target, 4)
    if decoder is None:
        raise ValueError("no decoder")
    return list(decoder)


# %% sets: sets of cells and of sizes, with comprehensions and itertools.
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
