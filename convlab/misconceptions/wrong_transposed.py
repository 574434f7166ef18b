"""The wrong transposed convolutions: each is the right one with one step changed.

The right steps are ``RIGHT``; every entry of ``WRONG`` says which it changes. All
work on any input, in 1-D, 2-D and 3-D, with channels and groups. In the rules ``a``
is one :class:`~convlab.misconceptions.variants.Axis`; from the crop on, its input
size, stride and dilation are those the learner really used.
"""

from typing import NamedTuple

import numpy as np

from convlab import reference
from convlab.arithmetic import conv_transpose_output_size
from convlab.misconceptions.kernels import (
    ignored_groups,
    interleaved_inputs_and_weights,
    matrix_transpose,
    sum_of_one,
    swapped_channels,
    turned,
)
from convlab.misconceptions.variants import NotApplicable, Variant

__all__ = ["RIGHT", "WRONG", "Extra", "touched_cells"]


class Extra(NamedTuple):
    """What ``output_padding`` does: cells the window grows by, and cells appended to what it shows."""

    begin: int = 0
    end: int = 0
    append: tuple[int, int] = (0, 0)
    mode: str = "constant"


# ---------------------------------------------------------------- overlaps: full results without any crop


def add(x, w, stride, dilation, groups):
    """Right: overlapping stamps add up."""
    real = np.result_type(x, w)
    operator = getattr(reference, f"conv_transpose{x.ndim - 2}d")
    return operator(x.astype(real), w.astype(real), stride=stride, dilation=dilation, groups=groups)


def _stamps(x, w, stride, dilation, groups):
    """Each input cell in turn: the output cells of its stamp, and the stamp, summed over input channels."""
    batch, _, *in_size = x.shape
    _, group_channels, *kernel_size = w.shape
    by_group = x.reshape(batch, groups, -1, *in_size)
    w = w.reshape(groups, by_group.shape[2], group_channels, *kernel_size)
    for position in np.ndindex(*in_size):
        stamp = np.einsum("ngc,gco...->ngo...", by_group[..., *position], w)
        cells = tuple(
            slice(s * j, s * j + d * (k - 1) + 1, d) for j, s, d, k in zip(position, stride, dilation, kernel_size)
        )
        yield cells, stamp.reshape(batch, -1, *kernel_size)


def touched_cells(x, w, stride, dilation):
    """How many stamps reach each cell of the full result, ``(1, 1, *full)``."""
    return add(np.ones_like(x[:1, :1]), np.ones_like(w[:1, :1]), stride, dilation, 1)


def overwrite(x, w, stride, dilation, groups):
    """Wrong: the later stamp replaces the earlier one."""
    full = np.zeros_like(add(x, w, stride, dilation, groups))
    for cells, stamp in _stamps(x, w, stride, dilation, groups):
        full[..., *cells] = stamp
    return full


def largest(x, w, stride, dilation, groups):
    """Wrong: of overlapping stamps the largest value stays."""
    full = np.zeros_like(add(x, w, stride, dilation, groups))
    seen = np.zeros(full.shape[2:], dtype=bool)
    for cells, stamp in _stamps(x, w, stride, dilation, groups):
        full[..., *cells] = np.where(seen[cells], np.maximum(full[..., *cells], stamp), stamp)
        seen[cells] = True
    return full


def average(x, w, stride, dilation, groups):
    """Wrong: overlapping stamps are averaged."""
    return add(x, w, stride, dilation, groups) / np.maximum(touched_cells(x, w, stride, dilation), 1)


# ---------------------------------------------------------------- bias


def everywhere(output, bias, touched):
    """Right: every output cell gets the bias."""
    return output + bias


def where_touched(output, bias, touched):
    """Wrong: only cells that some stamp reaches get it."""
    return output + bias * (touched > 0)


def nowhere(output, bias, touched):
    """Wrong: no cell gets it."""
    return output


def every_stamp(output, bias, touched):
    """Wrong: it is part of each stamp, so it counts once for each stamp that reaches a cell."""
    return output + bias * touched


def _for_the_stated_layer(stated, used):
    """The output was made in the right size, but the stamps lie closer."""
    right = conv_transpose_output_size(*stated[:3], dilation=stated.dilation)
    return right - conv_transpose_output_size(*used[:3], dilation=used.dilation)


RIGHT = {
    "kernel": lambda w, stated: w,
    "channels": lambda x, w, groups: (x, w, groups),
    "input": lambda a: (0, 0, 1),  # cells added at the begin and at the end (negative: cropped), every how many kept
    "stride": lambda a: a.stride,
    "dilation": lambda a: a.dilation,
    "overlap": add,
    "tail": lambda a: 0,  # cells that the full result is too long
    "room": lambda stated, used: 0,  # cells that are made ready for more stamps than there are
    "crop": lambda a: a.padding,
    "output_padding": lambda a: Extra(end=a.output_padding),
    "bias": everywhere,
    "operation": "stamp",
}


def _sixth_argument(a):
    """The dilation of a call meant for a convolution."""
    if a.output_padding < 1:
        raise NotApplicable("there is no output_padding to mistake")
    return a.output_padding


