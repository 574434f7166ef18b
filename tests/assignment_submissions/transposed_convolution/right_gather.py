"""A right answer to the transposed-convolution assignment: each output cell asks which stamps reach it."""

import numpy as np


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if stride <= output_padding and dilation <= output_padding:
        raise ValueError(f"output_padding={output_padding}: no convolution has it")
    size = 1 - 2 * padding + output_padding
    for _ in range(input_size - 1):
        size += stride
    for _ in range(kernel_size - 1):
        size += dilation
    if not size > 0:
        raise ValueError("no cell is left")
    return size


def stamps_on(cell, input_size, kernel_size, stride, dilation):
    """The pairs (input cell, tap) that write to a cell of the full output."""
    pairs = []
    for t in range(kernel_size):
        j, between = divmod(cell - dilation * t, stride)
        if between == 0 and 0 <= j < input_size:
            pairs.append((j, t))
    return pairs


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    size = conv_transpose_output_size(input.shape[2], weight.shape[2], stride, padding, output_padding, dilation)
    answers = []
    for x, w in zip(np.split(input, groups, 1), np.split(weight, groups, 0)):
        columns = []
        for m in range(size):
            column = np.zeros((len(x), w.shape[1]))
            for j, t in stamps_on(m + padding, x.shape[2], w.shape[2], stride, dilation):
                column += np.dot(x[:, :, j], w[:, :, t])
            columns.append(column)
        answers.append(np.stack(columns, axis=2))
    output = np.concatenate(answers, axis=1)
    return output if bias is None else output + bias.reshape(1, -1, 1)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    values = (stride, padding, output_padding, dilation)
    (s, sw), (p, pw), (q, qw), (d, dw) = (v if isinstance(v, tuple) else (v, v) for v in values)
    (n, c, h, w), (_, o, kh, kw) = input.shape, weight.shape
    height, width = conv_transpose_output_size(h, kh, s, p, q, d), conv_transpose_output_size(w, kw, sw, pw, qw, dw)
    rows = [stamps_on(m + p, h, kh, s, d) for m in range(height)]
    columns = [stamps_on(m + pw, w, kw, sw, dw) for m in range(width)]
    output = np.zeros((n, groups * o, height, width))
    for g in range(groups):
        ins, outs = np.arange(c)[g * c // groups :][: c // groups], slice(g * o, g * o + o)
        for y in range(height):
            for x in range(width):
                for i, t in rows[y]:
                    for j, u in columns[x]:
                        output[:, outs, y, x] += np.dot(input[:, ins, i, j], weight[ins, :, t, u])
    if bias is None:
        return output
    return output + bias.reshape(1, -1, 1, 1)
