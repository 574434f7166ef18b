"""A right answer to the dilation project: plain loops and counting, cell by cell; no function calls another."""

import numpy as np


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
