"""Right answers to the transposed-convolution assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def by_pictures(conv_transpose2d, input, weight, bias, stride, padding, output_padding, groups, dilation):
    """A row is a picture of one row."""
    options = (1, stride), (0, padding), (0, output_padding), groups, (1, dilation)
    return conv_transpose2d(input[:, :, None], weight[:, :, None], bias, *options)[:, :, 0]


# %% gather: each output cell asks which stamps reach it.
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


# %% loops: single numbers and loops, straight into the output.
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


# %% matrix: the transpose of a convolution's matrix.
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
    return by_pictures(conv_transpose2d, input, weight, bias, stride, padding, output_padding, groups, dilation)


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


# %% strides: windows of the stretched input as a view, and one einsum.
def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if not any(output_padding < other for other in (stride, dilation)):
        raise ValueError("output_padding must be below the stride or the dilation")
    places = np.add.outer(stride * np.arange(input_size), dilation * np.arange(kernel_size))
    size = int(places.max()) + 1 - 2 * padding + output_padding
    if size < 1:
        raise ValueError("padding takes everything away")
    return size


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return by_pictures(conv_transpose2d, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    axes = zip(input.shape[2:], weight.shape[2:], *map(pair, (stride, padding, output_padding, dilation)))
    stretched, spans, cuts = input.astype(float), [], []
    for axis, (i, k, s, p, q, d) in enumerate(axes, start=2):
        size = conv_transpose_output_size(i, k, s, p, q, d)
        between = np.repeat(np.arange(1, i), s - 1)
        stretched = np.insert(stretched, between, 0, axis=axis)
        # Wide zeros on both sides, so that every cell of the full output and output_padding has a whole window.
        around = [(0, 0)] * 4
        around[axis] = (d * (k - 1), d * (k - 1) + q)
        stretched = np.pad(stretched, around)
        spans.append(d * (k - 1) + 1)
        cuts.append(slice(p, p + size))
    steps = (slice(None, None, d) for d in pair(dilation))
    windows = sliding_window_view(stretched, spans, axis=(2, 3))[(..., *steps)][:, :, cuts[0], cuts[1]]
    n, c, height, width, *taps = windows.shape
    windows = windows.reshape(n, groups, c // groups, height, width, *taps)
    turned = np.flip(weight, (2, 3)).reshape(groups, c // groups, -1, *taps)
    output = np.einsum("ngchwtu,gcotu->ngohw", windows, turned).reshape(n, -1, height, width)
    return output if bias is None else output + bias[None, :, None, None]


# %% taps: one tap at a time, for all cells at once, by slices.
def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding not in range(max(stride, dilation)):
        raise ValueError("no such output_padding")
    begins = range(0, stride * input_size, stride)
    full = begins[-1] + len(range(dilation * (kernel_size - 1) + 1))
    kept = range(padding, full - padding + output_padding)
    if len(kept) == 0:
        raise ValueError("the crop leaves nothing")
    return len(kept)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    n, c, cells = input.shape
    size = conv_transpose_output_size(cells, weight.shape[2], stride, padding, output_padding, dilation)
    span = stride * (cells - 1) + 1
    full = np.zeros((n, groups, weight.shape[1], span + dilation * (weight.shape[2] - 1) + output_padding))
    x = input.reshape(n, groups, c // groups, cells)
    w = weight.reshape(groups, c // groups, weight.shape[1], weight.shape[2])
    for t in range(weight.shape[2]):
        full[..., dilation * t : dilation * t + span : stride] += np.einsum("ngcl,gco->ngol", x, w[..., t])
    output = full.reshape(n, -1, full.shape[-1])[:, :, padding : padding + size]
    if bias is not None:
        output += bias[:, None]
    return output


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    n, _, *cells = input.shape
    _, out, *taps = weight.shape
    size = [conv_transpose_output_size(*axis) for axis in zip(cells, taps, stride, padding, output_padding, dilation)]
    span = [s * (i - 1) + 1 for s, i in zip(stride, cells)]
    room = [m + d * (k - 1) + q for m, d, k, q in zip(span, dilation, taps, output_padding)]
    full = np.zeros((n, groups, out, *room))
    x, w = input.reshape(n, groups, -1, *cells), weight.reshape(groups, -1, out, *taps)
    for t in range(taps[0]):
        for u in range(taps[1]):
            rows = slice(dilation[0] * t, dilation[0] * t + span[0], stride[0])
            columns = slice(dilation[1] * u, dilation[1] * u + span[1], stride[1])
            full[:, :, :, rows, columns] += np.einsum("ngchw,gco->ngohw", x, w[..., t, u])
    full = full.reshape(n, groups * out, *room)
    output = full[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]
    return output if bias is None else output + np.expand_dims(bias, (1, 2))


# %% zero_insertion: zero-insertion, then a sliding kernel, turned round.
def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding > max(stride, dilation) - 1:
        raise ValueError(f"output_padding={output_padding} is too large")
    span = dilation * (kernel_size - 1) + 1
    stretched = input_size + (input_size - 1) * (stride - 1)
    size = stretched + 2 * (span - 1 - padding) + output_padding - span + 1
    if size < 1:
        raise ValueError(f"the output would have {size} cells")
    return size


def stretch(values, axis, stride, before, after):
    """Put stride - 1 zeros between neighbours, then zeros around; a negative number of those crops."""
    values = np.moveaxis(values, axis, -1)
    stretched = np.zeros((*values.shape[:-1], stride * (values.shape[-1] - 1) + 1))
    stretched[..., ::stride] = values
    around = [(0, 0)] * (values.ndim - 1) + [(max(before, 0), max(after, 0))]
    padded = np.pad(stretched, around)
    padded = padded[..., max(-before, 0) : padded.shape[-1] - max(-after, 0)]
    return np.moveaxis(padded, -1, axis)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    return by_pictures(conv_transpose2d, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    x, size = input, []
    for a in (0, 1):
        i, k = input.shape[2 + a], weight.shape[2 + a]
        size.append(conv_transpose_output_size(i, k, stride[a], padding[a], output_padding[a], dilation[a]))
        around = dilation[a] * (k - 1) - padding[a]
        x = stretch(x, 2 + a, stride[a], around, around + output_padding[a])
    turned = weight[:, :, ::-1, ::-1]
    c_in, c_out = weight.shape[0] // groups, weight.shape[1]
    result = np.zeros((len(x), groups * c_out, *size))
    for g in range(groups):
        for t, u in np.ndindex(*weight.shape[2:]):
            seen = x[:, g * c_in : (g + 1) * c_in, dilation[0] * t :, dilation[1] * u :][..., : size[0], : size[1]]
            part = np.einsum("nchw,co->nohw", seen, turned[g * c_in : (g + 1) * c_in, :, t, u])
            result[:, g * c_out : (g + 1) * c_out] += part
    return result if bias is None else result + np.reshape(bias, (1, -1, 1, 1))
