"""A right answer to the convolution assignment: single numbers and loops; no function calls another."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


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
    samples, c_in, length = input.shape
    c_out, c_group, taps = weight.shape
    if c_in != c_group * groups or c_out % groups != 0:
        raise ValueError("the channels do not fit")
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
    samples, c_in, rows, columns = input.shape
    c_out, c_group, high, wide = weight.shape
    if c_in != c_group * groups or c_out % groups != 0:
        raise ValueError("the channels do not fit")
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
