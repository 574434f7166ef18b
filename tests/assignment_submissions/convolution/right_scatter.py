"""A right answer to the convolution assignment: every input cell gives itself to all output cells that see it."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


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
    if input.shape[1] != weight.shape[1] * groups or weight.shape[0] % groups:
        raise ValueError("channels and groups do not fit")
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
