"""A right answer to the three-views assignment: the matrix from unit pictures, all else by its transpose."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zero_insert(input, stride):
    down, across = (np.eye(s * (size - 1) + 1)[:, ::s] for s, size in zip(pair(stride), input.shape[2:]))
    return down @ input @ across.T


def convolved(input, weight, stride, padding, dilation):
    padded = np.pad(input, [(0, 0), (0, 0), *((p, p) for p in padding)])
    spans = [d * (k - 1) + 1 for k, d in zip(weight.shape[2:], dilation)]
    windows = sliding_window_view(padded, spans, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    windows = windows[..., :: dilation[0], :: dilation[1]]
    return np.tensordot(windows, weight, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if input_shape[0] != weight.shape[1]:
        raise ValueError("another number of channels")
    units = np.eye(int(np.prod(input_shape))).reshape(-1, *input_shape)
    answers = convolved(units, weight, pair(stride), pair(padding), pair(dilation))
    return answers.reshape(len(units), -1).T


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    matrix = conv_matrix(input_size[1:], weight, stride, padding, dilation)
    rows = grad_output.reshape(len(grad_output), -1)
    zeros = np.zeros((1, *input_size[1:]))
    if convolved(zeros, weight, pair(stride), pair(padding), pair(dilation)).shape[1:] != grad_output.shape[1:]:
        raise ValueError(f"{grad_output.shape} is not what a convolution of {input_size} gives")
    return (rows @ matrix).reshape(input_size)


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    if not all(extra < s or extra < d for extra, s, d in zip(output_padding, stride, dilation)):
        raise ValueError("output_padding is too large")
    axes = zip(input.shape[2:], weight.shape[2:], stride, dilation)
    full = [s * (i - 1) + d * (k - 1) + 1 for i, k, s, d in axes]
    size = [f - 2 * p + extra for f, p, extra in zip(full, padding, output_padding)]
    if min(size) < 1:
        raise ValueError("nothing is left")
    parts = []
    for x, w in zip(np.split(input, groups, axis=1), np.split(weight, groups)):
        # The convolution whose transpose this is gives the full size, without any crop.
        whole = conv2d_input((len(x), w.shape[1], *full), w, x, stride, 0, dilation)
        parts.append(np.pad(whole, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)]))
    (top, left), (height, width) = padding, size
    result = np.concatenate(parts, axis=1)[:, :, top : top + height, left : left + width]
    return result if bias is None else np.add(result, np.reshape(bias, (-1, 1, 1)))
