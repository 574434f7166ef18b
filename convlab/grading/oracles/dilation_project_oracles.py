"""Receptive fields, zeros around, cells that are read, phases of a kernel, and decoders: measured with PyTorch.

What a cell depends on is where its gradient is not zero. How many zeros stand before an input is where a single 1 comes
out. The sum of a phase is what a constant input becomes. No formula is needed for any of them; only TensorFlow's
rule for ``SAME`` is :mod:`convlab.frameworks`' own, which is compared with TensorFlow elsewhere. Of decoders many are
right, so their oracle only says whether there is one, by trying every layer that the assignment allows; what a
student's decoder really does is measured by :func:`convlab.grading.check_design`.
"""

import warnings
from functools import cache, partial

import numpy as np

from convlab import views
from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size, same_padding
from convlab.frameworks import conv_padding
from convlab.grading.oracles.oracle import Mistake, Oracle, functional, refusing
from convlab.misconceptions import Problem
from convlab.misconceptions.derived_operators import receptive_field
from convlab.validation import integer, integer_tuple

__all__ = ["LARGEST_KERNEL", "MOST_LAYERS", "ORACLES", "cells_read", "find_design"]


# ------------------------------------------------------------------ what a cell depends on


def cells_read(layers: list[tuple[int, int, int]]) -> list[int]:
    """The input cells that output cell 0 of a stack of convolutions without padding depends on, by its gradient.

    ``layers`` are ``(kernel_size, stride, dilation)``, first layer first; PyTorch refuses by ``RuntimeError``.

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
        except RuntimeError:  # too small for the stack
            size *= 2
            continue
        y[0, 0, 0].backward()
        return torch.nonzero(x.grad[0, 0]).flatten().tolist()


def _convolved(x, kernel_size, stride, dilation):
    import torch

    ones = torch.ones(1, 1, kernel_size, dtype=torch.float64)
    return torch.nn.functional.conv1d(x, ones, stride=stride, dilation=dilation)


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
    dense = list(range(receptive_field([(k, 1, rate) for rate in rates])))
    if len(rates) == 1:
        yield Mistake("M35", dense, "each tap reads its neighbours as well")
    yield Mistake("M36", dense)
    yield Mistake("M10", _cells_of_rates([1] * len(rates), k))
    yield Mistake("M09c", _cells_of_rates([rate + 1 for rate in rates], k))


# ------------------------------------------------------------------ zeros around


def _zeros_of_torch(kernel_size, dilation):
    """The zeros before and after an input that PyTorch's ``padding="same"`` adds: where a single 1 comes out."""
    import torch

    middle = abs(kernel_size * dilation) + 1
    x = torch.zeros(1, 1, 2 * middle + 1)
    x[..., middle] = 1
    places = []
    for tap in (0, -1):
        weight = torch.zeros(1, 1, kernel_size)
        weight[..., tap] = 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch warns that even kernels cost a copy
            y = torch.nn.functional.conv1d(x, weight, padding="same", dilation=dilation)
        places.append(int(y.argmax()))
    return places[0] - middle, middle - places[1]


def _zeros_by_axis(zeros, kernel_size, dilation):
    """``(left, right, top, bottom)`` from a rule for one axis."""
    axes = zip(integer_tuple("kernel_size", kernel_size, 2), integer_tuple("dilation", dilation, 2))
    rows, columns = [zeros(*axis) for axis in axes]
    return (*columns, *rows)


_our_fixed_padding = partial(_zeros_by_axis, same_padding)

# Slips in K, as the layer (kernel_size, dilation) that is taken in place of the real one.
OTHER_SPANS = {
    "M10": lambda k, d: (k, 1),
    "M09a": lambda k, d: (k * d, 1),
    "M09b": lambda k, d: (k + d - 1, 1),
    "M09c": lambda k, d: (k, d + 1),
}


