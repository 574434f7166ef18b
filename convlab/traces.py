"""What happens step by step: the single windows of a convolution, the single stamps of a transposed one.

Traces speak of one sample and one channel: plain 1-D ``(L,)`` or 2-D ``(H, W)``
arrays. The figures draw them; :mod:`convlab.reference` computes the same in one go, with the
same options and refusals.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, effective_kernel_size
from convlab.typing import Array, Ints
from convlab.validation import array, per_axis, widened

__all__ = ["Stamp", "Window", "read_by", "stamps", "stamps_on", "windows"]


Cell = Sequence[int]


class Window(NamedTuple):
    """One output cell of a convolution and what it sees.

    ``cells`` selects, from the PADDED input, the cells under the taps; ``seen`` are their
    values, ``products`` the values times the kernel, and ``value`` is their sum.
    """

    target: tuple
    cells: tuple
    seen: Array
    products: Array
    value: np.generic


class Stamp(NamedTuple):
    """One input cell of a transposed convolution and where its products land.

    ``cells`` selects the cells of the FULL output (nothing cropped yet) under the taps,
    ``products`` are added there, and ``total`` is the full output afterwards.
    """

    source: tuple
    value: Any
    cells: tuple
    products: Array
    total: Array


def _plane(
    input: Array, weight: Array, stride: Ints, dilation: Ints
) -> tuple[Array, Array, tuple[int, ...], tuple[int, ...]]:
    x, w = array("input", input), array("weight", weight, ("input", input))
    if x.ndim not in (1, 2) or x.ndim != w.ndim or not x.size or not w.size:
        raise ValueError(f"input and weight must both have shape (L,) or (H, W), got {x.shape} and {w.shape}")
    stride, dilation = per_axis(x.ndim, stride=stride, dilation=dilation)
    return widened(x), widened(w), stride, dilation


def _under_kernel(index, kernel_size, stride, dilation):
    """The cells under the taps of a kernel placed at ``stride * index``."""
    spans = [effective_kernel_size(k, d) for k, d in zip(kernel_size, dilation)]
    return tuple(slice(s * i, s * i + span, d) for i, s, span, d in zip(index, stride, spans, dilation))


def windows(input: Array, weight: Array, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1) -> list[Window]:
    """The windows of a convolution, one per output cell, row by row.

    Source: relationship 6 of arXiv:1603.07285.

    >>> [int(step.value) for step in windows(np.array([1, 2, 3, 4]), np.array([1, 10, 100]))]
    [321, 432]
    """
    x, w, stride, dilation = _plane(input, weight, stride, dilation)
    (padding,) = per_axis(x.ndim, padding=padding)
    axes = zip(x.shape, w.shape, stride, padding, dilation)
    out_size = [conv_output_size(*axis) for axis in axes]
    padded = np.pad(x, [(p, p) for p in padding])
    steps = []
    for target in np.ndindex(*out_size):
        cells = _under_kernel(target, w.shape, stride, dilation)
        products = padded[cells] * w
        steps.append(Window(target, cells, padded[cells], products, products.sum()))
    return steps


def stamps(input: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1) -> list[Stamp]:
    """The stamps of a transposed convolution, one per input cell, row by row.

    ``total`` of the last one is the full output, of size ``s (i - 1) + K`` per axis.

    Source: ``torch.nn.ConvTranspose2d``; relationship 14 of arXiv:1603.07285.

    >>> [step.total.tolist() for step in stamps(np.array([2, 3]), np.array([1, 2, 3]), stride=2)]
    [[2, 4, 6, 0, 0], [2, 4, 9, 6, 9]]
    """
    x, w, stride, dilation = _plane(input, weight, stride, dilation)
    axes = zip(x.shape, w.shape, stride, dilation)
    full = np.zeros([conv_transpose_output_size(i, k, s, dilation=d) for i, k, s, d in axes], x.dtype)
    steps = []
    for source in np.ndindex(*x.shape):
        cells = _under_kernel(source, w.shape, stride, dilation)
        products = x[source] * w
        full[cells] += products
        steps.append(Stamp(source, x[source], cells, products, full.copy()))
    return steps


def read_by(
    cell: Cell, input_size: Cell, kernel_size: Cell, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1
) -> list[tuple[Cell, Cell]]:
    """Which inputs a convolution's output cell reads, and through which tap.

    ``cell``, ``input_size`` and ``kernel_size`` have one entry per axis. Taps over the padding are left out.

    Source: ``torch.nn.Conv1d``.

    >>> read_by((0,), (6,), (3,), stride=2, padding=1)
    [((0,), (1,)), ((1,), (2,))]
    """
    stride, padding, dilation = per_axis(len(cell), stride=stride, padding=padding, dilation=dilation)
    found: list[tuple[Cell, Cell]] = []
    for tap in np.ndindex(*kernel_size):
        source = tuple(s * m + d * t - p for m, t, s, p, d in zip(cell, tap, stride, padding, dilation))
        if all(0 <= j < i for j, i in zip(source, input_size)):
            found.append((source, tap))
    return found


def stamps_on(
    cell: Cell, input_size: Cell, kernel_size: Cell, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1
) -> list[tuple[Cell, Cell]]:
    """Which inputs a transposed convolution's output cell is made of, and through which tap.

    ``cell``, ``input_size`` and ``kernel_size`` have one entry per axis; ``cell`` counts after the crop. Empty where no
    stamp reaches the cell.

    Source: ``torch.nn.ConvTranspose1d``.

    >>> stamps_on((2,), (2,), (3,), stride=2)
    [((1,), (0,)), ((0,), (2,))]
    """
    stride, padding, dilation = per_axis(len(cell), stride=stride, padding=padding, dilation=dilation)
    found: list[tuple[Cell, Cell]] = []
    for tap in np.ndindex(*kernel_size):
        steps = [divmod(m + p - d * t, s) for m, t, s, p, d in zip(cell, tap, stride, padding, dilation)]
        if all(rest == 0 and 0 <= j < i for (j, rest), i in zip(steps, input_size)):
            found.append((tuple(j for j, _ in steps), tap))
    return found
