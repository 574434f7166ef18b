"""Receptive fields, zeros around, cells that are read, and the phases of a kernel: measured with PyTorch.

What a cell depends on is where its gradient is not zero. How many zeros stand before an input is where a single 1 comes
out. The sum of a phase is what a constant input becomes. No formula is needed for any of them; only TensorFlow's
rule for ``SAME`` is :mod:`convlab.frameworks`' own, which is compared with TensorFlow elsewhere.
"""

import warnings

import numpy as np

from convlab import views
from convlab.arithmetic import effective_kernel_size, same_padding
from convlab.frameworks.strided import conv_padding
from convlab.grading.oracles.oracle import Oracle, Refused, functional
from convlab.misconceptions import Problem
from convlab.misconceptions.questions import receptive_field
from convlab.validation import integer_tuple

__all__ = ["ORACLES", "cells_read"]


# ------------------------------------------------------------------ what a cell depends on


def cells_read(layers):
    """The input cells that output cell 0 of a stack of convolutions without padding depends on, by its gradient.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride, dilation)``, first layer first.

    Examples
    --------
    >>> cells_read([(3, 1, 2), (2, 1, 1)])
    [0, 1, 2, 3, 4, 5]
    """
    import torch

    for k, s, d in layers:  # on an input that is large enough, only an illegal layer is refused
        _convolved(torch.ones(1, 1, abs(k * d) + 1, dtype=torch.float64), k, s, d)
    size = 1
    while True:
        x = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
        try:
            y = x
            for layer in layers:
                y = _convolved(y, *layer)
        except Refused:  # too small for the stack
            size *= 2
            continue
        y[0, 0, 0].backward()
        return torch.nonzero(x.grad[0, 0]).flatten().tolist()


def _convolved(x, kernel_size, stride, dilation):
    import torch

    try:
        ones = torch.ones(1, 1, kernel_size, dtype=torch.float64)
        return torch.nn.functional.conv1d(x, ones, stride=stride, dilation=dilation)
    except RuntimeError as refusal:
        raise Refused(str(refusal)) from None


def _field(layers):
    cells = cells_read(layers)
    return cells[-1] - cells[0] + 1


def _as_stack(got, layers):
    return (Problem("receptive_field", layers), got) if layers else None


def _cells_of_rates(rates, k=3):
    return cells_read([(k, 1, rate) for rate in rates])


def _our_coverage(rates, k=3):
    return views.coverage(rates, k)


def _wrong_coverages(rates, k=3):
    """Lists of cells that wrong ideas give, as ``(idea, id, cells)``."""
    dense = list(range(receptive_field([(k, 1, rate) for rate in rates])))
    if len(rates) == 1:
        yield "each tap reads its neighbours as well", "M35", dense
    yield "the field is taken to have no holes", "M36", dense
    yield "dilation is left out", "M10", _cells_of_rates([1] * len(rates), k)
    yield "d zeros are put between the taps instead of d - 1", "M09c", _cells_of_rates([r + 1 for r in rates], k)


# ------------------------------------------------------------------ zeros around


def _zeros_of_torch(kernel_size, dilation):
    """The zeros before and after an input that PyTorch's ``padding="same"`` adds: where a single 1 comes out."""
    import torch

    middle = abs(kernel_size * dilation) + 1
    x = torch.zeros(1, 1, 2 * middle + 1)
    x[..., middle] = 1
    places = []
    for tap in (0, -1):
        try:
            weight = torch.zeros(1, 1, kernel_size)
            weight[..., tap] = 1
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # PyTorch warns that even kernels cost a copy
                y = torch.nn.functional.conv1d(x, weight, padding="same", dilation=dilation)
        except (RuntimeError, IndexError) as refusal:
            raise Refused(str(refusal)) from None
        places.append(int(y.argmax()))
    return places[0] - middle, middle - places[1]


def _zeros_by_axis(kernel_size, dilation, zeros):
    """``(left, right, top, bottom)`` from a rule for one axis."""
    axes = zip(integer_tuple("kernel_size", kernel_size, 2), integer_tuple("dilation", dilation, 2))
    rows, columns = [zeros(*axis) for axis in axes]
    return (*columns, *rows)


def _fixed_padding(kernel_size, dilation):
    return _zeros_by_axis(kernel_size, dilation, _zeros_of_torch)


def _our_fixed_padding(kernel_size, dilation):
    return _zeros_by_axis(kernel_size, dilation, same_padding)


