"""A right answer to the three-views assignment: one tap at a time, added to every stride-th cell."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zero_insert(input, stride):
    rows, columns = pair(stride)
    cell = np.zeros((rows, columns))
    cell[0, 0] = 1
    height, width = input.shape[2:]
    return np.kron(input, cell)[:, :, : rows * (height - 1) + 1, : columns * (width - 1) + 1]


def stamped(input, weight, stride, dilation, extra):
    """The full transposed convolution, with room for ``extra`` cells at the ends; weight is (C_in, C_out, kH, kW)."""
    (s0, s1), (d0, d1) = stride, dilation
    rows, columns = input.shape[2:]
    high, wide = weight.shape[2:]
    size = s0 * (rows - 1) + d0 * (high - 1) + 1 + extra[0], s1 * (columns - 1) + d1 * (wide - 1) + 1 + extra[1]
    full = np.zeros((len(input), weight.shape[1], *size))
    for t, u in np.ndindex(high, wide):
        stamp = np.tensordot(input, weight[:, :, t, u], axes=([1], [0]))
        cells = full[:, :, d0 * t :: s0, d1 * u :: s1][:, :, :rows, :columns]
        cells += np.moveaxis(stamp, -1, 1)
    return full


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    for s, extra, d in zip(stride, output_padding, dilation):
        if extra > max(s, d) - 1:
            raise ValueError(f"output_padding={extra} is too large")
    parts = zip(np.split(input, groups, axis=1), np.split(weight, groups))
    full = np.concatenate([stamped(x, w, stride, dilation, output_padding) for x, w in parts], axis=1)
    height, width = (size - 2 * p for size, p in zip(full.shape[2:], padding))
    if min(height, width) < 1:
        raise ValueError("the crop leaves nothing")
    result = full[:, :, padding[0] :, padding[1] :][:, :, :height, :width]
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    (s0, s1), (p0, p1), (d0, d1) = pair(stride), pair(padding), pair(dilation)
    channels, height, width = input_shape
    c_out, c_in, high, wide = weight.shape
    rows = (height + 2 * p0 - d0 * (high - 1) - 1) // s0 + 1
    columns = (width + 2 * p1 - d1 * (wide - 1) - 1) // s1 + 1
    if c_in != channels or rows < 1 or columns < 1:
        raise ValueError(f"no convolution takes {input_shape} with a weight of {weight.shape}")
    # With columns for the padding as well, which are thrown away at the end.
    full = np.zeros((c_out, rows, columns, c_in, height + 2 * p0, width + 2 * p1))
    i, j = np.indices((rows, columns))
    for t, u in np.ndindex(high, wide):
        full[:, i, j, :, s0 * i + d0 * t, s1 * j + d1 * u] = weight[:, :, t, u]
    inside = full[..., p0 : p0 + height, p1 : p1 + width]
    return inside.reshape(c_out * rows * columns, channels * height * width)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    if weight.shape[0] != grad_output.shape[1] or weight.shape[1] != input_size[1]:
        raise ValueError("channels")
    full = stamped(grad_output, weight, stride, dilation, (0, 0))
    gradient = np.zeros(input_size)
    for size, p, read, s in zip(input_size[2:], padding, full.shape[2:], stride):
        if not read <= size + 2 * p < read + s:
            raise ValueError("sizes")
    (p0, p1), (height, width) = padding, input_size[2:]
    read = full[:, :, p0 : p0 + height, p1 : p1 + width]
    gradient[:, :, : read.shape[2], : read.shape[3]] = read
    return gradient
