"""A right answer to the three-views assignment: a table for each axis, which tap joins which cells, and one einsum."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def joined(small, large, kernel_size, stride, padding, dilation):
    """``[m, t, i]`` is 1 where tap t joins cell m of the convolution's output to cell i of its input."""
    m, t, i = np.ogrid[:small, :kernel_size, :large]
    return (stride * m + dilation * t - padding == i).astype(float)


def zero_insert(input, stride):
    result = input
    for axis, s in zip((2, 3), pair(stride)):
        between = np.repeat(np.arange(1, result.shape[axis]), s - 1)
        result = np.insert(result, between, 0, axis=axis)
    return result


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    tables, size = [], []
    axes = zip(input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(output_padding), pair(dilation))
    for i, k, s, p, extra, d in axes:
        if extra >= max(s, d):
            raise ValueError(f"output_padding={extra} with stride={s} and dilation={d}")
        size.append(s * (i - 1) + d * (k - 1) + 1 - 2 * p + extra)
        tables.append(joined(i, size[-1], k, s, p, d))
    if min(size) <= 0:
        raise ValueError("no cell is left")
    x = input.reshape(len(input), groups, -1, *input.shape[2:])
    w = weight.reshape(groups, -1, *weight.shape[1:])
    result = np.einsum("ngcij,gcotu,ity,jux->ngoyx", x, w, *tables, optimize=True)
    result = result.reshape(len(input), -1, *size)
    return result + (0 if bias is None else bias[:, None, None])


def small_sizes(size, kernel_size, stride, padding, dilation):
    axes = list(zip(size, kernel_size, pair(stride), pair(padding), pair(dilation)))
    small = [len(range(d * (k - 1), i + 2 * p, s)) for i, k, s, p, d in axes]
    if 0 in small:
        raise ValueError("the kernel does not fit")
    return small, [joined(m, i, k, s, p, d) for m, (i, k, s, p, d) in zip(small, axes)]


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if input_shape[0] != weight.shape[1]:
        raise ValueError("channels")
    small, (down, across) = small_sizes(input_shape[1:], weight.shape[2:], stride, padding, dilation)
    matrix = np.einsum("octu,mti,nuj->omncij", weight, down, across)
    return matrix.reshape(len(weight) * small[0] * small[1], -1)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    small, (down, across) = small_sizes(input_size[2:], weight.shape[2:], stride, padding, dilation)
    if grad_output.shape[1:] != (len(weight), *small) or weight.shape[1] != input_size[1]:
        raise ValueError("no convolution has these shapes")
    return np.einsum("bomn,octu,mti,nuj->bcij", grad_output, weight, down, across, optimize=True)
