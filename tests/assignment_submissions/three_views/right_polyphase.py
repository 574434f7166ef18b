"""A right answer to the three-views assignment: phase by phase, each a sum of shifted inputs, without zeros."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zero_insert(input, stride):
    (s0, s1), (n, c, height, width) = pair(stride), input.shape
    cells = np.zeros((n, c, height, s0, width, s1))
    cells[:, :, :, 0, :, 0] = input
    return cells.reshape(n, c, height * s0, width * s1)[:, :, : s0 * (height - 1) + 1, : s1 * (width - 1) + 1].copy()


def full_row(input, weight, stride, dilation):
    """The last axis of the full transposed convolution, phase by phase; weight is (C_in, C_out, k)."""
    size, taps = input.shape[-1], weight.shape[-1]
    length = stride * (size - 1) + dilation * (taps - 1) + 1
    full = np.zeros((*input.shape[:1], weight.shape[1], *input.shape[2:-1], length))
    for phase in range(stride):
        for t in range(taps):
            shift, rest = divmod(dilation * t - phase, stride)
            if rest == 0 and phase < length:
                row = full[..., phase::stride]
                row[..., shift : shift + size] += np.einsum("nc...,co->no...", input, weight[..., t])
    return full


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    if any(extra >= s and extra >= d for extra, s, d in zip(output_padding, stride, dilation)):
        raise ValueError("too much output_padding")
    parts = []
    for x, w in zip(np.split(input, groups, axis=1), np.split(weight, groups)):
        part = 0
        for t in range(w.shape[2]):  # the rows of the kernel one by one
            rows = full_row(x, w[:, :, t], stride[1], dilation[1])
            tall = np.zeros(
                (*rows.shape[:2], stride[0] * (rows.shape[2] - 1) + dilation[0] * (w.shape[2] - 1) + 1, rows.shape[3])
            )
            tall[:, :, dilation[0] * t :: stride[0]][:, :, : rows.shape[2]] = rows
            part = part + tall
        parts.append(part)
    full = np.concatenate(parts, axis=1)
    windows = []
    for size, p, extra in zip(full.shape[2:], padding, output_padding):
        window = np.arange(p, size - p + extra)
        if not len(window):
            raise ValueError("nothing left")
        windows.append(window)
    beyond = np.pad(full, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])
    result = beyond[:, :, windows[0][:, None], windows[1]]
    if bias is not None:
        result += bias[:, None, None]
    return result


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if input_shape[0] != weight.shape[1]:
        raise ValueError("channels")
    axes = list(zip(input_shape[1:], weight.shape[2:], pair(stride), pair(padding), pair(dilation)))
    if any(d * (k - 1) + 1 > i + 2 * p for i, k, _, p, d in axes):
        raise ValueError("the kernel does not fit")
    shifts = []
    for i, k, s, p, d in axes:
        # Tap t on its own is a shift: a diagonal of ones, of which every stride-th row is kept.
        rows = i + 2 * p - d * (k - 1)
        shifts.append([np.eye(rows, i, d * t - p)[::s] for t in range(k)])
    blocks = [
        [
            sum(
                weight[o, c, t, u] * np.kron(down, across)
                for t, down in enumerate(shifts[0])
                for u, across in enumerate(shifts[1])
            )
            for c in range(weight.shape[1])
        ]
        for o in range(weight.shape[0])
    ]
    return np.block(blocks)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    matrix = conv_matrix(input_size[1:], weight, stride, padding, dilation)
    extents = zip(input_size[2:], weight.shape[2:], pair(stride), pair(padding), pair(dilation))
    size = tuple((i + 2 * p - d * (k - 1) - 1) // s + 1 for i, k, s, p, d in extents)
    if grad_output.shape[1:] != (len(weight), *size):
        raise ValueError("grad_output has another shape")
    return np.stack([(matrix.T @ g.ravel()).reshape(input_size[1:]) for g in grad_output])
