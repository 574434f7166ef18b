"""A right answer to the transposed-convolution assignment: single numbers and loops, straight into the output."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding >= stride and output_padding >= dilation:
        raise ValueError("output_padding is too large")
    last = stride * (input_size - 1) + dilation * (kernel_size - 1)
    size = last + 1 - padding - padding + output_padding
    if size <= 0:
        raise ValueError("nothing is left")
    return size


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    n_samples, c_in, length = input.shape
    c_out = weight.shape[1] * groups
    size = conv_transpose_output_size(length, weight.shape[2], stride, padding, output_padding, dilation)
    result = np.zeros((n_samples, c_out, size))
    for n in range(n_samples):
        for c in range(c_in):
            first = c // (c_in // groups) * weight.shape[1]
            for o in range(weight.shape[1]):
                for j in range(length):
                    for t in range(weight.shape[2]):
                        place = stride * j + dilation * t - padding
                        if 0 <= place < size:
                            result[n, first + o, place] += input[n, c, j] * weight[c, o, t]
    if bias is not None:
        for o in range(c_out):
            result[:, o] += bias[o]
    return result


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    (s0, s1), (p0, p1), (q0, q1), (d0, d1) = pair(stride), pair(padding), pair(output_padding), pair(dilation)
    n_samples, c_in, rows, columns = input.shape
    _, c_group, k_rows, k_columns = weight.shape
    height = conv_transpose_output_size(rows, k_rows, s0, p0, q0, d0)
    width = conv_transpose_output_size(columns, k_columns, s1, p1, q1, d1)
    result = np.zeros((n_samples, c_group * groups, height, width))
    for n, c, i, j in np.ndindex(n_samples, c_in, rows, columns):
        first = c // (c_in // groups) * c_group
        for o, t, u in np.ndindex(c_group, k_rows, k_columns):
            row, column = s0 * i + d0 * t - p0, s1 * j + d1 * u - p1
            if 0 <= row < height and 0 <= column < width:
                result[n, first + o, row, column] += input[n, c, i, j] * weight[c, o, t, u]
    if bias is not None:
        for o in range(c_group * groups):
            result[:, o] += bias[o]
    return result
