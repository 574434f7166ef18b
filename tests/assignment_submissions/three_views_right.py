"""Right answers to the three-views assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def check_output_padding(output_padding, stride, dilation):
    for extra, s, d in zip(pair(output_padding), pair(stride), pair(dilation)):
        if extra >= max(s, d):
            raise ValueError(f"output_padding={extra} with stride={s} and dilation={d}")


# %% bands: a table for each axis, which tap joins which cells, and one einsum.
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
    check_output_padding(output_padding, stride, dilation)
    tables, size = [], []
    axes = zip(input.shape[2:], weight.shape[2:], pair(stride), pair(padding), pair(output_padding), pair(dilation))
    for i, k, s, p, extra, d in axes:
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


# %% loops: single numbers and loops; no function calls another.
def zero_insert(input, stride):
    down, across = pair(stride)
    samples, channels, rows, columns = input.shape
    result = np.zeros((samples, channels, 1 + down * (rows - 1), 1 + across * (columns - 1)))
    for n, c, i, j in np.ndindex(*input.shape):
        result[n, c, down * i, across * j] = input[n, c, i, j]
    return result


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    (s0, s1), (p0, p1), (q0, q1), (d0, d1) = pair(stride), pair(padding), pair(output_padding), pair(dilation)
    check_output_padding(output_padding, stride, dilation)
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


# %% polyphase: phase by phase, each a sum of shifted inputs, without zeros.
def zero_insert(input, stride):
    (s0, s1), (n, c, height, width) = pair(stride), input.shape
    cells = np.zeros((n, c, height, s0, width, s1))
    cells[:, :, :, 0, :, 0] = input
    return cells.reshape(n, c, height * s0, width * s1)[:, :, : s0 * (height - 1) + 1, : s1 * (width - 1) + 1].copy()


def full_row(input, weight, stride, dilation):
    """The last axis of the full transposed convolution, phase by phase; weight is (C_in, C_out, k)."""
    size, taps = input.shape[-1], weight.shape[-1]
    length = stride * (size - 1) + dilation * (taps - 1) + 1
    full = np.zeros((*input.shape[:1], weight.shape[1], *input.shape[2:-1], length))
    for phase in range(stride):
        for t in range(taps):
            shift, rest = divmod(dilation * t - phase, stride)
            if rest == 0 and phase < length:
                row = full[..., phase::stride]
                row[..., shift : shift + size] += np.einsum("nc...,co->no...", input, weight[..., t])
    return full


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    check_output_padding(output_padding, stride, dilation)
    parts = []
    for x, w in zip(np.split(input, groups, axis=1), np.split(weight, groups)):
        part = 0
        for t in range(w.shape[2]):  # the rows of the kernel one by one
            rows = full_row(x, w[:, :, t], stride[1], dilation[1])
            tall = np.zeros(
                (*rows.shape[:2], stride[0] * (rows.shape[2] - 1) + dilation[0] * (w.shape[2] - 1) + 1, rows.shape[3])
            )
            tall[:, :, dilation[0] * t :: stride[0]][:, :, : rows.shape[2]] = rows
            part = part + tall
        parts.append(part)
    full = np.concatenate(parts, axis=1)
    windows = []
    for size, p, extra in zip(full.shape[2:], padding, output_padding):
        window = np.arange(p, size - p + extra)
        if not len(window):
            raise ValueError("nothing left")
        windows.append(window)
    beyond = np.pad(full, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])
    result = beyond[:, :, windows[0][:, None], windows[1]]
    if bias is not None:
        result += bias[:, None, None]
    return result


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if input_shape[0] != weight.shape[1]:
        raise ValueError("channels")
    axes = list(zip(input_shape[1:], weight.shape[2:], pair(stride), pair(padding), pair(dilation)))
    if any(d * (k - 1) + 1 > i + 2 * p for i, k, _, p, d in axes):
        raise ValueError("the kernel does not fit")
    shifts = []
    for i, k, s, p, d in axes:
        # Tap t on its own is a shift: a diagonal of ones, of which every stride-th row is kept.
        rows = i + 2 * p - d * (k - 1)
        shifts.append([np.eye(rows, i, d * t - p)[::s] for t in range(k)])
    blocks = [
        [
            sum(
                weight[o, c, t, u] * np.kron(down, across)
                for t, down in enumerate(shifts[0])
                for u, across in enumerate(shifts[1])
            )
            for c in range(weight.shape[1])
        ]
        for o in range(weight.shape[0])
    ]
    return np.block(blocks)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    matrix = conv_matrix(input_size[1:], weight, stride, padding, dilation)
    extents = zip(input_size[2:], weight.shape[2:], pair(stride), pair(padding), pair(dilation))
    size = tuple((i + 2 * p - d * (k - 1) - 1) // s + 1 for i, k, s, p, d in extents)
    if grad_output.shape[1:] != (len(weight), *size):
        raise ValueError("grad_output has another shape")
    return np.stack([(matrix.T @ g.ravel()).reshape(input_size[1:]) for g in grad_output])


# %% scatter: one tap at a time, added to every stride-th cell.
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
    check_output_padding(output_padding, stride, dilation)
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


# %% units: the matrix from unit pictures, all else by its transpose.
def zero_insert(input, stride):
    down, across = (np.eye(s * (size - 1) + 1)[:, ::s] for s, size in zip(pair(stride), input.shape[2:]))
    return down @ input @ across.T


def convolved(input, weight, stride, padding, dilation):
    padded = np.pad(input, [(0, 0), (0, 0), *((p, p) for p in padding)])
    spans = [d * (k - 1) + 1 for k, d in zip(weight.shape[2:], dilation)]
    windows = sliding_window_view(padded, spans, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    windows = windows[..., :: dilation[0], :: dilation[1]]
    return np.tensordot(windows, weight, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)


def conv_matrix(input_shape, weight, stride=1, padding=0, dilation=1):
    if input_shape[0] != weight.shape[1]:
        raise ValueError("another number of channels")
    units = np.eye(int(np.prod(input_shape))).reshape(-1, *input_shape)
    answers = convolved(units, weight, pair(stride), pair(padding), pair(dilation))
    return answers.reshape(len(units), -1).T


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1):
    matrix = conv_matrix(input_size[1:], weight, stride, padding, dilation)
    rows = grad_output.reshape(len(grad_output), -1)
    zeros = np.zeros((1, *input_size[1:]))
    if convolved(zeros, weight, pair(stride), pair(padding), pair(dilation)).shape[1:] != grad_output.shape[1:]:
        raise ValueError(f"{grad_output.shape} is not what a convolution of {input_size} gives")
    return (rows @ matrix).reshape(input_size)


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    check_output_padding(output_padding, stride, dilation)
    axes = zip(input.shape[2:], weight.shape[2:], stride, dilation)
    full = [s * (i - 1) + d * (k - 1) + 1 for i, k, s, d in axes]
    size = [f - 2 * p + extra for f, p, extra in zip(full, padding, output_padding)]
    if min(size) < 1:
        raise ValueError("nothing is left")
    parts = []
    for x, w in zip(np.split(input, groups, axis=1), np.split(weight, groups)):
        # The convolution whose transpose this is gives the full size, without any crop.
        whole = conv2d_input((len(x), w.shape[1], *full), w, x, stride, 0, dilation)
        parts.append(np.pad(whole, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)]))
    (top, left), (height, width) = padding, size
    result = np.concatenate(parts, axis=1)[:, :, top : top + height, left : left + width]
    return result if bias is None else np.add(result, np.reshape(bias, (-1, 1, 1)))


# %% windows: index tables (im2col), and patches added back (col2im).
def zero_insert(input, stride):
    where, values = [], input
    for s, size in zip(pair(stride), input.shape[2:]):
        cell, between = np.divmod(np.arange(s * (size - 1) + 1), s)
        where.append((cell, between == 0))
    (rows, real_rows), (columns, real_columns) = where
    return np.where(real_rows[:, None] & real_columns, values[:, :, rows[:, None], columns], 0.0)


def conv_transpose2d_gather(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    check_output_padding(output_padding, stride, dilation)
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