# Slips in K, as the layer (kernel_size, dilation) that is taken in place of the real one.
OTHER_SPANS = [
    ("dilation is left out", "M10", lambda k, d: (k, 1)),
    ("the dilated kernel counts as k * d cells", "M09a", lambda k, d: (k * d, 1)),
    ("the dilated kernel counts as k + d - 1 cells", "M09b", lambda k, d: (k + d - 1, 1)),
    ("d zeros are put between the taps instead of d - 1", "M09c", lambda k, d: (k, d + 1)),
]


def _half_of_even(k, d):
    span = effective_kernel_size(k, d)
    return (span // 2, span // 2) if span % 2 == 0 else same_padding(k, d)


def _wrong_fixed_paddings(kernel_size, dilation):
    right = _our_fixed_padding(kernel_size, dilation)
    yield "top and bottom are given first; PyTorch begins with the last axis", "M39", (*right[2:], *right[:2])
    for idea, id, zeros in [
        ("half of an even kernel, K // 2, is added on both sides", "M23a", _half_of_even),
        ("the odd zero is added at the begin instead of the end", "M23b", lambda k, d: same_padding(k, d)[::-1]),
        *((idea, id, lambda k, d, other=other: same_padding(*other(k, d))) for idea, id, other in OTHER_SPANS),
    ]:
        yield idea, id, _zeros_by_axis(kernel_size, dilation, zeros)


def _our_same_pads(n, k, s, d):
    begin, end, _ = conv_padding("tensorflow", n, k, s, d, padding="SAME")
    return begin, end


def _same_pads(n, k, s, d):
    try:
        return _our_same_pads(n, k, s, d)
    except ValueError as refusal:
        raise Refused(str(refusal)) from None


def _wrong_same_pads(n, k, s, d):
    begin, end = _our_same_pads(n, k, s, d)
    span = effective_kernel_size(k, d)
    kept = s * (n - 1) + span - n
    fewer = max(0, s * (n // s - 1) + span - n)
    yield '"same" is taken to keep the size', "M21", (kept // 2, kept - kept // 2)
    yield "n / s is rounded down instead of up", "M21", (fewer // 2, fewer - fewer // 2)
    yield "the odd zero is added at the begin instead of the end", "M23b", (end, begin)
    yield "the same number of zeros is added on both sides", "M20", (end, end)
    yield "the zeros do not depend on the input size, as in fixed_padding", "M20", same_padding(k, d)
    yield "half of an even kernel, K // 2, is added on both sides", "M23a", _half_of_even(k, d)
    for idea, id, other in OTHER_SPANS:
        other_k, other_d = other(k, d)
        yield idea, id, _our_same_pads(n, other_k, s, other_d)
    yield "the dilation multiplies the stride", "M11", _our_same_pads(n, k, s * d, d)


# ------------------------------------------------------------------ phases of a kernel


def _phases(w, s):
    """What a constant input of ones becomes, in one period of the interior."""
    s = integer_tuple("s", s, w.ndim)
    ones = np.ones((1, 1, *(k + 3 for k in w.shape)))
    full = functional(f"conv_transpose{w.ndim}d")(input=ones, weight=w[None, None], stride=s)[0, 0]
    return full[tuple(slice(step * k, step * (k + 1)) for step, k in zip(s, w.shape))]


def _our_phases(w, s):
    return views.polyphase_sums(w[None, None], s)[0, 0]


def _wrong_phases(w, s):
    turned = w[(slice(None, None, -1),) * w.ndim]
    yield "the taps of each phase are counted, not added up", "M29", _our_phases(np.ones_like(w), s)
    yield "the kernel is turned round first", "M01", _our_phases(turned, s)
    yield "rows and columns are exchanged", "M44", _our_phases(w, s).T


ORACLES = {
    "receptive_field": Oracle(_field, ours=receptive_field, positional=1, stated=_as_stack),
    "fixed_padding": Oracle(_fixed_padding, ours=_our_fixed_padding, mistakes=_wrong_fixed_paddings),
    "same_pads": Oracle(_same_pads, ours=_our_same_pads, positional=4, mistakes=_wrong_same_pads),
    "coverage": Oracle(_cells_of_rates, ours=_our_coverage, mistakes=_wrong_coverages),
    "checkerboard_phases": Oracle(_phases, {"w": 1}, ours=_our_phases, mistakes=_wrong_phases),
}
