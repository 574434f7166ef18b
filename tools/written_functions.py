"""Wrong functions as people write them: what the diagnosis is measured on; written before its small slips were.

They were written down before the small slips of the catalogue were, each with what it really does. :data:`WRITTEN`
holds for each the stated problem, and the ids that name what it does; where the catalogue has no such id there are
none, and the right diagnosis is "not recognised".
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from convlab.misconceptions.problem import Problem

__all__ = ["WRITTEN", "Written"]


class Written(NamedTuple):
    """A wrong function, a problem that it is written for, what it does, and the ids that say so."""

    function: Callable
    problem: Problem
    does: str
    ids: frozenset[str]


# ---------------------------------------------------------------- convolution, one row


def size_without_plus_one(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    n = (len(x) - len(w)) // stride
    y = np.zeros(n)
    for m in range(n):
        y[m] = np.sum(x[m * stride : m * stride + len(w)] * w)
    return y


def stride_in_the_size_only(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    n = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(x[m : m + len(w)], w) for m in range(n)])


def kernel_with_zeros_at_the_end(x, w, stride=1, dilation=1):
    spread = np.zeros(len(w) * dilation)
    spread[::dilation] = w
    k = len(spread)
    return np.array([(x[m : m + k] * spread).sum() for m in range(0, len(x) - k + 1, stride)])


def numpy_convolve(x, w, stride=1, padding=0):
    return np.convolve(np.pad(x, padding), w, mode="valid")[::stride]


def bias_with_every_tap(x, w, bias, stride=1):
    y = []
    for m in range((len(x) - len(w)) // stride + 1):
        total = 0
        for t in range(len(w)):
            total += x[m * stride + t] * w[t] + bias[0]
        y.append(total)
    return y


def padding_of_the_wrong_sign(x, w, stride=1, padding=0):
    n = (len(x) + 2 * padding - len(w)) // stride + 1
    y = np.zeros(n)
    for m in range(n):
        for t in range(len(w)):
            cell = m * stride + t + padding
            if 0 <= cell < len(x):
                y[m] += x[cell] * w[t]
    return y


def dilation_of_the_input(x, w, stride=1, dilation=1):
    x = x[::dilation]
    return [sum(x[m + t] * w[t] for t in range(len(w))) for m in range(0, len(x) - len(w) + 1, stride)]


def window_pushed_back_in(x, w, stride=1, padding=0):
    n = (len(x) + 2 * padding - len(w)) // stride + 1
    y = np.zeros(n)
    for m in range(n):
        start = max(0, m * stride - padding)
        part = x[start : start + len(w)]
        y[m] = (part * w[: len(part)]).sum()
    return y


# ---------------------------------------------------------------- convolution, images


def only_the_last_channel_stays(x, w, stride=1):
    batch, channels, height, width = x.shape
    outs, _, kh, kw = w.shape
    y = np.zeros((batch, outs, (height - kh) // stride + 1, (width - kw) // stride + 1))
    for n in range(batch):
        for o in range(outs):
            for c in range(channels):
                for i in range(y.shape[2]):
                    for j in range(y.shape[3]):
                        patch = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
                        y[n, o, i, j] = np.sum(patch * w[o, c])
    return y


def pads_every_axis(x, w, stride=1, padding=0):
    xp = np.pad(x, padding)
    batch, channels, height, width = x.shape
    outs, _, kh, kw = w.shape
    oh, ow = (height + 2 * padding - kh) // stride + 1, (width + 2 * padding - kw) // stride + 1
    y = np.zeros((batch, outs, oh, ow))
    for n in range(batch):
        for o in range(outs):
            for i in range(oh):
                for j in range(ow):
                    patch = xp[n, :channels, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    y[n, o, i, j] = (patch * w[o]).sum()
    return y


def height_for_both(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    k = w.shape[0]
    h = (x.shape[0] - k) // stride + 1
    y = np.zeros((h, h))
    for i in range(h):
        for j in range(h):
            y[i, j] = (x[i * stride : i * stride + k, j * stride : j * stride + k] * w).sum()
    return y


def turned_upside_down(x, w, padding=0):
    x, w = np.pad(x, padding), w[::-1]
    h, v = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return np.array([[(x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum() for j in range(v)] for i in range(h)])


def matrix_product(x, w, stride=1):
    k = w.shape[0]
    h, v = (x.shape[0] - k) // stride + 1, (x.shape[1] - k) // stride + 1
    y = np.zeros((h, v))
    for i in range(h):
        for j in range(v):
            y[i, j] = np.sum(x[i * stride : i * stride + k, j * stride : j * stride + k] @ w)
    return y


def columns_before_rows(x, w, stride=1):
    sx, sy = stride
    kh, kw = w.shape
    h, v = (x.shape[0] - kh) // sy + 1, (x.shape[1] - kw) // sx + 1
    return np.array([[(x[i * sy : i * sy + kh, j * sx : j * sx + kw] * w).sum() for j in range(v)] for i in range(h)])


def mean_of_the_patch(x, w, stride=1):
    kh, kw = w.shape
    rows = range(0, x.shape[0] - kh + 1, stride)
    return [[np.mean(x[i : i + kh, j : j + kw] * w) for j in range(0, x.shape[1] - kw + 1, stride)] for i in rows]


# ---------------------------------------------------------------- transposed convolution, one row


def stamps_replace(x, w, stride=1, padding=0):
    y = np.zeros((len(x) - 1) * stride + len(w))
    for i in range(len(x)):
        y[i * stride : i * stride + len(w)] = x[i] * w
    return y[padding : len(y) - padding]


def stride_times_n(x, w, stride=1):
    y = np.zeros(stride * len(x))
    for i in range(len(x)):
        for t in range(len(w)):
            if i * stride + t < len(y):
                y[i * stride + t] += x[i] * w[t]
    return y


def numpy_correlate(x, w, stride=1, padding=0):
    spread = np.zeros((len(x) - 1) * stride + 1)
    spread[::stride] = x
    y = np.correlate(spread, w, mode="full")
    return y[padding : len(y) - padding]


def zeros_after_the_last(x, w, stride=1, padding=0):
    spread = np.zeros(len(x) * stride)
    spread[::stride] = x
    y = np.convolve(spread, w)
    return y[padding : len(y) - padding]


def slice_to_minus_zero(x, w, stride=1, padding=0):
    y = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        y[i * stride : i * stride + len(w)] += value * w
    return y[padding:-padding]


def output_padding_with_zeros(x, w, stride=1, padding=0, output_padding=0):
    y = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        y[i * stride : i * stride + len(w)] += value * w
    return np.concatenate([y[padding : len(y) - padding], np.zeros(output_padding)])


def output_padding_taken_off(x, w, stride=1, padding=0, output_padding=0):
    y = np.zeros((len(x) - 1) * stride + len(w))
    for i, value in enumerate(x):
        y[i * stride : i * stride + len(w)] += value * w
    return y[padding : len(y) - padding - output_padding]


def gather_rounding_down(x, w, stride=1, padding=0):
    n = (len(x) - 1) * stride + len(w) - 2 * padding
    y = np.zeros(n)
    for m in range(n):
        for t in range(len(w)):
            i = (m + padding - t) // stride
            if 0 <= i < len(x):
                y[m] += x[i] * w[t]
    return y


def gather_from_behind(x, w, stride=1, padding=0):
    n = (len(x) - 1) * stride + len(w) - 2 * padding
    y = np.zeros(n)
    for m in range(n):
        for t in range(len(w)):
            i, rest = divmod(m + padding - t, stride)
            if rest == 0 and i < len(x):
                y[m] += x[i] * w[t]
    return y


def array_of_the_input_type(x, w, stride=1):
    y = np.zeros_like(x, shape=(len(x) - 1) * stride + len(w))
    for i in range(len(x)):
        for t in range(len(w)):
            y[i * stride + t] += int(x[i] * w[t])
    return y


# ---------------------------------------------------------------- transposed convolution, images


def weight_out_in(x, w, stride=1):
    batch, ins, height, width = x.shape
    _, outs, kh, kw = w.shape
    y = np.zeros((batch, outs, (height - 1) * stride + kh, (width - 1) * stride + kw))
    for o in range(outs):
        for c in range(ins):
            for i in range(height):
                for j in range(width):
                    stamp = x[:, c, i, j, None, None] * w[o, c]
                    y[:, o, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return y


def numpy_kron(x, w, stride=1):
    return np.kron(x, w)


def last_row_and_column_missing(x, w, stride=1, padding=0):
    h, v = (x.shape[0] - 1) * stride + w.shape[0], (x.shape[1] - 1) * stride + w.shape[1]
    y = np.zeros((h, v))
    for i in range(x.shape[0] - 1):
        for j in range(x.shape[1] - 1):
            y[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]] += x[i, j] * w
    return y[padding : h - padding, padding : v - padding]


def rows_for_columns(x, w, stride=1):
    h, v = (x.shape[0] - 1) * stride + w.shape[0], (x.shape[1] - 1) * stride + w.shape[1]
    y = np.zeros((v, h))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[j * stride : j * stride + w.shape[1], i * stride : i * stride + w.shape[0]] += x[i, j] * w.T
    return y


# ---------------------------------------------------------------- sizes


def transposed_without_options(input_size, kernel_size, stride, padding, output_padding, dilation):
    return (input_size - 1) * stride + kernel_size - 2 * padding


def rounded_to_the_nearest(input_size, kernel_size, stride, padding):
    return round((input_size + 2 * padding - kernel_size) / stride) + 1


def one_cell_of_the_kernel_missing(input_size, kernel_size, stride, padding, dilation):
    return (input_size + 2 * padding - dilation * (kernel_size - 1)) // stride + 1


def padding_on_one_side(input_size, kernel_size, stride, padding):
    return (input_size + padding - kernel_size) // stride + 1


# ---------------------------------------------------------------- receptive fields


def stride_of_the_same_layer(layers):
    field, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        jump *= stride
        field += (kernel_size - 1) * dilation * jump
    return field


def from_the_first_layer_on(layers):
    field = 1
    for kernel_size, stride, dilation in layers:
        field = (field - 1) * stride + dilation * (kernel_size - 1) + 1
    return field


def no_dilation(layers):
    field, jump = 1, 1
    for kernel_size, stride, _ in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field


# ---------------------------------------------------------------- padding as frameworks have it


def same_without_the_stride(x, w, stride=1):
    total = len(w) - 1
    x = np.pad(x, (total // 2, total - total // 2))
    return np.array([(x[m : m + len(w)] * w).sum() for m in range(0, len(x) - len(w) + 1, stride)])


def same_with_more_at_the_begin(x, w, stride=1):
    n = -(-len(x) // stride)
    total = max(0, (n - 1) * stride + len(w) - len(x))
    x = np.pad(x, (total - total // 2, total // 2))
    return np.array([(x[m * stride : m * stride + len(w)] * w).sum() for m in range(n)])


ROW, TAPS = [3, 1, 4, 1, 5, 9, 2], [2, 7, 1]
IMAGE, STAMP = np.arange(1, 31).reshape(5, 6), [[1, 2], [3, 5]]
SHORT = [2, 7, 1, 8]
CHANNELS = np.arange(1, 41).reshape(1, 2, 4, 5), np.arange(1, 25).reshape(3, 2, 2, 2)
SQUARE = np.arange(1, 19).reshape(1, 2, 3, 3), np.arange(1, 17).reshape(2, 2, 2, 2)
STACK = [(7, 2, 1), (3, 2, 1), (3, 1, 2)]

WRITTEN = tuple(
    Written(function, Problem(*arguments, **options), does, frozenset(" ".join(ids).split()))
    for function, arguments, options, does, *ids in (
        (
            size_without_plus_one,
            ("conv1d", ROW, TAPS),
            {"stride": 2, "padding": 1},
            "the last output cell is missing",
            "M54b M12f",
        ),
        (
            stride_in_the_size_only,
            ("conv1d", ROW, TAPS),
            {"stride": 2, "padding": 1},
            "the windows are one cell apart, in an output of the right size",
        ),
        (
            kernel_with_zeros_at_the_end,
            ("conv1d", ROW, TAPS),
            {"stride": 1, "dilation": 2},
            "the dilated kernel has k d cells, so output cells are missing at the end",
            "M09a",
        ),
        (numpy_convolve, ("conv1d", ROW, TAPS), {"stride": 1, "padding": 1}, "the kernel is flipped", "M38"),
        (bias_with_every_tap, ("conv1d", ROW, TAPS, [10]), {"stride": 1}, "the bias is added with every tap"),
        (
            padding_of_the_wrong_sign,
            ("conv1d", ROW, TAPS),
            {"stride": 1, "padding": 1},
            "the window begins p cells late instead of early",
        ),
        (
            dilation_of_the_input,
            ("conv1d", ROW, [2, 7]),
            {"stride": 1, "dilation": 2},
            "every d-th input cell is taken instead of spreading the taps",
            "M11",
        ),
        (
            window_pushed_back_in,
            ("conv1d", ROW, TAPS),
            {"stride": 1, "padding": 1},
            "a window that begins in the padding is moved to cell 0",
            "M56d",
        ),
        (
            only_the_last_channel_stays,
            ("conv2d", *CHANNELS),
            {"stride": 1},
            "= instead of += over the input channels",
            "M53a",
        ),
        (
            pads_every_axis,
            ("conv2d", *CHANNELS),
            {"stride": 1, "padding": 1},
            "the batch and channel axes are padded too: channels are shifted, and the first sample is zero",
        ),
        (
            height_for_both,
            ("conv2d", np.arange(1, 26).reshape(5, 5), STAMP),
            {"stride": 2, "padding": 0},
            "the height is taken for the width, of kernel and output",
        ),
        (
            turned_upside_down,
            ("conv2d", IMAGE, STAMP),
            {"padding": 1},
            "the kernel is turned upside down only",
        ),
        (
            matrix_product,
            ("conv2d", IMAGE, STAMP),
            {"stride": 1},
            "the patch is multiplied with @, then summed",
            "M55h",
        ),
        (
            columns_before_rows,
            ("conv2d", IMAGE, STAMP),
            {"stride": (1, 2)},
            "the strides of the two axes are exchanged",
            "M55d",
        ),
        (mean_of_the_patch, ("conv2d", IMAGE, STAMP), {"stride": 1}, "the products are averaged instead of summed"),
        (
            stamps_replace,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1},
            "the later stamp overwrites the earlier",
            "M14a",
        ),
        (
            stride_times_n,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2},
            "the output is allocated as stride * n: the rest is cut off",
            "M57a",
        ),
        (
            numpy_correlate,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1},
            "the kernel is not rotated in the method that inserts zeros",
            "M01a",
        ),
        (
            zeros_after_the_last,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1},
            "zeros are inserted after the last input cell as well",
            "M06d",
        ),
        (
            slice_to_minus_zero,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 0},
            "the slice p:-p is empty without padding",
        ),
        (
            output_padding_with_zeros,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1, "output_padding": 1},
            "output_padding appends zeros",
            "M04a",
        ),
        (
            output_padding_taken_off,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1, "output_padding": 1},
            "output_padding is cropped as well",
            "M12b",
        ),
        (
            gather_rounding_down,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 1},
            "// without a test of the remainder",
            "M56a",
        ),
        (
            gather_from_behind,
            ("conv_transpose1d", SHORT, TAPS),
            {"stride": 2, "padding": 0},
            "a negative index wraps round",
            "M56b",
        ),
        (
            array_of_the_input_type,
            ("conv_transpose1d", [1.0, 3.0, 5.0, 7.0], [0.5, 1.0, 0.5]),
            {"stride": 2},
            "each product is cut off to an integer",
            "M57b M57c",
        ),
        (weight_out_in, ("conv_transpose2d", *SQUARE), {"stride": 2}, "the weight is read as (out, in)", "M15"),
        (
            numpy_kron,
            ("conv_transpose2d", IMAGE[:2, :3], np.arange(1, 10).reshape(3, 3)),
            {"stride": 2},
            "the stamps are put side by side, k cells apart",
            "M57i",
        ),
        (
            last_row_and_column_missing,
            ("conv_transpose2d", IMAGE[:3, :4], STAMP),
            {"stride": 2, "padding": 0},
            "the last row and column of the input are never stamped",
            "M54c",
        ),
        (
            rows_for_columns,
            ("conv_transpose2d", IMAGE[:2, :3], STAMP),
            {"stride": 2},
            "the answer is right but transposed",
            "M55a",
        ),
        (
            transposed_without_options,
            ("conv_transpose_output_size", 5, 3),
            {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 2},
            "output_padding and dilation are left out",
            "M04e M10",
        ),
        (
            rounded_to_the_nearest,
            ("conv_output_size", 8, 3),
            {"stride": 4, "padding": 1},
            "the number of kernel positions is rounded to the nearest",
        ),
        (
            one_cell_of_the_kernel_missing,
            ("conv_output_size", 9, 3),
            {"stride": 1, "padding": 1, "dilation": 2},
            "the kernel counts as d (k - 1) cells",
            "M12h",
        ),
        (
            padding_on_one_side,
            ("conv_output_size", 9, 3),
            {"stride": 2, "padding": 2},
            "padding is counted once instead of twice",
            "M51b M51c",
        ),
        (stride_of_the_same_layer, ("receptive_field", STACK), {}, "the stride of the same layer is counted", "M33i"),
        (
            from_the_first_layer_on,
            ("receptive_field", STACK),
            {},
            "the recursion from the last layer is run from the first",
            "M33g",
        ),
        (no_dilation, ("receptive_field", STACK), {}, "the dilation is left out"),
        (
            same_without_the_stride,
            ("conv1d_same", ROW, TAPS),
            {"stride": 2},
            "K - 1 zeros are added whatever the stride",
            "M20",
        ),
        (
            same_with_more_at_the_begin,
            ("conv1d_same", ROW, [2, 7, 1, 8]),
            {"stride": 1},
            "the odd zero is added at the begin",
            "M23b",
        ),
    )
)
