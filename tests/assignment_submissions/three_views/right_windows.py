"""A right answer to the three-views assignment: index tables (im2col), and patches added back (col2im)."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zero_insert(input, stride):
    where, values = [], input
    for s, size in zip(pair(stride), input.shape[2:]):
        cell, between = np.divmod(np.arange(s * (size - 1) + 1), s)
        where.append((cell, between == 0))
    (rows, real_rows), (columns, real_columns) = where
    return np.where(real_rows[:, None] & real_columns, values[:, :, rows[:, None], columns], 0.0)


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    if output_padding[0] >= max(stride[0], dilation[0]) or output_padding[1] >= max(stride[1], dilation[1]):
        raise ValueError("output_padding")
    stretched = zero_insert(input, stride)
    tables = []
    for axis in (0, 1):
        k, p, d = weight.shape[2 + axis], padding[axis], dilation[axis]
        size = stretched.shape[2 + axis] + d * (k - 1) - 2 * p + output_padding[axis]
        if size < 1:
            raise ValueError("nothing is left")
        # Cell of the stretched input under each tap of the turned kernel; outside of it there are zeros.
        tables.append(np.arange(size)[:, None] + p - d * np.arange(k))
    margin = 1 + max(max(-table.min(), table.max()) for table in tables)
    wide = np.pad(stretched, [(0, 0), (0, 0), (margin, margin), (margin, margin)])
    rows, columns = (table + margin for table in tables)
    patches = wide[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    answers = [
        np.einsum("ncyxtu,cotu->noyx", x, w)
        for x, w in zip(np.split(patches, groups, axis=1), np.split(weight, groups))
    ]
    result = np.concatenate(answers, axis=1)
    return result if bias is None else result + bias[None, :, None, None]


def cells_of(size, kernel_size, stride, padding, dilation):
    """For each place and tap the cell of the padded axis; a ``ValueError`` where there is no place."""
    places = (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
    if places < 1:
        raise ValueError("the kernel does not fit")
    return stride * np.arange(places)[:, None] + dilation * np.arange(kernel_size)


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if weight.shape[1] != input_shape[0]:
        raise ValueError("channels")
    (p0, p1), (channels, height, width) = pair(padding), input_shape
    rows, columns = map(cells_of, input_shape[1:], weight.shape[2:], pair(stride), (p0, p1), pair(dilation))
    # The number of each input cell, or the one after the last for the padding.
    last = channels * height * width
    numbers = np.arange(last).reshape(input_shape)
    numbers = np.pad(numbers, ((0, 0), (p0, p0), (p1, p1)), constant_values=last)
    patches = numbers[:, rows[:, None, :, None], columns[None, :, None, :]]  # (C_in, rows, columns, kH, kW)
    table = patches.transpose(1, 2, 0, 3, 4).reshape(len(rows) * len(columns), -1)
    matrix = np.zeros((len(weight), len(table), last + 1))
    for place, cells in enumerate(table):
        matrix[:, place, cells] = weight.reshape(len(weight), -1)
    return matrix[:, :, :last].reshape(-1, last)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    (p0, p1), (n, c, height, width) = pair(padding), input_size
    rows, columns = map(cells_of, input_size[2:], weight.shape[2:], pair(stride), (p0, p1), pair(dilation))
    if weight.shape[1] != c or grad_output.shape[1:] != (len(weight), len(rows), len(columns)):
        raise ValueError("shapes")
    patches = np.einsum("nomk,octu->ncmktu", grad_output, weight)
    padded = np.zeros((n, c, height + 2 * p0, width + 2 * p1))
    np.add.at(padded, (slice(None), slice(None), rows[:, None, :, None], columns[None, :, None, :]), patches)
    return padded[:, :, p0 : p0 + height, p1 : p1 + width]
