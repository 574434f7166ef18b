"""A right answer to the transposed-convolution assignment: the transpose of a convolution's matrix.

1-D is 2-D with one row.
"""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if not output_padding < max(stride, dilation):
        raise ValueError("output_padding must be smaller than stride or dilation")
    covered = {stride * j + dilation * t for j in (0, input_size - 1) for t in (0, kernel_size - 1)}
    size = max(covered) + 1 - 2 * padding + output_padding
    if size < 1:
        raise ValueError("empty output")
    return size


def axis_matrices(input_size, output_size, kernel_size, stride, padding, dilation):
    """For each tap a matrix of 0 and 1: which output cell (column) each input cell (row) stamps with it."""
    matrices = np.zeros((kernel_size, input_size, output_size))
    for t in range(kernel_size):
        for j in range(input_size):
            if 0 <= stride * j + dilation * t - padding < output_size:
                matrices[t, j, stride * j + dilation * t - padding] = 1
    return matrices


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return conv_transpose2d(
        input[:, :, None, :],
        weight[:, :, None, :],
        bias,
        (1, stride),
        (0, padding),
        (0, output_padding),
        groups,
        (1, dilation),
    )[:, :, 0, :]


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    axes = list(
        zip(input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(output_padding), pair(dilation))
    )
    size = [conv_transpose_output_size(*axis) for axis in axes]
    rows, columns = (axis_matrices(i, o, k, s, p, d) for o, (i, k, s, p, _, d) in zip(size, axes))
    blocks = []
    for g in range(groups):
        w = np.split(weight, groups)[g]
        x = np.split(input, groups, axis=1)[g]
        # The matrix of the convolution from the output's cells to the input's: (c, i, j) by (o, m, n).
        matrix = np.einsum("cotu,tim,ujn->cijomn", w, rows, columns)
        flat = matrix.reshape(x[0].size, -1)
        blocks.append((x.reshape(len(x), -1) @ flat).reshape(len(x), w.shape[1], *size))
    result = np.concatenate(blocks, axis=1)
    if bias is not None:
        result = result + np.asarray(bias)[:, None, None]
    return result
