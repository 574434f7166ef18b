"""A right answer to the three-views assignment: single numbers and loops; no function calls another."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zero_insert(input, stride):
    down, across = pair(stride)
    samples, channels, rows, columns = input.shape
    result = np.zeros((samples, channels, 1 + down * (rows - 1), 1 + across * (columns - 1)))
    for n, c, i, j in np.ndindex(*input.shape):
        result[n, c, down * i, across * j] = input[n, c, i, j]
    return result


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    (s0, s1), (p0, p1), (q0, q1), (d0, d1) = pair(stride), pair(padding), pair(output_padding), pair(dilation)
    if (q0 >= s0 and q0 >= d0) or (q1 >= s1 and q1 >= d1):
        raise ValueError("output_padding is too large")
    samples, c_in, rows, columns = input.shape
    _, c_group, high, wide = weight.shape
    height = s0 * (rows - 1) + d0 * (high - 1) + 1 - 2 * p0 + q0
    width = s1 * (columns - 1) + d1 * (wide - 1) + 1 - 2 * p1 + q1
    if height < 1 or width < 1:
        raise ValueError("nothing is left")
    result = np.zeros((samples, c_group * groups, height, width))
    for n, o, y, x in np.ndindex(*result.shape):
        first = o // c_group * (c_in // groups)
        total = 0.0 if bias is None else bias[o]
        for t, u in np.ndindex(high, wide):
            i, above = divmod(y + p0 - d0 * t, s0)
            j, beside = divmod(x + p1 - d1 * u, s1)
            if above == beside == 0 and 0 <= i < rows and 0 <= j < columns:
                for c in range(first, first + c_in // groups):
                    total += input[n, c, i, j] * weight[c, o % c_group, t, u]
        result[n, o, y, x] = total
    return result


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    (s0, s1), (p0, p1), (d0, d1) = pair(stride), pair(padding), pair(dilation)
    channels, rows, columns = input_shape
    c_out, c_in, high, wide = weight.shape
    if channels != c_in:
        raise ValueError("another number of channels")
    tops = range(-p0, rows + p0 - d0 * (high - 1), s0)
    lefts = range(-p1, columns + p1 - d1 * (wide - 1), s1)
    if not tops or not lefts:
        raise ValueError("the kernel does not fit")
    lines = []
    for o in range(c_out):
        for top in tops:
            for left in lefts:
                line = np.zeros(input_shape)
                for c, t, u in np.ndindex(c_in, high, wide):
                    row, column = top + d0 * t, left + d1 * u
                    if 0 <= row < rows and 0 <= column < columns:
                        line[c, row, column] = weight[o, c, t, u]
                lines.append(line.reshape(-1))
    return np.array(lines)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    (s0, s1), (p0, p1), (d0, d1) = pair(stride), pair(padding), pair(dilation)
    _, c_in, rows, columns = input_size
    c_out, c_weight, high, wide = weight.shape
    tops = range(-p0, rows + p0 - d0 * (high - 1), s0)
    lefts = range(-p1, columns + p1 - d1 * (wide - 1), s1)
    if c_weight != c_in or grad_output.shape[1:] != (c_out, len(tops), len(lefts)):
        raise ValueError("these shapes belong to no convolution")
    gradient = np.zeros(input_size)
    for n, o, m, k in np.ndindex(*grad_output.shape):
        for c, t, u in np.ndindex(c_in, high, wide):
            row, column = tops[m] + d0 * t, lefts[k] + d1 * u
            if 0 <= row < rows and 0 <= column < columns:
                gradient[n, c, row, column] += grad_output[n, o, m, k] * weight[o, c, t, u]
    return gradient
