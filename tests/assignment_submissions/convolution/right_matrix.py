"""A right answer to the convolution assignment: each layer as one big matrix, times the input as one long column."""

import numpy as np


def pair(value):
    return (value, value) if np.ndim(value) == 0 else tuple(value)


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


def checked(input, weight, groups):
    if weight.shape[0] % groups or input.shape[1] != weight.shape[1] * groups:
        raise ValueError(f"no layer takes {input.shape[1]} channels with {weight.shape} and {groups} groups")


def applied(matrix, input, bias):
    """The matrix is ``(C_out, *out, C_in, *in)``."""
    shape = matrix.shape[: input.ndim - 1]
    matrix = matrix.reshape(int(np.prod(shape)), -1)
    if not matrix.size:
        raise ValueError("nothing comes out")
    result = (input.reshape(len(input), -1) @ matrix.T).reshape(len(input), *shape)
    return result if bias is None else np.moveaxis(np.moveaxis(result, 1, -1) + bias, -1, 1)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    checked(input, weight, groups)
    reads = band(input.shape[2], weight.shape[2], stride, padding, dilation)
    return applied(np.einsum("oct,mti->omci", spread(weight, groups), reads), input, bias)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    checked(input, weight, groups)
    down, across = map(band, input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(dilation))
    matrix = np.einsum("octu,mti,nuj->omncij", spread(weight, groups), down, across)
    return applied(matrix, input, bias)