def _half_of_even(k, d):
    span = effective_kernel_size(k, d)
    return (span // 2, span // 2) if span % 2 == 0 else same_padding(k, d)


def _wrong_fixed_paddings(kernel_size, dilation):
    right = _our_fixed_padding(kernel_size, dilation)
    exchanged = "top and bottom are given first; PyTorch begins with the last axis"
    yield Mistake("M39", (*right[2:], *right[:2]), exchanged)
    of_one_axis = {"M23a": _half_of_even, "M23b": lambda k, d: same_padding(k, d)[::-1]}
    spans = {id: lambda k, d, other=other: same_padding(*other(k, d)) for id, other in OTHER_SPANS.items()}
    for id, zeros in {**of_one_axis, **spans}.items():
        yield Mistake(id, _zeros_by_axis(zeros, kernel_size, dilation))


def _our_same_pads(n, k, s, d):
    begin, end, _ = conv_padding("tensorflow", n, k, s, d, padding="SAME")
    return begin, end


def _wrong_same_pads(n, k, s, d):
    begin, end = _our_same_pads(n, k, s, d)
    span = effective_kernel_size(k, d)
    kept = s * (n - 1) + span - n
    fewer = max(0, s * (n // s - 1) + span - n)
    yield Mistake("M21", (kept // 2, kept - kept // 2))
    yield Mistake("M21", (fewer // 2, fewer - fewer // 2), "n / s is rounded down instead of up")
    yield Mistake("M23b", (end, begin))
    yield Mistake("M20", (end, end), "the same number of zeros is added on both sides")
    yield Mistake("M20", same_padding(k, d), "the zeros do not depend on the input size, as in fixed_padding")
    yield Mistake("M23a", _half_of_even(k, d))
    for id, other in OTHER_SPANS.items():
        other_k, other_d = other(k, d)
        yield Mistake(id, _our_same_pads(n, other_k, s, other_d))
    yield Mistake("M11", _our_same_pads(n, k, s * d, d))


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
    yield Mistake("M29", _our_phases(np.ones_like(w), s), "the taps of each phase are counted, not added up")
    yield Mistake("M01", _our_phases(turned, s), "the kernel is turned round first")
    yield Mistake("M44", _our_phases(w, s).T, "rows and columns are exchanged")


# ------------------------------------------------------------------ decoders

MOST_LAYERS, LARGEST_KERNEL = 4, 6

# (kernel_size, stride, padding, output_padding), all that are allowed.
LAYERS = [
    (k, s, p, op)
    for k in range(1, LARGEST_KERNEL + 1)
    for s in range(1, k + 1)
    if k % s == 0
    for p in range(k)
    for op in range(min(s, p + 1))
]


def _steps():
    """A layer makes ``stride * size + extra`` cells of ``size``: the layers, one for each ``(stride, extra)``."""
    large = 2 * LARGEST_KERNEL
    return {(s, conv_transpose_output_size(large, k, s, p, op) - s * large): (k, s, p, op) for k, s, p, op in LAYERS}


def find_design(i: int, target: int) -> list[tuple[int, int, int, int]]:
    """A stack of few layers from ``i`` to ``target`` cells along one axis; there are others.

    Layers are ``(kernel_size, stride, padding, output_padding)``, first layer first.

    Examples
    --------
    >>> len(find_design(7, 224)), find_design(5, 5)
    (2, [])
    >>> find_design(2, 5000)
    Traceback (most recent call last):
        ...
    ValueError: target cannot be reached from i=2 with 4 layers of even overlap and kernels up to 6, got 5000
    """
    i, target = integer("i", i, minimum=1), integer("target", target, minimum=1)
    design = _searched(i, target)
    if design is None:
        raise ValueError(
            f"target cannot be reached from i={i} with {MOST_LAYERS} layers of even overlap and kernels up to "
            f"{LARGEST_KERNEL}, got {target}"
        )
    return list(design)


@cache
def _searched(i, target):
    designs, steps = {i: ()}, _steps()
    for _ in range(MOST_LAYERS):
        if target in designs:
            break
        for size, layers in list(designs.items()):
            for (stride, extra), layer in steps.items():
                reached = stride * size + extra
                if reached >= 1 and reached not in designs:
                    designs[reached] = (*layers, layer)
    return designs.get(target)


ORACLES = {
    "receptive_field": Oracle(refusing(_field, RuntimeError), ours=receptive_field, positional=1, stated=_as_stack),
    "fixed_padding": Oracle(
        refusing(partial(_zeros_by_axis, _zeros_of_torch), RuntimeError, IndexError),
        ours=_our_fixed_padding,
        mistakes=_wrong_fixed_paddings,
    ),
    "same_pads": Oracle(refusing(_our_same_pads), ours=_our_same_pads, positional=4, mistakes=_wrong_same_pads),
    "coverage": Oracle(refusing(_cells_of_rates, RuntimeError), ours=_our_coverage, mistakes=_wrong_coverages),
    "checkerboard_phases": Oracle(_phases, {"w": 1}, ours=_our_phases, mistakes=_wrong_phases),
    "design_decoder": Oracle(refusing(find_design), ours=find_design),
}