# In the order in which they are named when several give the same answer.
WRONG = (
    Variant(
        "M01a",
        "the kernel is not rotated by 180 degrees in the method that inserts zeros",
        {"kernel": turned()},
    ),
    Variant(
        "M02a",
        "padding adds zeros around the output",
        {"crop": lambda a: (-a.padding[0], -a.padding[1])},
        size=True,
    ),
    Variant("M02b", "padding is left out", {"crop": lambda a: (0, 0)}, size=True),
    Variant("M05a", "padding crops the begin only", {"crop": lambda a: (a.padding[0], 0)}, size=True),
    Variant("M05b", "padding crops the end only", {"crop": lambda a: (0, a.padding[1])}),
    Variant(
        "M03a",
        "padding crops the input instead of the output",
        {"input": lambda a: (-a.padding[0], -a.padding[1], 1), "crop": lambda a: (0, 0)},
        size=True,
    ),
    Variant(
        "M03b",
        "padding adds zeros around the input and nothing is cropped",
        {"input": lambda a: (*a.padding, 1), "crop": lambda a: (0, 0)},
        size=True,
    ),
    Variant(
        "M04a",
        "output_padding appends zeros",
        {"output_padding": lambda a: Extra(append=(0, a.output_padding))},
    ),
    Variant("M04e", "output_padding is left out", {"output_padding": lambda a: Extra()}, size=True),
    Variant(
        "M04b",
        "output_padding adds zeros on both sides",
        {"output_padding": lambda a: Extra(append=(a.output_padding, a.output_padding))},
        size=True,
    ),
    Variant(
        "M04c",
        "output_padding repeats the last value",
        {"output_padding": lambda a: Extra(append=(0, a.output_padding), mode="edge")},
    ),
    Variant(
        "M04d",
        "output_padding moves the begin of the crop instead of its end",
        {"output_padding": lambda a: Extra(begin=a.output_padding)},
    ),
    Variant("M10", "dilation is left out", {"dilation": lambda a: 1}, size=True),
    Variant(
        "M10b",
        "dilation is left out, in an output of the right size",
        {"dilation": lambda a: 1, "room": _for_the_stated_layer},
    ),
    Variant(
        "M06a",
        "the stride skips input cells",
        {"input": lambda a: (0, 0, a.stride), "stride": lambda a: 1},
        size=True,
    ),
    Variant("M06b", "the stride is left out", {"stride": lambda a: 1}, size=True),
    Variant(
        "M06e",
        "the stride is left out, in an output of the right size",
        {"stride": lambda a: 1, "room": _for_the_stated_layer},
    ),
    Variant(
        "M06c",
        "stride zeros are inserted between neighbours instead of stride - 1",
        {"stride": lambda a: a.stride + 1},
        size=True,
    ),
    Variant("M06d", "zeros are inserted after the last cell as well", {"tail": lambda a: a.stride - 1}, size=True),
    Variant("M14a", "the later of two overlapping stamps overwrites the earlier", {"overlap": overwrite}),
    Variant("M14b", "overlapping stamps are averaged", {"overlap": average}),
    Variant("M14c", "of overlapping stamps the largest value stays", {"overlap": largest}),
    Variant(
        "M49a",
        "the stretched input is padded by p instead of K - 1 - p",
        {"crop": lambda a: (a.span - 1 - a.padding[0], a.span - 1 - a.padding[1])},
        size=True,
    ),
    Variant(
        "M49b",
        "the stretched input is padded by k - p instead of K - 1 - p",
        {"crop": lambda a: tuple(a.span - 1 - (a.kernel_size - p) for p in a.padding)},
        size=True,
    ),
    Variant(
        "M49c",
        "the stretched input is padded by k - 1 - p, without the dilation",
        {"crop": lambda a: tuple(a.span - 1 - (a.kernel_size - 1 - p) for p in a.padding)},
        size=True,
    ),
    Variant(
        "M09a",
        "the dilated kernel counts as k * d cells",
        {"tail": lambda a: a.kernel_size * a.dilation - a.span},
        size=True,
    ),
    Variant(
        "M09c", "d zeros are put between the taps instead of d - 1", {"dilation": lambda a: a.dilation + 1}, size=True
    ),
    Variant("M11", "the dilation multiplies the stride", {"stride": lambda a: a.stride * a.dilation}, size=True),
    Variant(
        "M50",
        'the window is that of padding="same" in TensorFlow and Keras',
        {
            "crop": lambda a: ((c := max(a.span - a.stride, 0) // 2), a.span - a.stride - c),
            "output_padding": lambda a: Extra(),
        },
    ),
    Variant(
        "M12e",
        "an ordinary convolution is done",
        {
            "operation": "slide",
            **{step: RIGHT[step] for step in ("overlap", "tail", "room", "crop", "output_padding", "bias")},
        },
        size=True,
    ),
    # Turned upside down only is, in terms of stamps, mirrored left to right; and the other way round.
    Variant("M01b", "the kernel is turned upside down only, instead of rotated", {"kernel": turned(-1)}),
    Variant("M01c", "the kernel is mirrored left to right only, instead of rotated", {"kernel": turned(-2)}),
    Variant("M44", "the kernel is transposed, rows for columns", {"kernel": matrix_transpose}),
    Variant("M15", "the channel axes of the weight are exchanged", {"channels": swapped_channels}),
    Variant("M16b", "groups is left out", {"channels": ignored_groups}),
    Variant("M16c", "the channels of a group are taken in turns", {"channels": interleaved_inputs_and_weights}),
    Variant("M18a", "the bias does not reach cells without a stamp", {"bias": where_touched}),
    Variant("M18b", "the bias is left out", {"bias": nowhere}),
    Variant("M18c", "the bias counts once for each stamp", {"bias": every_stamp}),
    Variant("M32", "the kernel is divided by its sum", {"kernel": sum_of_one}),
    Variant(
        "M42",
        "output_padding is taken for the dilation, which has its place in a convolution",
        {"dilation": _sixth_argument, "output_padding": lambda a: Extra()},
        size=True,
    ),
)
