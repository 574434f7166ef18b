"""Right answers to the convolution assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def check_channels(input, weight, groups):
    if weight.shape[0] % groups or input.shape[1] != weight.shape[1] * groups:
        raise ValueError(f"no layer takes {input.shape[1]} channels with {weight.shape} and {groups} groups")


def by_pictures(conv2d, input, weight, bias, stride, padding, dilation, groups):
    """A row is a picture of one row."""
    options = (1, stride), (0, padding), (1, dilation), groups
    return conv2d(input[:, :, None], weight[:, :, None], bias, *options)[:, :, 0]


# %% loops: single numbers and loops; no function calls another.
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    places, first = 0, -padding
    while first + dilation * (kernel_size - 1) <= input_size - 1 + padding:
        places += 1
        first += stride
    if places == 0:
        raise ValueError("the kernel does not fit")
    return places


def pad2d(input, pad):
    left, right, top, bottom = pad
    samples, channels, rows, columns = input.shape
    result = np.zeros((samples, channels, top + rows + bottom, left + columns + right))
    for n, c, i, j in np.ndindex(*input.shape):
        result[n, c, top + i, left + j] = input[n, c, i, j]
    return result


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    samples, _, length = input.shape
    c_out, c_group, taps = weight.shape
    check_channels(input, weight, groups)
    starts = [m for m in range(-padding, length + padding, stride) if m + dilation * (taps - 1) < length + padding]
    if not starts:
        raise ValueError("the kernel does not fit")
    result = np.zeros((samples, c_out, len(starts)))
    for n in range(samples):
        for o in range(c_out):
            first = o // (c_out // groups) * c_group
            for m, start in enumerate(starts):
                total = 0.0 if bias is None else bias[o]
                for c in range(c_group):
                    for t in range(taps):
                        cell = start + dilation * t
                        if 0 <= cell < length:
                            total += input[n, first + c, cell] * weight[o, c, t]
                result[n, o, m] = total
    return result


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (s0, s1), (p0, p1), (d0, d1) = pair(stride), pair(padding), pair(dilation)
    samples, _, rows, columns = input.shape
    c_out, c_group, high, wide = weight.shape
    check_channels(input, weight, groups)
    tops = [i for i in range(-p0, rows + p0, s0) if i + d0 * (high - 1) < rows + p0]
    lefts = [j for j in range(-p1, columns + p1, s1) if j + d1 * (wide - 1) < columns + p1]
    if not tops or not lefts:
        raise ValueError("the kernel does not fit")
    result = np.zeros((samples, c_out, len(tops), len(lefts)))
    for n, o, i, j in np.ndindex(*result.shape):
        first = o // (c_out // groups) * c_group
        total = 0.0 if bias is None else bias[o]
        for c, t, u in np.ndindex(c_group, high, wide):
            row, column = tops[i] + d0 * t, lefts[j] + d1 * u
            if 0 <= row < rows and 0 <= column < columns:
                total += input[n, first + c, row, column] * weight[o, c, t, u]
        result[n, o, i, j] = total
    return result


# %% matrix: each layer as one big matrix, times the input as one long column.
def starts(input_size, kernel_size, stride, padding, dilation):
    begin = np.arange(-padding, input_size + padding, stride)
    return begin[begin + dilation * (kernel_size - 1) < input_size + padding]


def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    size = starts(input_size, kernel_size, stride, padding, dilation).size
    if size == 0:
        raise ValueError("nothing comes out")
    return size


def pad2d(input, pad):
    left, right, top, bottom = pad
    height, width = input.shape[-2:]
    down = np.eye(top + height + bottom, height, -top)
    across = np.eye(width, left + width + right, left)
    return down @ input @ across


def band(size, kernel_size, stride, padding, dilation):
    """One axis: ``[m, t, i]`` is 1 where tap t of place m reads cell i."""
    cells = starts(size, kernel_size, stride, padding, dilation)[:, None] + dilation * np.arange(kernel_size)
    return (cells[..., None] == np.arange(size)).astype(float)


def spread(weight, groups):
    """The kernels of a layer without groups: zeros for the channels of other groups."""
    c_out, per_group = weight.shape[:2]
    full = np.zeros((c_out, per_group * groups, *weight.shape[2:]))
    for o in range(c_out):
        first = o * groups // c_out * per_group
        full[o, first : first + per_group] = weight[o]
    return full


def applied(matrix, input, bias):
    """The matrix is ``(C_out, *out, C_in, *in)``."""
    shape = matrix.shape[: input.ndim - 1]
    matrix = matrix.reshape(int(np.prod(shape)), -1)
    if not matrix.size:
        raise ValueError("nothing comes out")
    result = (input.reshape(len(input), -1) @ matrix.T).reshape(len(input), *shape)
    return result if bias is None else np.moveaxis(np.moveaxis(result, 1, -1) + bias, -1, 1)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    check_channels(input, weight, groups)
    reads = band(input.shape[2], weight.shape[2], stride, padding, dilation)
    return applied(np.einsum("oct,mti->omci", spread(weight, groups), reads), input, bias)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    check_channels(input, weight, groups)
    down, across = map(band, input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(dilation))
    matrix = np.einsum("octu,mti,nuj->omncij", spread(weight, groups), down, across)
    return applied(matrix, input, bias)


# %% patches: a table of patches (im2col), one row a place, times the kernels.
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    jumps, left_over = divmod(input_size + 2 * padding - dilation * (kernel_size - 1) - 1, stride)
    if jumps < 0:
        raise ValueError(f"no place for the kernel, {stride - left_over} cells too few")
    return jumps + 1


def pad2d(input, pad):
    left, right, top, bottom = pad
    rows = np.pad(np.arange(1, input.shape[2] + 1), (top, bottom))
    columns = np.pad(np.arange(1, input.shape[3] + 1), (left, right))
    real = (rows[:, None] > 0) & (columns > 0)
    return np.where(real, input[:, :, rows[:, None] - 1, columns - 1], 0.0)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return by_pictures(conv2d, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    check_channels(input, weight, groups)
    (p0, p1), cells = pair(padding), []
    for axis, (s, p, d) in enumerate(zip(pair(stride), pair(padding), pair(dilation)), start=2):
        places = conv_output_size(input.shape[axis], weight.shape[axis], s, p, d)
        cells.append(s * np.arange(places)[:, None] + d * np.arange(weight.shape[axis]))
    rows, columns = cells
    patches = pad2d(input, (p1, p1, p0, p0))[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    result = []
    for part, kernels in zip(np.split(patches, groups, axis=1), np.split(weight, groups, axis=0)):
        table = part.transpose(0, 2, 3, 1, 4, 5).reshape(len(input) * len(rows) * len(columns), -1)
        answer = table @ kernels.reshape(len(kernels), -1).T
        result.append(answer.reshape(len(input), len(rows), len(columns), -1).transpose(0, 3, 1, 2))
    result = np.concatenate(result, axis=1)
    return result if bias is None else result + bias[None, :, None, None]


# %% scatter: every input cell gives itself to all output cells that see it.
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    unread = input_size + 2 * padding - 1 - dilation * (kernel_size - 1)
    if unread < 0:
        raise ValueError("does not fit")
    return 1 if unread < stride else 1 + conv_output_size(unread - stride + 1, 1, stride)


def pad2d(input, pad):
    result = input
    for axis, before, after in ((3, pad[0], pad[1]), (2, pad[2], pad[3])):
        places = [0] * before + [result.shape[axis]] * after
        result = np.insert(result, places, 0, axis=axis)
    return result


def who_sees(input_size, kernel_size, stride, padding, dilation):
    """For each input cell: the (output cell, tap) pairs that read it."""
    size = conv_output_size(input_size, kernel_size, stride, padding, dilation)
    readers = [[] for _ in range(input_size)]
    for m in range(size):
        for t in range(kernel_size):
            cell = stride * m + dilation * t - padding
            if 0 <= cell < input_size:
                readers[cell].append((m, t))
    return size, readers


def blocks(input, weight, groups):
    """For each group: its input channels, its output channels, its weight."""
    check_channels(input, weight, groups)
    c_in, c_out = weight.shape[1], weight.shape[0] // groups
    for g in range(groups):
        outs = slice(g * c_out, (g + 1) * c_out)
        yield slice(g * c_in, (g + 1) * c_in), outs, weight[outs]


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    groups = list(blocks(input, weight, groups))
    size, readers = who_sees(input.shape[2], weight.shape[2], stride, padding, dilation)
    result = np.zeros((len(input), len(weight), size))
    for ins, outs, w in groups:
        for i, seen in enumerate(readers):
            for m, t in seen:
                result[:, outs, m] += input[:, ins, i] @ w[:, :, t].T
    return result if bias is None else result + np.reshape(bias, (1, -1, 1))


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    groups = list(blocks(input, weight, groups))
    axes = zip(input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(dilation))
    (rows, above), (columns, beside) = (who_sees(*axis) for axis in axes)
    result = np.zeros((len(input), len(weight), rows, columns))
    for ins, outs, w in groups:
        for i, j in np.ndindex(*input.shape[2:]):
            for m, t in above[i]:
                for n, u in beside[j]:
                    result[:, outs, m, n] += input[:, ins, i, j] @ w[:, :, t, u].T
    return result if bias is None else result + np.reshape(bias, (1, -1, 1, 1))


# %% strides: all windows at once, by stride tricks, and one einsum.
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    free = input_size + 2 * padding - (kernel_size + (kernel_size - 1) * (dilation - 1))
    if free < 0:
        raise ValueError("the kernel is longer than the input")
    return math.ceil((free + 1) / stride)


def pad2d(input, pad):
    left, right, top, bottom = pad
    n, c, _, width = input.shape
    tall = np.concatenate([np.zeros((n, c, top, width)), input, np.zeros((n, c, bottom, width))], axis=2)
    height = tall.shape[2]
    return np.concatenate([np.zeros((n, c, height, left)), tall, np.zeros((n, c, height, right))], axis=3)


def convolve(input, weight, bias, stride, padding, dilation, groups):
    """Any number of axes: every window is a view of the padded input."""
    axes = input.ndim - 2
    stride, padding, dilation = (v if isinstance(v, tuple) else (v,) * axes for v in (stride, padding, dilation))
    check_channels(input, weight, groups)
    sizes = tuple(map(conv_output_size, input.shape[2:], weight.shape[2:], stride, padding, dilation))
    padded = np.pad(input, [(0, 0), (0, 0)] + [(p, p) for p in padding])
    batch, channels = padded.strides[:2]
    per_group = weight.shape[1]
    view = as_strided(
        padded,
        (len(input), groups, per_group, *sizes, *weight.shape[2:]),
        (
            batch,
            channels * per_group,
            channels,
            *(step * s for step, s in zip(padded.strides[2:], stride)),
            *(step * d for step, d in zip(padded.strides[2:], dilation)),
        ),
        writeable=False,
    )
    kernels = weight.reshape(groups, -1, *weight.shape[1:])
    letters = "xy"[:axes], "tu"[:axes]
    result = np.einsum(f"ngc{letters[0]}{letters[1]},goc{letters[1]}->ngo{letters[0]}", view, kernels)
    result = result.reshape(len(input), -1, *sizes)
    return result if bias is None else result + bias.reshape(-1, *(1,) * axes)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return convolve(input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return convolve(input, weight, bias, stride, padding, dilation, groups)


# %% taps: one tap at a time, for all places at once.
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    last_start = input_size + 2 * padding - dilation * (kernel_size - 1)
    size = len(range(0, last_start, stride))
    if not size:
        raise ValueError(f"kernel_size={kernel_size} is too large")
    return size


def pad2d(input, pad):
    left, right, top, bottom = pad
    height, width = input.shape[2:]
    result = np.zeros((*input.shape[:2], height + top + bottom, width + left + right))
    result[:, :, top : top + height, left : left + width] = input
    return result


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return by_pictures(conv2d, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    check_channels(input, weight, groups)
    rows, columns = map(conv_output_size, input.shape[2:], weight.shape[2:], stride, padding, dilation)
    padded = pad2d(input, (padding[1], padding[1], padding[0], padding[0]))
    parts = []
    for x, w in zip(np.split(padded, groups, axis=1), np.split(weight, groups)):
        part = np.zeros((len(x), len(w), rows, columns))
        for t in range(weight.shape[2]):
            for u in range(weight.shape[3]):
                seen = x[:, :, dilation[0] * t :: stride[0], dilation[1] * u :: stride[1]][:, :, :rows, :columns]
                part += np.tensordot(w[:, :, t, u], seen, axes=([1], [1])).swapaxes(0, 1)
        parts.append(part)
    result = np.concatenate(parts, axis=1)
    if bias is not None:
        result += bias.reshape(1, -1, 1, 1)
    return result
